# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What goes through a tunnel between 10.8.0.1 (s) and 10.8.0.2 (c1). Sourced in
# the guest.

DATA=$E2E_BUILD/data

# $1: namespace, $2: address, rest: sizes
ping_sizes() {
	local ns=$1 to=$2 size
	shift 2
	for size; do
		in_ns "$ns" ping -q -n -c 2 -i 0.01 -W 5 -s "$size" "$to" \
			>>"$RUN/ping.log" 2>&1 ||
			fail "ping of $size bytes from $ns to $to got no answer"
	done
}

ping_sweep() {
	ping_sizes c1 10.8.0.1 0 1 20 64 255 512 1000 1371 1400 1472 1473 2900 8000
	ping_sizes s 10.8.0.2 0 56 1472 5000
}

# $1: direction (up or down), rest: options of iperf3. Prints its summary.
iperf_run() {
	local reverse=
	[ "$1" != down ] || reverse=-R
	shift
	in_ns s iperf3 -s -1 -B 10.8.0.1 >"$RUN/iperf-s.log" 2>&1 &
	within 10 in_ns s sh -c 'ss -Hltn | grep -q :5201' ||
		fail "iperf3 does not listen"
	in_ns c1 iperf3 -c 10.8.0.1 -f k $reverse "$@" >"$RUN/iperf-c.log" 2>&1 ||
		fail "iperf3 $* failed: $(tail -n 1 "$RUN/iperf-c.log")"
	wait $!
	grep receiver "$RUN/iperf-c.log" | tail -n 1 | cut -d']' -f2
}

iperf_both() {
	local result
	result=$(iperf_run up -t 1) || exit 1
	note "TCP up:  $result"
	result=$(iperf_run down -t 1) || exit 1
	note "TCP down:$result"
	result=$(iperf_run up -t 1 -u -b 8M -l 1000) || exit 1
	note "UDP up:  $result"
	result=$(iperf_run down -t 1 -u -b 8M -l 64) || exit 1
	note "UDP down:$result"
}

# One way. $1: from, $2: to, $3: address of to, $4: port, $5: MiB
file_one_way() {
	local sum want
	want=$(awk -v n="$5" '$2 == n { print $1 }' "$DATA/sums")
	in_ns "$2" socat -u "TCP-LISTEN:$4,reuseaddr" - 2>"$RUN/socat-$4.log" |
		sha1sum >"$RUN/sum-$4" &
	within 10 in_ns "$2" sh -c "ss -Hltn | grep -q :$4" || return 1
	head -c "$5M" "$DATA/random" |
		in_ns "$1" timeout 120 socat -u - "TCP:$3:$4" || return 1
	wait $!
	read -r sum _ <"$RUN/sum-$4"
	[ "$sum" = "$want" ] || {
		note "$5 MiB from $1 to $2: sum $sum, not $want"
		return 1
	}
}

# Both ways at once. $1: MiB
file_both() {
	local up
	file_one_way c1 s 10.8.0.1 7001 "$1" &
	up=$!
	file_one_way s c1 10.8.0.2 7002 "$1" || fail "file from s to c1"
	wait $up || fail "file from c1 to s"
}
