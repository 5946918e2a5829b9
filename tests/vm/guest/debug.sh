# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Checks that this kernel has the options of debug/config. Sourced by guest/boot.
. "$VM/lib/debug.sh"

# $1: checker, $2: pattern of the message with which the kernel starts it
debug_active() {
	local line
	if line=$(grep -m 1 -E "$2" /run/vm/dmesg); then
		echo "# debug: $1: ${line#*] }"
	else
		echo "# debug: $1 is not active"
		return 1
	fi
}

debug_options_hold() {
	local missing
	zcat /proc/config.gz >/run/config || return 1
	missing=$(debug_missing /run/config)
	if [ -n "$missing" ]; then
		echo "# debug: this kernel lacks" "${missing//$'\n'/ }"
		return 1
	fi
	echo "# debug: $(debug_options | wc -l) options of the kernel are as they should be"
}

# Fails if one of the checkers does not work.
debug_check() {
	local rc=0
	debug_options_hold || rc=1
	debug_active KASAN 'KernelAddressSanitizer initialized' || rc=1
	debug_active lockdep 'Lock dependency validator' || rc=1
	debug_active kmemleak 'Kernel memory leak detector initialized' || rc=1
	health_lockdep || rc=1
	[ -e /sys/kernel/debug/kmemleak ] || rc=1
	return $rc
}
