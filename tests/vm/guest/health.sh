# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Is the guest's kernel still well? Sourced by what runs in the guest.
# Starting a program costs 0.1 s on TCG, so this lets the shell do the work.

# Words with which a kernel complains. Some of them make it panic at once
# (panic_on_warn); the others would pass unseen.
COMPLAINTS='WARNING:|BUG:|BUG |KASAN:|UBSAN:|KFENCE:|ODEBUG:|INFO: (task|rcu|possible|trying|suspicious|inconsistent)|possible (circular|recursive|irq)|suspicious RCU|inconsistent lock|bad unlock balance|held lock freed|Oops|general protection|refcount_t:|unregister_netdevice: waiting|[Kk]ernel panic|soft lockup|hard LOCKUP|detected stall|leaked reference|kmemleak: [0-9]+ new|page allocation failure|usercopy:|ref_tracker:|scheduling while atomic|Modules linked in'

# Prints the kernel's complaints since the last call, but those that match $1.
# Succeeds if there are none.
health_dmesg() {
	local new line rc=0
	new=$(dmesg -c)
	printf '%s\n' "$new" >>/run/vm/dmesg
	[[ $new =~ $COMPLAINTS ]] || return 0
	while IFS= read -r line; do
		[[ $line =~ $COMPLAINTS ]] || continue
		[ -z "${1-}" ] || ! [[ $line =~ $1 ]] || continue
		printf '# kernel: %s\n' "$line"
		rc=1
	done <<<"$new"
	return $rc
}

# What the kernel said of the machine while it booted is not for us to judge.
# kmemleak's background scan would make results depend on luck.
health_start() {
	dmesg -c >/run/vm/dmesg
	[ ! -e /sys/kernel/debug/kmemleak ] ||
		echo scan=off >/sys/kernel/debug/kmemleak
}

# lockdep turns itself off at the first thing that it reports.
health_lockdep() {
	[ -e /proc/lockdep_stats ] || return 0
	! [[ $(</proc/lockdep_stats) =~ debug_locks:\ *1 ]] || return 0
	echo "# lockdep has turned itself off"
	return 1
}

# Devices and namespaces that a program left behind.
devices_remove() {
	local link
	for link in /run/netns/*; do
		[ ! -e "$link" ] || ip netns delete "${link##*/}"
	done
	for link in /sys/class/net/*; do
		link=${link##*/}
		case $link in
		lo | bonding_masters) ;;
		*) ip link delete "$link" 2>/dev/null ;;
		esac
	done
}

# When nothing is left, nothing may hold the module, but for what an earlier
# program is to blame for. $1: seconds to wait
MODULE_HELD=0
module_idle() {
	local tries=$(($1 * 10)) used=/sys/module/tun/refcnt
	while [ -e $used ] && [ "$(<$used)" -gt $MODULE_HELD ]; do
		[ $((tries--)) -gt 0 ] || {
			MODULE_HELD=$(<$used)
			echo "# module tun is still in use: $MODULE_HELD"
			return 1
		}
		[ ! -e /sys/module/vhost_net ] || modprobe -r -q vhost_net
		sleep 0.1
	done
}

# What nobody owns any more must be gone before leaks are looked for.
health_release() {
	kill -KILL -1 2>/dev/null
	devices_remove
	module_idle 20
	[ ! -e /sys/module/tun ] || modprobe -r tun || {
		echo "# module tun cannot be removed"
		return 1
	}
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

# The search for leaks is slow, and no more is needed once it is sick.
health_finish() {
	local rc=0
	health_release || rc=1
	health_lockdep || rc=1
	health_dmesg "${ALLOW-}" || rc=1
	[ $rc = 0 ] || return 1
	health_kmemleak || rc=1
	health_dmesg "${ALLOW-}" || rc=1
	return $rc
}
