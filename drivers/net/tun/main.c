// SPDX-License-Identifier: GPL-2.0
/*
 * tun and tap devices. User space reads and writes their packets through
 * /dev/net/tun, or exchanges them through rings in its file descriptor.
 */
#include <linux/init.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <net/rtnetlink.h>

#include "chardev.h"
#include "ioctl.h"
#include "netdev.h"
#include "rings.h"
#include "rtnl.h"
#include "tun.h"
#include "vringfd/tun/end.h"

static int __init tun_init(void)
{
	int err;

	err = tun_ioctl_init();
	if (err)
		return err;

	err = rtnl_link_register(&tun_link_ops);
	if (err)
		return err;

	err = register_netdevice_notifier(&tun_netdev_notifier);
	if (err)
		goto unregister_link;

	err = misc_register(&tun_chardev);
	if (err)
		goto unregister_notifier;

	pr_info(TUN_DRV_NAME ": " TUN_DRV_DESCRIPTION ", %s%s\n",
		TUN_DRV_VERSION,
		IS_ENABLED(CONFIG_TUN_RING) ? ", with rings" : "");

	return 0;

unregister_notifier:
	unregister_netdevice_notifier(&tun_netdev_notifier);
unregister_link:
	rtnl_link_unregister(&tun_link_ops);
	return err;
}

/* No file is open and no device exists: each file and each device holds a
 * reference to the module.
 */
static void __exit tun_exit(void)
{
	misc_deregister(&tun_chardev);
	unregister_netdevice_notifier(&tun_netdev_notifier);
	rtnl_link_unregister(&tun_link_ops);
	tun_ring_skb_frags_drain();
	tun_ring_event_drain();
	tun_vrings_exit();
}

module_init(tun_init);
module_exit(tun_exit);

MODULE_IMPORT_NS(VRING_CORE);
MODULE_DESCRIPTION(TUN_DRV_DESCRIPTION);
MODULE_LICENSE("GPL");
MODULE_VERSION(TUN_DRV_VERSION);
MODULE_ALIAS_MISCDEV(TUN_MINOR);
MODULE_ALIAS("devname:net/tun");
MODULE_IMPORT_NS(NETDEV_INTERNAL);
