/* SPDX-License-Identifier: LGPL-2.1-or-later OR MIT */
#ifndef TR_OPTIONS_H
#define TR_OPTIONS_H

struct tunring_options;

int tr_options_check(const struct tunring_options *opt);

#endif /* TR_OPTIONS_H */
