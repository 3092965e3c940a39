/*
 * Callers: what they do when nobody answers, or not now; and services that call each
 * other and hear each other's hints.
 */
#include "base_bus_world.h"

/* ---- when nobody answers ---- */

static void
busy_is_tried_again(void **state)
{
	struct world *w = *state;
	struct bus_client *ann = client(w, &w->ann);

	assert_int_equal(ask_number(w, ann, BUSY_TWICE), 3);
	bus_client_close(ann);
}

static void
busy_to_the_end_is_said(void **state)
{
	struct world *w = *state;
	struct bus_client *ann = client(w, &w->ann);
	Envelope__Envelope *answer = NULL;

	assert_int_equal(call(w, ann, BUSY_ALWAYS, BYTES_NONE, 700, &answer), ERR_NONE);
	assert_true(answer->has_fault);
	assert_int_equal(answer->fault, ENVELOPE__FAULT__FAULT_BUSY);
	assert_in_range(ask_number(w, ann, COUNT), 4, 40); /* more and more slowly */
	bus_client_close(ann);
}

static void
a_lost_call_is_sent_again(void **state)
{
	struct world *w = *state;
	struct bus_client *ann = client(w, &w->ann);

	assert_int_equal(ask_number(w, ann, SECOND_TIME), 2);
	bus_client_close(ann);
}

static void
a_call_outlives_the_service(void **state)
{
	struct world *w = *state;
	struct bus_client *ann = client(w, &w->ann);

	assert_int_equal(ask_number(w, ann, DIE), 2);
	bus_client_close(ann);
}

static void
silence_is_late(void **state)
{
	struct world *w = *state;
	struct bus_client *ann = client(w, &w->ann);
	Envelope__Envelope *answer = NULL;

	assert_int_equal(call(w, ann, SILENCE, BYTES_NONE, 300, &answer), ERR_LATE);
	/* Its end is not the end of the connection. */
	assert_int_equal(ask_number(w, ann, COUNT), 2);
	bus_client_close(ann);
}

static void
nobody_there_is_unreachable(void **state)
{
	struct world *w = *state;
	struct bus_client *ann = client(w, &w->ann);
	Envelope__Envelope *answer = NULL;
	int64_t began = clock_ticks_us();

	assert_int_equal(
	    call(w, ann, WHO_AM_I, BYTES_NONE, 300, &answer), ERR_UNREACHABLE);
	assert_true(clock_ticks_us() - began >= 300000);
	bus_client_close(ann);
}

static void
many_calls_at_once_are_all_answered(void **state)
{
	struct world *w = *state;
	struct bus_client *ann = client(w, &w->ann);
	unsigned answered = 0;

	for (unsigned i = 0; i < 200; i++) {
		struct id id;

		assert_int_equal(bus_client_post(ann, raw_call(w, &id)), ERR_NONE);
	}
	for (unsigned i = 0; i < 200; i++) {
		struct bytes answer;

		answered += bus_client_take(ann, 5000, &answer) == ERR_NONE;
	}
	assert_int_equal(answered, 200);
	bus_client_close(ann);
}

static void
a_call_too_long_is_not_sent(void **state)
{
	struct world *w = *state;
	struct bus_client *ann = client(w, &w->ann);
	static uint8_t body[BUS_MESSAGE_BYTES_MAX];
	Envelope__Envelope *answer = NULL;

	assert_int_equal(
	    call(w, ann, WHO_AM_I, (struct bytes){body, sizeof body}, 2000, &answer),
	    ERR_MALFORMED);
	assert_int_equal(
	    bus_client_post(ann, (struct bytes){body, sizeof body + 1}), ERR_MALFORMED);
	assert_int_equal(call(w, ann, WHO_AM_I, (struct bytes){body, sizeof body - 200},
			     5000, &answer),
	    ERR_NONE);
	assert_int_equal(ask_number(w, ann, COUNT), 2);
	bus_client_close(ann);
}

