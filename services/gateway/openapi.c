#include "gateway/openapi.h"

#include <stdbool.h>
#include <stdio.h>

#include "base/access.h"
#include "base/json_names.h"
#include "base/run_options.h"
#include "gateway/api_table.h"
#include "gateway/backbone.h"
#include "gateway/schema.h"

#include "members.pb-c.h"

#define PROBLEM "Problem"
#define TEXT_MAX 400

static const char description[] =
    "The regional care co-operative's needs, vacancies, offers and figures, for the "
    "systems of councils and providers.\n\n"
    "**Invented children only**: until children's records are sealed there is no name, "
    "birth date, address or story of a child here, and none may be sent.\n\n"
    "Every operation is a POST with one JSON object, and answers with one. A key of an "
    "organisation, `Authorization: Bearer rcck_...`, is issued by an administrator of "
    "the co-operative; it acts for that organisation in one role.\n\n"
    "A command may carry `Idempotency-Key`, an id of 26 characters with its time in it "
    "(a ULID). The same command under the same key is done once, and hears the first "
    "answer again, for 30 days; after 503, or no answer at all, send it again under "
    "the "
    "same key.\n\n"
    "A field with a name ending in `_id` is an id, in `_day` a day, in `_time` a time "
    "in "
    "UTC, in `_pence` or `_pence_week` pence, in `_years` completed years, in "
    "`_sector` "
    "a postcode sector. Fields that are absent were not said. New fields may come in "
    "answers at any time: pass over what you do not know.";

/* ---- no ---- */

static const struct {
	const char *status, *name, *description;
} problems[] = {
    {"400", "Malformed", "It is no JSON, or a field is not as its schema says"},
    {"401", "KeyUnknown", "There is no key, or it is not honoured any more"},
    {"403", "KeyMayNot", "The key's role may not do this"},
    {"409", "SameId",
	"Another command was sent under this Idempotency-Key: nothing was done"},
    {"413", "TooLarge", "The request is larger than 64 KiB"},
    {"415", "NotJson", "The request's Content-Type is not application/json"},
    {"422", "Refused",
	"A rule says no: its number, a sentence for a person, the clause of law behind "
	"it "
	"and the field it is about"},
    {"429", "TooMany", "Too many keys that nobody knows came from this address"},
    {"503", "NotNow",
	"A part of the system does not answer, or is busy. Whether a command was "
	"recorded "
	"is not known: send it again under the same Idempotency-Key"},
};
#define PROBLEMS_N (sizeof problems / sizeof problems[0])

static json_t *
problem_schema(void)
{
	return json_pack("{s:s, s:s, s:[s,s], s:{s:{s:s,s:s}, s:{s:s}, s:{s:s}, "
			 "s:{s:s}, s:{s:s,s:s}, "
			 "s:{s:s,s:s}, s:{s:s,s:s}, s:{s:s,s:s}}}",
	    "type", "object", "description", "A no, as problem details (RFC 9457)",
	    "required", "title", "status", "properties", "type", "type", "string",
	    "format", "uri-reference", "title", "type", "string", "status", "type",
	    "integer", "detail", "type", "string", "field", "type", "string",
	    "description", "which part of the request: children[0].age_years", "reason",
	    "type", "string", "description", "what is wrong with that part", "number",
	    "type", "integer", "description",
	    "of the rule that said no, for this service", "clause", "type", "string",
	    "description", "the law or standard behind it");
}

static json_t *
problem_responses(void)
{
	json_t *all = json_object();

	for (size_t i = 0; i < PROBLEMS_N; i++)
		(void)json_object_set_new(all, problems[i].name,
		    json_pack("{s:s, s:{s:{s:o}}}", "description",
			problems[i].description, "content", "application/problem+json",
			"schema", schema_ref(PROBLEM)));
	return all;
}

/* ---- operations ---- */

/* "commissioner" and so on. */
static json_t *
roles_of(const struct api_operation *o)
{
	const ProtobufCEnumDescriptor *type = &members__role__descriptor;
	json_t *roles = json_array();

	for (unsigned i = 0; i < type->n_values; i++) {
		char name[JSON_NAME_MAX];

		if ((o->roles & ROLE_BIT(type->values[i].value)) == 0)
			continue;
		json_enum_name(type, &type->values[i], name);
		(void)json_array_append_new(roles, json_string(name));
	}
	return roles;
}

