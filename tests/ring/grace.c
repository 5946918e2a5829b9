// SPDX-License-Identifier: GPL-2.0
/*
 * Grace periods, seen by the kernel's function tracer: no call waits for one while
 * it holds rtnl, none asks for an expedited one, and none waits where no packet can
 * be using the queue.
 */
#include <sys/eventfd.h>

#include "attach.h"
#include "dirty.h"
#include "guest.h"
#include "harness.h"

#define TRACING		"/sys/kernel/tracing/"
#define EXPEDITED	"/sys/kernel/rcu_expedited"

struct waits {
	unsigned int all;
	unsigned int expedited;
	unsigned int with_rtnl;
};

/* Replaces the content of a file of the tracer, which takes a word at a time. */
static int trace_put(const char *file, const char *text)
{
	char path[64];
	int fd, ret = 0;
	ssize_t n;

	snprintf(path, sizeof(path), TRACING "%s", file);
	fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	for (; *text; text += n) {
		n = write(fd, text, strlen(text));
		if (n < 0) {
			ret = -errno;
			break;
		}
	}
	close(fd);
	return ret;
}

static int trace_start(void)
{
	return trace_put("trace", "") ?: trace_put("tracing_on", "1");
}

/*
 * Once for all cases: the kernel patches its code for that, and a processor that
 * QEMU emulates may keep a translation with the breakpoint of the patch, and hang.
 * For the same reason no case sets set_ftrace_pid, which patches the scheduler.
 */
static void __attribute__((constructor)) trace_enable(void)
{
	trace_put("tracing_on", "0");
	trace_put("set_ftrace_filter",
		  "rtnl_lock rtnl_unlock synchronize_net "
		  "synchronize_rcu synchronize_rcu_expedited");
	trace_put("current_tracer", "function");
}

/* Cases end by _exit(), so this runs after the last one. */
static void __attribute__((destructor)) trace_disable(void)
{
	trace_put("current_tracer", "nop");
	trace_put("set_ftrace_filter", "");
	trace_put("tracing_on", "1");
}

/*
 * Counts the calls of this process in the trace. Lines begin with "command-pid", and
 * end with "function <-caller".
 */
static struct waits trace_stop(void)
{
	struct waits w = {};
	char line[512], pid[16], *name;
	bool rtnl = false;
	FILE *f;

	trace_put("tracing_on", "0");
	f = fopen(TRACING "trace", "r");
	if (!f)
		return (struct waits) { 1000, 1000, 1000 };
	snprintf(pid, sizeof(pid), "-%d ", getpid());
	while (fgets(line, sizeof(line), f)) {
		name = strstr(line, " <-");
		if (*line == '#' || !name || !strstr(line, pid))
			continue;
		*name = 0;
		name = strrchr(line, ' ') + 1;
		if (!strcmp(name, "rtnl_lock")) {
			rtnl = true;
		} else if (!strcmp(name, "rtnl_unlock")) {
			rtnl = false;
		} else if (!strcmp(name, "synchronize_rcu_expedited")) {
			w.expedited++;
		} else {
			w.all++;
			w.with_rtnl += rtnl;
		}
	}
	fclose(f);
	return w;
}

FIXTURE(grace) {
	struct env e;
	struct tring r;
	char expedited[8];
};

FIXTURE_SETUP(grace)
{
	char tracer[16];

	ASSERT_LT(0, file_get(TRACING "current_tracer", tracer, sizeof(tracer)));
	ASSERT_STREQ("function", tracer);
	ASSERT_LT(0, file_get(EXPEDITED, self->expedited,
			      sizeof(self->expedited)));
	ASSERT_EQ(0, file_put(EXPEDITED, "0"));
	ASSERT_EQ(0, env_open(&self->e, "grace0", TUN_PLAIN));
}

FIXTURE_TEARDOWN(grace)
{
	file_put(EXPEDITED, self->expedited);
	tring_unmap(&self->r);
	env_close(&self->e);
}

#define EXPECT_POLITE(w)						\
	EXPECT_EQ(0, (w).expedited);					\
	EXPECT_EQ(0, (w).with_rtnl)

