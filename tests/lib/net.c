// SPDX-License-Identifier: GPL-2.0
/* Network namespaces and interfaces, by ioctls and files. */
#include <sched.h>
#include <sys/mount.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>

#include "lib.h"
#include "qdisc.h"

int file_put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int ret = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

/* Reads a file without its last newline. Returns the length. */
int file_get(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t n = 0;
	ssize_t r;

	if (fd < 0)
		return -errno;
	while (n < size - 1 && (r = read(fd, buf + n, size - 1 - n)) > 0)
		n += r;
	close(fd);
	if (n && buf[n - 1] == '\n')
		n--;
	buf[n] = 0;
	return n;
}

/*
 * Enters a new network namespace. IPv6 is disabled, because the kernel would
 * send router solicitations and neighbour discovery among the test's packets.
 */
int ns_fresh(void)
{
	int ret;

	if (unshare(CLONE_NEWNET))
		return -errno;
	ret = file_put("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1");
	if (!ret)
		ret = file_put("/proc/sys/net/ipv6/conf/default/disable_ipv6",
			       "1");
	return ret;
}

/* The program's namespace, in which its cases run one after the other. */
static int ns_kept = -1;

/* harness.h calls this before the first case forks. */
void harness_begin(void)
{
	int home = ns_open();

	if (home >= 0 && !ns_fresh())
		ns_kept = ns_open();
	if (home >= 0) {
		if (setns(home, CLONE_NEWNET))
			exit(1);
		close(home);
	}
}

/* Is lo the only device of this namespace? */
static bool ns_is_empty(void)
{
	char buf[4096], *line;
	unsigned int lines = 0;

	if (file_get("/proc/thread-self/net/dev", buf, sizeof(buf)) <= 0)
		return false;
	for (line = buf; line; line = strchr(line + 1, '\n'))
		lines++;
	/* two lines of headings, and lo */
	return lines == 3;
}

/*
 * Enters the program's namespace, unless an earlier case has left a device there.
 * A new namespace for each case would take the debug kernel most of the time of a
 * short case.
 */
int ns_enter(void)
{
	if (ns_kept >= 0 && !setns(ns_kept, CLONE_NEWNET) && ns_is_empty())
		return 0;
	return ns_fresh();
}

int ns_open(void)
{
	int fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

/* Mounts sysfs anew: sysfs shows the network namespace of its mount. */
int ns_sysfs(void)
{
	if (unshare(CLONE_NEWNS) ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("sysfs", "/sys", "sysfs", 0, NULL))
		return -errno;
	return 0;
}

int if_ioctl(unsigned long cmd, struct ifreq *ifr)
{
	int sk = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int ret;

	if (sk < 0)
		return -errno;
	ret = ioctl(sk, cmd, ifr) ? -errno : 0;
	close(sk);
	return ret;
}

static struct ifreq ifr_of(const char *name)
{
	struct ifreq ifr = { };

	memcpy(ifr.ifr_name, name, strnlen(name, IFNAMSIZ - 1));
	return ifr;
}

int if_set_flags(const char *name, int set, int clear)
{
	struct ifreq ifr = ifr_of(name);
	int ret = if_ioctl(SIOCGIFFLAGS, &ifr);

	if (ret)
		return ret;
	ifr.ifr_flags = (ifr.ifr_flags & ~clear) | set;
	return if_ioctl(SIOCSIFFLAGS, &ifr);
}

int if_up(const char *name)
{
	return qdisc_one(name) ?: if_set_flags(name, IFF_UP, 0);
}

int if_down(const char *name)
{
	return if_set_flags(name, 0, IFF_UP);
}

int if_mtu(const char *name, int mtu)
{
	struct ifreq ifr = ifr_of(name);

	ifr.ifr_mtu = mtu;
	return if_ioctl(SIOCSIFMTU, &ifr);
}

int if_txqlen(const char *name, int len)
{
	struct ifreq ifr = ifr_of(name);

	ifr.ifr_qlen = len;
	return if_ioctl(SIOCSIFTXQLEN, &ifr);
}

int if_set_mac(const char *name, const uint8_t *mac)
{
	struct ifreq ifr = ifr_of(name);

	ifr.ifr_hwaddr.sa_family = ARPHRD_ETHER;
	memcpy(ifr.ifr_hwaddr.sa_data, mac, ETH_ALEN);
	return if_ioctl(SIOCSIFHWADDR, &ifr);
}

int if_get_mac(const char *name, uint8_t *mac, int *type)
{
	struct ifreq ifr = ifr_of(name);
	int ret = if_ioctl(SIOCGIFHWADDR, &ifr);

	if (ret)
		return ret;
	memcpy(mac, ifr.ifr_hwaddr.sa_data, ETH_ALEN);
	if (type)
		*type = ifr.ifr_hwaddr.sa_family;
	return 0;
}

int if_addr4(const char *name, const char *addr)
{
	struct ifreq ifr = ifr_of(name);
	struct sockaddr_in *sin = (void *)&ifr.ifr_addr;
	int ret;

	sin->sin_family = AF_INET;
	sin->sin_addr.s_addr = inet_addr(addr);
	ret = if_ioctl(SIOCSIFADDR, &ifr);
	if (ret)
		return ret;
	sin->sin_addr.s_addr = inet_addr("255.255.255.0");
	return if_ioctl(SIOCSIFNETMASK, &ifr);
}

/* Asks by rtnetlink, because the ioctls run modprobe for an unknown name. */
int if_exists(const char *name)
{
	struct link_info li;

	return !rtnl_get(name, &li);
}

int if_wait_gone(const char *name)
{
	int watch = rtnl_watch(), ret = 0;
	long end = now_ms() + WAIT_MS;

	if (watch < 0)
		return watch;
	while (!ret && if_exists(name)) {
		if (now_ms() > end)
			ret = -ETIMEDOUT;
		rtnl_watch_wait(watch);
	}
	close(watch);
	return ret;
}

/* IF_OPER_UNKNOWN of linux/if.h, which conflicts with net/if.h. */
#define OPER_UNKNOWN	0

/*
 * After a change of carrier, operstate is IF_OPER_UNKNOWN until the link watch
 * ran.
 */
static bool link_is_known(const struct link_info *li)
{
	return li->operstate != OPER_UNKNOWN || !li->carrier_changes;
}

/*
 * Waits until the link watch has followed a change of carrier. The link watch
 * sets IFF_RUNNING before it activates the queueing discipline, and holds rtnl
 * meanwhile. Packets that are sent in between are lost. rtnetlink takes rtnl
 * and sees both changes or none; SIOCGIFFLAGS takes no lock.
 */
int if_wait_running(const char *name, bool running)
{
	int watch = rtnl_watch(), ret;
	long end = now_ms() + WAIT_MS;
	struct link_info li;

	if (watch < 0)
		return watch;
	while (!(ret = rtnl_get(name, &li))) {
		if (link_is_known(&li) &&
		    !!(li.flags & IFF_RUNNING) == running)
			break;
		if (now_ms() > end) {
			ret = -ETIMEDOUT;
			break;
		}
		rtnl_watch_wait(watch);
	}
	close(watch);
	return ret;
}

int if_ethtool(const char *name, void *cmd)
{
	struct ifreq ifr = ifr_of(name);

	ifr.ifr_data = cmd;
	return if_ioctl(SIOCETHTOOL, &ifr);
}

/* Returns the flag of an ETHTOOL_G* command. */
int if_feature(const char *name, uint32_t cmd)
{
	struct ethtool_value ev = { .cmd = cmd };
	int ret = if_ethtool(name, &ev);

	return ret ? ret : (int)ev.data;
}
