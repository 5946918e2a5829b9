/* SPDX-License-Identifier: GPL-2.0 */
/* Processes without privilege that take all they can get, in namespaces of their own. */
#ifndef TUN_HAMMER_NEIGHBOUR_H
#define TUN_HAMMER_NEIGHBOUR_H

#include <stdbool.h>
#include <sys/types.h>

#define NEIGHBOURS	7

/*
 * Starts all neighbours, each in a process group of its own. @rings: they make ring
 * calls; without them they do all else. Returns 0 or a negative errno.
 */
int neighbours_start(bool rings, pid_t *groups);

/*
 * Kills them. Returns the number of rounds that all neighbours began, or -EBADE if
 * one of them could not do what it was started for.
 */
int neighbours_end(const pid_t *groups);

#endif
