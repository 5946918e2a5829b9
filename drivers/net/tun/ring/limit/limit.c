// SPDX-License-Identifier: GPL-2.0
#include "limit.h"

#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/export.h>
#include <linux/hashtable.h>
#include <linux/kref.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/user.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/if_tun_ring.h>

/* Pages of one user that do not count as locked memory. */
#define FREE_PAGES	(TUN_RING_FREE_MEMORY >> PAGE_SHIFT)

/**
 * struct tun_ring_limit - threads and memory that the driver counts for a user
 * @node: in users
 * @cred: credentials of the user, one reference. Older kernels of 6.1 do not
 *	export free_uid(), so the struct cannot refer to the user alone
 * @user: the user of @cred
 * @refs: threads and charges that refer to this struct
 * @threads: threads that work for the user
 * @stuck: number of these threads that were left behind in a page fault
 * @pages: pages that the kernel allocated for the user's rings. The pages
 *	beyond FREE_PAGES are in @user->locked_vm
 */
struct tun_ring_limit {
	struct hlist_node node;
	const struct cred *cred;
	struct user_struct *user;
	unsigned long refs;
	unsigned long threads;
	unsigned long stuck;
	unsigned long pages;
};

/**
 * struct tun_ring_charge - memory of rings, charged to a user
 * @ref: one reference for the rings, and one for each mapping of the memory
 * @user: the user
 * @pages: size of the memory
 */
struct tun_ring_charge {
	struct kref ref;
	struct tun_ring_limit *user;
	unsigned long pages;
};

static DEFINE_HASHTABLE(users, 6);
/* users and all their members */
static DEFINE_SPINLOCK(users_lock);

static struct tun_ring_limit *tun_ring_limit_find(struct user_struct *uid)
{
	struct tun_ring_limit *user;

	lockdep_assert_held(&users_lock);

	hash_for_each_possible(users, user, node, (unsigned long)uid)
		if (user->user == uid)
			return user;
	return NULL;
}

/* Return: the struct of the caller's user, with a reference, or NULL. */
static struct tun_ring_limit *tun_ring_limit_get(void)
{
	struct user_struct *uid = current_user();
	struct tun_ring_limit *user, *new;

	new = kzalloc(sizeof(*new), GFP_KERNEL_ACCOUNT);
	if (!new)
		return NULL;
	spin_lock(&users_lock);
	user = tun_ring_limit_find(uid);
	if (!user) {
		user = new;
		new = NULL;
		user->cred = get_current_cred();
		user->user = uid;
		hash_add(users, &user->node, (unsigned long)uid);
	}
	user->refs++;
	spin_unlock(&users_lock);
	kfree(new);
	return user;
}

static void tun_ring_limit_put(struct tun_ring_limit *user)
{
	bool last;

	spin_lock(&users_lock);
	last = !--user->refs;
	if (last)
		hash_del(&user->node);
	spin_unlock(&users_lock);
	if (!last)
		return;
	put_cred(user->cred);
	kfree(user);
}

/* fork(2) exempts the same processes from RLIMIT_NPROC. */
static bool tun_ring_limit_threads_free(void)
{
	return uid_eq(current_uid(), GLOBAL_ROOT_UID) ||
	       capable(CAP_SYS_RESOURCE) || capable(CAP_SYS_ADMIN);
}

/**
 * tun_ring_limit_thread - count a thread that will work for the caller
 *
 * Return: the struct of the user, for tun_ring_limit_thread_end(); -EAGAIN if
 * the user has as many threads as RLIMIT_NPROC allows; or -ENOMEM.
 */
struct tun_ring_limit *tun_ring_limit_thread(void)
{
	unsigned long max = rlimit(RLIMIT_NPROC);
	struct tun_ring_limit *user;
	bool refused;

	if (tun_ring_limit_threads_free())
		max = RLIM_INFINITY;
	user = tun_ring_limit_get();
	if (!user)
		return ERR_PTR(-ENOMEM);
	spin_lock(&users_lock);
	refused = user->threads >= max;
	if (!refused)
		user->threads++;
	spin_unlock(&users_lock);
	if (!refused)
		return user;
	tun_ring_limit_put(user);
	return ERR_PTR(-EAGAIN);
}
EXPORT_SYMBOL_NS_GPL(tun_ring_limit_thread, VRING_CORE);

/* The thread has ended. */
void tun_ring_limit_thread_end(struct tun_ring_limit *user)
{
	spin_lock(&users_lock);
	user->threads--;
	spin_unlock(&users_lock);
	tun_ring_limit_put(user);
}
EXPORT_SYMBOL_NS_GPL(tun_ring_limit_thread_end, VRING_CORE);

