/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/*
 * One pool for many devices.
 *
 * A program includes <tunring.h>, not this file.
 */
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
 * tunring_pool_new() - allocate packet buffers for several handles of a process
 * @pool: the function stores the new pool here
 * @bufs: number of buffers: the sum of the entries of all handles
 * @buf_size: bytes of each buffer, as in struct tunring_options
 * @flags: TUNRING_O_PIN: the first handle pins the pool until the end of the
 *	pool, and the pool counts once for all handles against RLIMIT_MEMLOCK.
 *	TUNRING_O_HUGE: the pool lies on huge pages of the default size
 *	(vm.nr_hugepages), each of which is one pin. If these are too few, the
 *	pool lies on ordinary pages: tunring_pool_get_info() reports the pages
 *
 * Only one thread at a time may set up and tear down a pool and its handles.
 * Returns 0 or a negative errno.
 */
int tunring_pool_new(struct tunring_pool **pool, uint32_t bufs,
		     uint32_t buf_size, uint32_t flags);

/**
 * struct tunring_pool_info - size of a pool, and its free buffers
 * @bufs: buffers
 * @free: buffers that no handle owns
 * @buf_size: bytes of a buffer (may be more than was asked for)
 * @handles: handles in the pool
 * @flags: TUNRING_O_PIN, if the program asked for it; TUNRING_O_HUGE, if the
 *	pool lies on huge pages
 * @reserved0: 0
 * @page_size: bytes of the pages on which the pool lies
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
 * tunring_pool_get_info() - get the size of a pool. No handle of the pool may
 * be set up or torn down meanwhile.
 * @pool: the pool
 * @info: the function stores the result here
 */
void tunring_pool_get_info(const struct tunring_pool *pool,
			   struct tunring_pool_info *info);

/**
 * tunring_pool_free() - free a pool. Returns -EBUSY while the pool has handles.
 * NULL is allowed.
 * @pool: the pool
 */
int tunring_pool_free(struct tunring_pool *pool);

/**
 * tunring_pool_fd() - get the fd of the file in which the buffers of a pool lie
 * @pool: the pool
 *
 * The fd is close-on-exec. tunring_pool_free() closes it.
 */
int tunring_pool_fd(const struct tunring_pool *pool);

/**
 * tunring_pool_import() - make a pool of buffers that another process uses
 * @pool: the function stores the new pool here
 * @memory_fd: the fd of tunring_pool_fd(), received from that process
 * @info: the values that tunring_pool_get_info() stored in that process
 *
 * A newer version of a program takes over the devices of an older one: it imports
 * the pool, and then each handle by tunring_import_pool(). All buffers that the
 * imported handles have not are free for new handles; so import all handles before
 * you open one. The older process detaches its handles and ends. The first handle that
 * is opened in the imported pool pins the pool once more.
 *
 * Returns 0 or a negative errno: -EINVAL if the pool is not pinned, or if the file is
 * too short.
 */
int tunring_pool_import(struct tunring_pool **pool, int memory_fd,
			const struct tunring_pool_info *info);

/**
 * tunring_open_pool() - tunring_open() of a handle whose packets lie in a pool
 * @handle: the function stores the new handle here
 * @name: name of the device, as for tunring_open()
 * @iff: flags of the device, as for tunring_open()
 * @opt: as for tunring_open(); -EINVAL unless buf_size is that of the pool, and
 *	tx_buf_size is the same or 0. If the pool is pinned, the kernel allocates
 *	the rings, which cost no locked memory; with TUNRING_O_ATTACH the rings
 *	lie in pinned memory of the process. If the pool is not pinned,
 *	TUNRING_O_ATTACH is implied
 * @pool: the pool, or NULL for no pool, as tunring_open()
 *
 * The handle takes one buffer for each of its entries, and gives these buffers
 * back when it is closed, but not when it is detached. Returns -ENOBUFS if the pool has too few free buffers, and
 * -ENOMEM also if RLIMIT_MEMLOCK does not permit the pin.
 */
int tunring_open_pool(struct tunring **handle, const char *name,
		      unsigned int iff, const struct tunring_options *opt,
		      struct tunring_pool *pool);

/**
 * tunring_adopt_pool() - tunring_adopt() of a handle whose packets lie in a
 * pool
 * @handle: the function stores the new handle here
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
