# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# A guest migrates from one QEMU to another while files move in both directions. Sourced.

# Boots the guest that will migrate. $1: QEMU that boots it, $2: QEMU that will receive it
moving_boot() {
	tap_bridge "t$1" "t$2"
	guest_boot "$1" "t$1" 1 "$BACKEND" disable-legacy=on
	pings_few "$1"
	rings_carry "$1" "t$1"
}

# Has the migration ended? Sets ANSWER. $1: guest
migration_over() {
	qmp "$1" query-migrate
	[[ $ANSWER =~ \"status\":\ \"(completed|failed|cancelled)\" ]]
}

# Waits until the migration has succeeded. $1: guest
migration_good() {
	within 60 migration_over "$1" || fail "the migration does not end"
	[[ $ANSWER == *'"status": "completed"'* ]] || fail "the migration fails: $ANSWER"
	[[ $ANSWER =~ \"downtime\":\ ([0-9]+) ]] &&
		note "down for ${BASH_REMATCH[1]} ms"
	# QEMU reports the end a moment before it stops the guest.
	within 20 qmp_status_is "$1" postmigrate || fail "QEMU $1 has not stopped the guest"
}

# The guest migrates while it exchanges files. $1: from, $2: to, $3: MiB of each file
move() {
	guest_boot_id "$1"
	guest_launch "$2" "t$2" 1 "$BACKEND" disable-legacy=on \
		-incoming "unix:$RUN/move"
	files_begin "$1" "$3" 1500000
	within 10 files_under_way "$3" || fail "the guest sends no file"
	qmp "$1" migrate "{\"uri\": \"unix:$RUN/move\"}"
	migration_good "$1"
	files_under_way "$3" || fail "the files arrived before the guest migrated"
	within 20 qmp_status_is "$2" running || fail "QEMU $2 does not run the guest"
	arrived "$@"
}

# The same guest runs on the other device's rings, and its files arrive intact.
arrived() {
	local before=$BOOT_ID
	guest_quit "$1"
	guest_boot_id "$2"
	[ "$BOOT_ID" = "$before" ] || fail "the guest has rebooted during the migration"
	files_hurry "$2"
	files_end "$2" "$3" 90
	pings_few "$2"
	rings_carry "$2" "t$2"
}

# Begins a slow migration while files move. $1: from, $2: to
migration_begin() {
	guest_launch "$2" "t$2" 1 "$BACKEND" disable-legacy=on \
		-incoming "unix:$RUN/move"
	files_begin "$1" 4 1000000
	within 10 files_under_way 4 || fail "the guest sends no file"
	qmp "$1" migrate-set-parameters '{"max-bandwidth": 1000000}'
	qmp "$1" migrate "{\"uri\": \"unix:$RUN/move\"}"
	within 20 migration_flows "$1" || fail "the migration does not begin"
}

# Has QEMU sent some of the guest's memory, and not all? $1: guest
migration_flows() {
	qmp "$1" query-migrate
	[[ $ANSWER == *'"status": "active"'* &&
		$ANSWER =~ \"transferred\":\ ([0-9]+) && ${BASH_REMATCH[1]} -gt 100000 ]]
}

# QEMU cancels the migration, and the guest continues where it was. $1: from, $2: to
migration_cancel() {
	qmp "$1" migrate_cancel
	within 20 migration_over "$1" || fail "QEMU does not cancel the migration"
	[[ $ANSWER == *'"status": "cancelled"'* ]] || fail "the migration was not cancelled: $ANSWER"
	qmp "$1" migrate-set-parameters '{"max-bandwidth": 1000000000}'
	files_hurry "$1"
	files_end "$1" 4 60
	rings_carry "$1" "t$1"
	guest_pid "$2"
	within 20 pid_gone "$PID" || fail "QEMU $2 still waits for the guest"
}
