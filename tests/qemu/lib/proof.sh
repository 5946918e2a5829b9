# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2153
# Checks that packets went through the guest's rings. Sourced.

# Fails if QEMU has fallen back to its own backend, which it does when vhost fails.
no_fallback() {
	local said
	said=$(<"$RUN/$1-qemu.log")
	[[ $said != *vhost* && $said != *'falling back'* ]] ||
		fail "QEMU of $1 says: $said"
}

# Reads the fdinfo of a tun fd into RING[rx.packets] and the like, RING[mode] and
# RING[server]. $1: guest, $2: number of the queue
ring_read() {
	local line dir
	local -a words
	declare -gA RING=([mode]=none)
	guest_pid "$1"
	while read -r line; do
		[[ ! $line =~ ^ring-mode:[[:space:]]*([a-z]+) ]] ||
			RING[mode]=${BASH_REMATCH[1]}
		[[ ! $line =~ ^ring-server:[[:space:]]*([a-z]+) ]] ||
			RING[server]=${BASH_REMATCH[1]}
		[[ $line =~ ^ring-(rx|tx): ]] || continue
		dir=${BASH_REMATCH[1]}
		read -r -a words <<<"${line#*:}"
		set -- "${words[@]}"
		while [ $# -gt 1 ]; do
			RING[$dir.$1]=$2
			shift 2
		done
	done <"/proc/$PID/fdinfo/$((40 + $2))"
	[ "${RING[mode]}" = guest ] || fail "queue $2 is in mode ${RING[mode]}"
	[[ ${RING[rx.packets]-} && ${RING[tx.packets]-} ]] ||
		fail "the fdinfo of queue $2 has no counters of packets"
}

# Fails unless the given server serves the rings. $1: guest, $2: worker or kernel
served_by() {
	ring_read "$1" 0
	[ "${RING[server]-}" = "$2" ] ||
		fail "the server of the rings of $1 is ${RING[server]-nobody}, not $2"
}

# Waits for the server, because QEMU turns dirty logging on and off with a delay.
# Arguments: as served_by
served_soon() {
	within 20 quietly served_by "$@" || served_by "$@"
}

# Runs a command in a subshell, so that its failure ends only the subshell. $@: command
quietly() (
	"$@" >/dev/null 2>&1
)

# Sets WORKED to the number of times that vhost-net's thread of a guest has run. $1: guest
worker_read() {
	local comm
	WORKED=
	guest_pid "$1"
	for comm in /proc/[0-9]*/comm; do
		read -r comm_name 2>/dev/null <"$comm" || continue
		[ "$comm_name" != "vhost-$PID" ] || break
	done
	[ "${comm_name-}" = "vhost-$PID" ] || fail "$1 has no thread of vhost-net"
	read -r _ _ WORKED <"${comm%/comm}/schedstat"
}

# All packets of a device go through the rings of its only queue.
# $1: guest, $2: device
rings_carry() {
	local sent received rx tx
	no_fallback "$1"
	if [ "$BACKEND" = vhost_net ]; then
		worker_carries "$1"
		return
	fi
	# Packets between the two reads count for the rings.
	ring_read "$1" 0
	device_packets "$2"
	sent=$SENT received=$RECEIVED rx=${RING[rx.packets]} tx=${RING[tx.packets]}
	pings_few "$1"
	device_packets "$2"
	ring_read "$1" 0
	# The guest receives the packets that the stack sends.
	sent=$((SENT - sent)) received=$((RECEIVED - received))
	rx=$((${RING[rx.packets]} - rx)) tx=$((${RING[tx.packets]} - tx))
	[[ $sent -ge 10 && $received -ge 10 ]] || fail "too few packets on $2"
	note "$2: $sent sent, $received received; rings: rx $rx, tx $tx"
	[[ $rx -ge $sent && $tx -ge $received ]] || fail "some packets did not take the rings"
}

worker_carries() {
	local before
	worker_read "$1"
	before=$WORKED
	pings_few "$1"
	worker_read "$1"
	note "vhost-net's thread ran $((WORKED - before)) times"
	[ $((WORKED - before)) -ge 5 ] || fail "vhost-net has not served the guest"
}

# Reads the packet counters of the guest's driver into QUEUE[rx.0] and the like. $1: guest
queues_read() {
	local line said
	declare -gA QUEUE=()
	said=$(guest "$1" "ethtool -S eth0") || fail "$1 prints no statistics"
	while read -r line; do
		[[ ! $line =~ ^(rx|tx)_queue_([0-9]+)_packets:\ ([0-9]+)$ ]] ||
			QUEUE[${BASH_REMATCH[1]}.${BASH_REMATCH[2]}]=${BASH_REMATCH[3]}
	done <<<"$said"
}

# Each of two queues carries packets in both directions; with our tun, by the rings of
# its fd. $1: guest, rest: command that makes packets
queues_carry() {
	local name=$1 key
	local -A before
	shift
	queues_read "$name"
	for key in "${!QUEUE[@]}"; do
		before[$key]=${QUEUE[$key]}
	done
	"$@"
	queues_read "$name"
	no_fallback "$name"
	for key in {rx,tx}.{0,1}; do
		note "$key: $((${QUEUE[$key]} - ${before[$key]})) packets"
		[ "${QUEUE[$key]}" -gt "${before[$key]}" ] ||
			fail "queue $key has carried no packets"
		[[ $BACKEND == tun* ]] || continue
		ring_read "$name" "${key#*.}"
		[ "${RING[${key%.*}.packets]}" -gt 0 ] ||
			fail "the ring of $key has carried no packets"
	done
}
