# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Reads the TAP of one program, line by line, and counts. kselftest_harness.h
# does not name a skipped test in its result; the RUN line before has the name.

SLOW_MS=2000

tap_now() {
	local now=$EPOCHREALTIME
	echo $((${now/./} / 1000))
}

# Sets TICKS, the hundredths of a second that the processors spent on the machine with
# the pid $MACHINE. Without a machine: on processes that this shell waited for.
tap_ticks() {
	local pid=${MACHINE:-$BASHPID} stat
	local -a field
	TICKS=0
	{ read -r stat <"/proc/$pid/stat"; } 2>/dev/null || return 0
	read -r -a field <<<"${stat##*) }"
	if [ -n "$MACHINE" ]; then
		TICKS=$((field[11] + field[12]))
	else
		TICKS=$((field[13] + field[14]))
	fi
}

# Notes the seconds of a program that ended: by the clock, and of processors.
tap_seconds() {
	tap_ticks
	[ "$TICKS" -ge "$TAP_TICKS" ] || TICKS=$TAP_TICKS
	printf '%6d %6d %s [%s]%s\n' $((($(tap_now) - TAP_START) / 1000)) \
		$(((TICKS - TAP_TICKS) / 100)) "$TAP_WHO" "$TAP_WHERE" \
		"${ALONE:+ again}" >>"$WORK/seconds"
}

# $1: suite/program, $2: setting as "kernel module"
tap_begin() {
	TAP_WHO=$1 TAP_WHERE=$2
	TAP_PLAN='' TAP_SEEN=0 TAP_RUN='' TAP_PASSED=0 TAP_SKIPPED=0 TAP_HARD=
	TAP_SAID=() TAP_FAILURES=() TAP_FAILED_SAID=() TAP_SHOWN=()
	TAP_START=$(tap_now) TAP_LAST=$TAP_START
	tap_ticks
	TAP_TICKS=$TICKS
	tap_show "== $1 [$2]"
}

# A lane among several shows a program's lines when the program has ended. $@: lines
tap_show() {
	if [ "$LANES" = 1 ]; then
		printf '%s\n' "$@"
	else
		TAP_SHOWN+=("$@")
	fi
}

