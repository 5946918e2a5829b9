# SPDX-License-Identifier: GPL-2.0
# latency.json's tables, or with show=goals its goals. After ../rows.awk,
# ../columns.awk and ../rounds.awk.

# Rounds of one row become their median.
"median" in field {
	where = field["clock"] " " field["load"] " " field["module"] " " field["kind"]
	remember(where)
	round_add(where)
}

function row(clock, who, title, divide,	out, load, l, i, name, v, base) {
	split("idle bulk", load)
	split("mean median p99 p999", name)
	out = "| " title " |"
	for (l = 1; l <= 2; l++)
		for (i = 1; i <= 4; i++) {
			v = middle(clock " " load[l] " " who, name[i])
			base = divide ? middle(clock " " load[l] " stock read", \
					       name[i]) : 1
			v = ratio(v, base)
			out = out (v == "-" ? " - |" : \
				   sprintf(divide ? " %.2f |" : " %d |", v))
		}
	print out
}

function rows_of(clock, divide) {
	print "| | idle: mean | median | 99th | 99.9th | bulk: mean | median | 99th | 99.9th |"
	print "|---|---|---|---|---|---|---|---|---|"
	row(clock, "stock read", "epoll, read(), write(), stock", divide)
	row(clock, "ours read", "the same, ours", divide)
	row(clock, "ours ring-epoll", "rings, epoll", divide)
	row(clock, "ours ring-enter", "rings, kick and wait by TUNRINGENTER", divide)
	row(clock, "ours ring-enter-all", "the same, all packets before a kick", divide)
	row(clock, "ours ring-busy", "rings, looking all the time", divide)
	print ""
}

function boots(	k, w, out) {
	split("stock read|ours read|ours ring-epoll|ours ring-enter|ours ring-enter-all|ours ring-busy", k, "|")
	out = ""
	for (w = 1; w <= 6; w++)
		if (middle("wall idle " k[w], "median") != "-")
			out = out (out ? ", " : "") k[w] " " \
				int(low / 1000) " to " int(high / 1000)
	return out
}

function tables() {
	w = "icount bulk ours read"
	print "### Latency, in instructions\n"
	printf "A UDP socket sends a packet of 64 bytes through the tun, the tun's user swaps its addresses and sends it back: mean and percentiles of %d, instructions of the one processor from send() to the return of recv(). Bulk: a second flow, %d packets of 1400 bytes every %d instructions, is turned round as well, and all of it has to come back. Rings: the user kicks after 8 packets at most, but for one row. The sender goes before the bulk, the bulk before the tun's user.\n\n", lookup(w, "pings"), lookup(w, "burst"), lookup(w, "period")
	rows_of("icount", 0)
	print "### Latency by the clock, as a part of the stock driver's\n"
	printf "The same with two emulated processors on two of the host, the senders on one and the tun's user on the other; medians of %d boots each, in turn. Idle medians, in microseconds, lowest and highest boot: %s. Emulation makes calls and switches dearer than they are on a real processor, and a host that does other things makes the last percentiles its own.\n\n", rounds["wall idle stock read"], boots()
	rows_of("wall", 1)
}

function part_of(kind, load, name) {
	return ratio(middle("icount " load " ours " kind, name),
		     middle("icount " load " stock read", name))
}

function goals() {
	goal("latency, read() and write(), ours / stock", 1.05,
	     part_of("read", "idle", "median"))
	goal("latency, rings with TUNRINGENTER / stock", 1,
	     part_of("ring-enter", "idle", "median"))
	goal("latency, rings with TUNRINGENTER / stock, mean beside bulk", 1,
	     part_of("ring-enter", "bulk", "mean"))
	goal("latency, rings polled / stock", 0.9,
	     part_of("ring-busy", "idle", "median"))
}

END {
	if (show == "goals")
		goals()
	else
		tables()
}
