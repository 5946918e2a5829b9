# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Paths and messages that all scripts of the harness share. Sourced.

# Scripts may be called from any folder; all paths begin at the top folder.
TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd -P)
VM=$TOP/tests/vm
BUILD=$TOP/build
CACHE=${TUNRING_CACHE:-/var/cache/tunring}
# The command that the user typed, for the hints of die_not_root.
TYPED=${TUNRING_TYPED:-make check}
export TOP VM BUILD CACHE TYPED

# Variables of our make (M=, K=) have another meaning for a kernel's make.
unset MAKEFLAGS MFLAGS MAKELEVEL

say() {
	printf '==> %s\n' "$*" >&2
}

die() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

# $1: the action that needs root
die_not_root() {
	die "root is needed to $1. Run: sudo $TYPED"
}

is_root() {
	[ "$(id -u)" = 0 ]
}

# Makes $CACHE usable, or says in one line how the user can do so.
cache_writable() {
	if mkdir -p "$CACHE" 2>/dev/null && [ -w "$CACHE" ]; then
		return 0
	fi
	die_not_root "write to $CACHE"
}

# An earlier run as root leaves a folder that the user cannot write to.
build_writable() {
	if mkdir -p "$BUILD/vm" 2>/dev/null && [ -w "$BUILD/vm" ]; then
		return 0
	fi
	die_not_root "write to $BUILD"
}

# Lets one writer at a time change the cache: several checkouts may share it.
# $1: name of the lock
cache_lock() {
	cache_writable
	exec 9>"$CACHE/.$1.lock"
	flock -n 9 || {
		say "waiting for another run that prepares the $1"
		flock 9
	}
}

cache_unlock() {
	exec 9>&-
}
