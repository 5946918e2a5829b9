// SPDX-License-Identifier: GPL-2.0
/* Files of /dev/net/tun: open, ioctls, reads and writes. */
#include "lib.h"

int tunfd_open(void)
{
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int tunfd_ioctl(int fd, unsigned long cmd, unsigned long arg)
{
	int ret = ioctl(fd, cmd, arg);

	return ret < 0 ? -errno : ret;
}

int tunfd_ioctlp(int fd, unsigned long cmd, void *arg)
{
	return tunfd_ioctl(fd, cmd, (unsigned long)arg);
}

/* Calls an ioctl that takes a pointer to an int. */
int tunfd_int(int fd, unsigned long cmd, int value)
{
	return tunfd_ioctlp(fd, cmd, &value);
}

int tunfd_setiff(int fd, const char *name, int flags, char *out)
{
	struct ifreq ifr = { .ifr_flags = flags };
	int ret;

	if (name)
		memcpy(ifr.ifr_name, name, strnlen(name, IFNAMSIZ));
	ret = tunfd_ioctlp(fd, TUNSETIFF, &ifr);
	if (!ret && out)
		memcpy(out, ifr.ifr_name, IFNAMSIZ);
	return ret;
}

int tunfd_create(const char *name, int flags)
{
	int fd = tunfd_open();
	int ret;

	if (fd < 0)
		return fd;
	ret = tunfd_setiff(fd, name, flags, NULL);
	if (ret) {
		close(fd);
		return ret;
	}
	return fd;
}

int tunfd_create_up(const char *name, int flags)
{
	int fd = tunfd_create(name, flags);
	int ret;

	if (fd < 0)
		return fd;
	ret = if_up(name);
	if (ret) {
		close(fd);
		return ret;
	}
	return fd;
}

/* Returns the flags (16 bits, unsigned) or a negative errno. */
int tunfd_getiff(int fd, char *name)
{
	struct ifreq ifr;
	int ret;

	memset(&ifr, 0xff, sizeof(ifr));
	ret = tunfd_ioctlp(fd, TUNGETIFF, &ifr);
	if (ret)
		return ret;
	if (name)
		memcpy(name, ifr.ifr_name, IFNAMSIZ);
	return (unsigned short)ifr.ifr_flags;
}

int tunfd_queue(int fd, int flags)
{
	struct ifreq ifr = { .ifr_flags = flags };

	return tunfd_ioctlp(fd, TUNSETQUEUE, &ifr);
}

int fd_nonblock(int fd)
{
	return fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) ? -errno : 0;
}

/* Returns the events, or 0 after the time-out. */
int fd_wait(int fd, int events, int ms)
{
	struct pollfd p = { .fd = fd, .events = events };
	int ret;

	do {
		ret = poll(&p, 1, ms);
	} while (ret < 0 && errno == EINTR);
	if (ret < 0)
		return -errno;
	return ret ? p.revents : 0;
}

ssize_t fd_read(int fd, void *buf, size_t len)
{
	ssize_t n = read(fd, buf, len);

	return n < 0 ? -errno : n;
}

ssize_t fd_read_wait(int fd, void *buf, size_t len)
{
	int ev = fd_wait(fd, POLLIN, WAIT_MS);

	if (ev < 0)
		return ev;
	if (!(ev & POLLIN))
		return ev ? -EIO : -ETIMEDOUT;
	return fd_read(fd, buf, len);
}

ssize_t fd_write(int fd, const void *buf, size_t len)
{
	ssize_t n = write(fd, buf, len);

	return n < 0 ? -errno : n;
}

/* Reads all queued packets. Returns their number. */
int fd_drain(int fd)
{
	static char buf[BIG];
	int n = 0;

	while ((fd_wait(fd, POLLIN, 0) & POLLIN) && read(fd, buf, sizeof(buf)) > 0)
		n++;
	return n;
}
