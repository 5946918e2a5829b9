// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/* Built as C++11 and as C99 against the shared library: both must do. */
#include <tunring.h>

#include <stdio.h>
#include <string.h>

int main(void)
{
	struct tunring_packet pkt;
	struct tunring_options opt;
	struct tunring *h = NULL;
	char bytes[64];
	int ret, ok;

	memset(&pkt, 0, sizeof(pkt));
	pkt.data = (uint8_t *)bytes + 32;
	pkt.headroom = 32;
	pkt.tailroom = 32;
	pkt.nsegs = 1;
	tunring_options_init(&opt);
	ret = tunring_adopt(&h, -1, 0, &opt);
	ok = ret < 0 && !h && tunring_packet_push(&pkt, 4) &&
	     tunring_packet_put(&pkt, 4) && pkt.len == 8 &&
	     tunring_packet_pull(&pkt, 8) && !tunring_packet_pull(&pkt, 1);
	printf("TAP version 13\n1..1\n%sok 1 links and runs: %s\n",
	       ok ? "" : "not ", tunring_strerror(ret));
	return !ok;
}
