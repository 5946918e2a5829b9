# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Is the guest's kernel still well? Sourced by what runs in the guest.

# Words with which a kernel complains. Some of them make it panic at once
# (panic_on_warn); the others would pass unseen.
COMPLAINTS='WARNING:|BUG:|BUG |KASAN:|UBSAN:|KFENCE:|ODEBUG:|INFO: (task|rcu|possible|trying|suspicious|inconsistent)|possible (circular|recursive|irq)|suspicious RCU|inconsistent lock|bad unlock balance|held lock freed|Oops|general protection|refcount_t:|unregister_netdevice: waiting|kernel panic|soft lockup|hard LOCKUP|detected stall|leaked reference|kmemleak: [0-9]+ new|page allocation failure|usercopy:|ref_tracker:|scheduling while atomic|Modules linked in'

health_mark() {
	HEALTH_MARK="tunring-mark-$1-$BASHPID-$SECONDS"
	echo "$HEALTH_MARK" >/dev/kmsg
}

# Prints the complaints since the last mark, but those that match $1.
# Succeeds if there are none.
health_dmesg() {
	local found
	found=$(dmesg | awk -v mark="$HEALTH_MARK" -v bad="$COMPLAINTS" \
		-v allow="${1-}" '
		index($0, mark) { seen = 1; next }
		!seen || $0 !~ bad { next }
		allow != "" && $0 ~ allow { next }
		{ print }')
	[ -n "$found" ] || return 0
	printf '# kernel: %s\n' "$found"
	return 1
}

# The background scan would make results depend on luck.
health_start() {
	[ -e /sys/kernel/debug/kmemleak ] &&
		echo scan=off >/sys/kernel/debug/kmemleak
	health_mark boot
}

# lockdep turns itself off at the first thing that it reports.
health_lockdep() {
	[ -e /proc/lockdep_stats ] || return 0
	grep -q 'debug_locks: *1' /proc/lockdep_stats && return 0
	echo "# lockdep has turned itself off"
	return 1
}

# What nobody owns any more must be gone before leaks are looked for.
health_release() {
	local tries=10
	kill -KILL -1 2>/dev/null
	ip -all netns delete 2>/dev/null
	while [ $((tries--)) -gt 0 ]; do
		grep -q '^tun ' /proc/modules || return 0
		modprobe -r -q vhost_net
		modprobe -r tun 2>/dev/null && return 0
		sleep 1
	done
	echo "# module tun is still in use: $(grep '^tun ' /proc/modules)"
	return 1
}

# kmemleak reports what stayed unreachable over two scans and is 5 s old.
health_kmemleak() {
	local leaks=/sys/kernel/debug/kmemleak
	[ -e $leaks ] || return 0
	sleep 5.5
	echo scan >$leaks
	echo scan >$leaks
	cat $leaks >/run/vm/kmemleak
	[ -s /run/vm/kmemleak ] || return 0
	sed 's/^/# leak: /' /run/vm/kmemleak
	return 1
}

health_finish() {
	local rc=0
	health_release || rc=1
	health_kmemleak || rc=1
	health_lockdep || rc=1
	HEALTH_MARK=tunring-mark-boot
	health_dmesg "${ALLOW-}" || rc=1
	return $rc
}
