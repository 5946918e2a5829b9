/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/*
 * Access to memory that the kernel reads or writes at the same time.
 *
 * We are virtio's driver. Small letters are here, capitals in the kernel's
 * vring.h (virtio 1.2: a 2.7.13, b 2.7.10, c 2.7.14, d 2.7.7):
 *
 *	ours					the kernel's
 *	----					------------
 *	descriptors, avail ring[]		load avail idx   (read barrier)
 *	a  store-release avail idx	<-->	descriptors, avail ring[]	A
 *
 *	c  load-acquire used idx	<-->	packet, record, used ring[]
 *	used ring[], record, packet		store used idx   (release)	C
 *
 *	store avail idx				store avail_event / NO_NOTIFY
 *	b  full fence			<-->	full fence			B
 *	load avail_event / NO_NOTIFY		load avail idx
 *
 *	store used_event / NO_INTERRUPT		store used idx
 *	d  full fence			<-->	full fence			D
 *	load used idx				load used_event / NO_INTERRUPT
 *
 * b and d are store-then-load: each side tells first and looks afterwards, so
 * one of the two always sees the other. Release and acquire do not order that.
 */
#ifndef TR_BARRIER_H
#define TR_BARRIER_H

#include <endian.h>
#include <stdint.h>

static inline uint16_t tr_load_acquire16(const uint16_t *p)
{
	return le16toh(__atomic_load_n(p, __ATOMIC_ACQUIRE));
}

static inline uint16_t tr_load16(const uint16_t *p)
{
	return le16toh(__atomic_load_n(p, __ATOMIC_RELAXED));
}

static inline void tr_store_release16(uint16_t *p, uint16_t v)
{
	__atomic_store_n(p, htole16(v), __ATOMIC_RELEASE);
}

static inline void tr_store16(uint16_t *p, uint16_t v)
{
	__atomic_store_n(p, htole16(v), __ATOMIC_RELAXED);
}

static inline void tr_fence(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

#endif /* TR_BARRIER_H */
