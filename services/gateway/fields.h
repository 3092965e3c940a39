#ifndef RCC_GATEWAY_FIELDS_H
#define RCC_GATEWAY_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>
#include <protobuf-c/protobuf-c.h>

#include "base/arena.h"
#include "gateway/form.h"

/*
 * The controls of a form, as the JSON objects that the partials field_*.mustache want:
 * {name, id, label, hint, error, value, options: [{value, label, hint, checked, id}],
 * ...}, filled with what was typed, or with what form_from_message made of a message,
 * and with what was wrong with it. A name "children.0.age_years" has the id
 * "children-0-age_years"; so does the first of several options, where the summary of
 * errors leads.
 */
struct fields {
	struct arena *arena;
	const struct form *form;
	const json_t *errors; /* [{field, text}], as a page keeps them; NULL: none */
};
/* Of a page: what was posted to it, or its query, and its errors. */
#define FIELDS_OF(p) (&(const struct fields){(p)->arena, (p)->form, (p)->errors})

struct field_option {
	const char *value, *label, *hint; /* hint may be NULL */
	bool is_checked; /* unless the form says anything of this name */
};

struct field {
	const char *name, *label;
	const char *hint; /* NULL: none */
	const char
	    *value; /* shown while the form says nothing of this name; NULL: "" */
	/* choices: all values of an enum, in its order and with its own hints ... */
	const ProtobufCEnumDescriptor *type;
	/* ... or these, where there is no type */
	const struct field_option *options;
	size_t options_n;
	const char *blank; /* a first option without a value, for a select: "Choose" */
	bool is_needed, is_inline, is_small;
	bool without_hints;           /* of an enum's values */
	unsigned width;               /* of a text, in characters: 2, 3, 4, 5, 10, 20 */
	const char *inputmode, *kind; /* kind: the input's type, "email" */
	const char *suffix;           /* of money: "a week" */
};

/* "children-0-age_years"; in the arena, "" where it is full. */
const char *fields_id(struct arena *a, const char *name);

/* New objects, each for the partial of the same name; NULL without memory. Several
 * values of a list are joined with commas in a text. */
json_t *fields_text(const struct fields *f, const struct field *field);
json_t *fields_radios(const struct fields *f, const struct field *field);
json_t *fields_select(const struct fields *f, const struct field *field);
json_t *fields_checkboxes(const struct fields *f, const struct field *field);
/* With day, month and year: as typed, or from "2026-11-25". */
json_t *fields_day(const struct fields *f, const struct field *field);
json_t *fields_money(const struct fields *f, const struct field *field);
json_t *fields_hidden(const struct fields *f, const struct field *field);

#endif
