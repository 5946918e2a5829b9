# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Checks the health of the guest's kernel. Sourced by scripts in the guest. To
# start a program costs 0.1 s on TCG, so the shell does the work.
. "$VM/guest/kcsan.sh"

# Words of the kernel's reports. Some reports make the kernel panic at once
# (panic_on_warn); nobody would notice the others.
COMPLAINTS='WARNING:|BUG:|BUG |KASAN:|UBSAN:|KFENCE:|ODEBUG:|INFO: (task|rcu|possible|trying|suspicious|inconsistent)|possible (circular|recursive|irq)|suspicious RCU|inconsistent lock|bad unlock balance|held lock freed|Oops|general protection|refcount_t:|unregister_netdevice: waiting|[Kk]ernel panic|soft lockup|hard LOCKUP|detected stall|leaked reference|kmemleak: [0-9]+ new|page allocation failure|usercopy:|ref_tracker:|scheduling while atomic|Modules linked in'

# Prints the kernel's reports since the last call, except those that match $1.
# Succeeds if there are none.
health_dmesg() {
	local new line rc=0
	new=$(dmesg -c)
	printf '%s\n' "$new" >>/run/vm/dmesg
	[ "$KERNEL" != kcsan ] || new=$(kcsan_ours /run/vm/kcsan-others <<<"$new")
	[[ $new =~ $COMPLAINTS ]] || return 0
	while IFS= read -r line; do
		[[ $line =~ $COMPLAINTS ]] || continue
		[ -z "${1-}" ] || ! [[ $line =~ $1 ]] || continue
		printf '# kernel: %s\n' "$line"
		rc=1
	done <<<"$new"
	return $rc
}

# Messages of the boot are about the machine and do not count. The background scan
# of kmemleak would make results depend on its time.
health_start() {
	dmesg -c >/run/vm/dmesg
	[ ! -e /sys/kernel/debug/kmemleak ] ||
		echo scan=off >/sys/kernel/debug/kmemleak
}

# lockdep turns itself off when it has reported a problem.
health_lockdep() {
	[ -e /proc/lockdep_stats ] || return 0
	! [[ $(</proc/lockdep_stats) =~ debug_locks:\ *1 ]] || return 0
	echo "# lockdep has turned itself off"
	return 1
}

# Removes the devices and namespaces that a program left.
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

# Without devices and processes, the module has no users. Users that an earlier
# program left are counted once. $1: seconds to wait
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

# Removes all processes, devices and the module, so that their memory is free when
# kmemleak scans.
health_release() {
	kill -KILL -1 2>/dev/null
	devices_remove
	module_idle 20
	[ ! -e /sys/module/tun ] || modprobe -r tun || {
		echo "# module tun cannot be removed"
		return 1
	}
}

# kmemleak reports memory that two scans did not reach and that is 5 s old.
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

# The scan for leaks is slow, and a kernel that reported a problem needs none.
health_finish() {
	local rc=0
	health_release || rc=1
	health_lockdep || rc=1
	health_dmesg "${ALLOW-}" || rc=1
	kcsan_others /run/vm/kcsan-others
	[ $rc = 0 ] || return 1
	health_kmemleak || rc=1
	health_dmesg "${ALLOW-}" || rc=1
	return $rc
}