/* The tracer sees what the tests below say is not there. */
TEST_F(grace, tracer_works)
{
	struct waits w;

	ASSERT_EQ(0, tunfd_int(self->e.fd, TUNSETPERSIST, 1));
	ASSERT_EQ(0, trace_start());
	close(self->e.fd);
	w = trace_stop();
	EXPECT_LT(0, w.all);
	EXPECT_LT(0, w.with_rtnl);
	EXPECT_LT(0, w.expedited);
	self->e.fd = -1;
	EXPECT_EQ(0, rtnl_del("grace0"));
}

TEST_F(grace, device_is_down)
{
	static const struct tconf c = { F_META, 8, 8, 2048, 0 };
	struct waits w;

	ASSERT_EQ(0, if_down("grace0"));
	ASSERT_EQ(0, trace_start());
	ASSERT_EQ(0, tring_setup(&self->r, self->e.fd, &c));
	w = trace_stop();
	EXPECT_EQ(0, w.all);
	EXPECT_POLITE(w);
	ASSERT_EQ(0, trace_start());
	ASSERT_EQ(0, tring_teardown(self->e.fd));
	w = trace_stop();
	EXPECT_POLITE(w);
}

TEST_F(grace, mapped)
{
	static const struct tconf c = { F_META, 8, 8, 2048, 0 };
	struct waits w;

	ASSERT_EQ(0, trace_start());
	ASSERT_EQ(0, tring_setup(&self->r, self->e.fd, &c));
	ASSERT_EQ(0, tring_teardown(self->e.fd));
	w = trace_stop();
	EXPECT_LT(0, w.all);
	EXPECT_POLITE(w);
}

static void attached(struct _test_data_grace *self, bool pin,
		     struct __test_metadata *_metadata)
{
	struct aconf c = { .c = { F_META, 8, 8, 2048, 0 }, .pin = pin };
	struct waits w;
	int i;

	ASSERT_EQ(0, trace_start());
	ASSERT_EQ(0, attach_rings(&self->r, self->e.fd, &c));
	for (i = 0; i < 5; i++)
		ASSERT_EQ(0, attach_pool(&self->r, self->e.fd, pin));
	ASSERT_EQ(0, tring_teardown(self->e.fd));
	w = trace_stop();
	EXPECT_POLITE(w);
}

TEST_F(grace, attached_pinned)
{
	attached(self, true, _metadata);
}

TEST_F(grace, attached)
{
	attached(self, false, _metadata);
}

/* The start and the stop of virtqueues, and a change of their server. */
TEST_F(grace, guest)
{
	static uint8_t log[DIRTY_BYTES];
	uint64_t at = (uintptr_t)log;
	struct waits w;
	struct guest g;

	ASSERT_EQ(0, guest_open_pinned(&g, dup(self->e.fd), G_V1, 0));
	ASSERT_EQ(0, guest_ioctl(&g, VHOST_SET_LOG_BASE, &at));
	ASSERT_EQ(0, trace_start());
	ASSERT_EQ(0, guest_start(&g, self->e.fd));
	ASSERT_STREQ("kernel", guest_server(self->e.fd));
	ASSERT_EQ(0, guest_features(&g, G_V1 | G_LOG));
	ASSERT_STREQ("worker", guest_server(self->e.fd));
	ASSERT_EQ(0, guest_features(&g, G_V1));
	ASSERT_STREQ("kernel", guest_server(self->e.fd));
	ASSERT_EQ(0, guest_stop(&g));
	w = trace_stop();
	EXPECT_LT(0, w.all);
	EXPECT_POLITE(w);
	guest_close(&g);
}

/* A VMM replaces eventfds when its guest masks interrupts. */
TEST_F(grace, guest_eventfds)
{
	struct waits w;
	struct guest g;
	int other, i;

	other = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	ASSERT_EQ(0, guest_open_pinned(&g, dup(self->e.fd), G_V1, 0));
	ASSERT_EQ(0, guest_start(&g, self->e.fd));
	ASSERT_EQ(0, trace_start());
	for (i = 0; i < 50; i++) {
		int fd = i & 1 ? g.call[G_RX] : other;

		ASSERT_EQ(0, guest_file(&g, VHOST_SET_VRING_CALL, G_RX, fd));
		ASSERT_EQ(0, guest_file(&g, VHOST_SET_VRING_ERR, G_RX, fd));
		ASSERT_EQ(0, guest_file(&g, VHOST_SET_VRING_KICK, G_RX, fd));
	}
	w = trace_stop();
	EXPECT_EQ(0, w.all);
	EXPECT_POLITE(w);
	close(other);
	guest_close(&g);
}

TEST_HARNESS_MAIN
