// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "link.h"

#include <errno.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <string.h>

#include "handle.h"

/*
 * Read flags and name of the device. -EBADFD if the fd was never attached, or is no
 * tun: -ENOTTY would mean that the kernel has no rings.
 */
int tr_link_read(struct tunring *h)
{
	struct ifreq ifr;
	int ret;

	memset(&ifr, 0, sizeof(ifr));
	ret = h->ops->ioctl(h->fd, TUNGETIFF, &ifr);
	if (ret == -ENOTTY)
		ret = -EBADFD;
	if (ret < 0)
		return ret;
	h->iff = (uint16_t)ifr.ifr_flags;
	h->tap = (h->iff & IFF_TAP) == IFF_TAP;
	memcpy(h->name, ifr.ifr_name, sizeof(h->name));
	h->name[sizeof(h->name) - 1] = '\0';
	return 0;
}

/* -EBADFD if the device is gone. */
int tr_link_check(const struct tunring *h)
{
	struct ifreq ifr;
	int ret;

	memset(&ifr, 0, sizeof(ifr));
	ret = h->ops->ioctl(h->fd, TUNGETIFF, &ifr);
	return ret < 0 ? ret : 0;
}
