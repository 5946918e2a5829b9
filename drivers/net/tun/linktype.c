// SPDX-License-Identifier: GPL-2.0
#include "linktype.h"

#include <linux/errno.h>
#include <linux/fcdevice.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/if_ltalk.h>
#include <linux/ieee802154.h>
#include <linux/in6.h>
#include <linux/kernel.h>
#include <net/6lowpan.h>
#include <net/ax25.h>
#include <net/rose.h>
#include <uapi/linux/if_fc.h>
#include <uapi/linux/if_fddi.h>
#include <uapi/linux/if_hippi.h>

static const struct {
	unsigned short type;
	unsigned char addr_len;
} link_types[] = {
	{ ARPHRD_6LOWPAN,		EUI64_ADDR_LEN },
	{ ARPHRD_ETHER,			ETH_ALEN },
	{ ARPHRD_FDDI,			FDDI_K_ALEN },
	{ ARPHRD_HIPPI,			HIPPI_ALEN },
	{ ARPHRD_IEEE802,		FC_ALEN },
	{ ARPHRD_IEEE802154,		IEEE802154_EXTENDED_ADDR_LEN },
	{ ARPHRD_IEEE802154_MONITOR,	IEEE802154_EXTENDED_ADDR_LEN },
	{ ARPHRD_IP6GRE,		sizeof(struct in6_addr) },
	{ ARPHRD_IPGRE,			sizeof(struct in_addr) },
	{ ARPHRD_LOCALTLK,		LTALK_ALEN },
	{ ARPHRD_NETROM,		AX25_ADDR_LEN },
	{ ARPHRD_ROSE,			ROSE_ADDR_LEN },
	{ ARPHRD_SIT,			sizeof(struct in_addr) },
	{ ARPHRD_TUNNEL,		sizeof(struct in_addr) },
	{ ARPHRD_TUNNEL6,		sizeof(struct in6_addr) },
};

/**
 * tun_link_addr_len - bytes of a link-layer address
 * @type: ARPHRD_*
 *
 * Return: the length, 0 for a type that has no addresses or is not known.
 */
unsigned char tun_link_addr_len(unsigned short type)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(link_types); i++)
		if (link_types[i].type == type)
			return link_types[i].addr_len;

	return 0;
}
