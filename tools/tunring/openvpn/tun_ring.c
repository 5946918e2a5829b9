// SPDX-License-Identifier: GPL-2.0
/* --tun-ring: the option, and the life of the rings. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "syshead.h"

#include "openvpn.h"
#include "error.h"
#include "tun.h"

#include "tun_ring_link.h"
#include "tun_ring_state.h"

#include "memdbg.h"

#define ENTRIES_MIN	2
#define ENTRIES_MAX	32768

/* The rings of the tun, for callers without a context. */
static struct tun_rings *rings_open;

int tun_ring_parse_entries(const char *arg)
{
	char *end;
	long n;

	if (!arg)
		return TUN_RING_ENTRIES_DEFAULT;
	n = strtol(arg, &end, 10);
	if (end == arg || *end || n < ENTRIES_MIN || n > ENTRIES_MAX ||
	    (n & (n - 1)))
		return 0;
	return n;
}

/* The buffers of both directions are laid out as OpenVPN's own of this frame. */
static int rings_adopt(struct tun_rings *r, int fd, const struct frame *frame)
{
	struct tunring_options opt;
	struct tunring_info info;
	int err;

	tunring_options_init(&opt);
	opt.rx_entries = r->asked;
	opt.tx_entries = r->asked;
	opt.buf_size = BUF_SIZE(frame);
	opt.headroom = frame->buf.headroom;
	opt.tailroom = frame->buf.tailroom;
	err = tunring_adopt(&r->h, fd, 0, &opt);
	while ((err == -EINVAL || err == -ENOMEM) && opt.rx_entries > ENTRIES_MIN) {
		opt.rx_entries /= 2;
		opt.tx_entries /= 2;
		err = tunring_adopt(&r->h, fd, 0, &opt);
	}
	if (err)
		return err;
	r->entries = opt.rx_entries;
	if (r->entries < r->asked)
		msg(M_WARN, "TUN/TAP rings: there is no room for 2 x %u buffers of %u bytes, using 2 x %u",
		    r->asked, opt.buf_size, r->entries);
	tunring_get_info(r->h, &info);
	r->mapped = info.mode == TUNRING_MODE_RING;
	r->buf_size = info.buf_size;
	r->link_budget = 1;
	r->rx_readable = true;
	if (r->mapped)
		msg(M_INFO, "TUN/TAP rings: 2 x %u entries of %u bytes in fd %d",
		    r->entries, r->buf_size, fd);
	else
		msg(M_INFO, "TUN/TAP rings are not available (%s), falling back to read/write",
		    tunring_strerror(info.ring_errno));
	return 0;
}

static bool rings_fit(const struct tun_rings *r, const struct context *c)
{
	return r->asked == (unsigned int)c->options.tun_ring_entries &&
	       r->buf_size >= (unsigned int)BUF_SIZE(&c->c2.frame);
}

void tun_ring_open(struct context *c)
{
	struct tuntap *tt = c->c1.tuntap;
	struct tun_rings *r;
	int err;

	if (tt->rings && rings_fit(tt->rings, c)) {
		tt->rings->link_left = 0;
		tt->rings->link_busy = false;
		return;
	}
	tun_ring_close(tt);
	if (!c->options.tun_ring_entries || tt->fd < 0 ||
	    tt->type == DEV_TYPE_NULL)
		return;

	ALLOC_OBJ_CLEAR(r, struct tun_rings);
	r->asked = c->options.tun_ring_entries;
	err = rings_adopt(r, tt->fd, &c->c2.frame);
	if (err) {
		msg(M_WARN, "TUN/TAP rings cannot be set up (%s), falling back to read/write",
		    tunring_strerror(err));
		free(r);
		return;
	}
	tt->rings = r;
	rings_open = r;
}

void tun_ring_close(struct tuntap *tt)
{
	struct tun_rings *r = tt->rings;
	struct tunring_stats st;

	if (!r)
		return;
	tun_ring_kick(r);
	if (tunring_get_stats(r->h, &st) == 0)
		msg(M_INFO, "TUN/TAP rings closed: rx %llu packets (%llu copied), tx %llu packets (%llu copied), %llu system calls",
		    (unsigned long long)st.rx.packets, r->rx_copied,
		    (unsigned long long)st.tx.packets, r->tx_copied,
		    (unsigned long long)st.syscalls);
	tunring_close(r->h);
	free(r);
	tt->rings = NULL;
	rings_open = NULL;
}

/* OpenVPN still uses the current packet, so its buffer is not given back here. */
void tun_ring_before_script(void)
{
	tun_ring_link_flush_all();
	if (rings_open)
		tun_ring_kick(rings_open);
}
