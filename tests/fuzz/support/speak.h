#ifndef RCC_TESTS_FUZZ_SPEAK_H
#define RCC_TESTS_FUZZ_SPEAK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <protobuf-c/protobuf-c.h>

#include "base/arena.h"
#include "base/bytes.h"

/*
 * Messages that somebody might send, made from the bytes of an input as from dice: of
 * any type by its descriptor, with ids that are known where one belongs, or nearly.
 */

/* The input, taken byte by byte; beyond its end all dice show 0. */
struct dice {
	const uint8_t *at, *end;
};
struct dice dice_of(struct bytes input);
bool dice_is_over(const struct dice *d);
uint32_t dice_below(struct dice *d, uint32_t n);
/* The next `n` bytes, or as many as there are. */
struct bytes dice_take(struct dice *d, size_t n);

/* What stood in fields of these names in messages that were seen. */
#define SPEAK_WORDS_MAX 3000
#define SPEAK_SEEN_MAX 600
struct speak_words {
	struct arena arena; /* of the texts; opened by whoever keeps the words */
	struct speak_word {
		const char *field; /* of the descriptor */
		const char *text;  /* NULL: the number */
		uint64_t number;
	} list[SPEAK_WORDS_MAX];
	size_t n;
	const ProtobufCMessage *seen[SPEAK_SEEN_MAX]; /* whole messages, a few a type */
	size_t seen_n;
};
/* What stands in the message, and the messages inside it. */
void speak_learn(struct speak_words *words, const ProtobufCMessage *m);
/* Those that were learnt as values of this field, the i-th; NULL beyond. */
const char *speak_word(const struct speak_words *words, const char *field, size_t i);

struct speaker {
	struct dice dice;
	struct arena *arena; /* of what is said */
	const struct speak_words *words;
	int64_t now_ms;
};

/* Aborts where the arena is full: an input has only so many dice. */
ProtobufCMessage *speak_message(
    struct speaker *s, const ProtobufCMessageDescriptor *type);
/* The same, packed, and now and then with a bit turned over or cut short. */
struct bytes speak_packed(struct speaker *s, const ProtobufCMessageDescriptor *type);

#endif
