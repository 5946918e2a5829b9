# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The parts of the benchmark beside the contestants for single packets. Each is a
# program of its own, and has two more that show what it wrote.
#
#   P -o FOLDER        measures: FOLDER/P.json, an object on each line
#   P's tables FOLDER  of that, in Markdown
#   P's goals FOLDER   lines of three fields: what, at most, measured
PARTS_ALL=(openvpn qemu scale latency time)

# These go by the clock, so that nothing else may run meanwhile.
part_is_timed() {
	case $1 in
	latency | time) return 0 ;;
	*) return 1 ;;
	esac
}

# $1: part, $2: nothing, tables or goals. Sets PROGRAM.
part_program() {
	case $1 in
	openvpn | qemu) PROGRAM=$BENCH/programs/$1${2:+-$2} ;;
	*) PROGRAM=$BENCH/$1/${2:-run} ;;
	esac
}

part_known() {
	printf '%s\n' "${PARTS_ALL[@]}" | grep -qx -- "$1"
}

# $1: folder; parts that were measured there
parts_of() {
	local part
	for part in "${PARTS_ALL[@]}"; do
		[ ! -s "$1/$part.json" ] || echo "$part"
	done
}

# $1: tables or goals, $2: folder
parts_show() {
	local part
	for part in $(parts_of "$2"); do
		part_program "$part" "$1"
		"$PROGRAM" "$2"
	done
}
