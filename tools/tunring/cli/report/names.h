/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/* Names of features and of flags of a device. */
#ifndef NAMES_H
#define NAMES_H

#include <stdint.h>
#include <stdio.h>

struct name {
	uint64_t	bit;
	const char	*name;
};

/* The last of each has no name. */
extern const struct name name_features[];
extern const struct name name_flags[];

/* Print the names of bits, with quote around each, and between before all but the first.
 * Returns the bits without a name.
 */
uint64_t name_print(const struct name *names, uint64_t bits, const char *quote,
		    const char *between);

#endif /* NAMES_H */
