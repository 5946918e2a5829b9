// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "turn.h"

#include "../ring/file.h"
#include "../ring/ring.h"
#include "../table.h"

static __thread unsigned int exec_turns;

/* Has the tun behind the descriptor a packet in its ring? */
bool exec_turn_has(int fd)
{
	struct exec_file *f = exec_table_find(fd);
	bool has;

	if (!f)
		return false;
	f = exec_table_get(fd);
	if (!f)
		return false;
	has = exec_ring_has(f);
	exec_file_put(f);
	return has;
}

/* May the ring of the descriptor answer, or is it the kernel's turn? */
bool exec_turn_take(int fd)
{
	struct exec_file *f;

	if (exec_turns++ >= EXEC_TURNS) {
		exec_turns = 0;
		return false;
	}
	f = exec_table_get(fd);
	if (!f)
		return false;
	__atomic_fetch_add(&f->shared->answers, 1, __ATOMIC_RELAXED);
	exec_file_put(f);
	return true;
}
