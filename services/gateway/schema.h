#ifndef RCC_GATEWAY_SCHEMA_H
#define RCC_GATEWAY_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>
#include <protobuf-c/protobuf-c.h>

#define SCHEMA_PREFIX "#/components/schemas/"
#define SCHEMA_TYPES_MAX 512

/*
 * Messages as JSON Schema (2020-12, as OpenAPI 3.1 has it), from their descriptors
 * alone: what base/json reads and writes, with the limits that base/check holds them
 * to. Each message and enum is one schema under its own name, "requests.Submit".
 */
struct schema_set {
	const ProtobufCMessageDescriptor *messages[SCHEMA_TYPES_MAX];
	size_t messages_n;
	size_t
	    inputs_n; /* the first so many are read: unknown fields are refused there */
	const ProtobufCEnumDescriptor *enums[SCHEMA_TYPES_MAX];
	size_t enums_n;
};

/* Adds the message; first all that are read, then schema_outputs, then those written.
 */
void schema_add(struct schema_set *s, const ProtobufCMessageDescriptor *type);
/* Adds what the messages so far hold: to be called between the two, and at the end. */
void schema_close(struct schema_set *s, bool are_inputs);

/* {"$ref": ...}; NULL: no memory. */
json_t *schema_ref(const char *name);
/* All of them, by name: the value of components.schemas. NULL: no memory. */
json_t *schema_all(const struct schema_set *s);

/* What the contract says of this name ("requests.Submit", or with ".field" behind it);
 * "" where it says nothing. */
const char *schema_words(const char *type, const char *member);

#endif
