// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "names.h"

#include <linux/if_tun.h>
#include <linux/vhost.h>
#include <linux/virtio_config.h>
#include <linux/virtio_net.h>

#include "../../include/tunring.h"

const struct name name_features[] = {
	{ TUNRING_F_META, "meta" },
	{ TUNRING_F_RX_TSTAMP, "rx-tstamp" },
	{ TUNRING_F_TX_MARK, "tx-mark" },
	{ TUNRING_F_RX_DROP, "rx-drop" },
	{ TUNRING_F_RX_FLOW, "rx-flow" },
	/* of guests */
	{ 1ULL << VIRTIO_NET_F_MRG_RXBUF, "mrg-rxbuf" },
	{ 1ULL << VIRTIO_F_NOTIFY_ON_EMPTY, "notify-on-empty" },
	{ 1ULL << VHOST_F_LOG_ALL, "log-all" },
	{ 1ULL << VHOST_NET_F_VIRTIO_NET_HDR, "net-hdr" },
	{ TUNRING_F_INDIRECT_DESC, "indirect-desc" },
	{ TUNRING_F_EVENT_IDX, "event-idx" },
	{ TUNRING_F_VERSION_1, "version-1" },
	{ 0, NULL },
};

const struct name name_flags[] = {
	{ IFF_TUN, "tun" }, { IFF_TAP, "tap" }, { IFF_NO_PI, "no_pi" },
	{ IFF_VNET_HDR, "vnet_hdr" }, { IFF_MULTI_QUEUE, "multi_queue" },
	{ IFF_PERSIST, "persist" }, { IFF_NAPI, "napi" },
	{ IFF_NAPI_FRAGS, "napi_frags" },
	{ 0, NULL },
};

uint64_t name_print(const struct name *names, uint64_t bits, const char *quote,
		    const char *between)
{
	const char *before = "";

	for (; names->name; names++) {
		if (!(bits & names->bit))
			continue;
		printf("%s%s%s%s", before, quote, names->name, quote);
		before = between;
		bits &= ~names->bit;
	}
	return bits;
}
