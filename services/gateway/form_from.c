#include <assert.h>
#include <string.h>

#include "base/field.h"
#include "base/json_names.h"
#include "base/str.h"
#include "gateway/form_inside.h"

#define DEPTH_MAX 8 /* messages within messages; the contracts have five */

/* A message that is being said: which field of it comes next, and which element. */
struct level {
	const ProtobufCMessage *m;
	unsigned field;
	size_t element;
	size_t mark; /* where its name ends, without the field */
};

struct walk {
	struct arena *arena;
	struct form_pair *pairs;
	size_t n;
	char name[FORM_NAME_BYTES_MAX + 1];
	struct level levels[DEPTH_MAX];
	size_t depth;
};

static bool
name_add(struct walk *w, size_t mark, const char *text)
{
	size_t len = strlen(text);

	if (mark + 1 + len > FORM_NAME_BYTES_MAX)
		return false;
	if (mark > 0)
		w->name[mark++] = '.';
	memcpy(w->name + mark, text, len + 1);
	return true;
}

static void
say(struct walk *w, const ProtobufCFieldDescriptor *f, const void *element)
{
	const char *value = form_value_of(w->arena, f, element);
	char *name = value != NULL ? str_copy(w->arena, w->name) : NULL;

	if (name == NULL || *value == '\0' || strlen(value) > FORM_VALUE_BYTES_MAX)
		return;
	w->pairs[w->n++] = (struct form_pair){name, value};
}

/* The enum value that an element of a list begins with; 0: none. */
static int
key_of(const ProtobufCFieldDescriptor *key, const ProtobufCMessage *element)
{
	int value = 0;

	if (field_count(element, key) > 0)
		memcpy(&value, field_at(element, key, 0), sizeof value);
	return protobuf_c_enum_descriptor_get_value(key->descriptor, value) != NULL &&
	               value > 0 && value < FORM_LIST_MAX
	           ? value
	           : 0;
}

/* Are the elements of this list told apart by their enum? */
static bool
is_keyed(const ProtobufCMessage *m, const ProtobufCFieldDescriptor *list)
{
	const ProtobufCFieldDescriptor *key = form_key_of(list);
	size_t n = field_count(m, list);
	uint64_t seen = 0;

	for (size_t i = 0; key != NULL && i < n; i++) {
		int value = key_of(key, field_message(field_at(m, list, i)));
		if (value == 0 || (seen >> value & 1) != 0)
			return false;
		seen |= UINT64_C(1) << value;
	}
	return key != NULL;
}

/* The segment that names the element: its number, or its enum's value. */
static bool
name_element(struct walk *w, const struct level *l, const ProtobufCFieldDescriptor *f,
    const ProtobufCMessage *element)
{
	const ProtobufCFieldDescriptor *key = form_key_of(f);
	size_t mark = strlen(w->name);
	char text[JSON_NAME_MAX];

	if (!is_keyed(l->m, f)) {
		const char *number = str_format(w->arena, "%zu", l->element);
		return l->element < FORM_LIST_MAX && number != NULL &&
		       name_add(w, mark, number);
	}
	json_enum_name(key->descriptor,
	    protobuf_c_enum_descriptor_get_value(key->descriptor, key_of(key, element)),
	    text);
	return name_add(w, mark, text);
}

static void
enter(struct walk *w, struct level *l, const ProtobufCFieldDescriptor *f)
{
	const ProtobufCMessage *inner = field_message(field_at(l->m, f, l->element));
	bool is_list = f->label == PROTOBUF_C_LABEL_REPEATED;

	if (w->depth == DEPTH_MAX || (is_list && !name_element(w, l, f, inner)))
		return;
	w->levels[w->depth++] = (struct level){.m = inner, .mark = strlen(w->name)};
}

/* One element further in the innermost message; false at its end. */
static bool
step(struct walk *w)
{
	struct level *l = &w->levels[w->depth - 1];

	if (l->field == l->m->descriptor->n_fields)
		return false;
	const ProtobufCFieldDescriptor *f = &l->m->descriptor->fields[l->field];
	if (l->element == field_count(l->m, f)) {
		l->field++;
		l->element = 0;
		return true;
	}
	w->name[l->mark] = '\0';
	if (name_add(w, l->mark, f->name)) {
		if (f->type == PROTOBUF_C_TYPE_MESSAGE)
			enter(w, l, f);
		else
			say(w, f, field_at(l->m, f, l->element));
	}
	l->element++;
	return true;
}

enum err
form_from_message(struct arena *a, const ProtobufCMessage *m, struct form *out)
{
	struct walk w = {.arena = a, .depth = 1, .levels = {{.m = m}}};

	w.pairs = arena_take(a, FORM_PAIRS_MAX * sizeof *w.pairs);
	while (w.pairs != NULL && w.depth > 0 && w.n < FORM_PAIRS_MAX)
		if (!step(&w))
			w.depth--;
	if (w.pairs == NULL || a->is_full)
		return ERR_MEMORY;
	*out = (struct form){w.pairs, w.n};
	return ERR_NONE;
}
