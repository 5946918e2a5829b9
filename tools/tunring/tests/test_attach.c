// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
/* Rings in memory of the process, its own and given; two mappings of them. */
#include "fake.h"
#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static struct fake_frame frame;

static struct tunring_options options(uint32_t flags)
{
	struct tunring_options opt;

	tunring_options_init(&opt);
	opt.rx_entries = 8;
	opt.tx_entries = 4;
	opt.buf_size = 512;
	opt.flags = flags;
	return opt;
}

/* Both ways, buffers exchanged. */
static int works(struct tunring *rx, struct tunring *tx, int rounds)
{
	struct tunring_packet p[2];
	int i;

	for (i = 0; i < rounds; i++) {
		CHECK_EQ(fake_rx("hello", 5, NULL), 1);
		CHECK_EQ(tunring_rx_burst(rx, p, 2), 1);
		CHECK_EQ(p[0].len, 5);
		CHECK(!memcmp(p[0].data, "hello", 5));
		CHECK_EQ(tunring_rx_release(rx, p, 1), 0);
		CHECK_EQ(tunring_tx_reserve(tx, p, 1), 1);
		memcpy(tunring_packet_put(&p[0], 3), "out", 3);
		CHECK_EQ(tunring_tx_submit(tx, p, 1), 1);
		CHECK_EQ(fake_tx(&frame), 1);
		CHECK_EQ(frame.len, 3);
		CHECK(!memcmp(frame.data, "out", 3));
	}
	return 0;
}

static int own_memory(void)
{
	struct tunring_options opt = options(TUNRING_O_ATTACH);
	struct tunring_info info;
	struct tunring *h;
	int pin, fd;

	for (pin = 0; pin < 2; pin++) {
		opt.flags |= pin ? TUNRING_O_PIN : 0;
		fake_init();
		CHECK_EQ(fake_open(&h, &opt), 0);
		CHECK_EQ(tunring_mode(h), TUNRING_MODE_RING);
		CHECK_EQ(fake->setups, 0);
		CHECK_EQ(fake->attach.flags, pin ? TUN_RING_ATTACH_PIN : 0);
		CHECK_EQ(fake->attach.rx.kick, -1);
		tunring_get_info(h, &info);
		CHECK_EQ(info.flags, opt.flags);
		fd = tunring_memory_fd(h);
		CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
		CHECK_EQ(lseek(fd, 0, SEEK_END), tunring_memory_size(&opt));
		CHECK_EQ(works(h, h, 50), 0);
		tunring_close(h);
		CHECK_EQ(fcntl(fd, F_GETFD), -1);
		CHECK_EQ(fake->teardowns, 1);
		CHECK_EQ(fake->regions, 0);
		CHECK_EQ(fake->closes, 1);
		fake_free();
	}
	return 0;
}

/* Nothing of it where there are no rings, or they are not wanted. */
static int falls_back(void)
{
	struct tunring_options opt = options(TUNRING_O_ATTACH | TUNRING_O_PIN);
	struct tunring_info info;
	struct tunring *h;

	fake_init();
	fake->no_rings = true;
	CHECK_EQ(fake_open(&h, &opt), 0);
	CHECK_EQ(tunring_mode(h), TUNRING_MODE_PLAIN);
	tunring_get_info(h, &info);
	CHECK_EQ(info.flags, 0);
	CHECK_EQ(info.ring_errno, ENOTTY);
	CHECK_EQ(tunring_memory_fd(h), -ENXIO);
	tunring_close(h);
	fake->no_rings = false;
	opt.flags |= TUNRING_O_NO_RING;
	CHECK_EQ(fake_open(&h, &opt), 0);
	CHECK_EQ(tunring_mode(h), TUNRING_MODE_PLAIN);
	tunring_close(h);
	CHECK_EQ(fake->regions, 0);
	fake_free();
	fake_init();
	CHECK_EQ(fake_open(&h, NULL), 0);
	CHECK_EQ(tunring_memory_fd(h), -ENXIO);
	tunring_close(h);
	fake_free();
	return 0;
}

