# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Finds and installs missing Debian packages. Sourced.

# $1: profile. Prints its packages, one per line.
packages_of() {
	awk -v want="$1:" '$1 == want { for (i = 2; i <= NF; i++) print $i }' \
		"$VM/packages"
}

# Prints those of the given packages that are not installed.
packages_missing() {
	local have
	# dpkg-query fails if one package is unknown, which is no error here.
	have=$({ dpkg-query -W -f '${db:Status-Abbrev} ${binary:Package}\n' "$@" \
		2>/dev/null || true; } | awk '$1 == "ii" { sub(/:.*/, "", $2); print $2 }')
	comm -23 <(printf '%s\n' "$@" | sort -u) <(sort -u <<<"$have")
}

apt_quiet() {
	DEBIAN_FRONTEND=noninteractive apt-get -y -q \
		-o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confold \
		-o APT::Install-Recommends=false -o Acquire::Retries=3 \
		-o DPkg::Lock::Timeout=300 "$@"
}

# Calls apt-get update once per run of a script, and only if a package is wanted.
packages_refresh() {
	[ -z "${PACKAGES_FRESH-}" ] || return 0
	say "refreshing the package lists"
	apt_quiet update >"$CACHE/apt.log" 2>&1 ||
		say "apt-get update complained (see $CACHE/apt.log); going on"
	PACKAGES_FRESH=1
}

# Installs the missing ones of the given packages.
packages_install() {
	local -a want
	mapfile -t want < <(packages_missing "$@")
	[ ${#want[@]} -gt 0 ] || return 0
	is_root || die_not_root "install ${want[*]}"
	command -v apt-get >/dev/null ||
		die "no apt-get here; these must be installed: ${want[*]}"
	packages_refresh
	say "installing ${want[*]}"
	apt_quiet install "${want[@]}" >>"$CACHE/apt.log" 2>&1 || {
		tail -n 20 "$CACHE/apt.log" >&2
		die "apt-get could not install ${want[*]}"
	}
}

# Unpacks a package into the cache without installing it; fails if apt has none.
# $1: package or package=version, $2: folder
packages_unpack() {
	local dir=$2 tmp
	cache_writable
	tmp=$(mktemp -d "$CACHE/.download.XXXXXX")
	if ! apt_fetch "$1" "$tmp"; then
		packages_refresh
		apt_fetch "$1" "$tmp" || {
			rm -rf "$tmp"
			say "apt-get could not download $1 (see $CACHE/apt.log)"
			return 1
		}
	fi
	# The caller tests the status, so "set -e" does not apply here.
	if ! { mkdir -p "$(dirname "$dir")" &&
		dpkg -x "$tmp"/*.deb "$tmp/root" && rm -rf "$dir" &&
		mv "$tmp/root" "$dir" && chmod 755 "$dir"; }; then
		rm -rf "$tmp"
		return 1
	fi
	rm -rf "$tmp"
}

# $1: package, $2: folder. The sandbox user _apt cannot write to the folder.
apt_fetch() {
	(cd "$2" && apt_quiet -o APT::Sandbox::User="$(id -un)" download "$1") \
		>>"$CACHE/apt.log" 2>&1
}
