// SPDX-License-Identifier: GPL-2.0
/*
 * The vhost ioctls that set the table of the guest's memory and the dirty log.
 */
#include "mem.h"

#include <linux/eventfd.h>
#include <linux/file.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/vhost.h>
#include <linux/if_tun_ring.h>

#include "../engine/regions_find.h"
#include "../mem/regions.h"
#include "backend.h"
#include "virtqueue.h"

/*
 * A region has the same size in both ABIs, so the copy is converted in place.
 * Return: the table, or an ERR_PTR().
 */
static struct tun_ring_region *tun_vhost_read_mem_table(void __user *argp,
							u32 *n)
{
	struct tun_ring_region *array;
	struct vhost_memory head;
	u32 i;

	BUILD_BUG_ON(sizeof(struct vhost_memory_region) != sizeof(*array));
	if (copy_from_user(&head, argp, sizeof(head)))
		return ERR_PTR(-EFAULT);
	if (head.padding)
		return ERR_PTR(-EOPNOTSUPP);
	if (head.nregions > TUN_RING_MAX_REGIONS)
		return ERR_PTR(-E2BIG);
	array = memdup_user(argp + sizeof(head),
			    array_size(head.nregions, sizeof(*array)));
	if (IS_ERR(array))
		return array;
	for (i = 0; i < head.nregions; i++) {
		struct vhost_memory_region r;

		memcpy(&r, &array[i], sizeof(r));
		array[i].addr = r.guest_phys_addr;
		array[i].len = r.memory_size;
		array[i].user = r.userspace_addr;
		array[i].reserved = 0;
	}
	*n = head.nregions;
	return array;
}

/* A worker serves memory that cannot be pinned, so a failure is no error. */
static struct tun_regions *
tun_vhost_pin_table(const struct tun_vhost *vh,
		    const struct tun_ring_region *array, u32 n)
{
	struct tun_regions *pinned;

	if (!vh->pin)
		return NULL;
	pinned = tun_regions_of_user(array, n, true);
	return IS_ERR(pinned) ? NULL : pinned;
}

/* The old table is out of use when this returns 0. */
long tun_vhost_set_mem_table(struct tun_vhost *vh, void __user *argp)
{
	struct tun_regions *old = vh->regions, *old_pinned = vh->pinned;
	struct tun_regions *regions;
	struct tun_ring_region *array;
	int err;
	u32 n;

	array = tun_vhost_read_mem_table(argp, &n);
	if (IS_ERR(array))
		return PTR_ERR(array);
	regions = tun_regions_of_user(array, n, false);
	if (IS_ERR(regions)) {
		kfree(array);
		return PTR_ERR(regions);
	}
	vh->regions = regions;
	vh->pinned = tun_vhost_pin_table(vh, array, n);
	kfree(array);
	err = tun_vhost_set_regions(vh);
	if (err) {
		swap(vh->regions, old);
		swap(vh->pinned, old_pinned);
	}
	tun_regions_put(old);
	tun_regions_put(old_pinned);
	return err;
}

long tun_vhost_set_log_base(struct tun_vhost *vh, void __user *argp)
{
	u64 base;
	int err;

	if (copy_from_user(&base, argp, sizeof(base)))
		return -EFAULT;
	if (base > ULONG_MAX || !access_ok(u64_to_user_ptr(base), 1))
		return -EFAULT;
	vh->log_bitmap = u64_to_user_ptr(base);
	err = tun_vhost_update(vh, TUN_VHOST_RX, false);
	return err ?: tun_vhost_update(vh, TUN_VHOST_TX, false);
}

long tun_vhost_set_log_fd(struct tun_vhost *vh, void __user *argp)
{
	struct file *file = NULL, *old = vh->log_call;
	int fd, err;

	if (copy_from_user(&fd, argp, sizeof(fd)))
		return -EFAULT;
	if (fd >= 0)
		file = eventfd_fget(fd);
	if (IS_ERR(file))
		return PTR_ERR(file);
	vh->log_call = file;
	err = tun_vhost_update(vh, TUN_VHOST_RX, false);
	if (!err)
		err = tun_vhost_update(vh, TUN_VHOST_TX, false);
	if (old)
		fput(old);
	return err;
}
