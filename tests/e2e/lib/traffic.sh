# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Traffic through a tunnel between 10.8.0.1 (s) and 10.8.0.2 (c1). Sourced in
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

# Both ways at once; something has to arrive. $@: options of iperf3
iperf_run() {
	local server
	in_ns_bg s iperf3 -s -1 -B 10.8.0.1 >"$RUN/iperf-s.log" 2>&1
	server=$!
	within 20 iperf_client "$@" ||
		fail "iperf3 $* failed: $(tail -n 1 "$RUN/iperf-c.log")"
	wait "$server"
}

# The server may not listen yet, which is no error of the client.
iperf_client() {
	in_ns c1 iperf3 -c 10.8.0.1 -f k --bidir "$@" >"$RUN/iperf-c.log" 2>&1 ||
		[[ $(<"$RUN/iperf-c.log") != *'Connection refused'* ]]
}

# A kernel that looks at everything needs a second to begin.
iperf_both() {
	local seconds=1 rate=2M
	[ "$KERNEL" != debug ] || seconds=5 rate=200K
	iperf_run -t $seconds
	iperf_arrived TCP
	iperf_run -t $seconds -u -b $rate -l 500
	iperf_arrived UDP
}

# Tells what the receivers of both directions saw. $1: protocol
iperf_arrived() {
	local line n=0
	while read -r line; do
		[[ $line == *receiver ]] || continue
		[[ ! $line =~ \ 0\.00\ [A-Z]?Bytes ]] || fail "$1: nothing arrives: $line"
		note "iperf3 $1 ${line#*]}"
		n=$((n + 1))
	done <"$RUN/iperf-c.log"
	[ $n = 2 ] || fail "iperf3 $1 tells of $n directions: $(<"$RUN/iperf-c.log")"
}

# Between s and a client. $1: number of the client, $2: MiB
file_exchange() {
	local bytes=$(($2 << 20)) out=$RUN/file-$1 want mib sum rc=0
	in_ns_bg s "$E2E_BUILD/stream" listen 10.8.0.1 "710$1" "$DATA/random" \
		"$out-s" $bytes >"$out-s.log" 2>&1
	in_ns "c$1" "$E2E_BUILD/stream" connect 10.8.0.1 "710$1" "$DATA/random" \
		"$out-c" $bytes >"$out-c.log" 2>&1 || rc=1
	wait $! || rc=1
	[ $rc = 0 ] || fail "files of c$1: $(cat "$out"-*.log)"
	while read -r want mib; do
		[ "$mib" != "$2" ] || break
	done <"$DATA/sums"
	while read -r sum _; do
		[ "$sum" = "$want" ] ||
			fail "files of c$1: checksum $sum, not $want"
		rc=$((rc + 1))
	done < <(cksum "$out-s" "$out-c")
	[ $rc = 2 ] || fail "files of c$1: no checksums"
	rm "$out"-*
}

# $1: MiB
file_both() {
	file_exchange 1 "$1"
	note "$1 MiB each way, checksums equal"
}

# The far end of flows from c1. Ended by case_end. $1 $2: namespace and address, of
# another far end than s
flow_sink() {
	local ns=${1:-s}
	in_ns_bg "$ns" "$E2E_BUILD/flow" sink "${2:-10.8.0.1}" 7300
	within 10 in_ns "$ns" sh -c 'ss -Hlun | grep -q :7300' ||
		fail "flow does not listen"
}

# From c1 to s. $1: bytes of a packet, $2: packets, $3 $4 $5: namespace, address of the
# far end and own address, of another flow. Prints nanoseconds.
flow_run() {
	local out sent received ns
	out=$(in_ns "${3:-c1}" "$E2E_BUILD/flow" send "${4:-10.8.0.1}" 7300 \
		"${5:-10.9.1.2}" "$1" "$2" 64) ||
		fail "flow of $2 packets: ${out:-failed}"
	read -r _ sent _ received _ ns <<<"$out"
	[ "$sent" = "$received" ] || fail "flow: $received of $sent arrived"
	echo "$ns"
}
