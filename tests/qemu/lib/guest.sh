# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Starting, watching and ending QEMU. Sourced after device.sh.

# A QEMU that emulates SVM delivers an interrupt a second time, whether the guest
# takes interrupts or not, if the machine's timer expires after VMRUN has injected
# it and before the guest's next exit. A guest that is hit in a bad place crashes
# or waits for a lock of its own. So it exits soon: to end each interrupt.
GUEST_CPU="host,-kvm-pv-eoi"
# What the emulated processor lacks would be complained of on the console.
GUEST_WORDS="ipv6.disable=1 tsc=reliable mitigations=off noxsave"

# Numbers of tapfd.c as QEMU wants them. $1: first, $2: how many
fd_list() {
	seq -s: "$1" $(($1 + $2 - 1))
}

# $1: queues, $2: backend. Prints the value of -netdev.
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

# $1: name, $2: device, $3: queues, $4: backend, $5: what virtio-net-pci is
# told, rest: options of QEMU. Its serial port and its monitor are pipes.
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

# The same arguments; comes back when it answers.
guest_boot() {
	guest_launch "$@"
	guest_hello "$1" 60
}

# Sets PID. $1: name
guest_pid() {
	read -r PID <"$RUN/$1.pid"
}

# A zombie is gone, too.
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
	within 20 pid_gone "$PID" || fail "QEMU of $1 does not end"
}

# Anything that a guest's kernel complained of, from its first message on.
guest_console_clean() {
	local line
	[ -s "$RUN/$1-console.log" ] || return 0
	while IFS= read -r line; do
		[[ ! $line =~ $COMPLAINTS ]] || fail "$1: its kernel said $line"
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
