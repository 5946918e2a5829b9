# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Suites: tests/NAME/suite names the programs of a suite and where they run.

# The plan has a line for each program in each setting. Its fields are
# kernel module cpus memory cpu suite program timeout load allow path
PLAN=()

# The harness tests itself with suites of another folder.
SUITE_DIR=${TUNRING_SUITES:-$TOP/tests}

suites_all() {
	local file
	for file in "$SUITE_DIR"/*/suite; do
		[ ! -e "$file" ] || basename "$(dirname "$file")"
	done
}

# $1: suite. Sets the suite's variables, defaults first.
suite_read() {
	programs='' helpers='' debug='*' ours_only='' all_only='' newer=''
	debian_only='' races='' foreign='' native_only=''
	where=vm needs='' kernels="stock debug" modules=ours cpus=2 memory=2048
	cpu='' timeout=60 packages='' load='' allow=''
	# shellcheck source=/dev/null
	. "$SUITE_DIR/$1/suite"
	[ -n "$programs" ] || die "$SUITE_DIR/$1/suite names no programs"
	# one blank between names, also where a line ends
	programs=$(xargs <<<"$programs")
	helpers=$(xargs <<<"$helpers")
	debug=$(set -f; xargs <<<"$debug")
	ours_only=$(xargs <<<"$ours_only")
	all_only=$(xargs <<<"$all_only")
	newer=$(xargs <<<"$newer")
	debian_only=$(xargs <<<"$debian_only")
	races=$(xargs <<<"$races")
	foreign=$(set -f; xargs <<<"$foreign")
	native_only=$(xargs <<<"$native_only")
	[ "$where" != host ] || { kernels=host${needs:+-$needs} modules=none; }
}

# Prints the folder in which the programs of a kernel's architecture are built.
# $1: kernel
suite_built() {
	if foreign_is "$1"; then
		echo "$BUILD/$1/tests"
	else
		echo "$BUILD/tests"
	fi
}

# $1: suite, $2: program, $3: kernel. Prints the path of the program, built or a script.
suite_path() {
	local built
	built=$(suite_built "$3")
	if [ -e "$SUITE_DIR/$1/$2.c" ]; then
		echo "$built/$1/$2"
	elif [ -x "$SUITE_DIR/$1/$2" ]; then
		echo "$SUITE_DIR/$1/$2"
	else
		echo "$built/$1/$2"
	fi
}

# A suite gives its time-out for the stock kernel in a machine that has a processor
# for itself. Lanes share the processors, and kernels of our own are slower.
suite_timeout() {
	case $1 in
	debug) echo $((timeout * 6)) ;;
	kcsan) echo $((timeout * 10)) ;;
	gcov | arm64 | s390x) echo $((timeout * 3)) ;;
	*) echo $((timeout * 3 / 2)) ;;
	esac
}

# Prints the kernels of the suite that was read. A suite that sets $newer also runs on
# kernels of Debian 13: by name (K=) all of it, in check-all on each of them, and in a
# run of all suites the programs in $newer on $TRIXIE_BRIEF. A suite that sets $foreign
# runs on other architectures by name and in check-all. By name only, the kernel
# kcsan runs the suites that set $races, and gcov all that run on the stock kernel.
suite_kernels() {
	local newest='' named=''
	if [ -n "$newer" ]; then
		[ -n "$WANT$ONLY_KERNEL" ] || newest=$TRIXIE_BRIEF
		! trixie_is "$ONLY_KERNEL" || newest=$ONLY_KERNEL
		[ -z "$ALL" ] || newest=$TRIXIE_KERNELS
	fi
	if [ -n "$foreign" ]; then
		! foreign_is "$ONLY_KERNEL" || named=$ONLY_KERNEL
		[ -z "$ALL" ] || named=$FOREIGN_KERNELS
	fi
	case $ONLY_KERNEL in
	kcsan) named=${races:+kcsan} ;;
	gcov) [[ " $kernels " != *" stock "* ]] || named=gcov ;;
	esac
	# shellcheck disable=SC2086 # lists of names
	printf '%s\n' $kernels $newest $named | grep -x "${ONLY_KERNEL:-.*}" || true
}

# Does a kernel run only some programs of a suite, with our tun.ko? $1: kernel
suite_brief() {
	[ -z "$ONLY_KERNEL$ALL" ] && trixie_is "$1"
}

# Does a program only run on the architecture of the host? $1: kernel, $2: program
suite_native() {
	foreign_is "$1" && [[ $foreign != '*' && " $foreign " != *" $2 "* ||
		" $native_only " == *" $2 "* ]]
}

# Does the run leave a program out? A program that is asked for by name runs, and
# check-all leaves out none. $1: kernel, $2: module, $3: program, $4: name asked for,
# or nothing
suite_skips() {
	if suite_native "$1" "$3"; then
		return 0
	elif [ -n "$4" ]; then
		[ "$3" != "$4" ]
	elif own_is "$1" && [[ " $debian_only " == *" $3 "* ]]; then
		return 0
	elif [ -n "$ALL" ]; then
		return 1
	elif [ "$1" = kcsan ]; then
		[[ " $races " != *" $3 "* ]]
	else
		[[ " $all_only " == *" $3 "* ]] || {
			suite_brief "$1" && [[ " $newer " != *" $3 "* ]]
		} ||
			[[ $1 == debug && $debug != '*' && " $debug " != *" $3 "* ]] ||
			[[ $2 == stock && " $ours_only " == *" $3 "* ]]
	fi
}

# The stock driver runs on the stock kernel, and on a kernel of Debian 13 that runs
# all of a suite; on no kernel of our own. M=stock asks for it on any kernel.
# $1: kernel, $2: module
suite_stock_left_out() {
	[ "$2:$ONLY_MODULE" = stock: ] &&
		{ own_is "$1" || suite_brief "$1"; }
}

# $1: suite, $2: the one program wanted, or nothing. Adds to PLAN.
# $ONLY_KERNEL and $ONLY_MODULE narrow it.
suite_plan() {
	local kernel module program path
	suite_read "$1"
	for kernel in $(suite_kernels); do
		for module in $modules; do
			[ "$module" = "${ONLY_MODULE:-$module}" ] || continue
			! suite_stock_left_out "$kernel" "$module" || continue
			for program in $programs; do
				! suite_skips "$kernel" "$module" "$program" "$2" ||
					continue
				path=$(suite_path "$1" "$program" "$kernel")
				PLAN+=("$(printf '%s|' "$kernel" "$module" "$cpus" \
					"$memory" "$cpu" "$1" "$program" \
					"$(suite_timeout "$kernel")" "$load" \
					"$allow")$path")
			done
		done
	done
}

# Prints the packages that suites need. $@: suites
suite_packages() {
	local name
	for name in "$@"; do
		(suite_read "$name" && echo "$packages")
	done | xargs -n1 | sort -u
}

# Prints the settings of the plan: programs of one setting share machines.
# Settings that fail fast come first.
plan_settings() {
	local kernel
	for kernel in host stock $TRIXIE_KERNELS $FOREIGN_KERNELS host-debug \
		$OWN_KERNELS; do
		printf '%s\n' "${PLAN[@]}" | grep "^$kernel|" | cut -d'|' -f1-5 |
			awk '!seen[$0]++' || true
	done
}

# $1: number in the plan. Prints suite/program.
plan_name() {
	cut -d'|' -f6,7 --output-delimiter=/ <<<"${PLAN[$1]}"
}

# $1: number in the plan. Prints "kernel module".
plan_where() {
	cut -d'|' -f1,2 --output-delimiter=' ' <<<"${PLAN[$1]}"
}
