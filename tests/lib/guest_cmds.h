/* SPDX-License-Identifier: GPL-2.0 */
/* The vhost ioctls that fail before VHOST_SET_OWNER. */
#ifndef TUN_TESTS_GUEST_CMDS_H
#define TUN_TESTS_GUEST_CMDS_H

#include <stdbool.h>
#include <linux/vhost.h>

struct guest_cmd {
	unsigned int cmd;
	bool ring;		/* the argument starts with a ring's number */
};

#define ALL(c)	{ VHOST_##c, false }
#define RING(c)	{ VHOST_##c, true }

static const struct guest_cmd guest_cmds[] = {
	ALL(SET_FEATURES), ALL(SET_BACKEND_FEATURES),
	ALL(SET_MEM_TABLE), ALL(SET_LOG_BASE), ALL(SET_LOG_FD),
	RING(SET_VRING_NUM), RING(SET_VRING_BASE), RING(GET_VRING_BASE),
	RING(SET_VRING_ADDR), RING(SET_VRING_KICK), RING(SET_VRING_CALL),
	RING(SET_VRING_ERR), RING(SET_VRING_ENDIAN), RING(GET_VRING_ENDIAN),
	RING(SET_VRING_BUSYLOOP_TIMEOUT), RING(GET_VRING_BUSYLOOP_TIMEOUT),
	RING(NET_SET_BACKEND), ALL(RESET_OWNER),
};

#undef ALL
#undef RING

#define guest_ncmds	(sizeof(guest_cmds) / sizeof(guest_cmds[0]))

#endif
