# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Runs programs of the plan and reads what comes back. Sourced after tap.sh.

# Mitigations make an emulated processor slower, and no test depends on them.
QUICK="mitigations=off"

# Beyond a program's own time-out, for the guest's work around the program.
GRACE=120

# $1: number in the plan. A program of the host itself.
batch_host() {
	local rc=0 line pid suite limit path
	IFS='|' read -r _ _ _ _ _ suite _ limit _ _ path <<<"${PLAN[$1]}"
	MACHINE=
	tap_begin "$(plan_name "$1")" "host none"
	exec 3< <(cd "$SUITE_DIR/$suite" && SUITE=$suite ALL=$ALL exec timeout -k 5 \
		"$limit" "$path" </dev/null 2>&1)
	# $! changes when tap_line starts a process
	pid=$!
	# timeout makes a process group, which an interruption of the run does not reach
	trap 'kill -TERM -- -"$pid"; exit 143' TERM
	while IFS= read -r -u 3 line; do
		printf '%s\n' "$line" >>"$LOG"
		tap_line "$line"
	done
	exec 3<&-
	wait "$pid" || rc=$?
	trap - TERM
	tap_end "$rc" ""
	result_keep "$1"
}

# The guest asks for the next program: its line of the plan, or an empty file if
# there is none. $1: number of the question
batch_next() {
	local file=$BATCH_OUT/next-$1
	if [ -z "$NEXT" ] && [ -z "$ALONE" ] && lane_take "$SETTING"; then
		NEXT=$TAKEN
	fi
	if [ -n "$NEXT" ]; then
		printf '%s\n' "${PLAN[NEXT]#"$SETTING|"}" >"$file.new"
	else
		: >"$file.new"
	fi
	NOW=$NEXT NEXT=
	mv "$file.new" "$file"
}

# The program that ran has ended, or its machine has.
batch_done() {
	[ -n "$ALONE" ] || result_keep "$NOW"
	NOW='' WHO=''
	RAN=$((RAN + 1))
}

# Words that the guest says between programs. $@: the mark's words
batch_mark() {
	DEADLINE=$((SECONDS + 2 * GRACE))
	case $1 in
	next) batch_next "$2" ;;
	begin)
		WHO=$2/$3
		DEADLINE=$((SECONDS + $4 + GRACE))
		# shellcheck disable=SC2034 # tap.sh reads it
		MACHINE=$(cat "$BATCH_OUT/pid" 2>/dev/null) || true
		tap_begin "$WHO" "$WHERE"
		;;
	end)
		case $5 in
		clean) tap_end "$4" "" ;;
		held) tap_end "$4" "the module was still in use" ;;
		*) tap_end "$4" "the kernel complained" ;;
		esac
		batch_done
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
		elif [[ $line == "# ${WHERE% *}:"* ]]; then
			printf '%s\n' "$line"
		fi
	done
}

# One machine. $1: setting. Sets RAN (how many programs), RC, and NOW and WHO, the
# number and name of an unfinished program.
batch_boot() {
	local kernel module cpus memory cpu pid
	IFS='|' read -r kernel module cpus memory cpu <<<"$1"
	SETTING=$1
	MARK="@@$(tr -d - </proc/sys/kernel/random/uuid)"
	WHO='' NOW='' RAN=0 RC=0
	DEADLINE=$((SECONDS + 4 * GRACE))
	WHERE="$kernel $module"
	BOOTS=$((${BOOTS-0} + 1))
	# QEMU reads a comma in a path as the end of it
	BATCH_OUT=$WORK/${1//[|,+]/-}-$LANE-$BOOTS
	exec 3< <(exec "$VM/run" -k "$kernel" -m "$module" -c "$cpus" \
		-M "$memory" --tcg-cpu "$cpu" --append "$QUICK" -t 20000 \
		-o "$BATCH_OUT" -- "$VM/guest/suites" "$MARK" "$SUITE_DIR" "$ALL")
	pid=$!
	batch_read "$pid"
	wait "$pid" || RC=$?
	exec 3<&-
}

# The machine died or hung in a program: that fails at once.
batch_died() {
	local registers='CPU#|RIP=|IRR|ISR'
	TAP_SAID+=("$(tail -n 40 "$BATCH_OUT/console")"
		"$(grep -aE "$registers" "$BATCH_OUT/processors" 2>/dev/null || true)")
	tap_fail "the machine died or hung in it" hard
	tap_flush
	batch_done
}

# An emulated processor may run an instruction that the kernel has just patched, and
# the kernel panics. No module is loaded before a machine asks for its first program,
# so a machine that dies before that boots once more, and the last lines of the run
# name it. A kernel of our own gets no second boot: it reports faults. $1: setting
batch_boot_twice() {
	batch_boot "$1"
	[ -n "$NEXT" ] && ! own_is "${1%%|*}" || return 0
	say "a machine ($WHERE) ended before it asked for a program; once more"
	echo "unsteady machine [$WHERE]: the first boot ended; see $BATCH_OUT" \
		>>"$WORK/boots"
	batch_boot "$1"
}

# A machine that takes programs until none is left; a machine that dies takes
# only its program with it. $1: setting, with TAKEN for the first program
batch_vm() {
	local name
	NEXT=$TAKEN ALONE=
	batch_boot_twice "$1"
	name=${BATCH_OUT##*/}
	if [ -n "$WHO" ]; then
		batch_died
	elif [ "$RAN" = 0 ]; then
		: >"$WORK/broken-${1//[|,+]/-}"
		result_fail "$name" "vm:no program ran; status $RC" "$WHERE"
	elif [ "$RC" != 0 ]; then
		tap_begin "vm" "$WHERE"
		mapfile -t TAP_SAID < <(grep -aE '^# ' "$LOG" | tail -n 40)
		tap_fail "the kernel was not well at the end" hard
		tap_flush
		result_write "$WORK/done/$name"
	fi
}

# $1: number in the plan of a program that failed, for a second run.
batch_alone() {
	local setting
	setting=$(cut -d'|' -f1-5 <<<"${PLAN[$1]}")
	NEXT=$1 ALONE=1
	batch_boot_twice "$setting"
	if [ -n "$WHO" ]; then
		batch_died
	elif [ "$RAN" = 0 ]; then
		tap_begin "$(plan_name "$1")" "$WHERE"
		tap_fail "no machine for a second run; status $RC" hard
		tap_flush
	elif [ "$RC" != 0 ]; then
		tap_fail "the kernel was not well at the end" hard
		tap_flush
	fi
	result_again "$1"
}
