# SPDX-License-Identifier: GPL-2.0
# What the tables show, in this order. After rows.awk; whoever prints defines
#
#   head(title, note, columns)	a table begins
#   cells(label, format)	a line of it: cell[1] to cell[columns], or "-"
#
# FLOOR is what receiving is compared with ("dummy", "dummy-csum"), and "" for
# what is sent, which counts as a whole.

function figure(module, name, size, burst, floor) {
	if (floor)
		return share(module, name, size, burst, floor)
	return send(module, name, size, burst)
}

function counts(label, module, name, burst, floor, i) {
	for (i = 1; i <= 3; i++)
		cell[i] = figure(module, name, SIZE[i], burst, floor)
	cells(label, "%.0f")
}

function bursts(label, name, floor, burst) {
	for (burst = 1; burst <= 64; burst *= 8)
		counts(label ", bursts of " burst, "ours", name, burst, floor)
}

# Bursts of 64: A on ours to B on MODULE.
function ratios(label, a, module, b, floor, i) {
	for (i = 1; i <= 3; i++)
		cell[i] = ratio(figure("ours", a, SIZE[i], 64, floor),
				figure(module, b, SIZE[i], 64, floor))
	cells("ratio " label, "%.2f")
}

function source_of(floor, i) {
	for (i = 1; i <= 3; i++)
		cell[i] = value("ours", floor, "rx", SIZE[i], 64)
	cells("the dummy device itself", "%.0f")
}

function receive(title, note, floor) {
	head(title, note, SIZES)
	source_of(floor)
	counts("read() on stock", "stock", "read", 64, floor)
	counts("read() on ours", "ours", "read", 64, floor)
	counts("io_uring on stock, bursts of 64", "stock", "io_uring", 64,
	       floor)
	counts("io_uring on ours, bursts of 64", "ours", "io_uring", 64, floor)
	counts("io_uring with SQPOLL on stock, 64", "stock",
	       "io_uring-sqpoll", 64, floor)
	counts("veth and AF_PACKET, bursts of 64", "ours", "tpacket", 64, floor)
	counts("veth and AF_XDP, bursts of 64", "ours", "xdp", 64, floor)
	counts("vringfd, bursts of 64", "ours", "vringfd", 64, floor)
	bursts("ring", "ring", floor)
	counts("ring without records, bursts of 64", "ours", "ring-bare", 64,
	       floor)
	counts("no qdisc: read() on stock", "stock", "read-noqueue", 64, floor)
	counts("no qdisc: read() on ours", "ours", "read-noqueue", 64, floor)
	bursts("no qdisc: ring", "ring-noqueue", floor)
	ratios("ring / read() on stock", "ring", "stock", "read", floor)
	ratios("no qdisc: ring / read() on stock", "ring-noqueue", "stock",
	       "read-noqueue", floor)
	ratios("ring / io_uring on stock", "ring", "stock", "io_uring", floor)
	ratios("read() on ours / on stock", "read", "stock", "read", floor)
}

# The packet's user makes the checksum, or passes on that there is none yet.
function receive_csum() {
	head("Receive with TUN_F_CSUM", "Above the dummy device.", SIZES)
	counts("read() on stock", "stock", "read-csum", 64, "dummy")
	counts("read() on ours", "ours", "read-csum", 64, "dummy")
	counts("ring, bursts of 64", "ours", "ring-csum", 64, "dummy")
	ratios("ring / read() on stock", "ring-csum", "stock", "read-csum",
	       "dummy")
	ratios("ring / read() without TUN_F_CSUM", "ring-csum", "stock",
	       "read", "dummy")
}

