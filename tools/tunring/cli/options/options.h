/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/* Options that echo, pump and dump have in common. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "../cli.h"

#define CLI_LONG_ONLY	256	/* keys of options without a letter */

extern const struct cli_option cli_common[];
extern const struct cli_option cli_fd_option[];

/* Return 0, or -1 if the value is not valid. */
int cli_set_common(struct cli_opts *o, int key, const char *arg);
/* Return CLI_OK, or the exit code after an error message. */
int cli_conflict(const char *command, const struct cli_opts *o);

#endif /* OPTIONS_H */
