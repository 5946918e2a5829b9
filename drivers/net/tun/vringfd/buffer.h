/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Buffers out of the ring, and back into it.
 */
#ifndef _VRINGFD_BUFFER_H
#define _VRINGFD_BUFFER_H

struct vringfd;

void vringfd_begin(struct vringfd *vr);
void vringfd_pin(struct vringfd *vr);

#endif /* _VRINGFD_BUFFER_H */
