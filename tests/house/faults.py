# SPDX-License-Identifier: GPL-2.0
"""A small tree in which no metric finds a fault, and faults to plant into it."""
RING = 'drivers/net/tun/ring/'

# No metric but the counts finds anything here.
CLEAN = {
    RING + 'main.c': 'int tun_ring_init(void)\n{\n\treturn 0;\n}\n',
    RING + 'rx.c': '''#include "rx.h"

/* Used entries are published by the caller. "}" */
static int tun_rx_one(struct tun_ring *ring)
{
	return '}' + tun_tx_two(ring);	/* { */
}

#define TUN_RX_BODY(x)	\\
	do {

int __must_check tun_rx_run(struct tun_ring *ring)
	__must_hold(&ring->lock)
{
	const char *s = "tun_rx_lost(ring) {";

	return tun_rx_one(ring);
}
''',
    RING + 'rx.h': '''int tun_rx_run(struct tun_ring *ring);
#ifndef CONFIG_RX
static inline int tun_rx_run(struct tun_ring *ring)
{
	return 0;
}
#endif
''',
    RING + 'tx.c': '''#include "tx.h"

int tun_tx_two(struct tun_ring *ring)
{
	return rcu_dereference_protected(ring->q, lockdep_is_held(&ring->lock));
}

const struct tun_ops tun_tx_ops = {
	.run = tun_rx_run,
};
''',
    RING + 'tx.h': 'int tun_tx_two(struct tun_ring *ring);\n',
}
FIGURES = {'largest-folder': 5, 'headerless': 0, 'functions': 5, 'median': 4, 'p95': 7,
           'max': 7, 'statics-twice': 0, 'one-word': 0, 'no-prefix': 0,
           'tags-no-prefix': 0, 'file-cycles': 0,
           'room-cycles': 0, 'claimed-locks': 0, 'demanded-locks': 0, 'server-branches': 0,
           'memory-branches': 0, 'long-files': 0}


def function(name, body='', static=False):
    return f'{"static " if static else ""}int {name}(void)\n{{\n{body}}}\n'


# Name of a fault -> text to append to files, and the figures that change by it.
FAULTS = {
    'a crowded folder': ({RING + f'h{i}.h': '' for i in range(9)},
                         {'largest-folder': 14}),
    'the largest of two folders': ({RING + 'a/a.h': '', RING + 'a/b.h': ''},
                                   {'largest-folder': 5}),
    'a source without a header': ({RING + 'lost.c': '#include "rx.h"\n'},
                                  {'headerless': 1, 'largest-folder': 6}),
    'a header of its own that comes second': (
        {RING + 'late.c': '#include "rx.h"\n#include "late.h"\n', RING + 'late.h': ''},
        {'headerless': 1, 'largest-folder': 7}),
    'a long function': ({RING + 'tx.c': function('tun_tx_long', '\tx++;\n' * 50)},
                        {'max': 53, 'p95': 53, 'functions': 6}),
    'a static name twice': (
        {RING + 'rx.c': function('tun_same', static=True),
         RING + 'tx.c': function('tun_same', static=True)},
        {'statics-twice': 1, 'functions': 7}),
    'the same static name in headers': (
        {RING + 'rx.h': function('tun_same', static=True),
         RING + 'tx.h': function('tun_same', static=True)},
        {'functions': 7}),
    'a public name twice': (
        {RING + 'rx.c': function('tun_same'), RING + 'tx.c': function('tun_same')},
        {'functions': 7}),
    'one word behind underscores': (
        {RING + 'rx.c': function('__serve', static=True)},
        {'one-word': 1, 'no-prefix': 1, 'functions': 6}),
    'a name of one word': ({RING + 'rx.c': function('serve', static=True)},
                           {'one-word': 1, 'no-prefix': 1, 'functions': 6}),
    'a name without a prefix': ({RING + 'rx.c': function('serve_all', static=True)},
                                {'no-prefix': 1, 'functions': 6}),
    "a newer kernel's name": (
        {RING + 'compat/skb.h': function('skb_newer', static=True)}, {'functions': 6}),
    'a prefix behind underscores': ({RING + 'rx.c': function('__tun_all')},
                                    {'functions': 6}),
    'a call back': ({RING + 'tx.c': function('tun_tx_back', '\ttun_rx_run(r);\n')},
                    {'file-cycles': 2, 'room-cycles': 2, 'functions': 6}),
    'a function handed over': (
        {RING + 'tx.c': function('tun_tx_back', '\tcall_rcu(r, tun_rx_run);\n')},
        {'file-cycles': 2, 'room-cycles': 2, 'functions': 6}),
    'a member of that name': (
        {RING + 'tx.c': function('tun_tx_back', '\tops->tun_rx_run(r);\n')},
        {'functions': 6}),
    'that name in a string': (
        {RING + 'tx.c': function('tun_tx_back', '\ts = "tun_rx_run(r)";\n')},
        {'functions': 6}),
    'a static function of that name': (
        {RING + 'tx.c': function('tun_rx_run', static=True)
                        + function('tun_tx_back', '\ttun_rx_run(r);\n')},
        {'functions': 7}),
    "another's static function": (
        {RING + 'tx.c': function('tun_tx_back', '\ttun_rx_one(r);\n')},
        {'functions': 6}),
    'a header and its source': (
        {RING + 'rx.h': function('tun_rx_inline', '\ttun_rx_all(r);\n', static=True),
         RING + 'rx.c': function('tun_rx_all', '\ttun_rx_inline(r);\n')},
        {'functions': 7}),
    'a cycle through a header': (
        {RING + 'tx.h': function('tun_tx_inline', '\ttun_rx_run(r);\n', static=True)},
        {'room-cycles': 2, 'functions': 6}),
    'a cycle of three': (
        {RING + 'tx.c': function('tun_tx_on', '\ttun_on(r);\n'),
         RING + 'on.c': '#include "on.h"\n' + function('tun_on', '\ttun_rx_run(r);\n'),
         RING + 'on.h': ''},
        {'file-cycles': 3, 'room-cycles': 3, 'functions': 7, 'largest-folder': 7}),
    'a lock that is claimed': (
        {RING + 'tx.c': function('tun_a', '\tx = rcu_dereference_protected(r->x, 1);\n')},
        {'claimed-locks': 1, 'functions': 6}),
    'a lock that is claimed, on two lines': (
        {RING + 'tx.c': function(
            'tun_a', '\tx = rcu_dereference_protected(f(r,\n\t\ts), true);\n')},
        {'claimed-locks': 1, 'functions': 6}),
    'a claim in a comment': (
        {RING + 'tx.c': '/* rcu_dereference_protected(x, 1) */\n'}, {}),
    'a lock that a comment demands': (
        {RING + 'tx.c': '/* Send. r.lock is held. */\n' + function('tun_a', '\tg(r);\n')
         + '/* The caller holds rtnl. */\n' + function('tun_b', '\tASSERT_RTNL();\n')},
        {'demanded-locks': 1, 'functions': 7}),
    'a tag without a prefix': (
        {RING + 'a.h': 'struct batch {\n\tint n;\n};\nstruct tun_batch {\n\tint n;\n};\n'},
        {'tags-no-prefix': 1, 'largest-folder': 6}),
    'branches on who serves': (
        {RING + 'tx.c': function('tun_a', '\tif (tun_ring_has_worker(ring))\n'
                                 '\t\treturn 0;\n\tif (q->server == &tun_napi)\n'
                                 '\t\treturn vringfd_is_pinned(vr);\n')},
        {'server-branches': 2, 'memory-branches': 1, 'functions': 6}),
    'the function that gives the answer': (
        {RING + 'tx.c': function('tun_ring_has_worker', '\treturn ring->uses_fifo;\n')},
        {'functions': 6}),
    'a long file': ({RING + 'a.h': '\n' * 301}, {'long-files': 1, 'largest-folder': 6}),
    'a file just short enough': ({RING + 'a.h': '\n' * 300}, {'largest-folder': 6}),
}

