// SPDX-License-Identifier: GPL-2.0
/*
 * Packet sockets. They send frames through an interface and receive the frames
 * that the interface received, unchanged, with checksum and GSO state in a
 * virtio_net_hdr.
 */
#include "lib.h"

int psock_open(const char *name, bool vnet)
{
	struct sockaddr_ll ll = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = if_nametoindex(name),
	};
	int on = 1, buf = 4 << 20, sk;

	sk = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (sk < 0)
		return -errno;
	if ((vnet && setsockopt(sk, SOL_PACKET, PACKET_VNET_HDR, &on,
				sizeof(on))) ||
	    setsockopt(sk, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on,
		       sizeof(on)) ||
	    setsockopt(sk, SOL_SOCKET, SO_RCVBUFFORCE, &buf, sizeof(buf)) ||
	    setsockopt(sk, SOL_SOCKET, SO_SNDBUFFORCE, &buf, sizeof(buf)) ||
	    bind(sk, (struct sockaddr *)&ll, sizeof(ll))) {
		close(sk);
		return -errno;
	}
	return sk;
}

/* vh is NULL for a socket without PACKET_VNET_HDR. */
int psock_send(int sk, const struct virtio_net_hdr *vh, const void *p,
	       size_t len)
{
	struct iovec iov[2] = {
		{ (void *)vh, vh ? sizeof(*vh) : 0 }, { (void *)p, len },
	};
	ssize_t n = writev(sk, iov, 2);

	if (n < 0)
		return -errno;
	return (size_t)n == len + iov[0].iov_len ? 0 : -EIO;
}

ssize_t psock_recv_now(int sk, struct virtio_net_hdr *vh, void *buf, size_t len)
{
	struct virtio_net_hdr none;
	struct iovec iov[2] = {
		{ vh ? vh : &none, vh ? sizeof(*vh) : 0 }, { buf, len },
	};
	struct msghdr m = { .msg_iov = iov, .msg_iovlen = 2 };
	ssize_t n = recvmsg(sk, &m, MSG_DONTWAIT);

	if (n < 0)
		return -errno;
	return n - iov[0].iov_len;
}

ssize_t psock_recv(int sk, struct virtio_net_hdr *vh, void *buf, size_t len)
{
	if (!(fd_wait(sk, POLLIN, WAIT_MS) & POLLIN))
		return -ETIMEDOUT;
	return psock_recv_now(sk, vh, buf, len);
}

int psock_send_flow(int sk, bool tap, const struct flow *f, size_t payload)
{
	static char buf[BIG];

	return psock_send(sk, NULL, buf, pkt_any(buf, tap, f, payload));
}

/* Opens a UDP socket on 10.9.0.1, bound to the interface dev unless it is NULL. */
int udp_open(const char *dev, int port)
{
	struct sockaddr_in sin = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = inet_addr("10.9.0.1"),
	};
	struct timeval tv = { .tv_sec = WAIT_MS / 1000 };
	int sk = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (sk < 0)
		return -errno;
	setsockopt(sk, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	if ((dev && setsockopt(sk, SOL_SOCKET, SO_BINDTODEVICE, dev,
			       strlen(dev) + 1)) ||
	    bind(sk, (struct sockaddr *)&sin, sizeof(sin))) {
		close(sk);
		return -errno;
	}
	return sk;
}
