/* SPDX-License-Identifier: GPL-2.0 */
/* A copy from the user's memory is a marked access. */
#ifndef _SHIM_LINUX_STRING_H
#define _SHIM_LINUX_STRING_H

#include <string.h>

#include "../shim.h"

#ifdef SHIM_ENGINE
#undef memcpy
#define memcpy(to, from, n)	shim_copy(to, from, n)
#endif

#endif /* _SHIM_LINUX_STRING_H */
