# SPDX-License-Identifier: GPL-2.0
# The figures that have to be reached, as TAP. After rows.awk.

function at_most(what, x, limit, ok) {
	ok = x != "-" && x + 0 > 0 && x + 0 <= limit
	printf "# %s: %s, at most %.3f\n", what,
	       x == "-" ? "not measured" : sprintf("%.3f", x), limit
	printf "%sok %d - %s\n", ok ? "" : "not ", ++cases, what
	failed += !ok
}

function size_cases(size) {
	at_most("receive by ring to read(), " size " B",
		ratio(share("ours", "ring", size, 64, "dummy"),
		      share("stock", "read", size, 64, "dummy")), 1 / 3)
	at_most("send by ring to write(), " size " B",
		ratio(send("ours", "ring", size, 64),
		      send("stock", "write", size, 64)), 0.6)
	at_most("read() on ours to stock, " size " B",
		ratio(share("ours", "read", size, 64, "dummy"),
		      share("stock", "read", size, 64, "dummy")), 1.02)
	at_most("write() on ours to stock, " size " B",
		ratio(send("ours", "write", size, 64),
		      send("stock", "write", size, 64)), 1.02)
}

END {
	size_cases(64)
	size_cases(1400)
	print "1.." cases
	exit failed > 0
}
