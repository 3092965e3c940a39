/*
 * What a service makes of bytes that no client of ours sends: garbage, envelopes cut
 * short or with a byte flipped, methods, fields and words it does not know. Whatever
 * comes, it answers in order or not at all, lives on, and changes nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/check.h"
#include "base/message.h"
#include "base/str.h"
#include "members/members.h"
#include "members/wire.h"
#include "support/machine.h"

#include "common.pb-c.h"

#define CALL(name) MEMBERS__MEMBERS_CALL__CALL_##name
#define ADA 100
#define GARBAGE_TIMES 2000
#define GARBAGE_BYTES_MAX 400

static int
make(void **state)
{
	struct machines *m = calloc(1, sizeof *m);
	struct members_first first = {.name = "Ada"};
	uint8_t seed[32] = {1};

	assert_non_null(m);
	machines_open(m);
	machines_add(m, &members_service, NULL);
	machine_key(ADA, first.public_key);
	assert_int_equal(svc_first(machines_svc(m, "members"), m->now_ms, seed,
			     members_first, &first),
	    ERR_NONE);
	*state = m;
	return 0;
}

static int
clear(void **state)
{
	machines_close(*state);
	free(*state);
	return 0;
}

static struct bytes
pack(struct machines *m, const ProtobufCMessage *message)
{
	struct bytes out;

	assert_int_equal(message_pack(&m->arena, message, &out), ERR_NONE);
	return out;
}

/* The body of a call that registers Manchester. */
static struct bytes
good_body(struct machines *m)
{
	Members__RegisterCouncil body = MEMBERS__REGISTER_COUNCIL__INIT;
	Members__Council council = MEMBERS__COUNCIL__INIT;

	council.council_id = str_copy(&m->arena, "E08000003");
	council.name = str_copy(&m->arena, "Manchester");
	body.council = &council;
	return pack(m, &body.base);
}

static struct bytes
enveloped(struct machines *m, uint32_t method, struct bytes body)
{
	Envelope__Envelope envelope = ENVELOPE__ENVELOPE__INIT;

	envelope.message_id = machines_id(m);
	SET(&envelope, method, method);
	SET(&envelope, wait_ms, 5000);
	SET_BYTES(&envelope, body, body);
	return pack(m, &envelope.base);
}

/* Hands the bytes to the service as a call of Ada's. NULL: it did not answer. */
static Envelope__Envelope *
hand_over(struct machines *m, struct bytes bytes)
{
	struct svc_input in = {.token = 7, .envelope = bytes};
	uint8_t seed[32] = {2};
	struct svc_sends sends;
	ProtobufCMessage *answer;

	machine_key(ADA, in.key);
	assert_int_equal(
	    svc_turn(machines_svc(m, "members"), m->now_ms, seed, &in, 1, &sends),
	    ERR_NONE);
	assert_int_equal(sends.taken, 1);
	assert_true(sends.n <= 1);
	if (sends.n == 0)
		return NULL;
	assert_int_equal(sends.list[0].token, 7);
	assert_int_equal(message_unpack(&m->arena, &envelope__envelope__descriptor,
			     bytes_copy(&m->arena, sends.list[0].envelope), &answer),
	    ERR_NONE);
	return (Envelope__Envelope *)answer;
}

static uint64_t
head(struct machines *m)
{
	Common__HealthAsked asked = COMMON__HEALTH_ASKED__INIT;
	struct machine_call call = {
	    .service = "members", .method = CALL(HEALTH), .body = &asked.base};

	machine_key(ADA, call.key);
	return ((Common__Health *)machines_ask(m, &call, &common__health__descriptor))
	    ->head_number;
}

static size_t
councils(struct machines *m)
{
	Members__CouncilsAsked asked = MEMBERS__COUNCILS_ASKED__INIT;
	struct machine_call call = {
	    .service = "members", .method = CALL(COUNCILS), .body = &asked.base};

	machine_key(ADA, call.key);
	return (
	    (Members__Councils *)machines_ask(m, &call, &members__councils__descriptor))
	    ->n_councils;
}

/* Manchester is registered by the good call, and by none before it. */
static void
check_it_lives(struct machines *m)
{
	Envelope__Envelope *answer;

	assert_int_equal(councils(m), 0);
	answer = hand_over(m, enveloped(m, CALL(REGISTER_COUNCIL), good_body(m)));
	assert_non_null(answer);
	assert_false(answer->has_fault);
	assert_null(answer->refusal);
	assert_int_equal(councils(m), 1);
}

/* Not answered; or, where the bytes happen to be an envelope, not understood. */
static void
is_no_call(const Envelope__Envelope *answer)
{
	if (answer == NULL)
		return;
	assert_int_equal(answer->fault, ENVELOPE__FAULT__FAULT_MALFORMED);
	assert_null(answer->correlation_id);
}

static void
garbage_is_no_call(void **state)
{
	struct machines *m = *state;
	uint64_t before = head(m), x = 88172645463325252u;
	uint8_t bytes[GARBAGE_BYTES_MAX];

	is_no_call(hand_over(m, BYTES_NONE));
	for (unsigned i = 0; i < GARBAGE_TIMES; i++) {
		size_t len = i % GARBAGE_BYTES_MAX;

		for (size_t k = 0; k < len; k++) {
			x ^= x << 13;
			x ^= x >> 7;
			x ^= x << 17;
			bytes[k] = (uint8_t)x;
		}
		is_no_call(hand_over(m, (struct bytes){bytes, len}));
	}
	assert_int_equal(head(m), before);
	check_it_lives(m);
}

