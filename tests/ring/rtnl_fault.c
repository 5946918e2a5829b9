// SPDX-License-Identifier: GPL-2.0
/*
 * The argument of an ioctl, or a classic program, is in memory that never comes. The
 * caller alone waits for it: others change links meanwhile.
 */
#include <linux/filter.h>
#include <sys/mman.h>

#include "lib.h"
#include "harness.h"
#include "uffd.h"

#define PAGE	4096
#define SOON_MS	(WAIT_MS / 2)
/* IFF_NO_PI has the number of IFF_NOFILTER: the second queue would get no filter. */
#define FLAGS	(IFF_TAP | IFF_MULTI_QUEUE)

FIXTURE(fault) {
	int fd, second, uffd;
	struct sock_filter *page;	/* a page that never comes */
	pthread_t thread;
	unsigned long cmd;
	int ret;
};

FIXTURE_VARIANT(fault) {
	unsigned long cmd;
	int ret;	/* once the page has come, full of zeroes */
	bool program;	/* the page is not the argument, but the program */
};

#define FAULT(name, cmd, ...)						\
	FIXTURE_VARIANT_ADD(fault, name) { cmd, __VA_ARGS__ }

FAULT(get_iff, TUNGETIFF, 0);
FAULT(get_sndbuf, TUNGETSNDBUF, 0);
FAULT(set_sndbuf, TUNSETSNDBUF, -EINVAL);
FAULT(set_vnet_hdr_sz, TUNSETVNETHDRSZ, -EINVAL);
FAULT(set_tx_filter, TUNSETTXFILTER, 0);
FAULT(get_filter, TUNGETFILTER, 0);
FAULT(attach_filter, TUNATTACHFILTER, -EINVAL);
FAULT(program, TUNATTACHFILTER, -EINVAL, true);
/* a second queue gets the program, or none if the program is invalid */
FAULT(program_of_queue, TUNSETIFF, 0, true);

FIXTURE_SETUP(fault)
{
	const struct sock_filter all = { BPF_RET | BPF_K, 0, 0, 65535 };
	struct sock_fprog prog = { .len = 1 };

	ASSERT_EQ(0, ns_enter());
	self->fd = tunfd_create("t0", FLAGS);
	ASSERT_LE(0, self->fd);
	self->second = tunfd_open();
	self->uffd = uffd_open();
	ASSERT_LE(0, self->uffd);
	self->page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->page);
	*self->page = all;
	prog.filter = self->page;
	ASSERT_EQ(0, tunfd_ioctlp(self->fd, TUNATTACHFILTER, &prog));
	ASSERT_EQ(0, uffd_watch(self->uffd, self->page, PAGE));
	self->cmd = variant->program && variant->cmd == TUNSETIFF ? TUNSETIFF :
		    variant->program ? 0 : variant->cmd;
}

FIXTURE_TEARDOWN(fault)
{
	close(self->uffd);
	close(self->second);
	close(self->fd);
}

static void *call(void *arg)
{
	struct _test_data_fault *self = arg;
	struct sock_fprog prog = { .len = 1, .filter = self->page };

	if (self->cmd == TUNSETIFF)
		self->ret = tunfd_setiff(self->second, "t0", FLAGS, NULL);
	else if (self->cmd)
		self->ret = tunfd_ioctlp(self->fd, self->cmd, self->page);
	else
		self->ret = tunfd_ioctlp(self->fd, TUNATTACHFILTER, &prog);
	return NULL;
}

TEST_F(fault, links_change)
{
	pid_t pid;

	ASSERT_EQ(0, pthread_create(&self->thread, NULL, call, self));
	EXPECT_TRUE(fd_wait(self->uffd, POLLIN, WAIT_MS) & POLLIN);
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid)
		_exit(if_mtu("t0", 1400) ? 1 : 0);
	EXPECT_EQ(0, child_ended(pid, SOON_MS));
	EXPECT_EQ(0, uffd_answer(self->uffd, self->page, PAGE));
	pthread_join(self->thread, NULL);
	EXPECT_EQ(variant->ret, self->ret);
}

TEST_HARNESS_MAIN
