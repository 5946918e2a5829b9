/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The ioctls one by one, for the dispatcher in ioctl.c.
 *
 * The owner of memory can make a page fault last, so none happens under rtnl:
 * arguments are read before, and results are written after.
 */
#ifndef _TUN_IOCTL_OPS_H
#define _TUN_IOCTL_OPS_H

#include <linux/bits.h>
#include <linux/if.h>
#include <linux/types.h>

#include "filter.h"

struct tun_dev;
struct tun_queue;

/**
 * struct tun_call - one call of an ioctl
 * @q: the queue of the file
 * @tun: its device; not NULL with OP_DEV, valid only with OP_RTNL
 * @arg: the argument as a number
 * @argp: the argument as an address
 * @ifr: copy of the struct ifreq at @argp, with OP_IFREQ
 * @ifreq_len: bytes of the caller's struct ifreq, native or 32-bit
 * @quiet: out: nothing changed, so OP_NOTIFY is ignored
 * @in: result of the op's @in: 0, or a negative errno, which @fn returns
 * @value: an int at @argp
 * @fprog: a struct sock_fprog at @argp
 * @mac: the filter at @argp; freed after the call
 * @fault: a classic program that was not read yet
 */
struct tun_call {
	struct tun_queue	*q;
	struct tun_dev		*tun;
	unsigned long		arg;
	void __user		*argp;
	struct ifreq		ifr;
	size_t			ifreq_len;
	bool			quiet;
	int			in;
	int			value;
	struct sock_fprog	fprog;
	struct tun_mac_filter	*mac;
	struct tun_filter_fault	fault;
};

#define OP_RTNL		BIT(0)	/* runs under rtnl */
#define OP_DEV		BIT(1)	/* -EBADFD without a device */
#define OP_TAP		BIT(2)	/* -EINVAL unless it is a TAP device */
#define OP_IFREQ	BIT(3)	/* a struct ifreq is copied in first */
#define OP_IFREQ_OUT	BIT(4)	/* a struct ifreq is copied out on success */
#define OP_NOTIFY	BIT(5)	/* success changes what rtnetlink shows */
#define OP_VALUE	BIT(6)	/* the argument is a number, not an address */

/**
 * struct tun_op - one entry of the table of ioctls
 * @cmd: the ioctl number
 * @flags: OP_*
 * @fn: the implementation
 * @in: reads the argument before @fn, without rtnl; or NULL. An error is returned
 *	by @fn: other errors come first
 * @out: writes the result after @fn has succeeded, without rtnl; or NULL
 */
struct tun_op {
	unsigned int	cmd;
	unsigned int	flags;
	int		(*fn)(struct tun_call *c);
	int		(*in)(struct tun_call *c);
	int		(*out)(struct tun_call *c);
};

extern const struct tun_op tun_ioctl_ops[];
extern const unsigned int tun_ioctl_nr_ops;

#endif /* _TUN_IOCTL_OPS_H */
