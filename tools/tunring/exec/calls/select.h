/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/* select() and pselect(). */
#ifndef EXEC_SELECT_H
#define EXEC_SELECT_H

#include <sys/select.h>

/* Sets of any length. Returns the result, or 0 if the kernel is to answer. */
int exec_select_answer(int n, void *r, void *w, void *e);

#endif /* EXEC_SELECT_H */
