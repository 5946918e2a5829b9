/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUN_LINKTYPE_H
#define _TUN_LINKTYPE_H

unsigned char tun_link_addr_len(unsigned short type);

#endif /* _TUN_LINKTYPE_H */
