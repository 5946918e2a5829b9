/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
#ifndef TR_CSUM_H
#define TR_CSUM_H

#include <stdint.h>
#include <sys/uio.h>

int tr_csum_finish(struct iovec *iov, unsigned int n, uint32_t start,
		   uint32_t offset);

#endif /* TR_CSUM_H */
