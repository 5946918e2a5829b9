/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/*
 * The life of a handle.
 *
 * A program includes <tunring.h>, not this file.
 */
#ifndef TUNRING_OPEN_H
#define TUNRING_OPEN_H

#ifdef __cplusplus
extern "C" {
#endif

struct tunring;
struct tunring_options;

/**
 * tunring_open() - open or create a device by name and set up its queue
 * @handle: the function stores the new handle here
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
 * tunring_adopt() - set up the queue of an open tun fd that has a device
 * @handle: the function stores the new handle here
 * @fd: the fd, after TUNSETIFF. In plain mode the library handles the headers
 *	that the fd asks for: a virtio_net_hdr in any case; struct tun_pi if
 *	TUNRING_O_PI is set. The library cannot ask the kernel for struct
 *	tun_pi, because IFF_NO_PI and IFF_NOFILTER are one bit in the flags of
 *	TUNGETIFF. With rings, packets have no headers
 * @flags: TUNRING_ADOPT_*
 * @opt: options, or NULL for the defaults
 *
 * In plain mode the library makes the fd non-blocking until tunring_close(). If
 * the call fails, the fd is unchanged, and open.
 */
int tunring_adopt(struct tunring **handle, int fd, unsigned int flags,
		  const struct tunring_options *opt);

/**
 * tunring_close() - tear down the queue, unmap its memory, and close the fd if
 * the handle owns it. Both sides.
 * @h: the handle
 *
 * The library sends submitted packets first; packets that the program holds are
 * lost. An fd that the handle does not own is in plain mode afterwards. NULL is
 * allowed.
 */
void tunring_close(struct tunring *h);

/**
 * tunring_detach() - free a handle without tearing down the rings. Both sides.
 * @h: the handle
 *
 * If two processes share a queue (fork, import), the process that ends first
 * calls this. The library unmaps the memory, and closes the fd if the handle
 * owns it. The rings stay. NULL is allowed.
 */
void tunring_detach(struct tunring *h);

#ifdef __cplusplus
}
#endif

#endif /* TUNRING_OPEN_H */
