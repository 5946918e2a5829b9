/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/*
 * A backend carries the packets of a handle: by rings, or by read and write. The
 * table is chosen at set-up and constant afterwards. Only share.c asks which of
 * the two a handle has: a handle without rings has no memory to share.
 */
#ifndef TR_BACKEND_H
#define TR_BACKEND_H

#include "handle.h"

/**
 * struct tr_backend - how packets get to the kernel and back
 * @mode: the result of tunring_mode()
 * @options: TUNRING_O_* that have an effect
 * @setup: set up the queue; -ENOTTY if this backend is not possible here
 * @teardown: send submitted packets, and leave the fd as it was before set-up
 * @rx_burst: tunring_rx_burst()
 * @rx_release: let the slots of packets receive again; @rx_kick makes it known.
 *	Returns the number of packets, which ends at one that the program does not hold
 * @rx_put: let a slot receive again, which may have another buffer now
 * @rx_kick: publish slots that were put back, and kick the kernel if it asked for it
 * @rx_arm: ask to be woken for the next packet. Returns nonzero if packets are
 *	there already
 * @tx_submit: queue packets; @tx_publish makes it known. Returns the number of
 *	packets, which ends at one that is not valid
 * @tx_queue: queue the packet of a head slot
 * @tx_publish: publish queued packets
 * @tx_reclaim: free the slots that the kernel has finished with
 * @tx_arm: ask to be woken when a slot becomes free
 * @tx_kick: tunring_tx_kick()
 * @wait: tunring_wait()
 * @get_stats: the counters of tunring_get_stats()
 * @check: tunring_check(), for a device that exists
 */
struct tr_backend {
	enum tunring_mode	mode;
	uint32_t		options;

	int (*setup)(struct tunring *h, const struct tunring_options *opt);
	void (*teardown)(struct tunring *h);

	int (*rx_burst)(struct tunring *h, struct tunring_packet *pkts,
			unsigned int n);
	unsigned int (*rx_release)(struct tunring *h,
				   const struct tunring_packet *pkts,
				   unsigned int n);
	void (*rx_put)(struct tunring *h, unsigned int slot);
	int (*rx_kick)(struct tunring *h);
	int (*rx_arm)(struct tunring *h);

	unsigned int (*tx_submit)(struct tunring *h,
				  const struct tunring_packet *pkts,
				  unsigned int n);
	void (*tx_queue)(struct tunring *h, unsigned int head);
	void (*tx_publish)(struct tunring *h);
	void (*tx_reclaim)(struct tunring *h);
	void (*tx_arm)(struct tunring *h);
	int (*tx_kick)(struct tunring *h);

	int (*wait)(struct tunring *h, int64_t timeout_ns, const sigset_t *mask,
		    unsigned int flags);
	int (*get_stats)(struct tunring *h, struct tunring_stats *stats);
	int (*check)(struct tunring *h);
};

#endif /* TR_BACKEND_H */
