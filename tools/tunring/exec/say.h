/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/* Messages of --verbose. */
#ifndef EXEC_SAY_H
#define EXEC_SAY_H

void exec_say_begin(void);
void exec_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif /* EXEC_SAY_H */
