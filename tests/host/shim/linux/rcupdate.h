/* SPDX-License-Identifier: GPL-2.0 */
/* Tests change no table while the engine uses it, so an RCU pointer is a plain pointer. */
#ifndef _SHIM_LINUX_RCUPDATE_H
#define _SHIM_LINUX_RCUPDATE_H

#define __rcu
#define rcu_dereference(p)	(p)

#endif /* _SHIM_LINUX_RCUPDATE_H */
