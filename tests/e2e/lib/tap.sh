# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# TAP, one line per check. A case is a function. The first failure of "must" ends the
# case. Sourced in the guest.

TAP_COUNT=0
TAP_FAILED=0

note() {
	printf '# %s\n' "$*"
}

# $1: 0 or not, $2: name
tap_result() {
	TAP_COUNT=$((TAP_COUNT + 1))
	if [ "$1" = 0 ]; then
		echo "ok $TAP_COUNT - $2"
	else
		TAP_FAILED=$((TAP_FAILED + 1))
		echo "not ok $TAP_COUNT - $2"
	fi
}

# Ends the running case and prints the reason. Not on standard output, which the caller
# may be reading into a variable.
fail() {
	note "$*" >&2
	exit 1
}

# $1: a condition, in words, rest: the command that checks it
must() {
	local what=$1
	shift
	"$@" || fail "$what: '$*' failed"
}

# $1: name, rest: a function with its arguments. In a shell of its own, so that
# neither variables nor a failure get out of it. The kernel has to stay quiet.
case_run() {
	local name=$1 rc=0 start=$EPOCHREALTIME
	shift
	rm -rf "$RUN"
	mkdir -p "$RUN"
	(set -u; trap 'case_end $?' EXIT; net_up; "$@") || rc=1
	health_dmesg "${ALLOW-}" || rc=1
	[ $rc = 0 ] || logs_keep "$name"
	rm -rf "$RUN"
	tap_result $rc "$name"
	note "took $(((${EPOCHREALTIME/./} - ${start/./}) / 1000)) ms"
}

# A case that only make check-all runs. $@: as case_run
case_all() {
	[ -z "${ALL-}" ] || case_run "$@"
}

# The next case finds nothing of this one, even after a failure: VPNs end, and with them
# their devices; other programs are killed.
case_end() {
	local rc=$1
	vpn_end || rc=1
	# shellcheck disable=SC2046
	kill -KILL $(jobs -p) 2>/dev/null
	wait
	within 10 tun_idle || { note "something still holds tun"; rc=1; }
	exit "$rc"
}

# Copies the programs' logs to the host.
logs_keep() {
	local log
	for log in "$RUN"/*.log; do
		[ -e "$log" ] || continue
		tail -n 12 "$log" | sed "s/^/# ${log##*/}: /"
	done
	mkdir -p "$VM_OUT/${1//[ \/]/-}"
	cp "$RUN"/*.log "$VM_OUT/${1//[ \/]/-}/" 2>/dev/null
}

tap_end() {
	echo "1..$TAP_COUNT"
	[ $TAP_FAILED = 0 ]
}
