# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Checks that a kernel of our own has its options, and that its checkers work. Sourced
# by guest/boot.
. "$VM/lib/own.sh"

# $1: checker, $2: pattern of the message with which the kernel starts it
own_active() {
	local line
	if line=$(grep -m 1 -E "$2" /run/vm/dmesg); then
		echo "# $KERNEL: $1: ${line#*] }"
	else
		echo "# $KERNEL: $1 is not active"
		return 1
	fi
}

own_options_hold() {
	local missing
	zcat /proc/config.gz >/run/config || return 1
	missing=$(own_missing "$KERNEL" /run/config)
	if [ -n "$missing" ]; then
		echo "# $KERNEL: this kernel lacks" "${missing//$'\n'/ }"
		return 1
	fi
	echo "# $KERNEL: $(own_options "$KERNEL" | wc -l) options of the kernel are" \
		"as they should be"
}

own_checkers() {
	local rc=0
	case $KERNEL in
	debug)
		own_active KASAN 'KernelAddressSanitizer initialized' || rc=1
		own_active lockdep 'Lock dependency validator' || rc=1
		own_active kmemleak 'Kernel memory leak detector initialized' || rc=1
		health_lockdep || rc=1
		[ -e /sys/kernel/debug/kmemleak ] || rc=1
		;;
	kcsan) own_active KCSAN 'kcsan: selftest: ([0-9]+)/\1 tests passed' || rc=1 ;;
	gcov) [ -e /sys/kernel/debug/gcov/reset ] || rc=1 ;;
	esac
	return $rc
}

# Fails if an option or a checker is missing.
own_check() {
	local rc=0
	own_options_hold || rc=1
	own_checkers || rc=1
	return $rc
}

# Copies the counters of the driver's lines to the host. The kernel keeps the counters of
# modules that were unloaded.
gcov_keep() {
	local from=/sys/kernel/debug/gcov$TOP/build/gcov/drivers/net/tun
	[ -d "$from" ] || return 0
	mkdir -p /run/vm/gcda
	(cd "$from" && find . -name '*.gcda' -exec cp --parents -t /run/vm/gcda {} +)
}
