# SPDX-License-Identifier: GPL-2.0
# The sorted lines of qemu-symbols.awk into what each symbol took of each row, the
# rows of that machine being in the order of the pairs:
#
#   WAY DIRECTION SIZE CLOCK GROUP SYMBOL INSTRUCTIONS
#
# CLOCK and INSTRUCTIONS are for each packet, or KiB.

# A kernel's folders are linked one after the other, so a symbol of the first file
# of one tells where the other's end. Sections of their own come last.
BEGIN {
	n = 0
	folder["_text"] = "other"
	folder["__traceiter_sched_kthread_stop"] = "scheduler"
	folder["__traceiter_contention_begin"] = "locks"
	folder["irq_free_descs"] = "entry"
	folder["rcu_gp_is_normal"] = "locks"
	folder["jiffies_to_msecs"] = "time"
	folder["futex_hash"] = "other"
	folder["filemap_check_errors"] = "memory"
	folder["generic_file_open"] = "files"
	folder["ipcget"] = "other"
	folder["key_payload_reserve"] = "stack"	# its security modules
	folder["crypto_mod_get"] = "other"
	folder["sock_from_file"] = "stack"
	folder["argv_split"] = "other"
	folder["__sched_text_start"] = "scheduler"
	folder["__cpuidle_text_start"] = "time"
	folder["__lock_text_start"] = "locks"
	folder["__entry_text_start"] = "entry"

	while ((getline line < rows) > 0) {
		split(line, part, "\"")
		key = part[12] " " part[16] " " part[20]
		split(line, part, /"bursts":|,"instructions":|}/)
		packets[n] = part[2] * (key ~ /tcp$/ ? 1024 : 64)
		row[n++] = key " " part[3]
	}
}

# What all folders call, and what belongs together but lies apart.
function by_name(s) {
	if (s ~ /^(srso_|__x86_(indirect|return)_)/)
		return "thunks"
	if (s ~ /^_*(copy_(to|from|user|page)|(get|put)_user_|mem(cpy|move)|iov_iter_)/ ||
	    s ~ /^(_*import_|iovec_from_user|__virt_addr_valid)/ ||
	    s ~ /check_(object_size|heap_object|stack_object)$/)
		return "copies"
	if (s ~ /^(memset|clear_page)/)
		return "memory"
	if (s ~ /syscall|^x64_sys_call|^exit_to_user_mode|softirq|^_*irq_(exit|enter|work)|sysvec_/)
		return "entry"
	if (s ~ /^(native_load_tr_desc|load_(direct|fixmap)_gdt|x86_virt_spec_ctrl)$/)
		return "kvm"
	return s ~ /^__switch_to/ ? "scheduler" : ""
}

function group_of(s) {
	if (s ~ /^\[/)
		return substr(s, 2, length(s) - 2)
	if (s ~ /\[(tun|vhost|vhost_net|vhost_iotlb|tap)\]$/)
		return "rings"
	if (s ~ /\[kvm(_amd)?\]$/)
		return "kvm"
	if (s ~ /\]$/)
		return "other"
	return by_name(s) ? by_name(s) : inside
}

$2 == 0 {
	symbol = $3
	if (symbol in folder)
		inside = folder[symbol]
	group = group_of(symbol)
	next
}

$3 in row {
	count[row[$3] " " $5 "-" group " " symbol] += $4 / packets[$3]
}

END {
	for (i in count)
		printf "%s %.2f\n", i, count[i]
}
