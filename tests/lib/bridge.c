// SPDX-License-Identifier: GPL-2.0
/* A bridge that sends almost nothing. */
#include "lib.h"

/*
 * A bridge b0 of the port and of v0, out of which nothing goes after the first
 * packets: the others wait in the queueing discipline of v0, with their socket.
 */
int rtnl_slow_bridge(const char *port)
{
	int ret = rtnl_add("veth", "v0", "v1") ?: rtnl_add("bridge", "b0", NULL);

	return ret ?: rtnl_master(port, "b0") ?: rtnl_master("v0", "b0") ?:
	       cmd_run("tc qdisc add dev v0 root tbf rate 8bit "
		       "burst 2000 limit 100000000") ?:
	       if_up("v1") ?: if_up("v0") ?: if_up("b0") ?:
	       if_wait_running("v0", true) ?: if_wait_running("b0", true);
}
