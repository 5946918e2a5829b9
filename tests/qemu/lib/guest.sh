# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Starts, watches and ends QEMU. Sourced after device.sh.

# A QEMU that emulates SVM delivers an interrupt a second time if the machine's timer
# expires after VMRUN has injected the interrupt and before the guest's next exit, even
# when the guest has interrupts off. A guest may then crash or deadlock. Without this
# feature the guest exits soon, because it needs an exit to end each interrupt.
GUEST_CPU="host,-kvm-pv-eoi"
# Without these words the kernel complains about features that the emulated processor lacks.
GUEST_WORDS="ipv6.disable=1 tsc=reliable mitigations=off noxsave"

# Prints the descriptors of tapfd.c in QEMU's notation. $1: first, $2: number of them
fd_list() {
	seq -s: "$1" $(($1 + $2 - 1))
}

# Prints the value of QEMU's option -netdev. $1: queues, $2: backend
netdev_of() {
	local plural=
	[ "$1" = 1 ] || plural=s
	printf 'tap,id=n0,fd%s=%s' "$plural" "$(fd_list 40 "$1")"
	if [ "$2" = none ]; then
		echo ,vhost=off
	else
		echo ",vhost=on,vhostfd$plural=$(fd_list 60 "$1")"
	fi
}

# Starts QEMU, with pipes for its serial port and its monitor.
# $1: name, $2: device, $3: queues, $4: backend, $5: properties of virtio-net-pci,
# rest: options of QEMU
guest_launch() {
	local name=$1 device=$2 queues=$3 backend=$4 nic=$5 pipe
	shift 5
	for pipe in {qmp,serial}.{in,out}; do
		rm -f "$RUN/$name.$pipe"
		mkfifo "$RUN/$name.$pipe"
	done
	"$QEMU_BUILD/tapfd" "$device" "$queues" "$backend" \
		qemu-system-x86_64 -nodefaults -no-user-config -display none \
		-M pc -accel kvm -cpu "$GUEST_CPU" -m 256 -smp "$queues" \
		-kernel "$QEMU_BUILD/guest/kernel" \
		-initrd "$QEMU_BUILD/guest/initramfs" \
		-append "console=ttyS0 loglevel=5 $GUEST_WORDS" \
		-netdev "$(netdev_of "$queues" "$backend")" \
		-device "virtio-net-pci,netdev=n0,id=net0,mac=$GUEST_MAC,$nic" \
		-serial "file:$RUN/$name-console.log" \
		-chardev "pipe,id=serial,path=$RUN/$name.serial" \
		-serial chardev:serial \
		-chardev "pipe,id=qmp,path=$RUN/$name.qmp" \
		-mon chardev=qmp,mode=control "$@" \
		</dev/null >"$RUN/$name-qemu.log" 2>&1 &
	echo $! >"$RUN/$name.pid"
	disown $!
	qmp_begin "$name"
}

# Starts QEMU and waits until the guest answers. Arguments: as guest_launch
guest_boot() {
	guest_launch "$@"
	guest_hello "$1" 60
}

# Sets PID. $1: name
guest_pid() {
	read -r PID <"$RUN/$1.pid"
}

# A zombie counts as gone.
pid_gone() {
	[ ! -e "/proc/$1/fd/0" ]
}

guest_lives() {
	guest_pid "$1"
	! pid_gone "$PID" || fail "QEMU of $1 is gone: $(tail -n 1 "$RUN/$1-qemu.log")"
}

guest_quit() {
	guest_lives "$1"
	qmp_send "$1" quit
	within 20 pid_gone "$PID" || fail "QEMU of $1 does not quit"
}

# Fails if the guest's kernel has complained.
guest_console_clean() {
	local line
	[ -s "$RUN/$1-console.log" ] || return 0
	while IFS= read -r line; do
		[[ ! $line =~ $COMPLAINTS ]] || fail "the kernel of $1 complains: $line"
	done <"$RUN/$1-console.log"
}

guests_kill() {
	local file pid
	for file in "$RUN"/*.pid; do
		[ -e "$file" ] || continue
		read -r pid <"$file"
		kill -KILL "$pid" 2>/dev/null
		within 10 pid_gone "$pid"
		rm "$file"
	done
}
