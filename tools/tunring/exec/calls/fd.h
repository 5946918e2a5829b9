/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/* Calls by which descriptors come and go. */
#ifndef EXEC_FD_H
#define EXEC_FD_H

/* In <fcntl.h> only for some programs. */
int fcntl64(int fd, int cmd, ...);

#endif /* EXEC_FD_H */
