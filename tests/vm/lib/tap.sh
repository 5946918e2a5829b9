# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Reads the TAP of one program, line by line, and counts. kselftest_harness
# speaks TAP too, but does not name a test that was skipped: its RUN line does.

PASSED=0 FAILED=0 SKIPPED=0
SLOW_MS=2000

tap_now() {
	local now=$EPOCHREALTIME
	echo $((${now/./} / 1000))
}

# $1: suite/program, $2: setting as "kernel module"
tap_begin() {
	TAP_WHO=$1 TAP_WHERE=$2
	TAP_PLAN='' TAP_SEEN=0 TAP_BAD=0 TAP_RUN=''
	TAP_SAID=()
	TAP_START=$(tap_now) TAP_LAST=$TAP_START
}

# $1: word, $2: case. Prints the line of a case, with its time if it was slow.
tap_print() {
	local now ms time=''
	now=$(tap_now)
	ms=$((now - TAP_LAST))
	TAP_LAST=$now
	[ "$ms" -lt "$SLOW_MS" ] ||
		time=$(printf '  (%d.%d s)' $((ms / 1000)) $((ms % 1000 / 100)))
	printf '%-4s %s:%s%s\n' "$1" "$TAP_WHO" "$2" "$time"
}

tap_pass() {
	PASSED=$((PASSED + 1))
	tap_print ok "$1"
	TAP_SAID=()
}

# What the program said since its last result is likely to say why.
tap_fail() {
	FAILED=$((FAILED + 1))
	TAP_BAD=$((TAP_BAD + 1))
	FAILURES+=("$TAP_WHO:$1 [$TAP_WHERE]")
	tap_print FAIL "$1"
	[ ${#TAP_SAID[@]} -eq 0 ] ||
		printf '%s\n' "${TAP_SAID[@]}" | tail -n 40 | sed 's/^/     | /'
	TAP_SAID=()
}

# A skip is a failure, unless tests/expected-skips has it, with a reason.
tap_skip() {
	local name kernel module reason
	while read -r name kernel module reason; do
		# shellcheck disable=SC2053 # patterns, on purpose
		if [[ "$TAP_WHO:$1" == $name && "$TAP_WHERE" == "$kernel "* ||
			"$TAP_WHO:$1" == $name && "$kernel" == '*' ]] &&
			[[ "$TAP_WHERE" == *" $module" || "$module" == '*' ]] &&
			[ -n "$reason" ]; then
			SKIPPED=$((SKIPPED + 1))
			tap_print skip "$1: $reason"
			TAP_SAID=()
			return
		fi
	done < <(grep -v '^#' "$TOP/tests/expected-skips" 2>/dev/null)
	tap_fail "$1 (skipped: ${2:-no reason given})"
}

# $1: what follows "ok N", $2: ok or not ok
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
	fi
}

# $1: the program's status, $2: what else was wrong, or nothing.
# A program passes by its TAP, its status and the kernel's health together.
tap_end() {
	printf '%6d %s [%s]\n' $((($(tap_now) - TAP_START) / 1000)) "$TAP_WHO" \
		"$TAP_WHERE" >>"$WORK/seconds"
	if [ "$1" = 124 ] || [ "$1" = 137 ]; then
		tap_fail "time-out${TAP_RUN:+ in $TAP_RUN}, after $TAP_SEEN results"
	elif [ -z "$TAP_PLAN" ]; then
		tap_fail "no plan (status $1)"
	elif [ "$TAP_SEEN" != "$TAP_PLAN" ]; then
		tap_fail "$TAP_SEEN results, $TAP_PLAN planned (status $1)"
	elif [ "$TAP_PLAN" = 0 ]; then
		tap_fail "no tests"
	elif [ "$1" != 0 ] && [ "$1" != 4 ] && [ "$TAP_BAD" = 0 ]; then
		tap_fail "status $1"
	fi
	[ -z "${2-}" ] || tap_fail "$2"
}
