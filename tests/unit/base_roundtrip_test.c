/*
 * Bytes of every sort through unpack, check, JSON, parse and pack, from one seed:
 * nothing crashes, whatever check lets through JSON can say, and what comes back is
 * what went in.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/check.h"
#include "base/field.h"
#include "base/id.h"
#include "base/json.h"
#include "base/message.h"
#include "base/str.h"
#include "support/memory.h"

#include "foster.pb-c.h"
#include "requests.pb-c.h"

#define SEED 20261121
#define ROUNDS 20000
#define BYTES_MAX 4096

struct tally {
	unsigned malformed, refused, passed, unsaid;
};

static uint64_t dice = SEED;

/* xorshift64*, the same on every machine. */
static uint32_t
roll(uint32_t sides)
{
	dice ^= dice >> 12;
	dice ^= dice << 25;
	dice ^= dice >> 27;
	return (uint32_t)((dice * 0x2545f4914f6cdd1dull) >> 32) % sides;
}

/* A text as a field of this name might have it, now and then a wrong one. */
static char *
some_text(const ProtobufCFieldDescriptor *f)
{
	static const char *const odd[] = {
	    "", "en", "M99 9", "Si\xc3\xa2n", "\"\\\n\x01", "\xff", "\xed\xa0\x80"};
	uint8_t chance[ID_RANDOM_BYTES];
	struct id id;
	const char *text = odd[roll(7)];

	if (roll(10) > 0) {
		enum field_kind kind = field_kind(f);
		for (size_t i = 0; i < sizeof chance; i++)
			chance[i] = (uint8_t)roll(256);
		id = id_make(roll(UINT32_MAX), chance);
		if (kind == FIELD_ID || kind == FIELD_ORGANISATION)
			text = id.text;
		else if (kind == FIELD_COUNCIL)
			text = "E08000003";
		else if (kind == FIELD_SECTOR)
			text = "M14 5";
		else
			text = "de";
	}
	char *copy = str_copy(&arena, text);
	assert_non_null(copy);
	return copy;
}

static int64_t
some_number(void)
{
	static const int64_t odd[] = {
	    -1, INT32_MAX, INT32_MIN, UINT32_MAX, INT64_MAX, INT64_MIN};

	return roll(20) == 0 ? odd[roll(6)] : roll(100);
}

/* NOLINTBEGIN(misc-no-recursion): the contracts' messages never contain themselves
 * (tools/lint), so their descriptors bound it. */

static ProtobufCMessage *some_message(const ProtobufCMessageDescriptor *type);

static void
fill(const ProtobufCFieldDescriptor *f, void *place)
{
	if (f->type == PROTOBUF_C_TYPE_STRING) {
		char *text = some_text(f);
		memcpy(place, &text, sizeof text);
	} else if (f->type == PROTOBUF_C_TYPE_MESSAGE) {
		*(ProtobufCMessage **)place = some_message(f->descriptor);
	} else if (f->type == PROTOBUF_C_TYPE_ENUM) {
		const ProtobufCEnumDescriptor *e = f->descriptor;
		int32_t value = e->values[roll(e->n_values)].value;
		memcpy(place, &value, sizeof value);
	} else if (f->type == PROTOBUF_C_TYPE_BOOL) {
		memcpy(place, &(protobuf_c_boolean){(int)roll(2)},
		    sizeof(protobuf_c_boolean));
	} else if (field_element_size(f) == sizeof(int64_t)) {
		memcpy(place, &(int64_t){some_number()}, sizeof(int64_t));
	} else {
		memcpy(place, &(int32_t){(int32_t)some_number()}, sizeof(int32_t));
	}
}

/* A message of this type with some of its fields set. */
static ProtobufCMessage *
some_message(const ProtobufCMessageDescriptor *type)
{
	ProtobufCMessage *m = message_new(&arena, type);

	assert_non_null(m);
	for (unsigned i = 0; i < type->n_fields; i++) {
		const ProtobufCFieldDescriptor *f = &type->fields[i];
		size_t n = f->label == PROTOBUF_C_LABEL_REPEATED ? roll(4) : 1;
		if (roll(2) == 0)
			continue;
		char *place = field_make(&arena, m, f, n);
		assert_non_null(place);
		for (size_t j = 0; j < n; j++)
			fill(f, place + j * field_element_size(f));
	}
	return m;
}

