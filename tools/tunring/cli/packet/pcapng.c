// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "pcapng.h"

#include <string.h>

#define BLOCK_SECTION	0x0a0d0d0aU
#define BLOCK_INTERFACE	1U
#define BLOCK_PACKET	6U

#define OPT_COMMENT	1	/* in any block */
#define OPT_IF_NAME	2	/* interface block */
#define OPT_IF_TSRESOL	9
#define OPT_FLAGS	2	/* packet block */

#define DIRECTION_OUT	2U	/* from the stack to the device */

static void put(FILE *f, const void *p, size_t n)
{
	fwrite(p, 1, n, f);
}

static void put32(FILE *f, uint32_t v)
{
	put(f, &v, 4);
}

static uint32_t padded(uint32_t n)
{
	return (n + 3) & ~3U;
}

static void pad(FILE *f, uint32_t n)
{
	put(f, "\0\0\0", padded(n) - n);
}

static uint32_t option_len(uint32_t n)
{
	return 4 + padded(n);
}

static void option(FILE *f, uint16_t code, const void *p, uint16_t n)
{
	put(f, &code, 2);
	put(f, &n, 2);
	put(f, p, n);
	pad(f, n);
}

/* The section header says in which byte order everything is: the machine's. */
int pcapng_begin(FILE *f, unsigned int link, const char *ifname)
{
	uint16_t name_len = (uint16_t)strlen(ifname), v[2];
	uint32_t len = 20 + option_len(name_len) + option_len(1) + 4;
	uint8_t nanoseconds = 9;
	int64_t unknown = -1;

	put32(f, BLOCK_SECTION);
	put32(f, 28);
	put32(f, 0x1a2b3c4d);
	v[0] = 1;
	v[1] = 0;
	put(f, v, 4);
	put(f, &unknown, 8);
	put32(f, 28);

	put32(f, BLOCK_INTERFACE);
	put32(f, len);
	v[0] = (uint16_t)link;
	put(f, v, 4);
	put32(f, 0);		/* no limit to captured bytes */
	option(f, OPT_IF_NAME, ifname, name_len);
	option(f, OPT_IF_TSRESOL, &nanoseconds, 1);
	put32(f, 0);
	put32(f, len);
	return ferror(f) ? -1 : 0;
}

int pcapng_packet(FILE *f, uint64_t ns, const struct iovec *iov, unsigned int n,
		  uint32_t orig, const char *comment)
{
	uint16_t comment_len = comment ? (uint16_t)strlen(comment) : 0;
	uint32_t flags = DIRECTION_OUT, got = 0, len;
	unsigned int i;

	for (i = 0; i < n; i++)
		got += (uint32_t)iov[i].iov_len;
	len = 32 + padded(got) + option_len(4) + 4;
	if (comment_len)
		len += option_len(comment_len);

	put32(f, BLOCK_PACKET);
	put32(f, len);
	put32(f, 0);
	put32(f, (uint32_t)(ns >> 32));
	put32(f, (uint32_t)ns);
	put32(f, got);
	put32(f, orig);
	for (i = 0; i < n; i++)
		put(f, iov[i].iov_base, iov[i].iov_len);
	pad(f, got);
	option(f, OPT_FLAGS, &flags, 4);
	if (comment_len)
		option(f, OPT_COMMENT, comment, comment_len);
	put32(f, 0);
	put32(f, len);
	return ferror(f) ? -1 : 0;
}
