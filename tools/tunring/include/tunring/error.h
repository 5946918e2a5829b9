/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/* Of <tunring.h>, which is to be included: what an error means. */
#ifndef TUNRING_ERROR_H
#define TUNRING_ERROR_H

#ifdef __cplusplus
extern "C" {
#endif

/**
 * tunring_strerror() - what a result of this library means. Neither side.
 * @err: an errno, negative or positive
 *
 * Returns a constant string; unlike strerror() it tells what the error means for
 * a tun queue.
 */
const char *tunring_strerror(int err);

#ifdef __cplusplus
}
#endif

#endif /* TUNRING_ERROR_H */
