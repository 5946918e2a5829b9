// SPDX-License-Identifier: GPL-2.0
/*
 * --udp-batch: packets for a UDP link.
 *
 * Consecutive packets of one size to one peer are one message, which the kernel cuts
 * up (UDP_SEGMENT). One sendmmsg() sends several messages. Where the kernel or the
 * device refuses to cut, the same packets are sent one by one at once.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "syshead.h"

#include <netinet/udp.h>

#include "openvpn.h"
#include "error.h"
#include "tun.h"

#include "udp_batch_state.h"

#include "memdbg.h"

#define CONTROL_SIZE	CMSG_SPACE(sizeof(uint16_t))

void udp_batch_out_init(struct udp_batch *l, unsigned int peers)
{
	struct link_out *o = &l->out;
	int size;
	socklen_t len = sizeof(size);

	o->data = malloc(LINK_OUT_BYTES);
	check_malloc_return(o->data);
	udp_batch_paths_init(&o->paths, peers,
				 !getsockopt(l->sock->sd, SOL_UDP, UDP_SEGMENT,
					     &size, &len));
	udp_batch_df_init(l);
}

static bool run_is_to(const struct link_run *run,
		      const struct openvpn_sockaddr *to, socklen_t to_len)
{
	return run->to_len == to_len &&
	       !memcmp(&run->to.addr, &to->addr, to_len);
}

static bool run_takes(const struct link_run *run, unsigned int len)
{
	return run->packets < LINK_RUN_PACKETS && len <= run->segment &&
	       run->segment <= run->path->cut_max &&
	       run->len + len <= LINK_RUN_BYTES &&
	       run->len % run->segment == 0;
}

static struct link_run *run_begin(struct link_out *o,
				  const struct openvpn_sockaddr *to,
				  socklen_t to_len, unsigned int segment)
{
	struct link_run *run = &o->runs[o->end++];

	memcpy(&run->to.addr, &to->addr, to_len);
	run->to_len = to_len;
	run->path = udp_batch_path(&o->paths, to, to_len);
	run->offset = o->len;
	run->len = 0;
	run->segment = segment;
	run->packets = 0;
	return run;
}

static void collect(struct link_out *o, const struct openvpn_sockaddr *to,
		    const uint8_t *data, unsigned int len)
{
	struct link_run *run = o->end ? &o->runs[o->end - 1] : NULL;
	socklen_t to_len = af_addr_size(to->addr.sa.sa_family);

	if (!run || !run_is_to(run, to, to_len) || !run_takes(run, len))
		run = run_begin(o, to, to_len, len);
	memcpy(o->data + o->len, data, len);
	o->len += len;
	o->packets++;
	run->len += len;
	run->packets++;
}

int udp_batch_write(struct context *c, struct link_socket_actual *to)
{
	struct buffer *buf = &c->c2.to_link;
	struct udp_batch *l = udp_batch_get(c);
	struct link_out *o;

	if (!l || c->options.shaper || !c->c1.tuntap || !c->c1.tuntap->batch ||
	    !udp_batch_is_data(c, buf) || BLEN(buf) > LINK_OUT_BYTES) {
		/* Packets keep their order. */
		if (l) {
			udp_batch_flush(l);
			udp_batch_df_set(l, LINK_DF_USER);
		}
		return link_socket_write(c->c2.link_socket, buf, to);
	}
	o = &l->out;
	if ((o->packets == LINK_OUT_PACKETS ||
	     o->len + BLEN(buf) > LINK_OUT_BYTES) && !udp_batch_flush(l)) {
		errno = EAGAIN;
		return -1;
	}
	collect(o, &to->dest, BPTR(buf), BLEN(buf));
	return BLEN(buf);
}

static void message_fill(const struct link_out *o, struct link_run *run,
			 struct mmsghdr *m, struct iovec *iov, char *control)
{
	struct cmsghdr *cmsg;
	uint16_t segment = run->segment;

	memset(m, 0, sizeof(*m));
	iov->iov_base = o->data + run->offset;
	iov->iov_len = run->len;
	m->msg_hdr.msg_name = &run->to.addr;
	m->msg_hdr.msg_namelen = run->to_len;
	m->msg_hdr.msg_iov = iov;
	m->msg_hdr.msg_iovlen = 1;
	if (run->packets == 1)
		return;
	m->msg_hdr.msg_control = control;
	m->msg_hdr.msg_controllen = CONTROL_SIZE;
	cmsg = CMSG_FIRSTHDR(&m->msg_hdr);
	cmsg->cmsg_level = SOL_UDP;
	cmsg->cmsg_type = UDP_SEGMENT;
	cmsg->cmsg_len = CMSG_LEN(sizeof(segment));
	memcpy(CMSG_DATA(cmsg), &segment, sizeof(segment));
}

