/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
/*
 * The meaning of errors.
 *
 * A program includes <tunring.h>, not this file.
 */
#ifndef TUNRING_ERROR_H
#define TUNRING_ERROR_H

#ifdef __cplusplus
extern "C" {
#endif

/**
 * tunring_strerror() - explain an error of this library. Neither side.
 * @err: an errno, negative or positive
 *
 * Returns a constant string. Unlike strerror(), the string says what the error
 * means for a tun queue.
 */
const char *tunring_strerror(int err);

#ifdef __cplusplus
}
#endif

#endif /* TUNRING_ERROR_H */
