/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
#ifndef TR_PLAIN_H
#define TR_PLAIN_H

#include "../handle/backend.h"

extern const struct tr_backend tr_plain_backend;

#endif /* TR_PLAIN_H */
