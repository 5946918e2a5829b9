# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# System calls of one process, counted by the kernel. Sourced in the guest.

SYSCALLS=/sys/kernel/tracing/events/raw_syscalls/sys_enter

# $@: pids
syscalls_start() {
	local pid filter=
	for pid; do
		filter+="${filter:+ || }common_pid == $pid"
	done
	echo "hist:keys=common_pid,id:vals=hitcount:size=512 if $filter" \
		>$SYSCALLS/trigger
}

# Prints "PID CALLS" for each, and the calls' numbers as a comment. Calls made while this
# function starts programs do not count.
syscalls_stop() {
	local hist
	hist=$(<$SYSCALLS/hist)
	sed -n 's/[{},]/ /g; s/.*common_pid: *\([0-9]*\) *id: *\([0-9]*\).*hitcount: *\([0-9]*\).*/\1 \2 \3/p' \
		<<<"$hist" | awk '
		{ sum[$1] += $3; each[$1] = each[$1] " " $2 ":" $3 }
		END { for (pid in sum) print pid, sum[pid], "#" each[pid] }'
	echo "!$(sed -n '/^hist:/s/ \[.*//p' $SYSCALLS/trigger)" >$SYSCALLS/trigger
}

# Per packet of a flow. $1: bytes of a packet, $2: packets. Prints two numbers,
# of the sending end and of the receiving end.
syscalls_of_flow() {
	local left right calls
	vpn_pid left
	left=$PID
	vpn_pid right
	right=$PID
	syscalls_start "$left" "$right"
	flow_run "$1" "$2" >/dev/null || return 1
	calls=$(syscalls_stop)
	awk -v left="$left" -v right="$right" -v n="$2" '
		$1 == left { l = $2 } $1 == right { r = $2 }
		END { printf "%.2f %.2f\n", r / n, l / n }' <<<"$calls"
}
