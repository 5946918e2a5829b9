/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/* ioctl(), by which a descriptor becomes a tun queue. */
#ifndef EXEC_IOCTL_H
#define EXEC_IOCTL_H

#include <sys/ioctl.h>

#endif /* EXEC_IOCTL_H */