function transmit() {
	head("Send", "To a drop at tc ingress.", SIZES)
	counts("pktgen, from within the kernel", "ours", "pktgen", 64)
	counts("memcpy of the packet", "ours", "memcpy", 64)
	counts("write() on stock", "stock", "write", 64)
	counts("write() on ours", "ours", "write", 64)
	counts("io_uring on stock, bursts of 64", "stock", "io_uring", 64)
	counts("io_uring on ours, bursts of 64", "ours", "io_uring", 64)
	counts("io_uring with SQPOLL on stock, 64", "stock",
	       "io_uring-sqpoll", 64)
	counts("AF_PACKET and veth, bursts of 64", "ours", "tpacket", 64)
	counts("AF_XDP and veth, bursts of 64", "ours", "xdp", 64)
	counts("vringfd, bursts of 64", "ours", "vringfd", 64)
	bursts("ring", "ring")
	counts("ring without records, bursts of 64", "ours", "ring-bare", 64)
	bursts("ring, polled by a thread", "ring-poller")
	ratios("ring / write() on stock", "ring", "stock", "write")
	ratios("ring / io_uring on stock", "ring", "stock", "io_uring")
	ratios("ring / pktgen", "ring", "ours", "pktgen")
	ratios("polled ring / SQPOLL on stock", "ring-poller", "stock",
	       "io_uring-sqpoll")
	ratios("write() on ours / on stock", "write", "stock", "write")
}

function transmit_socket() {
	head("Send to a socket", "All the way into the queue of a UDP " \
	     "socket; that it is read, and the packet freed then, is not " \
	     "counted. Bursts of 64.", SIZES)
	counts("write() on stock", "stock", "write-socket", 64)
	counts("write() on ours", "ours", "write-socket", 64)
	counts("io_uring on stock", "stock", "io_uring-socket", 64)
	counts("vhost-net on a stock tap", "stock", "vhost-socket", 64)
	counts("guest", "ours", "guest-socket", 64)
	counts("ring", "ours", "ring-socket", 64)
	ratios("ring / write() on stock", "ring-socket", "stock",
	       "write-socket")
	ratios("guest / vhost-net on stock", "guest-socket", "stock",
	       "vhost-socket")
}

function gso_line(label, module, rx, tx) {
	cell[1] = share(module, rx, GSO, 64, "dummy-gso")
	cell[2] = send(module, tx, GSO, 64)
	cells(label, "%.0f")
}

function gso_ratio(label, a, module, rx, tx) {
	cell[1] = ratio(share("ours", a, GSO, 64, "dummy-gso"),
			share(module, rx, GSO, 64, "dummy-gso"))
	cell[2] = ratio(send("ours", a, GSO, 64), send(module, tx, GSO, 64))
	cells("ratio " label, "%.2f")
}

function gso() {
	head("Packets of 64 KB", "TCP, to be segmented into 45 of 1448 bytes; " \
	     "receive is above the dummy device, bursts of 64.",
	     "receive|send")
	cell[1] = value("ours", "dummy-gso", "rx", GSO, 64)
	cell[2] = "-"
	cells("the dummy device itself", "%.0f")
	cell[1] = cell[2] = send("ours", "memcpy-gso", GSO, 64)
	cells("memcpy of the packet", "%.0f")
	gso_line("readv(), writev() on stock", "stock", "readv-gso",
		 "writev-gso")
	gso_line("readv(), writev() on ours", "ours", "readv-gso",
		 "writev-gso")
	gso_line("io_uring on stock", "stock", "io_uring-gso", "io_uring-gso")
	gso_line("io_uring on ours", "ours", "io_uring-gso", "io_uring-gso")
	gso_line("ring", "ours", "ring-gso", "ring-gso")
	gso_line("vhost-net on stock", "stock", "vhost-gso", "vhost-gso")
	gso_line("guest", "ours", "guest-gso", "guest-gso")
	gso_line("guest in pinned memory", "ours", "guest-pinned-gso",
		 "guest-pinned-gso")
	gso_line("attached", "ours", "attached-gso", "attached-gso")
	gso_line("attached and pinned", "ours", "attached-pinned-gso",
		 "attached-pinned-gso")
	gso_ratio("ring / readv(), writev() on stock", "ring-gso", "stock",
		  "readv-gso", "writev-gso")
	gso_ratio("ring / io_uring on stock", "ring-gso", "stock",
		  "io_uring-gso", "io_uring-gso")
	gso_ratio("guest / vhost-net on stock", "guest-gso", "stock",
		  "vhost-gso", "vhost-gso")
	gso_ratio("guest in pinned memory / the same", "guest-pinned-gso",
		  "stock", "vhost-gso", "vhost-gso")
	gso_ratio("attached / the same", "attached-gso", "stock", "vhost-gso",
		  "vhost-gso")
	gso_ratio("attached and pinned / the same", "attached-pinned-gso",
		  "stock", "vhost-gso", "vhost-gso")
}

