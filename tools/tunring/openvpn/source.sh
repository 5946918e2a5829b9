# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# OpenVPN as Debian has it: its source, and its own binary. Sourced after
# common.sh and packages.sh.

# apt with lists of source packages of its own; the machine's are left alone.
openvpn_apt() {
	APT_CONFIG=$CACHE/openvpn-apt/conf apt-get -q "$@" >>"$CACHE/apt.log" 2>&1
}

# Writes the configuration of an apt with a folder of its own. $1: the folder, which has
# sources.list
openvpn_apt_conf() {
	cat >"$1/conf" <<-EOF
	Dir::Etc::sourcelist "$1/sources.list";
	Dir::Etc::sourceparts "/dev/null";
	Dir::State::Lists "$1/lists";
	APT::Sandbox::User "$(id -un)";
	Acquire::Retries "3";
	EOF
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
	openvpn_apt_conf "$dir"
	openvpn_apt update || die "apt-get update failed (see $CACHE/apt.log)"
}

# Sets OPENVPN_DSC: Debian's source package. Its version is that of the source in the
# cache, if there is one.
openvpn_dsc_fetch() {
	local dir=$CACHE/openvpn-dsc tmp version=
	[ ! -e "$CACHE/openvpn-source/.ready" ] || version="=$(openvpn_version)"
	if [ ! -e "$dir/.ready$version" ]; then
		openvpn_apt_setup
		tmp=$(mktemp -d "$CACHE/.openvpn.XXXXXX")
		(cd "$tmp" && openvpn_apt source --download-only "openvpn$version") ||
			die "apt-get source openvpn$version failed (see $CACHE/apt.log)"
		touch "$tmp/.ready$version"
		rm -rf "$dir"
		mv "$tmp" "$dir"
	fi
	OPENVPN_DSC=$(echo "$dir"/openvpn_2.6.*.dsc)
}

# Unpacks the source, Debian's patches applied, to $CACHE/openvpn-source.
openvpn_source_fetch() {
	local dir=$CACHE/openvpn-source
	[ ! -e "$dir/.ready" ] || return 0
	cache_lock "OpenVPN source"
	if [ ! -e "$dir/.ready" ]; then
		say "fetching the source of OpenVPN"
		openvpn_dsc_fetch
		rm -rf "$dir" "$dir.new"
		dpkg-source --no-check -x "$OPENVPN_DSC" "$dir.new" >>"$CACHE/apt.log" ||
			die "OpenVPN's source could not be unpacked (see $CACHE/apt.log)"
		touch "$dir.new/.ready"
		mv "$dir.new" "$dir"
	fi
	cache_unlock
}

# apt with the source packages of Debian 13 and its backports. $@: an apt command
openvpn_backports() {
	local dir=$CACHE/openvpn-apt-backports
	APT_CONFIG=$dir/conf "$@" 2>>"$CACHE/apt.log"
}

openvpn_backports_setup() {
	local dir=$CACHE/openvpn-apt-backports key=/usr/share/keyrings/debian-archive-keyring.gpg
	local mirror=${TUNRING_MIRROR:-http://deb.debian.org/debian}
	mkdir -p "$dir/lists/partial"
	printf "deb-src [signed-by=$key] $mirror %s main\n" trixie trixie-backports \
		>"$dir/sources.list"
	openvpn_apt_conf "$dir"
	openvpn_backports apt-get -q update >>"$CACHE/apt.log" ||
		die "apt-get update failed (see $CACHE/apt.log)"
}

# Unpacks OpenVPN's own release of a series to $CACHE/openvpn-source-SERIES: the newest
# one in Debian's backports whose archive is there. $1: series, e.g. 2.7
openvpn_series_fetch() {
	local dir=$CACHE/openvpn-source-$1 tmp version
	[ ! -e "$dir/.ready" ] || return 0
	openvpn_backports_setup
	tmp=$(mktemp -d "$CACHE/.openvpn.XXXXXX")
	for version in $(openvpn_backports apt-cache showsrc openvpn |
		sed -n "s/^Version: \\($1\\..*\\)/\\1/p" | sort -rVu); do
		(cd "$tmp" && openvpn_backports apt-get -q source --tar-only --download-only \
			"openvpn=$version" >>"$CACHE/apt.log") && break
	done
	mkdir "$tmp/tree"
	tar -xf "$tmp"/openvpn_"$1".*.orig.tar.gz -C "$tmp/tree" --strip-components=1 ||
		die "there is no source of OpenVPN $1 (see $CACHE/apt.log)"
	touch "$tmp/tree/.ready"
	rm -rf "$dir"
	mv "$tmp/tree" "$dir"
	rm -rf "$tmp"
}

# Unpacks the source of Debian 13 to $CACHE/openvpn-source-trixie.
openvpn_trixie_fetch() {
	local dir=$CACHE/openvpn-source-trixie tmp
	[ ! -e "$dir/.ready" ] || return 0
	openvpn_backports_setup
	tmp=$(mktemp -d "$CACHE/.openvpn.XXXXXX")
	(cd "$tmp" && openvpn_backports apt-get -q source --download-only openvpn/trixie \
		>>"$CACHE/apt.log" && dpkg-source --no-check -x openvpn_*.dsc tree) ||
		die "there is no source of Debian 13's openvpn (see $CACHE/apt.log)"
	touch "$tmp/tree/.ready"
	rm -rf "$dir"
	mv "$tmp/tree" "$dir"
	rm -rf "$tmp"
}

# Prints the newest version that Debian has.
openvpn_newest() {
	openvpn_apt_setup
	APT_CONFIG=$CACHE/openvpn-apt/conf apt-cache showsrc openvpn |
		sed -n 's/^Version: //p' | sort -V | tail -n 1
}

# Prints advice if Debian is newer than the source of the packages.
# $1: our version, $2: Debian's newest
openvpn_compare() {
	dpkg --compare-versions "$1" lt "$2" || return 0
	say "Debian has openvpn $2, and this is $1, which an upgrade would replace."
	say "Remove $CACHE/openvpn-source and build again: the patches are for $2 then."
	say "If a patch does not apply any more, mend tools/tunring/openvpn/*/hooks.patch."
	return 1
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