/* NOLINTEND(misc-no-recursion) */

/* Noise, or a message, whole or damaged. */
static struct bytes
some_bytes(const ProtobufCMessageDescriptor *type)
{
	static uint8_t out[BYTES_MAX];
	struct bytes packed = BYTES_NONE;
	size_t len = roll(64);

	for (size_t i = 0; i < len; i++)
		out[i] = (uint8_t)roll(256);
	if (roll(4) == 0)
		return (struct bytes){out, len};
	assert_int_equal(message_pack(&arena, some_message(type), &packed), ERR_NONE);
	assert_true(packed.len < sizeof out);
	if (packed.len > 0)
		memcpy(out, packed.data, packed.len);
	for (uint32_t hits = roll(2) * roll(4); hits > 0 && packed.len > 0; hits--)
		out[roll((uint32_t)packed.len)] ^= (uint8_t)(1u << roll(8));
	if (roll(8) == 0)
		packed.len = roll((uint32_t)packed.len + 1);
	return (struct bytes){out, packed.len};
}

/*
 * Through JSON and back: the same text again, and where nothing unknown was left
 * out of it the same bytes. False where JSON cannot say it.
 */
static bool
survives_json(const ProtobufCMessage *m, bool is_good)
{
	const char *json, *same;
	struct bytes before, after;
	struct check_problem why;
	ProtobufCMessage *again;
	unsigned indent = roll(3);

	if (json_from_message(&arena, m, indent, &json) != ERR_NONE)
		return false;
	enum err e = json_to_message(&arena, m->descriptor, json, &again, &why);
	if (e != ERR_NONE)
		fail_msg("%s: %s in %s", why.field, why.reason, json);
	assert_int_equal(json_from_message(&arena, again, indent, &same), ERR_NONE);
	assert_string_equal(json, same);
	if (is_good) {
		assert_int_equal(message_pack(&arena, m, &before), ERR_NONE);
		assert_int_equal(message_pack(&arena, again, &after), ERR_NONE);
		assert_true(bytes_equal(before, after));
		assert_true(check_message(again, after, &why));
	}
	return true;
}

static void
one_round(const ProtobufCMessageDescriptor *type, struct tally *t)
{
	struct bytes in = some_bytes(type);
	struct check_problem why;
	ProtobufCMessage *m;
	enum err e = message_unpack(&arena, type, in, &m);

	if (e != ERR_NONE) {
		assert_int_equal(e, ERR_MALFORMED);
		t->malformed++;
		return;
	}
	bool is_good = check_message(m, in, &why);
	assert_int_equal(is_good, why.reason[0] == '\0');
	assert_int_equal(is_good, why.field[0] == '\0');
	bool was_said = survives_json(m, is_good);
	if (is_good && !was_said)
		fail_msg("what is good can be said in JSON");
	t->passed += is_good;
	t->refused += !is_good;
	t->unsaid += !was_said;
}

static void
whatever_comes_nothing_breaks(const ProtobufCMessageDescriptor *type)
{
	struct tally t = {0};

	for (unsigned i = 0; i < ROUNDS / 2; i++) {
		arena_reset(&arena);
		one_round(type, &t);
	}
	print_message("%s: %u malformed, %u refused, %u passed, %u beyond JSON\n",
	    type->short_name, t.malformed, t.refused, t.passed, t.unsaid);
	/* The dice must have reached every way out, or nothing was shown. */
	assert_true(t.malformed > ROUNDS / 20);
	assert_true(t.refused > ROUNDS / 20);
	assert_true(t.passed > ROUNDS / 100);
	assert_true(t.unsaid > 0);
}

static void
vacancies(void **state)
{
	(void)state;
	whatever_comes_nothing_breaks(&foster__vacancy__descriptor);
}

static void
requests(void **state)
{
	(void)state;
	whatever_comes_nothing_breaks(&requests__submit__descriptor);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(vacancies),
	    cmocka_unit_test(requests),
	};
	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
