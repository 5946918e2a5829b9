/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's harness, with more patience: a debug kernel on an emulated
 * machine that others use as well needs it.
 */
#ifndef TUN_ABI_HARNESS_H
#define TUN_ABI_HARNESS_H

#include "kselftest_harness.h"

#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT 150

#endif
