#include "fields.h"

#include <stdio.h>
#include <string.h>

#include "base/day.h"
#include "base/json_names.h"
#include "base/str.h"
#include "gateway/say.h"

#define COMMA ", "

const char *
fields_id(struct arena *a, const char *name)
{
	char *id = str_copy(a, name);

	for (char *c = id; c != NULL && *c != '\0'; c++)
		if (*c == '.')
			*c = '-';
	return id != NULL ? id : "";
}

static void
put(json_t *object, const char *key, const char *text)
{
	if (text != NULL)
		json_object_set_new(object, key, json_string(text));
}

static void
put_claim(json_t *object, const char *key, bool is_so)
{
	if (is_so)
		json_object_set_new(object, key, json_true());
}

/* All values of the name, with commas between them; NULL where there is none. */
static const char *
typed(const struct fields *f, const char *name)
{
	const char *first = form_first(f->form, name);
	size_t size = 1;
	char *all, *to;

	for (size_t i = 0; i < f->form->n; i++)
		if (str_equal(f->form->pairs[i].name, name))
			size += strlen(f->form->pairs[i].value) + strlen(COMMA);
	all = to = first == NULL ? NULL : arena_take(f->arena, size);
	for (size_t i = 0; all != NULL && i < f->form->n; i++) {
		const struct form_pair *pair = &f->form->pairs[i];

		if (str_equal(pair->name, name) && pair->value[0] != '\0')
			to += snprintf(to, size - (size_t)(to - all), "%s%s",
			    to == all ? "" : COMMA, pair->value);
	}
	return all != NULL ? all : first;
}

static const char *
value_of(const struct fields *f, const struct field *field)
{
	const char *value = typed(f, field->name);

	if (value == NULL)
		value = field->value;
	return value != NULL ? value : "";
}

/* The first that is said of it. */
static const char *
error_of(const json_t *errors, const char *name)
{
	for (size_t i = 0; i < json_array_size(errors); i++) {
		const json_t *error = json_array_get(errors, i);
		const char *field = json_string_value(json_object_get(error, "field"));
		if (str_equal(field, name))
			return json_string_value(json_object_get(error, "text"));
	}
	return NULL;
}

static json_t *
start(const struct fields *f, const struct field *field)
{
	json_t *object = json_object();

	put(object, "name", field->name);
	put(object, "id", fields_id(f->arena, field->name));
	put(object, "label", field->label);
	put(object, "hint", field->hint);
	put(object, "error", error_of(f->errors, field->name));
	put_claim(object, "is_needed", field->is_needed);
	put_claim(object, "is_inline", field->is_inline);
	put_claim(object, "is_small", field->is_small);
	return object;
}

json_t *
fields_text(const struct fields *f, const struct field *field)
{
	json_t *object = start(f, field);

	put(object, "value", value_of(f, field));
	put(object, "inputmode", field->inputmode);
	put(object, "type", field->kind);
	if (field->width > 0)
		json_object_set_new(object, "width", json_integer(field->width));
	return object;
}

json_t *
fields_money(const struct fields *f, const struct field *field)
{
	json_t *object = start(f, field);

	put(object, "value", value_of(f, field));
	put(object, "suffix", field->suffix);
	return object;
}

json_t *
fields_hidden(const struct fields *f, const struct field *field)
{
	return json_pack("{s:s,s:s}", "name", field->name, "value", value_of(f, field));
}

/* ---- choices ---- */

struct choices {
	const struct fields *f;
	const struct field *field;
	bool is_said; /* the form says something of this name */
	json_t *list;
};

static void
add_option(struct choices *c, const struct field_option *option)
{
	const char *id = fields_id(c->f->arena, c->field->name);
	bool is_checked =
	    c->is_said
		? form_has(c->f->form, c->field->name, option->value)
		: option->is_checked || str_equal(c->field->value, option->value);

	if (json_array_size(c->list) > 0)
		id = str_format(c->f->arena, "%s-%s", id, option->value);
	json_t *object = json_pack("{s:s,s:s,s:s,s:b}", "value", option->value, "label",
	    option->label, "id", id != NULL ? id : "", "checked", is_checked);
	put(object, "hint", option->hint);
	json_array_append_new(c->list, object);
}

static void
add_values(struct choices *c)
{
	const ProtobufCEnumDescriptor *type = c->field->type;
	struct arena *a = c->f->arena;

	for (unsigned i = 0; i < type->n_values; i++) {
		int value = type->values[i].value;
		char name[JSON_NAME_MAX];
		if (value == 0)
			continue;
		json_enum_name(type, &type->values[i], name);
		add_option(c,
		    &(struct field_option){
			.value = name,
			.label = say_enum(a, type, value),
			.hint = c->field->without_hints ? NULL : say_hint(type, value),
		    });
	}
}

static json_t *
choices(const struct fields *f, const struct field *field)
{
	json_t *object = start(f, field);
	struct choices c = {
	    f, field, form_first(f->form, field->name) != NULL, json_array()};

	if (field->blank != NULL)
		add_option(&c, &(struct field_option){"", field->blank, NULL, false});
	if (field->type != NULL)
		add_values(&c);
	for (size_t i = 0; field->type == NULL && i < field->options_n; i++)
		add_option(&c, &field->options[i]);
	json_object_set_new(object, "options", c.list);
	return object;
}

json_t *
fields_radios(const struct fields *f, const struct field *field)
{
	return choices(f, field);
}

json_t *
fields_select(const struct fields *f, const struct field *field)
{
	return choices(f, field);
}

json_t *
fields_checkboxes(const struct fields *f, const struct field *field)
{
	return choices(f, field);
}

/* ---- days ---- */

static void
put_part(const struct fields *f, json_t *object, const char *name, const char *part)
{
	const char *whole = str_format(f->arena, "%s-%s", name, part);

	put(object, part, whole != NULL ? form_first(f->form, whole) : NULL);
}

json_t *
fields_day(const struct fields *f, const struct field *field)
{
	json_t *object = start(f, field);
	struct day_parts part;
	int32_t day;

	if (day_parse(value_of(f, field), &day) && day_split(day, &part)) {
		put(object, "day", str_format(f->arena, "%d", part.day));
		put(object, "month", str_format(f->arena, "%d", part.month));
		put(object, "year", str_format(f->arena, "%d", part.year));
	}
	put_part(f, object, field->name, "day");
	put_part(f, object, field->name, "month");
	put_part(f, object, field->name, "year");
	return object;
}
