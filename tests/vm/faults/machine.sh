# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Ways in which one machine can go wrong. Sourced by ../selftest.

# $1: what tests/vm/run must return, $2: name, rest: its arguments
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
		"what its processors were at is kept"
	machine 125 "a machine that ends without a verdict has failed" -- \
		"$CACHE/busybox/bin/busybox" reboot -f
	machine 125 "a complaint of the kernel is a failure" -- \
		sh -c 'echo "WARNING: possible circular locking" >/dev/kmsg'
}

# $1: which fault, $2: words with which it must be reported, $3: by what
fault() {
	machine 125 "$3 notices: $1" -k debug -t 900 -- \
		sh -c "insmod '$BUILD/debug/faults/faults.ko' fault=$1; rmmod faults"
	verdict "$(grep -qsE "$2" "$WORK"/machine/{console,dmesg,kmemleak} &&
		echo 1)" "$3 says so: $1"
}

# What only the debug kernel can see.
machines_debug() {
	local dir=$BUILD/debug/faults
	mkdir -p "$dir"
	cp -u "$VM"/faults/module/* "$dir/"
	debug_paths
	make -C "$DEBUG_DIR" M="$dir" modules >"$WORK/faults.log" 2>&1 ||
		sed 's/^/# /' "$WORK/faults.log"
	fault overrun 'BUG: KASAN: slab-out-of-bounds' KASAN
	fault order 'possible circular locking dependency' lockdep
	fault sleep 'sleeping function called|scheduling while atomic' \
		DEBUG_ATOMIC_SLEEP
	fault shift 'UBSAN: shift-out-of-bounds' UBSAN
	fault leak 'unreferenced object.*size 2048' kmemleak
}
