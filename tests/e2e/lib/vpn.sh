# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Starting, watching and ending OpenVPN. Sourced in the guest.

KEYS=$E2E_BUILD/keys
# Freed memory is used again soon, so that the memory of a process says something.
ASAN="env ASAN_OPTIONS=detect_leaks=1:quarantine_size_mb=1"

# The program of a way: stock is Debian's; ring is our build with rings, and with
# batches of the UDP link; batch is our build with batches alone; alone is our build
# with rings alone; plain is our build without an option; asan is our build with rings,
# whose own files are under ASan and UBSan, and asan-plain the same without an option:
# at the end both look for memory that OpenVPN lost; ring27 and batch27 are OpenVPN 2.7.
vpn_program() {
	case $1 in
	stock) echo "$TOP/build/openvpn/stock" ;;
	fast) echo "$TOP/build/openvpn/stock --fast-io" ;;
	plain) echo "$TOP/build/openvpn/openvpn" ;;
	asan) echo "$ASAN $TOP/build/openvpn/asan --tun-ring" ;;
	asan-plain) echo "$ASAN $TOP/build/openvpn/asan" ;;
	ring27) echo "$TOP/build/openvpn-2.7/openvpn --tun-ring" ;;
	batch27) echo "$TOP/build/openvpn-2.7/openvpn --udp-batch" ;;
	batch) echo "$TOP/build/openvpn/openvpn --udp-batch" ;;
	alone) echo "$TOP/build/openvpn/openvpn --tun-ring --udp-batch no" ;;
	ring*) echo "$TOP/build/openvpn/openvpn --tun-ring ${1#ring}" ;;
	*) fail "which program is '$1'?" ;;
	esac
}

# $1: name (for logs), $2: namespace, $3: stock, fast, plain, batch, alone,
# ring or ringENTRIES, rest: options
vpn_start() {
	local name=$1 ns=$2
	local -a program
	read -r -a program <<<"$(vpn_program "$3")"
	shift 3
	: >>"$RUN/$name.log"
	nsenter --net="/run/netns/$ns" "${program[@]}" --dev t0 --verb 3 \
		--disable-dco "$@" >>"$RUN/$name.log" 2>&1 &
	echo $! >"$RUN/$name.pid"
}

# Sets PID. $1: name
vpn_pid() {
	read -r PID <"$RUN/$1.pid"
}

# $1: name, $2: a word or two. Sets COUNT: how often its log has them.
vpn_count() {
	local log
	log=$(<"$RUN/$1.log")
	COUNT=${log//"$2"/}
	COUNT=$(((${#log} - ${#COUNT}) / ${#2}))
}

# $1: name, $2: a word or two, $3: how often they must be there (1)
vpn_said() {
	vpn_count "$1" "$2"
	[ "$COUNT" -ge "${3:-1}" ]
}

# $1: name, $2: how often it must have come up (1)
vpn_up() {
	within 60 vpn_said "$1" 'Initialization Sequence Completed' "${2:-1}" &&
		vpn_pid "$1" && ! vpn_gone "$PID"
}

# Ends one that is to end well. $1: name
vpn_stop() {
	vpn_pid "$1"
	kill -TERM "$PID" 2>/dev/null
	within 30 vpn_gone "$PID" || { vpn_where "$PID"; fail "$1 does not end"; }
	rm "$RUN/$1.pid"
	vpn_said "$1" '] received, process exiting' ||
		fail "$1 did not end by SIGTERM"
	! vpn_said "$1" LeakSanitizer || fail "$1 lost memory"
}

# A zombie has ended, too; one that cannot be looked at has not. $1: pid
vpn_gone() {
	local key value state=
	while read -r key value; do
		[ "$key" != State: ] || state=$value
	done 2>/dev/null <"/proc/$1/status"
	[[ $state == [ZX]* ]] || ! kill -0 "$1" 2>/dev/null
}

# Sets FDS and RSS: open files of a VPN, and KiB of memory that it has touched. $1: name
use_read() {
	local key
	local -a fds
	vpn_pid "$1"
	fds=("/proc/$PID/fd"/*)
	FDS=${#fds[@]}
	while read -r key RSS _; do
		[ "$key" != VmRSS: ] || return 0
	done <"/proc/$PID/status"
}

# Has a VPN as many open files as before? $1: name, $2: FDS before
fds_stay() {
	use_read "$1"
	[ "$FDS" = "$2" ] || fail "$1 has $FDS fds, not $2"
}

# The same, and hardly more memory: it may touch pages of its buffers for the first time.
# $1: name, $2 $3: FDS and RSS before
use_stays() {
	fds_stay "$1" "$2"
	note "$1: $2 fds and $3 KiB, then $FDS and $RSS"
	[ "$RSS" -le $(($3 + 1024)) ] || fail "$1 grew from $3 to $RSS KiB"
}

# Where a program is that does not end. $1: pid
vpn_where() {
	note "$1: $(tr '\n' ' ' 2>/dev/null <"/proc/$1/stack")"
}

# Ends all that still run, each of them cleanly, or says which did not.
vpn_end() {
	local file rc=0
	for file in "$RUN"/*.pid; do
		[ -e "$file" ] || continue
		file=${file##*/}
		(vpn_stop "${file%.pid}") || rc=1
	done
	return $rc
}

# Options of the two ends. $1: p2p or server, $2: udp or tcp, $3: tun or tap
vpn_left_options() {
	echo "--ca $KEYS/ca.crt --cert $KEYS/s.crt --key $KEYS/s.key --dh none
		--dev-type $3 --port 1194"
	case $1:$2 in
	p2p:udp) echo "--tls-server --proto udp --remote 10.9.1.2" ;;
	p2p:tcp) echo "--tls-server --proto tcp-server" ;;
	server:udp) echo "--proto udp --explicit-exit-notify 1" ;;
	server:tcp) echo "--proto tcp-server" ;;
	esac
	case $1:$3 in
	p2p:tun) echo "--ifconfig 10.8.0.1 10.8.0.2" ;;
	p2p:tap) echo "--ifconfig 10.8.0.1 255.255.255.0" ;;
	server:*) echo "--server 10.8.0.0 255.255.255.0 --topology subnet
		--keepalive 2 20" ;;
	esac
}

# $4: number of the client (1)
vpn_right_options() {
	local n=${4:-1}
	echo "--ca $KEYS/ca.crt --cert $KEYS/c$n.crt --key $KEYS/c$n.key
		--dev-type $3 --port 1194 --remote 10.9.$n.1 --connect-retry 1 1"
	case $2 in
	udp) echo "--proto udp" ;;
	tcp) echo "--proto tcp-client" ;;
	esac
	case $1:$3 in
	p2p:tun) echo "--tls-client --ifconfig 10.8.0.2 10.8.0.1" ;;
	p2p:tap) echo "--tls-client --ifconfig 10.8.0.2 255.255.255.0" ;;
	server:*) echo "--client --nobind" ;;
	esac
}

# A tunnel between s and c1.
# $1: p2p or server, $2: udp or tcp, $3: tun or tap, $4 $5: programs, rest:
# options of both
pair_up() {
	local mode=$1 proto=$2 type=$3 left=$4 right=$5
	shift 5
	# shellcheck disable=SC2046
	vpn_start left s "$left" $(vpn_left_options "$mode" "$proto" "$type") "$@"
	# shellcheck disable=SC2046
	vpn_start right c1 "$right" $(vpn_right_options "$mode" "$proto" "$type") "$@"
	must "left comes up" vpn_up left
	must "right comes up" vpn_up right
}
