# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# VPNs of Debian, between 10.8.0.1 (left, in s) and 10.8.0.2 (right, in c1), started by
# "tunring exec" or alone. Sourced in the guest.
# shellcheck source=../../e2e/lib/guest.sh
. "$TOP/tests/e2e/lib/guest.sh"

BUILD=$TOP/build/tests/exec
COMMAND=$TOP/build/tools/tunring
FLOW=2000

# $1: left or right, $2: namespace, rest: the program
peer_start() {
	local name=$1 ns=$2
	local -a by=()
	shift 2
	[ "$WAY" != ring ] || by=("$COMMAND" exec --verbose --)
	nsenter --net="/run/netns/$ns" "${by[@]}" "$@" >"$RUN/$name.log" 2>&1 &
	echo $! >"$RUN/$name.pid"
}

device_is() {
	[ -e "/proc/$(<"$RUN/$1.pid")/net/dev" ] &&
		grep -q '^ *t0:' "/proc/$(<"$RUN/$1.pid")/net/dev"
}

# $1: left or right, $2: namespace, $3 $4: its address and the other's
peer_up() {
	within 30 device_is "$1" || fail "$1 makes no device: $(<"$RUN/$1.log")"
	printf '%s\n' "addr replace $3 peer $4 dev t0" "link set t0 mtu 1300 up" |
		ip -n "$2" -batch - || fail "address of $1"
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
	peer_up left s 10.8.0.1 10.8.0.2
	peer_up right c1 10.8.0.2 10.8.0.1
	within 60 peers_answer || fail "$2 does not answer: $(<"$RUN/left.log")"
	file_exchange 1 1 >&2
	flow_sink
	flow_run 1200 200 >/dev/null
	syscalls_of_flow 1200 $FLOW
}

peers_stop() {
	local name pid
	for name in left right; do
		read -r pid <"$RUN/$name.pid"
		kill -TERM "$pid"
		within 20 vpn_gone "$pid" || fail "$name does not end"
		rm "$RUN/$name.pid"
	done
	kill %% 2>/dev/null
	within 10 tun_idle || fail "tun is in use"
}

# Contents both ways, by rings and without, and fewer system calls by rings.
# $1: VPN, $2: hundredths of a system call that the sender may make for each packet
vpn_case() {
	local -A calls
	local way name
	for way in plain ring; do
		# not in a subshell: the VPNs are jobs of this one
		vpn_calls $way "$1" >"$RUN/calls-$way"
		read -r calls[$way.send] calls[$way.receive] <"$RUN/calls-$way"
		peers_stop
		# shellcheck disable=SC2046
		kill -KILL $(jobs -p) 2>/dev/null
		wait
	done
	note "$1: system calls for each packet, sending ${calls[plain.send]} ->" \
		"${calls[ring.send]}, receiving ${calls[plain.receive]} -> ${calls[ring.receive]}"
	for name in left right; do
		note "$(grep -h 'from the ring with' "$RUN/$name.log")"
		must "$name has a ring" grep -q 'reads from a ring' "$RUN/$name.log"
		! grep 'steps aside' "$RUN/$name.log" || fail "$name loses its ring"
	done
	awk -v s="${calls[ring.send]}" -v r="${calls[ring.receive]}" \
		-v p="${calls[plain.receive]}" -v max="$2" \
		'BEGIN { exit !(s * 100 <= max && r <= p + 0.05) }' ||
		fail "$1: too many system calls"
}
