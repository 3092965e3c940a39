/*
 * What rcc-residential makes of calls that no client of ours sends: each of its
 * commands cut short anywhere, and with each bit flipped. Whatever comes it answers,
 * lives on, and a rebuild from the journal comes to the same tables.
 */
#include <string.h>

#include "integration/residential_world.h"

#define COMMANDS_MAX 20
#define FLIPPED_BYTES_MAX 400

struct command {
	uint8_t key[32];
	uint32_t method;
	struct bytes body;
};

struct commands {
	struct command list[COMMANDS_MAX];
	size_t n;
	const char *home_id;
};

static void
add(struct residential_world *w, struct commands *c, struct machine_call call)
{
	struct command *one = &c->list[c->n++];

	memcpy(one->key, call.key, sizeof one->key);
	one->method = call.method;
	assert_int_equal(message_pack(&w->m.arena, call.body, &one->body), ERR_NONE);
}

/* Every command there is, each of which would be done. */
static void
make_commands(struct residential_world *w, struct commands *c)
{
	const char *id = c->home_id = registered(w, "SC100001");
	const Residential__Vacancy *v = opened(w, id, BAND(10_TO_15));
	const Place__Held *h = held(w, hold_of(w, v, 1, 12));
	Residential__Occupant *o = occupant_made(w, id, 12);
	Residential__Home *row = row_of(w, id);
	Residential__EndOccupant end = RESIDENTIAL__END_OCCUPANT__INIT;
	Residential__ReopenBeds reopen = RESIDENTIAL__REOPEN_BEDS__INIT;
	Residential__FreeBed freed = RESIDENTIAL__FREE_BED__INIT;
	Residential__ConfirmVacancy confirm = RESIDENTIAL__CONFIRM_VACANCY__INIT;
	Residential__CloseVacancy closing = RESIDENTIAL__CLOSE_VACANCY__INIT;

	add(w, c, register_call(w, OFFICER, home_made(w, "SC100002")));
	add(w, c, amend_call(w, OFFICER, row));
	o->not_safe_with = with_one(w, WITH(BOYS));
	o->n_not_safe_with = 1;
	add(w, c, occupant_call(w, o));
	end.occupant_id = said(w, done(w, occupant_call(w, o))->id);
	SET(&end, end_day, TODAY);
	add(w, c, call_of(OFFICER, CALL(END_OCCUPANT), &end.base));
	add(w, c, close_call(w, id, 1, TODAY + 3));
	reopen.closed_id = said(w, done(w, close_call(w, id, 1, 0))->id);
	add(w, c, call_of(OFFICER, CALL(REOPEN_BEDS), &reopen.base));
	add(w, c, reserve_call(w, id, 2, AREA));
	freed.reservation_id = said(w, done(w, reserve_call(w, id, 1, AREA))->id);
	add(w, c, call_of(OFFICER, CALL(FREE_BED), &freed.base));
	add(w, c, open_call(w, OFFICER, id, BAND(10_TO_15)));
	confirm.vacancy_id = v->vacancy_id;
	add(w, c, call_of(OFFICER, CALL(CONFIRM_VACANCY), &confirm.base));
	add(w, c, hold_call(w, hold_of(w, v, 2, 12)));
	add(w, c, confirm_call(w, h, h->fencing_number));
	add(w, c, start_call(w, h, machines_id(&w->m)));
	add(w, c, end_call(w, machines_id(&w->m)));
	add(w, c, release_call(w, h->hold_id));
	closing.vacancy_id = v->vacancy_id;
	add(w, c, call_of(OFFICER, CALL(CLOSE_VACANCY), &closing.base));
	assert_int_equal(c->n, 16);
}

static struct bytes
enveloped(struct residential_world *w, uint32_t method, struct bytes body)
{
	Envelope__Envelope envelope = ENVELOPE__ENVELOPE__INIT;
	struct bytes out;

	envelope.message_id = machines_id(&w->m);
	SET(&envelope, method, method);
	SET(&envelope, wait_ms, 5000);
	SET_BYTES(&envelope, body, body);
	assert_int_equal(message_pack(&w->m.arena, &envelope.base, &out), ERR_NONE);
	return out;
}

/* It answers this call, and no fault of its own is in the answer. */
static void
hand_over(struct residential_world *w, const struct command *c, struct bytes body)
{
	size_t mark = w->m.arena.used;
	struct svc_input in = {.token = 7, .envelope = enveloped(w, c->method, body)};
	uint8_t seed[32] = {(uint8_t)w->m.drawn, (uint8_t)(w->m.drawn >> 8),
	    (uint8_t)(w->m.drawn >> 16)};
	struct svc_sends sends;
	ProtobufCMessage *m;

	memcpy(in.key, c->key, sizeof in.key);
	assert_int_equal(svc_turn(machines_svc(&w->m, "residential"), w->m.now_ms, seed,
			     &in, 1, &sends),
	    ERR_NONE);
	assert_int_equal(sends.n, 1);
	assert_int_equal(message_unpack(&w->m.arena, &envelope__envelope__descriptor,
			     bytes_copy(&w->m.arena, sends.list[0].envelope), &m),
	    ERR_NONE);
	const Envelope__Envelope *answer = (const Envelope__Envelope *)m;
	if (answer->has_fault)
		assert_int_equal(answer->fault, ENVELOPE__FAULT__FAULT_MALFORMED);
	arena_release(&w->m.arena, mark);
}

static void
a_command_cut_short_is_survived(void **state)
{
	struct residential_world *w = *state;
	struct commands c = {.n = 0};

	make_commands(w, &c);
	for (size_t i = 0; i < c.n; i++) {
		for (size_t len = 0; len < c.list[i].body.len; len++)
			hand_over(
			    w, &c.list[i], (struct bytes){c.list[i].body.data, len});
	}
	/* The hold that was there is there: of its calls each needs its last byte. */
	assert_int_equal(shown(w, OFFICER, c.home_id)->n_holds, 1);
}

static void
a_flipped_bit_is_survived(void **state)
{
	struct residential_world *w = *state;
	struct commands c = {.n = 0};

	make_commands(w, &c);
	for (size_t i = 0; i < c.n; i++) {
		uint8_t copy[FLIPPED_BYTES_MAX];
		size_t len = c.list[i].body.len;

		assert_true(len <= sizeof copy);
		for (size_t bit = 0; bit < len * 8; bit++) {
			memcpy(copy, c.list[i].body.data, len);
			copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
			hand_over(w, &c.list[i], (struct bytes){copy, len});
		}
	}
	/* Whatever that made of the home, its beds still add up. */
	const Residential__Beds *b = beds(w, c.home_id);
	uint32_t used = b->occupied + b->held + b->closed;
	assert_int_equal(
	    b->free + b->reserved, b->staffed > used ? b->staffed - used : 0);
}

int
main(void)
{
#define STORY(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)
	const struct CMUnitTest tests[] = {
	    STORY(a_command_cut_short_is_survived),
	    STORY(a_flipped_bit_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
