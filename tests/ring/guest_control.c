// SPDX-License-Identifier: GPL-2.0
/*
 * The vhost cases of tests/abi: a file without a device takes the ioctls, the
 * tun is the backend.
 */
#define VHOST_OPEN(v, tun)	vhost_open_fd(v, tunfd_open())

#include "../abi/vhost.c"