/* Cut short anywhere it is no command: at most its empty body is refused. */
static void
an_envelope_cut_short_does_nothing(void **state)
{
	struct machines *m = *state;
	struct bytes whole = enveloped(m, CALL(REGISTER_COUNCIL), good_body(m));

	for (size_t len = 0; len < whole.len; len++) {
		Envelope__Envelope *answer =
		    hand_over(m, (struct bytes){whole.data, len});

		assert_true(
		    answer == NULL || answer->has_fault || answer->refusal != NULL);
	}
	check_it_lives(m);
}

static void
a_body_cut_short_is_malformed(void **state)
{
	struct machines *m = *state;
	uint64_t before = head(m);
	struct bytes body = good_body(m);

	for (size_t len = 1; len < body.len; len++) {
		const Envelope__Envelope *answer =
		    hand_over(m, enveloped(m, CALL(REGISTER_COUNCIL),
				     (struct bytes){body.data, len}));

		assert_non_null(answer);
		assert_int_equal(answer->fault, ENVELOPE__FAULT__FAULT_MALFORMED);
		assert_string_equal(
		    answer->detail, "the body is not the message this method takes");
	}
	assert_int_equal(head(m), before);
	check_it_lives(m);
}

/* A flipped bit may make another good command of it; the service outlives them all. */
static void
a_flipped_bit_is_survived(void **state)
{
	struct machines *m = *state;

	for (size_t bit = 0;; bit++) {
		struct bytes bytes = enveloped(m, CALL(REGISTER_COUNCIL), good_body(m));
		uint8_t copy[GARBAGE_BYTES_MAX];

		assert_true(bytes.len <= sizeof copy);
		if (bit == bytes.len * 8)
			break;
		memcpy(copy, bytes.data, bytes.len);
		copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
		(void)hand_over(m, (struct bytes){copy, bytes.len});
	}
	machines_check_rebuild(m, "members");
	assert_true(councils(m) > 0);
}

static void
unknown_methods_are_said_to_be_so(void **state)
{
	static const uint32_t methods[] = {0, 3, 9, 17, 99, 4096, UINT32_MAX};
	struct machines *m = *state;
	uint64_t before = head(m);

	for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
		const Envelope__Envelope *answer =
		    hand_over(m, enveloped(m, methods[i], good_body(m)));

		assert_non_null(answer);
		assert_int_equal(answer->fault, ENVELOPE__FAULT__FAULT_UNKNOWN_METHOD);
	}
	assert_int_equal(head(m), before);
	check_it_lives(m);
}

/* The one field that a council's row is made of here, raw, is refused by its name. */
static void
is_refused_by_field(
    struct machines *m, const uint8_t *council, size_t len, const char *field)
{
	uint8_t body[GARBAGE_BYTES_MAX] = {0x0a, (uint8_t)len};
	const Envelope__Envelope *answer;

	assert_true(len < 128);
	memcpy(body + 2, council, len);
	answer = hand_over(
	    m, enveloped(m, CALL(REGISTER_COUNCIL), (struct bytes){body, len + 2}));
	assert_non_null(answer);
	assert_non_null(answer->refusal);
	assert_int_equal(answer->refusal->number, REFUSAL_FIELD);
	assert_string_equal(answer->refusal->field, field);
}
#define RAW(text) (const uint8_t *)(text), sizeof(text) - 1

static void
what_a_field_may_not_hold_is_refused_by_its_name(void **state)
{
	struct machines *m = *state;
	uint64_t before = head(m);

	/* field 1, council_id: no code of a council, a NUL in it, no UTF-8 */
	is_refused_by_field(m, RAW("\x0a\x04Hull"), "council.council_id");
	is_refused_by_field(m,
	    RAW("\x12\x03"
		"a\0b"),
	    "council.name");
	is_refused_by_field(m, RAW("\x12\x02\xc3\x28"), "council.name");
	/* field 99, which nobody knows */
	is_refused_by_field(m, RAW("\x9a\x06\x01x"), "council");
	assert_int_equal(head(m), before);
	check_it_lives(m);
}

static void
an_id_that_is_none_is_answered_to_no_one(void **state)
{
	static const char *const ids[] = {"", "x", "01k9j3v5x2m8q4r7t6p2weh0a",
	    "01K9J3V5X2M8Q4R7T6P2WEH0AB", "../../../../../etc/passwd!"};
	struct machines *m = *state;
	uint64_t before = head(m);

	for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
		Envelope__Envelope envelope = ENVELOPE__ENVELOPE__INIT;
		const Envelope__Envelope *answer;

		envelope.message_id = str_copy(&m->arena, ids[i]);
		SET(&envelope, method, CALL(REGISTER_COUNCIL));
		SET_BYTES(&envelope, body, good_body(m));
		answer = hand_over(m, pack(m, &envelope.base));
		assert_true(answer == NULL || answer->has_fault);
	}
	assert_int_equal(head(m), before);
	check_it_lives(m);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, clear)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(garbage_is_no_call),
	    TEST(an_envelope_cut_short_does_nothing),
	    TEST(a_body_cut_short_is_malformed),
	    TEST(a_flipped_bit_is_survived),
	    TEST(unknown_methods_are_said_to_be_so),
	    TEST(what_a_field_may_not_hold_is_refused_by_its_name),
	    TEST(an_id_that_is_none_is_answered_to_no_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
