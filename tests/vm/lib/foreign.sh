# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Debian 12 of other architectures: kernel, headers, and a small tree of programs that
# becomes the guest's root. apt fetches all of it with lists and sources of its own, and
# the cache holds it unpacked. The host has the cross compiler, and the programs of the
# headers are the host's. Sourced after trixie.sh.

# Architectures that A= may name. Each has one kernel, whose name is the architecture's.
FOREIGN_KERNELS="arm64 s390x"
# How names of the compiler and its tools begin; empty for the host's own.
FOREIGN_PREFIX=

# Programs that guest/boot, guest/suites and the tests call.
FOREIGN_PROGRAMS="base-files base-passwd bash busybox-static coreutils dash ethtool
	findutils grep gzip iproute2 iputils-ping kmod libc-bin mawk mount perl-base
	procps sed util-linux"

foreign_is() {
	[[ " $FOREIGN_KERNELS " == *" $1 "* ]]
}

# $1: architecture. Sets FOREIGN, its folder, FOREIGN_PREFIX, and FOREIGN_RELEASE if the
# kernel is there.
# shellcheck disable=SC2034 # scripts that source this file read them
foreign_paths() {
	FOREIGN=$CACHE/foreign-$1
	FOREIGN_RELEASE=
	[ ! -e "$FOREIGN/release" ] || FOREIGN_RELEASE=$(cat "$FOREIGN/release")
	FOREIGN_HEADERS=$FOREIGN/headers/usr/src/linux-headers-$FOREIGN_RELEASE
	case $1 in
	arm64) FOREIGN_PREFIX=aarch64-linux-gnu- ;;
	s390x) FOREIGN_PREFIX=s390x-linux-gnu- ;;
	esac
}

# Prints the release of the newest 6.1 kernel. $1: architecture
foreign_newest() {
	apt_kept apt-cache pkgnames linux-headers- |
		sed -n "s/^linux-headers-\(6\.1\.[0-9]*-[0-9]*-$1\)\$/\1/p" |
		sort -V | tail -n 1 | grep .
}

# $1: release. Fills $APT/archives with the programs, $APT/kernel with the rest. The
# packages on which an image depends are not wanted.
foreign_download() {
	mkdir -p "$APT/kernel"
	rm -f "$APT"/{archives,kernel}/*.deb
	(cd "$APT/kernel" && apt_kept apt-get -q download "linux-image-$1" \
		"linux-headers-$1" "linux-headers-${1%-*}-common") || return 1
	# shellcheck disable=SC2086 # several packages
	apt_kept apt-get -y -q --download-only install $FOREIGN_PROGRAMS
}

# Headers name the common ones by an absolute path, and programs by one that is relative.
# $1: folder of the headers, $2: release
foreign_headers() {
	echo "include $FOREIGN/headers/usr/src/linux-headers-${2%-*}-common/Makefile" \
		>"$1/usr/src/linux-headers-$2/Makefile"
	mkdir -p "$1/usr/lib"
	ln -s /usr/lib/linux-kbuild-6.1 "$1/usr/lib/linux-kbuild-6.1"
}

# The work of the scripts in the packages. $1: folder of the root
foreign_root() {
	local name
	for name in passwd group; do
		cp "$1/usr/share/base-passwd/$name.master" "$1/etc/$name"
	done
	[ -e "$1/bin/sh" ] || ln -s dash "$1/bin/sh"
	ln -sf mawk "$1/usr/bin/awk"
}

# $1: folder, $2: release
foreign_unpack() {
	local deb
	for deb in "$APT"/archives/*.deb; do
		dpkg -x "$deb" "$1/root" || return 1
	done
	for deb in "$APT"/kernel/*.deb; do
		case $deb in
		*/linux-image-*) dpkg -x "$deb" "$1/image" ;;
		*) dpkg -x "$deb" "$1/headers" ;;
		esac || return 1
	done
	foreign_headers "$1/headers" "$2" && foreign_root "$1/root" &&
		depmod -b "$1/image" "$2"
}

# $1: architecture. Fills $FOREIGN.
foreign_install() {
	local release tmp
	apt_private "foreign-$1-apt" "$1" bookworm bookworm-updates
	release=$(foreign_newest "$1") || die "Debian 12 has no kernel for $1"
	say "fetching Debian's kernel $release and programs for $1"
	foreign_download "$release" >>"$CACHE/apt.log" ||
		die "apt-get could not fetch $release (see $CACHE/apt.log)"
	tmp=$(mktemp -d "$CACHE/.foreign.XXXXXX")
	foreign_unpack "$tmp" "$release" || die "the packages for $1 do not unpack"
	echo "$release" >"$tmp/release"
	chmod 755 "$tmp"
	rm -rf "$FOREIGN" "$APT"/{archives,kernel}/*.deb
	mv -T "$tmp" "$FOREIGN"
}

# $1: architecture. A kernel that is in the cache stays; remove its folder for a newer one.
foreign_fetch() {
	foreign_paths "$1"
	[ -z "$FOREIGN_RELEASE" ] || return 0
	cache_lock "kernels of other architectures"
	foreign_paths "$1"
	[ -n "$FOREIGN_RELEASE" ] || foreign_install "$1"
	foreign_paths "$1"
	cache_unlock
}

# Sets QEMU, and BUS, how names of virtio devices end. $1: architecture
# shellcheck disable=SC2034 # tests/vm/run reads BUS
foreign_machine() {
	case $1 in
	arm64)
		# the architecture's own pointer signatures take long to compute
		QEMU=(qemu-system-aarch64 -M virt -cpu "max,pauth-impdef=on")
		BUS=pci
		;;
	s390x)
		QEMU=(qemu-system-s390x -M s390-ccw-virtio -cpu max)
		BUS=ccw
		;;
	esac
	QEMU+=(-accel "tcg,thread=multi" -smp "$CPUS")
}

# Prints the name of the console's device. $1: architecture
foreign_console() {
	case $1 in
	arm64) echo ttyAMA0 ;;
	s390x) echo ttysclp0 ;;
	esac
}

# Prints drivers for the initramfs. The bus of s390x is built in. $1: architecture
foreign_modules() {
	case $1 in
	arm64) echo virtio_pci ;;
	esac
	echo virtio_console 9pnet_virtio 9p overlay
}