static void
a_long_answer_arrives_whole(void **state)
{
	struct world *w = *state;
	struct bus_client *ann = client(w, &w->ann);
	Envelope__Envelope *answer = NULL;
	uint8_t size[4];

	bytes_put_u32(size, BUS_MESSAGE_BYTES_MAX - 100);
	assert_int_equal(
	    call(w, ann, GROW, (struct bytes){size, 4}, 5000, &answer), ERR_NONE);
	assert_int_equal(answer->body.len, BUS_MESSAGE_BYTES_MAX - 100);
	bus_client_close(ann);
}

/* ---- between services ---- */

/* Waits for the next message of one sort, five seconds at most. */
static void
expect(struct bus *bus, enum bus_what what, struct bus_message *m)
{
	int64_t until = clock_ticks_us() + 5000000;

	do {
		assert_int_equal(bus_wait(bus, 100, -1), ERR_NONE);
		assert_int_equal(bus_receive(bus, m), ERR_NONE);
	} while (m->what != what && clock_ticks_us() < until);
	assert_int_equal(m->what, what);
	assert_string_equal(m->service, "echo");
}

static void
a_service_asks_another_and_hears_its_hints(void **state)
{
	struct world *w = *state;
	struct bus *bus = open_bus(&w->ann, lets_nobody_in);
	struct bus_client *bob = client(w, &w->bob);
	Envelope__Envelope *answer = NULL;
	struct bus_message m;
	struct id id;
	struct bytes packed = raw_call(w, &id);
	int64_t until = clock_ticks_us() + 5000000;

	assert_int_equal(bus_send(bus, "echo", packed), ERR_UNREACHABLE);
	assert_int_equal(bus_connect(bus, &w->service), ERR_NONE);
	assert_int_equal(bus_send(bus, "nobody", packed), ERR_UNREACHABLE);
	while (bus_send(bus, "echo", packed) != ERR_NONE && clock_ticks_us() < until)
		assert_int_equal(bus_wait(bus, 5, -1), ERR_NONE);
	expect(bus, BUS_ANSWER, &m);

	/* A hint may be lost while the subscription is on its way: ask again. */
	for (m.what = BUS_NOTHING; m.what != BUS_HINT && clock_ticks_us() < until;) {
		assert_int_equal(
		    call(w, bob, PUBLISH, bytes_of_text("news"), 5000, &answer),
		    ERR_NONE);
		assert_int_equal(bus_wait(bus, 100, -1), ERR_NONE);
		assert_int_equal(bus_receive(bus, &m), ERR_NONE);
	}
	assert_int_equal(m.what, BUS_HINT);
	assert_string_equal(m.service, "echo");
	assert_true(bytes_equal(m.bytes, bytes_of_text("news")));
	bus_client_close(bob);
	bus_close(bus);
}

static void
a_dead_peer_is_unreachable_at_once(void **state)
{
	struct world *w = *state;
	struct bus *bus = open_bus(&w->ann, lets_nobody_in);
	struct id id;
	struct bytes packed = raw_call(w, &id);

	assert_int_equal(bus_connect(bus, &w->service), ERR_NONE);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(bus_wait(bus, 20, -1), ERR_NONE);
		assert_int_equal(bus_send(bus, "echo", packed), ERR_UNREACHABLE);
	}
	bus_close(bus);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SERVED(busy_is_tried_again),
	    SERVED(busy_to_the_end_is_said),
	    SERVED(a_lost_call_is_sent_again),
	    SERVED(a_call_outlives_the_service),
	    SERVED(silence_is_late),
	    ALONE(nobody_there_is_unreachable),
	    SERVED(many_calls_at_once_are_all_answered),
	    SERVED(a_call_too_long_is_not_sent),
	    SERVED(a_long_answer_arrives_whole),
	    SERVED(a_service_asks_another_and_hears_its_hints),
	    ALONE(a_dead_peer_is_unreachable_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
