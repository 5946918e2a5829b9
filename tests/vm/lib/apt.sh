# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# apt with lists, sources, an architecture and archives of its own, in a folder of the
# cache: the host's packages, sources and architectures stay as they are. Sourced.

# $1: folder in the cache, $2: architecture, rest: suites of Debian, the release first.
# Sets APT to the folder, and fetches lists of the suites and of the release's security
# updates.
apt_private() {
	local key=/usr/share/keyrings/debian-archive-keyring.gpg suite
	local mirror=${TUNRING_MIRROR:-http://deb.debian.org/debian} arch=$2
	APT=$CACHE/$1
	shift 2
	mkdir -p "$APT"/lists/partial "$APT"/archives/partial
	: >"$APT/status"
	for suite; do
		echo "deb [signed-by=$key] $mirror $suite main"
	done >"$APT/sources.list"
	echo "deb [signed-by=$key] $mirror-security $1-security main" \
		>>"$APT/sources.list"
	cat >"$APT/conf" <<-EOT
	APT::Architecture "$arch";
	APT::Architectures { "$arch"; };
	APT::Install-Recommends "false";
	APT::Sandbox::User "$(id -un)";
	Acquire::Languages "none";
	Acquire::Retries "3";
	Debug::NoLocking "true";
	Dir::Cache "$APT";
	Dir::Etc::sourcelist "$APT/sources.list";
	Dir::Etc::sourceparts "/dev/null";
	Dir::Etc::preferencesparts "/dev/null";
	Dir::State::lists "$APT/lists";
	Dir::State::status "$APT/status";
	EOT
	apt_kept apt-get -q update >>"$CACHE/apt.log" ||
		say "apt-get update complained (see $CACHE/apt.log); going on"
}

# $@: a command of apt that keeps to $APT
apt_kept() {
	APT_CONFIG=$APT/conf "$@" 2>>"$CACHE/apt.log"
}
