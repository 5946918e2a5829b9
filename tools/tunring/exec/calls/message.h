/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/* sendmsg() and sendmmsg(), which pass descriptors to other processes. */
#ifndef EXEC_MESSAGE_H
#define EXEC_MESSAGE_H

#include <sys/socket.h>

#endif /* EXEC_MESSAGE_H */
