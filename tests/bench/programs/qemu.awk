# SPDX-License-Identifier: GPL-2.0
# What a guest of QEMU costs, from qemu.json, after ../rows.awk. -v show=tables or
# goals.

{
	at = field["way"] SUBSEP field["direction"] SUBSEP field["size"]
	if ("missing" in field)
		why[field["way"]] = field["missing"]
	else
		count[at] = field["instructions"]
}

function cost(way, direction, size, at) {
	at = way SUBSEP direction SUBSEP size
	return at in count ? count[at] + 0 : "-"
}

function to_vhost(way, direction, size) {
	return ratio(cost(way, direction, size), cost("vhost", direction, size))
}

function shown(format, x) {
	return x == "-" ? "-" : sprintf(format, x)
}

# LABEL's line: instructions, or with AS_RATIO what they are to vhost-net's.
function cells(label, way, as_ratio, d, s) {
	printf "| %s |", label
	for (d = 1; d <= 2; d++)
		for (s = 1; s <= 3; s++)
			printf " %s |", cell(way, DIR[d], SIZE[s], as_ratio)
	print ""
}

function cell(way, direction, size, as_ratio) {
	if (as_ratio)
		return shown("%.2f", to_vhost(way, direction, size))
	return shown("%.0f", cost(way, direction, size))
}

function tables(way) {
	print "\n### A guest of QEMU\n"
	print "Instructions per packet of UDP, in bursts of 64, and per KiB of" \
	      " TCP, of the whole machine: both stacks, the guest's included," \
	      " the two programs, KVM and QEMU.\n"
	print "| | to the guest: 64 B | 1400 B | TCP, KiB | from the guest: 64 B" \
	      " | 1400 B | TCP, KiB |"
	print "|---|---:|---:|---:|---:|---:|---:|"
	cells("QEMU itself, on stock", "userspace")
	cells("vhost-net on stock", "vhost")
	cells("the rings of the fd", "guest")
	cells("the rings of the fd, in pinned memory", "guest-pinned")
	cells("the same, with kicks deferred", "guest-deferred")
	cells("ratio rings / vhost-net", "guest", 1)
	cells("ratio rings in pinned memory / vhost-net", "guest-pinned", 1)
	cells("ratio with kicks deferred / vhost-net", "guest-deferred", 1)
	print "\nKicks deferred: napi_defer_hard_irqs is 2, gro_flush_timeout 200 µs" \
	      " (Documentation/guests.md)."
	for (way in why)
		printf "\n%s: missing, for %s\n", way, why[way]
}

function goal(what, way, limit, d, s) {
	for (d = 1; d <= 2; d++)
		for (s = 1; s <= 3; s++)
			printf "QEMU's guest%s %s, %s / vhost-net\t%s\t%s\n",
			       what, DIR[d] == "rx" ? "receives" : "sends",
			       SIZE[s] == "tcp" ? "TCP" : SIZE[s] " B", limit,
			       shown("%.3f", to_vhost(way, DIR[d], SIZE[s]))
}

END {
	split("rx tx", DIR, " ")
	split("64 1400 tcp", SIZE, " ")
	if (show == "tables") {
		tables()
	} else {
		goal("", "guest", 1)
		goal(" in pinned memory", "guest-pinned", 0.7)
		goal(" in pinned memory, kicks deferred,", "guest-deferred", 0.7)
	}
}
