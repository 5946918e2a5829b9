/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The UDP side of a tunnel over rings: packets for the link are collected and
 * sent by one call, those from it are fetched by one.
 *
 * What was collected is sent before OpenVPN does anything that may sleep, so
 * that no packet waits for a later one.
 */
#ifndef TUN_RING_LINK_H
#define TUN_RING_LINK_H

#include "tun_ring.h"

#include <sys/socket.h>

#include "socket.h"

/*
 * Packets for the link that are collected at most, and their bytes. With more the
 * far end would idle while these are encrypted.
 */
#define LINK_OUT_PACKETS	16
#define LINK_OUT_BYTES		(128 * 1024)

/* Limits of one message: the kernel's, with room for IP's headers. */
#define LINK_RUN_PACKETS	64
#define LINK_RUN_BYTES		65000

/* Datagrams fetched by one call, each of which may be many packets. */
#define LINK_IN_SLOTS		16
#define LINK_IN_HEADROOM	512
#define LINK_IN_SLOT		(LINK_IN_HEADROOM + 65536)

/**
 * struct link_path - the way to one peer
 * @to: its address
 * @to_len: bytes of @to; 0: an empty slot
 * @cut_max: largest segment that the kernel cuts up for this peer; 0: none
 * @cut_retry: when to try larger ones again; 0: no refusal is known
 * @whole_max: largest packet that went this way unfragmented, as far as is known
 * @batch: the last one with a packet for this peer
 */
struct link_path {
	struct openvpn_sockaddr to;
	socklen_t	to_len;
	unsigned int	cut_max;
	time_t		cut_retry;
	unsigned int	whole_max;
	unsigned int	batch;
};

/**
 * struct link_paths - the ways to all peers
 * @slots: by a hash of the address
 * @mask: number of @slots, less one
 * @cut_max: of a path on which no refusal is known
 * @batch: number of the batch that is collected
 * @unknown: stands in when no slot is free
 */
struct link_paths {
	struct link_path	*slots;
	unsigned int		mask;
	unsigned int		cut_max;
	unsigned int		batch;
	struct link_path	unknown;
};

/**
 * struct link_run - packets that the kernel is given as one message
 * @to: where they go
 * @to_len: bytes of @to
 * @path: the way to @to
 * @offset: of the first in the buffer; the others follow it
 * @len: bytes of all of them
 * @segment: bytes of each; the last may have fewer
 * @packets: how many they are
 */
struct link_run {
	struct openvpn_sockaddr to;
	socklen_t	to_len;
	struct link_path *path;
	unsigned int	offset;
	unsigned int	len;
	unsigned int	segment;
	unsigned int	packets;
};

/**
 * struct link_out - packets for the link
 * @data: the packets, one after the other
 * @len: bytes of them
 * @packets: how many they are
 * @runs: what they are sent as: [@next, @end) is to be sent
 * @refused: 0, or the errno with which the kernel refused the first of these; a
 *	second attempt tells the message's own error from the socket's
 * @paths: the ways to the peers
 * @df_user: the user's IP_MTU_DISCOVER
 * @df_now: the one in force
 */
struct link_out {
	uint8_t		*data;
	unsigned int	len;
	unsigned int	packets;
	struct link_run	runs[LINK_OUT_PACKETS];
	unsigned int	next;
	unsigned int	end;
	int		refused;
	struct link_paths paths;
	int		df_user;
	int		df_now;
};

/**
 * struct link_in - packets from the link
 * @data: LINK_IN_SLOTS buffers of LINK_IN_SLOT bytes
 * @msgs, @iov, @from, @control: for recvmmsg()
 * @slot: the one that is being taken apart, of @slots
 * @offset: of its next packet
 * @segment: bytes of each of its packets, the last but for
 * @drained: the last look found less than there is room for
 */
struct link_in {
	uint8_t			*data;
	struct mmsghdr		msgs[LINK_IN_SLOTS];
	struct iovec		iov[LINK_IN_SLOTS];
	struct openvpn_sockaddr	from[LINK_IN_SLOTS];
	char			control[LINK_IN_SLOTS][CMSG_SPACE(sizeof(int))]
		__attribute__((aligned(__alignof__(struct cmsghdr))));
	unsigned int		slot;
	unsigned int		slots;
	unsigned int		offset;
	unsigned int		segment;
	bool			drained;
};

/**
 * struct tun_ring_link - batches of one UDP socket
 * @next: in the list of all
 * @sock: the socket
 * @out: to it
 * @in: from it
 * @sent, @sent_messages: packets, and the messages that they made
 * @received, @received_messages: likewise
 * @full: how often the socket's queue had no room
 * @calls: system calls, in both directions
 */
struct tun_ring_link {
	struct tun_ring_link	*next;
	struct link_socket	*sock;
	struct link_out		out;
	struct link_in		in;
	unsigned long long	sent;
	unsigned long long	sent_messages;
	unsigned long long	received;
	unsigned long long	received_messages;
	unsigned long long	full;
	unsigned long long	calls;
};

/* The batches of the socket of @c, or NULL: it is read and written as ever. */
struct tun_ring_link *tun_ring_link_of(const struct context *c);

/* Likewise; sets them up if they may be. */
struct tun_ring_link *tun_ring_link_get(const struct context *c);

/* Is the packet one of the data channel? */
bool tun_ring_link_is_data(const struct context *c, const struct buffer *buf);

/* Ask the kernel what it can do. @peers: how many there may be */
void tun_ring_link_out_init(struct tun_ring_link *l, unsigned int peers);
void tun_ring_link_in_init(struct tun_ring_link *l);

/* The setting of IP_MTU_DISCOVER that a message needs. */
enum link_df {
	LINK_DF_ANY,
	LINK_DF_USER,
	LINK_DF_DO,
};

void tun_ring_link_df_init(struct tun_ring_link *l);
void tun_ring_link_df_set(struct tun_ring_link *l, enum link_df df);

/* Runs from the first on that may be sent under one setting. Sets @df to that. */
unsigned int tun_ring_link_df_alike(const struct link_out *o, enum link_df *df);

void tun_ring_link_paths_init(struct link_paths *ps, unsigned int peers,
			      bool can_cut);
void tun_ring_link_paths_free(struct link_paths *ps);

/* The way to an address. The pointer is good until the batch has been sent. */
struct link_path *tun_ring_link_path(struct link_paths *ps,
				     const struct openvpn_sockaddr *to,
				     socklen_t to_len);

/* The kernel refused to cut a message into segments of this size. */
void tun_ring_link_path_refused(struct link_path *p, unsigned int segment,
				int err);

/* Report an error of the socket to OpenVPN, as a write that failed with @err. */
void tun_ring_link_error(struct tun_ring_link *l, int err);

/* Report errors that the socket holds and that no call returned. */
void tun_ring_link_errors(struct tun_ring_link *l);

/* Send what was collected. False: the socket's queue is full, and some is left. */
bool tun_ring_link_flush(struct tun_ring_link *l);

/* Likewise, for all sockets. */
void tun_ring_link_flush_all(void);

static inline bool tun_ring_link_unsent(const struct tun_ring_link *l)
{
	return l && l->out.next < l->out.end;
}

/* Are packets at hand that were received? */
static inline bool tun_ring_link_buffered(const struct tun_ring_link *l)
{
	return l && l->in.slot < l->in.slots;
}

#endif /* TUN_RING_LINK_H */
