/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/* Of <tunring.h>, which is to be included: one queue and two processes. */
#ifndef TUNRING_SHARE_H
#define TUNRING_SHARE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct tunring;
struct tunring_options;

/**
 * tunring_memory_size() - bytes of a file that TUNRING_O_MEMORY takes, from
 * memory_offset on
 * @opt: the options
 *
 * A multiple of the page size: the next handle's may begin there. 0 if the
 * options are not valid.
 */
size_t tunring_memory_size(const struct tunring_options *opt);

/**
 * tunring_memory_fd() - the file in which attached rings lie. Neither side.
 * @h: the handle
 *
 * It is close-on-exec, and closed with the handle. -ENXIO if they lie in none.
 */
int tunring_memory_fd(const struct tunring *h);

/**
 * struct tunring_layout - description of rings, for another process to map them
 * @word: private to the library
 *
 * Plain bytes without pointers: send it beside the fd (SCM_RIGHTS), or keep it
 * across exec(). It has a version: a library imports the layouts of older libraries, and
 * layouts of newer ones unless their meaning has changed.
 */
struct tunring_layout {
	uint64_t	word[32];
};

/**
 * tunring_export() - describe a handle for tunring_import(). Both sides.
 * @h: the handle
 * @layout: where the description is stored
 *
 * Hands over nothing by itself: after the import one process uses the receive
 * side and the other the transmit side, or one uses both and the other detaches.
 * With rings, packets may be in flight: the other process has their buffers back when
 * the kernel has used them. This process submits no more, and takes no more.
 * Returns 0; -EBUSY if packets are held or reserved, or plain mode: submitted (release,
 * cancel, kick, try again); -EOPNOTSUPP if they lie in a pool (tunring_open_pool()).
 */
int tunring_export(struct tunring *h, struct tunring_layout *layout);

/**
 * tunring_import() - a handle for rings that another process has set up
 * @handle: where the new handle is stored
 * @fd: the tun fd, received from that process
 * @flags: TUNRING_ADOPT_*
 * @layout: the layout that tunring_export() of that process stored
 *
 * Returns 0; -EOPNOTSUPP the layout is of a newer version that this one does not
 * understand; -EINVAL it was damaged, or a flag is not known; -EBUSY the other process
 * moved packets since the export; -ENXIO the queue has no rings any more.
 */
int tunring_import(struct tunring **handle, int fd, unsigned int flags,
		   const struct tunring_layout *layout);

/**
 * tunring_import_memory() - the same for attached rings
 * @handle: where the new handle is stored
 * @fd: the tun fd
 * @memory_fd: tunring_memory_fd(), both received from that process
 * @flags: TUNRING_ADOPT_*
 * @layout: the layout that tunring_export() of that process stored
 *
 * As tunring_import(), which gives -EINVAL for attached rings, as this call does
 * for others. The receive side of rings that are not pinned stays with the process
 * that set them up: the kernel reads used_event from the memory of the process that
 * waits. -EINVAL, too, if the file is too short.
 */
int tunring_import_memory(struct tunring **handle, int fd, int memory_fd,
			  unsigned int flags,
			  const struct tunring_layout *layout);

#ifdef __cplusplus
}
#endif

#endif /* TUNRING_SHARE_H */
