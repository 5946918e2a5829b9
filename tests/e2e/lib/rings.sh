# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Counters and state of a process's tun and its rings, read from /proc. Sourced in the
# guest.

# Puts the numbers of a VPN's tun fds into TUN_FDS. $1: its name
tun_fds() {
	local fd
	TUN_FDS=()
	vpn_pid "$1"
	for fd in "/proc/$PID/fd"/*; do
		[[ ! $fd -ef /dev/net/tun ]] || TUN_FDS+=("${fd##*/}")
	done
}

# $1: name of a VPN
one_tun_fd() {
	tun_fds "$1"
	[ ${#TUN_FDS[@]} = 1 ] || {
		note "$1 has ${#TUN_FDS[@]} tun fds: ${TUN_FDS[*]}"
		return 1
	}
}

# Puts what /proc tells of a VPN's rings into RING[rx.packets] and the like.
# Fails if it has none. $1: its name
ring_read() {
	local line dir
	local -a words
	declare -gA RING=()
	tun_fds "$1"
	[ ${#TUN_FDS[@]} -gt 0 ] || return 1
	while read -r line; do
		[[ $line =~ ^ring-(rx|tx): ]] || continue
		dir=${BASH_REMATCH[1]}
		read -r -a words <<<"${line#*:}"
		set -- "${words[@]}"
		while [ $# -gt 1 ]; do
			RING[$dir.$1]=$2
			shift 2
		done
	done <"/proc/$PID/fdinfo/${TUN_FDS[0]}"
	[ ${#RING[@]} -gt 0 ]
}

# Every packet of the device took the ring of its direction, and none was lost
# there. $1: name of a VPN, $2: its namespace, $3 $4: packets that took the tx
# and the rx ring which it had before (0)
rings_carried() {
	local received sent bad
	read -r received sent < <(net_counters "$2")
	received=$((${received:-0} - ${3:-0}))
	sent=$((${sent:-0} - ${4:-0}))
	ring_read "$1" || fail "$1 has no rings"
	# The ring's user receives the packets that the stack sends.
	[[ $received -gt 0 && $sent -gt 0 ]] ||
		fail "$1: nothing went through t0"
	[ "${RING[rx.packets]}" -ge "$sent" ] ||
		fail "$1: the rx ring carried ${RING[rx.packets]} of $sent packets"
	[ "${RING[tx.packets]}" -ge "$received" ] ||
		fail "$1: the tx ring carried ${RING[tx.packets]} of $received packets"
	# beyond txqueuelen packets are dropped, as without rings; the device counts them
	[ "${RING[rx.dropped]}" -le "$(net_dropped "$2")" ] ||
		fail "$1: rx.dropped is ${RING[rx.dropped]}, more than t0 counts"
	for bad in tx.dropped {rx,tx}.{too_big,errors}; do
		[ "${RING[$bad]}" = 0 ] || fail "$1: $bad is ${RING[$bad]}, not 0"
	done
}

# The rings that it closed last. $1: name of a VPN. Prints packets: "TX RX"
rings_closed() {
	[[ $(<"$RUN/$1.log") =~ .*'rings closed: rx '([0-9]+)[^,]*', tx '([0-9]+) ]] &&
		echo "${BASH_REMATCH[2]} ${BASH_REMATCH[1]}"
}

# After its end: were all packets used where they lay? $1: name of a VPN
rings_in_place() {
	[[ $(<"$RUN/$1.log") =~ .*'rings closed: '([^$'\n']*) ]] || return 1
	note "$1: ${BASH_REMATCH[1]}"
	[[ ${BASH_REMATCH[1]} =~ \(0\ copied\).*\(0\ copied\) ]]
}
