/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
#ifndef TR_ATTACH_H
#define TR_ATTACH_H

#include <stdint.h>

struct tunring;
struct tunring_options;

int tr_attach(struct tunring *h, const struct tunring_options *opt,
	      uint64_t features);
int tr_attach_use_memory(struct tunring *h, int fd, uint64_t end);
void tr_attach_forget_regions(struct tunring *h);

#endif /* TR_ATTACH_H */
