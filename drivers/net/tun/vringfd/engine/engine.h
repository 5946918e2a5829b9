/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The engine of tun's rings, compiled a second time for this module. Its
 * functions get other names here, because both modules may be built into one
 * kernel.
 */
#ifndef _VRINGFD_ENGINE_H
#define _VRINGFD_ENGINE_H

#define tun_vring_init		vringfd_engine_init
#define tun_vring_set_broken		vringfd_engine_break
#define tun_regions_search	vringfd_engine_search
#define tun_pin_user		vringfd_engine_pin
#define tun_pin_release		vringfd_engine_unpin

#include "../../ring/mem/dirty_log.h"
/* A vringfd has no dirty log, because no VMM migrates its memory. */
#define tun_log_used(vq, at, len)	0

#include "../../ring/engine/access_kernel.h"
#include "../../ring/engine/regions_find.h"
#include "../../ring/engine/vring.h"
#include "../../ring/mem/access_user.h"
#include "../../ring/mem/pinned.h"

#endif /* _VRINGFD_ENGINE_H */
