# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Further programs of Debian, between the same addresses. Sourced in the guest.
# shellcheck source=vpns.sh
. "$TOP/tests/exec/lib/vpns.sh"

# Only this machine sees the files of the packages.
programs_install() {
	local folder
	for folder in "$CACHE"/exec-programs/*; do
		cp -r "$folder/." "/${folder##*/}/" || fail "${folder##*/}"
	done
	ldconfig
}

# Programs that configure their devices.
devices_come() {
	must "a device of left" within 60 device_is s
	must "a device of right" within 60 device_is c1
}

n2n_start() {
	local -a net=(-d t0 -s 255.255.255.0 -c net -k key -l 10.9.1.1:7777)
	in_ns_bg s supernode -l 7777 >"$RUN/supernode.log" 2>&1
	peer_start left s edge "${net[@]}" -a 10.8.0.1
	peer_start right c1 edge "${net[@]}" -a 10.8.0.2
}

n2n_up() {
	devices_come
}

iodine_start() {
	peer_start left s iodined -f -c -P word -d t0 10.8.0.1/24 t.test
	within 30 in_ns s sh -c 'ss -Hlun | grep -q :53' || fail "iodined does not listen"
	peer_start right c1 iodine -f -P word -d t0 10.9.1.1 t.test
}

iodine_up() {
	devices_come
}

# Keys without a password, of a host and of the user.
ssh_keys() {
	must "a host's key" ssh-keygen -q -t ed25519 -N '' -f "$RUN/host"
	must "a user's key" ssh-keygen -q -t ed25519 -N '' -f "$RUN/user"
	cat >"$RUN/sshd.conf" <<-END
		Port 2222
		HostKey $RUN/host
		AuthorizedKeysFile $RUN/user.pub
		PermitRootLogin yes
		PermitTunnel yes
		StrictModes no
		UsePAM no
		PidFile none
	END
	grep -q ^sshd: /etc/passwd ||
		echo 'sshd:x:950:65534::/run/sshd:/usr/sbin/nologin' >>/etc/passwd
	mkdir -p /run/sshd
}

ssh_start() {
	[ -e "$RUN/host" ] || ssh_keys
	peer_start left s /usr/sbin/sshd -D -e -f "$RUN/sshd.conf"
	within 30 in_ns s sh -c 'ss -Hltn | grep -q :2222' || fail "sshd does not listen"
	peer_start right c1 ssh -F none -N -w 7:7 -p 2222 -i "$RUN/user" \
		-o Tunnel=point-to-point -o BatchMode=yes -o StrictHostKeyChecking=no \
		-o UserKnownHostsFile=/dev/null root@10.9.1.1
}

ssh_up() {
	peers_up
}

ocserv_config() {
	openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=s -days 2 \
		-keyout "$RUN/key" -out "$RUN/cert" 2>/dev/null || fail "no certificate"
	printf 'word\nword\n' | ocpasswd -c "$RUN/passwd" user || fail "no password"
	cat >"$RUN/ocserv.conf" <<-END
		auth = "plain[passwd=$RUN/passwd]"
		tcp-port = 4443
		udp-port = 4443
		run-as-user = root
		run-as-group = root
		socket-file = $RUN/ocserv-socket
		server-cert = $RUN/cert
		server-key = $RUN/key
		isolate-workers = false
		max-clients = 2
		device = t
		ipv4-network = 10.8.0.0
		ipv4-netmask = 255.255.255.0
	END
	cat >"$RUN/script" <<-'END'
		#!/bin/sh
		[ "$reason" = connect ] || exit 0
		ip addr add "$INTERNAL_IP4_ADDRESS" peer 10.8.0.1 dev "$TUNDEV"
		ip link set "$TUNDEV" mtu 1300 up
	END
	chmod +x "$RUN/script"
}

openconnect_start() {
	local pin
	[ -e "$RUN/cert" ] || ocserv_config
	pin=$(openssl x509 -in "$RUN/cert" -pubkey -noout |
		openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64)
	peer_start left s ocserv -f -c "$RUN/ocserv.conf"
	within 30 in_ns s sh -c 'ss -Hltn | grep -q :4443' || fail "ocserv does not listen"
	echo word >"$RUN/word"
	peer_start right c1 openconnect --user=user --passwd-on-stdin -i t0 \
		--servercert "pin-sha256:$pin" -s "$RUN/script" 10.9.1.1:4443 <"$RUN/word"
}

