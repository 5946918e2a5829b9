// SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#include "turn.h"

#include "../ring/file.h"
#include "../ring/ring.h"
#include "../table.h"

static __thread unsigned int exec_turns;

/* Has the tun behind the descriptor a packet in its ring? */
bool exec_turn_has(int fd)
{
	struct exec_file *f = exec_table_get(fd);
	bool has;

	if (!f)
		return false;
	has = exec_ring_has(f);
	exec_file_put(f);
	return has;
}

/* May the ring of the descriptor answer, or is it the kernel's turn? */
bool exec_turn_take(int fd)
{
	struct exec_file *f = exec_table_get(fd);
	bool may;

	if (!f)
		return false;
	/* the kernel knows nothing of the last packets of a ring that is gone */
	may = exec_file_state(f) == EXEC_ASIDE || exec_turns++ < EXEC_TURNS;
	if (may)
		__atomic_fetch_add(&f->shared->answers, 1, __ATOMIC_RELAXED);
	else
		exec_turns = 0;
	exec_file_put(f);
	return may;
}
