// SPDX-License-Identifier: GPL-2.0
/* The packets at the other end, as text. */
#include <stdarg.h>

#include "case.h"

void text_start(struct text *t, unsigned int number)
{
	t->len = 0;
	text_add(t, "%u ", number);
}

void text_add(struct text *t, const char *fmt, ...)
{
	size_t left = sizeof(t->line) - t->len;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(t->line + t->len, left, fmt, ap);
	va_end(ap);
	t->len += n < (int)left ? n : (int)left - 1;
}

/* Waits for a packet that the stack received. Returns false after a time-out. */
bool seen_on_socket(const struct rig *r, struct seen *s)
{
	struct sockaddr_ll ll = { };
	struct iovec iov[2] = {
		{ &s->vh, sizeof(s->vh) }, { s->packet, sizeof(s->packet) },
	};
	struct msghdr m = { .msg_iov = iov, .msg_iovlen = 2, .msg_name = &ll,
			    .msg_namelen = sizeof(ll) };
	ssize_t n;

	memset(&s->pi, 0, sizeof(s->pi));
	if (!(fd_wait(r->sk, POLLIN, WAIT_MS) & POLLIN)) {
		s->err = -ETIMEDOUT;
		return false;
	}
	n = recvmsg(r->sk, &m, MSG_DONTWAIT);
	s->err = n < 0 ? -errno : 0;
	s->pi.proto = ll.sll_protocol;
	s->len = n < 0 ? 0 : n - sizeof(s->vh);
	return true;
}

/* A packet with headers that user space received. */
void seen_in_buffer(const struct rig *r, const uint8_t *buf, size_t len,
		    struct seen *s)
{
	size_t pre;

	memset(&s->pi, 0, sizeof(s->pi));
	memset(&s->vh, 0, sizeof(s->vh));
	pre = mode_get(&r->m, buf, &s->pi, &s->vh);
	s->err = len < pre ? -EBADMSG : 0;
	s->len = len < pre ? 0 : len - pre;
	memcpy(s->packet, buf + pre, s->len);
}

bool seen_is(const struct seen *s, const void *pkt, size_t len)
{
	return !s->err && s->len == len && !memcmp(s->packet, pkt, len);
}

/* FNV-1a */
static uint64_t digest(const uint8_t *p, size_t len)
{
	uint64_t h = 0xcbf29ce484222325ULL;

	while (len--)
		h = (h ^ *p++) * 0x100000001b3ULL;
	return h;
}

void seen_print(const struct seen *s, struct text *t)
{
	if (s->err) {
		text_add(t, " | err=%d", s->err);
		return;
	}
	text_add(t, " | %zu %016llx pi=%04x,%04x vh=%u,%u,%u,%u,%u hl=%u",
		 s->len, (unsigned long long)digest(s->packet, s->len),
		 s->pi.flags, ntohs(s->pi.proto), s->vh.flags, s->vh.gso_type,
		 s->vh.gso_size, s->vh.csum_start, s->vh.csum_offset,
		 s->vh.hdr_len);
}
