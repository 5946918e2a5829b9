# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# Every program of this suite sources this file. The program runs in the machine, where
# the harness sets TOP, VM and VM_OUT. A "guest" is a machine within the machine.

E2E=$TOP/tests/e2e
QEMU_BUILD=$TOP/build/tests/qemu
RUN=/run/qemu
PATIENCE=${PATIENCE:-1}
# With tun the tun fd itself serves the guest, with tun-pinned in pinned memory. With
# vhost_net vhost-net serves the guest.
BACKEND=${BACKEND:-$(<"$QEMU_BUILD/backend")}

# shellcheck source=../../vm/guest/health.sh
. "$VM/guest/health.sh"
for file in "$E2E"/lib/{tap,net}.sh \
	"$TOP"/tests/qemu/lib/{step,device,guest,qmp,serial,traffic,proof,migration}.sh; do
	# shellcheck source=/dev/null
	. "$file"
done

# Makes the machine ready for guests. With our tun, QEMU finds no vhost-net to fall back on.
begin() {
	rm -rf "$RUN"
	mkdir -p "$RUN"
	modprobe -q kvm_amd
	modprobe -q kvm_intel
	[ -w /dev/kvm ] || fail "this machine has no KVM"
	case $BACKEND in
	tun*)
		! modprobe -r vhost_net 2>/dev/null || [ ! -e /sys/module/vhost_net ] ||
			fail "vhost_net is loaded"
		rm -f /dev/vhost-net
		;;
	vhost_net) modprobe vhost_net || fail "vhost_net does not load" ;;
	*) fail "unknown backend '$BACKEND'" ;;
	esac
	modprobe tun
	read -r TUN_USERS </sys/module/tun/refcnt
	note "backend $BACKEND, $(qemu-system-x86_64 --version | head -n 1)"
	head -c 32M /dev/urandom >"$RUN/random"
}

# Restores the device node that other programs in this machine expect.
finish() {
	[ -e /dev/vhost-net ] || mknod -m 600 /dev/vhost-net c 10 238
	rm -rf "$RUN"
	tap_end
}
