# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Things that happen to a VPN while it runs. Sourced in the guest.

# A few packets each way; waits for the first one to get through.
pings_pass() {
	within 30 in_ns c1 ping -q -n -c 1 -W 1 10.8.0.1 >"$RUN/ping.log" 2>&1 ||
		fail "no ping gets through"
	pings_few
}

# $1: name, $2: signal, which makes it start over
vpn_restart() {
	local ups
	vpn_count "$1" 'Initialization Sequence Completed'
	ups=$COUNT
	vpn_pid "$1"
	kill "-$2" "$PID"
	must "$1 comes up again" vpn_up "$1" $((ups + 1))
}

# $1: name, $2: how often its rings were set up, in all
rings_made() {
	vpn_count "$1" 'TUN/TAP rings: 2 x'
	[ "$COUNT" = "$2" ] || fail "$1 set rings up $COUNT times, not $2"
}

# Is all as it was? Arguments are those of rings_carried.
rings_live() {
	must "one tun fd" one_tun_fd "$1"
	rings_carried "$@"
}

# Asks the management interface of a VPN in s that has "--management 127.0.0.1 7505".
# $1: command. Prints the answer.
management() {
	# shellcheck disable=SC2016 # the variables are of the other shell
	in_ns s bash -c 'exec 3<>/dev/tcp/127.0.0.1/7505 && echo "$0" >&3 &&
		while read -r -t 60 line <&3; do
			line=${line%$'"'\r'"'}
			[ "$line" != END ] || exit 0
			echo "$line"
			[[ $line != SUCCESS:* ]] || exit 0
		done' "$1"
}
