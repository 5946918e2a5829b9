/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
#ifndef DESCRIBE_H
#define DESCRIBE_H

#include <stdbool.h>

struct tunring_meta;
struct tunring_packet;

/*
 * Metadata that neither the packet's bytes say, nor other fields of the file, as words.
 * NULL for most packets. The next call overwrites the words.
 */
const char *describe_meta(const struct tunring_packet *pkt,
			  const struct tunring_meta *m, bool tap);

#endif /* DESCRIBE_H */