openconnect_up() {
	devices_come
}

# Files in both directions, of 1 MiB. $1 $2: namespace and address of the server, $3: port,
# $4: namespace of the client, $5: the server's address for the client
files_exchange() {
	local server
	head -c 1048576 "$DATA/random" >"$RUN/file-a"
	tail -c 1048576 "$DATA/random" >"$RUN/file-b"
	nsenter --net="/run/netns/$1" nc -N -l "$2" "$3" <"$RUN/file-b" \
		>"$RUN/got-a" 2>"$RUN/nc-server.log" &
	server=$!
	within 10 in_ns "$1" sh -c "ss -Hltn | grep -q :$3" || fail "nc does not listen"
	in_ns "$4" nc -N "$5" "$3" <"$RUN/file-a" >"$RUN/got-b" 2>"$RUN/nc.log" ||
		fail "no connection to $5: $(<"$RUN/nc.log")"
	wait "$server" || fail "the server ends with an error"
	must "the server's file" cmp "$RUN/file-a" "$RUN/got-a"
	must "the client's file" cmp "$RUN/file-b" "$RUN/got-b"
}

# NAT64 in s: c1 has IPv6 alone, c2 IPv4 alone.
tayga_net() {
	local ns
	for ns in s c1; do
		in_ns $ns sysctl -qw net.ipv6.conf.all.disable_ipv6=0 \
			net.ipv6.conf.all.forwarding=1 net.ipv4.ip_forward=1
	done
	printf '%s\n' "addr replace fd00:1::1/64 dev v1 nodad" \
		"addr replace 192.168.254.1/32 dev t0" "addr replace fd00:2::1/128 dev t0" \
		"link set t0 up" "route replace 192.168.255.0/24 dev t0" \
		"route replace fd00:64::/96 dev t0" | ip -n s -batch -
	printf '%s\n' "addr replace fd00:1::2/64 dev v0 nodad" \
		"route replace fd00:64::/96 via fd00:1::1" | ip -n c1 -batch -
	ip -n c2 route replace 192.168.255.0/24 via 10.9.2.1
}

tayga_start() {
	mkdir -p "$RUN/tayga"
	cat >"$RUN/tayga.conf" <<-END
		tun-device t0
		ipv4-addr 192.168.255.1
		ipv6-addr fd00:2::2
		prefix fd00:64::/96
		dynamic-pool 192.168.255.0/24
		data-dir $RUN/tayga
	END
	peer_start left s tayga -n -c "$RUN/tayga.conf"
	must "a device" within 30 device_is s
	tayga_net
	within 30 in_ns c1 ping -q -c 1 -W 1 fd00:64::10.9.2.2 >/dev/null ||
		fail "tayga does not answer: $(<"$RUN/left.log")"
}

# Prints system calls for each packet that tayga reads, and writes. $1: packets
tayga_calls() {
	local pid
	peer_find left s
	read -r pid <"$RUN/left.pid"
	syscalls_start "$pid"
	in_ns c1 ping -q -f -l 32 -c $(($1 / 2)) -s 1000 fd00:64::10.9.2.2 >"$RUN/ping.log" ||
		fail "lost pings: $(<"$RUN/ping.log")"
	syscalls_stop | awk -v n="$1" '{ printf "%.2f\n", $2 / n }'
}

tayga_case() {
	local -A calls
	for WAY in plain ring; do
		tayga_start
		files_exchange c2 10.9.2.2 7301 c1 fd00:64::10.9.2.2
		calls[$WAY]=$(tayga_calls 2000) || exit 1
		peers_stop left
	done
	note "tayga: system calls for each packet ${calls[plain]} -> ${calls[ring]}"
	peer_has left ring
	no_dearer "both ways" "${calls[plain]}" "${calls[ring]}"
}

# A child opens the tun in c1, and passes the descriptor to the process in s.
slirp_case() {
	for WAY in plain ring; do
		peer_start left s slirp4netns --netns-type=path --configure \
			--enable-seccomp /run/netns/c1 t0
		must "a device" within 30 device_is c1
		in_ns_bg s ip link set lo up
		within 30 in_ns c1 ping -q -c 1 -W 1 10.0.2.2 >/dev/null ||
			fail "slirp4netns does not answer: $(<"$RUN/left.log")"
		files_exchange s 127.0.0.1 7302 c1 10.0.2.2
		peers_stop left
	done
	peer_has left aside
}