/* Is a thread of the user stuck in a page fault? */
bool tun_ring_limit_is_stuck(struct tun_ring_limit *user)
{
	return READ_ONCE(user->stuck);
}
EXPORT_SYMBOL_NS_GPL(tun_ring_limit_is_stuck, VRING_CORE);

/* A thread of the user is stuck in a page fault, or no longer. */
void tun_ring_limit_stuck(struct tun_ring_limit *user, bool stuck)
{
	spin_lock(&users_lock);
	WRITE_ONCE(user->stuck, stuck ? user->stuck + 1 : user->stuck - 1);
	spin_unlock(&users_lock);
}
EXPORT_SYMBOL_NS_GPL(tun_ring_limit_stuck, VRING_CORE);

static unsigned long tun_ring_limit_locked(unsigned long pages)
{
	return pages > FREE_PAGES ? pages - FREE_PAGES : 0;
}

/* The rest of the kernel changes locked_vm without users_lock. */
static int tun_ring_limit_lock(struct user_struct *uid, unsigned long n,
			       unsigned long max)
{
	long old = atomic_long_read(&uid->locked_vm);

	do {
		if (n && old + n > max)
			return -ENOMEM;
	} while (!atomic_long_try_cmpxchg(&uid->locked_vm, &old, old + n));
	return 0;
}

static int tun_ring_limit_pages(struct tun_ring_limit *user,
				unsigned long pages)
{
	unsigned long max = rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT;
	unsigned long n;
	int err;

	spin_lock(&users_lock);
	n = tun_ring_limit_locked(user->pages + pages) -
	    tun_ring_limit_locked(user->pages);
	err = tun_ring_limit_lock(user->user, n, max);
	if (!err)
		user->pages += pages;
	spin_unlock(&users_lock);
	return err;
}

/**
 * tun_ring_limit_charge - charge memory of rings to the caller's user
 * @pages: size of the memory
 *
 * A charge remains with the user when the process changes its identity.
 *
 * Return: the charge, with one reference; NULL if the caller has CAP_IPC_LOCK;
 * or -ENOMEM, also beyond RLIMIT_MEMLOCK.
 */
struct tun_ring_charge *tun_ring_limit_charge(unsigned long pages)
{
	struct tun_ring_charge *charge;
	int err;

	if (capable(CAP_IPC_LOCK))
		return NULL;
	charge = kzalloc(sizeof(*charge), GFP_KERNEL_ACCOUNT);
	if (!charge)
		return ERR_PTR(-ENOMEM);
	kref_init(&charge->ref);
	charge->pages = pages;
	charge->user = tun_ring_limit_get();
	if (!charge->user) {
		kfree(charge);
		return ERR_PTR(-ENOMEM);
	}
	err = tun_ring_limit_pages(charge->user, pages);
	if (err) {
		tun_ring_limit_put(charge->user);
		kfree(charge);
		return ERR_PTR(err);
	}
	return charge;
}
EXPORT_SYMBOL_NS_GPL(tun_ring_limit_charge, VRING_CORE);

void tun_ring_limit_charge_get(struct tun_ring_charge *charge)
{
	if (charge)
		kref_get(&charge->ref);
}
EXPORT_SYMBOL_NS_GPL(tun_ring_limit_charge_get, VRING_CORE);

static void tun_ring_limit_charge_free(struct kref *ref)
{
	struct tun_ring_charge *charge =
		container_of(ref, struct tun_ring_charge, ref);
	struct tun_ring_limit *user = charge->user;
	unsigned long n;

	spin_lock(&users_lock);
	n = tun_ring_limit_locked(user->pages);
	user->pages -= charge->pages;
	n -= tun_ring_limit_locked(user->pages);
	atomic_long_sub(n, &user->user->locked_vm);
	spin_unlock(&users_lock);
	tun_ring_limit_put(user);
	kfree(charge);
}

/* The rings or a mapping have ended. @charge may be NULL. */
void tun_ring_limit_charge_put(struct tun_ring_charge *charge)
{
	if (charge)
		kref_put(&charge->ref, tun_ring_limit_charge_free);
}
EXPORT_SYMBOL_NS_GPL(tun_ring_limit_charge_put, VRING_CORE);

/**
 * tun_ring_limit_poll_us - limit the time of busy polling
 * @us: microseconds for which the caller wants the kernel to poll
 *
 * The kernel polls in a thread that no limit of the caller covers.
 *
 * Return: microseconds for which the kernel may poll.
 */
u32 tun_ring_limit_poll_us(u32 us)
{
	if (us <= TUN_RING_FREE_POLL_US || capable(CAP_NET_ADMIN))
		return us;
	return TUN_RING_FREE_POLL_US;
}
EXPORT_SYMBOL_NS_GPL(tun_ring_limit_poll_us, VRING_CORE);
