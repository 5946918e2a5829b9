# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Which tun driver the guest's kernel has. Sourced in the guest.

# The stock driver where it lay before ours took its place.
module_stock_path() {
	echo "$CACHE"/stock-*/lib/modules/"$(uname -r)"/kernel/drivers/net/tun.ko
}

# $1: ours or stock
module_use() {
	modprobe -r tun || fail "tun cannot be unloaded"
	case $1 in
	ours) modprobe tun ;;
	stock) insmod "$(module_stock_path)" ;;
	esac || fail "the $1 tun cannot be loaded"
	within 5 test -c /dev/net/tun
}

# Without a user there is no device either.
tun_idle() {
	local users
	read -r users 2>/dev/null </sys/module/tun/refcnt || return 0
	[ "$users" = 0 ]
}
