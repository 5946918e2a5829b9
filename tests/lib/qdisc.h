/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TUN_TESTS_QDISC_H
#define TUN_TESTS_QDISC_H

int qdisc_plain(const char *name, unsigned int limit);
int qdisc_one(const char *name);
int qdisc_plain_mq(const char *name, unsigned int queues, unsigned int limit);

#endif
