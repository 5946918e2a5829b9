// SPDX-License-Identifier: GPL-2.0
/*
 * Where packets go that the user sends: to a drop at tc ingress, or all the way
 * to a UDP socket, which is emptied when the run is over and counted.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#include "bench.h"

static void socket_open(struct instance *in)
{
	struct sockaddr_in here = {
		.sin_family = AF_INET,
		.sin_port = htons(PORT),
		.sin_addr.s_addr = inet_addr(NET_LOCAL),
	};
	int room = 64 << 20;

	in->sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (in->sock < 0 ||
	    setsockopt(in->sock, SOL_SOCKET, SO_RCVBUFFORCE, &room,
		       sizeof(room)) ||
	    bind(in->sock, (void *)&here, sizeof(here)))
		die("socket: %s", strerror(errno));
}

void sink_open(struct instance *in)
{
	if (in->c->to_socket)
		socket_open(in);
	else
		net_drop_ingress(in->c->device);
}

/* After each run: whether all of n packets are where they should be. */
void sink_check(struct instance *in, unsigned int n)
{
	ssize_t len = in->size - sizeof(struct iphdr) - sizeof(struct udphdr);
	unsigned int i;

	if (!in->c->to_socket) {
		if (net_ip_received(in))
			die("%s: packets came past the drop", in->c->name);
		return;
	}
	for (i = 0; i < n; i++)
		if (recv(in->sock, NULL, 0, MSG_DONTWAIT | MSG_TRUNC) != len)
			die("%s: %u packets of %u came: %s", in->c->name, i, n,
			    strerror(errno));
	if (recv(in->sock, NULL, 0, MSG_DONTWAIT | MSG_TRUNC) >= 0)
		die("%s: more packets came than were sent", in->c->name);
}
