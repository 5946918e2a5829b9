# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The Python of the folder figures: tables, goals, plots, documents. Sourced after
# common.sh, with BENCH set.

# Debian's own interpreter.
figures() {
	PYTHONPATH=$BENCH /usr/bin/python3 -B -m figures "$@"
}
