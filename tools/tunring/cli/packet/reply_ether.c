// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/* ARP and neighbour discovery, as much as it takes to be pinged over a tap. */
#include "reply.h"

#include <linux/if_ether.h>
#include <string.h>

#include "../../include/tunring.h"

#define ARP_LEN		28
#define ND_LEN		32	/* with one link-layer address option */
#define ND_SOLICIT	135
#define ND_ADVERT	136

static bool is_ours(const struct reply_conf *conf, bool v6, const uint8_t *addr)
{
	unsigned int i;

	for (i = 0; i < conf->n; i++)
		if (conf->addrs[i].v6 == v6 &&
		    !memcmp(conf->addrs[i].addr, addr, v6 ? 16 : 4))
			return true;
	return false;
}

static void turn_ether(uint8_t *eth, const uint8_t *from)
{
	uint8_t to[ETH_ALEN];

	memcpy(to, eth + ETH_ALEN, ETH_ALEN);
	memcpy(eth + ETH_ALEN, from, ETH_ALEN);
	memcpy(eth, to, ETH_ALEN);
}

static bool reply_arp(uint8_t *eth, uint32_t len, const struct reply_conf *conf)
{
	static const uint8_t request[8] = { 0, 1, 8, 0, 6, 4, 0, 1 };
	uint8_t *arp = eth + ETH_HLEN;
	uint8_t asked[4];

	if (len < ETH_HLEN + ARP_LEN || memcmp(arp, request, 8) ||
	    !is_ours(conf, false, arp + 24))
		return false;
	memcpy(asked, arp + 24, 4);
	arp[7] = 2;
	memcpy(arp + 18, arp + 8, 10);	/* the sender becomes the target */
	memcpy(arp + 8, conf->mac, 6);
	memcpy(arp + 14, asked, 4);
	turn_ether(eth, conf->mac);
	return true;
}

static uint16_t icmp6_sum(const uint8_t *ip, uint32_t len)
{
	uint32_t sum = IPPROTO_ICMPV6 + len, i;

	for (i = 8; i < 40 + len; i += 2)
		sum += (uint32_t)ip[i] << 8 | ip[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static bool reply_nd(struct tunring_packet *pkt, const struct reply_conf *conf)
{
	static const uint8_t nobody[16];
	uint8_t *eth = pkt->data, *ip = eth + ETH_HLEN, *nd = ip + 40;
	uint32_t want = ETH_HLEN + 40 + ND_LEN;
	uint16_t sum;

	if (pkt->len < ETH_HLEN + 40 + 24 || ip[6] != IPPROTO_ICMPV6 ||
	    ip[7] != 255 || nd[0] != ND_SOLICIT || nd[1] ||
	    !is_ours(conf, true, nd + 8))
		return false;
	/* Somebody asks whether the address is free: silence would be a lie. */
	if (!memcmp(ip + 8, nobody, 16))
		return false;
	if (pkt->len < want && !tunring_packet_put(pkt, want - pkt->len))
		return false;
	pkt->len = want;
	pkt->first_len = want;

	memcpy(ip + 24, ip + 8, 16);
	memcpy(ip + 8, nd + 8, 16);
	ip[4] = 0;
	ip[5] = ND_LEN;
	nd[0] = ND_ADVERT;
	memset(nd + 2, 0, 6);
	nd[4] = 0x60;		/* solicited, override */
	nd[24] = 2;		/* target link-layer address */
	nd[25] = 1;
	memcpy(nd + 26, conf->mac, 6);
	sum = icmp6_sum(ip, ND_LEN);
	nd[2] = (uint8_t)(sum >> 8);
	nd[3] = (uint8_t)sum;
	turn_ether(eth, conf->mac);
	return true;
}

bool reply_ether(struct tunring_packet *pkt, const struct reply_conf *conf)
{
	uint8_t *eth = pkt->data;
	uint32_t len = pkt->first_len;
	uint8_t mac[ETH_ALEN];

	if (len < ETH_HLEN)
		return false;
	switch (eth[12] << 8 | eth[13]) {
	case ETH_P_ARP:
		return reply_arp(eth, len, conf);
	case ETH_P_IPV6:
		if (len >= ETH_HLEN + 41 && eth[ETH_HLEN + 40] == ND_SOLICIT &&
		    eth[ETH_HLEN + 6] == IPPROTO_ICMPV6)
			return pkt->nsegs == 1 && reply_nd(pkt, conf);
		break;
	case ETH_P_IP:
		break;
	default:
		return false;
	}
	if (eth[0] & 1 || !reply_ip(eth + ETH_HLEN, len - ETH_HLEN,
				    pkt->len - ETH_HLEN))
		return false;
	memcpy(mac, eth, ETH_ALEN);
	turn_ether(eth, mac);
	return true;
}
