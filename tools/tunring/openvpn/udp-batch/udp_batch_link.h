/* SPDX-License-Identifier: GPL-2.0-only WITH openvpn-openssl-exception */
/*
 * In addition, as a special exception, the copyright holders of this file give
 * permission to link the code of this file with the OpenSSL library (or with
 * modified versions of OpenSSL that use the same license as OpenSSL), and
 * distribute linked combinations including the two.  You must obey the GNU
 * General Public License in all respects for all of the code used other than
 * OpenSSL.  If you modify this file, you may extend this exception to your
 * version of the file, but you are not obligated to do so.  If you do not wish
 * to do so, delete this exception statement from your version.  The Apache2
 * linking exception of OpenVPN's COPYING applies to this file in the same way.
 */
/*
 * The types of packets that --udp-batch collects for a UDP link, and functions that
 * make no system call.
 */
#ifndef UDP_BATCH_LINK_H
#define UDP_BATCH_LINK_H

#include <sys/socket.h>

#include "socket.h"

/*
 * The most packets, and bytes, of one batch for the link. With larger batches the
 * far end would idle while this end encrypts.
 */
#define LINK_OUT_PACKETS 16
#define LINK_OUT_BYTES (128 * 1024)

/* The kernel's limits for one message, less the headers of IP and UDP. */
#define LINK_RUN_PACKETS 64
#define LINK_RUN_BYTES 65000

/* Bytes of the control messages of a run: segment, source address, type of service. */
#define LINK_RUN_CONTROL                                                          \
    (CMSG_SPACE(sizeof(uint16_t)) + CMSG_SPACE(sizeof(struct in6_pktinfo))         \
     + CMSG_SPACE(sizeof(int)))

/* Bytes of the control messages of a received datagram: segment, own address. */
#define LINK_IN_CONTROL                                                           \
    (CMSG_SPACE(sizeof(int)) + CMSG_SPACE(sizeof(struct in6_pktinfo)))

/**
 * struct link_path - the way to one peer
 * @to: its address
 * @to_len: bytes of @to; 0: an empty slot
 * @cut_max: largest segment that the kernel accepts for this peer; 0: none
 * @cut_retry: when to try larger segments again; 0: the kernel has refused none
 * @whole_max: largest packet known to have reached this path unfragmented
 * @batch: number of the last batch with a packet for this peer
 */
struct link_path
{
    struct openvpn_sockaddr to;
    socklen_t to_len;
    unsigned int cut_max;
    time_t cut_retry;
    unsigned int whole_max;
    unsigned int batch;
};

/**
 * struct link_paths - the ways to all peers
 * @slots: a hash table, by address
 * @mask: number of @slots, less one
 * @cut_max: largest segment to try on a new path
 * @batch: number of the current batch
 * @unknown: stands in for a path when no slot is free
 */
struct link_paths
{
    struct link_path *slots;
    unsigned int mask;
    unsigned int cut_max;
    unsigned int batch;
    struct link_path unknown;
};

/**
 * struct link_run - packets that are sent as one message
 * @to: address of the peer, and with --multihome the own one
 * @to_len: bytes of the address of the peer
 * @tos: type of service with --passtos; -1: that of the socket
 * @path: the way to @to
 * @offset: offset of the first packet in the buffer; the others follow it
 * @len: bytes of all packets
 * @segment: bytes of each packet; the last may have fewer
 * @packets: number of packets
 */
struct link_run
{
    struct link_socket_actual to;
    socklen_t to_len;
    int tos;
    struct link_path *path;
    unsigned int offset;
    unsigned int len;
    unsigned int segment;
    unsigned int packets;
};

/**
 * struct link_out - packets for the link
 * @data: the packets, one after the other
 * @len: bytes of all packets
 * @packets: number of packets
 * @runs: the messages; runs[@next] to runs[@end - 1] are still to be sent
 * @refused: 0, or the errno of the first attempt to send runs[@next]; the second
 *      attempt tells an error of the message from an error of the socket
 * @paths: the ways to the peers
 * @multihome: messages have the source address of each run
 * @df_user: IP_MTU_DISCOVER of the socket as the user has it
 * @df_now: IP_MTU_DISCOVER of the socket now
 */
struct link_out
{
    uint8_t *data;
    unsigned int len;
    unsigned int packets;
    struct link_run runs[LINK_OUT_PACKETS];
    unsigned int next;
    unsigned int end;
    int refused;
    struct link_paths paths;
    bool multihome;
    int df_user;
    int df_now;
};

/* The setting of IP_MTU_DISCOVER that a message needs. */
enum link_df
{
    LINK_DF_ANY,
    LINK_DF_USER,
    LINK_DF_DO,
};

/* The number of runs, from the first, that share one setting. Sets @df to that. */
unsigned int udp_batch_df_alike(const struct link_out *o, enum link_df *df);

/*
 * Add a packet to the last run if that takes the packet, else begin a run.
 * @tos: type of service of the packet; -1: that of the socket
 */
void udp_batch_run_add(struct link_out *o, const struct link_socket_actual *to,
                       int tos, const uint8_t *data, unsigned int len);

/* Fill in the message for a run. @control: LINK_RUN_CONTROL bytes */
void udp_batch_run_message(const struct link_out *o, struct link_run *run,
                           struct mmsghdr *m, struct iovec *iov, char *control);

/*
 * Make each packet of the first run a message of its own. There is room, because the
 * array has an entry for each packet of a batch.
 */
void udp_batch_run_split(struct link_out *o);

/* Fill in the control messages of a run. @control: LINK_RUN_CONTROL bytes */
void udp_batch_control_fill(const struct link_out *o, const struct link_run *run,
                            struct msghdr *m, char *control);

/*
 * Read the control messages of a received datagram. Sets the own address in @from, and
 * returns the bytes of each packet in the datagram.
 */
unsigned int udp_batch_control_read(const struct mmsghdr *m,
                                    struct link_socket_actual *from);

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

#endif /* UDP_BATCH_LINK_H */