static json_t *
responses_of(const struct api_operation *o)
{
	const ProtobufCMessageDescriptor *output = api_output(o);
	json_t *responses = json_object();

	(void)json_object_set_new(responses, "200",
	    json_pack("{s:s, s:{s:{s:o}}}", "description",
		o->is_command ? "Recorded" : "The answer", "content",
		"application/json", "schema",
		output != NULL ? schema_ref(output->name)
			       : json_pack("{s:s}", "type", "object")));
	for (size_t i = 0; i < PROBLEMS_N; i++)
		(void)json_object_set_new(responses, problems[i].status,
		    json_pack("{s:s++}", "$ref", "#/components/responses/",
			problems[i].name, ""));
	return responses;
}

static json_t *
operation(const struct api_operation *o)
{
	const ProtobufCMessageDescriptor *input = api_input(o);
	char id[TEXT_MAX];
	json_t *made;

	snprintf(id, sizeof id, "%s.%s", o->service, api_name(o));
	made = json_pack("{s:s, s:[s], s:s, s:o, s:b, s:{s:b, s:{s:{s:o}}}, s:o}",
	    "operationId", id, "tags", o->service, "summary", o->summary, "x-roles",
	    roles_of(o), "x-command", o->is_command, "requestBody", "required", true,
	    "content", "application/json", "schema", schema_ref(input->name),
	    "responses", responses_of(o));
	if (made != NULL && schema_words(input->name, NULL)[0] != '\0')
		(void)json_object_set_new(
		    made, "description", json_string(schema_words(input->name, NULL)));
	if (made != NULL && o->is_command)
		(void)json_object_set_new(made, "parameters",
		    json_pack(
			"[{s:s}]", "$ref", "#/components/parameters/IdempotencyKey"));
	return made;
}

static json_t *
paths(void)
{
	json_t *all = json_object();

	for (size_t i = 0; i < api_operations_n; i++) {
		char path[TEXT_MAX], name[API_NAME_MAX];

		api_path_name(&api_operations[i], name);
		snprintf(path, sizeof path, "/%s/%s", api_operations[i].service, name);
		(void)json_object_set_new(all, path,
		    json_pack("{s:o}", "post", operation(&api_operations[i])));
	}
	return all;
}

static json_t *
tags(void)
{
	json_t *all = json_array();

	for (size_t i = 0; i < backbone_services_n; i++)
		(void)json_array_append_new(
		    all, json_pack("{s:s, s:s}", "name", backbone_services[i].name,
			     "description", backbone_services[i].works));
	return all;
}

/* ---- the whole ---- */

static json_t *
schemas(void)
{
	static struct schema_set set;
	json_t *all;

	set = (struct schema_set){.messages_n = 0};
	for (size_t i = 0; i < api_operations_n; i++)
		schema_add(&set, api_input(&api_operations[i]));
	schema_close(&set, true);
	for (size_t i = 0; i < api_operations_n; i++) {
		if (api_output(&api_operations[i]) != NULL)
			schema_add(&set, api_output(&api_operations[i]));
	}
	schema_close(&set, false);
	all = schema_all(&set);
	if (all != NULL)
		(void)json_object_set_new(all, PROBLEM, problem_schema());
	return all;
}

static json_t *
components(void)
{
	return json_pack(
	    "{s:o, s:o, s:{s:{s:s, s:s, s:s, s:{s:s, s:s}}}, s:{s:{s:s, s:s, s:s}}}",
	    "schemas", schemas(), "responses", problem_responses(), "parameters",
	    "IdempotencyKey", "name", "Idempotency-Key", "in", "header", "description",
	    "An id of your own for this command; without one it gets one, and is done "
	    "as "
	    "often as it is sent",
	    "schema", "type", "string", "pattern", "^[0-7][0-9A-Za-z]{25}$",
	    "securitySchemes", "key", "type", "http", "scheme", "bearer", "description",
	    "A key of an organisation, issued by an administrator of the co-operative");
}

json_t *
openapi_document(void)
{
	return json_pack("{s:s, s:{s:s, s:s, s:s, s:{s:s, s:s}}, s:[{s:s}], "
			 "s:[{s:[]}], s:o, s:o, s:o}",
	    "openapi", "3.1.0", "info", "title", "Care co-operative placement backbone",
	    "version", RUN_VERSION, "description", description, "license", "name",
	    "Apache-2.0", "identifier", "Apache-2.0", "servers", "url", API_ROOT,
	    "security", "key", "tags", tags(), "paths", paths(), "components",
	    components());
}
