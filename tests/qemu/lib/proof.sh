# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2153
# Did packets really take the guest's rings? Sourced.

# QEMU goes on without vhost if something of it fails.
no_fallback() {
	local said
	said=$(<"$RUN/$1-qemu.log")
	[[ $said != *vhost* && $said != *'falling back'* ]] ||
		fail "QEMU of $1 says: $said"
}

# Puts what /proc tells of a tun fd's rings into RING[rx.packets] and the like,
# RING[mode] and RING[server]. $1: guest, $2: number of the queue
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
		fail "queue $2 tells of no packets"
}

# $1: guest, $2: worker or kernel
served_by() {
	ring_read "$1" 0
	[ "${RING[server]-}" = "$2" ] ||
		fail "the rings of $1 are served by ${RING[server]-nobody}"
}

# QEMU turns the log of pages on, and off, when it gets to it. The same arguments.
served_soon() {
	within 20 quietly served_by "$@" || served_by "$@"
}

# In a shell of its own, where a failure ends nothing else. $@: a command
quietly() (
	"$@" >/dev/null 2>&1
)

# How often vhost-net's thread for a guest was let run. Sets WORKED.
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

# Everything that a device carries goes through the rings of its only queue.
# $1: guest, $2: device
rings_carry() {
	local sent received rx tx
	no_fallback "$1"
	if [ "$BACKEND" = vhost_net ]; then
		worker_carries "$1"
		return
	fi
	# whatever comes between the two is the rings' to show
	ring_read "$1" 0
	device_packets "$2"
	sent=$SENT received=$RECEIVED rx=${RING[rx.packets]} tx=${RING[tx.packets]}
	pings_few "$1"
	device_packets "$2"
	ring_read "$1" 0
	# what the stack sends is what the guest receives
	sent=$((SENT - sent)) received=$((RECEIVED - received))
	rx=$((${RING[rx.packets]} - rx)) tx=$((${RING[tx.packets]} - tx))
	[[ $sent -ge 10 && $received -ge 10 ]] || fail "no packets on $2"
	note "$2: $sent sent, $received received; rings: rx $rx, tx $tx"
	[[ $rx -ge $sent && $tx -ge $received ]] || fail "not all took the rings"
}

worker_carries() {
	local before
	worker_read "$1"
	before=$WORKED
	pings_few "$1"
	worker_read "$1"
	note "vhost-net's thread ran $((WORKED - before)) times"
	[ $((WORKED - before)) -ge 5 ] || fail "vhost-net has not worked"
}

# Puts what each queue has carried, as the guest's driver counts, into
# QUEUE[rx.0] and the like. $1: guest
queues_read() {
	local line said
	declare -gA QUEUE=()
	said=$(guest "$1" "ethtool -S eth0") || fail "no statistics"
	while read -r line; do
		[[ ! $line =~ ^(rx|tx)_queue_([0-9]+)_packets:\ ([0-9]+)$ ]] ||
			QUEUE[${BASH_REMATCH[1]}.${BASH_REMATCH[2]}]=${BASH_REMATCH[3]}
	done <<<"$said"
}

# Each of two queues carries something, both ways; with our tun, by the
# rings of its fd. $1: guest, rest: what is to be carried
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
			fail "$key has carried nothing"
		[[ $BACKEND == tun* ]] || continue
		ring_read "$name" "${key#*.}"
		[ "${RING[${key%.*}.packets]}" -gt 0 ] || fail "no ring of $key has"
	done
}
