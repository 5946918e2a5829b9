# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# One line of TAP for each step in the life of a guest. Sourced after tap.sh.

# $1: name, rest: a function with its arguments. In a shell of its own, so that
# neither variables nor a failure get out of it; guests live on.
step() {
	local name=$1 rc=0 start=$EPOCHREALTIME
	shift
	(set -u; trap 'step_end $?' EXIT; "$@") || rc=1
	health_dmesg || rc=1
	[ $rc = 0 ] || logs_keep "$name"
	tap_result $rc "$name"
	note "took $(((${EPOCHREALTIME/./} - ${start/./}) / 1000)) ms"
	return $rc
}

# What was started and is no guest ends here.
step_end() {
	# shellcheck disable=SC2046
	kill -KILL $(jobs -p) 2>/dev/null
	wait 2>/dev/null
	exit "$1"
}

# Nothing uses tun but what did before the first guest: vhost-net's module.
tun_rests() {
	local users=0
	[ ! -e /sys/module/tun ] || read -r users </sys/module/tun/refcnt
	[ "$users" -le "$TUN_USERS" ]
}

# A life of a guest ends well if QEMU ends when told to, and nothing holds tun.
# $@: guests
life_ends() {
	local name
	for name; do
		guest_quit "$name"
		guest_console_clean "$name"
	done
	devices_remove
	within 10 tun_rests || fail "something still holds tun"
}

# The next guest finds nothing of this one, whatever became of it.
# $1: name of the step, rest: guests
life_end() {
	local what=$1
	shift
	step "$what: ends, and leaves nothing" life_ends "$@"
	guests_kill
	devices_remove
	rm -f "$RUN"/*.log
}