tap_flush() {
	[ ${#TAP_SHOWN[@]} -gt 0 ] || return 0
	{
		flock 5
		printf '%s\n' "${TAP_SHOWN[@]}"
	} 5>>"$WORK/.show"
	TAP_SHOWN=()
}

# $1: word, $2: case. Shows the line of a case, with its time if it was slow.
tap_print() {
	local now ms time=''
	now=$(tap_now)
	ms=$((now - TAP_LAST))
	TAP_LAST=$now
	[ "$ms" -lt "$SLOW_MS" ] ||
		time=$(printf '  (%d.%d s)' $((ms / 1000)) $((ms % 1000 / 100)))
	tap_show "$(printf '%-4s %s:%s%s' "$1" "$TAP_WHO" "$2" "$time")"
}

tap_pass() {
	TAP_PASSED=$((TAP_PASSED + 1))
	tap_print ok "$1"
	TAP_SAID=()
}

# Shows what the program printed since its last result: these lines often give the
# reason. $1: the case that failed, $2: hard, if a slow machine cannot be the reason
tap_fail() {
	local -a said
	[ -z "${2-}" ] || TAP_HARD=1
	TAP_FAILURES+=("$TAP_WHO:$1 [$TAP_WHERE]")
	tap_print FAIL "$1"
	if [ ${#TAP_SAID[@]} -gt 0 ]; then
		mapfile -t said < <(printf '%s\n' "${TAP_SAID[@]}" | tail -n 40)
		tap_show "${said[@]/#/     | }"
		TAP_FAILED_SAID+=("${said[@]}")
	fi
	TAP_SAID=()
}

# May the program that ended run once more? A slow machine only explains assertions
# and time-outs on kernels of Debian.
tap_again() {
	[ ${#TAP_FAILURES[@]} -gt 0 ] && [ -z "$TAP_HARD" ] &&
		{ [[ $TAP_WHERE == stock\ * ]] || trixie_is "${TAP_WHERE% *}" ||
			foreign_is "${TAP_WHERE% *}"; }
}

# A skip is a failure unless tests/expected-skips lists it with a reason.
tap_skip() {
	local name kernel module reason
	while read -r name kernel module reason; do
		# shellcheck disable=SC2053 # patterns, on purpose
		if [[ "$TAP_WHO:$1" == $name && "$TAP_WHERE" == "$kernel "* ||
			"$TAP_WHO:$1" == $name && "$kernel" == '*' ]] &&
			[[ "$TAP_WHERE" == *" $module" || "$module" == '*' ]] &&
			[ -n "$reason" ]; then
			TAP_SKIPPED=$((TAP_SKIPPED + 1))
			tap_print skip "$1: $reason"
			TAP_SAID=()
			return
		fi
	done < <(grep -v '^#' "$TOP/tests/expected-skips" 2>/dev/null)
	tap_fail "$1 (skipped: ${2:-no reason given})" hard
}

# $1: the words after "ok N", $2: ok or not ok
tap_result() {
	local text=${1# } reason=
	text=${text#- }
	TAP_SEEN=$((TAP_SEEN + 1))
	if [[ $text =~ ^(.*)#[[:space:]]*[Ss][Kk][Ii][Pp]([^[:space:]]*)[[:space:]]*(.*)$ ]]; then
		text=${BASH_REMATCH[1]}
		reason=${BASH_REMATCH[3]}
		text=${text%% }
		tap_skip "${text:-${TAP_RUN:-$TAP_SEEN}}" "$reason"
	elif [ "$2" = ok ]; then
		tap_pass "${text:-$TAP_SEEN}"
	else
		tap_fail "${text:-$TAP_SEEN}"
	fi
}

# $1: one line of the program
tap_line() {
	local line=${1%$'\r'}
	case $line in
	"") return ;;
	esac
	TAP_SAID+=("$line")
	if [[ $line =~ ^#\ +RUN\ +(.*[^ ])\ +\.\.\.$ ]]; then
		TAP_RUN=${BASH_REMATCH[1]}
		TAP_SAID=()
	elif [[ $line =~ ^(not\ )?ok\ +[0-9]+(.*)$ ]]; then
		tap_result "${BASH_REMATCH[2]}" "${BASH_REMATCH[1]}ok"
	elif [[ $line =~ ^ok\ +[0-9]*$ ]]; then
		tap_result "" ok
	elif [[ $line =~ ^1\.\.([0-9]+) ]]; then
		TAP_PLAN=${BASH_REMATCH[1]}
	elif [[ $line == "Bail out!"* ]]; then
		tap_fail "$line"
	elif [[ $line == *"unexpectedly by signal "* ]]; then
		TAP_HARD=1
	fi
}

# $1: the program's status, $2: a problem of the machine, or nothing.
# A program passes if its TAP, its status and the kernel's health are good. A
# program that gives up with an exit status failed by an assertion.
tap_end() {
	local gave_up=hard
	[ "$1" = 0 ] || [ "$1" -ge 124 ] || gave_up=
	tap_seconds
	if [ "$1" = 124 ] || [ "$1" = 137 ]; then
		tap_fail "time-out${TAP_RUN:+ in $TAP_RUN}, after $TAP_SEEN results"
	elif [ -z "$TAP_PLAN" ]; then
		tap_fail "no plan (status $1)" hard
	elif [ "$TAP_SEEN" != "$TAP_PLAN" ]; then
		tap_fail "$TAP_SEEN results, $TAP_PLAN planned (status $1)" \
			"$gave_up"
	elif [ "$TAP_PLAN" = 0 ]; then
		tap_fail "no tests" hard
	elif [ "$1" != 0 ] && [ "$1" != 4 ] && [ ${#TAP_FAILURES[@]} = 0 ]; then
		tap_fail "status $1" hard
	fi
	[ -z "${2-}" ] || tap_fail "$2" hard
	tap_flush
}
