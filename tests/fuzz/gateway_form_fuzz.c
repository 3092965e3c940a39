/*
 * What a browser sends, as any message and back. The first byte says whether the rest
 * is a form or a message's bytes, the next two which message. A refusal names a field
 * in a sentence that can be shown; what was taken makes a form that makes the same
 * message.
 */
#include "fuzz/support/fuzz.h"

#include <string.h>

#include "base/check.h"
#include "base/message.h"
#include "base/str.h"
#include "fuzz/support/types.h"
#include "gateway/form.h"

static void
is_told(const struct form_problems *problems)
{
	FUZZ_CHECK(problems->n > 0 && problems->n <= FORM_PROBLEMS_MAX, "%zu problems",
	    problems->n);
	for (size_t i = 0; i < problems->n; i++) {
		const struct form_problem *p = &problems->list[i];
		FUZZ_CHECK(p->name[0] != '\0' && fuzz_is_plain(p->sentence, 0),
		    "'%s': '%s'", p->name, p->sentence);
		FUZZ_CHECK(str_equal(form_problem_of(problems, p->name), p->sentence),
		    "%s twice", p->name);
	}
}

/* The message that a message's form makes; NULL: it takes more than one form holds. */
static ProtobufCMessage *
around(const ProtobufCMessageDescriptor *type, const ProtobufCMessage *m)
{
	struct form_problems problems;
	struct form form;
	ProtobufCMessage *again = NULL;

	FUZZ_CHECK(form_from_message(&fuzz_arena, m, &form) == ERR_NONE, "no room");
	if (form.n == FORM_PAIRS_MAX)
		return NULL;
	enum err e = form_to_message(&fuzz_arena, type, &form, &again, &problems);
	FUZZ_CHECK(e == ERR_NONE, "%s: '%s' '%s'", type->name, problems.list[0].name,
	    problems.list[0].sentence);
	return again;
}

/* The same in whatever order a list's elements stand. */
static uint64_t
sum_of(struct bytes packed)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < packed.len; i++)
		sum += packed.data[i];
	return sum;
}

static void
from_form(const ProtobufCMessageDescriptor *type, struct bytes text)
{
	struct form_problems problems;
	struct check_problem why;
	struct form form;
	const char *no;
	ProtobufCMessage *m = NULL;

	enum err e = form_decode(&fuzz_arena, text, &form, &no);
	FUZZ_CHECK(e == ERR_NONE || (e == ERR_MALFORMED && fuzz_is_plain(no, 0)), "%s",
	    err_name(e));
	if (e != ERR_NONE)
		return;
	e = form_to_message(&fuzz_arena, type, &form, &m, &problems);
	FUZZ_CHECK(e == ERR_NONE || e == ERR_MALFORMED, "%s", err_name(e));
	if (e == ERR_MALFORMED) {
		is_told(&problems);
		return;
	}
	struct bytes packed = fuzz_pack(m);
	FUZZ_CHECK(check_message(m, packed, &why), "%s %s", why.field, why.reason);
	/* Needs may be put in their order once, and stay. */
	const ProtobufCMessage *second = around(type, m);
	if (second == NULL)
		return;
	struct bytes once = fuzz_pack(second);
	FUZZ_CHECK(once.len == packed.len && sum_of(once) == sum_of(packed),
	    "%s: %zu bytes, then %zu, or others", type->name, packed.len, once.len);
	FUZZ_CHECK(bytes_equal(once, fuzz_pack(around(type, second))),
	    "%s: other bytes", type->name);
}

/* A good message of a service's is shown in fields, as far as a form can say it. */
static void
from_message(const ProtobufCMessageDescriptor *type, struct bytes body)
{
	struct check_problem why;
	struct form form;
	ProtobufCMessage *m;

	if (message_unpack(&fuzz_arena, type, body, &m) != ERR_NONE ||
	    !check_message(m, body, &why))
		return;
	FUZZ_CHECK(form_from_message(&fuzz_arena, m, &form) == ERR_NONE, "no room");
	for (size_t i = 0; i < form.n; i++) {
		const struct form_pair *pair = &form.pairs[i];
		FUZZ_CHECK(pair->name[0] != '\0' && pair->value[0] != '\0' &&
			       strlen(pair->name) <= FORM_NAME_BYTES_MAX &&
			       strlen(pair->value) <= FORM_VALUE_BYTES_MAX,
		    "'%s' = '%s'", pair->name, pair->value);
	}
}

static void
one(struct bytes input)
{
	const ProtobufCMessageDescriptor *type;
	struct bytes rest;

	if (input.len < 3)
		return;
	type = message_type_at((uint16_t)(input.data[1] << 8 | input.data[2]));
	rest = (struct bytes){input.data + 3, input.len - 3};
	if ((input.data[0] & 1) == 0)
		from_form(type, rest);
	else
		from_message(type, rest);
}

const struct fuzz_target fuzz_target = {.rounds = 8000, .bytes_max = 4096, .one = one};
