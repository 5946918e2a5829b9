# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Every test program is named by its suite. Sourced after suite.sh.
#
# In a suite's folder, a program is an executable file, or a .c file with a
# main(): TEST_HARNESS_MAIN and an included .c file bring one. The suite names
# each program in programs=, or in helpers= if other programs run it. A .c file
# without a main() is part of programs. A Makefile that builds programs of other
# names (chain-gcc and chain-clang of chain.c) prints them for the target "names".

NAMES_MAIN='TEST_HARNESS_MAIN|^(int )?main\(|^#include ".*\.c"'

# Does the folder's Makefile print names? $1: folder
names_made() {
	grep -qs '^names:' "$1/Makefile"
}

# Prints the names of the .c files with a main(). $1: folder
names_sources() {
	{ grep -lE "$NAMES_MAIN" "$1"/*.c 2>/dev/null || true; } |
		sed 's|.*/||; s/\.c$//'
}

# Prints the names of the programs in a folder. $1: folder
names_found() {
	local file name made=''
	for file in "$1"/*; do
		if [ -f "$file" ] && [ -x "$file" ]; then
			echo "${file##*/}"
		fi
	done
	! names_made "$1" || made=$(make -s -C "$1" names)
	[ -z "$made" ] || printf '%s\n' "$made"
	for name in $(names_sources "$1"); do
		[[ " $made" == *" $name-"* ]] || echo "$name"
	done
}

# A Makefile that prints no names may build more than the folder shows. $1: folder
names_made_otherwise() {
	[ -e "$1/Makefile" ] && ! names_made "$1"
}

# Prints what is wrong with the names of a suite. $1: suite
# shellcheck disable=SC2154 # suite_read sets the suite's variables
names_wrong() {
	local dir=$SUITE_DIR/$1 name found
	found=" $(names_found "$dir" | xargs) "
	for name in $found; do
		[[ " $programs $helpers " == *" $name "* ]] ||
			echo "$dir/suite does not name the program $name"
	done
	for name in $programs $helpers; do
		[[ $found == *" $name "* ]] || names_made_otherwise "$dir" ||
			echo "$dir/suite names $name, which is not there"
	done
	for name in ${debug#'*'} $ours_only $all_only $debian_only; do
		[[ " $programs " == *" $name "* ]] ||
			echo "$dir/suite leaves out $name, which it does not name"
	done
	for name in $newer $races ${foreign#'*'} $native_only; do
		[[ " $programs " == *" $name "* ]] ||
			echo "$dir/suite wants $name on more kernels, but does not name it"
	done
}

# Prints the folders that hold tests of the kernel's harness, but no suite.
names_astray() {
	local dir
	for dir in "$SUITE_DIR"/*/; do
		[ ! -e "$dir/suite" ] || continue
		grep -qs TEST_HARNESS_MAIN "$dir"*.c || continue
		echo "$dir has test programs, but no file suite"
	done
}

# $@: suites. Stops the run if a program would silently not run.
names_check() {
	local name wrong
	wrong=$(
		for name in "$@"; do
			(suite_read "$name" && names_wrong "$name")
		done
		names_astray
	)
	[ -z "$wrong" ] || die "$wrong"
}
