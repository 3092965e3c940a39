#ifndef RCC_GATEWAY_SAY_WORDS_H
#define RCC_GATEWAY_SAY_WORDS_H

#include <protobuf-c/protobuf-c.h>

/* The words of a code where its name alone does not make them, as within a sentence,
 * and what helps to choose it. Either may be NULL. */
struct say_words {
	const ProtobufCEnumDescriptor *type;
	int value;
	const char *words, *hint;
};

/* NULL: its name says it. */
const struct say_words *say_words_of(const ProtobufCEnumDescriptor *type, int value);

#endif
