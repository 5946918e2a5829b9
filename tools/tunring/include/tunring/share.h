/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/*
 * One queue that two processes use.
 *
 * A program includes <tunring.h>, not this file.
 */
#ifndef TUNRING_SHARE_H
#define TUNRING_SHARE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct tunring;
struct tunring_options;
struct tunring_pool;

/**
 * tunring_memory_size() - get the bytes that a handle with TUNRING_O_MEMORY
 * uses in its file, from memory_offset on
 * @opt: the options
 *
 * Returns a multiple of the page size, so that the memory of the next handle
 * may follow; or 0 if the options are not valid.
 */
size_t tunring_memory_size(const struct tunring_options *opt);

/**
 * tunring_memory_fd() - get the fd of the file in which attached rings lie.
 * Neither side.
 * @h: the handle
 *
 * The fd is close-on-exec. tunring_close() closes it. Returns -ENXIO if the
 * rings lie in no file.
 */
int tunring_memory_fd(const struct tunring *h);

/**
 * struct tunring_layout - description of rings, for another process to map them
 * @word: for the library alone
 *
 * The description has no pointers: a program can send it beside the fd
 * (SCM_RIGHTS), or keep it across exec(). It has a version: the library imports
 * the layouts of older libraries, and layouts of newer ones unless their meaning
 * has changed.
 */
struct tunring_layout {
	uint64_t	word[32];
};

/**
 * tunring_export() - describe a handle for tunring_import(). Both sides.
 * @h: the handle
 * @layout: the function stores the description here
 *
 * The export itself moves nothing to the other process. After the import, one
 * process uses the receive side and the other the transmit side, or one process
 * uses both sides and the other detaches. With rings, packets may be in flight:
 * the importing process has their buffers back when the kernel has used them.
 * Returns 0; -EBUSY if packets are held or reserved or, in plain mode, submitted
 * (release, cancel or kick them, and try again); -EOPNOTSUPP for rings whose packets
 * lie in a pool (tunring_open_pool()) that is not pinned.
 */
int tunring_export(struct tunring *h, struct tunring_layout *layout);

/**
 * tunring_import() - make a handle for rings that another process has set up
 * @handle: the function stores the new handle here
 * @fd: the tun fd, received from that process
 * @flags: TUNRING_ADOPT_*
 * @layout: the layout that tunring_export() of that process stored
 *
 * Returns 0; -EOPNOTSUPP if the layout is of a newer version that this library
 * does not understand; -EINVAL if it is damaged, or a flag is unknown; -EBUSY if
 * the other process moved packets since the export; -ENXIO if the queue has no
 * rings any more.
 */
int tunring_import(struct tunring **handle, int fd, unsigned int flags,
		   const struct tunring_layout *layout);

/**
 * tunring_import_memory() - make a handle for attached rings of another process
 * @handle: the function stores the new handle here
 * @fd: the tun fd
 * @memory_fd: the fd of tunring_memory_fd(); both were received from that
 *	process
 * @flags: TUNRING_ADOPT_*
 * @layout: the layout that tunring_export() of that process stored
 *
 * As tunring_import(), which returns -EINVAL for attached rings. This function
 * returns -EINVAL for other rings, and if the file is too short. If the rings
 * are not pinned, the process that set them up must keep the receive side: the
 * kernel loads used_event from the memory of the process that waits.
 */
int tunring_import_memory(struct tunring **handle, int fd, int memory_fd,
			  unsigned int flags,
			  const struct tunring_layout *layout);

/**
 * tunring_import_pool() - make a handle for rings whose packets lie in a pool
 * @handle: the function stores the new handle here
 * @fd: the tun fd
 * @memory_fd: the fd of tunring_memory_fd() in that process, if the rings are
 *	attached; otherwise -1
 * @flags: TUNRING_ADOPT_*
 * @layout: the layout that tunring_export() of that process stored
 * @pool: the pool of tunring_pool_import()
 *
 * As tunring_import(). -EINVAL also if a buffer of the handle is not free in @pool.
 */
int tunring_import_pool(struct tunring **handle, int fd, int memory_fd,
			unsigned int flags, const struct tunring_layout *layout,
			struct tunring_pool *pool);

#ifdef __cplusplus
}
#endif

#endif /* TUNRING_SHARE_H */
