/*
 * Bytes as every message of every contract, the envelope among them: two bytes choose
 * which, the rest is unpacked, checked, packed and unpacked again.
 */
#include "fuzz/support/fuzz.h"

#include <string.h>

#include "base/check.h"
#include "base/message.h"
#include "base/str.h"
#include "fuzz/support/types.h"

/* The check's no has a field and a reason, its yes has neither. */
static bool
is_good(const ProtobufCMessage *m, struct bytes packed)
{
	struct check_problem why;
	bool good = check_message(m, packed, &why);

	FUZZ_CHECK(good == (why.field[0] == '\0') && good == (why.reason[0] == '\0'),
	    "%s: field '%s', reason '%s'", m->descriptor->name, why.field, why.reason);
	FUZZ_CHECK(str_is_utf8(why.field, strlen(why.field)), "the field is no text");
	return good;
}

static void
one(struct bytes input)
{
	const ProtobufCMessageDescriptor *type;
	struct bytes body, first, second;
	ProtobufCMessage *m, *again;
	enum err e;

	if (input.len < 2)
		return;
	type = message_type_at((uint16_t)(input.data[0] << 8 | input.data[1]));
	body = (struct bytes){input.data + 2, input.len - 2};
	e = message_unpack(&fuzz_arena, type, body, &m);
	FUZZ_CHECK(e == ERR_NONE || e == ERR_MALFORMED || e == ERR_MEMORY, "%s: %s",
	    type->name, err_name(e));
	if (e != ERR_NONE)
		return;
	bool good = is_good(m, body);
	first = fuzz_pack(m);
	again = fuzz_unpack(type, first);
	second = fuzz_pack(again);
	FUZZ_CHECK(
	    bytes_equal(first, second), "%s: packed twice, two messages", type->name);
	FUZZ_CHECK(
	    !good || is_good(again, first), "%s: good, and then not", type->name);
	FUZZ_CHECK(message_copy(&fuzz_arena, m) != NULL, "%s: no copy", type->name);
}

const struct fuzz_target fuzz_target = {.rounds = 20000, .bytes_max = 4096, .one = one};
