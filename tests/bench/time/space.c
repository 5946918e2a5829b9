// SPDX-License-Identifier: GPL-2.0
/* Two network namespaces, and their counters. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "time.h"

void space_create(int *spaces)
{
	unsigned int i;

	for (i = 0; i < 2; i++) {
		net_fresh();
		if (system("ip link set lo up"))
			die("lo does not come up");
		spaces[i] = open("/proc/thread-self/ns/net",
				 O_RDONLY | O_CLOEXEC);
		if (spaces[i] < 0)
			die("a namespace: %s", strerror(errno));
	}
}

/* The calling thread only. */
void space_enter(int space)
{
	if (setns(space, CLONE_NEWNET))
		die("setns: %s", strerror(errno));
}

/* The device is in the caller's namespace. */
void space_up(const char *name, int which)
{
	char line[160];

	snprintf(line, sizeof(line),
		 "ip address add %s/24 dev %s && ip link set %s up",
		 which == NEAR ? NET_LOCAL : NET_PEER, name, name);
	if (system(line))
		die("failed: %s", line);
}

/* Two lines for each protocol: names, numbers. */
uint64_t space_counter(const char *protocol, const char *counter)
{
	char names[2048], numbers[2048], *n, *v, *ns, *vs;
	FILE *f = fopen("/proc/thread-self/net/snmp", "re");

	if (!f)
		die("snmp: %s", strerror(errno));
	while (fgets(names, sizeof(names), f) &&
	       fgets(numbers, sizeof(numbers), f)) {
		if (strncmp(names, protocol, strlen(protocol)))
			continue;
		n = strtok_r(names, "\n ", &ns);
		v = strtok_r(numbers, "\n ", &vs);
		for (; n && v; n = strtok_r(NULL, "\n ", &ns),
		     v = strtok_r(NULL, "\n ", &vs))
			if (!strcmp(n, counter)) {
				fclose(f);
				return strtoull(v, NULL, 10);
			}
	}
	die("no %s %s in snmp", protocol, counter);
}

/* Packets that the caller's device of this name dropped, both ways. */
uint64_t space_drops(const char *name)
{
	unsigned long long rx, tx;
	char line[512], *p;
	FILE *f = fopen("/proc/thread-self/net/dev", "re");

	if (!f)
		die("/proc/net/dev: %s", strerror(errno));
	while (fgets(line, sizeof(line), f)) {
		p = strstr(line, name);
		if (!p || sscanf(p + strlen(name),
				 ": %*u %*u %*u %llu %*u %*u %*u %*u %*u %*u %*u %llu",
				 &rx, &tx) != 2)
			continue;
		fclose(f);
		return rx + tx;
	}
	die("no %s in /proc/net/dev", name);
}

/* Packets that the qdisc of the device dropped. */
uint64_t space_qdisc_drops(const char *name)
{
	unsigned long long n;
	char line[96];
	FILE *f;

	snprintf(line, sizeof(line),
		 "tc -s qdisc show dev %s | grep -o 'dropped [0-9]*'", name);
	f = popen(line, "r");
	if (!f || fscanf(f, "dropped %llu", &n) != 1)
		die("tc says nothing of %s", name);
	/* the root's comes first, and is the sum */
	while (fgets(line, sizeof(line), f))
		;
	pclose(f);
	return n;
}
