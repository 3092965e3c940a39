#ifndef RCC_TESTS_SUPPORT_FULL_H
#define RCC_TESTS_SUPPORT_FULL_H

/* What a rule says when a message's memory ends in the middle of it; after cmocka.h. */

#include "base/arena.h"

#define FULL_LENT_MORE ((size_t)16) /* the least that an arena gives */

/*
 * Asks again and again, the arena lending a little more each time, until there is an
 * answer. Before it nothing but ERR_MEMORY is said; and the answer has all that belongs
 * to it: no block was refused on the way. What was in the arena stays.
 *   FULL_UNTIL_IT_FITS(&arena, foster_home_of(&arena, &shown, NULL, TODAY, &home));
 *   FULL_UNTIL_IT_FITS(&arena, FULL_IF(foster_shown(&arena, &home) == NULL));
 */
#define FULL_UNTIL_IT_FITS(memory, question)                                           \
	do {                                                                           \
		struct arena *full_ = (memory);                                        \
		size_t size_ = full_->size, mark_ = full_->used, lent_ = 0;            \
		enum err said_;                                                        \
		do {                                                                   \
			arena_release(full_, mark_);                                   \
			full_->is_full = false;                                        \
			full_->size = mark_ + lent_;                                   \
			said_ = (question);                                            \
			full_->size = size_;                                           \
			lent_ += FULL_LENT_MORE;                                       \
			assert_int_equal(                                              \
			    said_, full_->is_full ? ERR_MEMORY : ERR_NONE);            \
		} while (said_ == ERR_MEMORY && mark_ + lent_ <= size_);               \
		assert_int_equal(said_, ERR_NONE);                                     \
		assert_true(lent_ > FULL_LENT_MORE);                                   \
	} while (0)
#define FULL_IF(has_nothing) ((has_nothing) ? ERR_MEMORY : ERR_NONE)

#endif
