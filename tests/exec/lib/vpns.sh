# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# VPNs of Debian, between 10.8.0.1 (left, in s) and 10.8.0.2 (right, in c1), started by
# "tunring exec" or alone. Sourced in the guest.
# shellcheck source=../../e2e/lib/guest.sh
. "$TOP/tests/e2e/lib/guest.sh"

BUILD=$TOP/build/tests/exec
COMMAND=$TOP/build/tools/tunring
# Packets that are counted, bytes of each, and the VPNs' device.
FLOW=2000
SIZE=1200
DEV=t0

# $1: left or right, $2: namespace, rest: the program
peer_start() {
	local name=$1 ns=$2
	local -a by=()
	shift 2
	[ "$WAY" != ring ] || by=("$COMMAND" exec --verbose --)
	# without a word, bash gives a program in the background another input
	nsenter --net="/run/netns/$ns" "${by[@]}" "$@" <&0 >"$RUN/$name.log" 2>&1 &
	echo $! | tee "$RUN/$name.started" >"$RUN/$name.pid"
}

# $1: namespace
device_is() {
	grep -q "^ *$DEV:" <(in_ns "$1" cat /proc/net/dev)
}

# $1: left or right, $2: namespace, $3 $4: its address and the other's
peer_up() {
	within 30 device_is "$2" || fail "$1 makes no device: $(<"$RUN/$1.log")"
	printf '%s\n' "addr replace $3 peer $4 dev $DEV" "link set $DEV mtu 1300 up" |
		ip -n "$2" -batch - || fail "address of $1"
}

# VPNs that leave it to others to configure their devices.
peers_up() {
	peer_up left s 10.8.0.1 10.8.0.2
	peer_up right c1 10.8.0.2 10.8.0.1
}

# $1: left or right, $2: its namespace. The process that has the tun there may be a child
# of the one that was started: its pid is in NAME.pid from now on.
peer_find() {
	local fd pid net
	net=$(stat -Lc %i "/run/netns/$2")
	while read -r fd; do
		pid=${fd#/proc/}
		pid=${pid%%/*}
		[ "$(readlink "/proc/$pid/ns/net")" = "net:[$net]" ] || continue
		echo "$pid" >"$RUN/$1.pid"
		return
	done < <(find /proc/[0-9]*/fd -lname /dev/net/tun 2>/dev/null)
	fail "nobody has the tun of $1"
}

tinc_up() {
	peers_up
}

tinc_start() {
	local name ns
	cp -r "$BUILD/tinc" "$RUN/tinc"
	for name in left right; do
		[ "$name" = left ] && ns=s || ns=c1
		peer_start "$name" "$ns" /usr/sbin/tincd -D -c "$RUN/tinc/$name" \
			--pidfile="$RUN/$name.tinc"
	done
}

# $1: own number, $2: own key, $3: the other's public key
fastd_config() {
	cat <<-END
		interface "t0";
		mode tun;
		method "null";
		mtu 1400;
		bind 10.9.1.$1:1194;
		secret "$2";
		peer "other" { key "$3"; remote 10.9.1.$((3 - $1)):1194; }
	END
}

fastd_up() {
	peers_up
}

fastd_start() {
	local -A key
	local name ns
	for name in left right; do
		key[$name]=$(fastd --generate-key 2>/dev/null)
		key[$name.secret]=$(sed -n 's/^Secret: *//p' <<<"${key[$name]}")
		key[$name.public]=$(sed -n 's/^Public: *//p' <<<"${key[$name]}")
	done
	fastd_config 1 "${key[left.secret]}" "${key[right.public]}" >"$RUN/left.conf"
	fastd_config 2 "${key[right.secret]}" "${key[left.public]}" >"$RUN/right.conf"
	for name in left right; do
		[ "$name" = left ] && ns=s || ns=c1
		peer_start "$name" "$ns" fastd --config "$RUN/$name.conf"
	done
}

peers_answer() {
	in_ns c1 ping -q -n -c 1 -W 1 10.8.0.1 >"$RUN/ping.log" 2>&1
}

# Prints "SENDING RECEIVING": system calls for each packet. $1: ring or plain, $2: VPN
vpn_calls() {
	WAY=$1
	"$2_start"
	"$2_up"
	within 60 peers_answer || fail "$2 does not answer: $(<"$RUN/left.log")"
	file_exchange 1 1 >&2
	flow_sink
	flow_run $SIZE 200 >/dev/null
	peer_find left s
	peer_find right c1
	syscalls_of_flow $SIZE $FLOW
}

# $1: left or right. Ends the process that was started, and the process that has the tun.
peer_stop() {
	local pid
	for pid in "$(<"$RUN/$1.started")" "$(<"$RUN/$1.pid")"; do
		kill -TERM "$pid" 2>/dev/null
		within 20 vpn_gone "$pid" || fail "$1 does not end"
	done
	rm "$RUN/$1.pid"
}

# $@: left and right, or one of them
peers_stop() {
	local name
	for name; do
		peer_stop "$name"
	done
	# shellcheck disable=SC2046
	kill -KILL $(jobs -p) 2>/dev/null
	wait
	within 10 tun_idle || fail "tun is in use"
}

# Has the driver rings? With the stock tun.ko all programs step aside, and cost no more.
driver_has_rings() {
	[ "${MODULE-ours}" = ours ]
}

# $1: left or right, $2: ring or aside. The library says what became of the ring.
peer_has() {
	local log=$RUN/$1.log want=$2
	driver_has_rings || want=aside
	note "$(grep -h 'from the ring with\|steps aside' "$log" | tail -n 1)"
	case $want in
	ring)
		must "$1 has a ring" grep -q 'reads from a ring' "$log"
		! grep 'steps aside' "$log" || fail "$1 loses its ring"
		;;
	aside) must "$1 steps aside" grep -q 'steps aside' "$log" ;;
	esac
}

# $1: what, $2 $3: without rings and with them. They never cost more.
no_dearer() {
	awk -v plain="$2" -v ring="$3" 'BEGIN { exit !(ring <= plain + 0.05) }' ||
		fail "$1: $3 system calls for each packet, $2 without rings"
}

# Contents both ways, by rings and without; fewer system calls by rings.
# $1: VPN, $2: hundredths of a system call that the sender may make for each packet,
# $3 $4: ring or aside, of left and right (ring)
vpn_case() {
	local -A calls
	local way
	for way in plain ring; do
		# not in a subshell: the VPNs are jobs of this one
		vpn_calls $way "$1" >"$RUN/calls-$way"
		read -r calls[$way.send] calls[$way.receive] <"$RUN/calls-$way"
		peers_stop left right
	done
	note "$1: system calls for each packet, sending ${calls[plain.send]} ->" \
		"${calls[ring.send]}, receiving ${calls[plain.receive]} -> ${calls[ring.receive]}"
	peer_has left "${3:-ring}"
	peer_has right "${4:-ring}"
	no_dearer sending "${calls[plain.send]}" "${calls[ring.send]}"
	no_dearer receiving "${calls[plain.receive]}" "${calls[ring.receive]}"
	! driver_has_rings ||
		awk -v s="${calls[ring.send]}" -v max="$2" 'BEGIN { exit !(s * 100 <= max) }' ||
		fail "$1: too many system calls"
}
