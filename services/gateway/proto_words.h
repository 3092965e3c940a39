#ifndef RCC_GATEWAY_PROTO_WORDS_H
#define RCC_GATEWAY_PROTO_WORDS_H

#include <stddef.h>

/* What the contracts (proto/) say in comments, made by tools/proto-words: of messages
 * and enums ("requests.Submit"), fields ("requests.Submit.draft_id") and values. */
struct proto_word {
	const char *name, *text;
};
extern const struct proto_word proto_words[];
extern const size_t proto_words_n;

#endif
