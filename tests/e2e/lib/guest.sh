# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# The start of every program of this suite. It runs in the guest, with TOP,
# VM, VM_OUT and CACHE given by the harness.

E2E=$TOP/tests/e2e
E2E_BUILD=$TOP/build/tests/e2e
RUN=/run/e2e
KERNEL=stock
[ ! -e /proc/lockdep_stats ] || KERNEL=debug PATIENCE=${PATIENCE:-4}
PATIENCE=${PATIENCE:-1}

# shellcheck source=../../vm/guest/health.sh
. "$VM/guest/health.sh"
for file in tap net vpn traffic rings event module syscalls burst batches; do
	# shellcheck source=/dev/null
	. "$E2E/lib/$file.sh"
done
