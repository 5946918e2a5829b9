# SPDX-License-Identifier: GPL-2.0
# The C code of README.md: two functions, and a loop, which becomes a third.
/^```c$/ { code = 1; next }
code && /^```$/ { exit }
code && /and the loop:/ {
	print "static int readme_loop(struct tunring *h, int sock)\n{\n\tint ret;\n"
	loop = 1
}
code
END {
	if (!loop)
		exit 1
	print "\treturn ret;\n}"
}
