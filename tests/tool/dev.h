/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A device in a network namespace of its own: 10.77.0.1/24 is ours, everybody
 * else in that net is behind the device.
 */
#ifndef DEV_H
#define DEV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tunring.h>

#define PORT	5000
#define HDRS	28	/* IPv4 and UDP */
#define ETH	14

/* Seconds to wait for an event that must come; a busy host has slow guests. */
#define PATIENCE	20
#define PATIENCE_NS	(PATIENCE * 1000000000LL)

struct dev {
	struct tunring	*h;
	char		name[16];
	bool		tap;
	int		sock;	/* UDP, bound to PORT; sends to 10.77.0.2:PORT */
	uint8_t		mac[6];
};

/* The mode that a handle ought to have: rings on our module, unless forbidden. */
enum tunring_mode expected_mode(uint32_t opt_flags);

/* In a new network namespace, without IPv6 (which would send on its own). */
int netns_new(void);
/* Open, address, up. Returns 0 or a negative errno. */
int dev_open(struct dev *d, bool tap, const struct tunring_options *opt);
/* The same around a handle that is there. */
int dev_ready(struct dev *d);
void dev_close(struct dev *d);
int dev_flags(const char *name, short set, short clear);
int dev_delete(const char *name);
int dev_mtu(const char *name, int mtu);

/* A datagram from our socket out to the device. */
int dev_send(struct dev *d, const void *data, size_t len);
/* From the device's side to our socket: bytes, or -1 if none came. */
int dev_recv(struct dev *d, void *data, size_t len);

/*
 * Wait until all that was sent is used: its receiver has it a moment before, and
 * there is no room in the ring as yet. Returns 0, or -ETIME.
 */
int dev_sent(struct dev *d);

/* Take n packets, waiting for them. Fewer came, or -ETIME: one came unheard. */
int dev_take(struct dev *d, struct tunring_packet *pkts, unsigned int n);

/* Build a datagram from 10.77.0.2 to our socket. Returns its length. */
size_t make_udp(const struct dev *d, uint8_t *buf, const void *data, size_t len);
/* Turn a received datagram round: it becomes one to our socket. */
void turn_udp(const struct dev *d, uint8_t *pkt);
/* Reserve, fill, submit. Returns 1, or the result of the call that failed. */
int put_udp(struct dev *d, const void *data, size_t len);
/* The datagram's payload, copied out; -1 if the packet is none. */
int udp_payload(const struct dev *d, const struct tunring_packet *pkt,
		void *data, size_t len);

#endif /* DEV_H */
