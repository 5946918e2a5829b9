// SPDX-License-Identifier: GPL-2.0
/*
 * Sends random packets behind random headers in both directions. Prints one line
 * for each case: the result of the call, and the packets at the other end. The
 * lines depend on the arguments alone, so a test can compare the lines of two
 * drivers, and the lines of rings with the lines of read() and write().
 *
 *	cases plain|ring SEED COUNT
 *
 * " hl=N" is the hint hdr_len, and " ret=N" the result of write(). A ring may give
 * another hint, and returns no result for a single packet.
 */
#include "case.h"

#define PER_DEVICE	100

static ssize_t read_one(struct rig *r, void *buf, size_t size)
{
	ssize_t n;

	if (!r->rings)
		return fd_read_wait(r->fd, buf, size);
	n = tring_recv(&r->ring, buf, size, NULL);
	return n;
}

static int write_one(struct rig *r, const void *buf, size_t len)
{
	if (r->rings)
		return tring_send(&r->ring, buf, len, NULL);
	return fd_write(r->fd, buf, len);
}

/* The packet that marks the end of a case. */
static size_t last(const struct rig *r, uint8_t *buf)
{
	struct flow f = { .sport = 7777, .dport = 7777 };

	return pkt_any(buf, r->tap, &f, 10);
}

static void user_to_stack(struct rig *r, struct text *out)
{
	static uint8_t buf[2 * BIG];
	size_t n = case_write(r, buf), pre;
	struct seen s;

	text_add(out, "in ret=%d", write_one(r, buf, n));
	pre = mode_put(&r->m, buf, ETH_P_IP, NULL);
	n = pre + last(r, buf + pre);
	if (write_one(r, buf, n) < 0)
		text_add(out, " | the last packet was refused");
	else
		while (seen_on_socket(r, &s) && !seen_is(&s, buf + pre, n - pre))
			seen_print(&s, out);
}

static void stack_to_user(struct rig *r, struct text *out)
{
	static uint8_t pkt[BIG], buf[2 * BIG];
	const struct virtio_net_hdr none = { };
	struct virtio_net_hdr vh;
	size_t n = case_send(r, pkt, &vh);
	struct seen s;
	ssize_t len;

	text_add(out, "out sent=%d", psock_send(r->sk, &vh, pkt, n));
	n = last(r, pkt);
	psock_send(r->sk, &none, pkt, n);
	for (;;) {
		len = read_one(r, buf, sizeof(buf));
		if (len < 0) {
			text_add(out, " | %zd", len);
			break;
		}
		seen_in_buffer(r, buf, len, &s);
		if (seen_is(&s, pkt, n))
			break;
		seen_print(&s, out);
	}
}

int main(int argc, char **argv)
{
	unsigned int i, count;
	struct rig r = { };
	struct text out;
	int ret;

	if (argc != 4)
		return 2;
	r.rings = !strcmp(argv[1], "ring");
	case_seed(strtoul(argv[2], NULL, 0));
	count = strtoul(argv[3], NULL, 0);
	ret = ns_fresh();
	for (i = 0; i < count && !ret; i++) {
		if (i % PER_DEVICE == 0)
			ret = rig_open(&r);
		if (ret)
			break;
		text_start(&out, i);
		if (random_below(2))
			user_to_stack(&r, &out);
		else
			stack_to_user(&r, &out);
		puts(out.line);
	}
	if (ret)
		fprintf(stderr, "# case %u: %s\n", i, strerror(-ret));
	return !!ret;
}
