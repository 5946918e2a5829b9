# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# A machine with a guest of QEMU in it, in which qemu-inside counts. Sourced after
# common.sh, with BENCH set.

# QEMU's model of a processor that nested guests can have; as icount wants it.
CPU="EPYC,+svm,+npt,-erms,-fsrm"
MACHINE_SECONDS=240
# As the tables name them, and as qemu-inside does.
declare -A WAYS=([stock]="vhost userspace" [ours]="guest guest-pinned guest-deferred")
declare -A INSIDE=([vhost]=vhost_net [userspace]=none [guest]=tun
	[guest-pinned]=tun-pinned [guest-deferred]=tun-deferred)

# $1: folder for logs, rest: more targets of the Makefile of tests/bench
guest_build() {
	local out=$1
	local -a packages
	shift
	mapfile -t packages < <(
		# shellcheck source=tests/qemu/suite
		. "$TOP/tests/qemu/suite"
		# shellcheck disable=SC2086 # a list
		printf '%s\n' $packages)
	"$VM/setup" build vm -- python3 "${packages[@]}"
	mkdir -p "$out"
	if ! { "$VM/module" stock && make -C "$BENCH" guest "$@"; } \
		>"$out/qemu-build.log" 2>&1; then
		tail -n 20 "$out/qemu-build.log" >&2
		die "the build failed; see $out/qemu-build.log"
	fi
}

# $1: module, $2: folder, which gets rows; beside it, .log. $3: rows that are there
# already, $4: ways, as INSIDE has them, rest: a command in front of qemu-inside
guest_machine() {
	local module=$1 out=$2 rows=$3 ways=$4
	shift 4
	# shellcheck disable=SC2086 # a list
	"$VM/run" --icount --cpu "$CPU" -m "$module" -M 3072 \
		-t "$MACHINE_SECONDS" -o "$out" -- \
		"$@" "$BENCH/programs/qemu-inside" "$TOP" "$VM" "$module" \
		"$rows" $ways >"$out.log" 2>&1
}

# Why not all was measured. $1: folder of a machine, $2: its status
guest_why() {
	case $2 in
	1) grep '^# ' "$1.log" | tail -n 1 | tr -d '"' | cut -c 3-120 ;;
	124) echo "it came to a stop" ;;
	*) echo "the machine died" ;;
	esac
}
