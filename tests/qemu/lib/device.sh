# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# Tap devices and addresses of the machine. Sourced after net.sh.

HOST_IP=10.7.0.1
GUEST_IP=10.7.0.2
GUEST_MAC=52:54:00:07:00:02

# Makes a persistent device without IPv6, so that its counters count only our packets.
# $1: device, $2: queues
tap_make() {
	local multi=
	[ "$2" = 1 ] || multi=multi_queue
	# shellcheck disable=SC2086
	ip tuntap add dev "$1" mode tap vnet_hdr $multi || fail "cannot make the tap $1"
	sysctl -qw "net.ipv6.conf.$1.disable_ipv6=1"
	ip link set "$1" mtu 9000 up || fail "$1 does not come up"
}

# The neighbour entry is permanent, so that the guest gets packets even when it does not
# answer.
tap_single() {
	tap_make t0 "${1-1}"
	ip addr add $HOST_IP/24 dev t0
	ip neigh replace $GUEST_IP lladdr $GUEST_MAC dev t0 nud permanent
}

# Makes two devices on one bridge, for the two ends of a migration.
tap_bridge() {
	local device
	ip link add br0 type bridge || fail "cannot make a bridge"
	sysctl -qw net.ipv6.conf.br0.disable_ipv6=1
	for device; do
		tap_make "$device" 1
		ip link set "$device" master br0
	done
	ip addr add $HOST_IP/24 dev br0
	ip link set br0 mtu 9000 up
}

# Reads the device's counters of the machine's stack. Sets SENT and RECEIVED.
device_packets() {
	read -r SENT <"/sys/class/net/$1/statistics/tx_packets"
	read -r RECEIVED <"/sys/class/net/$1/statistics/rx_packets"
}