# Behind a tap, by a virtio driver with eventfds; the server's thread counts.
function virtio(title, note, floor) {
	head(title, note, SIZES)
	counts("vhost-net on stock", "stock", "vhost", 64, floor)
	counts("vhost-net on ours", "ours", "vhost", 64, floor)
	bursts("guest", "guest", floor)
	bursts("guest in pinned memory", "guest-pinned", floor)
	counts("attached, bursts of 64", "ours", "attached", 64, floor)
	bursts("attached and pinned", "attached-pinned", floor)
	ratios("guest / vhost-net on stock", "guest", "stock", "vhost", floor)
	ratios("guest in pinned memory / the same", "guest-pinned", "stock",
	       "vhost", floor)
	ratios("attached / the same", "attached", "stock", "vhost", floor)
	ratios("attached and pinned / the same", "attached-pinned", "stock",
	       "vhost", floor)
}

function event_cells(column, module, name, direction, burst, where) {
	where = module SUBSEP name SUBSEP direction SUBSEP 64 SUBSEP burst
	cell[column] = where in syscalls ? syscalls[where] : "-"
	cell[column + 1] = where in wakeups ? wakeups[where] : "-"
}

function event_line(label, module, rx, tx, burst) {
	event_cells(1, module, rx, "rx", burst)
	event_cells(3, module, tx, "tx", burst)
	cells(label ", bursts of " burst, "%.3f")
}

function event_lines(label, module, rx, tx) {
	event_line(label, module, rx, tx, 8)
	event_line(label, module, rx, tx, 64)
}

function events() {
	head("System calls and wake-ups", "Of the program, for each packet " \
	     "of 64 B.", "rx calls|wake-ups|tx calls|wake-ups")
	event_line("read(), write() on stock", "stock", "read", "write", 64)
	event_lines("io_uring on stock", "stock", "io_uring", "io_uring")
	event_lines("io_uring with SQPOLL", "stock", "io_uring-sqpoll",
		    "io_uring-sqpoll")
	event_lines("veth and AF_PACKET", "ours", "tpacket", "tpacket")
	event_lines("veth and AF_XDP", "ours", "xdp", "xdp")
	event_lines("vhost-net on stock", "stock", "vhost", "vhost")
	event_lines("guest", "ours", "guest", "guest")
	event_lines("guest, pinned", "ours", "guest-pinned", "guest-pinned")
	event_lines("attached, pinned", "ours", "attached-pinned",
		    "attached-pinned")
	event_lines("vringfd", "ours", "vringfd", "vringfd")
	event_lines("ring", "ours", "ring", "ring")
}

function sections() {
	split("64 256 1400", SIZE, " ")
	SIZES = "64 B|256 B|1400 B"
	GSO = 65200
	receive("Receive", "Above UDP sent to a dummy device.", "dummy")
	receive("Receive, less the stack's own checksum",
		"Above a dummy device that has the checksum made, too.",
		"dummy-csum")
	receive_csum()
	transmit()
	transmit_socket()
	gso()
	virtio("Tap and virtio rings: receive", "Above the dummy device.",
	       "dummy")
	virtio("Tap and virtio rings: send", "To a drop at tc ingress.", "")
	events()
}
