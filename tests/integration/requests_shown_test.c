/* What an owner of places that was restored is shown of its own placements. */
#include "requests_steps.h"

#define JOURNEYS 40

static const Place__Journeys *
shown_to(struct machines *m, const char *service, char *after_id)
{
	Place__JourneysAsked asked = PLACE__JOURNEYS_ASKED__INIT;
	struct machine_call call = {
	    .service = "requests", .method = JOURNEYS, .body = &asked.base};

	asked.after_id = after_id;
	machine_peer_key(m, service, call.key);
	return machines_ask(m, &call, &place__journeys__descriptor);
}

/* How far it is shown: H held, C confirmed, S started, E ended; O over. */
static const char *
text_of(struct machines *m, const Place__JourneyShown *j)
{
	return str_format(&m->arena, "%s%s%s%s%s", j->is_over ? "O" : "",
	    j->hold != NULL && j->held != NULL ? "H" : "", j->confirm ? "C" : "",
	    j->start ? "S" : "", j->end ? "E" : "");
}

static const char *
all_text(struct machines *m, const char *service)
{
	const Place__Journeys *page = shown_to(m, service, NULL);
	const char *text = "";

	assert_null(page->next_id);
	for (size_t i = 0; i < page->n_journeys; i++)
		text = str_format(&m->arena, "%s%s%s", text, i > 0 ? " " : "",
		    text_of(m, page->journeys[i]));
	return text;
}

static void
each_is_shown_as_far_as_the_owner_said_yes(void **state)
{
	static const struct {
		Requests__State state;
		const char *text;
	} cases[] = {
	    {STATE(DECIDED), ""}, /* the hold is asked for again */
	    {STATE(HELD), "H"},
	    {STATE(CONFIRMING), "H"},
	    {STATE(CONFIRMED), "HC"},
	    {STATE(STARTING), "HC"},
	    {STATE(STARTED), "HCS"},
	};
	struct machines *m;
	char *chosen;

	for (size_t i = 0; i < N(cases); i++) {
		if (i > 0)
			make_world(state);
		m = *state;
		brought_to(m, cases[i].state, &chosen);
		assert_string_equal(all_text(m, "foster"), cases[i].text);
		assert_string_equal(all_text(m, "residential"), "");
		if (i + 1 < N(cases))
			clear_world(state);
	}
}

/* With all that was said: the owner needs no more to record it. */
static void
it_is_shown_as_it_was_asked(void **state)
{
	struct machines *m = *state;
	char *chosen;
	char *r = brought_to(m, STATE(STARTED), &chosen);
	const Requests__Journey *journey = journey_of(m, r);
	const Place__JourneyShown *j;
	const struct owner_call *hold = last_asked(FOSTER_CALL(HOLD));

	does(m, COMMISSIONER, CALL(END), end_of(m, r));
	assert_string_equal(all_text(m, "foster"), "HCSE");
	j = shown_to(m, "foster", NULL)->journeys[0];
	assert_string_equal(j->request_id, r);
	assert_string_equal(j->hold_id, hold->id);
	assert_string_equal(j->hold->request_id, r);
	assert_string_equal(j->hold->vacancy_id, VACANCY_1);
	assert_int_equal(j->hold->n_children, 1);
	assert_non_null(j->hold->children[0]->child_id);
	assert_int_equal(j->hold->children[0]->age_years, 9);
	assert_false(j->hold->are_siblings);
	assert_true(j->hold->hold_minutes > 0);
	assert_string_equal(j->hold->placing_council_id, MANCHESTER);
	assert_string_equal(j->held->hold_id, hold->id);
	assert_string_equal(j->held->place_id, "000000000000000000000000h1");
	assert_int_equal(j->held->fencing_number, journey->fencing_number);
	assert_int_equal(j->held->expires_time, journey->hold_expires_time);
	assert_int_equal(j->confirm->latest_start_time,
	    last_asked(FOSTER_CALL(CONFIRM_HOLD))->latest_start_time);
	assert_string_equal(
	    j->start->placement_id, last_asked(FOSTER_CALL(START))->placement_id);
	assert_int_equal(j->start->start_day, last_asked(FOSTER_CALL(START))->day);
	assert_string_equal(j->start->placing_council_id, MANCHESTER);
	assert_string_equal(j->end->placement_id, j->start->placement_id);
	assert_int_equal(j->end->end_day, day_in_london(m->now_ms));
}

