# SPDX-License-Identifier: GPL-2.0
# latency.json's tables, or with show=goals its goals. After ../rows.awk,
# ../columns.awk and ../rounds.awk.

# What the tables show, in this order: "MODULE KIND".
function shown(name, title) {
	who[++lines] = name
	titles[lines] = title
}

BEGIN {
	shown("stock read", "epoll, read(), write(), stock")
	shown("ours read", "the same, ours")
	shown("ours ring-epoll", "rings, epoll")
	shown("ours ring-enter", "rings, kick and wait by TUNRINGENTER")
	shown("ours ring-enter-all", "the same, all packets before a kick")
	shown("ours ring-busy", "rings, looking all the time")
	shown("stock vhost", "vhost-net on stock")
	shown("ours guest", "guest's rings")
	shown("ours guest-pinned", "guest's rings, pinned")
	shown("ours attached", "attached rings")
	shown("ours attached-pinned", "attached rings, pinned")
}

# Rounds of one row become their median.
"median" in field {
	where = field["clock"] " " field["load"] " " field["module"] " " field["kind"]
	remember(where)
	round_add(where)
}

"missing" in field {
	why[field["clock"] " " field["module"] " " field["kind"]] = field["missing"]
}

function row(clock, l, divide,	out, load, k, i, name, v, base) {
	split("idle bulk", load)
	split("mean median p99 p999", name)
	out = "| " titles[l] " |"
	for (k = 1; k <= 2; k++)
		for (i = 1; i <= 4; i++) {
			v = middle(clock " " load[k] " " who[l], name[i])
			base = divide ? middle(clock " " load[k] " stock read", \
					       name[i]) : 1
			v = ratio(v, base)
			out = out (v == "-" ? " - |" : \
				   sprintf(divide ? " %.2f |" : " %d |", v))
		}
	print out
}

# Why there is no figure, of those that have none.
function absent(clock,	l, out) {
	for (l = 1; l <= lines; l++)
		if ((clock " " who[l]) in why)
			printf "%s: missing, for %s\n\n", titles[l], \
				why[clock " " who[l]]
		else if (!rounds[clock " idle " who[l]])
			out = out (out ? "; " : "Not measured: ") titles[l]
	if (out)
		print out "\n"
}

function rows_of(clock, divide,	l) {
	print "| | idle: mean | median | 99th | 99.9th | bulk: mean | median | 99th | 99.9th |"
	print "|---|---|---|---|---|---|---|---|---|"
	for (l = 1; l <= lines; l++)
		row(clock, l, divide)
	print ""
	absent(clock)
}

function boots(	l, out) {
	out = ""
	for (l = 1; l <= lines; l++)
		if (middle("wall idle " who[l], "median") != "-")
			out = out (out ? ", " : "") who[l] " " \
				int(low / 1000) " to " int(high / 1000)
	return out
}

function tables() {
	w = "icount bulk ours read"
	print "### Latency, in instructions\n"
	printf "A UDP socket sends a packet of 64 bytes through the tun, the tun's user swaps its addresses and sends it back: mean and percentiles of %d, instructions of the one processor from send() to the return of recv(). Bulk: a second flow, %d packets of 1400 bytes every %d instructions, is turned round as well, and all of it has to come back. Rings: the user kicks after 8 packets at most, but for one row. The sender goes before the bulk, the bulk before the tun's user. From vhost-net on, a virtio driver on a tap is the user, which waits for its eventfd with epoll; the thread that serves it, where one does (all but pinned memory), comes last.\n\n", lookup(w, "pings"), lookup(w, "burst"), lookup(w, "period")
	rows_of("icount", 0)
	print "### Latency by the clock, as a part of the stock driver's\n"
	printf "The same with two emulated processors on two of the host, the senders on one and the tun's user on the other, a thread that serves it on either; medians of %d boots each, in turn. Idle medians, in microseconds, lowest and highest boot: %s. Emulation makes calls and switches dearer than they are on a real processor, and a host that does other things makes the last percentiles its own.\n\n", rounds["wall idle stock read"], boots()
	rows_of("wall", 1)
}

function part_of(kind, load, name, base) {
	return ratio(middle("icount " load " ours " kind, name),
		     middle("icount " load " stock " base, name))
}

function goals() {
	goal("latency, read() and write(), ours / stock", 1.05,
	     part_of("read", "idle", "median", "read"))
	goal("latency, rings with TUNRINGENTER / stock", 1,
	     part_of("ring-enter", "idle", "median", "read"))
	goal("latency, rings with TUNRINGENTER / stock, mean beside bulk", 1,
	     part_of("ring-enter", "bulk", "mean", "read"))
	goal("latency, rings polled / stock", 0.9,
	     part_of("ring-busy", "idle", "median", "read"))
	goal("latency, a guest's rings / vhost-net", 1,
	     part_of("guest", "idle", "median", "vhost"))
	goal("latency, a guest's rings / vhost-net, mean beside bulk", 1,
	     part_of("guest", "bulk", "mean", "vhost"))
	goal("latency, a guest's rings in pinned memory / vhost-net", 0.75,
	     part_of("guest-pinned", "idle", "median", "vhost"))
}

END {
	if (show == "goals")
		goals()
	else
		tables()
}
