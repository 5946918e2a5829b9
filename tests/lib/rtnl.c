// SPDX-License-Identifier: GPL-2.0
/* rtnetlink: one request and its answer. */
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>

#include "lib.h"

struct nl_req {
	struct nlmsghdr h;
	struct ifinfomsg ifi;
	char attrs[512];
};

static void req_init(struct nl_req *r, int type, int flags, const char *name)
{
	memset(r, 0, sizeof(*r));
	r->h.nlmsg_len = NLMSG_LENGTH(sizeof(r->ifi));
	r->h.nlmsg_type = type;
	r->h.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	if (name)
		r->ifi.ifi_index = if_nametoindex(name);
}

static struct rtattr *req_attr(struct nl_req *r, int type, const void *data,
			       size_t len)
{
	struct rtattr *a = (void *)r + NLMSG_ALIGN(r->h.nlmsg_len);

	a->rta_type = type;
	a->rta_len = RTA_LENGTH(len);
	if (len)
		memcpy(RTA_DATA(a), data, len);
	r->h.nlmsg_len = NLMSG_ALIGN(r->h.nlmsg_len) + RTA_ALIGN(a->rta_len);
	return a;
}

static void req_end(struct nl_req *r, struct rtattr *nest)
{
	nest->rta_len = (char *)r + r->h.nlmsg_len - (char *)nest;
}

/*
 * Returns the length of the first message that is not the acknowledgement, or
 * 0.
 */
