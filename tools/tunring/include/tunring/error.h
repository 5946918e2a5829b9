/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/* Of <tunring.h>, which is to be included: the meaning of errors. */
#ifndef TUNRING_ERROR_H
#define TUNRING_ERROR_H

#ifdef __cplusplus
extern "C" {
#endif

/**
 * tunring_strerror() - the meaning of an error of this library. Neither side.
 * @err: an errno, negative or positive
 *
 * Returns a constant string. Unlike strerror(), it explains the error for a tun
 * queue.
 */
const char *tunring_strerror(int err);

#ifdef __cplusplus
}
#endif

#endif /* TUNRING_ERROR_H */