/* In a file of the caller, twice: the library clears the old content. */
static int given_memory(void)
{
	struct tunring_options opt = options(TUNRING_O_ATTACH |
					     TUNRING_O_MEMORY);
	size_t page = (size_t)sysconf(_SC_PAGESIZE), len;
	char before[8] = "before";
	struct tunring *h;
	int fd, i;

	len = tunring_memory_size(&opt);
	CHECK(len > 12 * 512 && len % page == 0);
	fd = memfd_create("test", 0);
	CHECK_EQ(ftruncate(fd, (off_t)(page + len)), 0);
	CHECK_EQ(pwrite(fd, before, 8, (off_t)page - 8), 8);
	opt.memory_fd = fd;
	opt.memory_offset = page;
	for (i = 0; i < 2; i++) {
		fake_init();
		CHECK_EQ(fake_open(&h, &opt), 0);
		CHECK(tunring_memory_fd(h) != fd);
		CHECK_EQ(works(h, h, 21), 0);
		tunring_close(h);
		fake_free();
		CHECK_EQ(pread(fd, before, 8, (off_t)page - 8), 8);
		CHECK(!strcmp(before, "before"));
	}
	close(fd);
	return 0;
}

static int wrong_memory(void)
{
	struct tunring_options opt = options(TUNRING_O_ATTACH |
					     TUNRING_O_MEMORY);
	struct tunring *h;
	size_t len = tunring_memory_size(&opt);

	fake_init();
	opt.memory_fd = memfd_create("test", 0);
	CHECK_EQ(ftruncate(opt.memory_fd, (off_t)len - 1), 0);
	CHECK_EQ(fake_open(&h, &opt), -EINVAL);
	CHECK_EQ(ftruncate(opt.memory_fd, (off_t)len), 0);
	opt.memory_offset = 64;
	CHECK_EQ(fake_open(&h, &opt), -EINVAL);
	CHECK_EQ(tunring_memory_size(&opt), 0);
	opt.memory_offset = 1ULL << 63;
	CHECK_EQ(fake_open(&h, &opt), -EINVAL);
	opt.memory_offset = 1ULL << 40;
	CHECK_EQ(fake_open(&h, &opt), -EINVAL);
	opt.memory_offset = 0;
	opt.flags = TUNRING_O_ATTACH;
	CHECK_EQ(fake_open(&h, &opt), -EINVAL);
	opt.flags = TUNRING_O_MEMORY;
	CHECK_EQ(fake_open(&h, &opt), -EINVAL);
	opt = options(TUNRING_O_PIN);
	CHECK_EQ(fake_open(&h, &opt), -EINVAL);
	opt = options(TUNRING_O_ATTACH | TUNRING_O_MEMORY);
	opt.memory_fd = 9999;
	CHECK_EQ(fake_open(&h, &opt), -EBADF);
	CHECK_EQ(fake->regions, 0);
	fake_free();
	return 0;
}

static int failures(void)
{
	struct tunring_options opt = options(TUNRING_O_ATTACH);
	struct tunring *h;
	int i;

	fake_init();
	for (i = 1; i <= 3; i++) {
		fake->mmap_fail = i;
		CHECK_EQ(fake_open(&h, &opt), -ENOMEM);
	}
	fake->setup_errno = ENOMEM;
	CHECK_EQ(fake_open(&h, &opt), -ENOMEM);
	CHECK_EQ(fake->regions, 0);
	fake->setup_errno = 0;
	fake->mark_errno = EPERM;
	opt.want = TUNRING_F_TX_MARK;
	CHECK_EQ(fake_open(&h, &opt), 0);
	CHECK(!(tunring_features(h) & TUNRING_F_TX_MARK));
	CHECK_EQ(fake->regions, 1);
	tunring_close(h);
	CHECK_EQ(fake->regions, 0);
	fake_free();
	return 0;
}

/* By another mapping of the same memory. */
static int hand_over(void)
{
	struct tunring_options opt = options(TUNRING_O_ATTACH);
	struct tunring_layout layout;
	struct tunring *a, *b;
	int fd, small;

	fake_init();
	CHECK_EQ(fake_open(&a, &opt), 0);
	CHECK_EQ(works(a, a, 7), 0);
	tunring_tx_space(a);
	CHECK_EQ(tunring_export(a, &layout), 0);
	fd = tunring_memory_fd(a);
	CHECK_EQ(fake_import(&b, -1, &layout), -EINVAL);
	CHECK_EQ(tunring_import_memory(&b, FAKE_FD, -1, 0, &layout), -EBADF);
	small = memfd_create("test", 0);
	CHECK_EQ(fake_import(&b, small, &layout), -EINVAL);
	close(small);
	CHECK_EQ(fake_import(&b, fd, &layout), 0);
	CHECK_EQ(works(a, b, 30), 0);
	tunring_detach(b);
	CHECK_EQ(fake->teardowns, 0);
	CHECK_EQ(fake->regions, 1);
	tunring_close(a);
	fake_free();
	return 0;
}

static const struct tap_test tests[] = {
	TEST(own_memory), TEST(falls_back), TEST(given_memory),
	TEST(wrong_memory), TEST(failures), TEST(hand_over),
};

TAP_MAIN(tests)
