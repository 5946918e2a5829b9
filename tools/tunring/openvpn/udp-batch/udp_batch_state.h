/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The types of --udp-batch: one call sends several collected packets, and one call
 * fetches several received packets.
 *
 * OpenVPN sends the collected packets before it does anything that may sleep, so
 * that no packet waits for a later packet.
 */
#ifndef UDP_BATCH_STATE_H
#define UDP_BATCH_STATE_H

#include "udp_batch.h"

#include <sys/socket.h>

#include "socket.h"

/* The most packets per direction between two waits. */
#define UDP_BATCH_MAX		64

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
 * struct batch_tun - a tun that OpenVPN exchanges packets with in other ways than
 *	by read() and write()
 * @ready: is a received packet at hand, without a system call?
 * @prepare_wait: the same, just before a wait: poll() reports later packets
 * @release: give back the buffers of received packets
 * @kick: have the kernel take all packets written
 */
struct batch_tun {
	bool	(*ready)(struct tuntap *tt);
	bool	(*prepare_wait)(struct tuntap *tt);
	void	(*release)(struct tuntap *tt);
	void	(*kick)(struct tuntap *tt);
};

/**
 * struct io_batch - packets between two waits
 * @next: next entry in the list of all
 * @tt: the tun
 * @tun: operations of the tun, or NULL for read() and write()
 * @tun_left: packets that OpenVPN may take from the tun before the next wait
 * @tun_pending: packets were at hand when the wait began
 * @link_left: packets that OpenVPN may read from the link before the next wait
 * @link_budget: initial value of @link_left; adapts to the length of batches
 * @link_busy: the socket's queue is full
 */
struct io_batch {
	struct io_batch		*next;
	struct tuntap		*tt;
	const struct batch_tun	*tun;
	unsigned int		tun_left;
	bool			tun_pending;
	unsigned int		link_left;
	unsigned int		link_budget;
	bool			link_busy;
};

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
 * struct udp_batch - batches of one UDP socket
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
struct udp_batch {
	struct udp_batch	*next;
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

/* Several packets between two waits for @tt. @tun: operations, or NULL */
struct io_batch *udp_batch_io_start(struct tuntap *tt,
				    const struct batch_tun *tun);

/* The batches of the socket of @c, or NULL if OpenVPN reads and writes by itself. */
struct udp_batch *udp_batch_of(const struct context *c);

/* The same; sets batches up on a link that can have them. */
struct udp_batch *udp_batch_get(const struct context *c);

/* Does the packet belong to the data channel? */
bool udp_batch_is_data(const struct context *c, const struct buffer *buf);

/* Set one direction up. @peers: the most peers that the socket may have */
void udp_batch_out_init(struct udp_batch *l, unsigned int peers);
void udp_batch_in_init(struct udp_batch *l);

/* The setting of IP_MTU_DISCOVER that a message needs. */
enum link_df {
	LINK_DF_ANY,
	LINK_DF_USER,
	LINK_DF_DO,
};

void udp_batch_df_init(struct udp_batch *l);
void udp_batch_df_set(struct udp_batch *l, enum link_df df);

/* The number of runs, from the first, that share one setting. Sets @df to that. */
unsigned int udp_batch_df_alike(const struct link_out *o, enum link_df *df);

void udp_batch_paths_init(struct link_paths *ps, unsigned int peers,
			      bool can_cut);
void udp_batch_paths_free(struct link_paths *ps);

/* The way to an address. The pointer is valid until the batch has been sent. */
struct link_path *udp_batch_path(struct link_paths *ps,
				     const struct openvpn_sockaddr *to,
				     socklen_t to_len);

/* Note that the kernel refused to cut a message into segments of this size. */
void udp_batch_path_refused(struct link_path *p, unsigned int segment,
				int err);

/* Report an error of the socket to OpenVPN as a write that failed with @err. */
void udp_batch_error(struct udp_batch *l, int err);

/* Report errors that the socket still holds because no system call returned them. */
void udp_batch_errors(struct udp_batch *l);

/* Send the collected packets. False: the socket's queue is full; packets are left. */
bool udp_batch_flush(struct udp_batch *l);

/* The same for the batches of all sockets. */
void udp_batch_flush_all(void);

static inline bool udp_batch_unsent(const struct udp_batch *l)
{
	return l && l->out.next < l->out.end;
}

/* Are received packets at hand? */
static inline bool udp_batch_buffered(const struct udp_batch *l)
{
	return l && l->in.slot < l->in.slots;
}

#endif /* UDP_BATCH_STATE_H */
