# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Ways in which one machine can go wrong. Sourced by ../selftest.

# $1: what tests/vm/run must return, $2: name, rest: its arguments
machine() {
	local want=$1 name=$2 rc=0
	shift 2
	"$VM/run" -m none -o "$WORK/machine" "$@" >"$WORK/said" 2>&1 || rc=$?
	[ "$rc" = "$want" ] || echo "# $name: status $rc, not $want"
	verdict "$([ "$rc" = "$want" ] && echo 1)" "$name"
}

machines() {
	machine 3 "a command's status comes through" -- sh -c 'exit 3'
	machine 124 "a machine that hangs is stopped" -t 25 -- sleep 1000
	machine 125 "a machine that ends without a verdict has failed" -- \
		"$CACHE/busybox/bin/busybox" poweroff -f
	machine 125 "a complaint of the kernel is a failure" -- \
		sh -c 'echo "WARNING: possible circular locking" >/dev/kmsg'
}

# Faults that only the debug kernel can see, made by modules that commit them.
machines_debug() {
	machine 125 "KASAN reports, and the machine stops" -k debug -- \
		modprobe test_kasan_module
	machine 125 "UBSAN reports, and the machine stops" -k debug -- \
		modprobe test_ubsan
	machine 125 "kmemleak reports leaks" -k debug -- \
		sh -c 'modprobe kmemleak-test; rmmod kmemleak-test; true'
	verdict "$(grep -q 'kmemleak_test' "$WORK/machine/kmemleak" && echo 1)" \
		"kmemleak says where the leak comes from"
}
