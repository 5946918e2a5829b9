# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# OpenVPN as Debian has it: its source, and its own binary. Sourced after
# common.sh and packages.sh.

# apt with lists of source packages of its own; the machine's are left alone.
openvpn_apt() {
	APT_CONFIG=$CACHE/openvpn-apt/conf apt-get -q "$@" >>"$CACHE/apt.log" 2>&1
}

# The places are the machine's own: wherever it gets Debian's packages from.
openvpn_apt_setup() {
	local dir=$CACHE/openvpn-apt key=/usr/share/keyrings/debian-archive-keyring.gpg
	mkdir -p "$dir/lists/partial"
	packages_refresh
	apt-get indextargets 'Created-By: Packages' 'Origin: Debian' --format \
		"deb-src [signed-by=$key] \$(REPO_URI) \$(RELEASE) \$(COMPONENT) # \$(CODENAME)" |
		grep -E ' # bookworm(-[a-z]+)?$' | sort -u >"$dir/sources.list"
	[ -s "$dir/sources.list" ] ||
		die "apt knows no place for packages of Debian 12"
	cat >"$dir/conf" <<-EOF
	Dir::Etc::sourcelist "$dir/sources.list";
	Dir::Etc::sourceparts "/dev/null";
	Dir::State::Lists "$dir/lists";
	APT::Sandbox::User "$(id -un)";
	Acquire::Retries "3";
	EOF
	openvpn_apt update || die "apt-get update failed (see $CACHE/apt.log)"
}

# Unpacks the source, Debian's patches applied, to $CACHE/openvpn-source.
openvpn_source_fetch() {
	local dir=$CACHE/openvpn-source tmp
	[ ! -e "$dir/.ready" ] || return 0
	cache_lock "OpenVPN source"
	if [ ! -e "$dir/.ready" ]; then
		say "fetching the source of OpenVPN"
		openvpn_apt_setup
		tmp=$(mktemp -d "$CACHE/.openvpn.XXXXXX")
		(cd "$tmp" && openvpn_apt source --download-only openvpn) ||
			die "apt-get source openvpn failed (see $CACHE/apt.log)"
		dpkg-source --no-check -x "$tmp"/openvpn_2.6.14-*.dsc \
			"$tmp/tree" >>"$CACHE/apt.log" ||
			die "OpenVPN's source could not be unpacked (see $CACHE/apt.log)"
		rm -rf "$dir"
		mv "$tmp/tree" "$dir"
		touch "$dir/.ready"
		rm -rf "$tmp"
	fi
	cache_unlock
}

# Prints the version of the source, e.g. 2.6.14-0+deb12u2.
openvpn_version() {
	dpkg-parsechangelog -l "$CACHE/openvpn-source/debian/changelog" -S Version
}

# Debian's binary of the same version, and a library that only that binary needs.
openvpn_stock_fetch() {
	local version
	version=$(openvpn_version)
	OPENVPN_STOCK=$CACHE/openvpn-stock-$version
	[ ! -e "$OPENVPN_STOCK/.ready" ] || return 0
	cache_lock "stock OpenVPN"
	if [ ! -e "$OPENVPN_STOCK/.ready" ]; then
		say "fetching Debian's OpenVPN $version"
		packages_unpack "openvpn=$version" "$OPENVPN_STOCK"
		packages_unpack libpkcs11-helper1 "$OPENVPN_STOCK/pkcs11"
		touch "$OPENVPN_STOCK/.ready"
	fi
	cache_unlock
}
