# SPDX-License-Identifier: GPL-2.0
# Several rounds of one row, and their medians. After rows.awk.

function round_add(where,	name) {
	rounds[where]++
	for (name in field)
		all[where, name, rounds[where]] = field[name]
}

# The median; the ends are left in low and high.
function middle(where, name,	v, i, j, t, n) {
	n = rounds[where]
	for (i = 1; i <= n; i++) {
		t = all[where, name, i] + 0
		for (j = i - 1; j >= 1 && v[j] > t; j--)
			v[j + 1] = v[j]
		v[j + 1] = t
	}
	low = v[1]
	high = v[n]
	return n ? v[int((n + 1) / 2)] : "-"
}
