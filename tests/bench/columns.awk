# SPDX-License-Identifier: GPL-2.0
# Tables of the parts, after rows.awk. A part says with key() what its rows are;
# a column is "KEY:FIELD" or "KEY:FIELD:FLOOR", FLOOR a KEY to be subtracted. Each
# table has a line for every value of one more field, which ends the key.

function remember(key,	name) {
	for (name in field)
		have[key, name] = field[name]
	present[key] = 1
}

function lookup(key, name) {
	return (key, name) in have ? have[key, name] + 0 : "-"
}

function figure(column, line,	c, n, v) {
	n = split(column, c, ":")
	v = lookup(c[1] " " line, c[2])
	return n < 3 ? v : minus(v, lookup(c[3] " " line, c[2]))
}

# HEADINGS and COLUMNS have | between them, the first heading is that of LINES.
function table(headings, columns, lines, n_lines, scale, format,	c, h, n, i, k, v, out) {
	n = split(columns, c, "|")
	split(headings, h, "|")
	out = "| " h[1] " |"
	for (k = 1; k <= n; k++)
		out = out " " h[k + 1] " |"
	print out
	gsub(/[^|]+/, "---", out)
	print out
	for (i = 1; i <= n_lines; i++) {
		out = "| " lines[i] " |"
		for (k = 1; k <= n; k++) {
			v = figure(c[k], lines[i])
			out = out (v == "-" ? " - |" : \
				   sprintf(" " format " |", v / scale))
		}
		print out
	}
	print ""
}

function goal(what, limit, measured) {
	printf "%s\t%s\t%s\n", what, limit, \
		measured == "-" ? "-" : sprintf("%.3f", measured)
}
