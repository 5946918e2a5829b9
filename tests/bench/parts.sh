# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The parts of the benchmark beside the contestants for single packets. Each is a
# program of its own: P -o FOLDER measures, and writes FOLDER/P.json with an object on
# each line. figures/P.py makes tables and goals of it (of exec, figures/programs.py).
PARTS_ALL=(openvpn exec qemu scale latency time)

# These parts go by the clock: nothing else may run meanwhile.
part_is_timed() {
	case $1 in
	latency | time) return 0 ;;
	*) return 1 ;;
	esac
}

# $1: part. Prints the path of its program.
part_program() {
	case $1 in
	openvpn | exec | qemu) echo "$BENCH/programs/$1" ;;
	*) echo "$BENCH/$1/run" ;;
	esac
}

part_known() {
	printf '%s\n' "${PARTS_ALL[@]}" | grep -qx -- "$1"
}
