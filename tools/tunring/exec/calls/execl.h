/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/* The calls of the exec family whose arguments are a list. */
#ifndef EXEC_EXECL_H
#define EXEC_EXECL_H

#include <unistd.h>

#endif /* EXEC_EXECL_H */
