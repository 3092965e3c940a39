/* The journals of released builds of rcc-foster; and the next one's. */
#include <stdlib.h>

#include "integration/foster_world.h"
#include "integration/showing.h"
#include "support/golden.h"

static void
every_release_is_read(void **state)
{
	(void)state;
	golden_check(&foster_service);
}

/* ---- the next one ---- */

static struct foster_world world;
static uint64_t chance = 1;

static uint32_t
draw(uint32_t n)
{
	return golden_draw(&chance, n);
}

static const char *
home(struct foster_world *w)
{
	struct household_row h;
	char *languages[] = {said(w, "en"), said(w, draw(2) ? "ur" : "pl")};

	household_make(w, &h);
	SET(&h.terms, children_max, 3);
	SET(&h.row, bedrooms, 3 + draw(3));
	SET(&h.row, siblings_may_share, draw(2) == 1);
	SET(&h.row, has_pets, draw(2) == 1);
	SET(&h.row, fee_pence_week, 40000 + 100 * (int64_t)draw(300));
	h.row.languages = languages;
	h.row.n_languages = 1 + draw(2);
	w->m.now_ms += INT64_C(1000) * draw(600);
	const char *id = done(w, register_call(OFFICER, &h))->id;
	Foster__AmendHousehold amend = FOSTER__AMEND_HOUSEHOLD__INIT;
	h.row.household_id = said(w, id);
	SET(&h.row, takes_emergencies, true);
	amend.household = &h.row;
	done(w, call_of(OFFICER, CALL(AMEND_HOUSEHOLD), &amend.base));
	return id;
}

static void
someone_comes_and_goes(struct foster_world *w, const char *id)
{
	Foster__EndOccupant end = FOSTER__END_OCCUPANT__INIT;

	end.occupant_id = said(
	    w, done(w, occupant_call(w, id, KIND(PLACED_OUTSIDE), 3 + draw(12)))->id);
	SET(&end, end_day, TODAY);
	done(w, call_of(OFFICER, CALL(END_OCCUPANT), &end.base));
}

static void
places_are_withheld(struct foster_world *w, const char *id)
{
	Foster__RestorePlaces restore = FOSTER__RESTORE_PLACES__INIT;

	restore.withheld_id = said(w, done(w, withhold_call(w, id, 0))->id);
	done(w, call_of(OFFICER, CALL(RESTORE_PLACES), &restore.base));
	done(w, withhold_call(w, id, TODAY + 2)); /* and the day will come */
}

static void
one_is_exempted(struct foster_world *w, const char *id)
{
	Foster__GrantExemption grant = FOSTER__GRANT_EXEMPTION__INIT;
	Foster__EndExemption end = FOSTER__END_EXEMPTION__INIT;
	char *children[] = {machines_id(&w->m)};

	grant.household_id = said(w, id);
	grant.child_ids = children;
	grant.n_child_ids = 1;
	SET(&grant, from_day, TODAY);
	end.exemption_id = said(
	    w, done(w, call_of(AREA_OFFICER, CALL(GRANT_EXEMPTION), &grant.base))->id);
	SET(&end, until_day, TODAY + 1 + (int32_t)draw(5));
	done(w, call_of(AREA_OFFICER, CALL(END_EXEMPTION), &end.base));
}

/* A hold for each way that one may go. */
static void
places_are_held(struct foster_world *w, const Foster__Vacancy *v)
{
	const Place__Held *h = held(w, hold_of(w, v, 1, false));
	const char *placement = machines_id(&w->m);

	done(w, confirm_call(w, h, h->fencing_number));
	w->m.now_ms += INT64_C(1000) * draw(1000);
	no(w, confirm_call(w, h, h->fencing_number + 1));
	done(w, start_call(w, h, placement));
	done(w, end_call(w, placement));
	h = held(w, hold_of(w, v, 1, false));
	done(w, release_call(w, h->hold_id));
	done(w, release_call(w, machines_id(&w->m))); /* before its hold */
	held(w, hold_of(w, v, 1, false));             /* which will expire */
}

