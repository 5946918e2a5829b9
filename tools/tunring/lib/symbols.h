/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/* Prototypes, without which -Wmissing-prototypes warns. */
#ifndef SYMBOLS_H
#define SYMBOLS_H

#include <stdint.h>

struct tunring_packet;

uint8_t *tunring_packet_push(struct tunring_packet *pkt, uint32_t n);
uint8_t *tunring_packet_pull(struct tunring_packet *pkt, uint32_t n);
uint8_t *tunring_packet_put(struct tunring_packet *pkt, uint32_t n);

#endif /* SYMBOLS_H */
