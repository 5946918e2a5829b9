/* SPDX-License-Identifier: GPL-2.0 */
/*
 * NAPI as the server of rings.
 */
#ifndef _TUN_RING_LIFE_SERVER_NAPI_H
#define _TUN_RING_LIFE_SERVER_NAPI_H

#include "../server.h"

extern const struct tun_ring_server tun_server_napi;

#endif /* _TUN_RING_LIFE_SERVER_NAPI_H */
