#include "gateway/pages.h"

#include <string.h>

#include "base/json_names.h"
#include "base/str.h"
#include "gateway/api_table.h"
#include "gateway/say.h"
#include "gateway/schema.h"
#include "gateway/site.h"

#include "members.pb-c.h"

/* The programming interface for people: what its document says, in their words. */

static const char *
text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text == NULL ? "" : text;
}

/* The name of the type that a schema refers to; NULL where it is none. */
static const char *
type_of(const json_t *schema)
{
	const char *ref = text_of(schema, "$ref");

	return str_starts(ref, SCHEMA_PREFIX) ? ref + strlen(SCHEMA_PREFIX) : NULL;
}

/* What a value is, in a word. */
static const char *
kind_of(const json_t *schema)
{
	const char *format = text_of(schema, "format");
	const char *type = text_of(schema, "type");

	if (str_equal(format, "date"))
		return "day";
	if (str_equal(format, "date-time"))
		return "time";
	if (json_object_get(schema, "pattern") != NULL)
		return json_object_get(schema, "maxLength") != NULL  ? "hexadecimal"
		       : json_object_get(schema, "examples") != NULL ? "code"
		                                                     : "id";
	return str_equal(type, "string")    ? "text"
	       : str_equal(type, "integer") ? "whole number"
	       : str_equal(type, "boolean") ? "true or false"
	                                    : "";
}

static json_t *
field_row(const char *name, const json_t *schema)
{
	const json_t *items = json_object_get(schema, "items");
	const json_t *value = items == NULL ? schema : items;

	return json_pack("{s:s, s:s, s:s*, s:b, s:s, s:s*}", "name", name, "kind",
	    kind_of(value), "type", type_of(value), "is_list", items != NULL, "words",
	    text_of(schema, "description"), "example",
	    json_string_value(json_array_get(json_object_get(value, "examples"), 0)));
}

static json_t *
fields_of(const json_t *schema)
{
	json_t *rows = json_array(), *field;
	const char *name;

	json_object_foreach(json_object_get(schema, "properties"), name, field)(void)
	    json_array_append_new(rows, field_row(name, field));
	return rows;
}

static json_t *
values_of(const json_t *schema)
{
	const json_t *meanings = json_object_get(schema, "x-meanings");
	json_t *rows = json_array(), *value;
	size_t i;

	json_array_foreach(json_object_get(schema, "enum"), i, value)(void)
	    json_array_append_new(
		rows, json_pack("{s:O, s:s}", "name", value, "words",
			  text_of(meanings, json_string_value(value))));
	return rows;
}

static json_t *
type_row(const char *name, const json_t *schema)
{
	json_t *fields = fields_of(schema), *values = values_of(schema);

	return json_pack("{s:s, s:s, s:b, s:o, s:b, s:o}", "name", name, "words",
	    text_of(schema, "description"), "has_fields", json_array_size(fields) > 0,
	    "fields", fields, "has_values", json_array_size(values) > 0, "values",
	    values);
}

/* "commissioner, co-operative officer" */
static const char *
roles_of(struct page *p, const json_t *operation)
{
	const char *all = "";
	json_t *role;
	size_t i;

	json_array_foreach(json_object_get(operation, "x-roles"), i, role)
	{
		int value = 0;

		(void)json_enum_value(
		    &members__role__descriptor, json_string_value(role), &value);
		all = str_format(p->arena, "%s%s%s", all, i == 0 ? "" : ", ",
		    say_enum_within(p->arena, &members__role__descriptor, value));
	}
	return all == NULL ? "" : all;
}

static const json_t *
body_of(const json_t *message)
{
	return json_object_get(
	    json_object_get(json_object_get(message, "content"), "application/json"),
	    "schema");
}

static json_t *
operation_row(
    struct page *p, const char *path, const json_t *operation, const json_t *schemas)
{
	const char *input = type_of(body_of(json_object_get(operation, "requestBody")));
	const char *output = type_of(
	    body_of(json_object_get(json_object_get(operation, "responses"), "200")));
	json_t *fields = fields_of(json_object_get(schemas, input));

	return json_pack("{s:s, s:s++, s:s, s:s, s:s, s:b, s:s, s:b, s:o, s:s*}", "id",
	    text_of(operation, "operationId"), "path", API_ROOT, path, "", "summary",
	    text_of(operation, "summary"), "words",
	    say_first_up(p->arena, text_of(operation, "description")), "roles",
	    roles_of(p, operation), "is_command",
	    json_is_true(json_object_get(operation, "x-command")), "input", input,
	    "has_fields", json_array_size(fields) > 0, "fields", fields, "output",
	    output);
}

static json_t *
services_of(struct page *p, const json_t *document, const json_t *schemas)
{
	json_t *services = json_array(), *tag, *item;
	const char *path;
	size_t i;

	json_array_foreach(json_object_get(document, "tags"), i, tag)
	{
		json_t *list = json_array();

		json_object_foreach(json_object_get(document, "paths"), path, item)
		{
			const json_t *post = json_object_get(item, "post");
			const char *of = json_string_value(
			    json_array_get(json_object_get(post, "tags"), 0));

			if (str_equal(of, text_of(tag, "name")))
				(void)json_array_append_new(
				    list, operation_row(p, path, post, schemas));
		}
		(void)json_array_append_new(services,
		    json_pack("{s:s, s:s, s:o}", "name", text_of(tag, "name"), "words",
			text_of(tag, "description"), "operations", list));
	}
	return services;
}

void
page_api_view(struct page *p)
{
	const json_t *document = p->site->api.document;
	const json_t *schemas =
	    json_object_get(json_object_get(document, "components"), "schemas");
	json_t *types = json_array(), *schema;
	const char *name;

	json_object_foreach((json_t *)(uintptr_t)schemas, name, schema)(void)
	    json_array_append_new(types, type_row(name, schema));
	page_put(p, "services", services_of(p, document, schemas));
	page_put(p, "types", types);
	page_put(p, "operations_n",
	    json_integer(
		(json_int_t)json_object_size(json_object_get(document, "paths"))));
}
