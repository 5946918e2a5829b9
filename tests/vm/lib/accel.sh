# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Decides between KVM and TCG. A guest may hang although /dev/kvm exists, so only
# a kernel that booted counts. Sourced after image.sh.

PROBE_SECONDS=10

# Boots Debian's kernel up to the first program in the initramfs.
accel_probe() {
	timeout -k 2 "$PROBE_SECONDS" qemu-system-x86_64 -nodefaults \
		-no-user-config -display none -no-reboot -M q35 -accel kvm \
		-cpu host -smp 2 -m 512 -kernel "$KERNEL_IMAGE" \
		-initrd "$INITRAMFS" -serial stdio \
		-append "console=ttyS0 panic=-1 VM_PROBE=1" \
		</dev/null 2>/dev/null | grep -q '^probe-ok'
}

# Prints "kvm reason" or "tcg reason".
accel_decide() {
	if [ ! -e /dev/kvm ]; then
		echo "tcg there is no /dev/kvm"
	elif [ ! -w /dev/kvm ]; then
		echo "tcg /dev/kvm may not be opened by this user"
	elif accel_probe; then
		echo "kvm a Debian kernel boots on it"
	else
		echo "tcg /dev/kvm is there, but no Debian kernel came up on it" \
			"in $PROBE_SECONDS s"
	fi
}

# $1: auto, kvm or tcg. Sets ACCEL. The result is kept until the host reboots.
accel_select() {
	local boot cached=$BUILD/vm/accel why
	ACCEL=$1
	[ "$ACCEL" = auto ] || return 0
	boot="$(cat /proc/sys/kernel/random/boot_id) $(id -u)"
	if [ "$(head -n 1 "$cached" 2>/dev/null)" != "$boot" ]; then
		why=$(accel_decide)
		printf '%s\n%s\n' "$boot" "$why" >"$cached.$$"
		mv "$cached.$$" "$cached"
	fi
	read -r ACCEL why < <(tail -n 1 "$cached")
	say "using ${ACCEL^^}: $why"
}

# On a busy host, a guest under TCG measures a wrong clock speed, or replaces the
# time stamp counter by a slow or coarse clock. The counter is the host's, so
# the host measures its speed. Prints words for the kernel's command line.
accel_clock() {
	local measure=$BUILD/vm/tsc
	[ "$ACCEL" = tcg ] || return 0
	if ! [ "$measure" -nt "$VM/lib/tsc.c" ]; then
		gcc -O2 -o "$measure.$$" "$VM/lib/tsc.c" &&
			mv "$measure.$$" "$measure"
	fi
	echo "tsc=reliable tsc_early_khz=$("$measure")"
	# An emulated VMEXIT writes the word of pending interrupts without the lock
	# that the machine's timers take, so a timer's interrupt may be lost (QEMU's
	# target/i386/tcg/sysemu/svm_helper.c). A processor that waits for this one
	# interrupt waits for ever; a periodic tick comes again.
	[[ $TCG_CPU != *+svm* ]] || echo "nohz=off highres=off"
}
