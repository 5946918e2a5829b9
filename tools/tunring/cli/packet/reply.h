/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/* Requests made into their own replies, in place. */
#ifndef REPLY_H
#define REPLY_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

struct tunring_packet;

struct reply_addr {
	bool		v6;
	uint8_t		addr[16];
};

/* The addresses for which ARP and ND are answered. */
struct reply_conf {
	uint8_t			mac[6];
	struct reply_addr	addrs[16];
	unsigned int		n;
};

/* pkt at its network header: true if it became an echo reply. */
bool reply_ip(uint8_t *ip, uint32_t len, uint32_t total);
/* pkt at its Ethernet header: true if it became a reply of any kind. */
bool reply_ether(struct tunring_packet *pkt, const struct reply_conf *conf);

#endif /* REPLY_H */
