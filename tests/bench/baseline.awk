# SPDX-License-Identifier: GPL-2.0
# Figures that were kept, and whether today's are the same. After rows.awk; keep=1
# prints today's instead, for the file baseline. What is received counts above
# the dummy device, for the sending of it is the greater part of the whole.

# A run differs from the next by so much, whatever it counts.
function noise() {
	return 12
}

function now(module, name, direction, size) {
	if (direction == "rx")
		return share(module, name, size, 64, "dummy")
	return send(module, name, size, 64)
}

function keep_one(module, name, direction, size, x) {
	x = now(module, name, direction, size)
	if (x == "-") {
		print "not measured: " module, name, direction, size \
			>"/dev/stderr"
		exit 1
	}
	printf "%s %s %s %d %.0f\n", module, name, direction, size, x
}

function keep_name(module, name, rx, tx, size) {
	for (size = 64; size <= 1400; size += 1336) {
		if (rx)
			keep_one(module, name, "rx", size)
		if (tx)
			keep_one(module, name, "tx", size)
	}
}

# Stock's show whether it is the driver that changed, or what measures it.
function keep_all() {
	print "# Instructions per packet in bursts of 64; rx: above the dummy" \
		" device."
	print "# Made by tests/bench/requirements -k; 5% more is a failure."
	keep_name("stock", "read", 1, 0)
	keep_name("stock", "write", 0, 1)
	keep_name("ours", "read", 1, 0)
	keep_name("ours", "write", 0, 1)
	keep_name("ours", "ring", 1, 1)
	keep_name("ours", "ring-bare", 1, 1)
	keep_name("ours", "ring-csum", 1, 0)
	keep_name("ours", "guest", 1, 1)
	keep_name("ours", "guest-pinned", 1, 1)
	keep_name("ours", "attached", 1, 1)
	keep_name("ours", "attached-pinned", 1, 1)
}

function same(module, name, direction, size, kept, x, limit, ok) {
	x = now(module, name, direction, size)
	limit = kept * 1.05 + noise()
	ok = x != "-" && x + 0 > 0 && x + 0 <= limit
	printf "# %s on %s, %s %d B: %s, kept %d, at most %.0f%s\n", name,
	       module, direction, size,
	       x == "-" ? "not measured" : sprintf("%.0f", x), kept, limit,
	       ok && x < kept * 0.95 - noise() ? "; better, -k keeps it" : ""
	printf "%sok %d - no worse than before: %s on %s, %s %d B\n",
	       ok ? "" : "not ", ++cases, name, module, direction, size
	failed += !ok
}

function baseline_cases(line, f, n) {
	while ((getline line <baseline) > 0) {
		if (line ~ /^#/)
			continue
		split(line, f, " ")
		same(f[1], f[2], f[3], f[4], f[5])
		n++
	}
	if (!n) {
		printf "not ok %d - there is a baseline\n", ++cases
		failed++
	}
}

END {
	if (keep)
		keep_all()
}
