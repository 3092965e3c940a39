#ifndef RCC_TESTS_FUZZ_TYPES_H
#define RCC_TESTS_FUZZ_TYPES_H

#include <stddef.h>
#include <stdint.h>

#include <protobuf-c/protobuf-c.h>

/* Every message of every contract: made by tests/fuzz/message-types. */
extern const ProtobufCMessageDescriptor *const message_types[];
extern const size_t message_types_n;

/*
 * The type that these 16 bits choose: the one whose name's digest comes next. So an
 * input of the corpus means the same message after others were added.
 */
const ProtobufCMessageDescriptor *message_type_at(uint16_t place);
/* The bits that choose this one: its digest. */
uint16_t message_type_place(const ProtobufCMessageDescriptor *type);

#endif
