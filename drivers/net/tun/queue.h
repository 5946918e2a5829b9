/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Attaches a queue to its device, disables it and detaches it.
 */
#ifndef _TUN_QUEUE_H
#define _TUN_QUEUE_H

#include "tun.h"

int tun_queue_attach(struct tun_dev *tun, struct tun_queue *q,
		     struct tun_filter_fault *filter, unsigned int napi_flags,
		     bool publish);
void tun_queue_disable(struct tun_queue *q);
void tun_queue_detach(struct tun_dev *tun, struct tun_queue *q);

#endif /* _TUN_QUEUE_H */
