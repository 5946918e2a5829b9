// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/* When a file gets rings, and why it does not. */
#include "setup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../real.h"
#include "../say.h"
#include "file.h"
#include "ring.h"

/* A ring of half a megabyte. A large packet takes several buffers. */
#define EXEC_ENTRIES	256
#define EXEC_BUF	2048
#define EXEC_TX_ENTRIES	2	/* unused: write(2) sends */

#define EXEC_REFUSED	"rings are refused to unprivileged users (option "	\
			"unprivileged_rings of the module tun)"

static bool exec_setup_denied;

/* No file gets rings from now on. */
void exec_setup_deny(void)
{
	exec_setup_denied = true;
}

/* Returns NULL if rings can read as read(2) does, else the reason. */
static const char *exec_setup_refusal(struct exec_file *f, int fd)
{
	const struct exec_real *real = exec_real();
	struct tun_ring_query query;
	struct ifreq ifr = { .ifr_name = "" };
	int sndbuf = 0, flags;

	if (exec_setup_denied)
		return "the program has a seccomp filter";
	if (real->ioctl(fd, TUNGETIFF, &ifr))
		return "no device";
	memcpy(f->shared->name, ifr.ifr_name, sizeof(f->shared->name));
	if (ifr.ifr_flags & IFF_VNET_HDR)
		return "packets have a struct virtio_net_hdr";
	if (real->ioctl(fd, TUNGETSNDBUF, &sndbuf) || sndbuf != INT_MAX)
		return "TUNSETSNDBUF";
	flags = real->fcntl(fd, F_GETFL);
	if (flags < 0 || (flags & O_ACCMODE) != O_RDWR || flags & O_ASYNC)
		return "flags of the descriptor";
	f->shared->nonblock = !!(flags & O_NONBLOCK);
	if (real->ioctl(fd, TUNRINGQUERY, &query))
		return "the driver has no rings";
	if (query.mode != TUN_RING_MODE_PLAIN)
		return "the queue has rings already";
	return NULL;
}

static bool exec_setup_area(uint8_t **area, int fd, int prot, uint64_t offset,
			    uint64_t len)
{
	void *map = mmap(NULL, len, prot, MAP_SHARED, fd, (off_t)offset);

	if (map == MAP_FAILED)
		return false;
	__atomic_store_n(area, map, __ATOMIC_RELEASE);
	return true;
}

/* The pool is the last one: with the pool, all areas are there. */
static bool exec_setup_map(struct exec_file *f, int fd)
{
	const struct tun_ring_setup *s = &f->shared->setup;
	const int rw = PROT_READ | PROT_WRITE;

	return (f->driver || exec_setup_area(&f->driver, fd, rw, s->driver_offset,
					     s->driver_len)) &&
	       (f->device || exec_setup_area(&f->device, fd, PROT_READ,
					     s->device_offset, s->device_len)) &&
	       exec_setup_area(&f->pool, fd, rw, s->pool_offset, s->pool_len);
}

static void exec_setup_rings(struct exec_file *f, int fd)
{
	struct tun_ring_setup *s = &f->shared->setup;
	const char *why = exec_setup_refusal(f, fd);

	if (why) {
		exec_setup_aside(f, fd, why);
		return;
	}
	memset(s, 0, sizeof(*s));
	s->features = 1ULL << TUN_RING_F_META | 1ULL << TUN_RING_F_EVENT_IDX |
		      1ULL << TUN_RING_F_VERSION_1;
	s->buf_size = EXEC_BUF;
	s->buf_count = EXEC_ENTRIES;
	s->rx.entries = EXEC_ENTRIES;
	s->tx.entries = EXEC_TX_ENTRIES;
	if (exec_real()->ioctl(fd, TUNRINGSETUP, s)) {
		s->driver_len = 0;
		exec_setup_aside(f, fd, errno == EPERM ? EXEC_REFUSED :
							 strerror(errno));
		return;
	}
	if (!exec_setup_map(f, fd)) {
		exec_setup_aside(f, fd, "the rings cannot be mapped");
		return;
	}
	exec_ring_fill(f);
	exec_file_set_state(f, EXEC_RINGS);
	if (exec_ring_publish(f)) {
		struct tun_ring_enter e = { .flags = TUN_RING_ENTER_RX };

		exec_real()->ioctl(fd, TUNRINGENTER, &e);
	}
	exec_say("%.16s: reads from a ring of %d buffers", f->shared->name,
		 EXEC_ENTRIES);
}

/**
 * exec_setup_ready - has the file rings that this process can use?
 * @f: the file; the caller holds its lock
 * @fd: a descriptor of it
 *
 * The first call sets rings up, or finds that there can be none. A process that the
 * rings came to by fork(2) has the areas, too. A process that forked before the set-up
 * maps them here.
 */
bool exec_setup_ready(struct exec_file *f, int fd)
{
	int saved = errno;

	if (exec_file_state(f) == EXEC_NEW)
		exec_setup_rings(f, fd);
	else if (exec_file_state(f) == EXEC_RINGS && !f->pool &&
		 !exec_setup_map(f, fd))
		exec_setup_aside(f, fd, "the rings cannot be mapped");
	errno = saved;
	return exec_file_state(f) == EXEC_RINGS;
}

/* Read by read(2) from now on. The caller holds the lock. */
void exec_setup_aside(struct exec_file *f, int fd, const char *why)
{
	int saved = errno, state = exec_file_state(f);

	if (state == EXEC_ASIDE)
		return;
	exec_file_set_state(f, EXEC_ASIDE);
	if (state == EXEC_RINGS || f->shared->setup.driver_len)
		exec_real()->ioctl(fd, TUNRINGTEARDOWN);
	exec_say("%.16s: steps aside: %s",
		 f->shared->name[0] ? f->shared->name : "tun", why);
	errno = saved;
}
