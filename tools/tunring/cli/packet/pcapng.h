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

struct pcapng_source {
	unsigned int	link;		/* PCAPNG_ETHERNET or PCAPNG_RAW_IP */
	const char	*name;		/* of the interface */
	const char	*description;
	const char	*os, *program;
};

/* Times are nanoseconds since the epoch. */
struct pcapng_counts {
	uint64_t	start_ns, end_ns;
	uint64_t	received;	/* by the interface; dropped ones are among them */
	uint64_t	dropped;
	uint64_t	delivered;	/* packets in the file */
};

/* These return 0, or -1 if writing failed. */
int pcapng_begin(FILE *f, const struct pcapng_source *from);
int pcapng_end(FILE *f, const struct pcapng_counts *c);
/*
 * One packet. n pieces make up its bytes; orig is its length on the wire. comment
 * may be NULL. Returns 0, or -1 if writing failed.
 */
int pcapng_packet(FILE *f, uint64_t ns, const struct iovec *iov, unsigned int n,
		  uint32_t orig, const char *comment);

#endif /* PCAPNG_H */
