# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Failures of one machine. Sourced by ../selftest.

# $1: the status that tests/vm/run must return, $2: name, rest: its arguments
machine() {
	local want=$1 name=$2 rc=0
	shift 2
	"$VM/run" -m none -o "$WORK/machine" "$@" >"$WORK/said" 2>&1 || rc=$?
	[ "$rc" = "$want" ] || {
		echo "# $name: status $rc, not $want"
		sed 's/^/# /' "$WORK/said"
	}
	verdict "$([ "$rc" = "$want" ] && echo 1)" "$name"
}

machines() {
	machine 3 "a command's status comes through" -- sh -c 'exit 3'
	machine 124 "a machine that hangs is stopped" -t 20 -- sleep 1000
	verdict "$(grep -qs '^RIP=' "$WORK/machine/processors" && echo 1)" \
		"the registers of its processors are kept"
	machine 125 "a machine that ends without a verdict has failed" -- \
		"$CACHE/busybox/bin/busybox" reboot -f
	machine 125 "a report of the kernel is a failure" -- \
		sh -c 'echo "WARNING: possible circular locking" >/dev/kmsg'
}
