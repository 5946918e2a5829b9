// SPDX-License-Identifier: GPL-2.0
/* A file that has no device describes the virtqueues; the tun is a backend. */
#define VHOST_OPEN(v, tun)	vhost_open_fd(v, tunfd_open())

#include "../abi/vhost.c"
