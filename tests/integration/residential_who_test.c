/* Who sees what of a home, as bytes: every role, of its provider and of others, asks
 * each question, and the answer is searched for what it may not hold. */
#include <string.h>

#include "integration/residential_world.h"

enum {
	NAME = 1 << 0,    /* the home's */
	WHERE = 1 << 1,   /* the postcode sector */
	LIVING = 1 << 2,  /* the row of somebody who lives there */
	COMING = 1 << 3,  /* the reference of a child a bed is held for */
	WHOSE = 1 << 4,   /* the council that placed a child there */
	REQUEST = 1 << 5, /* that a bed is held for */
};
#define MARKS 6

static const struct {
	enum who who;
	unsigned home, homes, vacancies;
} readers[] = {
    {OFFICER, NAME | WHERE | LIVING | COMING | WHOSE | REQUEST, NAME | WHERE, WHERE},
    {OTHER_OFFICER, 0, 0, 0},
    {SUPPORTED_OFFICER, 0, 0, 0},
    {FOSTER_OFFICER, 0, 0, 0},
    {COMMISSIONER, 0, 0, WHERE},
    {OTHER_COUNCIL, 0, 0, WHERE},
    {OF_COOPERATIVE, 0, 0, WHERE},
};

static unsigned
seen(struct residential_world *w, const char *const *marks, struct machine_call call)
{
	const Envelope__Envelope *e = machines_call(&w->m, &call);
	struct bytes answer = BYTES_OF(e->body);
	unsigned found = 0;

	for (unsigned i = 0; i < MARKS; i++) {
		if (answer.len > 0 &&
		    memmem(answer.data, answer.len, marks[i], strlen(marks[i])) != NULL)
			found |= 1u << i;
	}
	return found;
}

static void
what_leaves_by_reader(void **state)
{
	struct residential_world *w = *state;
	const char *id = registered(w, "SC100001");
	const Place__Hold *coming = hold_of(w, opened(w, id, BAND(10_TO_15)), 1, 12);
	Residential__Occupant *o = occupant_made(w, id, 12);
	Residential__HomeAsked home = RESIDENTIAL__HOME_ASKED__INIT;
	Residential__HomesAsked homes = RESIDENTIAL__HOMES_ASKED__INIT;
	Residential__VacanciesAsked vacancies = RESIDENTIAL__VACANCIES_ASKED__INIT;

	o->placing_council_id = said(w, ELSEWHERE);
	const char *const marks[MARKS] = {"Invented House", "M14 5",
	    done(w, occupant_call(w, o))->id, coming->children[0]->child_id, ELSEWHERE,
	    coming->request_id};
	held(w, coming);
	home.home_id = said(w, id);
	for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
		enum who who = readers[i].who;
		unsigned got[] = {
		    seen(w, marks, call_of(who, CALL(HOME), &home.base)),
		    seen(w, marks, call_of(who, CALL(HOMES), &homes.base)),
		    seen(w, marks, call_of(who, CALL(VACANCIES), &vacancies.base)),
		};
		unsigned fine[] = {
		    readers[i].home, readers[i].homes, readers[i].vacancies};

		for (size_t j = 0; j < 3; j++) {
			if (got[j] != fine[j])
				fail_msg("reader %zu, question %zu: sees %x, not %x", i,
				    j, got[j], fine[j]);
		}
	}
}

/* A provider that asks for another's vacancies by name gets none. */
static void
a_competitor_reads_nothing(void **state)
{
	struct residential_world *w = *state;
	Residential__VacanciesAsked asked = RESIDENTIAL__VACANCIES_ASKED__INIT;

	opened(w, registered(w, "SC100001"), BAND(10_TO_15));
	asked.provider_id = w->provider;
	struct machine_call call = call_of(OTHER_OFFICER, CALL(VACANCIES), &asked.base);
	const Residential__Vacancies *page =
	    machines_ask(&w->m, &call, &residential__vacancies__descriptor);
	assert_int_equal(page->n_vacancies, 0);
	machine_key(COMMISSIONER, call.key);
	page = machines_ask(&w->m, &call, &residential__vacancies__descriptor);
	assert_int_equal(page->n_vacancies, 1);
}

/* Who may write: by table, every command, before its body is looked at. */
static void
only_providers_keep_and_only_requests_holds(void **state)
{
	static const enum who not_providers[] = {
	    COMMISSIONER, OTHER_COUNCIL, OF_COOPERATIVE};
	static const char *const peers[] = {"matching", "foster", "observatory"};
	static const uint32_t kept[] = {CALL(REGISTER_HOME), CALL(AMEND_HOME),
	    CALL(RECORD_OCCUPANT), CALL(END_OCCUPANT), CALL(CLOSE_BEDS),
	    CALL(REOPEN_BEDS), CALL(RESERVE_BED), CALL(FREE_BED), CALL(OPEN_VACANCY),
	    CALL(CONFIRM_VACANCY), CALL(CLOSE_VACANCY), CALL(HOME), CALL(HOMES)};
	static const uint32_t held_calls[] = {
	    CALL(HOLD), CALL(CONFIRM_HOLD), CALL(RELEASE), CALL(START), CALL(END)};
	struct residential_world *w = *state;
	Common__HealthAsked empty = COMMON__HEALTH_ASKED__INIT;

	for (size_t i = 0; i < 13; i++) {
		for (size_t j = 0; j < 3; j++) {
			struct machine_call call =
			    call_of(not_providers[j], kept[i], &empty.base);
			assert_int_equal(machines_fault(&w->m, &call),
			    ENVELOPE__FAULT__FAULT_DENIED);
			machine_peer_key(&w->m, "requests", call.key);
			assert_int_equal(machines_fault(&w->m, &call),
			    ENVELOPE__FAULT__FAULT_DENIED);
		}
	}
	for (size_t i = 0; i < 5; i++) {
		for (size_t j = 0; j < 3; j++) {
			struct machine_call call =
			    call_of(OFFICER, held_calls[i], &empty.base);
			assert_int_equal(machines_fault(&w->m, &call),
			    ENVELOPE__FAULT__FAULT_DENIED);
			machine_peer_key(&w->m, peers[j], call.key);
			assert_int_equal(machines_fault(&w->m, &call),
			    ENVELOPE__FAULT__FAULT_DENIED);
		}
	}
}

int
main(void)
{
#define STORY(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)
	const struct CMUnitTest tests[] = {
	    STORY(what_leaves_by_reader),
	    STORY(a_competitor_reads_nothing),
	    STORY(only_providers_keep_and_only_requests_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