static void run_sent(struct udp_batch *l, const struct link_run *run)
{
	struct link_path *path = run->path;

	l->sent_messages++;
	l->sent += run->packets;
	if (run->packets > 1 && l->out.df_now == IP_PMTUDISC_DO &&
	    path->whole_max < run->segment)
		path->whole_max = run->segment;
}

static int runs_send(struct udp_batch *l, unsigned int n)
{
	struct link_out *o = &l->out;
	struct mmsghdr msgs[LINK_OUT_PACKETS];
	struct iovec iov[LINK_OUT_PACKETS];
	char control[LINK_OUT_PACKETS][CONTROL_SIZE]
		__attribute__((aligned(__alignof__(struct cmsghdr))));
	unsigned int i;
	int sent;

	for (i = 0; i < n; i++)
		message_fill(o, &o->runs[o->next + i], &msgs[i], &iov[i],
			     control[i]);
	sent = sendmmsg(l->sock->sd, msgs, n, 0);
	l->calls++;
	for (i = 0; (int)i < sent; i++)
		run_sent(l, &o->runs[o->next + i]);
	if (sent > 0)
		o->next += sent;
	return sent;
}

/*
 * Make each packet of the first run a message of its own. There is room, because the
 * array has an entry for each packet of a batch.
 */
static void run_split(struct link_out *o)
{
	struct link_run *run = &o->runs[o->next];
	const struct link_run whole = *run;
	unsigned int i, n = whole.packets;

	memmove(run + n, run + 1, (o->end - o->next - 1) * sizeof(*run));
	o->end += n - 1;
	for (i = 0; i < n; i++) {
		run[i] = whole;
		run[i].offset += i * whole.segment;
		run[i].len = min_int(whole.segment,
				     whole.len - i * whole.segment);
		run[i].segment = run[i].len;
		run[i].packets = 1;
	}
}

/* The kernel refused the first run twice, so the error belongs to this message. */
static void run_failed(struct udp_batch *l, int err)
{
	struct link_out *o = &l->out;
	struct link_run *run = &o->runs[o->next];

	if (run->packets > 1) {
		udp_batch_path_refused(run->path, run->segment, err);
		run_split(o);
		udp_batch_errors(l);
		return;
	}
	udp_batch_error(l, err);
	o->next++;
}

/* A packet that has become too large is sent again under the user's setting of DF. */
static void run_refused(struct link_out *o, int err)
{
	struct link_run *run = &o->runs[o->next];

	o->refused = err;
	if (err == EMSGSIZE && run->packets == 1 &&
	    run->path->whole_max >= run->len)
		run->path->whole_max = run->len - 1;
}

/*
 * If the socket has a pending error, maybe of another peer, a send call returns that
 * instead of sending. Once sendmmsg() has sent a message it returns no error at all.
 * So a refused message is tried a second time before it counts as failed, and a call
 * that stopped early is followed by a look for errors.
 *
 * False: the socket's queue is full.
 */
static bool runs_try(struct udp_batch *l)
{
	struct link_out *o = &l->out;
	int sent, n, refused = o->refused;
	enum link_df df;

	n = udp_batch_df_alike(o, &df);
	udp_batch_df_set(l, df);
	sent = runs_send(l, n);
	if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return false;
	if (sent < 0 && errno == EINTR)
		return true;
	o->refused = 0;
	if (sent < 0 && !refused && errno != ENOBUFS)
		run_refused(o, errno);
	else if (sent < 0)
		run_failed(l, errno);
	else if (refused)
		udp_batch_error(l, refused);
	else if (sent < n)
		udp_batch_errors(l);
	return true;
}

bool udp_batch_flush(struct udp_batch *l)
{
	struct link_out *o = &l->out;

	while (o->next < o->end) {
		if (!runs_try(l)) {
			l->full++;
			return false;
		}
	}
	o->next = 0;
	o->end = 0;
	o->len = 0;
	o->packets = 0;
	o->paths.batch++;
	return true;
}
