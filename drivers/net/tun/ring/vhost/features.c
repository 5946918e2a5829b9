// SPDX-License-Identifier: GPL-2.0
/*
 * The vhost ioctls that negotiate features.
 *
 * The device makes the virtio_net_hdr, so the VMM enables the offloads of the header
 * by TUNSETOFFLOAD. Here they matter for the size of the header alone.
 */
#include "features.h"

#include <linux/minmax.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>
#include <linux/vhost.h>
#include <linux/virtio_config.h>
#include <linux/virtio_net.h>

#include "../../compat/vnet.h"
#include "backend.h"
#include "virtqueue.h"

static const u64 tun_vhost_features[TUN_VHOST_FEATURE_WORDS] = {
	BIT_ULL(VIRTIO_F_VERSION_1) |
	BIT_ULL(VIRTIO_F_NOTIFY_ON_EMPTY) |
	BIT_ULL(VIRTIO_RING_F_EVENT_IDX) |
	BIT_ULL(VIRTIO_RING_F_INDIRECT_DESC) |
	BIT_ULL(VIRTIO_NET_F_MRG_RXBUF) |
	BIT_ULL(VHOST_F_LOG_ALL) |
	BIT_ULL(VHOST_NET_F_VIRTIO_NET_HDR),
	VNET_TUNNEL_BITS,
};

/*
 * Negotiated features take effect at the next start of a virtqueue, but dirty
 * logging takes effect at once.
 */
static long tun_vhost_use_features(struct tun_vhost *vh, const u64 *features)
{
	unsigned int i;
	int err;

	for (i = 0; i < TUN_VHOST_FEATURE_WORDS; i++)
		if (features[i] & ~tun_vhost_features[i])
			return -EOPNOTSUPP;
	if (features[0] & BIT_ULL(VHOST_F_LOG_ALL) && !vh->log_bitmap)
		return -EFAULT;
	memcpy(vh->features, features, sizeof(vh->features));
	for (i = 0; i < TUN_VHOST_VQS; i++) {
		err = tun_vhost_update(vh, i, false);
		if (err)
			return err;
	}
	return 0;
}

/* VHOST_GET_FEATURES: a __u64 with the first word. Return: 0 or -EFAULT. */
long tun_vhost_get_features(struct tun_vhost *vh, void __user *argp)
{
	return copy_to_user(argp, tun_vhost_features, sizeof(u64)) ? -EFAULT : 0;
}

/*
 * VHOST_SET_FEATURES: a __u64 with the first word; the others become 0. Return: 0,
 * -EOPNOTSUPP for an unknown bit, -EFAULT, or see tun_vhost_update().
 */
long tun_vhost_set_features(struct tun_vhost *vh, void __user *argp)
{
	u64 features[TUN_VHOST_FEATURE_WORDS] = { };

	if (copy_from_user(features, argp, sizeof(u64)))
		return -EFAULT;
	return tun_vhost_use_features(vh, features);
}

/*
 * The user's count has no bound, so a kill ends both of the functions below. Write zeroes
 * to the words from @from on, up to @count. Return: 0, -EFAULT or -EINTR.
 */
static long tun_vhost_clear_unknown(u64 __user *word, u64 from, u64 count)
{
	const u64 piece = PAGE_SIZE / sizeof(u64);
	u64 n;

	for (; from < count; from += n) {
		n = min(count - from, piece);
		if (clear_user(word + from, n * sizeof(u64)))
			return -EFAULT;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	return 0;
}

/* Are the user's words from @from on, up to @count, zero? Return: 0 or an errno. */
static long tun_vhost_check_unknown(const u64 __user *word, u64 from, u64 count)
{
	u64 value;

	for (; from < count; from++) {
		if (get_user(value, word + from))
			return -EFAULT;
		if (value)
			return -EOPNOTSUPP;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	return 0;
}

/*
 * VHOST_GET_FEATURES_ARRAY: a __u64 with the user's number of words, behind which the
 * driver writes the words. Words that the driver does not know are 0. Return: 0,
 * -EFAULT or -EINTR.
 */
long tun_vhost_get_features_array(struct tun_vhost *vh, void __user *argp)
{
	u64 count, known;

	if (copy_from_user(&count, argp, sizeof(count)))
		return -EFAULT;
	known = min_t(u64, count, TUN_VHOST_FEATURE_WORDS);
	argp += sizeof(count);
	if (copy_to_user(argp, tun_vhost_features, known * sizeof(u64)))
		return -EFAULT;
	return tun_vhost_clear_unknown(argp, known, count);
}

/*
 * VHOST_SET_FEATURES_ARRAY: a __u64 with the number of words, and the words. Words that
 * are missing are 0. Return: as tun_vhost_set_features(), or -EINTR.
 */
long tun_vhost_set_features_array(struct tun_vhost *vh, void __user *argp)
{
	u64 features[TUN_VHOST_FEATURE_WORDS] = { };
	u64 count, known;
	long err;

	if (copy_from_user(&count, argp, sizeof(count)))
		return -EFAULT;
	known = min_t(u64, count, TUN_VHOST_FEATURE_WORDS);
	argp += sizeof(count);
	if (copy_from_user(features, argp, known * sizeof(u64)))
		return -EFAULT;
	err = tun_vhost_check_unknown(argp, known, count);
	return err ?: tun_vhost_use_features(vh, features);
}

/* VHOST_GET_BACKEND_FEATURES: a __u64. Return: 0 or -EFAULT. */
long tun_vhost_get_backend_features(struct tun_vhost *vh, void __user *argp)
{
	u64 features = 0;

	return copy_to_user(argp, &features, sizeof(features)) ? -EFAULT : 0;
}

/* VHOST_SET_BACKEND_FEATURES: a __u64. Return: 0, -EOPNOTSUPP or -EFAULT. */
long tun_vhost_set_backend_features(struct tun_vhost *vh, void __user *argp)
{
	u64 features;

	if (copy_from_user(&features, argp, sizeof(features)))
		return -EFAULT;
	return features ? -EOPNOTSUPP : 0;
}
