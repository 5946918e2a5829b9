# SPDX-License-Identifier: GPL-2.0
# What is to be reached, beside what was. After rows.awk; whoever prints defines
# goal(what, figure, limit). Bursts of 64 all of them, stock tun where another is
# named; behind them, the lines of file MORE, of the other parts.

function rx_ratio(name, size, other, floor) {
	return ratio(share("ours", name, size, 64, floor),
		     share("stock", other, size, 64, floor))
}

function tx_ratio(name, size, module, other) {
	return ratio(send("ours", name, size, 64),
		     send(module, other, size, 64))
}

function calls(name, direction, where) {
	where = "ours" SUBSEP name SUBSEP direction SUBSEP 64 SUBSEP 64
	return where in syscalls ? 64 * syscalls[where] : "-"
}

function goals() {
	goal("receive 64 B by ring / read()",
	     rx_ratio("ring", 64, "read", "dummy"), 1 / 6)
	goal("the same, neither with a queueing discipline",
	     rx_ratio("ring-noqueue", 64, "read-noqueue", "dummy"), 1 / 6)
	goal("receive 64 B by ring / vhost-net",
	     rx_ratio("ring", 64, "vhost", "dummy"), 1 / 3)
	goal("receive 64 B by ring / io_uring",
	     rx_ratio("ring", 64, "io_uring", "dummy"), 1 / 3)
	goal("receive 1400 B by ring / read(), less the checksum",
	     rx_ratio("ring", 1400, "read", "dummy-csum"), 1 / 4)
	goal("the same, neither with a queueing discipline",
	     rx_ratio("ring-noqueue", 1400, "read-noqueue", "dummy-csum"), 1 / 4)
	goal("send 64 B by ring / write()",
	     tx_ratio("ring", 64, "stock", "write"), 0.45)
	goal("receive 1400 B with TUN_F_CSUM by ring / read() without",
	     ratio(share("ours", "ring-csum", 1400, 64, "dummy"),
		   share("stock", "read", 1400, 64, "dummy")), 1 / 3)
	goal("send 64 B by ring / vhost-net",
	     tx_ratio("ring", 64, "stock", "vhost"), 0.8)
	goal("send 64 B by ring / pktgen",
	     tx_ratio("ring", 64, "ours", "pktgen"), 1.25)
	goal("system calls for 64 packets received by ring", calls("ring", "rx"), 1)
	goal("system calls for 64 packets sent by ring", calls("ring", "tx"), 1)
	goal("read() of 64 B on ours / on stock",
	     rx_ratio("read", 64, "read", "dummy"), 1)
	goal("write() of 64 B on ours / on stock",
	     tx_ratio("write", 64, "stock", "write"), 1)
	goal("receive 64 B by a guest / vhost-net",
	     rx_ratio("guest", 64, "vhost", "dummy"), 1)
	goal("receive 64 B by a guest in pinned memory / vhost-net",
	     rx_ratio("guest-pinned", 64, "vhost", "dummy"), 0.7)
	goal("send 64 B by a guest / vhost-net",
	     tx_ratio("guest", 64, "stock", "vhost"), 1)
	goal("send 64 B by a guest in pinned memory / vhost-net",
	     tx_ratio("guest-pinned", 64, "stock", "vhost"), 0.7)
	goals_more()
}

function goals_more(line, f) {
	while (more && (getline line <more) > 0) {
		split(line, f, "\t")
		goal(f[1], f[3], f[2])
	}
}
