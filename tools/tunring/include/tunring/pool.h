/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/* Of <tunring.h>, which is to be included: one pool for many devices. */
#ifndef TUNRING_POOL_H
#define TUNRING_POOL_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct tunring;
struct tunring_options;
struct tunring_pool;

/**
 * tunring_pool_new() - packet buffers for several handles of a process
 * @pool: where the new pool is stored
 * @bufs: number of buffers: the sum of the entries of all handles
 * @buf_size: bytes of each, as in struct tunring_options
 * @flags: TUNRING_O_PIN: pinned by the first handle, as long as the pool is
 *	there, and counted against RLIMIT_MEMLOCK, once for all handles.
 *	TUNRING_O_HUGE: on huge pages of the default size (vm.nr_hugepages), each of
 *	which is one pin. If there are not enough of them, on ordinary pages:
 *	tunring_pool_get_info() tells
 *
 * Set-up and tear-down of handles in one pool, and of the pool: one thread at a
 * time. Returns 0 or a negative errno.
 */
int tunring_pool_new(struct tunring_pool **pool, uint32_t bufs,
		     uint32_t buf_size, uint32_t flags);

/**
 * struct tunring_pool_info - size of a pool, and how much of it is free
 * @bufs: buffers
 * @free: buffers that no handle has
 * @buf_size: bytes of a buffer (may be more than was asked for)
 * @handles: handles in the pool
 * @flags: TUNRING_O_PIN, if it was asked for; TUNRING_O_HUGE, if it is so
 * @reserved0: 0
 * @page_size: bytes of the pages that it lies on
 * @reserved: 0
 */
struct tunring_pool_info {
	uint32_t	bufs;
	uint32_t	free;
	uint32_t	buf_size;
	uint32_t	handles;
	uint32_t	flags;
	uint32_t	reserved0;
	uint64_t	page_size;
	uint64_t	reserved[4];
};

/**
 * tunring_pool_get_info() - while no handle is set up or torn down.
 * @pool: the pool
 * @info: where the answer is stored
 */
void tunring_pool_get_info(const struct tunring_pool *pool,
			   struct tunring_pool_info *info);

/**
 * tunring_pool_free() - -EBUSY as long as there are handles. NULL is allowed.
 * @pool: the pool
 */
int tunring_pool_free(struct tunring_pool *pool);

/**
 * tunring_open_pool() - tunring_open() of a handle whose packets lie in a pool
 * @handle: where the new handle is stored
 * @name: name of the device, as for tunring_open()
 * @iff: flags of the device, as for tunring_open()
 * @opt: as there; buf_size is the pool's. If the pool is pinned, rings are the
 *	kernel's, and cost no locked memory; with TUNRING_O_ATTACH they are of the
 *	process, and pinned, too. If the pool is not, TUNRING_O_ATTACH is implied
 * @pool: the pool; NULL: none, as tunring_open()
 *
 * The handle takes as many buffers as it has entries, and gives as many back
 * when it is closed (not: detached). It has no tunring_export().
 * -ENOBUFS: the pool has fewer left; -ENOMEM, too: it cannot be pinned, by
 * RLIMIT_MEMLOCK.
 */
int tunring_open_pool(struct tunring **handle, const char *name,
		      unsigned int iff, const struct tunring_options *opt,
		      struct tunring_pool *pool);

/**
 * tunring_adopt_pool() - tunring_adopt(), and the same.
 * @handle: where the new handle is stored
 * @fd: the fd of the tun device
 * @flags: TUNRING_ADOPT_*
 * @opt: as tunring_open_pool()
 * @pool: as tunring_open_pool()
 */
int tunring_adopt_pool(struct tunring **handle, int fd, unsigned int flags,
		       const struct tunring_options *opt,
		       struct tunring_pool *pool);

#ifdef __cplusplus
}
#endif

#endif /* TUNRING_POOL_H */
