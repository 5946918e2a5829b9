# SPDX-License-Identifier: GPL-2.0
# The tables of Documentation/performance.md. After rows.awk, sections.awk and
# goals.awk. -v part= says which:
# figures, goals, unsteady, missing.

function head(title, note, names, name, i) {
	columns = split(names, name, "|")
	printf "\n### %s\n\n%s\n\n|", title, note
	for (i = 1; i <= columns; i++)
		printf " | %s", name[i]
	printf " |\n|---|"
	for (i = 1; i <= columns; i++)
		printf "---:|"
	print ""
}

function cells(label, format, i) {
	printf "| %s |", label
	for (i = 1; i <= columns; i++)
		printf " %s |", cell[i] == "-" ? "-" : sprintf(format, cell[i])
	print ""
}

function verdict(x, limit) {
	if (x == "-")
		return "not measured"
	if (x <= limit)
		return "reached"
	return x <= limit * 1.01 ? "missed by less than 1%" : "**missed**"
}

function goal(what, x, limit) {
	printf "| %s | %.3f | %s | %s |\n", what, limit,
	       x == "-" ? "-" : sprintf("%.3f", x), verdict(x, limit)
}

# Nothing, if there are none.
function unsteady(where, f, n) {
	for (where in spread)
		n += spread[where] > 0.02
	if (!n)
		return
	print "| tun | contestant | | size | burst | median | spread |"
	print "|---|---|---|---:|---:|---:|---:|"
	for (where in spread) {
		if (spread[where] <= 0.02)
			continue
		split(where, f, SUBSEP)
		printf "| %s | %s | %s | %d | %d | %.0f | %.0f%% |\n", f[1],
		       f[2], f[3], f[4], f[5], rows[where],
		       100 * spread[where] | "sort"
	}
	close("sort")
}

END {
	if (part == "figures") {
		sections()
	} else if (part == "goals") {
		print "| | at most | measured | |"
		print "|---|---:|---:|---|"
		goals()
	} else if (part == "unsteady") {
		unsteady()
	} else {
		print "| tun | contestant | why |\n|---|---|---|"
		for (who in nobody) {
			split(who, name, " ")
			printf "| %s | %s | %s |\n", name[1], name[2],
			       nobody[who] | "sort"
		}
		close("sort")
	}
}
