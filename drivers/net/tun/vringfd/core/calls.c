// SPDX-License-Identifier: GPL-2.0
#include "calls.h"

#include <linux/export.h>
#include <linux/mutex.h>

/* Innermost: no other lock is taken under it. */
static DEFINE_MUTEX(vringfd_calls_lock);	/* protects vringfd_calls_found */
static const struct vringfd_calls *vringfd_calls_found;

/* Register the functions of vringfd.ko, which is ready for calls. */
void vringfd_calls_register(const struct vringfd_calls *calls)
{
	mutex_lock(&vringfd_calls_lock);
	vringfd_calls_found = calls;
	mutex_unlock(&vringfd_calls_lock);
}
EXPORT_SYMBOL_NS_GPL(vringfd_calls_register, VRING_CORE);

/* vringfd.ko is unloaded. No driver has a reference to the module. */
void vringfd_calls_unregister(void)
{
	vringfd_calls_register(NULL);
}
EXPORT_SYMBOL_NS_GPL(vringfd_calls_unregister, VRING_CORE);

/**
 * vringfd_calls_get - find vringfd.ko
 *
 * Context: process, may sleep.
 *
 * Return: its functions, with a reference to the module; or NULL if vringfd.ko
 * is not loaded.
 */
const struct vringfd_calls *vringfd_calls_get(void)
{
	const struct vringfd_calls *calls;

	mutex_lock(&vringfd_calls_lock);
	calls = vringfd_calls_found;
	if (calls && !try_module_get(calls->owner))
		calls = NULL;
	mutex_unlock(&vringfd_calls_lock);
	return calls;
}
EXPORT_SYMBOL_NS_GPL(vringfd_calls_get, VRING_CORE);

MODULE_DESCRIPTION("Memory of virtio rings, for tun and vringfd");
MODULE_LICENSE("GPL");
