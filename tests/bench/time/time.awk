# SPDX-License-Identifier: GPL-2.0
# time.json's tables, or with show=goals its goals. After ../rows.awk,
# ../columns.awk and ../rounds.awk.

"cpus" in field {
	cpus = field["cpus"]
	host = field["host_cpus"]
	accelerator = field["accelerator"]
}

"counted" in field && "missing" in field { no_perf = field["missing"] }

"cycles" in field {
	cycles = 1
	round_add("perf " field["module"] " " field["kind"] " " field["queues"])
}

"mbit" in field {
	round_add(field["module"] " " field["kind"] " " field["queues"])
	if (!(field["queues"] in seen)) {
		seen[field["queues"]] = 1
		queues[++n_queues] = field["queues"]
	}
}

function part_of(who, n) {
	return ratio(middle(who " " n, "mbit"),
		     middle("stock plain " n, "mbit"))
}

function show_mbit(who, n,	v) {
	v = middle(who " " n, "mbit")
	return v == "-" ? " - |" : sprintf(" %.0f (%.0f to %.0f) |", v, low, high)
}

function show_part(who, n,	v) {
	v = part_of(who, n)
	return v == "-" ? " - |" : sprintf(" %.2f |", v)
}

function show_drops(who, n,	v, moved) {
	v = middle(who " " n, "retransmitted")
	moved = middle(who " " n, "moved")
	if (v == "-" || !moved)
		return " - |"
	return sprintf(" %.1f, %.1f, %.1f |", v,
		       1000 * middle(who " " n, "dropped") / moved,
		       1000 * middle(who " " n, "qdisc_dropped") / moved)
}

function tables(	i, n) {
	print "### Eight TCP connections through two tuns, by the clock\n"
	printf "Two namespaces, a tun in each, one program with a thread for each queue that copies packets from one tun to the other by libtunring; MTU 1500, no segmentation offload; %s processors, %s, on %s of the host. Mbit/s, medians of %d runs in alternation, lowest and highest behind; the module is changed in between. The last columns, of a thousand each: segments that TCP sent again, packets that the tuns dropped, packets that the qdisc in front dropped. A queue that read() does not empty in time drops; rings let packets wait in the qdisc.\n\n", cpus, accelerator, host, rounds["stock plain " queues[1]]
	print "| queues | stock | read() and write(), ours | rings | ours / stock | rings / stock | sent again, dropped, by the qdisc: stock | ours | rings |"
	print "|---|---|---|---|---|---|---|---|---|"
	for (i = 1; i <= n_queues; i++) {
		n = queues[i]
		print "| " n " |" show_mbit("stock plain", n) \
			show_mbit("ours plain", n) show_mbit("ours rings", n) \
			show_part("ours plain", n) show_part("ours rings", n) \
			show_drops("stock plain", n) \
			show_drops("ours plain", n) show_drops("ours rings", n)
	}
	print ""
	if (!cycles) {
		print "Cycles are not known: " no_perf ".\n"
		return
	}
	print "| queues | cycles, millions: stock | ours | rings |"
	print "|---|---|---|---|"
	for (i = 1; i <= n_queues; i++) {
		n = queues[i]
		printf "| %s | %.0f | %.0f | %.0f |\n", n, \
			middle("perf stock plain " n, "cycles") / 1e6, \
			middle("perf ours plain " n, "cycles") / 1e6, \
			middle("perf ours rings " n, "cycles") / 1e6
	}
	print ""
}

# Single figures by the clock are noise for the most part; the sum less so.
function sum_of(who,	i, v, s) {
	for (i = 1; i <= n_queues; i++) {
		v = middle(who " " queues[i], "mbit")
		if (v == "-")
			return v
		s += v
	}
	return n_queues ? s : "-"
}

function goals() {
	goal("time of 8 TCP flows into one queue, rings / stock", 1,
	     ratio(1, part_of("ours rings", queues[1])))
	goal("the same, sum of all numbers of queues", 1,
	     ratio(sum_of("stock plain"), sum_of("ours rings")))
	goal("the same, read() and write(), ours / stock", 1.2,
	     ratio(sum_of("stock plain"), sum_of("ours plain")))
}

END {
	if (show == "goals")
		goals()
	else
		tables()
}
