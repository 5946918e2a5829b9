# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Hosts are network namespaces: "s", the server's, has a link to each of the
# clients "c1", "c2", "c3". Sourced in the guest.
#
#	s  10.9.N.1 ---- 10.9.N.2  cN

CLIENTS=(1 2 3)

# Not "ip netns exec", which mounts another /sys first.
in_ns() {
	local ns=$1
	shift
	nsenter --net="/run/netns/$ns" "$@"
}

# In the background, so that $! is the program itself and case_end finds it.
in_ns_bg() {
	local ns=$1
	shift
	nsenter --net="/run/netns/$ns" "$@" &
}

# Nothing but our packets, so that counters can be compared: no IPv6. Few
# programs are started, which is what takes time on an emulated machine.
net_up() {
	local n
	[ ! -e /run/netns/s ] || return 0
	sysctl -qw net.ipv6.conf.default.disable_ipv6=1 \
		net.core.devconf_inherit_init_net=1
	{
		printf 'netns add %s\n' s "${CLIENTS[@]/#/c}"
		for n in "${CLIENTS[@]}"; do
			echo "link add v$n netns s type veth peer name v0 netns c$n"
		done
	} | ip -batch - || fail "namespaces"
	# later programs of this machine may want IPv6
	sysctl -qw net.ipv6.conf.default.disable_ipv6=0 \
		net.core.devconf_inherit_init_net=0
	for n in "${CLIENTS[@]}"; do
		printf 'addr add 10.9.%s.1/24 dev v%s\nlink set v%s up\n' "$n" "$n" "$n"
	done | (cat; echo "link set lo up") | ip -n s -batch -
	for n in "${CLIENTS[@]}"; do
		printf '%s\n' "addr add 10.9.$n.2/24 dev v0" "link set v0 up" \
			"link set lo up" | ip -n "c$n" -batch -
	done
}

# $1: network namespace. Prints the packets to t0 that were dropped.
net_dropped() {
	ip -n "$1" -s link show dev t0 |
		awk '$1 == "TX:" { getline; print $4 }'
}

# $1: namespace. Prints "RECEIVED SENT": packets of t0, as the stack sees them.
net_counters() {
	ip -n "$1" -s link show dev t0 | {
		local word rest received=
		while read -r word rest; do
			case $word in
			RX:) read -r _ received _ ;;
			TX:) read -r _ word _ && echo "$received $word" ;;
			esac
		done
	}
}

# Sleeping without a program for it.
exec {NAP}<> <(:)

# $1: seconds, rest: a command that has to succeed within them (a machine that
# has other things to do gets more: PATIENCE)
within() {
	local deadline=$((SECONDS + $1 * PATIENCE))
	shift
	until "$@"; do
		[ $SECONDS -lt $deadline ] || return 1
		read -r -t 0.1 -u "$NAP" _
	done
	return 0
}