static void
what_was_lost_or_withdrawn_is_over(void **state)
{
	struct machines *m = *state;
	char *chosen;
	char *r = brought_to(m, STATE(HELD), &chosen);

	does(m, COMMISSIONER, CALL(WITHDRAW), withdrawal(m, r));
	assert_string_equal(all_text(m, "foster"), "O");
	assert_string_equal(shown_to(m, "foster", NULL)->journeys[0]->hold_id,
	    last_asked(FOSTER_CALL(HOLD))->id);
}

/* Siblings in two homes of two owners: each is shown its own part, with its children.
 */
static void
each_owner_is_shown_its_own_part(void **state)
{
	struct machines *m = *state;
	static const char *const both[] = {VACANCY_1, BED_1};
	char *r = submit_siblings(m);
	char *two, *one;
	const Place__Journeys *page;

	does(m, COMMISSIONER, CALL(CIRCULATE), circulation(m, r, both, N(both)));
	two = offer_part(m, BIDDER, r, VACANCY_1, "AB");
	one = offer_part(m, HOMES, r, BED_1, "C");
	does(m, COMMISSIONER, CALL(DECIDE), decision_on_two(m, r, two, one));
	machines_settle(m);
	assert_string_equal(all_text(m, "foster"), "H");
	assert_string_equal(all_text(m, "residential"), "H");
	page = shown_to(m, "foster", NULL);
	assert_int_equal(page->journeys[0]->hold->n_children, 2);
	assert_true(page->journeys[0]->hold->are_siblings);
	page = shown_to(m, "residential", NULL);
	assert_int_equal(page->journeys[0]->hold->n_children, 1);
	assert_false(page->journeys[0]->hold->are_siblings);
	assert_int_equal(page->journeys[0]->hold->children[0]->age_years, 11);
	assert_string_equal(
	    page->journeys[0]->held->place_id, "000000000000000000000000h2");
}

/* Only so many rows are looked at for one page, and each is shown just once. */
static void
pages_are_bounded_and_miss_nothing(void **state)
{
	struct machines *m = *state;
	const Place__Journeys *page;
	size_t shown_n = 0, pages = 0;
	char *after_id = NULL;

	for (size_t i = 0; i < 101; i++) {
		size_t mark = m->arena.used;
		char *r = submit(m, REQUESTS__URGENCY__URGENCY_PLANNED), *chosen;

		circulate(m, r);
		chosen = offer(m, BIDDER, r, VACANCY_1);
		does(m, COMMISSIONER, CALL(DECIDE), decision(m, r, chosen));
		arena_release(&m->arena, mark);
	}
	for (size_t i = 0; i < 420; i++) {
		size_t mark = m->arena.used;

		submit(m, REQUESTS__URGENCY__URGENCY_PLANNED);
		arena_release(&m->arena, mark);
	}
	machines_settle(m);
	m->now_ms += 20000;
	machines_settle(m);
	do {
		page = shown_to(m, "foster", after_id);
		shown_n += page->n_journeys;
		after_id = page->next_id;
		pages++;
		assert_true(page->n_journeys <= 100);
	} while (after_id != NULL);
	assert_int_equal(shown_n, 101);
	assert_int_equal(pages, 2);
	for (pages = 0, after_id = NULL; pages == 0 || after_id != NULL; pages++)
		after_id = shown_to(m, "residential", after_id)->next_id;
	assert_int_equal(pages, 2); /* of 521 rows, all another's */
}

static void
nobody_else_may_ask(void **state)
{
	struct machines *m = *state;
	Place__JourneysAsked asked = PLACE__JOURNEYS_ASKED__INIT;
	struct machine_call call = by(COMMISSIONER, JOURNEYS, &asked);

	assert_int_equal(machines_fault(m, &call), ENVELOPE__FAULT__FAULT_DENIED);
	machine_peer_key(m, "matching", call.key);
	assert_int_equal(machines_fault(m, &call), ENVELOPE__FAULT__FAULT_DENIED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_world, clear_world)
	    TEST(each_is_shown_as_far_as_the_owner_said_yes),
	    TEST(it_is_shown_as_it_was_asked),
	    TEST(what_was_lost_or_withdrawn_is_over),
	    TEST(each_owner_is_shown_its_own_part),
	    TEST(pages_are_bounded_and_miss_nothing),
	    TEST(nobody_else_may_ask),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
