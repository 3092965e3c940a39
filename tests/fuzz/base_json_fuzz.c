/*
 * Every message to JSON and back, and text to every message and back. The first byte
 * says which way (and the indent), the next two which message.
 */
#include "fuzz/support/fuzz.h"

#include <string.h>

#include "base/check.h"
#include "base/json.h"
#include "base/message.h"
#include "base/str.h"
#include "fuzz/support/types.h"

/* A refusal that a person can act on, and print. */
static void
is_told(const struct check_problem *why)
{
	FUZZ_CHECK(why->field[0] != '\0' && why->reason[0] != '\0',
	    "field '%s', reason '%s'", why->field, why->reason);
	FUZZ_CHECK(fuzz_is_plain(why->field, 0) || strchr(why->field, '\n') == NULL,
	    "the field");
	for (const char *c = why->field; *c != '\0'; c++)
		FUZZ_CHECK(*c >= ' ' && *c <= '~', "in the field: %d", *c);
	for (const char *c = why->reason; *c != '\0'; c++)
		FUZZ_CHECK(*c >= ' ' && *c <= '~', "in the reason: %d", *c);
}

/* What JSON says is read as the same again, to the byte. */
static const ProtobufCMessage *
read_again(const ProtobufCMessageDescriptor *type, const char *json, unsigned indent)
{
	struct check_problem why;
	ProtobufCMessage *m = NULL;
	const char *same;
	enum err e = json_to_message(&fuzz_arena, type, json, &m, &why);

	FUZZ_CHECK(
	    e == ERR_NONE, "%s: %s %s in %s", type->name, why.field, why.reason, json);
	FUZZ_CHECK(json_from_message(&fuzz_arena, m, indent, &same) == ERR_NONE,
	    "%s: %s cannot be said again", type->name, json);
	FUZZ_CHECK(str_equal(json, same), "%s: %s became %s", type->name, json, same);
	return m;
}

static void
from_bytes(const ProtobufCMessageDescriptor *type, struct bytes body, unsigned indent)
{
	struct check_problem why;
	ProtobufCMessage *m;
	const char *json;

	if (message_unpack(&fuzz_arena, type, body, &m) != ERR_NONE)
		return;
	bool is_good = check_message(m, body, &why);
	enum err e = json_from_message(&fuzz_arena, m, indent, &json);
	FUZZ_CHECK(e == ERR_NONE || (e == ERR_MALFORMED && !is_good),
	    "%s: good, and beyond JSON (%s)", type->name, err_name(e));
	if (e != ERR_NONE)
		return;
	const ProtobufCMessage *again = read_again(type, json, indent);
	if (!is_good)
		return; /* what it does not know it left out */
	FUZZ_CHECK(bytes_equal(fuzz_pack(m), fuzz_pack(again)),
	    "%s: other bytes after %s", type->name, json);
}

static void
from_text(const ProtobufCMessageDescriptor *type, const char *text, unsigned indent)
{
	struct check_problem why;
	ProtobufCMessage *m = NULL;
	const char *json;
	enum err e = json_to_message(&fuzz_arena, type, text, &m, &why);

	FUZZ_CHECK(
	    e == ERR_NONE || e == ERR_MALFORMED || e == ERR_MEMORY, "%s", err_name(e));
	if (e == ERR_MALFORMED)
		is_told(&why);
	if (e != ERR_NONE)
		return;
	FUZZ_CHECK(json_from_message(&fuzz_arena, m, indent, &json) == ERR_NONE,
	    "%s: read from %s, and cannot be said", type->name, text);
	FUZZ_CHECK(bytes_equal(fuzz_pack(m), fuzz_pack(read_again(type, json, indent))),
	    "%s: other bytes after %s", type->name, json);
}

static void
one(struct bytes input)
{
	const ProtobufCMessageDescriptor *type;
	struct bytes rest;
	unsigned indent;

	if (input.len < 3)
		return;
	type = message_type_at((uint16_t)(input.data[1] << 8 | input.data[2]));
	rest = (struct bytes){input.data + 3, input.len - 3};
	indent = (input.data[0] >> 1) % 3;
	if ((input.data[0] & 1) == 0)
		from_bytes(type, rest, indent);
	else
		from_text(type, fuzz_text(rest), indent);
}

const struct fuzz_target fuzz_target = {.rounds = 8000, .bytes_max = 4096, .one = one};
