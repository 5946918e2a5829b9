/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/* sendmsg(), which passes descriptors to other processes. */
#ifndef EXEC_MESSAGE_H
#define EXEC_MESSAGE_H

#include <sys/socket.h>

void exec_message_sends(const struct msghdr *msg);

#endif /* EXEC_MESSAGE_H */
