# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# System calls of one process, counted by the kernel. Sourced in the guest.

SYSCALLS=/sys/kernel/tracing/events/raw_syscalls/sys_enter

# $1: pid
syscalls_start() {
	echo "hist:keys=id:vals=hitcount:size=512 if common_pid == $1" \
		>$SYSCALLS/trigger
}

# Prints the number of calls since the start, and which they were.
syscalls_stop() {
	awk '/^{ id:/ { gsub(/[{},]/, " ")
			for (i = 1; i < NF; i++) {
				if ($i == "id:") id = $(i + 1)
				if ($i == "hitcount:") n = $(i + 1)
			}
			sum += n; each = each " " id "=" n }
		END { print sum + 0, each }' $SYSCALLS/hist
	echo "!$(grep '^hist:' $SYSCALLS/trigger | sed 's/ \[.*//')" \
		>$SYSCALLS/trigger
}
