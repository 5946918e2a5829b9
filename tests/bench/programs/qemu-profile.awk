# SPDX-License-Identifier: GPL-2.0
# What qemu-split.awk wrote as a table: groups, or the symbols of one (-v group=).
# A cell has all ways, in the order in which they were measured.

BEGIN {
	columns = split("rx 64,rx 1400,rx tcp,tx 64,tx 1400,tx tcp", column, ",")
	split("receives 64 B,receives 1400 B,receives TCP,sends 64 B," \
	      "sends 1400 B,sends TCP", title, ",")
	group_is("guest-program", "guest: program")
	group_is("guest-stack", "guest: network stack")
	group_is("guest-virtio", "guest: virtio's drivers")
	group_is("guest-rest", "guest: rest of its kernel")
	group_is("host-program", "program")
	group_is("host-stack", "network stack")
	group_is("host-rings", "who serves the rings: tun, vhost")
	group_is("host-kvm", "KVM")
	group_is("host-qemu", "QEMU in user space")
	group_is("host-scheduler", "scheduler, wake-ups")
	group_is("host-time", "timers, clock")
	group_is("host-files", "eventfd, other files")
	group_is("host-entry", "system calls, interrupts")
	group_is("host-memory", "memory: allocated, freed, cleared")
	group_is("host-copies", "copies, and checks of them")
	group_is("host-locks", "locks, RCU")
	group_is("host-thunks", "returns by thunks")
	group_is("host-other", "rest")
}

function group_is(name, text) {
	line[++lines] = name
	label[lines] = text
}

{
	at = $2 " " $3
	seen[at] = 1
	if (!($1 in known)) {
		known[$1] = 1
		way[++ways] = $1
	}
	# of the guest's kernel, in less detail
	if ($5 ~ /^guest-/ && $5 !~ /-(program|stack|virtio)$/)
		$5 = "guest-rest"
	name = group == "" ? $5 : $5 == group ? $6 : ""
	clock[$1, at] = $4
	sum[$1, at] += $7
	count[name, $1, at] += $7
	if (name != "" && count[name, $1, at] > most[name])
		most[name] = count[name, $1, at]
}

function cells(text, kind, name, i, w, s) {
	s = "| " text " |"
	for (i = 1; i <= columns; i++) {
		if (!(column[i] in seen))
			continue
		for (w = 1; w <= ways; w++)
			s = s (w > 1 ? " / " : " ") \
			    figure(kind, name, way[w], column[i])
		s = s " |"
	}
	return s
}

function figure(kind, name, w, at, whole) {
	if (!((w, at) in sum))
		return "-"
	if (kind == "count")
		return sprintf("%.0f", count[name, w, at])
	if (kind == "sum")
		return sprintf("%.0f", sum[w, at])
	if (kind == "clock")
		return sprintf("%.0f", clock[w, at])
	whole = sum["vhost", at]
	return whole ? sprintf("%.2f", left(kind, w, at) / whole) : "-"
}

# What is left if the rings cost nothing; or, of the lines, both ends only.
function left(kind, w, at, x, i) {
	if (kind == "ratio")
		return sum[w, at]
	if (kind == "rings")
		return sum[w, at] - count["host-rings", w, at]
	for (i = 1; i <= 6; i++)
		x += count[line[i], w, at]
	return x
}

function head(i, w, names, rule) {
	for (w = 1; w <= ways; w++)
		names = names (w > 1 ? " / " : "") way[w]
	printf "| %s |", names
	rule = "|---|"
	for (i = 1; i <= columns; i++) {
		if (!(column[i] in seen))
			continue
		printf " %s |", title[i]
		rule = rule "---:|"
	}
	printf "\n%s\n", rule
}

function symbols(name, sorted) {
	sorted = "sort -t '\t' -k1,1nr | cut -f 2-"
	fflush()
	for (name in most)
		if (most[name] >= 0.95)
			print most[name] "\t" cells(name, "count", name) | sorted
	close(sorted)
}

END {
	head()
	if (group != "") {
		symbols()
		exit
	}
	for (i = 1; i <= lines; i++)
		if (line[i] in most)
			print cells(label[i], "count", line[i])
	print cells("sum", "sum")
	print cells("by the clock", "clock")
	if (!("vhost" in known))
		exit
	print cells("ratio to vhost-net's sum", "ratio")
	print cells("if who serves the rings cost nothing", "rings")
	print cells("guest, network stack and program alone", "ends")
}
