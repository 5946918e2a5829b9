/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's test harness with a longer time-out: an emulated, busy machine and
 * a debug kernel may need more than 30 seconds for a test.
 */
#ifndef TUN_TESTS_HARNESS_H
#define TUN_TESTS_HARNESS_H

#include "kselftest_harness.h"

#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT	150

#endif
