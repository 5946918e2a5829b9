# SPDX-License-Identifier: GPL-2.0
# Symbols and blocks, sorted by address, into a table: instructions per packet,
# a column for each contestant in the order of ROWS.

function hex(s, n, i) {
	for (i = 1; i <= length(s); i++)
		n = n * 16 + index("0123456789abcdef", substr(s, i, 1)) - 1
	return n
}

# Addresses have more bits than numbers here: only their low half is counted.
function offset(a, b) {
	return hex(substr(a, 9)) - hex(substr(b, 9))
}

BEGIN {
	while ((getline line < rows) > 0) {
		if (line ~ /"missing"/)
			continue
		split(line, part, "\"")
		title[columns++] = part[8] "." part[12]
		split(line, part, /"size":|"burst":|,"instructions":|,"own"/)
		under[columns - 1] = part[2] part[3]
		clock[columns - 1] = part[4]
	}
	symbol = "[user]"
}

$2 == 0 {
	symbol = $3
	start = $1
	next
}

{
	who = $1 < "8" ? "[user]" : symbol
	if (function_ != "") {
		if (symbol != function_ && symbol !~ "^" function_ "\\[")
			next
		who = sprintf("+%#06x", offset($1, start))
	}
	count[who, $3] += $4 / packets
	total[$3] += $4 / packets
	if (count[who, $3] > most[who])
		most[who] = count[who, $3]
}

END {
	printf "%-40s", "instructions per packet"
	for (i = 0; i < columns; i++)
		printf " %12s", title[i]
	printf "\n%-40s", "size, burst"
	for (i = 0; i < columns; i++)
		printf " %12s", under[i]
	printf "\n%-40s", "by the clock"
	for (i = 0; i < columns; i++)
		printf " %12.0f", clock[i]
	printf "\n%-40s", "sum of the blocks"
	for (i = 0; i < columns; i++)
		printf " %12.0f", total[i]
	print ""
	order = function_ == "" ? "sort -k1,1nr" : "sort -k2,2"
	for (who in most) {
		if (most[who] < 0.95)
			continue
		line = sprintf("%.1f %-40s", most[who], who)
		for (i = 0; i < columns; i++)
			line = line sprintf(" %12.1f", count[who, i])
		print line | order " | cut -d' ' -f2-"
	}
}
