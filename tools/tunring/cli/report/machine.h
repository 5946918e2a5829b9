/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/* The facts of "tunring info", for programs. */
#ifndef MACHINE_H
#define MACHINE_H

#include <stdint.h>

#include "queues.h"

struct facts {
	bool			rings;	/* the kernel has them: caps is valid */
	struct tunring_caps	caps;
	const char		*dev;	/* the device that was asked for, or NULL */
	unsigned int		flags;	/* of it */
	struct queue		*queues;
	unsigned int		n;
};

void machine_json(const struct facts *f);
void machine_prometheus(const struct facts *f);

#endif /* MACHINE_H */
