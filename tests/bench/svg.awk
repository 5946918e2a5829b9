# SPDX-License-Identifier: GPL-2.0
# A plot of bars, one for each contestant that was measured. After rows.awk.
# -v direction=rx or tx, -v size=64. In rx the dummy device is taken off.

function text(x, y, anchor, s) {
	printf "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>\n",
	       x, y, anchor, s
}

function bar(module, name, label, x) {
	x = direction == "rx" ? share(module, name, size, 64, "dummy") :\
				send(module, name, size, 64)
	if (x == "-")
		return
	shown++
	title[shown] = label
	count[shown] = x
	ours[shown] = module == "ours" && name !~ /^(pktgen|tpacket|xdp)/
	if (x > most)
		most = x
}

function bars() {
	if (direction == "tx")
		bar("ours", "pktgen", "pktgen (floor)")
	bar("stock", direction == "rx" ? "read" : "write",
	    direction == "rx" ? "read(), stock" : "write(), stock")
	bar("stock", "io_uring", "io_uring, stock")
	bar("stock", "io_uring-sqpoll", "io_uring SQPOLL, stock")
	bar("ours", "tpacket", "veth, AF_PACKET")
	bar("ours", "xdp", "veth, AF_XDP")
	bar("stock", "vhost", "vhost-net, stock tap")
	bar("ours", "guest", "guest")
	bar("ours", "guest-pinned", "guest, pinned")
	bar("ours", "attached", "attached ring")
	bar("ours", "attached-pinned", "attached ring, pinned")
	bar("ours", "ring", "mapped ring")
}

function draw(i, y, width) {
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"640\" " \
	       "height=\"%d\" font-family=\"sans-serif\" font-size=\"13\">\n",
	       44 + 24 * shown
	print "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>"
	text(8, 22, "start", (direction == "rx" ?\
	     "Receive, above a dummy device" :\
	     "Send, to a drop at tc ingress") ": instructions per packet of " \
	     size " B, bursts of 64")
	for (i = 1; i <= shown; i++) {
		y = 24 * i + 14
		width = 390 * count[i] / most
		text(180, y + 13, "end", title[i])
		printf "<rect x=\"188\" y=\"%d\" width=\"%.0f\" height=\"18\" " \
		       "fill=\"%s\"/>\n", y, width,
		       ours[i] ? "#2a6fb0" : "#9a9a9a"
		text(194 + width, y + 13, "start", sprintf("%.0f", count[i]))
	}
	print "</svg>"
}

END {
	bars()
	draw()
}
