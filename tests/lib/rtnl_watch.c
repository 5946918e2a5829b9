// SPDX-License-Identifier: GPL-2.0
/* rtnetlink: the announcements of link changes. */
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include "lib.h"

/* Opens a socket that receives the announcements of link changes. */
int rtnl_watch(void)
{
	struct sockaddr_nl nl = { .nl_family = AF_NETLINK,
				  .nl_groups = RTMGRP_LINK };
	int sk = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
			NETLINK_ROUTE);

	if (sk < 0)
		return -errno;
	if (bind(sk, (struct sockaddr *)&nl, sizeof(nl))) {
		close(sk);
		return -errno;
	}
	return sk;
}

/* Waits for an announcement, for a tenth of a second at most. */
void rtnl_watch_wait(int sk)
{
	static char buf[32768];

	fd_wait(sk, POLLIN, 100);
	while (recv(sk, buf, sizeof(buf), 0) > 0)
		;
}

/* Returns how many RTM_NEWLINK messages about the interface have arrived. */
int rtnl_watch_count(int sk, const char *name)
{
	static __thread char buf[32768] __attribute__((aligned(8)));
	int index = if_nametoindex(name), count = 0, n;
	struct nlmsghdr *h;

	while ((n = recv(sk, buf, sizeof(buf), 0)) > 0)
		for (h = (void *)buf; NLMSG_OK(h, n); h = NLMSG_NEXT(h, n))
			if (h->nlmsg_type == RTM_NEWLINK &&
			    ((struct ifinfomsg *)NLMSG_DATA(h))->ifi_index == index)
				count++;
	return count;
}
