// SPDX-License-Identifier: GPL-2.0
/*
 * Commits one fault, which the debug kernel and the harness must notice:
 *
 *	insmod faults.ko fault=overrun|leak|order|sleep|shift
 */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

static char *fault = "";
module_param(fault, charp, 0444);
MODULE_PARM_DESC(fault, "which fault to commit");

/* The compiler must not know the number: it would warn about some faults. */
static int many = 64;
module_param(many, int, 0644);
MODULE_PARM_DESC(many, "a number that is too large by one");

static DEFINE_MUTEX(first_lock);
static DEFINE_MUTEX(second_lock);
static DEFINE_SPINLOCK(short_lock);

static int fault_overrun(void)
{
	char *bytes = kmalloc(64, GFP_KERNEL);

	if (!bytes)
		return -ENOMEM;
	OPTIMIZER_HIDE_VAR(bytes);
	bytes[many] = 1;
	kfree(bytes);
	return 0;
}

static int fault_leak(void)
{
	char *bytes;
	int i;

	/* More than one: a stale copy of the last pointer may live on. */
	for (i = 0; i < many; i++) {
		bytes = kmalloc(2000, GFP_KERNEL);
		if (!bytes)
			return -ENOMEM;
		OPTIMIZER_HIDE_VAR(bytes);
	}
	return 0;
}

static int fault_order(void)
{
	mutex_lock(&first_lock);
	mutex_lock(&second_lock);
	mutex_unlock(&second_lock);
	mutex_unlock(&first_lock);

	mutex_lock(&second_lock);
	mutex_lock(&first_lock);
	mutex_unlock(&first_lock);
	mutex_unlock(&second_lock);
	return 0;
}

static int fault_sleep(void)
{
	spin_lock(&short_lock);
	msleep(20);
	spin_unlock(&short_lock);
	return 0;
}

static int fault_shift(void)
{
	many = 1 << many;
	return 0;
}

static const struct {
	const char *name;
	int (*commit)(void);
} faults[] = {
	{ "overrun", fault_overrun },
	{ "leak", fault_leak },
	{ "order", fault_order },
	{ "sleep", fault_sleep },
	{ "shift", fault_shift },
};

static int __init faults_init(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(faults); i++)
		if (!strcmp(fault, faults[i].name))
			return faults[i].commit();
	return -EINVAL;
}
module_init(faults_init);

static void __exit faults_exit(void)
{
}
module_exit(faults_exit);

MODULE_DESCRIPTION("Faults on purpose, to test what should notice them");
MODULE_LICENSE("GPL");
