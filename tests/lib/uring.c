// SPDX-License-Identifier: GPL-2.0
/* One io_uring with eight entries, by the raw system calls. */
#include <sys/mman.h>
#include <sys/syscall.h>
#include <linux/io_uring.h>

#include "lib.h"

int uring_open(struct uring *u)
{
	struct io_uring_params p = { };
	char *ring;

	u->fd = syscall(__NR_io_uring_setup, 8, &p);
	if (u->fd < 0)
		return -errno;
	if (!(p.features & IORING_FEAT_SINGLE_MMAP))
		return -EOPNOTSUPP;
	ring = mmap(NULL, p.cq_off.cqes + p.cq_entries * sizeof(*u->cqes),
		    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, u->fd,
		    IORING_OFF_SQ_RING);
	u->sqes = mmap(NULL, p.sq_entries * sizeof(*u->sqes),
		       PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE,
		       u->fd, IORING_OFF_SQES);
	if (ring == MAP_FAILED || u->sqes == MAP_FAILED)
		return -errno;
	u->sq_tail = (void *)(ring + p.sq_off.tail);
	u->sq_mask = (void *)(ring + p.sq_off.ring_mask);
	u->sq_array = (void *)(ring + p.sq_off.array);
	u->cq_head = (void *)(ring + p.cq_off.head);
	u->cq_tail = (void *)(ring + p.cq_off.tail);
	u->cq_mask = (void *)(ring + p.cq_off.ring_mask);
	u->cqes = (void *)(ring + p.cq_off.cqes);
	return 0;
}

int uring_rw(struct uring *u, int op, int fd, void *buf, unsigned int len,
	     uint64_t data)
{
	unsigned int tail = *u->sq_tail, i = tail & *u->sq_mask;
	struct io_uring_sqe *sqe = &u->sqes[i];
	int ret;

	memset(sqe, 0, sizeof(*sqe));
	sqe->opcode = op;
	sqe->fd = fd;
	sqe->addr = (uintptr_t)buf;
	if (op == IORING_OP_POLL_ADD)
		/* the ABI has the halves in the order of a little-endian machine */
		sqe->poll32_events = htons(1) == 1 ?
				     (uint32_t)len << 16 | (uint32_t)len >> 16 :
				     len;
	else
		sqe->len = len;
	sqe->user_data = data;
	u->sq_array[i] = i;
	__atomic_store_n(u->sq_tail, tail + 1, __ATOMIC_RELEASE);
	ret = syscall(__NR_io_uring_enter, u->fd, 1, 0, 0, NULL, 0);
	return ret < 0 ? -errno : ret == 1 ? 0 : -EIO;
}

int uring_wait(struct uring *u, uint64_t *data, int *res)
{
	unsigned int head = *u->cq_head;

	if (!(fd_wait(u->fd, POLLIN, WAIT_MS) & POLLIN))
		return -ETIMEDOUT;
	if (head == __atomic_load_n(u->cq_tail, __ATOMIC_ACQUIRE))
		return -ENODATA;
	*data = u->cqes[head & *u->cq_mask].user_data;
	*res = u->cqes[head & *u->cq_mask].res;
	__atomic_store_n(u->cq_head, head + 1, __ATOMIC_RELEASE);
	return 0;
}
