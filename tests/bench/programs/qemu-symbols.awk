# SPDX-License-Identifier: GPL-2.0
# The machine's kallsyms, then its blocks, as lines to be sorted by number:
#
#   ADDRESS 0 SYMBOL
#   ADDRESS 1 PAIR INSTRUCTIONS host|guest
#
# ADDRESS is the low half, as numbers here have no more bits. The guest's kernel is
# the same as the machine's, but not moved as that is: its blocks get the address
# that the machine has them at. Programs, and the guest's modules, have no symbols
# here; each kind of them is one, with an address below all others.

function hex(s, n, i) {
	for (i = 1; i <= length(s); i++)
		n = n * 16 + index("0123456789abcdef", substr(s, i, 1)) - 1
	return n
}

# guest-flow is the only program in the guest, and the only one in the machine whose
# address is not random: the others there are taken for QEMU.
function nameless(addr, guest) {
	if (addr < "8")
		return guest || addr < "0000000010000000" ? "[program]" : "[qemu]"
	return guest && addr >= "ffffffffc0000000" ? "[virtio]" : ""
}

BEGIN {
	moved = hex("81000000")
	at["[program]"] = -3
	at["[qemu]"] = -2
	at["[virtio]"] = -1
	for (name in at)
		print at[name], 0, name
}

FNR == NR {
	if ($3 == "_text" && !($4))
		text = hex(substr($1, 9))
	if ($2 ~ /[tTwW]/)
		printf "%.0f 0 %s\n", hex(substr($1, 9)), $3 $4
	next
}

{
	name = nameless($1, $4)
	addr = name ? at[name] : hex(substr($1, 9)) + ($4 ? text - moved : 0)
	printf "%.0f 1 %d %.0f %s\n", addr, $2, $3, $4 ? "guest" : "host"
}
