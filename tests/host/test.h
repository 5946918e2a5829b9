/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's test harness, patient with a build host that is busy. */
#ifndef _HOST_TEST_H
#define _HOST_TEST_H

#include "kselftest_harness.h"

#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT	120

#endif /* _HOST_TEST_H */
