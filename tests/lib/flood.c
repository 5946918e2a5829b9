// SPDX-License-Identifier: GPL-2.0
/*
 * A sender that loses no packet. The sender repeats a packet that the queueing
 * discipline drops. The socket's send buffer is smaller than the queue, so the
 * sender blocks while the device's queue is stopped.
 */
#include <sched.h>

#include "env.h"

static int sender_open(const char *name)
{
	int sk = psock_open(name, false), size = 65536;

	if (sk < 0)
		return sk;
	if (setsockopt(sk, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size))) {
		close(sk);
		return -errno;
	}
	return sk;
}

static bool must_stop(struct flood *f)
{
	return __atomic_load_n(&f->stop, __ATOMIC_ACQUIRE);
}

static bool may_send(struct flood *f, uint32_t seq)
{
	return !f->window ||
	       seq - __atomic_load_n(&f->done, __ATOMIC_ACQUIRE) < f->window;
}

/*
 * Sends one packet. poll() waits in steps of 20 ms, so that the sender notices
 * stop.
 */
static int send_one(struct flood *f, int sk, const void *p, size_t len)
{
	struct pollfd pfd = { .fd = sk, .events = POLLOUT };

	while (!must_stop(f)) {
		if (send(sk, p, len, MSG_DONTWAIT) == (ssize_t)len)
			return 0;
		if (errno != ENOBUFS && errno != EAGAIN)
			return -errno;
		if (errno == EAGAIN)
			poll(&pfd, 1, 20);
		else
			usleep(500);
	}
	return -ECANCELED;
}

static void *flood_run(void *arg)
{
	struct flood *f = arg;
	int sk = sender_open(f->name);
	uint8_t buf[2048];
	uint32_t seq;
	size_t len;

	if (sk < 0) {
		f->err = sk;
		return NULL;
	}
	for (seq = 0; !f->n || seq < f->n; seq++) {
		while (!may_send(f, seq) && !must_stop(f))
			sched_yield();
		len = seq_pkt(buf, f->tap, seq, f->len);
		f->err = send_one(f, sk, buf, len);
		if (f->err)
			break;
		__atomic_store_n(&f->sent, seq + 1, __ATOMIC_RELEASE);
	}
	close(sk);
	return NULL;
}

int flood_start(struct flood *f)
{
	int ret = pthread_create(&f->thread, NULL, flood_run, f);

	f->running = !ret;
	return -ret;
}

void flood_done(struct flood *f, uint32_t n)
{
	__atomic_store_n(&f->done, n, __ATOMIC_RELEASE);
}

uint32_t flood_sent(struct flood *f)
{
	return __atomic_load_n(&f->sent, __ATOMIC_ACQUIRE);
}

/*
 * Returns the sender's error. If stop is set, -ECANCELED and the errors of a
 * device that went away count as success.
 */
int flood_join(struct flood *f, bool stop)
{
	if (!f->running)
		return -ESRCH;
	if (stop)
		__atomic_store_n(&f->stop, 1, __ATOMIC_RELEASE);
	pthread_join(f->thread, NULL);
	f->running = false;
	if (stop && (f->err == -ECANCELED || f->err == -ENXIO ||
		     f->err == -ENETDOWN || f->err == -ENODEV))
		return 0;
	return f->err;
}
