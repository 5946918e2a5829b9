# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# OpenVPN's source with our changes, as Debian's source package has changes: quilt
# patches. Sourced after source.sh. HERE is the folder of this file.

# In this order; the first is whole without the second.
# shellcheck disable=SC2034 # scripts that source this read it
OPENVPN_PATCHES="udp-batch tun-ring"

# Debian packages that are needed to build OpenVPN as Debian does.
# shellcheck disable=SC2034
OPENVPN_PACKAGES="gcc make patch perl pkg-config dpkg-dev debhelper libc6-dev libcap-ng-dev libssl-dev
	liblz4-dev liblzo2-dev libnl-genl-3-dev libp11-kit-dev libpam0g-dev
	libpkcs11-helper1-dev libsystemd-dev python3-docutils systemd"

# $1: a file of ours, $2: its folder in OpenVPN's source. Prints a patch that adds it.
openvpn_file() {
	diff -u --label /dev/null --label "b/$2/${1##*/}" /dev/null "$1" || [ $? = 1 ]
}

# The releases of OpenVPN that the patch is for: 2.6 or 2.7.
OPENVPN_SERIES=${OPENVPN_SERIES:-2.6}

# $1: udp-batch or tun-ring. Prints our files. A file of the series stands before the one
# of all series. One that is not in the list of sources is for another series.
openvpn_files() {
	local file series=$HERE/$1/$OPENVPN_SERIES
	for file in "$HERE/$1"/*.[ch]; do
		[ ! -d "$series" ] || {
			[ ! -e "$series/${file##*/}" ] &&
				grep -q "^+.*[[:space:]]${file##*/}" "$series/hooks.patch"
		} || continue
		echo "$file"
	done
	[ ! -d "$series" ] || find "$series" -name '*.[ch]' | sort
}

# $1: udp-batch or tun-ring, $2: the tree that it is for. Prints the patch: hooks in
# OpenVPN's files, and our files. The news stand before those of the tree's release.
openvpn_patch() {
	local file hooks=$HERE/$1/hooks.patch
	[ ! -d "$HERE/$1/$OPENVPN_SERIES" ] || hooks=$HERE/$1/$OPENVPN_SERIES/hooks.patch
	sed -n '1,/^$/p' "$HERE/$1/description"
	sed "s/^ Overview of changes in 2.*/ $(grep -m1 '^Overview' "$2/Changes.rst")/" "$hooks"
	openvpn_files "$1" | while read -r file; do
		openvpn_file "$file" src/openvpn
	done
	for file in "$HERE/$1"/tests/*.[ch]; do
		openvpn_file "$file" tests/unit_tests/openvpn
	done
}

# Adds the patches to a tree of Debian's source, which dpkg-source has unpacked.
# $1: the tree, rest: patches
openvpn_patch_add() {
	local patch tree=$1
	shift
	mkdir -p "$tree/debian/patches"
	for patch; do
		openvpn_patch "$patch" "$tree" >"$tree/debian/patches/$patch.patch"
		echo "$patch.patch" >>"$tree/debian/patches/series"
	done
}

# The same, and applies them.
openvpn_patch_tree() {
	local patch tree=$1
	openvpn_patch_add "$@"
	shift
	for patch; do
		patch -d "$tree" -p1 --no-backup-if-mismatch -F 0 \
			<"$tree/debian/patches/$patch.patch"
	done
}

# Replaces a text that occurs once. $1: file, $2: old text, $3: new text
openvpn_replace() {
	[ "$(grep -cF -- "$2" "$1")" = 1 ] ||
		die "Debian's ${1##*/} has no '$2', or has more of them"
	OLD=$2 NEW=$3 perl -i -pe 's/\Q$ENV{OLD}/$ENV{NEW}/' "$1"
}

# Debian's own build, with libtunring. $1: tree
openvpn_debian_rules() {
	openvpn_replace "$1/debian/rules" "--enable-systemd --enable-dco" \
		"--enable-systemd --enable-dco --enable-tun-ring"
	openvpn_replace "$1/debian/control" " libsystemd-dev [linux-any]," \
		$' libsystemd-dev [linux-any],\n libtunring-dev [linux-any],'
}
