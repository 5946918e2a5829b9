# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# What every program of this suite starts with. It runs in the machine, with
# TOP, VM and VM_OUT given by the harness. A "guest" is a machine within it.

E2E=$TOP/tests/e2e
QEMU_BUILD=$TOP/build/tests/qemu
RUN=/run/qemu
PATIENCE=${PATIENCE:-1}
# tun: the tun fd itself serves the guest; tun-pinned: in pinned memory;
# vhost_net: vhost-net does.
BACKEND=${BACKEND:-$(<"$QEMU_BUILD/backend")}

# shellcheck source=../../vm/guest/health.sh
. "$VM/guest/health.sh"
for file in "$E2E"/lib/{tap,net}.sh \
	"$TOP"/tests/qemu/lib/{step,device,guest,qmp,serial,traffic,proof,migration}.sh; do
	# shellcheck source=/dev/null
	. "$file"
done

# Nested guests, and with our tun nothing of vhost-net to fall back on.
begin() {
	rm -rf "$RUN"
	mkdir -p "$RUN"
	modprobe -q kvm_amd
	modprobe -q kvm_intel
	[ -w /dev/kvm ] || fail "no KVM in this machine"
	case $BACKEND in
	tun*)
		! modprobe -r vhost_net 2>/dev/null || [ ! -e /sys/module/vhost_net ] ||
			fail "vhost_net is loaded"
		rm -f /dev/vhost-net
		;;
	vhost_net) modprobe vhost_net || fail "no vhost_net" ;;
	*) fail "no backend '$BACKEND'" ;;
	esac
	modprobe tun
	read -r TUN_USERS </sys/module/tun/refcnt
	note "backend $BACKEND, $(qemu-system-x86_64 --version | head -n 1)"
	head -c 32M /dev/urandom >"$RUN/random"
}

# What other programs in this machine expect to find.
finish() {
	[ -e /dev/vhost-net ] || mknod -m 600 /dev/vhost-net c 10 238
	rm -rf "$RUN"
	tap_end
}
