/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/* The calls of libc that the library stands in front of. */
#ifndef EXEC_REAL_H
#define EXEC_REAL_H

#include <poll.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/uio.h>

/* A call that the library exports. All other symbols are hidden. */
#define EXEC_CALL	__attribute__((visibility("default")))

/* A type for each signature, so that dlsym()'s result needs no cast. */
struct exec_real {
	ssize_t	(*read)(int fd, void *buf, size_t len);
	ssize_t	(*readv)(int fd, const struct iovec *iov, int n);
	ssize_t	(*read_chk)(int fd, void *buf, size_t len, size_t room);
	int	(*poll)(struct pollfd *fds, nfds_t n, int timeout);
	int	(*poll_chk)(struct pollfd *fds, nfds_t n, int timeout, size_t room);
	int	(*ppoll)(struct pollfd *fds, nfds_t n, const struct timespec *ts,
			 const sigset_t *mask);
	int	(*ppoll_chk)(struct pollfd *fds, nfds_t n, const struct timespec *ts,
			     const sigset_t *mask, size_t room);
	int	(*select)(int n, fd_set *r, fd_set *w, fd_set *e, struct timeval *tv);
	int	(*pselect)(int n, fd_set *r, fd_set *w, fd_set *e,
			   const struct timespec *ts, const sigset_t *mask);
	int	(*epoll_ctl)(int ep, int op, int fd, struct epoll_event *event);
	int	(*epoll_wait)(int ep, struct epoll_event *events, int max, int timeout);
	int	(*epoll_pwait)(int ep, struct epoll_event *events, int max,
			       int timeout, const sigset_t *mask);
	int	(*epoll_pwait2)(int ep, struct epoll_event *events, int max,
				const struct timespec *ts, const sigset_t *mask);
	int	(*close)(int fd);
	int	(*close_range)(unsigned int first, unsigned int last, int flags);
	void	(*closefrom)(int first);
	int	(*fclose)(FILE *file);
	int	(*dup)(int fd);
	int	(*dup2)(int fd, int to);
	int	(*dup3)(int fd, int to, int flags);
	int	(*fcntl)(int fd, int cmd, ...);
	int	(*fcntl64)(int fd, int cmd, ...);
	int	(*ioctl)(int fd, unsigned long cmd, ...);
	ssize_t	(*sendmsg)(int fd, const struct msghdr *msg, int flags);
	int	(*sendmmsg)(int fd, struct mmsghdr *msgs, unsigned int n, int flags);
	int	(*prctl)(int option, ...);
	long	(*syscall)(long number, ...);
	int	(*execve)(const char *path, char *const argv[], char *const envp[]);
	int	(*execvpe)(const char *file, char *const argv[], char *const envp[]);
	int	(*fexecve)(int fd, char *const argv[], char *const envp[]);
};

const struct exec_real *exec_real(void);

#endif /* EXEC_REAL_H */
