// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/*
 * Symbols of the functions that C programs inline: a binding of another language
 * has no headers to inline them from.
 */
#include "symbols.h"

#define TUNRING_INLINE
#include "tunring/packet.h"
