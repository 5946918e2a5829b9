/* SPDX-License-Identifier: GPL-2.0 */
/* Memory that is locked, or on huge pages. */
#ifndef MEM_H
#define MEM_H

#include <stdbool.h>
#include <tunring.h>

/* Kilobytes of this process that are locked; once so much is, or after a while. */
long locked(void);
long locked_soon(long want);

/* Reserve so many huge pages; how many of them are free. */
int huge_pages(int n);
long huge_free(void);

/*
 * The setting of a case with a pool: a network namespace, the module, huge pages
 * or none, and small rings. Less than 0 if one cannot be had.
 */
int pool_begin(struct tunring_options *opt, uint32_t flags, bool huge);

/* Kilobytes that n of the pool's buffers of 2 KiB take. */
long pool_size(const struct tunring_pool *pool, long n);

/* No privilege any more, and a limit of so many kilobytes. */
int lock_at_most(long kb);

#endif /* MEM_H */
