# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Tells reports of KCSAN about the driver from reports about the rest of the kernel.
# Sourced by guest/health.sh.

# Reads the kernel's messages, and prints all but the reports about the rest, which go
# to the file $1. A report
# stands between two lines of "=". It has one or two call stacks, each after a line that
# says which access it was. A report is the driver's if the first function of a stack is
# in a module of ours, or if the driver called a function that copies or sets memory.
kcsan_ours() {
	awk -v others="$1" '
	function end_report() {
		print report >>(ours ? "/dev/stdout" : others)
		report = ""
		within = ours = 0
	}
	{ text = $0; sub(/^\[[^]]*\] */, "", text) }
	text ~ /^=+$/ && !within { within = 1; report = $0; next }
	!within { print; next }
	# other messages may stand within a report
	text !~ /^BUG: KCSAN:/ && text ~ /WARNING:|BUG:|Oops|panic/ { print; next }
	{ report = report "\n" $0 }
	text ~ /^=+$/ { end_report(); next }
	text ~ / (to|on) .* bytes? (by|of) / || text ~ /^race at unknown origin/ { frame = 1; next }
	text ~ /^value changed:|^Reported by/ || text == "" { frame = 0; next }
	frame {
		if (text ~ /\[(tun|vringfd|vring_core)\]$/)
			ours = 1
		if (text !~ /^(__)?(mem(cpy|set|move)|copy_|_copy_|csum_|rep_movs)/)
			frame = 0
	}
	END { if (within) end_report() }'
}

# Prints the number of reports in the file $1.
kcsan_others() {
	[ -e "$1" ] || return 0
	echo "# kcsan: $(grep -c 'BUG: KCSAN' "$1") reports about the rest of the kernel:" \
		"see ${1##*/}"
}
