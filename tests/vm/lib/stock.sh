# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Debian's own kernel. The headers are the host's; the image is unpacked in the
# cache and never installed on the host. Sourced after packages.sh.

# Prints the kernel release of the newest 6.1 headers that are installed.
stock_release() {
	local dir newest=
	for dir in /usr/src/linux-headers-6.1.*-[0-9]*-amd64; do
		[ -e "$dir/Makefile" ] || continue
		newest=$(printf '%s\n' "$newest" "${dir#/usr/src/linux-headers-}" |
			sort -V | tail -n 1)
	done
	[ -n "$newest" ] && printf '%s\n' "$newest"
}

# Sets STOCK_RELEASE, STOCK_HEADERS, STOCK_ROOT, STOCK_IMAGE.
stock_paths() {
	STOCK_RELEASE=$(stock_release) ||
		die "no Debian 6.1 kernel headers are installed. Run: sudo $TYPED"
	local version
	version=$(dpkg-query -W -f '${Version}' "linux-headers-$STOCK_RELEASE")
	STOCK_VERSION=$version
	STOCK_HEADERS=/usr/src/linux-headers-$STOCK_RELEASE
	STOCK_ROOT=$CACHE/stock-$version
	STOCK_IMAGE=$STOCK_ROOT/boot/vmlinuz-$STOCK_RELEASE
	export STOCK_HEADERS STOCK_IMAGE
}

stock_unpack() {
	packages_unpack "linux-image-$STOCK_RELEASE=$STOCK_VERSION" \
		"$STOCK_ROOT"
}

# Debian may have withdrawn the kernel of headers that were installed long ago.
stock_upgrade() {
	is_root || die_not_root "upgrade linux-headers-amd64"
	say "upgrading linux-headers-amd64"
	apt_quiet install linux-headers-amd64 >>"$CACHE/apt.log" 2>&1 || true
	stock_paths
	stock_unpack || die "no kernel image for the headers $STOCK_RELEASE"
}

# The CRCs of symbols must match, so image and headers are of one version.
stock_fetch() {
	stock_paths
	[ ! -e "$STOCK_ROOT/.ready" ] || return 0
	cache_lock "kernel image"
	if [ ! -e "$STOCK_ROOT/.ready" ]; then
		say "fetching Debian's kernel $STOCK_RELEASE ($STOCK_VERSION)"
		stock_unpack || stock_upgrade
		depmod -b "$STOCK_ROOT" "$STOCK_RELEASE"
		touch "$STOCK_ROOT/.ready"
	fi
	cache_unlock
}

# The initramfs needs a static busybox; the host's may be another one.
busybox_fetch() {
	BUSYBOX=$CACHE/busybox/bin/busybox
	[ ! -x "$BUSYBOX" ] || return 0
	cache_lock busybox
	if [ ! -x "$BUSYBOX" ]; then
		say "fetching busybox-static"
		packages_unpack busybox-static "$CACHE/busybox" ||
			die "no busybox-static"
	fi
	cache_unlock
	[ -x "$BUSYBOX" ] || die "no busybox in $CACHE/busybox"
}
