# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# Sends commands to guest/init over a pair of named pipes. Sourced.

# Reads a whole line of a pipe into LINE. Fails if no line ends within a second, and
# keeps its beginning for the next call. $1: guest, $2: fd
pipe_line() {
	local part
	if IFS= read -r -t 1 -u "$2" part; then
		LINE=${PART-}$part
		PART=
		return 0
	fi
	PART=${PART-}$part
	guest_lives "$1"
	return 1
}

# Waits until a guest says that it has booted. Sets BOOT_ID.
# $1: guest, $2: seconds
guest_hello() {
	local out PART='' end=$((SECONDS + $2 * PATIENCE))
	exec {out}<>"$RUN/$1.serial.out"
	while [ $SECONDS -lt $end ]; do
		pipe_line "$1" "$out" || continue
		[[ $LINE == *'@hello '* ]] || continue
		exec {out}>&-
		BOOT_ID=${LINE##*@hello }
		return 0
	done
	fail "$1 does not come up: $(tail -n 3 "$RUN/$1-console.log")"
}

# Sends a command for the shell of guest/init, without waiting. $1: guest, $2: command
guest_tell() {
	GUEST_ID=$BASHPID-$EPOCHREALTIME
	printf '%s %s\n' "$GUEST_ID" "$2" 1<>"$RUN/$1.serial.in"
}

# Runs a command in the guest, prints its output and returns its status.
# $1: guest, $2: command, $3: seconds (20)
guest() {
	local out PART='' end=$((SECONDS + ${3:-20} * PATIENCE))
	exec {out}<>"$RUN/$1.serial.out"
	guest_tell "$1" "$2"
	while [ $SECONDS -lt $end ]; do
		pipe_line "$1" "$out" || continue
		if [[ $LINE =~ ^@done\ $GUEST_ID\ ([0-9]+) ]]; then
			exec {out}>&-
			return "${BASH_REMATCH[1]}"
		fi
		[[ -z $LINE || $LINE == @* ]] || printf '%s\n' "$LINE"
	done
	fail "$1 does not answer to: $2"
}

# Sets BOOT_ID to the guest's current boot id. $1: guest
guest_boot_id() {
	BOOT_ID=$(guest "$1" 'cat /proc/sys/kernel/random/boot_id') ||
		fail "$1 has no boot id"
}
