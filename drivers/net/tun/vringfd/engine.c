// SPDX-License-Identifier: GPL-2.0
#include "engine.h"

#include "../ring/mem_pinned.c"
#include "../ring/regions_find.c"
#include "../ring/vring.c"
