/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/* Of <tunring.h>, which is to be included: the life of a handle. */
#ifndef TUNRING_OPEN_H
#define TUNRING_OPEN_H

#ifdef __cplusplus
extern "C" {
#endif

struct tunring;
struct tunring_options;

/**
 * tunring_open() - open or create a device by name and set up its queue
 * @handle: where the handle goes
 * @name: name of the interface, a pattern as "tun%d", or NULL or "" for any
 * @iff: IFF_TUN or IFF_TAP, and IFF_MULTI_QUEUE, IFF_VNET_HDR ... as TUNSETIFF.
 *	IFF_NO_PI is added. Give IFF_VNET_HDR if checksum and GSO fields matter
 *	in plain mode, too
 * @opt: options, or NULL for the defaults
 *
 * Returns 0 or a negative errno. The fd is close-on-exec.
 */
int tunring_open(struct tunring **handle, const char *name, unsigned int iff,
		 const struct tunring_options *opt);

/* tunring_adopt() flags */
#define TUNRING_ADOPT_CLOSE	(1U << 0)	/* tunring_close() closes the fd */

/**
 * tunring_adopt() - set up a queue on a tun fd that is open and attached
 * @handle: where the handle goes
 * @fd: the fd, after TUNSETIFF. In plain mode the library handles the headers
 *	that the fd asks for: virtio_net_hdr by itself; struct tun_pi if
 *	TUNRING_O_PI is set, because the kernel does not tell (in the flags of
 *	TUNGETIFF, IFF_NO_PI and IFF_NOFILTER are one bit). With rings, there are
 *	none
 * @flags: TUNRING_ADOPT_*
 * @opt: options, or NULL for the defaults
 *
 * In plain mode the fd is made non-blocking until tunring_close(). If the call
 * fails the fd is as it was, and open.
 */
int tunring_adopt(struct tunring **handle, int fd, unsigned int flags,
		  const struct tunring_options *opt);

/**
 * tunring_close() - tear down, unmap, close the fd if owned. Both sides.
 * @h: the handle
 *
 * The library sends submitted packets first; packets that the program holds are
 * lost. An adopted fd that is not owned is in plain mode afterwards. NULL is allowed.
 */
void tunring_close(struct tunring *h);

/**
 * tunring_detach() - let go of a handle without tearing the rings down. Both
 * sides.
 * @h: the handle
 *
 * For the process that ends first of two that share a queue (fork, import):
 * memory is unmapped, the fd closed if owned, the rings live on. NULL is allowed.
 */
void tunring_detach(struct tunring *h);

#ifdef __cplusplus
}
#endif

#endif /* TUNRING_OPEN_H */
