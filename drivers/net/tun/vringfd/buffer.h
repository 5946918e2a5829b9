/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Start of a ring: its indices and its pinning.
 */
#ifndef _VRINGFD_BUFFER_H
#define _VRINGFD_BUFFER_H

struct vringfd;

void vringfd_begin(struct vringfd *vr);
void vringfd_pin(struct vringfd *vr);

#endif /* _VRINGFD_BUFFER_H */
