// SPDX-License-Identifier: GPL-2.0
/* The memory of rings and packets vanishes, comes back, and changes. */
#include <sys/mman.h>

#include "hammer.h"

/* Some pages of the arena. */
static uint8_t *pages(size_t *len)
{
	size_t at = h_below(H_ARENA_LEN / 4096) * 4096;

	*len = (1 + h_below(16)) * 4096;
	if (*len > H_ARENA_LEN - at)
		*len = H_ARENA_LEN - at;
	return H_ARENA + at;
}

static void restore(uint8_t *p, size_t len)
{
	mmap(p, len, PROT_READ | PROT_WRITE,
	     MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}

static void unmap(void)
{
	size_t len;
	uint8_t *p = pages(&len);

	h_note("munmap", munmap(p + (h_one_in(8) ? 1 : 0), len));
	usleep(h_below(300));
	restore(p, len);
}

static void protect(void)
{
	size_t len;
	uint8_t *p = pages(&len);

	mprotect(p, len, h_one_in(2) ? PROT_READ : PROT_NONE);
	usleep(h_below(300));
	mprotect(p, len, PROT_READ | PROT_WRITE);
}

static void drop(void)
{
	static const int advice[] = { MADV_DONTNEED, MADV_REMOVE, MADV_FREE };
	size_t len;
	uint8_t *p = pages(&len);

	madvise(p, len, advice[h_below(ARRAY_LEN(advice))]);
}

/* Pages of a file that is shorter than its mapping. */
static void file(void)
{
	int fd = memfd_create("hammer", MFD_CLOEXEC);
	size_t len;
	uint8_t *p = pages(&len);

	if (fd < 0)
		return;
	if (!ftruncate(fd, len) &&
	    mmap(p, len, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd,
		 0) == p && !ftruncate(fd, h_below(len)))
		usleep(h_below(300));
	restore(p, len);
	close(fd);
}

/* Writes that no driver would do. */
static void scribble(void *arg)
{
	uint8_t *p = H_ARENA + h_below(2 * H_SETS) * H_VQ;

	h_spoil(p + h_below(4) * 4096, h_one_in(2) ? 64 : 4096);
}

static void corrupt(void)
{
	h_touch(scribble, NULL);
}

/* Maps a file at any offset, in any way. */
static void map(void)
{
	static const int prots[] = { PROT_READ, PROT_READ | PROT_WRITE,
				     PROT_NONE, PROT_READ | PROT_EXEC };
	size_t len = 4096 * (1 + h_below(64));
	uint64_t off = h_one_in(2) ? h_below(64) * 4096ULL : h_odd() & -4096ULL;
	void *p = mmap(NULL, len, prots[h_below(4)],
		       h_one_in(8) ? MAP_PRIVATE : MAP_SHARED, h_tun(), off);

	h_note("mmap", p == MAP_FAILED ? -1 : 0);
	if (p == MAP_FAILED)
		return;
	mprotect(p, len, PROT_READ | PROT_WRITE);
	if (h_one_in(4))
		p = mremap(p, len, 2 * len, MREMAP_MAYMOVE);
	if (p != MAP_FAILED)
		h_note("munmap", munmap(p, len));
}

const struct h_op h_ops_mem[] = {
	{ unmap, 2 }, { protect, 2 }, { drop, 2 }, { file, 1 },
	{ corrupt, 2 }, { map, 4 }, { },
};
