// SPDX-License-Identifier: GPL-2.0
/*
 * Queueing disciplines. Debian's default, fq_codel, drops packets that wait for
 * too long. A test that counts waiting packets needs a pfifo.
 */
#include "qdisc.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib.h"

struct qdisc_req {
	struct nlmsghdr h;
	struct tcmsg t;
	char attrs[64];
};

static void put_attr(struct qdisc_req *r, int type, const void *data,
		     size_t len)
{
	struct rtattr *a = (void *)r + NLMSG_ALIGN(r->h.nlmsg_len);

	a->rta_type = type;
	a->rta_len = RTA_LENGTH(len);
	memcpy(RTA_DATA(a), data, len);
	r->h.nlmsg_len = NLMSG_ALIGN(r->h.nlmsg_len) + RTA_ALIGN(a->rta_len);
}

static int talk(const struct qdisc_req *r)
{
	struct {
		struct nlmsghdr h;
		struct nlmsgerr e;
		char rest[1024];
	} answer;
	int sk = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	int ret = -EIO;

	if (sk < 0)
		return -errno;
	if (send(sk, r, r->h.nlmsg_len, 0) == r->h.nlmsg_len &&
	    recv(sk, &answer, sizeof(answer), 0) > 0 &&
	    answer.h.nlmsg_type == NLMSG_ERROR)
		ret = answer.e.error;
	close(sk);
	return ret;
}

/* limit 0: no limit is set */
static int replace(const char *name, uint32_t parent, uint32_t handle,
		   const char *kind, uint32_t limit)
{
	struct qdisc_req r = {
		.h = {
			.nlmsg_len = NLMSG_LENGTH(sizeof(r.t)),
			.nlmsg_type = RTM_NEWQDISC,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK |
				       NLM_F_CREATE | NLM_F_REPLACE,
		},
		.t = {
			.tcm_ifindex = if_nametoindex(name),
			.tcm_parent = parent,
			.tcm_handle = handle,
		},
	};

	put_attr(&r, TCA_KIND, kind, strlen(kind) + 1);
	if (limit)
		put_attr(&r, TCA_OPTIONS, &limit, sizeof(limit));
	return talk(&r);
}

/* Gives the device one pfifo of limit packets. */
int qdisc_plain(const char *name, unsigned int limit)
{
	return replace(name, TC_H_ROOT, 0, "pfifo", limit);
}

/* Gives each queue of the device a pfifo of limit packets. */
int qdisc_plain_mq(const char *name, unsigned int queues, unsigned int limit)
{
	uint32_t root = 1 << 16;
	unsigned int i;
	int ret = replace(name, TC_H_ROOT, root, "mq", 0);

	for (i = 1; i <= queues && !ret; i++)
		ret = replace(name, root | i, 0, "pfifo", limit);
	return ret;
}

/*
 * A device gets a queueing discipline for each of its 256 queues when it comes up
 * for the first time. lockdep waits for a grace period for each of them in the
 * end, which takes seconds on the debug kernel. There the device gets one for all
 * queues.
 */
int qdisc_one(const char *name)
{
	const char *kernel = getenv("KERNEL");
	struct link_info li;
	int ret;

	if (!kernel || strcmp(kernel, "debug"))
		return 0;
	ret = rtnl_get(name, &li);
	if (ret || li.ntx == 1 || strcmp(li.qdisc, "noop"))
		return ret;
	return qdisc_plain(name, 0);
}
