/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
#ifndef TR_RINGS_H
#define TR_RINGS_H

#include "../handle/backend.h"

extern const struct tr_backend tr_ring_backend;

#endif /* TR_RINGS_H */
