/* SPDX-License-Identifier: GPL-2.0 */
/* Attached rings whose memory goes, beside a queue that must not notice. */
#ifndef TUN_TESTS_ATTACH_GONE_H
#define TUN_TESTS_ATTACH_GONE_H

#include <sys/eventfd.h>

#include "attach.h"
#include "env.h"
#include "harness.h"

#define MQ	(TUN_PLAIN | IFF_MULTI_QUEUE)

FIXTURE(gone) {
	struct env e, other;	/* two queues; the second has mapped rings */
	struct tring r, or;
	struct aconf c;
	int call;
	pid_t owner;		/* its memory holds the rings of e */
};

FIXTURE_VARIANT(gone) {
	bool pin;
};

FIXTURE_VARIANT_ADD(gone, pinned) { true };
FIXTURE_VARIANT_ADD(gone, unpinned) { false };

/* The steering program sends packets with an odd number to the other queue. */
FIXTURE_SETUP(gone)
{
	static const struct tconf c = { F_META, 16, 16, 2048, 0 };
	int prog;

	ASSERT_EQ(0, env_open(&self->e, "gone0", MQ));
	self->other = self->e;
	self->other.fd = tunfd_create("gone0", MQ);
	ASSERT_LE(0, self->other.fd);
	ASSERT_EQ(0, qdisc_plain_mq("gone0", 2, 500));
	prog = bpf_queue_from_byte(20);
	ASSERT_LE(0, prog);
	ASSERT_EQ(0, tunfd_int(self->e.fd, TUNSETSTEERINGEBPF, prog));
	close(prog);
	ASSERT_EQ(0, tring_setup(&self->or, self->other.fd, &c));
	ASSERT_LE(0, tring_rx_fill(&self->or));
	self->call = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	ASSERT_LE(0, self->call);
	self->owner = getpid();
	self->c = (struct aconf) {
		.c = c, .pin = variant->pin, .rx_call = self->call,
		.tx_call = self->call,
	};
}

FIXTURE_TEARDOWN(gone)
{
	tring_unmap(&self->r);
	tring_unmap(&self->or);
	close(self->other.fd);
	close(self->call);
	env_close(&self->e);
}

static int start(struct _test_data_gone *self)
{
	int ret = attach_rings(&self->r, self->e.fd, &self->c);

	if (!ret)
		ret = tring_rx_fill(&self->r);
	return ret < 0 ? ret : 0;
}

static int inject(struct _test_data_gone *self, uint32_t first, unsigned int n)
{
	int ret = 0;

	for (; n-- && !ret; first += 2)
		ret = env_inject(&self->e, first, 100);
	return ret;
}

/* Waits until the device received this packet, perhaps after others. */
static int seen(struct _test_data_gone *self, uint32_t seq)
{
	uint8_t buf[256];
	ssize_t len;

	do {
		len = psock_recv(self->e.sk, NULL, buf, sizeof(buf));
		if (len < 0)
			return len;
	} while (seq_of(buf, len, false) != seq);
	return 0;
}

/* Passes packets both ways over the other queue. */
static int others_work(struct _test_data_gone *self)
{
	uint8_t pkt[128];
	int ret = inject(self, 1, 1);

	if (!ret)
		ret = env_expect(&self->other, &self->or, 1, 1);
	if (!ret)
		ret = tring_send(&self->or, pkt, seq_pkt(pkt, false, 3, 60),
				 NULL);
	return ret ? ret : seen(self, 3);
}

/* The rings are broken with EFAULT, and each call reports the error. */
static int stopped(struct _test_data_gone *self)
{
	struct tun_ring_stats st;
	int fd = self->e.fd, ret = tring_wait_broken(fd, &st);

	if (ret)
		return ret;
	if (st.broken != EFAULT ||
	    !(fd_wait(fd, POLLIN, WAIT_MS) & POLLERR) ||
	    !(fd_wait(self->call, POLLIN, WAIT_MS) & POLLIN))
		return -EBADE;
	if (tring_enter(fd, TUN_RING_ENTER_TX, 0) != -EFAULT ||
	    tring_enter(fd, TUN_RING_ENTER_WAIT, -1) != -EFAULT)
		return -EBADRQC;
	return others_work(self);
}

/* Rings in new memory work. */
static int anew(struct _test_data_gone *self)
{
	uint8_t pkt[128];
	int ret = tring_teardown(self->e.fd);

	fd_drain(self->e.fd);
	if (!ret)
		ret = start(self);
	if (!ret)
		ret = inject(self, 8, 1);
	if (!ret)
		ret = env_expect(&self->e, &self->r, 8, 1);
	if (!ret)
		ret = tring_send(&self->r, pkt, seq_pkt(pkt, false, 5, 60),
				 NULL);
	return ret ? ret : seen(self, 5);
}

/*
 * Sends traffic both ways and checks the rings. A running worker keeps the
 * memory of a dead owner until its run ends, so the test waits for it.
 */
static int after(struct _test_data_gone *self, bool pin)
{
	struct tun_ring_stats st;
	int ret = thread_wait_idle(self->owner);

	if (!ret)
		ret = inject(self, 0, 5);
	tring_enter(self->e.fd, TUN_RING_ENTER_TX, 0);
	if (ret)
		return ret;
	if (!pin)
		return stopped(self);
	ret = others_work(self) ?: thread_wait_idle(self->owner);
	if (!ret)
		ret = tring_stats(self->e.fd, &st);
	if (!ret && (st.broken || st.rx.packets != 5 || st.tx.packets != 1))
		ret = -EBADE;
	return ret;
}

#endif
