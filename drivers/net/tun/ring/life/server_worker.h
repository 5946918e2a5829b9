/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A worker as the server of rings.
 */
#ifndef _TUN_RING_LIFE_SERVER_WORKER_H
#define _TUN_RING_LIFE_SERVER_WORKER_H

#include "../server.h"

extern const struct tun_ring_server tun_server_worker;

#endif /* _TUN_RING_LIFE_SERVER_WORKER_H */
