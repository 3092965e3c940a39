#ifndef RCC_TESTS_FUZZ_TURN_WORLD_H
#define RCC_TESTS_FUZZ_TURN_WORLD_H

#include "fuzz/support/speak.h"
#include "support/machine.h"

/* The state that every input begins in, and what is known of it. */
#define TURN_PEOPLE_MAX 40
#define TURN_FIRST_PERSON 100 /* the number of their keys; peers have 1 to 7 */

struct turn_world {
	struct machines m;
	struct machine *one; /* the service that is fuzzed */
	struct speak_words words;
	unsigned people;        /* the first of them have every role in one of these */
	unsigned organisations; /* each */
	/* What an input begins with, and returns to. */
	int64_t now_ms;
	size_t arena_mark, words_mark, seen_mark, words_arena_mark;
	uint8_t *store;
	size_t store_len;
	char store_path[FOLDER_PATH_MAX];
};

void turn_world_open(
    struct turn_world *w, const struct service *service, const char *option);
void turn_world_close(struct turn_world *w);
/* As it was when it was opened. */
void turn_world_return(struct turn_world *w);

#endif
