# SPDX-License-Identifier: GPL-2.0
# The short table. After rows.awk.

function number(x, format) {
	return x == "-" ? "-" : sprintf(format, x)
}

function row(label, small, large, format) {
	printf "  %-44s %8s %8s\n", label, number(small, format),
	       number(large, format)
}

function counts(label, small, large) {
	row(label, small, large, "%.0f")
}

function ratios(label, small, large) {
	row(label, small, large, "%.2f")
}

function receive(title, floor, csum, burst, name, small, large) {
	printf "%-46s %8s %8s\n", title, "64 B", "1400 B"
	counts("the dummy device itself", value("ours", floor, "rx", 64, 64),
	       value("ours", floor, "rx", 1400, 64))
	counts("read() on stock", share("stock", "read", 64, 64, floor),
	       share("stock", "read", 1400, 64, floor))
	counts("read() on ours", share("ours", "read", 64, 64, floor),
	       share("ours", "read", 1400, 64, floor))
	for (burst = 1; burst <= 64; burst *= 8)
		counts("ring, bursts of " burst,
		       share("ours", "ring", 64, burst, floor),
		       share("ours", "ring", 1400, burst, floor))
	if (floor == "dummy")
		counts("ring, bursts of 64, TUN_F_CSUM",
		       share("ours", "ring-csum", 64, 64, floor),
		       share("ours", "ring-csum", 1400, 64, floor))
	ratios("ratio ring (64) / read() on stock",
	       ratio(share("ours", "ring", 64, 64, floor),
		     share("stock", "read", 64, 64, floor)),
	       ratio(share("ours", "ring", 1400, 64, floor),
		     share("stock", "read", 1400, 64, floor)))
	ratios("ratio read() on ours / on stock",
	       ratio(value("ours", "read", "rx", 64, 64),
		     value("stock", "read", "rx", 64, 64)),
	       ratio(value("ours", "read", "rx", 1400, 64),
		     value("stock", "read", "rx", 1400, 64)))
}

function transmit(title, burst) {
	printf "%-46s %8s %8s\n", title, "64 B", "1400 B"
	counts("write() on stock", send("stock", "write", 64, 64),
	       send("stock", "write", 1400, 64))
	counts("write() on ours", send("ours", "write", 64, 64),
	       send("ours", "write", 1400, 64))
	for (burst = 1; burst <= 64; burst *= 8)
		counts("ring, bursts of " burst, send("ours", "ring", 64, burst),
		       send("ours", "ring", 1400, burst))
	ratios("ratio ring (64) / write() on stock",
	       ratio(send("ours", "ring", 64, 64), send("stock", "write", 64, 64)),
	       ratio(send("ours", "ring", 1400, 64),
		     send("stock", "write", 1400, 64)))
	ratios("ratio write() on ours / on stock",
	       ratio(send("ours", "write", 64, 64), send("stock", "write", 64, 64)),
	       ratio(send("ours", "write", 1400, 64),
		     send("stock", "write", 1400, 64)))
}

END {
	print "Instructions per packet"
	print ""
	receive("Receive, above UDP sent to a dummy device", "dummy")
	print ""
	receive("The same, less the stack's own checksum", "dummy-csum")
	print ""
	transmit("Send, to a drop at tc ingress")
}
