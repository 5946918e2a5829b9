/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Creates and frees a vringfd.
 */
#ifndef _VRINGFD_LIFE_H
#define _VRINGFD_LIFE_H

struct vringfd;
struct work_struct;
struct vringfd_create;

int vringfd_life_init(void);
void vringfd_life_exit(void);
void vringfd_life_queue(struct work_struct *work);
struct vringfd *vringfd_new(const struct vringfd_create *args);
void vringfd_set_region(struct vringfd *vr, unsigned long base,
			unsigned long limit);

#endif /* _VRINGFD_LIFE_H */
