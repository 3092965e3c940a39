/* Who sees what of a household, as bytes: every role, of its provider, of its area and
 * of others, asks each question, and the answer is searched for what it may not hold.
 */
#include <string.h>

#include "integration/foster_world.h"

enum {
	NAME = 1 << 0,   /* the carer's */
	WHERE = 1 << 1,  /* the postcode sector */
	CHILD = 1 << 2,  /* the reference of a child who lives there */
	COMING = 1 << 3, /* of one whom a place is held for */
	WHOSE = 1 << 4,  /* the council that placed a child there */
};

static const struct {
	enum who who;
	unsigned household, households, vacancies;
} readers[] = {
    {OFFICER, NAME | WHERE | CHILD | COMING | WHOSE, NAME | WHERE, WHERE},
    {OTHER_OFFICER, 0, 0, 0},
    {HOMES_OFFICER, 0, 0, 0},
    {AREA_OFFICER, CHILD, 0, WHERE},
    {AREA_DIRECTOR, CHILD, 0, WHERE},
    {AREA_COMMISSIONER, 0, 0, WHERE},
    {OTHER_COUNCIL, 0, 0, WHERE},
    {OF_COOPERATIVE, 0, 0, WHERE},
};

struct marks {
	const char *text[5]; /* in the order of the bits */
};

static unsigned
seen(struct foster_world *w, const struct marks *marks, enum who who, uint32_t method,
    const ProtobufCMessage *body)
{
	struct machine_call call = call_of(who, method, body);
	const Envelope__Envelope *e = machines_call(&w->m, &call);
	struct bytes answer = BYTES_OF(e->body);
	unsigned found = 0;

	for (unsigned i = 0; i < 5; i++) {
		if (answer.len > 0 && memmem(answer.data, answer.len, marks->text[i],
					  strlen(marks->text[i])) != NULL)
			found |= 1u << i;
	}
	return found;
}

static void
what_leaves_by_reader(void **state)
{
	struct foster_world *w = *state;
	const char *id = registered(w, 3);
	const Place__Hold *coming = hold_of(w, opened(w, id), 1, false);
	struct machine_call living = occupant_call(w, id, KIND(PLACED_OUTSIDE), 6);
	Foster__Occupant *o =
	    ((const Foster__RecordOccupant *)(const void *)living.body)->occupant;
	Foster__HouseholdAsked household = FOSTER__HOUSEHOLD_ASKED__INIT;
	Foster__HouseholdsAsked households = FOSTER__HOUSEHOLDS_ASKED__INIT;
	Foster__VacanciesAsked vacancies = FOSTER__VACANCIES_ASKED__INIT;
	const struct marks marks = {{"Invented Carer", "M14 5", o->child_id,
	    coming->children[0]->child_id, ELSEWHERE}};

	world_person(w, AREA_COMMISSIONER, MEMBERS__ROLE__ROLE_COMMISSIONER, AREA);
	world_person(w, AREA_DIRECTOR, MEMBERS__ROLE__ROLE_DIRECTOR, AREA);
	world_person(
	    w, OF_COOPERATIVE, MEMBERS__ROLE__ROLE_COOPERATIVE_OFFICER, "co-operative");
	machines_settle(&w->m);
	o->placing_council_id = said(w, ELSEWHERE);
	done(w, living);
	held(w, coming);
	household.household_id = said(w, id);
	for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
		enum who who = readers[i].who;
		unsigned got[] = {
		    seen(w, &marks, who, CALL(HOUSEHOLD), &household.base),
		    seen(w, &marks, who, CALL(HOUSEHOLDS), &households.base),
		    seen(w, &marks, who, CALL(VACANCIES), &vacancies.base),
		};
		unsigned fine[] = {
		    readers[i].household, readers[i].households, readers[i].vacancies};

		for (size_t j = 0; j < 3; j++) {
			if (got[j] != fine[j])
				fail_msg("reader %zu, question %zu: sees %x, not %x", i,
				    j, got[j], fine[j]);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		what_leaves_by_reader, world_set_up, world_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
