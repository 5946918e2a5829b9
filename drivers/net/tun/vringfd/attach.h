/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which driver serves a ring, and the end of that.
 */
#ifndef _VRINGFD_ATTACH_H
#define _VRINGFD_ATTACH_H

struct vringfd;

void vringfd_close(struct vringfd *vr);

#endif /* _VRINGFD_ATTACH_H */
