# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Lanes: a few shells take one program after the other from the plan, each
# for the machine that it has running. Sourced after batch.sh.
#
# There is a lane for each processor of the host. One more made the check slower:
# the processors of three machines wait for one another's spinlocks. The debug
# kernel's programs take longest: all lanes but the first begin with them.

# $1: a setting. Takes a program of it from the plan, for this lane alone, and
# sets TAKEN to its number; fails if none is left.
lane_take() {
	local i
	[ ! -e "$WORK/broken-${1//[|,+]/-}" ] || return 1
	for i in "${!PLAN[@]}"; do
		[[ ${PLAN[i]} == "$1|"* && ! -e $WORK/taken/$i ]] || continue
		set -o noclobber
		if { : >"$WORK/taken/$i"; } 2>/dev/null; then
			set +o noclobber
			TAKEN=$i
			return 0
		fi
		set +o noclobber
	done
	return 1
}

# $1: lane's number. Sets ORDER, the settings in the order of this lane.
lane_order() {
	local own="${OWN_KERNELS// /\\|}"
	mapfile -t ORDER < <(plan_settings)
	[ "$1" = 1 ] || mapfile -t ORDER < <(
		printf '%s\n' "${ORDER[@]}" | grep "$own"
		printf '%s\n' "${ORDER[@]}" | grep -v "$own"
	)
}

# $1: a setting. Is its kernel built?
lane_ready() {
	local kernel=${1%%|*}
	case $kernel in
	host | stock) ;;
	*) [ -e "$WORK/built-${kernel#host-}" ] ;;
	esac
}

# Are kernels or their modules still being built?
lane_building() {
	[ -n "$LATER" ] && kill -0 "$LATER" 2>/dev/null
}

# Runs a program, or a machine that takes programs. Fails if none is left.
lane_next() {
	local setting
	for setting in "${ORDER[@]}"; do
		lane_ready "$setting" || continue
		lane_take "$setting" || continue
		if [[ $setting == host* ]]; then
			batch_host "$TAKEN"
		else
			batch_vm "$setting"
		fi
		return 0
	done
	return 1
}

# $1: lane's number. Runs in a shell of its own.
lane() {
	local building
	LANE=$1
	LOG=$WORK/log-$LANE
	: >"$LOG"
	lane_order "$1"
	while :; do
		building=$(! lane_building || echo 1)
		lane_next && continue
		[ -n "$building" ] || break
		sleep 1
	done
}

# Memory that a lane may need, in KiB: that of the largest machine.
LANE_MEMORY=3500000

# Sets LANES. More lanes than settings would only boot more machines.
lanes_count() {
	local settings memory
	settings=$(plan_settings | wc -l)
	memory=$(awk -v each=$LANE_MEMORY '/^MemAvailable:/ {
		print int($2 / each) }' /proc/meminfo)
	LANES=$(nproc)
	[ "$LANES" -le "$settings" ] || LANES=$settings
	[ "$LANES" -le "$memory" ] || LANES=$memory
	[ "$LANES" -gt 0 ] || LANES=1
}

lanes_run() {
	local i
	local -a pids=()
	for ((i = 1; i <= LANES; i++)); do
		lane "$i" &
		pids+=($!)
	done
	for i in "${pids[@]}"; do
		wait "$i" || true
	done
	for i in "${!PLAN[@]}"; do
		[ -e "$WORK/done/$i" ] || [ -e "$WORK/again/$i" ] ||
			result_fail "$i" "$(plan_name "$i"):it did not run" \
				"$(plan_where "$i")"
	done
}

# Programs that failed in a machine with others run once more: the others are
# done, so this is the only machine.
lanes_again() {
	local i
	local -a again
	mapfile -t again < <(find "$WORK/again" -name '*[0-9]' -printf '%f\n' |
		sort -n)
	[ ${#again[@]} -gt 0 ] || return 0
	if [ ${#again[@]} -gt "$UNSTEADY_MAX" ]; then
		say "${#again[@]} programs failed that might pass alone; more than" \
			"$UNSTEADY_MAX unsteady ones are a failure, so none runs again"
		mv "$WORK"/again/* "$WORK/done/"
		rm "$WORK"/done/*.said
		return
	fi
	LANE=again LANES=1 LOG=$WORK/log-again
	for i in "${again[@]}"; do
		say "once more, alone in a new machine: $(plan_name "$i")"
		batch_alone "$i"
	done
}
