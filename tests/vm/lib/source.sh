# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Unpacks parts of Debian's linux-source package. Sourced after packages.sh.

# Sets SOURCE_VERSION, SOURCE (the whole tree), SOURCE_TOOLS (selftests, scripts).
source_paths() {
	SOURCE_VERSION=$(dpkg-query -W -f '${Version}' linux-source-6.1 2>/dev/null) ||
		die "linux-source-6.1 is not installed. Run: sudo $TYPED"
	SOURCE=$CACHE/source-$SOURCE_VERSION
	SOURCE_TOOLS=$CACHE/tools-$SOURCE_VERSION
	export SOURCE_TOOLS
}

# $1: folder, $2: its contents in words, rest: arguments for tar. The folder is moved
# into place when it is complete.
source_unpack() {
	local dir=$1 what=$2 tmp
	shift 2
	[ ! -d "$dir" ] || return 0
	cache_lock "kernel source"
	if [ ! -d "$dir" ]; then
		say "unpacking $what from linux-source-6.1 ($SOURCE_VERSION)"
		tmp=$(mktemp -d "$CACHE/.source.XXXXXX")
		tar -C "$tmp" -xf /usr/src/linux-source-6.1.tar.xz \
			--strip-components=1 "$@" ||
			die "linux-source-6.1 could not be unpacked"
		chmod 755 "$tmp"
		mv "$tmp" "$dir"
	fi
	cache_unlock
}

# Headers of the test harness, the kernel's own tun test, checkpatch.
source_tools() {
	source_paths
	source_unpack "$SOURCE_TOOLS" "kselftest and checkpatch" \
		linux-source-6.1/tools/testing/selftests/kselftest.h \
		linux-source-6.1/tools/testing/selftests/kselftest_harness.h \
		linux-source-6.1/tools/testing/selftests/net/tun.c \
		linux-source-6.1/scripts/checkpatch.pl \
		linux-source-6.1/scripts/kernel-doc \
		linux-source-6.1/scripts/spelling.txt \
		linux-source-6.1/scripts/const_structs.checkpatch
}

# All sources that an x86 kernel without graphics and sound is built from.
source_tree() {
	source_paths
	source_unpack "$SOURCE" "the kernel source" \
		--exclude='linux-source-6.1/arch/[a-w]*/*.[chS]' \
		--exclude='linux-source-6.1/arch/[a-w]*/*.dts*' \
		--exclude='linux-source-6.1/arch/[a-w]*/*_defconfig' \
		--exclude='linux-source-6.1/Documentation/*/*' \
		--exclude='linux-source-6.1/drivers/gpu/*.[ch]' \
		--exclude='linux-source-6.1/drivers/media/*.[ch]' \
		--exclude='linux-source-6.1/drivers/infiniband/*.[ch]' \
		--exclude='linux-source-6.1/drivers/staging/*.[ch]' \
		--exclude='linux-source-6.1/sound/*.[ch]'
}
