# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What goes through a tunnel between 10.8.0.1 (s) and 10.8.0.2 (c1). Sourced in
# the guest.

DATA=$E2E_BUILD/data

# $1: namespace, $2: address, rest: sizes of payloads as FROM-TO-STEP
pings() {
	local ns=$1 to=$2
	shift 2
	in_ns "$ns" "$E2E_BUILD/sweep" "$to" "$@" >"$RUN/ping.log" 2>&1 ||
		fail "pings from $ns to $to: $(<"$RUN/ping.log")"
}

# Small ones, all around the MTU, fragments; from both ends.
ping_sweep() {
	pings c1 10.8.0.1 0-200-9 1340-1500-5 2000-9000-777
	pings s 10.8.0.2 0-100-25 1400-1500-25 2000-9000-3333
}

pings_few() {
	pings c1 10.8.0.1 0-3000-1372
	pings s 10.8.0.2 0-3000-1372
}

# Both ways at once. Prints the receivers' lines. $@: options of iperf3
iperf_run() {
	local server
	in_ns s iperf3 -s -1 -B 10.8.0.1 >"$RUN/iperf-s.log" 2>&1 &
	server=$!
	within 20 iperf_client "$@" ||
		fail "iperf3 $* failed: $(tail -n 1 "$RUN/iperf-c.log")"
	wait "$server"
	grep receiver "$RUN/iperf-c.log" | cut -d']' -f2-
}

# The server may not listen yet, which is no error of the client.
iperf_client() {
	in_ns c1 iperf3 -c 10.8.0.1 -f k --bidir "$@" >"$RUN/iperf-c.log" 2>&1 ||
		! grep -q 'Connection refused' "$RUN/iperf-c.log"
}

iperf_both() {
	local line
	iperf_run -t 1 >"$RUN/iperf.log" || exit 1
	iperf_run -t 1 -u -b 2M -l 500 >>"$RUN/iperf.log" || exit 1
	[ "$(wc -l <"$RUN/iperf.log")" = 4 ] || fail "iperf3 says less than it should"
	! grep -q ' 0.00 *[KM]\?bits' "$RUN/iperf.log" || fail "iperf3 sees nothing arrive"
	while read -r line; do note "iperf3 $line"; done <"$RUN/iperf.log"
}

# Between s and a client. $1: number of the client, $2: MiB
file_exchange() {
	local bytes=$(($2 << 20)) out=$RUN/file-$1 want rc=0
	in_ns s "$E2E_BUILD/stream" listen 10.8.0.1 "710$1" "$DATA/random" \
		"$out-s" $bytes >"$out-s.log" 2>&1 &
	in_ns "c$1" "$E2E_BUILD/stream" connect 10.8.0.1 "710$1" "$DATA/random" \
		"$out-c" $bytes >"$out-c.log" 2>&1 || rc=1
	wait $! || rc=1
	[ $rc = 0 ] || fail "files of c$1: $(cat "$out"-*.log)"
	want=$(awk -v n="$2" '$2 == n { print $1 }' "$DATA/sums")
	[ "$(cksum "$out-s" "$out-c" | cut -d' ' -f1 | xargs)" = "$want $want" ] ||
		fail "files of c$1: checksums are not $want"
	rm "$out"-*
}

# $1: MiB
file_both() {
	file_exchange 1 "$1"
	note "$1 MiB each way, checksums equal"
}

# The far end of flows from c1. Ended by net_down.
flow_sink() {
	in_ns s "$E2E_BUILD/flow" sink 10.8.0.1 7300 &
	within 10 in_ns s sh -c 'ss -Hlun | grep -q :7300' ||
		fail "flow does not listen"
}

# From c1 to s. $1: bytes of a packet, $2: packets. Prints nanoseconds.
flow_run() {
	local out sent received ns
	out=$(in_ns c1 "$E2E_BUILD/flow" send 10.8.0.1 7300 10.9.1.2 "$1" "$2" 64) ||
		fail "flow of $2 packets: ${out:-failed}"
	read -r _ sent _ received _ ns <<<"$out"
	[ "$sent" = "$received" ] || fail "flow: $received of $sent arrived"
	echo "$ns"
}
