#ifndef RCC_JSON_NAMES_H
#define RCC_JSON_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include <protobuf-c/protobuf-c.h>

/* How json.c and json_read.c call an enum's values. */

#define JSON_NAME_MAX 80

/*
 * The name of a value as JSON has it: in lower case, without what all names of its
 * enum begin with up to a "_". "female" for SEX_FEMALE.
 */
void json_enum_name(const ProtobufCEnumDescriptor *type,
    const ProtobufCEnumValue *value, char out[JSON_NAME_MAX]);

/* The value of that name; false where there is none. */
bool json_enum_value(const ProtobufCEnumDescriptor *type, const char *name, int *out);

#endif