static void
how_many_are_open_is_said(struct foster_world *w, const Foster__Vacancy *v)
{
	Foster__SetOpenPlaces set = FOSTER__SET_OPEN_PLACES__INIT;
	struct machine_call call = call_of(OFFICER, CALL(SET_OPEN_PLACES), &set.base);

	set.vacancy_id = v->vacancy_id;
	SET(&set, open_places, 1 + draw(2));
	machines_ask(&w->m, &call, &foster__vacancy__descriptor);
}

/* Of three holds that the copy does not know one has gone on to a yes, one to a child
 * who moved in, and one is over. */
static void
it_is_restored(struct foster_world *w, const Foster__Vacancy *v)
{
	Place__Hold *holds[3];
	const Place__Held *h[3];
	Place__JourneyShown *j[3];
	const char *placement = machines_id(&w->m);

	for (size_t i = 0; i < 3; i++)
		holds[i] = hold_of(w, v, 1, false);
	machines_copy(&w->m, "foster");
	for (size_t i = 0; i < 3; i++) {
		h[i] = held(w, holds[i]);
		j[i] = shown_held(&w->m, holds[i], h[i]);
		j[i]->confirm = SHOWN_CALL(&w->m,
		    confirm_call(w, h[i], h[i]->fencing_number), Place__ConfirmHold);
	}
	j[1]->start = SHOWN_CALL(&w->m, start_call(w, h[1], placement), Place__Start);
	*j[2] = (Place__JourneyShown)PLACE__JOURNEY_SHOWN__INIT;
	j[2]->request_id = holds[2]->request_id;
	j[2]->hold_id = h[2]->hold_id;
	SET(j[2], is_over, true);
	w->m.now_ms += INT64_C(1000) * draw(600);
	machines_restore(&w->m, "foster");
	machines_settle(&w->m);
	assert_false(is_waiting(&w->m, "foster"));
	done(w, end_call(w, placement));
	done(w, start_call(w, h[0], machines_id(&w->m)));
}

static void
the_next_release_is_written(void **state)
{
	struct foster_world *w = &world;
	Foster__ConfirmVacancy confirm = FOSTER__CONFIRM_VACANCY__INIT;
	Foster__CloseVacancy close = FOSTER__CLOSE_VACANCY__INIT;

	(void)state;
	world_open(w);
	showing_open(&w->m);
	for (unsigned i = 0; i < 3; i++) {
		const char *id = home(w);
		const Foster__Vacancy *v = opened(w, id);

		someone_comes_and_goes(w, id);
		if (i == 0)
			one_is_exempted(w, id);
		if (i != 1)
			places_are_held(w, v);
		if (i == 1)
			places_are_withheld(w, id);
		confirm.vacancy_id = v->vacancy_id;
		close.vacancy_id = v->vacancy_id;
		struct machine_call call =
		    call_of(OFFICER, CALL(CONFIRM_VACANCY), &confirm.base);
		machines_ask(&w->m, &call, &foster__vacancy__descriptor);
		how_many_are_open_is_said(w, v);
	}
	struct machine_call call = call_of(OFFICER, CALL(CLOSE_VACANCY), &close.base);
	machines_ask(&w->m, &call, &foster__vacancy__descriptor);
	it_is_restored(w, opened(w, home(w)));
	world_wait(w, MACHINE_TIME_MS + 3 * DAY_MS);
	machines_check_rebuild(&w->m, "foster");
	golden_write(machines_svc(&w->m, "foster"), &foster_service, golden_folder());
	machines_close(&w->m);
}

int
main(void)
{
	const struct CMUnitTest check[] = {cmocka_unit_test(every_release_is_read)};
	const struct CMUnitTest next[] = {
	    cmocka_unit_test(the_next_release_is_written)};

	if (golden_folder() != NULL)
		return cmocka_run_group_tests(next, NULL, NULL);
	return cmocka_run_group_tests(check, NULL, NULL);
}
