// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/* The Internet checksum over segments, for fds that have nobody else to do it. */
#include "csum.h"

#include <errno.h>
#include <stddef.h>

/*
 * The bytes from start to the end are summed, the field at start + offset
 * included (it holds the pseudo header's sum), and the result is stored there.
 */
int tr_csum_finish(struct iovec *iov, unsigned int n, uint32_t start,
		   uint32_t offset)
{
	uint8_t *field[2] = { NULL, NULL };
	uint64_t sum = 0;
	uint64_t pos = 0, at;
	uint16_t res;
	unsigned int i;
	size_t k;

	for (i = 0; i < n; i++) {
		uint8_t *b = iov[i].iov_base;

		for (k = 0; k < iov[i].iov_len; k++, pos++) {
			if (pos < start)
				continue;
			at = pos - start;
			sum += at & 1 ? b[k] : (uint32_t)b[k] << 8;
			if (at == offset)
				field[0] = &b[k];
			else if (at == (uint64_t)offset + 1)
				field[1] = &b[k];
		}
	}
	if (!field[0] || !field[1])
		return -EINVAL;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	res = (uint16_t)~sum;
	/* 0 means "no checksum" in UDP; to others both zeros are the same. */
	if (!res)
		res = 0xffff;
	*field[0] = (uint8_t)(res >> 8);
	*field[1] = (uint8_t)res;
	return 0;
}
