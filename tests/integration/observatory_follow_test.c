/* The same figures however the events were followed; and who is told them. */
#include "integration/observatory_world.h"

static bool
is_same(struct world *w, const Observatory__Sufficiency *a,
    const Observatory__Sufficiency *b)
{
	struct bytes one, other;

	if (a->n_lines != b->n_lines)
		return false;
	for (size_t i = 0; i < a->n_lines; i++) {
		assert_int_equal(
		    message_pack(&w->m.arena, &a->lines[i]->base, &one), ERR_NONE);
		assert_int_equal(
		    message_pack(&w->m.arena, &b->lines[i]->base, &other), ERR_NONE);
		if (!bytes_equal(one, other))
			return false;
	}
	return true;
}

/* A whole small region. */
static void
populate(struct world *w)
{
	char *councils[] = {bury, manchester, trafford};

	for (unsigned i = 0; i < 40; i++) {
		char *council = councils[i % 3];
		char *home = household(w, i % 2 ? w->team : w->agency, council, 3);
		char *request = submitted(w, councils[i % 5 == 0 ? 1 : 2], 1 + i % 3);
		struct part part = {NULL, w->agency, home, 0, NULL, NULL};
		counted(w, home, 3, i % 3, i % 2 ? 0 : 1);
		if (i % 4 == 0)
			continue;
		decided(w, request, &part);
		if (i % 4 > 1)
			started(w, request, &part);
	}
	home_with_beds(w);
	machines_settle(&w->m);
}

static void
however_it_was_followed(void **state)
{
	struct world *w = *state;
	const Observatory__Sufficiency *first, *again;
	struct kv_txn txn;

	populate(w);
	first = ask(w, OFFICER, NULL);
	assert_true(figure(line(first, NULL), METRIC(PLACED)) > 10);
	machines_restart(&w->m, "observatory");
	assert_true(is_same(w, first, ask(w, OFFICER, NULL)));
	/* A little more, read as changes; and then all from the store again. */
	char *home = household(w, w->team, bury, 2);
	counted(w, home, 2, 1, 0);
	machines_settle(&w->m);
	again = ask(w, OFFICER, NULL);
	assert_false(is_same(w, first, again));
	machines_restart(&w->m, "observatory");
	assert_true(is_same(w, again, ask(w, OFFICER, NULL)));
	/* The copy of foster is of a journal that is no more: followed from 1. */
	kv_begin(svc_kv(machines_svc(&w->m, "observatory")), &txn, true);
	Journal__Cursor cursor = *observatory_store_cursor(&txn, &w->m.arena, "foster");
	SET(&cursor, incarnation, cursor.incarnation + 1);
	row_put(&txn, &w->m.arena, SVC_CURSORS, row_key("foster"), &cursor.base);
	assert_int_equal(kv_end(&txn), ERR_NONE);
	machines_restart(&w->m, "observatory");
	machines_settle(&w->m);
	machines_settle(&w->m);
	kv_begin(svc_kv(machines_svc(&w->m, "observatory")), &txn, false);
	assert_int_equal(
	    observatory_store_cursor(&txn, &w->m.arena, "foster")->incarnation,
	    cursor.incarnation - 1);
	kv_abort(&txn);
	assert_true(is_same(w, again, ask(w, OFFICER, NULL)));
}

/* ---- who is told ---- */

static void
small_counts_stay_in_the_council(void **state)
{
	struct world *w = *state;
	const Observatory__Sufficiency *s;

	for (unsigned i = 0; i < 3; i++) {
		submitted(w, bury, 1);
		submitted(w, trafford, 1);
	}
	for (unsigned i = 0; i < 20; i++)
		submitted(w, i < 4 ? manchester : trafford, 1);
	machines_settle(&w->m);
	s = ask(w, OFFICER, NULL);
	assert_false(s->is_suppressed);
	assert_int_equal(figure(line(s, bury), METRIC(SEARCHING)), 3);
	/* A council: its own row whole, of the others what may be shown. */
	s = ask(w, BEA, NULL);
	assert_true(s->is_suppressed);
	assert_int_equal(figure(line(s, manchester), METRIC(SEARCHING)), 4);
	assert_int_equal(figure(line(s, manchester), METRIC(OPEN)), 4);
	assert_int_equal(figure(line(s, bury), METRIC(SEARCHING)), HIDDEN);
	assert_int_equal(figure(line(s, trafford), METRIC(SEARCHING)), HIDDEN);
	assert_int_equal(figure(line(s, NULL), METRIC(SEARCHING)), 26);
	assert_int_equal(figure(line(s, bury), METRIC(OPEN)), ABSENT);
	s = ask(w, BEA, manchester);
	assert_false(s->is_suppressed);
	assert_int_equal(figure(line(s, NULL), METRIC(SEARCHING)), 4);
}

static void
who_may_ask(void **state)
{
	struct world *w = *state;
	Observatory__SufficiencyAsked asked = OBSERVATORY__SUFFICIENCY_ASKED__INIT;
	Observatory__DefinitionsAsked define = OBSERVATORY__DEFINITIONS_ASKED__INIT;
	struct machine_call call = call_by(PLACER, &asked);

	assert_int_equal(machines_fault(&w->m, &call), ENVELOPE__FAULT__FAULT_DENIED);
	machine_peer_key(&w->m, "matching", call.key);
	assert_int_equal(machines_fault(&w->m, &call), ENVELOPE__FAULT__FAULT_DENIED);
	call = call_by(BEA, &asked);
	asked.council_id = bury;
	assert_int_equal(machines_refused(&w->m, &call), OBSERVATORY_OTHER_COUNCIL);
	call = call_by(OFFICER, &asked);
	asked.council_id = (char[]){"E06000001"};
	assert_int_equal(machines_refused(&w->m, &call), OBSERVATORY_COUNCIL_UNKNOWN);
	call = call_by(PLACER, &asked);
	call.method = CALL(DEFINITIONS);
	call.body = &define.base;
	const Observatory__Definitions *d =
	    machines_ask(&w->m, &call, &observatory__definitions__descriptor);
	assert_int_equal(d->version, ask(w, OFFICER, NULL)->definitions_version);
}

static void
every_source_says_how_fresh_it_is(void **state)
{
	struct world *w = *state;
	const Observatory__Sufficiency *s;

	household(w, w->team, bury, 2);
	machines_settle(&w->m);
	s = ask(w, OFFICER, NULL);
	assert_int_equal(s->n_sources, 4);
	for (size_t i = 0; i < 4; i++)
		assert_true(s->sources[i]->fresh_time >= MACHINE_TIME_MS);
	assert_string_equal(s->sources[1]->service, "foster");
	assert_int_equal(s->sources[1]->number, 1);
	assert_int_equal(s->until_day, TODAY);
	assert_int_equal(s->from_day, TODAY - OBSERVATORY_PERIOD_DAYS);
}

int
main(void)
{
#define STORY(name) cmocka_unit_test_setup_teardown(name, make, clear)
	const struct CMUnitTest tests[] = {
	    STORY(however_it_was_followed),
	    STORY(small_counts_stay_in_the_council),
	    STORY(who_may_ask),
	    STORY(every_source_says_how_fresh_it_is),
	};

	return cmocka_run_group_tests_name("observatory_follow", tests, NULL, NULL);
}
