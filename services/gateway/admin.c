#include "gateway/admin.h"

#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "base/str.h"
#include "gateway/directory.h"
#include "gateway/routes.h"
#include "gateway/say.h"

#define ORGANISATIONS_MAX 1000

void
admin_put_back(struct page *p, const char *href, const char *text)
{
	page_put(p, "back", json_pack("{s:s, s:s}", "href", href, "text", text));
}

/* The list of this name in the view: made where there is none. */
static json_t *
list_of(struct page *p, const char *name)
{
	json_t *list = json_object_get(p->view, name);

	if (list != NULL)
		return list;
	page_put(p, name, json_array());
	return json_object_get(p->view, name);
}

/* ---- tables ---- */

void
admin_table_begin(struct admin_table *t, struct page *p, const char *heads)
{
	*t = (struct admin_table){.p = p, .head = json_array(), .rows = json_array()};
	while (*heads != '\0') {
		size_t len = strcspn(heads, "|");
		bool is_number = len > 0 && heads[len - 1] == '>';

		json_array_append_new(
		    t->head, json_pack("{s:s%, s:b}", "text", heads, len - is_number,
				 "is_number", is_number));
		heads += len + (heads[len] == '|');
	}
}

void
admin_table_row(struct admin_table *t)
{
	t->cells = json_array();
	json_array_append_new(t->rows, json_pack("{s:O}", "cells", t->cells));
	json_decref(t->cells);
}

/* The head above the next cell: on a phone it stands before it. */
static const char *
label(const struct admin_table *t)
{
	const json_t *head = json_array_get(t->head, json_array_size(t->cells));

	return json_string_value(json_object_get(head, "text"));
}

void
admin_table_cell(struct admin_table *t, const char *text, const char *href)
{
	json_array_append_new(
	    t->cells, json_pack("{s:s*, s:s, s:s*, s:b}", "label", label(t), "text",
			  text == NULL ? "" : text, "href", href, "is_head",
			  json_array_size(t->cells) == 0));
}

void
admin_table_tag(struct admin_table *t, const char *text, const char *colour)
{
	json_array_append_new(
	    t->cells, json_pack("{s:s*, s:s, s:{s:s, s:s}}", "label", label(t), "text",
			  "", "tag", "text", text, "colour", colour));
}

void
admin_table_number(struct admin_table *t, uint64_t n)
{
	json_array_append_new(
	    t->cells, json_pack("{s:s*, s:s, s:b}", "label", label(t), "text",
			  say_number(t->p->arena, n), "is_number", true));
}

void
admin_table_put(struct admin_table *t, const char *caption, const char *empty)
{
	if (json_array_size(t->rows) == 0) {
		page_put(t->p, "empty", json_string(empty));
		json_decref(t->head);
		json_decref(t->rows);
		return;
	}
	page_put(t->p, "list",
	    json_pack("{s:s, s:b, s:o, s:o}", "caption", caption, "is_title",
		t->p->route != NULL && str_equal(caption, t->p->route->title), "head",
		t->head, "rows", t->rows));
}

void
admin_put_action(struct page *p, const char *href, const char *text)
{
	page_put(p, "action", json_pack("{s:s, s:s}", "href", href, "text", text));
}

/* ---- forms ---- */

void
admin_put_field(struct page *p, const char *kind, const struct field *field)
{
	static const struct {
		const char *kind;
		json_t *(*make)(const struct fields *, const struct field *);
	} kinds[] = {
	    {"text", fields_text},
	    {"select", fields_select},
	    {"day", fields_day},
	    {"radios", fields_radios},
	    {"checkboxes", fields_checkboxes},
	    {"hidden", fields_hidden},
	};

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		if (str_equal(kinds[i].kind, kind))
			json_array_append_new(list_of(p, "fields"),
			    json_pack(
				"{s:o}", kind, kinds[i].make(FIELDS_OF(p), field)));
	}
}

static int
by_label(const void *a, const void *b)
{
	return strcmp(((const struct field_option *)a)->label,
	    ((const struct field_option *)b)->label);
}

static void
sort(struct field_option *options, size_t n)
{
	if (n > 0)
		qsort(options, n, sizeof options[0], by_label);
}

void
admin_put_organisations(struct page *p, const char *name)
{
	static const char co_operative[] = "co-operative";
	const struct directory *d = p->directory;
	struct field_option *options =
	    LIST_NEW(p->arena, ORGANISATIONS_MAX, struct field_option);
	struct field field = {.name = name,
	    .label = "Organisation",
	    .blank = "Choose",
	    .value = page_query(p, "organisation"),
	    .options = options,
	    .is_needed = true};

	if (options == NULL)
		return;
	options[field.options_n++] = (struct field_option){
	    .value = co_operative,
	    .label = directory_organisation_name(d, co_operative),
	};
	for (size_t i = 0; i < d->councils->n_councils; i++) {
		const Members__Council *c = d->councils->councils[i];
		if (field.options_n < ORGANISATIONS_MAX)
			options[field.options_n++] = (struct field_option){
			    .value = c->council_id, .label = c->name};
	}
	sort(options + 1, field.options_n - 1);
	size_t councils_n = field.options_n;
	for (size_t i = 0; i < d->providers->n_providers; i++) {
		const Members__Provider *row = d->providers->providers[i];
		if (field.options_n < ORGANISATIONS_MAX)
			options[field.options_n++] = (struct field_option){
			    .value = row->provider_id, .label = row->name};
	}
	sort(options + councils_n, field.options_n - councils_n);
	admin_put_field(p, "select", &field);
}

void
admin_put_button(struct page *p, const char *text, const char *cancel)
{
	page_put(p, "button", json_string(text));
	page_put(p, "cancel", json_string(cancel));
}

void
admin_put_row(struct page *p, const char *key, const char *value, const char *href)
{
	json_array_append_new(
	    list_of(p, "rows"), json_pack("{s:s, s:s, s:s*}", "key", key, "value",
				    value == NULL ? "" : value, "href", href));
}
