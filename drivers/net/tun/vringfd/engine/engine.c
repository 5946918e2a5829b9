// SPDX-License-Identifier: GPL-2.0
#include "engine.h"

#include "../../ring/engine/regions_find.c"
#include "../../ring/engine/vring.c"
#include "../../ring/mem/pinned.c"
