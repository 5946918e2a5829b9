// SPDX-License-Identifier: GPL-2.0
/* Counts records of the kernel log that are newer than dmesg_open(). */
#include "env.h"

int dmesg_open(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (lseek(fd, 0, SEEK_END) < 0) {
		close(fd);
		return -errno;
	}
	return fd;
}

/* Returns how many records since the last call contain the word. */
int dmesg_count(int fd, const char *word)
{
	char buf[4096];
	ssize_t len;
	int n = 0;

	for (;;) {
		len = read(fd, buf, sizeof(buf) - 1);
		if (len < 0 && errno == EPIPE)
			continue;	/* the record was overwritten */
		if (len <= 0)
			return len < 0 && errno != EAGAIN ? -errno : n;
		buf[len] = 0;
		n += strstr(buf, word) != NULL;
	}
}
