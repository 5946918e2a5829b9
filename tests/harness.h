/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's test harness, with patience: 30 seconds are little on a machine
 * that is emulated and busy, and on a kernel that checks everything. Only a
 * test that fails takes that long.
 */
#ifndef TUN_TESTS_HARNESS_H
#define TUN_TESTS_HARNESS_H

#include "kselftest_harness.h"

#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT	150

#endif
