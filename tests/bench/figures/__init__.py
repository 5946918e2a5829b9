# SPDX-License-Identifier: GPL-2.0
"""Tables, plots, goals and the document of a benchmark."""
