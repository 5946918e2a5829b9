# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# A guest moves from one QEMU to another while files come and go. Sourced.

# $1: where it boots, $2: where it will go
moving_boot() {
	tap_bridge "t$1" "t$2"
	guest_boot "$1" "t$1" 1 "$BACKEND" disable-legacy=on
	pings_few "$1"
	rings_carry "$1" "t$1"
}

# Sets ANSWER. $1: guest
migration_over() {
	qmp "$1" query-migrate
	[[ $ANSWER =~ \"status\":\ \"(completed|failed|cancelled)\" ]]
}

# $1: guest
migration_good() {
	within 60 migration_over "$1" || fail "it does not come to an end"
	[[ $ANSWER == *'"status": "completed"'* ]] || fail "it says $ANSWER"
	[[ $ANSWER =~ \"downtime\":\ ([0-9]+) ]] &&
		note "down for ${BASH_REMATCH[1]} ms"
	# it says that it is over a moment before
	within 20 qmp_status_is "$1" postmigrate || fail "$1 has not stopped"
}

# $1: from, $2: to, $3: MiB that come and go meanwhile
move() {
	guest_boot_id "$1"
	guest_launch "$2" "t$2" 1 "$BACKEND" disable-legacy=on \
		-incoming "unix:$RUN/move"
	files_begin "$1" "$3" 1500000
	within 10 files_under_way "$3" || fail "no file comes"
	qmp "$1" migrate "{\"uri\": \"unix:$RUN/move\"}"
	migration_good "$1"
	files_under_way "$3" || fail "the files were there before the guest moved"
	within 20 qmp_status_is "$2" running || fail "$2 does not run"
	arrived "$@"
}

# The same guest, its files whole, on the other device's rings.
arrived() {
	local before=$BOOT_ID
	guest_quit "$1"
	guest_boot_id "$2"
	[ "$BOOT_ID" = "$before" ] || fail "it has booted on its way"
	files_end "$2" "$3" 90
	pings_few "$2"
	rings_carry "$2" "t$2"
}

# A slow one, with files on their way. $1: from, $2: to
migration_begin() {
	guest_launch "$2" "t$2" 1 "$BACKEND" disable-legacy=on \
		-incoming "unix:$RUN/move"
	files_begin "$1" 4 1000000
	within 10 files_under_way 4 || fail "no file comes"
	qmp "$1" migrate-set-parameters '{"max-bandwidth": 1000000}'
	qmp "$1" migrate "{\"uri\": \"unix:$RUN/move\"}"
	sleep 1
}

# It leaves the guest as it was. $1: from, $2: to
migration_cancel() {
	qmp "$1" migrate_cancel
	within 20 migration_over "$1" || fail "it does not come to an end"
	[[ $ANSWER == *'"status": "cancelled"'* ]] || fail "it says $ANSWER"
	qmp "$1" migrate-set-parameters '{"max-bandwidth": 1000000000}'
	files_end "$1" 4 60
	rings_carry "$1" "t$1"
	guest_pid "$2"
	within 20 pid_gone "$PID" || fail "$2 still waits"
}
