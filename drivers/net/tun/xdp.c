// SPDX-License-Identifier: GPL-2.0
#include "xdp.h"

#include <linux/bpf.h>
#include <linux/bpf_trace.h>
#include <linux/filter.h>
#include <linux/skbuff.h>

#include "all_queues.h"
#include "rings.h"
#include "stats.h"
#include "tun.h"
#include "wake.h"

static void tun_xdp_set_prog(struct tun_dev *tun, struct bpf_prog *prog)
{
	struct bpf_prog *old;

	old = rcu_replace_pointer(tun->xdp_prog, prog, lockdep_rtnl_is_held());
	if (old)
		bpf_prog_put(old);

	tun_queue_set_xdp_all(tun, prog);
}

/* ndo_bpf */
int tun_xdp_bpf(struct net_device *dev, struct netdev_bpf *bpf)
{
	switch (bpf->command) {
	case XDP_SETUP_PROG:
		tun_xdp_set_prog(netdev_priv(dev), bpf->prog);
		return 0;
	default:
		return -EINVAL;
	}
}

/* Any active queue may take the frames. Spread the CPUs over the queues. */
static struct tun_queue *tun_xdp_pick_queue(const struct tun_dev *tun)
{
	unsigned int n = READ_ONCE(tun->numqueues);
	struct tun_queue *q;

	if (unlikely(!n))
		return NULL;

	q = rcu_dereference(tun->queues[smp_processor_id() % n]);
	if (unlikely(!q))
		/* The queue at this index left after numqueues was read. */
		q = rcu_dereference(tun->queues[0]);

	return q;
}

static int tun_xdp_produce(const struct tun_dev *tun, struct tun_queue *q,
			   int n, struct xdp_frame **frames)
{
	int i;

	spin_lock(&q->tx_ring.producer_lock);
	for (i = 0; i < n; i++) {
		if (__ptr_ring_produce(&q->tx_ring,
				       tun_xdp_to_ptr(frames[i]))) {
			tun_stats_tx_dropped(tun);
			break;
		}
	}
	spin_unlock(&q->tx_ring.producer_lock);

	return i;
}

/**
 * tun_xdp_xmit - ndo_xdp_xmit: take frames that were redirected to the device
 * @dev: the device
 * @n: number of frames
 * @frames: the frames
 * @flags: XDP_XMIT_*
 *
 * Return: the number of frames taken, from the first one on; or a negative
 * errno if none was taken. The caller frees the other frames.
 */
int tun_xdp_xmit(struct net_device *dev, int n, struct xdp_frame **frames,
		 u32 flags)
{
	struct tun_dev *tun = netdev_priv(dev);
	struct tun_ring *ring;
	struct tun_queue *q;
	int taken = -ENXIO;

	if (unlikely(flags & ~XDP_XMIT_FLAGS_MASK))
		return -EINVAL;

	rcu_read_lock();
	q = tun_xdp_pick_queue(tun);
	if (unlikely(!q))
		goto unlock;

	ring = rcu_dereference(q->ring);
	if (unlikely(ring) && !tun_ring_via_ptr_ring(ring)) {
		taken = tun_ring_rx_xdp_xmit(ring, n, frames, flags);
	} else {
		taken = tun_xdp_produce(tun, q, n, frames);
		if (unlikely(ring))
			tun_ring_rx_notify(ring);
		else if (flags & XDP_XMIT_FLUSH)
			tun_queue_notify_readers(q);
	}
unlock:
	rcu_read_unlock();
	return taken;
}

/* XDP_TX: send the frame back to user space. A frame that finds no room is
 * freed here.
 */
static int tun_xdp_tx(struct net_device *dev, struct xdp_buff *xdp)
{
	struct xdp_frame *frame = xdp_convert_buff_to_frame(xdp);
	int taken;

	if (unlikely(!frame))
		return -EOVERFLOW;

	taken = tun_xdp_xmit(dev, 1, &frame, XDP_XMIT_FLUSH);
	if (!taken)
		xdp_return_frame_rx_napi(frame);

	return taken;
}

/**
 * tun_xdp_act - carry out the verdict of a program on a packet from user space
 * @tun: the device
 * @prog: the program
 * @xdp: the packet
 * @act: the verdict
 *
 * Counts the packet unless the verdict is XDP_PASS.
 *
 * Return: @act, or a negative errno if the verdict could not be carried out.
 * After XDP_REDIRECT and XDP_TX the caller no longer owns the buffer. In all
 * other cases the caller still owns it.
 */
int tun_xdp_act(struct tun_dev *tun, struct bpf_prog *prog,
		struct xdp_buff *xdp, u32 act)
{
	unsigned int len = xdp->data_end - xdp->data;
	int err;

	switch (act) {
	case XDP_PASS:
		return act;
	case XDP_REDIRECT:
		err = xdp_do_redirect(tun->dev, xdp, prog);
		break;
	case XDP_TX:
		err = tun_xdp_tx(tun->dev, xdp);
		break;
	default:
		bpf_warn_invalid_xdp_action(tun->dev, prog, act);
		fallthrough;
	case XDP_ABORTED:
		trace_xdp_exception(tun->dev, prog, act);
		fallthrough;
	case XDP_DROP:
		tun_stats_rx_dropped(tun);
		return act;
	}

	if (unlikely(err < 0)) {
		tun_stats_rx_dropped(tun);
		return err;
	}
	dev_sw_netstats_rx_add(tun->dev, len);

	return act;
}

/**
 * tun_xdp_run_frag - run the device's program over a packet in a page fragment
 * @tun: the device; the caller is in NAPI or under RCU, with softirqs off
 * @xdp: the packet. The fragment is the caller's
 * @redirected: set if the caller has to call xdp_do_flush()
 *
 * Return: true if the packet passes, and the fragment is still the caller's.
 */
bool tun_xdp_run_frag(struct tun_dev *tun, struct xdp_buff *xdp,
		      bool *redirected)
{
	struct bpf_prog *prog = rcu_dereference(tun->xdp_prog);

	if (unlikely(!prog))
		return true;
	switch (tun_xdp_act(tun, prog, xdp, bpf_prog_run_xdp(prog, xdp))) {
	case XDP_PASS:
		return true;
	case XDP_REDIRECT:
		*redirected = true;
		fallthrough;
	case XDP_TX:
		return false;
	default:
		page_frag_free(xdp->data_hard_start);
		return false;
	}
}
