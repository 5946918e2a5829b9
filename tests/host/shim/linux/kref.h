/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_LINUX_KREF_H
#define _SHIM_LINUX_KREF_H

struct kref {
	int count;
};

#endif /* _SHIM_LINUX_KREF_H */
