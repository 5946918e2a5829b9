// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "pcapng.h"

#include <string.h>

#define BLOCK_SECTION	0x0a0d0d0aU
#define BLOCK_INTERFACE	1U
#define BLOCK_STATISTICS 5U
#define BLOCK_PACKET	6U

#define OPT_COMMENT	1	/* in any block */
#define OPT_SECTION_OS	3	/* section header */
#define OPT_SECTION_PROGRAM 4
#define OPT_IF_NAME	2	/* interface block */
#define OPT_IF_DESCRIPTION 3
#define OPT_IF_TSRESOL	9
#define OPT_IF_OS	12
#define OPT_STAT_START	2	/* statistics block */
#define OPT_STAT_END	3
#define OPT_STAT_RECEIVED 4
#define OPT_STAT_DROPPED 5
#define OPT_STAT_DELIVERED 8
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

static uint32_t text_len(const char *text)
{
	return option_len((uint32_t)strlen(text));
}

static void text_option(FILE *f, uint16_t code, const char *text)
{
	option(f, code, text, (uint16_t)strlen(text));
}

/* The section header says in which byte order everything is: the machine's. */
static void section(FILE *f, const char *os, const char *program)
{
	uint32_t len = 24 + text_len(os) + text_len(program) + 4 + 4;
	uint16_t version[2] = { 1, 0 };
	int64_t unknown = -1;

	put32(f, BLOCK_SECTION);
	put32(f, len);
	put32(f, 0x1a2b3c4d);
	put(f, version, 4);
	put(f, &unknown, 8);
	text_option(f, OPT_SECTION_OS, os);
	text_option(f, OPT_SECTION_PROGRAM, program);
	put32(f, 0);
	put32(f, len);
}

int pcapng_begin(FILE *f, const struct pcapng_source *from)
{
	uint16_t link[2] = { (uint16_t)from->link, 0 };
	uint32_t len = 20 + text_len(from->name) + text_len(from->description) +
		       text_len(from->os) + option_len(1) + 4;
	uint8_t nanoseconds = 9;

	section(f, from->os, from->program);
	put32(f, BLOCK_INTERFACE);
	put32(f, len);
	put(f, link, 4);
	put32(f, 0);		/* no limit to captured bytes */
	text_option(f, OPT_IF_NAME, from->name);
	text_option(f, OPT_IF_DESCRIPTION, from->description);
	option(f, OPT_IF_TSRESOL, &nanoseconds, 1);
	text_option(f, OPT_IF_OS, from->os);
	put32(f, 0);
	put32(f, len);
	return ferror(f) ? -1 : 0;
}

static void put_time(FILE *f, uint64_t ns)
{
	put32(f, (uint32_t)(ns >> 32));
	put32(f, (uint32_t)ns);
}

static void time_option(FILE *f, uint16_t code, uint64_t ns)
{
	uint32_t v[2] = { (uint32_t)(ns >> 32), (uint32_t)ns };

	option(f, code, v, sizeof(v));
}

int pcapng_end(FILE *f, const struct pcapng_counts *c)
{
	uint32_t len = 20 + 5 * option_len(8) + 4 + 4;

	put32(f, BLOCK_STATISTICS);
	put32(f, len);
	put32(f, 0);
	put_time(f, c->end_ns);
	time_option(f, OPT_STAT_START, c->start_ns);
	time_option(f, OPT_STAT_END, c->end_ns);
	option(f, OPT_STAT_RECEIVED, &c->received, 8);
	option(f, OPT_STAT_DROPPED, &c->dropped, 8);
	option(f, OPT_STAT_DELIVERED, &c->delivered, 8);
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
	put_time(f, ns);
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
