# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Builds of OpenVPN's source with our patches, apart from Debian's own build. Sourced
# after host.sh.

STAGE=$WORK/stage
export PKG_CONFIG_PATH=$STAGE/lib/pkgconfig LD_LIBRARY_PATH=$STAGE/lib

# The library, where pkg-config finds it.
library() {
	make -C "$TOP/tools/tunring" all &&
		make -C "$TOP/tools/tunring" install PREFIX="$STAGE" LIBDIR="$STAGE/lib"
}

# Makes TREE: the source with both patches.
patched() {
	cp -a "$CACHE/openvpn-source" "$TREE" &&
		openvpn_patch_tree "$TREE" udp-batch tun-ring
}

# The program's help names an option, or does not. $1: program, $2: option, $3: yes or no
option() {
	local found=no
	# OpenVPN's status after --help is 1
	! "$1" --help >"$WORK/help" || return 1
	grep -q -e "$2" "$WORK/help" && found=yes
	echo "$2: $found"
	[ "$found" = "$3" ]
}
