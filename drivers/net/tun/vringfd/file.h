/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The file that is a ring.
 */
#ifndef _VRINGFD_FILE_H
#define _VRINGFD_FILE_H

#include <linux/fs.h>

extern const struct file_operations vringfd_fops;

#endif /* _VRINGFD_FILE_H */
