# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Shared by the run scripts of the parts. Sourced, with PART set.
. "$(dirname "${BASH_SOURCE[0]}")/../vm/lib/common.sh"
BENCH=$TOP/tests/bench
PROGRAM=$BUILD/tests/bench/$PART/$PART
export PROGRAM

part_options() {
	OUT=$BUILD/bench
	while getopts o: option; do
		case $option in
		o) OUT=$OPTARG ;;
		*) die "usage: tests/bench/$PART/run [-o FOLDER]" ;;
		esac
	done
	mkdir -p "$OUT"
	OUT=$(realpath "$OUT")
	: >"$OUT/$PART.json"
}

# $@: a command that builds more
part_build() {
	"$VM/setup" build vm
	if ! { "$VM/module" stock && make -C "$BENCH/$PART" && "$@"; } \
		>"$OUT/$PART.build.log" 2>&1; then
		tail -n 20 "$OUT/$PART.build.log" >&2
		die "the build failed; see $OUT/$PART.build.log"
	fi
}

# $1: a name for the machine; then options of tests/vm/run, --, a command, which
# appends its rows to $VM_OUT/rows. The log has all of its output, and the terminal
# the lines that begin with #.
part_boot() {
	local name=$1 line
	shift
	say "$PART: measuring on $name"
	if ! "$VM/run" -o "$OUT/$PART-$name" "$@" 2>&1 |
		while IFS= read -r line; do
			printf '%s\n' "$line" >&3
			case $line in
			'# '*) say "$PART, $name, $SECONDS s: ${line#\# }" ;;
			esac
		done 3>"$OUT/$PART-$name.log"; then
		tail -n 20 "$OUT/$PART-$name.log" >&2
		die "it failed on $name; see $OUT/$PART-$name.log"
	fi
	cat "$OUT/$PART-$name/rows" >>"$OUT/$PART.json"
}
