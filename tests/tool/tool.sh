# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# For the programs that try the command: TAP, devices, patience.

export TUNRING=$TOP/build/tools/tunring
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
N=0

# Ours was built out of tree, which the kernel notes.
if [ -z "${MODULE-}" ]; then
	MODULE=stock
	modprobe -q tun
	! grep -q O /sys/module/tun/taint 2>/dev/null || MODULE=ours
fi

plan() {
	echo "TAP version 13"
	echo "1..$1"
}

# $1: name of the test; the rest: a command that succeeds if the test passes
ok() {
	local name=$1
	shift
	N=$((N + 1))
	if "$@" >"$WORK/out" 2>&1; then
		echo "ok $N $name"
	else
		echo "not ok $N $name"
		echo "# $*"
		sed 's/^/# /' "$WORK/out"
	fi
}

# $1: status that is expected; the rest: a command
status() {
	local want=$1 got=0
	shift
	"$@" || got=$?
	[ "$got" = "$want" ] || { echo "status $got, not $want"; return 1; }
}

# $@: a command, tried until it holds, for a minute or so
soon() {
	local tries=600
	until "$@"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.1
	done
}

# $@: ping's options. All must come back, intact (ping compares the bytes). One at a
# time: for the last of several ping waits no longer than twice the others' time.
pings() {
	local said
	for _ in 1 2 3; do
		said=$(ping -q -c 1 -W 20 "$@" 2>&1)
		[[ $said == *', 0% packet loss'* &&
			$said != *corrupted* && $said != *duplicate* ]] && continue
		echo "$said"
		return 1
	done
}

quiet() {
	"$@" >/dev/null 2>&1
}

is_up() {
	local flags=0
	{ read -r flags <"/sys/class/net/$1/flags"; } 2>/dev/null &&
		[ $((flags & 1)) = 1 ]
}

# $1: device. Waits until it is there and up.
up() {
	soon is_up "$1" || { echo "# $1 did not come up"; return 1; }
}

# $@: options, or "". The name of the mode that the command has to print.
mode_of() {
	if [ "$MODULE" != ours ]; then
		echo "read and write"
		return
	fi
	case " $* " in
	*" --no-ring "*) echo "read and write" ;;
	*" --attach "*) echo "rings (attached)" ;;
	*" --pin "*) echo "rings (pinned)" ;;
	*) echo rings ;;
	esac
}

# $@: options, or "". The words on its pool that the command has to add.
pool_of() {
	case " $* " in
	*" --huge "*) echo ", in a pool on huge pages" ;;
	*" --pool "*) echo ", in a pool on ordinary pages" ;;
	esac
}

# $1: pid. Kilobytes of it that are locked.
locked() {
	sed -n 's/^VmLck:[[:space:]]*\(.*\) kB/\1/p' "/proc/$1/status"
}

# Without IPv6, only packets of the test come to a device.
no_ipv6() {
	sysctl -qw net.ipv6.conf.default.disable_ipv6=1
}

# $1: pid. Its status.
finish() {
	kill -TERM "$1" && wait "$1"
}
