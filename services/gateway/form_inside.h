#ifndef RCC_GATEWAY_FORM_INSIDE_H
#define RCC_GATEWAY_FORM_INSIDE_H

#include "gateway/form.h"

/* What form_to.c, form_value.c and form_from.c share. */

/* A form on its way to a message. */
struct form_reader {
	struct arena *arena;
	const struct form *form;
	struct form_problems *problems;
};

/*
 * One value of a field, trimmed and not blank, written to its element in the message.
 * False with a problem under `name`; also where the arena is full, which says so
 * itself.
 */
bool form_value_read(struct form_reader *r, const ProtobufCFieldDescriptor *f,
    const char *name, const char *value, void *element);
/* A day in three fields; "" where one was left out. */
bool form_value_read_day(
    struct form_reader *r, const char *name, const char *const parts[3], void *element);

/* The same element as a form has it; NULL: a form cannot say it, or the arena is full.
 */
const char *form_value_of(
    struct arena *a, const ProtobufCFieldDescriptor *f, const void *element);

/* The enum that elements of this list are told apart by: their first field's, or NULL.
 */
const ProtobufCFieldDescriptor *form_key_of(const ProtobufCFieldDescriptor *list);

#endif
