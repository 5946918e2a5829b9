// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/*
 * Symbols of the functions that C programs inline: a binding of another language
 * has no headers to inline them from.
 */
#include <stdint.h>

struct tunring_packet;

/* the prototypes that -Wmissing-prototypes asks for */
uint8_t *tunring_packet_push(struct tunring_packet *pkt, uint32_t n);
uint8_t *tunring_packet_pull(struct tunring_packet *pkt, uint32_t n);
uint8_t *tunring_packet_put(struct tunring_packet *pkt, uint32_t n);

#define TUNRING_INLINE
#include "tunring/packet.h"
