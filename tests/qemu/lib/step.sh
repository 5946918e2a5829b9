# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Prints one line of TAP for each step in the life of a guest. Sourced after tap.sh.

# Runs a step in a subshell, which its variables and a failure do not leave. Guests
# survive the step. $1: name, rest: a function with its arguments
step() {
	local name=$1 rc=0 start=$EPOCHREALTIME
	shift
	(set -u; trap 'step_end $?' EXIT; "$@") || rc=1
	health_dmesg || rc=1
	[ $rc = 0 ] || { state_keep; logs_keep "$name"; }
	tap_result $rc "$name"
	note "took $(((${EPOCHREALTIME/./} - ${start/./}) / 1000)) ms"
	return $rc
}

# Writes into logs how far each guest's rings, connections and driver are, twice, so that
# a reader sees which of them still move.
state_keep() {
	local file name
	for file in "$RUN"/*.pid; do
		[ -e "$file" ] || continue
		name=${file##*/} name=${name%.pid}
		for _ in 1 2; do
			cat "/proc/$(<"$file")/fdinfo/40"
			ip -s link
			tc -s qdisc show
			cat /proc/net/tcp /proc/net/softnet_stat
			(guest "$name" "ethtool -S eth0; cat /proc/net/tcp; \
grep virtio /proc/interrupts; ifconfig eth0" 5)
		done >"$RUN/$name-rings.log" 2>&1
	done
}

# A step that only make check-all runs. $@: as step
step_all() {
	[ -z "${ALL-}" ] || step "$@"
}

# Ends the processes that the step has started, other than guests.
step_end() {
	# shellcheck disable=SC2046
	kill -KILL $(jobs -p) 2>/dev/null
	wait 2>/dev/null
	exit "$1"
}

# Is tun's number of users the same as before the first guest? vhost-net's module is one.
tun_rests() {
	local users=0
	[ ! -e /sys/module/tun ] || read -r users </sys/module/tun/refcnt
	[ "$users" -le "$TUN_USERS" ]
}

# QEMU quits when told to, the guest's kernel has not complained, and nothing holds tun.
# $@: guests
life_ends() {
	local name
	for name; do
		guest_quit "$name"
		guest_console_clean "$name"
	done
	devices_remove
	within 10 tun_rests || fail "a process or module still holds tun"
}

# Removes everything of a guest, so that the next one finds nothing of it.
# $1: name of the step, rest: guests
life_end() {
	local what=$1
	shift
	step "$what: the guest ends, and nothing holds tun" life_ends "$@"
	guests_kill
	devices_remove
	rm -f "$RUN"/*.log
}
