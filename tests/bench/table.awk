# SPDX-License-Identifier: GPL-2.0
# The tables on a terminal. After rows.awk, sections.awk and goals.awk.

function head(title, note, names, name, i) {
	columns = split(names, name, "|")
	begin = sprintf("\n%s. %s\n%46s", title, note, "")
	for (i = 1; i <= columns; i++)
		begin = begin sprintf(" %8s", name[i])
	begin = begin "\n"
}

function cells(label, format, i) {
	for (i = 1; i <= columns; i++)
		if (cell[i] != "-")
			break
	if (i > columns)
		return
	printf "%s  %-44s", begin, label
	begin = ""
	for (i = 1; i <= columns; i++)
		printf " %8s", cell[i] == "-" ? "-" : sprintf(format, cell[i])
	print ""
}

function goal(what, x, limit) {
	if (x == "-")
		return
	printf "  %-56s %7.3f of %5.3f%s\n", what, x, limit,
	       x <= limit ? "" : "  missed"
}

END {
	print "Instructions per packet"
	sections()
	print "\nGoals"
	goals()
	for (who in nobody)
		print who ": " nobody[who] | "sort"
	close("sort")
}
