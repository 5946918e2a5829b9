/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Attaches a driver to a ring, and detaches the driver.
 */
#ifndef _VRINGFD_ATTACH_H
#define _VRINGFD_ATTACH_H

struct vringfd;

void vringfd_close(struct vringfd *vr);

#endif /* _VRINGFD_ATTACH_H */
