/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The engine for memory with kernel addresses, in functions that are not inline. So
 * tests/host/mutate can link a test against another engine without building the test.
 */
#ifndef _HOST_DEVICE_H
#define _HOST_DEVICE_H

#include "access_kernel.h"

void device_init(struct tun_vq *dev, u32 num, bool indirect,
		 bool event_idx);
int device_refresh(struct tun_vq *dev);
int device_pop(struct tun_vq *dev, bool write,
	       struct tun_vring_chain *c);
int device_pop_both(struct tun_vq *dev, struct tun_vring_chain *c);
int device_push(struct tun_vq *dev, u16 head, u32 len);
void device_rewind(struct tun_vq *dev, u16 popped, u16 pushed);
int device_publish(struct tun_vq *dev);
bool device_should_notify(struct tun_vq *dev);
int device_enable_kick(struct tun_vq *dev);
int device_disable_kick(struct tun_vq *dev);
int device_set_broken(struct tun_vq *dev, const char *why);
u16 device_untaken(struct tun_vq *dev);
u16 device_known(struct tun_vq *dev);

#endif /* _HOST_DEVICE_H */