static int req_talk(struct nl_req *r, void *answer, size_t size)
{
	static __thread char buf[32768] __attribute__((aligned(8)));
	struct timeval tv = { .tv_sec = WAIT_MS / 1000 };
	int sk = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	int got = 0, n, ret = -EIO;
	struct nlmsghdr *h;

	if (sk < 0)
		return -errno;
	setsockopt(sk, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	if (send(sk, r, r->h.nlmsg_len, 0) < 0)
		goto out;
	for (;;) {
		n = recv(sk, buf, sizeof(buf), 0);
		if (n < 0) {
			ret = -errno;
			goto out;
		}
		for (h = (void *)buf; NLMSG_OK(h, n); h = NLMSG_NEXT(h, n)) {
			if (h->nlmsg_type == NLMSG_ERROR) {
				ret = ((struct nlmsgerr *)NLMSG_DATA(h))->error;
				ret = ret ? ret : got;
				goto out;
			}
			if (answer && !got && h->nlmsg_len <= size) {
				got = h->nlmsg_len;
				memcpy(answer, h, got);
			}
		}
	}
out:
	close(sk);
	return ret;
}

static uint32_t attr_uint(const struct rtattr *a)
{
	uint32_t v = 0;

	if (RTA_PAYLOAD(a) < sizeof(v))
		return *(uint8_t *)RTA_DATA(a);
	memcpy(&v, RTA_DATA(a), sizeof(v));
	return v;
}

static void parse_linkinfo(struct rtattr *nest, struct link_info *li)
{
	struct rtattr *a = RTA_DATA(nest), *b;
	int len = RTA_PAYLOAD(nest), blen, type;

	for (; RTA_OK(a, len); a = RTA_NEXT(a, len)) {
		if (a->rta_type == IFLA_INFO_KIND)
			snprintf(li->kind, sizeof(li->kind), "%s",
				 (char *)RTA_DATA(a));
		if (a->rta_type != IFLA_INFO_DATA || strcmp(li->kind, "tun"))
			continue;
		blen = RTA_PAYLOAD(a);
		for (b = RTA_DATA(a); RTA_OK(b, blen); b = RTA_NEXT(b, blen)) {
			type = b->rta_type & NLA_TYPE_MASK;
			if (type > IFLA_TUN_MAX)
				continue;
			li->tun_seen |= 1u << type;
			li->tun[type] = attr_uint(b);
		}
	}
}

static void parse_xdp(struct rtattr *nest, struct link_info *li)
{
	struct rtattr *a = RTA_DATA(nest);
	int len = RTA_PAYLOAD(nest);

	for (; RTA_OK(a, len); a = RTA_NEXT(a, len)) {
		if (a->rta_type == IFLA_XDP_ATTACHED)
			li->xdp_mode = attr_uint(a);
		if (a->rta_type == IFLA_XDP_PROG_ID)
			li->xdp_id = attr_uint(a);
	}
}

static void parse_attr(struct rtattr *a, struct link_info *li)
{
	switch (a->rta_type & NLA_TYPE_MASK) {
	case IFLA_MTU:
		li->mtu = attr_uint(a);
		break;
	case IFLA_TXQLEN:
		li->txqlen = attr_uint(a);
		break;
	case IFLA_NUM_TX_QUEUES:
		li->ntx = attr_uint(a);
		break;
	case IFLA_NUM_RX_QUEUES:
		li->nrx = attr_uint(a);
		break;
	case IFLA_CARRIER:
		li->carrier = attr_uint(a);
		break;
	case IFLA_CARRIER_CHANGES:
		li->carrier_changes = attr_uint(a);
		break;
	case IFLA_OPERSTATE:
		li->operstate = attr_uint(a);
		break;
	case IFLA_QDISC:
		snprintf(li->qdisc, sizeof(li->qdisc), "%s",
			 (const char *)RTA_DATA(a));
		break;
	case IFLA_ADDRESS:
		li->addrlen = RTA_PAYLOAD(a);
		memcpy(li->addr, RTA_DATA(a), li->addrlen);
		break;
	case IFLA_STATS64:
		memcpy(&li->st, RTA_DATA(a),
		       RTA_PAYLOAD(a) < sizeof(li->st) ? RTA_PAYLOAD(a) :
		       sizeof(li->st));
		break;
	case IFLA_LINKINFO:
		parse_linkinfo(a, li);
		break;
	case IFLA_XDP:
		parse_xdp(a, li);
		break;
	}
}

int rtnl_get(const char *name, struct link_info *li)
{
	static char buf[16384] __attribute__((aligned(8)));
	struct nlmsghdr *h = (void *)buf;
	struct ifinfomsg *ifi = NLMSG_DATA(h);
	struct nl_req r;
	struct rtattr *a;
	int len, ret;

	memset(li, 0, sizeof(*li));
	req_init(&r, RTM_GETLINK, 0, NULL);
	req_attr(&r, IFLA_IFNAME, name, strlen(name) + 1);
	ret = req_talk(&r, buf, sizeof(buf));
	if (ret <= 0)
		return ret ? ret : -ENODATA;
	li->ifindex = ifi->ifi_index;
	li->flags = ifi->ifi_flags;
	li->type = ifi->ifi_type;
	len = h->nlmsg_len - NLMSG_LENGTH(sizeof(*ifi));
	for (a = IFLA_RTA(ifi); RTA_OK(a, len); a = RTA_NEXT(a, len))
		parse_attr(a, li);
	return 0;
}

int rtnl_stats(const char *name, struct rtnl_link_stats64 *st)
{
	struct link_info li;
	int ret = rtnl_get(name, &li);

	*st = li.st;
	return ret;
}

int rtnl_del(const char *name)
{
	struct nl_req r;

	req_init(&r, RTM_DELLINK, 0, name);
	return req_talk(&r, NULL, 0);
}

/* Adds an interface. For veth, peer is the name of the other end. */
int rtnl_add(const char *kind, const char *name, const char *peer)
{
	struct ifinfomsg ifi = { };
	struct rtattr *info, *data, *other;
	struct nl_req r;

	req_init(&r, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, NULL);
	req_attr(&r, IFLA_IFNAME, name, strlen(name) + 1);
	info = req_attr(&r, IFLA_LINKINFO, NULL, 0);
	req_attr(&r, IFLA_INFO_KIND, kind, strlen(kind));
	if (peer) {
		data = req_attr(&r, IFLA_INFO_DATA, NULL, 0);
		other = req_attr(&r, VETH_INFO_PEER, &ifi, sizeof(ifi));
		req_attr(&r, IFLA_IFNAME, peer, strlen(peer) + 1);
		req_end(&r, other);
		req_end(&r, data);
	}
	req_end(&r, info);
	return req_talk(&r, NULL, 0);
}

static int set_attr(const char *name, int type, const void *data, size_t len)
{
	struct nl_req r;

	req_init(&r, RTM_NEWLINK, 0, name);
	req_attr(&r, type, data, len);
	return req_talk(&r, NULL, 0);
}

int rtnl_netns(const char *name, int nsfd)
{
	return set_attr(name, IFLA_NET_NS_FD, &nsfd, sizeof(nsfd));
}

int rtnl_rename(const char *name, const char *to)
{
	return set_attr(name, IFLA_IFNAME, to, strlen(to) + 1);
}

int rtnl_master(const char *name, const char *master)
{
	uint32_t index = if_nametoindex(master);

	return set_attr(name, IFLA_MASTER, &index, sizeof(index));
}

int rtnl_carrier(const char *name, int on)
{
	uint8_t v = on;

	return set_attr(name, IFLA_CARRIER, &v, sizeof(v));
}

int rtnl_xdp(const char *name, int prog, uint32_t flags)
{
	struct rtattr *nest;
	struct nl_req r;

	req_init(&r, RTM_NEWLINK, 0, name);
	nest = req_attr(&r, IFLA_XDP | NLA_F_NESTED, NULL, 0);
	req_attr(&r, IFLA_XDP_FD, &prog, sizeof(prog));
	req_attr(&r, IFLA_XDP_FLAGS, &flags, sizeof(flags));
	req_end(&r, nest);
	return req_talk(&r, NULL, 0);
}
