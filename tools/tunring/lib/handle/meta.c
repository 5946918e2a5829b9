// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "tunring/meta.h"

#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <linux/virtio_net.h>
#include <string.h>

#include "handle.h"

#define TR_SAME(ours, theirs)						\
	_Static_assert((ours) == (theirs), #ours " is " #theirs)
TR_SAME(TUNRING_META_VLAN, TUN_RING_META_VLAN);
TR_SAME(TUNRING_META_HASH, TUN_RING_META_HASH);
TR_SAME(TUNRING_META_HASH_L4, TUN_RING_META_HASH_L4);
TR_SAME(TUNRING_META_MARK, TUN_RING_META_MARK);
TR_SAME(TUNRING_META_PRIORITY, TUN_RING_META_PRIORITY);
TR_SAME(TUNRING_META_TSTAMP, TUN_RING_META_TSTAMP);
TR_SAME(TUNRING_VNET_NEEDS_CSUM, VIRTIO_NET_HDR_F_NEEDS_CSUM);
TR_SAME(TUNRING_VNET_DATA_VALID, VIRTIO_NET_HDR_F_DATA_VALID);
TR_SAME(TUNRING_GSO_NONE, VIRTIO_NET_HDR_GSO_NONE);
TR_SAME(TUNRING_GSO_TCPV4, VIRTIO_NET_HDR_GSO_TCPV4);
TR_SAME(TUNRING_GSO_UDP, VIRTIO_NET_HDR_GSO_UDP);
TR_SAME(TUNRING_GSO_TCPV6, VIRTIO_NET_HDR_GSO_TCPV6);
TR_SAME(TUNRING_GSO_ECN, VIRTIO_NET_HDR_GSO_ECN);
/* <linux/virtio_net.h> of 6.1 has no name for it; virtio 1.2, 5.1.6. */
#ifdef VIRTIO_NET_HDR_GSO_UDP_L4
TR_SAME(TUNRING_GSO_UDP_L4, VIRTIO_NET_HDR_GSO_UDP_L4);
#endif

#define KNOWN_META (TUNRING_META_VLAN | TUNRING_META_HASH | \
		    TUNRING_META_HASH_L4 | TUNRING_META_MARK | \
		    TUNRING_META_PRIORITY | TUNRING_META_TSTAMP)

void tunring_meta_get(const struct tunring_packet *pkt,
		      struct tunring_meta *meta)
{
	const struct tun_ring_meta *m = pkt->meta;

	memset(meta, 0, sizeof(*meta));
	meta->vnet_flags = m->vnet_flags;
	meta->gso_type = m->gso_type;
	meta->hdr_len = le16toh(m->hdr_len);
	meta->gso_size = le16toh(m->gso_size);
	meta->csum_start = le16toh(m->csum_start);
	meta->csum_offset = le16toh(m->csum_offset);
	meta->flags = le16toh(m->flags);
	meta->protocol = ntohs(m->protocol);
	meta->vlan_proto = ntohs(m->vlan_proto);
	meta->vlan_tci = le16toh(m->vlan_tci);
	meta->hash = le32toh(m->hash);
	meta->mark = le32toh(m->mark);
	meta->priority = le32toh(m->priority);
	meta->tstamp = le64toh(m->tstamp);
}

int tunring_meta_set(struct tunring_packet *pkt, const struct tunring_meta *meta)
{
	struct tun_ring_meta *m = pkt->meta;

	if (!pkt->side || (meta->flags & ~KNOWN_META))
		return -EINVAL;
	memset(m, 0, sizeof(*m));
	m->vnet_flags = meta->vnet_flags;
	m->gso_type = meta->gso_type;
	m->hdr_len = htole16(meta->hdr_len);
	m->gso_size = htole16(meta->gso_size);
	m->csum_start = htole16(meta->csum_start);
	m->csum_offset = htole16(meta->csum_offset);
	m->flags = htole16(meta->flags);
	m->protocol = htons(meta->protocol);
	m->vlan_proto = htons(meta->vlan_proto);
	m->vlan_tci = htole16(meta->vlan_tci);
	m->hash = htole32(meta->hash);
	m->mark = htole32(meta->mark);
	m->priority = htole32(meta->priority);
	m->tstamp = htole64(meta->tstamp);
	return 0;
}
