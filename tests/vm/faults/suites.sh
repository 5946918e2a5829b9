# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Suites that fail, or nearly so. Each has a file "expected": the last lines of
# its run. Sourced by ../selftest.

# $1: suite
suite_run() {
	local rc=0
	[ "$1" != sick ] || faults_build
	TUNRING_SUITES=$VM/faults K='' M='' "$VM/check" "$1" >"$WORK/$1" 2>&1 ||
		rc=$?
	echo "$rc" >"$WORK/$1.rc"
}

# A run that is told to end leaves no program of the host behind. The run is in a process
# group of its own, because it ends its group.
suite_interrupted() {
	local run program=$WORK/lasts.pid tries
	LASTS=$program TUNRING_SUITES=$VM/faults K='' M='' setsid "$VM/check" lasts \
		>"$WORK/lasts" 2>&1 &
	run=$!
	for ((tries = 0; tries < 600; tries++)); do
		[ ! -s "$program" ] || break
		sleep 0.2
	done
	kill -TERM "$run"
	wait "$run" || true
	sleep 1
	verdict "$([ -s "$program" ] && ! kill -0 "$(<"$program")" 2>/dev/null && echo 1)" \
		"an interrupted run leaves no program behind"
}

# $1: suite, $2: status, $3: name of the case that its last lines show
suite_verdict() {
	local expected=$VM/faults/$1/expected good=''
	sed '1,/^== .*; full output in /d' "$WORK/$1" >"$WORK/$1.end"
	diff "$expected" "$WORK/$1.end" >"$WORK/$1.diff" || true
	if [ -s "$WORK/$1.diff" ]; then
		sed 's/^/# /' "$WORK/$1.diff"
	elif [ "$(<"$WORK/$1.rc")" = "$2" ]; then
		good=1
	else
		echo "# status $(<"$WORK/$1.rc"), not $2"
	fi
	verdict "$good" "$3"
}

# $1: suite, $2: words, $3: their number in the output, $4: name
suite_says() {
	verdict "$([ "$(grep -c "$2" "$WORK/$1")" = "$3" ] && echo 1)" "$4"
}

# $1: pattern that the kernel's messages must have, $2: name
sick_says() {
	local folder
	folder=$(sed -n 's/^==.*; full output in \([^,]*\),.*/\1/p' "$WORK/sick")
	verdict "$(grep -qsE "$1" "$folder"/*/{console,dmesg,kmemleak} &&
		echo 1)" "$2"
}

# A module that commits faults, for the debug kernel.
faults_build() {
	local dir=$BUILD/debug/faults
	mkdir -p "$dir"
	cp -u "$VM"/faults/module/* "$dir/"
	own_paths debug
	make -C "$OWN_DIR" M="$dir" modules >"$WORK/faults.log" 2>&1 ||
		sed 's/^/# /' "$WORK/faults.log"
}

suites_unsteady() {
	suite_verdict steady 0 "an unsteady program passes, with its first output"
	suite_says steady '^== the ten slowest' 0 \
		"of a few programs, the slowest are not shown"
	suite_verdict unsteady 1 "four unsteady programs are a failure"
	suite_says unsteady '^==> once more' 0 "four unsteady programs get no second run"
}

suites() {
	suite_verdict bad 1 "every program fails in its own way; the rest still runs"
	suite_says bad '^==> once more' 3 \
		"only assertions and time-outs get a second run"
	suite_says bad '^== the ten slowest' 1 "the slowest programs are shown"
	suite_verdict sick 1 "each fault is a failure on the debug kernel"
	suite_says sick '^==> once more' 0 "the debug kernel gives no second run"
	sick_says 'possible circular locking dependency' "lockdep speaks"
	sick_says 'sleeping function called|scheduling while atomic' \
		"DEBUG_ATOMIC_SLEEP speaks"
	sick_says 'UBSAN: shift-out-of-bounds' "UBSAN speaks"
	sick_says 'BUG: KASAN: slab-out-of-bounds' "KASAN speaks"
	sick_says 'unreferenced object.*size 2048' "kmemleak speaks"
}
