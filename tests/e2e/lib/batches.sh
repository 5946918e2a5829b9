# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Were packets of the link sent and received together? Sourced in the guest.

PACKETS=2000

# Ends a VPN. Sets SENT, SENT_IN, RECEIVED, RECEIVED_IN: packets and the messages
# that they were. $1: name
batches_of() {
	vpn_stop "$1"
	[[ $(<"$RUN/$1.log") =~ .*[DC]'P batches: sent '([0-9]+)' packets in '([0-9]+)' messages, received '([0-9]+)' in '([0-9]+) ]] ||
		fail "$1 says nothing of batches"
	SENT=${BASH_REMATCH[1]} SENT_IN=${BASH_REMATCH[2]}
	RECEIVED=${BASH_REMATCH[3]} RECEIVED_IN=${BASH_REMATCH[4]}
	note "$1: sent $SENT in $SENT_IN, received $RECEIVED in $RECEIVED_IN"
}

# Where packets came quickly, some were sent together. $1: name
sent_together() {
	batches_of "$1"
	together_enough "$1"
}

# The same, after batches_of. $1: name
together_enough() {
	[ $((SENT_IN * 10)) -lt $((SENT * 9)) ] ||
		fail "$1 sent $SENT packets in $SENT_IN messages"
}

received_together() {
	[ $((RECEIVED_IN * 10)) -lt $((RECEIVED * 9)) ] ||
		fail "$1 received $RECEIVED packets in $RECEIVED_IN messages"
}

# $1: name
sent_each() {
	batches_of "$1"
	[[ $SENT -gt $PACKETS && $SENT = "$SENT_IN" ]] ||
		fail "$1 sent $SENT packets in $SENT_IN messages"
}

# None is lost, of any size.
flow_sizes() {
	local size
	flow_sink
	for size in "$@"; do
		flow_run "$size" $PACKETS >/dev/null || exit 1
	done
}
