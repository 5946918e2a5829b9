# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Exchanges packets between the machine and a guest. Sourced.

# Pings in both directions, and checks every byte of the answers. $1: guest, rest: sizes
# of payloads as FROM-TO-STEP
pings() {
	local name=$1 said
	shift
	said=$("$QEMU_BUILD/sweep" "$GUEST_IP" "$@") || fail "pings to $name fail: $said"
	note "to $name: $said"
	said=$(guest "$name" "sweep $HOST_IP $*" 60) ||
		fail "pings from $name fail: $said"
	note "from $name: $said"
}

pings_few() {
	pings "$1" 0-1472-368
}

# $1: guest, $2: MTU of both ends, rest: sizes
pings_mtu() {
	local name=$1 mtu=$2
	shift 2
	ip link set t0 mtu "$mtu"
	guest "$name" "ip link set eth0 mtu $mtu" || fail "$name does not set an MTU of $mtu"
	pings "$name" "$@"
}

# The guest answers no ping.
pings_fail() {
	! ping -q -n -c 2 -i 0.3 -W 1 "$GUEST_IP" >>"$RUN/ping.log" 2>&1
}

# Sends packets to the guest at a rate that fills its ring, also if the guest does not
# answer. Sets FLOOD.
flood_begin() {
	device_packets t0
	ping -q -f -n "$GUEST_IP" >"$RUN/flood.log" 2>&1 &
	FLOOD=$!
	within 10 flood_flows "$SENT" || fail "the flood does not begin"
}

# Has the flood sent 20 packets? $1: value of the counter before the flood
flood_flows() {
	device_packets t0
	[ "$SENT" -gt $(($1 + 20)) ]
}

# Waits until the machine has sent packets, received or not. $1: packets
flood_goes_on() {
	local end
	packets_out
	end=$((OUT + $1))
	within 10 packets_are "$end" || fail "the flood has stopped"
}

# Sets OUT to the packets that the machine has sent: OutRequests of IP.
packets_out() {
	local -a word
	read -r -a word < <(sed -n 2p /proc/net/snmp)
	OUT=${word[10]}
}

# $1: packets
packets_are() {
	packets_out
	[ "$OUT" -ge "$1" ]
}

# Ends the flood, which must still run.
flood_end() {
	kill -0 "$FLOOD" || fail "the flood has ended: $(<"$RUN/flood.log")"
	kill "$FLOOD"
}

# Makes the guest's file /tmp/random. The guest is slow at random numbers, so each MiB
# differs from the others only in its number. $1: guest, $2: MiB
guest_file() {
	guest "$1" "rm -f /tmp/out; [ -e /tmp/part ] || head -c $(((1 << 20) - 8)) \
/dev/urandom >/tmp/part; for n in \$(seq $2); do printf %8d \$n; cat /tmp/part; \
done >/tmp/random" 60 || fail "$1 does not make its file"
}

# Begins to exchange a file in each direction over one connection. Sets STREAM.
# $1: guest, $2: MiB, $3: bytes per second, or nothing
files_begin() {
	local bytes=$(($2 << 20))
	rm -f "$RUN/out"
	guest_file "$1" "$2"
	"$QEMU_BUILD/stream" listen "$HOST_IP" 7100 "$RUN/random" "$RUN/out" \
		$bytes "${@:3}" >"$RUN/stream.log" 2>&1 &
	STREAM=$!
	guest "$1" "stream connect $HOST_IP 7100 /tmp/random /tmp/out $bytes ${*:3} \
>/tmp/stream.log 2>&1 & stream=\$!"
}

# Has the guest sent a part of its file, but not all? $1: MiB
files_under_way() {
	[ -s "$RUN/out" ] && [ "$(stat -c %s "$RUN/out")" -lt $(($1 << 20)) ] &&
		kill -0 "$STREAM"
}

# Lets both ends send the rest of their files at full speed. $1: guest
files_hurry() {
	kill -USR1 "$STREAM" || fail "the exchange has ended in the machine"
	guest "$1" "kill -USR1 \$stream" || fail "the exchange has ended in $1"
}

# Waits for the end of the exchange, and checks that each end has the other's file.
# $1: guest, $2: MiB, $3: seconds
files_end() {
	local here there
	guest "$1" "wait \$stream || { cat /tmp/stream.log; false; }" "$3" ||
		fail "the exchange fails in $1"
	wait "$STREAM" || fail "the exchange fails in the machine: $(<"$RUN/stream.log")"
	[ "$(stat -c %s "$RUN/out")" = $(($2 << 20)) ] || fail "the guest's file is short"
	here=$( (head -c "${2}M" "$RUN/random"; cat "$RUN/out") | md5sum) ||
		fail "the machine prints no checksum"
	there=$(guest "$1" "cat /tmp/out /tmp/random | md5sum" 60) ||
		fail "$1 prints no checksum"
	[ "$here" = "$there" ] || fail "the checksums differ: $here and $there"
	note "$2 MiB each way, checksums equal"
}

# $1: guest, $2: MiB
files_both() {
	files_begin "$1" "$2"
	files_end "$1" "$2" 120
}

# Sends many packets in each direction. None is lost, because the window is smaller than
# any queue.
# $1: guest, $2: size, $3: packets
burst_both() {
	local said sink
	guest "$1" "flow sink $GUEST_IP 7300 & sink=\$!"
	said=$("$QEMU_BUILD/flow" send "$GUEST_IP" 7300 "$HOST_IP" "$2" "$3" 128) ||
		fail "the burst to $1 fails: $said"
	note "to $1, $2 bytes: $said"
	guest "$1" "kill \$sink"
	"$QEMU_BUILD/flow" sink "$HOST_IP" 7301 &
	sink=$!
	said=$(guest "$1" "flow send $HOST_IP 7301 $GUEST_IP $2 $3 128" 60) ||
		fail "the burst from $1 fails: $said"
	note "from $1, $2 bytes: $said"
	kill $sink
}
