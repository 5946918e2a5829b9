// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "describe.h"

#include <linux/if_ether.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>

#include "../../include/tunring.h"

static const char *gso_name(uint8_t type)
{
	switch (type & ~TUNRING_GSO_ECN) {
	case TUNRING_GSO_TCPV4:
		return "tcpv4";
	case TUNRING_GSO_TCPV6:
		return "tcpv6";
	case TUNRING_GSO_UDP:
		return "udp";
	case TUNRING_GSO_UDP_L4:
		return "udp_l4";
	}
	return "unknown";
}

/* The EtherType of the IP version, or 0. */
static unsigned int ip_version_type(const uint8_t *ip, size_t len)
{
	if (len && ip[0] >> 4 == 4)
		return ETH_P_IP;
	return len && ip[0] >> 4 == 6 ? ETH_P_IPV6 : 0;
}

/*
 * The kernel keeps the room behind its reports of multicast listeners, IGMP and MLD, in
 * the place of the mark. The first header of MLD is the hop-by-hop header.
 */
static bool mark_is_none(const struct tunring_packet *pkt, bool tap)
{
	uint32_t at = tap ? ETH_HLEN : 0;
	const uint8_t *ip = pkt->data + at;

	if (pkt->first_len < at + 20)
		return false;
	if (ip[0] >> 4 == 4)
		return ip[9] == IPPROTO_IGMP;
	return ip[0] >> 4 == 6 && ip[6] == IPPROTO_HOPOPTS;
}

const char *describe_meta(const struct tunring_packet *pkt,
			  const struct tunring_meta *m, bool tap)
{
	static char text[256];
	FILE *f = fmemopen(text, sizeof(text), "w");

	if (!f)
		return NULL;
	text[0] = '\0';
	if (!tap && m->protocol != ip_version_type(pkt->data, pkt->first_len))
		fprintf(f, " protocol 0x%04x", m->protocol);
	if (m->vnet_flags & TUNRING_VNET_NEEDS_CSUM)
		fprintf(f, " csum start %u offset %u", m->csum_start,
			m->csum_offset);
	if (m->gso_type)
		fprintf(f, " gso %s size %u%s", gso_name(m->gso_type),
			m->gso_size, m->gso_type & TUNRING_GSO_ECN ? " ecn" : "");
	if (m->flags & TUNRING_META_VLAN)
		fprintf(f, " vlan 0x%04x tci 0x%04x", m->vlan_proto,
			m->vlan_tci);
	if (m->flags & TUNRING_META_MARK && m->mark && !mark_is_none(pkt, tap))
		fprintf(f, " mark 0x%x", m->mark);
	if (m->flags & TUNRING_META_PRIORITY && m->priority)
		fprintf(f, " priority 0x%x", m->priority);
	fclose(f);
	return text[0] ? text + 1 : NULL;
}
