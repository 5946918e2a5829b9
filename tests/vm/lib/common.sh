# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Paths and messages that every script of the harness shares. Sourced.

# All scripts may be called from anywhere; everything hangs off the top folder.
TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd -P)
VM=$TOP/tests/vm
BUILD=$TOP/build
CACHE=${TUNRING_CACHE:-/var/cache/tunring}
# The command that a person typed, for the hints of die_not_root.
TYPED=${TUNRING_TYPED:-make check}
export TOP VM BUILD CACHE TYPED

# Variables given to our make (M=, K=) would mean something else to a kernel's.
unset MAKEFLAGS MFLAGS MAKELEVEL

say() {
	printf '==> %s\n' "$*" >&2
}

die() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

# $1: what could not be done without being root
die_not_root() {
	die "root is needed to $1. Run: sudo $TYPED"
}

is_root() {
	[ "$(id -u)" = 0 ]
}

# Make $CACHE usable, or say in one line what to do about it.
cache_writable() {
	if mkdir -p "$CACHE" 2>/dev/null && [ -w "$CACHE" ]; then
		return 0
	fi
	die_not_root "write to $CACHE"
}

# Serialise what writes to the cache: several checkouts may share one.
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
