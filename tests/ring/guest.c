// SPDX-License-Identifier: GPL-2.0
/* What vhost_net does on the module, the tun fd does by itself. */
#define VHOST_OPEN(v, tun)	vhost_open_fd(v, dup(tun))

#include "../abi/vhost.c"
