# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Every program of this suite sources this file on the host: cases, and OpenVPN's source
# with our changes.

# shellcheck source=../../vm/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../vm/lib/common.sh"
# shellcheck source=../../vm/lib/packages.sh
. "$VM/lib/packages.sh"
HERE=$TOP/tools/tunring/openvpn
# shellcheck source=../../../tools/tunring/openvpn/source.sh
. "$HERE/source.sh"
# shellcheck source=../../../tools/tunring/openvpn/patched.sh
. "$HERE/patched.sh"

WORK=$(mktemp -d "${TMPDIR:-/tmp}/openvpn-test.XXXXXX")
trap 'rm -rf "$WORK"' EXIT
N=0

# $1: name of the case, rest: a command
ok() {
	local name=$1
	shift
	N=$((N + 1))
	if ("$@") >"$WORK/out" 2>&1; then
		echo "ok $N $name"
	else
		echo "not ok $N $name"
		tail -n 40 "$WORK/out" | sed 's/^/# /'
	fi
}
