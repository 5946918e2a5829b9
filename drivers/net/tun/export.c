// SPDX-License-Identifier: GPL-2.0
/*
 * The symbols that vhost_net links to.
 *
 * With MODVERSIONS the CRC of a symbol covers the types that its prototype
 * reaches, as far as the exporting file has seen their definitions. The list of
 * includes below is the list of the kernel's own tun.c, in the same order. So
 * the CRCs are the ones that vhost_net was built against. Do not sort or
 * shorten the list.
 */
#include <linux/module.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/sched/signal.h>
#include <linux/major.h>
#include <linux/slab.h>
#include <linux/poll.h>
#include <linux/fcntl.h>
#include <linux/init.h>
#include <linux/skbuff.h>
#include <linux/netdevice.h>
#include <linux/etherdevice.h>
#include <linux/miscdevice.h>
#include <linux/ethtool.h>
#include <linux/rtnetlink.h>
#include <linux/compat.h>
#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/if_tun.h>
#include <linux/if_vlan.h>
#include <linux/crc32.h>
#include <linux/math.h>
#include <linux/nsproxy.h>
#include <linux/virtio_net.h>
#include <linux/rcupdate.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include <net/rtnetlink.h>
#include <net/sock.h>
#include <net/xdp.h>
#include <net/ip_tunnels.h>
#include <linux/seq_file.h>
#include <linux/uio.h>
#include <linux/skb_array.h>
#include <linux/bpf.h>
#include <linux/bpf_trace.h>
#include <linux/mutex.h>
#include <linux/ieee802154.h>
#include <linux/if_ltalk.h>
#include <uapi/linux/if_fddi.h>
#include <uapi/linux/if_hippi.h>
#include <uapi/linux/if_fc.h>
#include <net/ax25.h>
#include <net/rose.h>
#include <net/6lowpan.h>

#include <linux/uaccess.h>
#include <linux/proc_fs.h>

#include "backpressure/backpressure.h"
#include "chardev.h"
#include "tun.h"

static struct tun_queue *tun_export_queue_of(struct file *file)
{
	if (file->f_op != &tun_fops)
		return ERR_PTR(-EINVAL);
	return file->private_data ?: ERR_PTR(-EBADFD);
}

/**
 * tun_get_socket - the socket behind a file
 * @file: an open /dev/net/tun; the caller keeps it open as long as it uses the
 *	socket
 *
 * The socket's sendmsg and recvmsg carry the packets of the file's queue.
 *
 * Return: the socket, or an ERR_PTR() if @file is another kind of file.
 */
struct socket *tun_get_socket(struct file *file)
{
	struct tun_queue *q = tun_export_queue_of(file);

	return IS_ERR(q) ? ERR_CAST(q) : &q->socket;
}
EXPORT_SYMBOL_GPL(tun_get_socket);

/**
 * tun_get_tx_ring - the packets that wait for user space on a file
 * @file: as for tun_get_socket()
 *
 * The consumer passes each packet that it took to recvmsg or tun_ptr_free().
 *
 * Return: the tx_ring, or an ERR_PTR() if @file is another kind of file.
 */
struct ptr_ring *tun_get_tx_ring(struct file *file)
{
	struct tun_queue *q = tun_export_queue_of(file);

	return IS_ERR(q) ? ERR_CAST(q) : &q->tx_ring;
}
EXPORT_SYMBOL_GPL(tun_get_tx_ring);

/**
 * tun_wake_queue - the caller has taken packets from tun_get_tx_ring()
 * @file: as for tun_get_socket()
 * @consumed: number of packets
 *
 * vhost_net of Linux 7.3 calls this for devices with IFF_BACKPRESSURE. The caller
 * holds the consumer_lock of the ring.
 */
void tun_wake_queue(struct file *file, int consumed)
{
	struct tun_queue *q = tun_export_queue_of(file);

	if (IS_ERR(q))
		return;
	lockdep_assert_held(&q->tx_ring.consumer_lock);
	tun_backpressure_consumed(q, consumed);
}
EXPORT_SYMBOL_GPL(tun_wake_queue);
