/*
 * call reaches any method by reflection over the call and answer descriptors, and
 * without JSON says what may be called and with which fields.
 */
#include <stdio.h>
#include <string.h>

#include "base/str.h"

#include "client.h"
#include "command.h"
#include "input.h"
#include "method.h"
#include "verbs.h"
#include "words.h"

#define NAME_WIDTH 30

static void
print_methods(const struct contract *c)
{
	for (unsigned i = 0; i < c->call->n_fields; i++) {
		struct method m;
		method_of(c, &c->call->fields[i], &m);
		int width = printf("%3u  %s.%s", m.number, m.service, m.name);
		int gap = width < NAME_WIDTH ? NAME_WIDTH - width : 1;
		(void)printf("%*s%s -> %s\n", gap, "", m.input->short_name,
		    m.output ? m.output->short_name : "yes");
	}
}

/* What JSON holds there, for a person who will write it. */
static const char *
type_word(struct tool *t, const ProtobufCFieldDescriptor *f)
{
	const ProtobufCMessageDescriptor *inner = f->descriptor;

	switch (field_kind(f)) {
	case FIELD_ID: return "id";
	case FIELD_ORGANISATION:
		return "organisation: an id, a council's code or co-operative";
	case FIELD_COUNCIL: return "council's code, \"E08000003\"";
	case FIELD_SECTOR: return "postcode sector, \"M14 5\"";
	case FIELD_DAY: return "day, \"2026-11-21\"";
	case FIELD_TIME: return "time, \"2026-11-21T14:05:00.000Z\"";
	case FIELD_PENCE: return "pence, a whole number";
	case FIELD_YEARS: return "completed years";
	case FIELD_PLAIN: break;
	}
	switch (f->type) {
	case PROTOBUF_C_TYPE_MESSAGE: return inner->short_name;
	case PROTOBUF_C_TYPE_ENUM:
		return words_enum_list_json(&t->arena, f->descriptor);
	case PROTOBUF_C_TYPE_BOOL: return "true or false";
	case PROTOBUF_C_TYPE_STRING: return "text";
	case PROTOBUF_C_TYPE_BYTES: return "hexadecimal digits";
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_SINT32:
	case PROTOBUF_C_TYPE_SFIXED32:
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_FIXED32:
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64: return "whole number";
	case PROTOBUF_C_TYPE_FLOAT:
	case PROTOBUF_C_TYPE_DOUBLE: return "number";
	}
	return "?";
}

/* NOLINTBEGIN(misc-no-recursion): as deep as the contract, whose messages never
 * contain themselves (tools/lint sees to that). */
static void
print_fields(struct tool *t, const ProtobufCMessageDescriptor *type, unsigned indent)
{
	for (unsigned i = 0; i < type->n_fields; i++) {
		const ProtobufCFieldDescriptor *f = &type->fields[i];
		bool is_list = f->label == PROTOBUF_C_LABEL_REPEATED;
		int width = printf(
		    "%*s%s%s: ", (int)indent, "", f->name, is_list ? " [list]" : "");
		if (width < 0)
			return;
		words_wrap(stdout, type_word(t, f), (size_t)width, indent + 4);
		if (f->type == PROTOBUF_C_TYPE_MESSAGE)
			print_fields(t, f->descriptor, indent + 4);
	}
}
/* NOLINTEND(misc-no-recursion) */

static enum exit_code
describe(struct tool *t, const char *name)
{
	const struct contract *c = contract_of(name);
	struct method m;

	if (c) {
		print_methods(c);
		return EXIT_YES;
	}
	if (!method_find(name, &m))
		return complain_usage(
		    t, "there is no method %.60s (rccctl call lists them)", name);
	(void)printf("%s.%s takes %s:\n", m.service, m.name, m.input->short_name);
	if (m.input->n_fields == 0)
		(void)puts("    nothing: {}");
	print_fields(t, m.input, 4);
	if (m.output) {
		(void)printf("and answers %s:\n", m.output->short_name);
		print_fields(t, m.output, 4);
	}
	return EXIT_YES;
}

static enum exit_code
send(struct tool *t, const char *name, const char *text)
{
	ProtobufCMessage *message = NULL;
	struct ask ask = {.method = name, .is_command = true};
	struct method m;
	void *answer = NULL;
	enum exit_code code;

	if (!method_find(name, &m))
		return complain_usage(
		    t, "there is no method %.60s (rccctl call lists them)", name);
	if (str_equal(text, "-")) {
		code = input_read(t, "-", &text);
		if (code != EXIT_YES)
			return code;
	} else if (strlen(text) > INPUT_BYTES_MAX) {
		complain("the JSON is larger than 64 KiB, the most a call may be");
		return EXIT_USAGE;
	}
	code = command_read(t, name, text, &message);
	if (code == EXIT_YES)
		code = command_check(t, message);
	ask.body = message;
	if (code == EXIT_YES)
		code = client_ask(t, &ask, &answer);
	if (code != EXIT_YES)
		return code;
	t->is_json = !t->field; /* there is no other way of printing any answer */
	return command_show(t, answer);
}

static enum exit_code
run(struct tool *t)
{
	if (t->args.words_n == 2)
		return send(t, t->args.words[0], t->args.words[1]);
	if (t->args.words_n == 1)
		return describe(t, t->args.words[0]);
	for (size_t i = 0; i < contracts_n; i++)
		print_methods(&contracts[i]);
	return EXIT_YES;
}

const struct verb verb_call = {
    .name = "call",
    .takes = "[SERVICE.METHOD [JSON]]",
    .summary = "any method of any service, with JSON (-: from standard input)",
    .text =
	"Alone it lists the methods; with a method and no JSON it says what the method "
	"takes and answers, with the words of every code.",
    .example = "rccctl call foster.household '{\"household_id\": "
	       "\"01k9j3v5x2m8q4r7t6p2weh0ab\"}'",
    .words_max = 2,
    .run = run,
};
