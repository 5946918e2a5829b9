// SPDX-License-Identifier: GPL-2.0
/* The vhost cases of tests/abi on the vhost ioctls of the tun's own file. */
#define VHOST_OPEN(v, tun)	vhost_open_fd(v, dup(tun))

#include "../abi/vhost.c"
