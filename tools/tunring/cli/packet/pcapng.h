/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/* Just enough of pcapng (draft-ietf-opsawg-pcapng) to write one. */
#ifndef PCAPNG_H
#define PCAPNG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "../../include/tunring.h"

#define PCAPNG_ETHERNET	1
#define PCAPNG_RAW_IP	101

int pcapng_begin(FILE *f, unsigned int link, const char *ifname);
/*
 * One packet. n pieces make up its bytes; orig is its length on the wire. comment
 * may be NULL. Returns 0, or -1 if writing failed.
 */
int pcapng_packet(FILE *f, uint64_t ns, const struct iovec *iov, unsigned int n,
		  uint32_t orig, const char *comment);

#endif /* PCAPNG_H */
