# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The result of each program: a file each in $WORK/done, written when the
# program ended. A program without one did not run. Sourced.
#
#   passed 3
#   skipped 0
#   FAILED suite/program:case [kernel module]      one line for each failure
#
# $WORK/again has such a file, and the output, of each program that
# may run once more.

# More unsteady programs than this are a failure.
# shellcheck disable=SC2034 # lanes.sh has it
UNSTEADY_MAX=3

result_init() {
	mkdir -p "$WORK"/{taken,done,again}
	: >"$WORK/seconds"
}

# Writes what tap.sh counted of the program that ended. $1: file
result_write() {
	{
		echo "passed $TAP_PASSED"
		echo "skipped $TAP_SKIPPED"
		[ ${#TAP_FAILURES[@]} = 0 ] ||
			printf 'FAILED %s\n' "${TAP_FAILURES[@]}"
	} >"$1.new"
	mv "$1.new" "$1"
}

# The program that ended passed, failed, or may run once more. $1: its number in
# the plan
result_keep() {
	if tap_again; then
		printf '%s\n' "${TAP_FAILED_SAID[@]/#/     | }" \
			>"$WORK/again/$1.said"
		result_write "$WORK/again/$1"
	else
		result_write "$WORK/done/$1"
	fi
}

# A failure that is no program's. $1: file's name, $2: what, $3: where
result_fail() {
	printf 'FAILED %s\n' "$2 [$3]" >>"$WORK/done/$1"
}

# Prints all files in the order of the plan, the files of machines last.
result_all() {
	local file
	for file in "${!PLAN[@]}" "$WORK"/done/*[!0-9]*; do
		file=$WORK/done/${file##*/}
		[ ! -e "$file" ] || cat "$file"
	done
}

# Prints the sum of passed or skipped. $1: which
result_sum() {
	result_all |
		awk -v what="$1" '$1 == what { n += $2 } END { print n + 0 }'
}

# The second run of a program decides. If it failed again, it has failed in all the
# ways of both runs. $1: number in the plan
result_again() {
	local first=$WORK/again/$1
	local -a before
	if [ ${#TAP_FAILURES[@]} -gt 0 ]; then
		mapfile -t before < <(sed -n 's/^FAILED //p' "$first")
		mapfile -t TAP_FAILURES < <(printf '%s\n' "${before[@]}" \
			"${TAP_FAILURES[@]}" | awk '!seen[$0]++')
		rm "$first" "$first.said"
	fi
	result_write "$WORK/done/$1"
}

# Programs that passed only when they ran alone, with their first output.
result_unsteady() {
	local file
	for file in "${!PLAN[@]}"; do
		file=$WORK/again/$file
		[ -e "$file" ] || continue
		sed -n 's/^FAILED /unsteady /p' "$file"
		cat "$file.said"
	done
	[ ! -e "$WORK/boots" ] || cat "$WORK/boots"
}

# The programs that took longest: only worth a look if there are many.
result_slowest() {
	[ "$(wc -l <"$WORK/seconds")" -gt 10 ] || return 0
	echo "== the ten slowest programs: seconds, and seconds of processors"
	sort -rn "$WORK/seconds" | sed -n 1,10p
}

# Prints what the last lines of a run are; fails unless all is well.
result_summary() {
	local passed skipped failed
	passed=$(result_sum passed) skipped=$(result_sum skipped)
	failed=$(result_all | grep -c '^FAILED') || true
	result_slowest
	echo "== $((SECONDS / 60)) min $((SECONDS % 60)) s; full output in $WORK," \
		"with each program's seconds"
	result_unsteady
	result_all | grep '^FAILED' || true
	if [ "$skipped" -gt 0 ]; then
		echo "$passed passed, $failed failed, $skipped skipped"
	else
		echo "$passed passed, $failed failed"
	fi
	[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
}
