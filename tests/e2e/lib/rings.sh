# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What /proc tells about a process's tun and its rings. Sourced in the guest.

# Prints the numbers of the tun fds of a process. $1: pid
tun_fds() {
	local fd
	for fd in "/proc/$1/fd"/*; do
		[ "$(readlink "$fd")" != /dev/net/tun ] || echo "${fd##*/}"
	done
}

# $1: name of a VPN
one_tun_fd() {
	local -a fds
	mapfile -t fds < <(tun_fds "$(vpn_pid "$1")")
	[ ${#fds[@]} = 1 ] || {
		note "$1 has ${#fds[@]} tun fds: ${fds[*]}"
		return 1
	}
}

# $1: name of a VPN, $2: rx or tx, $3: counter. Prints it, or fails.
ring_counter() {
	local pid
	pid=$(vpn_pid "$1")
	awk -v ring="ring-$2:" -v name="$3" '
		$1 == ring { for (i = 2; i < NF; i += 2) if ($i == name) v = $(i + 1) }
		END { if (v == "") exit 1; print v }' \
		"/proc/$pid/fdinfo/$(tun_fds "$pid")"
}

# Every packet of the device took the ring of its direction, and none was lost
# there. $1: name of a VPN, $2: its namespace
rings_carried() {
	local dir dev ring bad
	for dir in rx tx; do
		# The user's rx is the device's tx.
		dev=$(net_counter "$2" t0 "$([ $dir = rx ] && echo tx || echo rx)_packets")
		ring=$(ring_counter "$1" $dir packets) || fail "$1 has no rings"
		[ "$dev" -gt 0 ] || fail "$1: nothing went through t0"
		[ "$ring" -ge "$dev" ] ||
			fail "$1: $dir ring carried $ring of $dev packets"
		for bad in dropped too_big errors; do
			[ "$(ring_counter "$1" $dir $bad)" = 0 ] ||
				fail "$1: $dir ring: $bad is not 0"
		done
	done
}

# After its end: were all packets used where they lay? $1: name of a VPN
rings_in_place() {
	local line
	line=$(grep 'rings closed:' "$RUN/$1.log" | tail -n 1)
	note "$1: ${line##*closed: }"
	[[ $line =~ \(0\ copied\).*\(0\ copied\) ]]
}
