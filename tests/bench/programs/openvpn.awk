# SPDX-License-Identifier: GPL-2.0
# What OpenVPN costs, from openvpn.json. After ../rows.awk, which reads a line into
# field. -v part= says what is wanted: tables or goals.

field["part"] == "openvpn" && !("missing" in field) {
	at = key(field["way"], field["cipher"], field["topology"],
		 field["load"], field["direction"], field["size"])
	cost[at] = field["instructions"]
	calls[at] = field["syscalls"]
}

field["part"] == "openvpn" && "missing" in field {
	absent[field["way"]] = field["missing"]
}

function key(way, cipher, topology, load, direction, size) {
	return way SUBSEP cipher SUBSEP topology SUBSEP load SUBSEP \
	       direction SUBSEP size
}

# Kept as one word, for the calls below.
function pick(figures, way, case_, size, f, at) {
	split(case_, f, "/")
	at = key(way, f[1], f[2], f[3], f[4], size)
	return at in figures ? figures[at] + 0 : "-"
}

function show(format, x) {
	return x == "-" ? "-" : sprintf(format, x)
}

function two_ways(figures, format, case_, size, a, b) {
	a = pick(figures, "stock", case_, size)
	b = pick(figures, "ring", case_, size)
	return sprintf(" %s | %s | %s |", show(format, a), show(format, b),
		       show("%.2f", ratio(b, a)))
}

function one_line(figures, format, label, case_, a, b) {
	a = two_ways(figures, format, case_, 64)
	b = two_ways(figures, format, case_, 1400)
	if (a b ~ /[0-9]/)
		printf "| %s |%s%s\n", label, a, b
}

function head(title, note) {
	printf "\n### OpenVPN, %s\n\n%s\n\n", title, note
	print "| | stock, 64 B | rings | ratio | stock, 1400 B | rings | ratio |"
	print "|---|---:|---:|---:|---:|---:|---:|"
}

function all_lines(figures, format) {
	one_line(figures, format, "p2p, no cipher", "none/p2p/backlog/up")
	one_line(figures, format, "p2p, AES-256-GCM", "AES-256-GCM/p2p/backlog/up")
	one_line(figures, format, "p2p, CHACHA20-POLY1305",
	     "CHACHA20-POLY1305/p2p/backlog/up")
	servers(figures, format, "none", "no cipher")
	servers(figures, format, "AES-256-GCM", "AES-256-GCM")
	servers(figures, format, "CHACHA20-POLY1305", "CHACHA20-POLY1305")
}

function servers(figures, format, cipher, name) {
	one_line(figures, format, "server, one client, " name,
	     cipher "/1/backlog/up")
	one_line(figures, format, "server, ten clients send, " name,
	     cipher "/10/backlog/up")
	one_line(figures, format, "server, sends to ten clients, " name,
	     cipher "/10/backlog/down")
}

function scheduled(figures, format) {
	one_line(figures, format, "p2p, no cipher", "none/p2p/none/up")
	one_line(figures, format, "p2p, AES-256-GCM", "AES-256-GCM/p2p/none/up")
	one_line(figures, format, "p2p, CHACHA20-POLY1305",
	     "CHACHA20-POLY1305/p2p/none/up")
}

function bare(size) {
	return show("%.0f", pick(cost, "none", "none/p2p/backlog/up", size))
}

function fast(cipher) {
	return show("%.0f", pick(cost, "fast", cipher "/p2p/backlog/up", 1400))
}

function tables(way) {
	head("instructions per packet",
	     "UDP through a tunnel over UDP: everything that the machine does, " \
	     "both OpenVPNs, source and sink of the packets and the kernel. " \
	     "Without a VPN the same flow costs " bare(64) " with 64 B and " \
	     bare(1400) " with 1400 B. The source goes before OpenVPN and " \
	     "the sink after it, so that it finds a backlog, as where it is " \
	     "OpenVPN that takes the time. The least of eight rounds: the " \
	     "receiving OpenVPN runs for each packet, or for some, as the " \
	     "scheduler has it, and in the first case stock takes up to 9000 " \
	     "more. OpenVPN's own --fast-io takes stock, with 1400 B, to " \
	     fast("none") " without a cipher and to " fast("AES-256-GCM") \
	     " with AES-256-GCM. About half of what is saved is not the " \
	     "rings' but the patch's, which sends and receives on the UDP " \
	     "side in batches, too: " \
	     "[what it is without](../tools/tunring/openvpn/README.md).")
	all_lines(cost, "%.0f")
	head("instructions per packet, without a backlog",
	     "Source, sink and both OpenVPNs share one processor as equals.")
	scheduled(cost, "%.0f")
	head("system calls per packet", "Of all OpenVPNs.")
	all_lines(calls, "%.2f")
	for (way in absent)
		printf "\nOpenVPN over %s is not measured: %s.\n", way,
		       absent[way]
}

function goal(what, case_, size, limit) {
	printf "%s\t%s\t%s\n", what, limit,
	       show("%.3f", ratio(pick(cost, "ring", case_, size),
				  pick(cost, "stock", case_, size)))
}

function goals() {
	goal("OpenVPN p2p, 1400 B, no cipher: rings / stock",
	     "none/p2p/backlog/up", 1400, 0.55)
	goal("OpenVPN p2p, 1400 B, AES-256-GCM: rings / stock",
	     "AES-256-GCM/p2p/backlog/up", 1400, 0.7)
	goal("the same without a backlog, no cipher", "none/p2p/none/up",
	     1400, 0.55)
	goal("the same without a backlog, AES-256-GCM",
	     "AES-256-GCM/p2p/none/up", 1400, 0.7)
}

END {
	if (part == "goals")
		goals()
	else
		tables()
}
