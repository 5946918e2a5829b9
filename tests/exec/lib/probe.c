// SPDX-License-Identifier: GPL-2.0
#include "probe.h"

#include "thread.h"

static char probe_buf[BIG];

void probe_die(const char *what)
{
	printf("%s: %s\n", what, strerror(errno));
	exit(1);
}

void probe_wait_asleep(pid_t pid)
{
	if (thread_wait_blocked(pid))
		probe_die("asleep");
}

void probe_send(struct probe *p, int n, int payload)
{
	struct flow f = { .sport = 1000, .dport = 2000 };
	static char pkt[BIG];
	size_t len;

	for (; n > 0; n--) {
		f.seq = p->sent;
		f.sport = 1000 + p->sent;
		len = pkt_any(pkt, p->tap, &f, payload + p->sent++ % 50);
		if (psock_send(p->sk, NULL, pkt, len))
			probe_die("send");
	}
}

void probe_say(const char *what, ssize_t ret, const void *data)
{
	if (ret < 0)
		printf("%s: %s\n", what, strerror(errno));
	else
		printf("%s: %zd bytes %04x\n", what, ret,
		       data ? pkt_csum(data, ret, 0) : 0);
	fflush(stdout);
}

void probe_read(struct probe *p, size_t room)
{
	ssize_t n;

	memset(probe_buf, 0, sizeof(probe_buf));
	n = read(p->fd, probe_buf, room);
	probe_say("read", n, probe_buf);
}

void probe_write(struct probe *p, int n)
{
	const struct flow f = { .sport = 3000, .dport = 4000 };
	static char pkt[BIG];
	size_t len = pkt_any(pkt, p->tap, &f, 500);
	int i;

	for (i = 0; i < n; i++)
		probe_say("write", write(p->fd, pkt, len), NULL);
	while (n-- > 0)
		printf("arrived: %zd bytes\n",
		       psock_recv(p->sk, NULL, probe_buf, sizeof(probe_buf)));
}
