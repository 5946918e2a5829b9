# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# Talks to QEMU's monitor over a pair of named pipes. Sourced.

QMP_SECONDS=20

# Sends a command without waiting. $1: guest, $2: command, $3: arguments, as JSON
qmp_send() {
	QMP_ID=$BASHPID-$EPOCHREALTIME
	printf '{"execute": "%s", "arguments": %s, "id": "%s"}\n' \
		"$2" "${3:-{\}}" "$QMP_ID" 1<>"$RUN/$1.qmp.in"
}

# Sends a command, sets ANSWER, and fails if the answer is an error. Events go to the
# log. Arguments: as qmp_send
qmp() {
	local out PART='' end=$((SECONDS + QMP_SECONDS * PATIENCE))
	exec {out}<>"$RUN/$1.qmp.out"
	qmp_send "$@"
	while [ $SECONDS -lt $end ]; do
		pipe_line "$1" "$out" || continue
		ANSWER=$LINE
		[[ $ANSWER == *'"return":'* ]] || echo "$ANSWER" >>"$RUN/$1-qmp.log"
		[[ $ANSWER == *"\"id\": \"$QMP_ID\""* ]] || continue
		exec {out}>&-
		[[ $ANSWER == *'"return":'* ]] || fail "$1: $2: $ANSWER"
		return 0
	done
	fail "$1: QEMU does not answer to $2"
}

# Waits for QEMU's greeting, because a command sent before QEMU opens the pipe is lost.
qmp_begin() {
	local out PART='' LINE='' end=$((SECONDS + QMP_SECONDS * PATIENCE))
	exec {out}<>"$RUN/$1.qmp.out"
	until [[ $LINE == *QMP* ]]; do
		[ $SECONDS -lt $end ] || fail "$1: QEMU does not greet"
		pipe_line "$1" "$out" || continue
	done
	exec {out}>&-
	qmp "$1" qmp_capabilities
}

# $1: guest, $2: status
qmp_status_is() {
	qmp "$1" query-status
	[[ $ANSWER == *"\"status\": \"$2\""* ]]
}
