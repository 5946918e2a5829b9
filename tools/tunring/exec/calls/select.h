/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/* select() and pselect(). */
#ifndef EXEC_SELECT_H
#define EXEC_SELECT_H

#include <sys/select.h>

/* Returns the result, or 0 if the kernel is to answer. */
int exec_select_answer(int n, fd_set *r, fd_set *w, fd_set *e);

#endif /* EXEC_SELECT_H */
