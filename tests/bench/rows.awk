# SPDX-License-Identifier: GPL-2.0
# Reads bench.json, a flat object on each line, into field; and rows of single
# packets, which have no part, into value().

{
	delete field
	line = $0
	gsub(/[{}"]/, "", line)
	n = split(line, pairs, ",")
	for (i = 1; i <= n; i++) {
		split(pairs[i], pair, ":")
		field[pair[1]] = pair[2]
	}
}

!("part" in field) {
	where = field["module"] SUBSEP field["contestant"] SUBSEP \
		field["direction"] SUBSEP field["size"] SUBSEP field["burst"]
	if ("missing" in field) {
		missing[where] = field["missing"]
		nobody[field["module"] " " field["contestant"]] = \
			field["missing"]
	} else {
		rows[where] = field["instructions"]
		syscalls[where] = field["syscalls"]
		wakeups[where] = field["wakeups"]
		spread[where] = field["spread"]
	}
}

# Instructions per packet; "-" is not a number, and no requirement passes by it.
function value(module, contestant, direction, size, burst) {
	where = module SUBSEP contestant SUBSEP direction SUBSEP size SUBSEP burst
	return where in rows ? rows[where] + 0 : "-"
}

# The traffic source into a dummy device. It knows nothing of tun, so that what it
# costs beside the one and the other is the same, but for what boots differ by.
function floor_of(floor, size, stock, ours) {
	stock = value("stock", floor, "rx", size, 64)
	ours = value("ours", floor, "rx", size, 64)
	if (stock == "-" || ours == "-")
		return "-"
	return (stock + ours) / 2
}

# What receiving costs above the traffic source; FLOOR is "dummy" or, where
# the stack makes the checksum in both, "dummy-csum".
function share(module, contestant, size, burst, floor) {
	return minus(value(module, contestant, "rx", size, burst),
		     floor_of(floor, size))
}

function send(module, contestant, size, burst) {
	return value(module, contestant, "tx", size, burst)
}

function minus(a, b) {
	return a == "-" || b == "-" ? "-" : a - b
}

function ratio(a, b) {
	return a == "-" || b == "-" || b <= 0 ? "-" : a / b
}
