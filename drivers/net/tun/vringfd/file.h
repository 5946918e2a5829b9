/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The file operations of a vringfd.
 */
#ifndef _VRINGFD_FILE_H
#define _VRINGFD_FILE_H

#include <linux/fs.h>

extern const struct file_operations vringfd_fops;

#endif /* _VRINGFD_FILE_H */
