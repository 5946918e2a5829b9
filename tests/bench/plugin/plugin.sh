# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Loading the profiler into the QEMU of tests/vm/run. Sourced after common.sh.

# The next tests/vm/run finds a QEMU with the plugin. $1: folder; its file blocks
# has the counts after the machine's end.
qemu_with_plugin() {
	local qemu
	qemu=$(command -v qemu-system-x86_64)
	mkdir -p "$1/bin"
	printf '#!/bin/sh\nexec %q "$@" -plugin %q,out=%q\n' "$qemu" \
		"$BUILD/tests/bench/profile.so" "$1/blocks" \
		>"$1/bin/qemu-system-x86_64"
	chmod +x "$1/bin/qemu-system-x86_64"
	PATH=$1/bin:$PATH
}