# Text -> hits of the headless pronouns.
ENGLISH = {
    'x.c': [('/* What was used is published. */', 1),
            ('/*\n * The worker wakes\n * those that wait.\n */', 0),
            ('/* It wakes, for\n * those that wait. */', 1),
            ('// The state of who serves it.', 1),
            ('/* What if the ring is full? It knows who asks. */', 0),
            ('char *s = "/* What was used */";', 0)],
    'x.sh': [('# What is left is\n# for who comes.', 2),
             ('run\t# what remains', 1),
             ('echo "# what remains"', 0),
             ('#!/bin/sh\n# SPDX-License-Identifier: what it is', 0)],
    'x.py': [('\"\"\"Whoever calls this\nknows what it does, or who does.\"\"\"', 2)],
    'x.md': [('# Title\n\nThe ring of\nwhat is left.\n\n- those left\n- the rest\n', 2),
             ('```\nwhat is code\n```\n\n    what is code\n', 0)],
    'x.o': [('/* What was used */', 0)],
}

# A header, a document that names all of it, and faults of the document: the old text,
# the new text, and the check that has to notice.
UAPI = ('''#ifndef _UAPI_LINUX_X_H
#define _UAPI_LINUX_X_H
#define X_ONE\t1
#define X_ONE_MORE\t2\t/* #define X_NONE */
struct x_part {
\t__u16\tfirst;
\t__le16\tsecond;
\t__aligned_u64\treserved[2];
};
struct x_whole {
\tstruct x_part\tpart;
\t__s32\tlast;
};
#endif
''', '''# struct x_part
X_ONE, X_ONE_MORE
| 0 | 2 | `first` | |
| 2 | 2 | `second` | |
| 4 | 16 | `reserved` | |
## struct x_whole
| 0 | 20 | `part` | |
| 20 | 4 | `last` | |
''', {
    'no constant': ('X_ONE,', '', 'constants'),
    'no field': ('| 2 | 2 | `second` | |', '', 'struct x_part'),
    'a wrong offset': ('| 20 | 4 |', '| 24 | 4 |', 'struct x_whole'),
    'a wrong size': ('| 4 | 16 |', '| 4 | 8 |', 'struct x_part'),
    'no heading': ('## struct x_whole', '', 'struct x_whole'),
    'a field of another struct': ('| 0 | 2 | `first` | |\n| 2 | 2 | `second` | |\n',
                                  '', 'struct x_part'),
})

# Paths of a tree, and documents: the path, the text, and the paths that do not exist.
PATHS = (['Documentation/x.md', RING + 'rx/rx.c', 'tests/x/one.c', 'MAINTAINERS'], [
    ('Documentation/x.md', '`rx/rx.c` `ring/rx/rx.c` `ring/rx/`', []),
    ('Documentation/x.md', '`rx/old.c`', ['rx/old.c']),
    ('Documentation/x.md', '`ring/old/rx.c` `ring/rx/*.c`', ['ring/old/rx.c']),
    ('Documentation/x.md', '`tests/x/one` `tests/x/two`', ['tests/x/two']),
    ('Documentation/x.md', '`linux/if_tun.h` `build/x.ko` `rx/NAME.c`', []),
    ('Documentation/x.md', '[x](x.md) [x](#x) [x](http://x/y) [y](y.md)', ['y.md']),
    ('MAINTAINERS', 'F:\t' + RING + '\nX:\tdrivers/old/\n', ['drivers/old/']),
])
