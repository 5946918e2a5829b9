// SPDX-License-Identifier: GPL-2.0
#include "hostile.h"

#include <stdlib.h>
#include <string.h>

#include "places.h"
#include "shim/shim.h"

/* The Makefile makes the driver's side call these. */
void driver_load(const volatile void *from, void *to, size_t n);
void driver_store(volatile void *to, const void *from, size_t n, bool release);
void driver_mb(void);
void driver_rmb(void);

static struct hostile plan[HOSTILE_MAX];

/* The engine may store only to the used ring and to its own state. */
static const uint8_t *may_write[2];
static size_t may_write_len[2];

void hostile_reset(const void *used, size_t used_len, const void *own,
		   size_t own_len)
{
	memset(plan, 0, sizeof(plan));
	may_write[0] = used;
	may_write_len[0] = used_len;
	may_write[1] = own;
	may_write_len[1] = own_len;
}

void hostile_plan(unsigned int after, uint8_t *to, uint16_t value)
{
	int i;

	for (i = 0; i < HOSTILE_MAX; i++)
		if (!plan[i].after) {
			plan[i] = (struct hostile) { after, to, value };
			return;
		}
}

void driver_load(const volatile void *from, void *to, size_t n)
{
	memcpy(to, (const void *)from, n);
}

void driver_store(volatile void *to, const void *from, size_t n, bool release)
{
	(void)release;
	memcpy((void *)to, from, n);
}

void driver_mb(void)
{
}

void driver_rmb(void)
{
}

static void accessed(void)
{
	int i;

	for (i = 0; i < HOSTILE_MAX; i++)
		if (plan[i].after && !--plan[i].after) {
			memcpy(plan[i].to, &plan[i].value, 2);
			place(CHANGED_MEANWHILE);
		}
}

void shim_load(const volatile void *from, void *to, size_t n)
{
	memcpy(to, (const void *)from, n);
	accessed();
}

void shim_store(volatile void *to, const void *from, size_t n, bool release)
{
	const uint8_t *p = (const void *)to;
	int i;

	(void)release;
	for (i = 0; i < 2; i++)
		if (p >= may_write[i] && p + n <= may_write[i] + may_write_len[i])
			break;
	if (i == 2)
		abort();
	memcpy((void *)to, from, n);
	accessed();
}

void shim_copy(void *to, const void *from, size_t n)
{
	memcpy(to, from, n);
}

/* The engine has made a copy. The driver may change the source, but not the copy. */
void shim_barrier(void)
{
	accessed();
}

void shim_rmb(void)
{
	accessed();
}

void shim_mb(void)
{
	accessed();
}
