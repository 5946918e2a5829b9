# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Hosts are network namespaces: "s", the server's, has a link to each of the
# clients "c1", "c2", "c3". Sourced in the guest.
#
#	s  10.9.N.1 ---- 10.9.N.2  cN

CLIENTS=(1 2 3)

in_ns() {
	local ns=$1
	shift
	ip netns exec "$ns" "$@"
}

ns_add() {
	ip netns add "$1" && ip -n "$1" link set lo up
	# Nothing but our packets, so that counters can be compared.
	in_ns "$1" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 \
		net.ipv6.conf.default.disable_ipv6=1
}

net_up() {
	local n
	ns_add s
	for n in "${CLIENTS[@]}"; do
		ns_add "c$n"
		ip -n s link add "v$n" type veth peer name v0 netns "c$n"
		ip -n s addr add "10.9.$n.1/24" dev "v$n"
		ip -n "c$n" addr add "10.9.$n.2/24" dev v0
		ip -n s link set "v$n" up
		ip -n "c$n" link set v0 up
	done
}

net_down() {
	local n
	for n in s "${CLIENTS[@]/#/c}"; do
		ip netns pids "$n" | xargs -r kill -KILL
		ip netns del "$n"
	done
}

# $1: namespace, $2: interface, $3: counter (rx_packets, tx_packets ...)
net_counter() {
	in_ns "$1" cat "/sys/class/net/$2/statistics/$3"
}

# $1: seconds, rest: a command that has to succeed within them
within() {
	local deadline=$((SECONDS + $1))
	shift
	until "$@"; do
		[ $SECONDS -lt $deadline ] || return 1
		sleep 0.1
	done
}
