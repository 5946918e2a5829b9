/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Violations of the ring's rules. Each function writes one violation into an
 * unused ring. dir is the direction flag that descriptors of this ring must
 * have.
 */
#ifndef TUN_TESTS_VIOLATIONS_H
#define TUN_TESTS_VIOLATIONS_H

#include "tring.h"

#define VIOLATION(name) \
	void name(struct tring *r, struct tvq *vq, uint16_t dir)

VIOLATION(avail_runs_away);
VIOLATION(avail_runs_back);
VIOLATION(head_out_of_range);
VIOLATION(head_far_out);
VIOLATION(next_out_of_range);
VIOLATION(next_far_out);
VIOLATION(loop_to_itself);
VIOLATION(loop_of_two);
VIOLATION(loop_of_nothing);
VIOLATION(beyond_pool);
VIOLATION(far_beyond_pool);
VIOLATION(length_beyond_pool);
VIOLATION(address_wraps);
VIOLATION(address_at_the_end);
VIOLATION(second_beyond_pool);
VIOLATION(wrong_direction);
VIOLATION(wrong_direction_later);
VIOLATION(indirect_unasked);
VIOLATION(indirect_in_indirect);
VIOLATION(indirect_later);
VIOLATION(indirect_and_next);
VIOLATION(indirect_odd_length);
VIOLATION(indirect_empty);
VIOLATION(indirect_huge);
VIOLATION(indirect_beyond_pool);
VIOLATION(indirect_wraps);
VIOLATION(indirect_next_out);
VIOLATION(indirect_loop);
VIOLATION(chain_too_long);
VIOLATION(too_many_segments);
VIOLATION(segments_of_one_byte);
VIOLATION(indirect_end_beyond_pool);
/* for rx alone */
VIOLATION(empty_segment);
VIOLATION(no_bytes);

#endif
