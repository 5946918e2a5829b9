# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Programs that a suite forgets, and names that nothing stands behind. Sourced by
# ../selftest.

# $1: file, $2: its text
names_file() {
	mkdir -p "${1%/*}"
	printf '%s\n' "$2" >"$1"
}

# A suite that is right: a program, a helper, a part of a program, data.
names_suite() {
	rm -rf "$WORK/suites"
	names_file "$1/suite" $'where=host\nprograms=script\nhelpers=helper'
	names_file "$1/script" $'#!/bin/sh\necho 1..1\necho ok 1'
	names_file "$1/helper" '#!/bin/sh'
	chmod +x "$1/script" "$1/helper"
	names_file "$1/lib.c" 'int lib(void) { return 0; }'
	names_file "$1/data" 'no program'
}

# $@: arguments of the run
names_run() {
	TUNRING_SUITES=$WORK/suites K='' M='' "$VM/check" "$@" \
		>"$WORK/names" 2>&1
}

# $1: the fault, $2: words that the run must say, rest: command that makes the fault
names_fault() {
	local name=$1 want=$2 said=''
	names_suite "$WORK/suites/one"
	shift 2
	"$@"
	if ! names_run && ! grep -q 'building' "$WORK/names" &&
		grep -qF -e "$want" "$WORK/names"; then
		said=1
	fi
	[ -n "$said" ] || sed 's/^/# /' "$WORK/names"
	verdict "$said" "nothing is built for $name"
}

names() {
	local dir=$WORK/suites/one
	names_suite "$dir"
	verdict "$(names_run && echo 1)" "a suite that names all its programs runs"
	names_fault "a script without a name" 'not name the program other' \
		cp "$dir/script" "$dir/other"
	names_fault "a C program without a name" 'not name the program other' \
		names_file "$dir/other.c" 'TEST_HARNESS_MAIN'
	names_fault "a C program with another one's main()" \
		'not name the program other' \
		names_file "$dir/other.c" '#include "../one/first.c"'
	names_fault "a program that a Makefile adds" \
		'not name the program lib-gcc' \
		names_file "$dir/Makefile" $'names:\n\t@echo script lib-gcc'
	names_fault "a name without a program" 'names script, which is not there' \
		rm "$dir/script"
	names_fault "a wrong name in debug" 'leaves out scirpt' \
		names_file "$dir/suite" \
		$'where=host\nprograms=script\nhelpers=helper\ndebug=scirpt'
	names_fault "a wrong name in ours_only" 'leaves out scirpt' \
		names_file "$dir/suite" \
		$'where=host\nprograms=script\nhelpers=helper\nours_only=scirpt'
	names_fault "tests without a suite" 'no file suite' \
		names_file "$WORK/suites/two/test.c" 'TEST_HARNESS_MAIN'
	names_all
}

# $1: number of programs that must have passed, $2: name, rest: arguments of the run
names_passed() {
	local want="$1 passed, 0 failed" name=$2
	shift 2
	verdict "$(names_run "$@" && tail -n 1 "$WORK/names" | grep -qx "$want" &&
		echo 1)" "$name"
}

# Programs that a suite leaves out of a usual run.
names_all() {
	local dir=$WORK/suites/one
	names_suite "$dir"
	cp "$dir/script" "$dir/long"
	names_file "$dir/suite" \
		$'where=host\nprograms="script long"\nhelpers=helper\nall_only=long'
	names_passed 1 "a run leaves out what is for check-all"
	names_passed 2 "check-all leaves out nothing" -a
	names_passed 1 "a program runs that is asked for by name" one/long
	names_file "$dir/script" \
		$'#!/bin/sh\necho 1..1\n[ "$ALL" = 1 ] || printf "not "\necho ok 1'
	names_passed 2 "check-all asks programs for all of their cases" -a
}
