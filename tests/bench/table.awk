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

# The packet's user makes the checksum, or passes on that there is none yet.
function receive_csum(title) {
	printf "%-46s %8s %8s\n", title, "64 B", "1400 B"
	counts("read() on stock", share("stock", "read-csum", 64, 64, "dummy"),
	       share("stock", "read-csum", 1400, 64, "dummy"))
	counts("read() on ours", share("ours", "read-csum", 64, 64, "dummy"),
	       share("ours", "read-csum", 1400, 64, "dummy"))
	counts("ring, bursts of 64", share("ours", "ring-csum", 64, 64, "dummy"),
	       share("ours", "ring-csum", 1400, 64, "dummy"))
	ratios("ratio ring (64) / read() on stock",
	       ratio(share("ours", "ring-csum", 64, 64, "dummy"),
		     share("stock", "read-csum", 64, 64, "dummy")),
	       ratio(share("ours", "ring-csum", 1400, 64, "dummy"),
		     share("stock", "read-csum", 1400, 64, "dummy")))
	ratios("ratio ring (64) / read() without TUN_F_CSUM",
	       ratio(share("ours", "ring-csum", 64, 64, "dummy"),
		     share("stock", "read", 64, 64, "dummy")),
	       ratio(share("ours", "ring-csum", 1400, 64, "dummy"),
		     share("stock", "read", 1400, 64, "dummy")))
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

# FLOOR is "dummy" for what is received, and none for what is sent.
function virtio_value(module, name, size, burst, floor) {
	if (floor)
		return share(module, name, size, burst, floor)
	return send(module, name, size, burst)
}

function virtio_counts(label, module, name, burst, floor) {
	counts(label, virtio_value(module, name, 64, burst, floor),
	       virtio_value(module, name, 1400, burst, floor))
}

function virtio_ratio(label, name, floor) {
	ratios(label, ratio(virtio_value("ours", name, 64, 64, floor),
			    virtio_value("stock", "vhost", 64, 64, floor)),
	       ratio(virtio_value("ours", name, 1400, 64, floor),
		     virtio_value("stock", "vhost", 1400, 64, floor)))
}

# Behind a tap, by a virtio driver with eventfds; the server's thread counts.
function virtio(title, floor, burst) {
	printf "%-46s %8s %8s\n", title, "64 B", "1400 B"
	virtio_counts("vhost-net on stock", "stock", "vhost", 64, floor)
	virtio_counts("vhost-net on ours", "ours", "vhost", 64, floor)
	for (burst = 1; burst <= 64; burst *= 8)
		virtio_counts("guest, bursts of " burst, "ours", "guest",
			      burst, floor)
	for (burst = 1; burst <= 64; burst *= 8)
		virtio_counts("guest in pinned memory, bursts of " burst,
			      "ours", "guest-pinned", burst, floor)
	virtio_counts("attached, bursts of 64", "ours", "attached", 64, floor)
	for (burst = 1; burst <= 64; burst *= 8)
		virtio_counts("attached and pinned, bursts of " burst, "ours",
			      "attached-pinned", burst, floor)
	virtio_ratio("ratio guest (64) / vhost-net on stock", "guest", floor)
	virtio_ratio("ratio guest in pinned memory (64) / the same",
		     "guest-pinned", floor)
	virtio_ratio("ratio attached (64) / vhost-net on stock", "attached",
		     floor)
	virtio_ratio("ratio attached and pinned (64) / the same",
		     "attached-pinned", floor)
}

END {
	print "Instructions per packet"
	print ""
	receive("Receive, above UDP sent to a dummy device", "dummy")
	print ""
	receive("The same, less the stack's own checksum", "dummy-csum")
	print ""
	receive_csum("Above the dummy device, with TUN_F_CSUM")
	print ""
	transmit("Send, to a drop at tc ingress")
	print ""
	virtio("Tap and virtio rings: receive, above the dummy", "dummy")
	print ""
	virtio("Tap and virtio rings: send", "")
}
