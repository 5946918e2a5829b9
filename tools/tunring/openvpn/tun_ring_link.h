/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The UDP side of a tunnel over rings: one call sends several collected packets, and
 * one call fetches several received packets.
 *
 * OpenVPN sends the collected packets before it does anything that may sleep, so
 * that no packet waits for a later packet.
 */
#ifndef TUN_RING_LINK_H
#define TUN_RING_LINK_H

#include "tun_ring.h"

#include <sys/socket.h>

#include "socket.h"

/*
 * The most packets, and bytes, of one batch for the link. With larger batches the
 * far end would idle while this end encrypts.
 */
#define LINK_OUT_PACKETS	16
#define LINK_OUT_BYTES		(128 * 1024)

/* The kernel's limits for one message, less the headers of IP and UDP. */
#define LINK_RUN_PACKETS	64
#define LINK_RUN_BYTES		65000

/* Datagrams fetched by one call. With UDP_GRO a datagram may hold many packets. */
#define LINK_IN_SLOTS		16
#define LINK_IN_HEADROOM	512
#define LINK_IN_SLOT		(LINK_IN_HEADROOM + 65536)

/**
 * struct link_path - the way to one peer
 * @to: its address
 * @to_len: bytes of @to; 0: an empty slot
 * @cut_max: largest segment that the kernel accepts for this peer; 0: none
 * @cut_retry: when to try larger segments again; 0: the kernel has refused none
 * @whole_max: largest packet known to have reached this path unfragmented
 * @batch: number of the last batch with a packet for this peer
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
 * @slots: a hash table, by address
 * @mask: number of @slots, less one
 * @cut_max: largest segment to try on a new path
 * @batch: number of the current batch
 * @unknown: stands in for a path when no slot is free
 */
struct link_paths {
	struct link_path	*slots;
	unsigned int		mask;
	unsigned int		cut_max;
	unsigned int		batch;
	struct link_path	unknown;
};

/**
 * struct link_run - packets that are sent as one message
 * @to: address of the peer
 * @to_len: bytes of @to
 * @path: the way to @to
 * @offset: offset of the first packet in the buffer; the others follow it
 * @len: bytes of all packets
 * @segment: bytes of each packet; the last may have fewer
 * @packets: number of packets
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
 * @len: bytes of all packets
 * @packets: number of packets
 * @runs: the messages; runs[@next] to runs[@end - 1] are still to be sent
 * @refused: 0, or the errno of the first attempt to send runs[@next]; the second
 *	attempt tells an error of the message from an error of the socket
 * @paths: the ways to the peers
 * @df_user: IP_MTU_DISCOVER of the socket as the user has it
 * @df_now: IP_MTU_DISCOVER of the socket now
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
 * @msgs, @iov, @from, @control: arguments of recvmmsg()
 * @slot: index of the current datagram
 * @slots: number of datagrams of the last call
 * @offset: offset of the next packet in the current datagram
 * @segment: bytes of each packet in the current datagram; the last may have fewer
 * @drained: the last call found fewer than LINK_IN_SLOTS datagrams
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
 * @next: next entry in the list of all batches
 * @sock: the socket
 * @out: packets for the socket
 * @in: packets from the socket
 * @sent: packets sent
 * @sent_messages: messages sent, each with one or more packets
 * @received: packets received
 * @received_messages: datagrams received, each with one or more packets
 * @full: how often the socket's queue was full
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

/* The batches of the socket of @c, or NULL if OpenVPN reads and writes by itself. */
struct tun_ring_link *tun_ring_link_of(const struct context *c);

/* The same; sets batches up on a link that can have them. */
struct tun_ring_link *tun_ring_link_get(const struct context *c);

/* Does the packet belong to the data channel? */
bool tun_ring_link_is_data(const struct context *c, const struct buffer *buf);

/* Set one direction up. @peers: the most peers that the socket may have */
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

/* The number of runs, from the first, that share one setting. Sets @df to that. */
unsigned int tun_ring_link_df_alike(const struct link_out *o, enum link_df *df);

void tun_ring_link_paths_init(struct link_paths *ps, unsigned int peers,
			      bool can_cut);
void tun_ring_link_paths_free(struct link_paths *ps);

/* The way to an address. The pointer is valid until the batch has been sent. */
struct link_path *tun_ring_link_path(struct link_paths *ps,
				     const struct openvpn_sockaddr *to,
				     socklen_t to_len);

/* Note that the kernel refused to cut a message into segments of this size. */
void tun_ring_link_path_refused(struct link_path *p, unsigned int segment,
				int err);

/* Report an error of the socket to OpenVPN as a write that failed with @err. */
void tun_ring_link_error(struct tun_ring_link *l, int err);

/* Report errors that the socket still holds because no system call returned them. */
void tun_ring_link_errors(struct tun_ring_link *l);

/* Send the collected packets. False: the socket's queue is full; packets are left. */
bool tun_ring_link_flush(struct tun_ring_link *l);

/* The same for the batches of all sockets. */
void tun_ring_link_flush_all(void);

static inline bool tun_ring_link_unsent(const struct tun_ring_link *l)
{
	return l && l->out.next < l->out.end;
}

/* Are received packets at hand? */
static inline bool tun_ring_link_buffered(const struct tun_ring_link *l)
{
	return l && l->in.slot < l->in.slots;
}

#endif /* TUN_RING_LINK_H */
