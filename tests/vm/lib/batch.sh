# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Runs lines of the plan and reads what comes back. Sourced after tap.sh.

# Beyond a program's own time-out, for what the guest does around it.
GRACE=120

# $1: suite, $2: program, $3: time-out, $6: path. Programs of the host itself.
batch_host() {
	local rc=0 line pid
	tap_begin "$1/$2" "host none"
	exec 3< <(cd "$SUITE_DIR/$1" && SUITE=$1 exec timeout -k 5 "$3" "$6" \
		</dev/null 2>&1)
	# reading starts others, whose number $! would be
	pid=$!
	while IFS= read -r -u 3 line; do
		printf '%s\n' "$line" >>"$LOG"
		tap_line "$line"
	done
	exec 3<&-
	wait "$pid" || rc=$?
	tap_end "$rc" ""
}

# Words that the guest says between programs. $@: the mark's words
batch_mark() {
	case $1 in
	begin)
		WHO=$2/$3
		DEADLINE=$((SECONDS + $4 + GRACE))
		tap_begin "$WHO" "$WHERE"
		;;
	end)
		DEADLINE=$((SECONDS + 2 * GRACE))
		case $5 in
		clean) tap_end "$4" "" ;;
		held) tap_end "$4" "the module was still in use" ;;
		*) tap_end "$4" "the kernel complained" ;;
		esac
		WHO=
		DONE+=("$2|$3|")
		;;
	esac
}

# Reads the guest's output until it ends or is late. $1: pid of the machine
batch_read() {
	local line left words
	while :; do
		left=$((DEADLINE - SECONDS))
		if [ "$left" -le 0 ]; then
			say "nothing more came in time; stopping the machine"
			kill "$1" 2>/dev/null
			return
		fi
		line=
		if ! IFS= read -r -t "$left" -u 3 line; then
			[ -n "$line" ] || [ $((DEADLINE - SECONDS)) -le 0 ] || return 0
		fi
		printf '%s\n' "$line" >>"$LOG"
		if [[ $line == "$MARK "* ]]; then
			read -r -a words <<<"${line#"$MARK "}"
			batch_mark "${words[@]}"
		elif [ -n "$WHO" ]; then
			tap_line "$line"
		elif [[ $line == "# debug:"* ]]; then
			printf '%s\n' "$line"
		fi
	done
}

# One machine. $1: unit, $2: plan, in a file. Sets DONE, WHO and RC.
batch_boot() {
	local kernel module cpus memory cpu pid
	IFS='|' read -r kernel module cpus memory cpu <<<"${1%@*}"
	MARK="@@$(tr -d - </proc/sys/kernel/random/uuid)"
	WHO='' DONE=() RC=0
	DEADLINE=$((SECONDS + 4 * GRACE))
	WHERE="$kernel $module"
	exec 3< <(exec "$VM/run" -k "$kernel" -m "$module" -c "$cpus" \
		-M "$memory" --tcg-cpu "$cpu" -t 7200 -o "$BATCH_OUT" -- \
		"$VM/guest/suites" "$MARK" "$2" "$SUITE_DIR")
	pid=$!
	batch_read "$pid"
	wait "$pid" || RC=$?
	exec 3<&-
}

# Takes the programs that are done out of a plan's file. $1: file
batch_rest() {
	local line
	for line in "${DONE[@]}"; do
		grep -vF -e "$line" "$1" >"$1.rest" || true
		mv "$1.rest" "$1"
	done
}

# A machine that died takes only its program with it: the rest gets a new one.
# $1: unit
batch_vm() {
	local plan tries=0
	# QEMU reads a comma in a path as the end of it
	BATCH_OUT=$WORK/$(tr '|,+' '---' <<<"$1")
	plan=$BATCH_OUT.plan
	plan_of "$1" >"$plan"
	while [ -s "$plan" ]; do
		batch_boot "$1" "$plan"
		if [ -n "$WHO" ]; then
			mv "$BATCH_OUT/console" "$BATCH_OUT.died-$tries"
			TAP_SAID+=("$(tail -n 40 "$BATCH_OUT.died-$tries")"
				"$(grep -aE 'CPU#|RIP=|IRR|ISR' \
				"$BATCH_OUT/processors" 2>/dev/null || true)")
			tap_fail "the machine died or hung in it"
			DONE+=("${WHO/\//|}|")
		elif [ ${#DONE[@]} = 0 ]; then
			tap_begin "vm" "$WHERE"
			tap_fail "no program ran; status $RC"
			return
		elif [ "$RC" != 0 ]; then
			tap_begin "vm" "$WHERE"
			mapfile -t TAP_SAID < <(grep -aE '^# ' "$LOG" | tail -n 40)
			tap_fail "the kernel was not well at the end"
		fi
		batch_rest "$plan"
		tries=$((tries + 1))
	done
}
