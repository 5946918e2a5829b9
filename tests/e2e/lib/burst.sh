# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Packets that a VPN finds all at once, so that they are in one batch for certain.
# Sourced in the guest.

# One UDP packet for each ADDRESS:SIZE, in this order; they wait in the tun while the
# VPN is stopped. $1: name of the VPN, $2: its namespace, rest: ADDRESS:SIZE
burst() {
	local name=$1 ns=$2
	shift 2
	vpn_pid "$name"
	kill -STOP "$PID"
	# shellcheck disable=SC2016
	in_ns "$ns" bash -c 'for p; do
		printf "%${p#*:}s" "" >"/dev/udp/${p%:*}/5555" || exit 1
	done' - "$@" || fail "a burst of $# packets"
	kill -CONT "$PID"
}

# $1: how many, rest: words. Prints the words so many times.
repeat() {
	local n
	for ((n = 0; n < $1; n++)); do
		echo "${@:2}"
	done
}

# Sets TICKS: hundredths of a second that a process ran. $1: name of a VPN
vpn_ticks() {
	local -a stat
	vpn_pid "$1"
	read -r -a stat <"/proc/$PID/stat"
	TICKS=$((stat[13] + stat[14]))
}

# A VPN without traffic takes no time. $1: name
vpn_rests() {
	local before
	sleep 1
	vpn_ticks "$1"
	before=$TICKS
	sleep 1
	vpn_ticks "$1"
	[ $((TICKS - before)) -lt 30 ] ||
		fail "$1 ran for $((TICKS - before))0 ms of an idle second"
}
