# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# The kernels that a release of Debian has, in the tree and in a machine. Sourced after
# common.sh, stock.sh and trixie.sh; tree.sh sets DEBIAN.

# Sets for the first kernel: KERNEL, its name for tests/vm/run; RELEASE; IMAGE, a folder
# in which its package is unpacked; HEADERS, a package. For the next kernel, which is a
# 6.12 in Debian 12: NEXT, and NEXT_KERNEL if tests/vm/run has it.
kernels_fetch() {
	case $DEBIAN in
	bookworm)
		stock_fetch
		KERNEL=stock RELEASE=$STOCK_RELEASE IMAGE=$STOCK_ROOT
		HEADERS=linux-headers-$RELEASE=$STOCK_VERSION
		NEXT=linux-headers-amd64/bookworm-backports NEXT_KERNEL=
		;;
	trixie)
		trixie_fetch 7.3
		NEXT=linux-headers-$TRIXIE_RELEASE NEXT_KERNEL=7.3
		trixie_fetch 6.12
		KERNEL=6.12 RELEASE=$TRIXIE_RELEASE IMAGE=$TRIXIE_IMAGE
		HEADERS=linux-headers-$RELEASE
		;;
	esac
}

# The kernel's own tun, as the package of the image would install it.
kernels_stock_module() {
	local from=$IMAGE/lib/modules/$RELEASE to=$TREE/lib/modules/$RELEASE
	mkdir -p "$to/kernel/drivers/net"
	cp "$from"/kernel/drivers/net/tun.ko* "$to/kernel/drivers/net/" &&
		cp "$from"/modules.{order,builtin} "$to/" &&
		inside depmod "$RELEASE" && loads "$RELEASE" kernel/drivers/net
}

# $1: release, $2: folder of the file that modprobe would load as tun
loads() {
	local file
	file=$(inside modinfo -k "$1" -F filename tun)
	echo "modprobe loads $file"
	[[ $file = */"$2"/tun.ko?(.xz) ]]
}

# Prints the release for which DKMS has built the driver beside RELEASE.
kernels_next() {
	inside dkms status |
		sed -n "/$RELEASE/d; s/^tunring.*[ ,]\([0-9.]*[^,]*-amd64\),.*: installed.*/\1/p"
}

# The image of the next kernel, unpacked where tests/vm/run finds it. Sets NEXT_KERNEL.
kernels_next_image() {
	local folder=$BUILD/deb-next-$DEBIAN archives=var/cache/apt/archives
	rm -rf "$folder"
	mkdir -p "$folder"
	# shellcheck disable=SC2016 # for the tree's shell
	inside sh -c 'cd "/$0" && apt-get -q download "$1"' $archives \
		"linux-image-$NEXT_RELEASE" &&
		dpkg -x "$TREE/$archives/linux-image-$NEXT_RELEASE"_*.deb "$folder" &&
		depmod -b "$folder" "$NEXT_RELEASE" && NEXT_KERNEL=$folder
}

# $1: release. DKMS's modules in a folder of their own, as files that a machine can load.
kernels_modules() {
	local ko
	MODULES=$BUILD/vm/deb-$1
	rm -rf "$MODULES"
	mkdir -p "$MODULES"
	for ko in "$TREE/lib/modules/$1/updates/dkms"/*.ko*; do
		case $ko in
		*.xz) xz -dc "$ko" >"$MODULES/$(basename "${ko%.xz}")" ;;
		*) cp "$ko" "$MODULES/" ;;
		esac || return 1
	done
	[ -e "$MODULES/tun.ko" ] && [ -e "$MODULES/vring_core.ko" ] &&
		[ -e "$MODULES/vringfd.ko" ]
}
