/* The journals of released builds of rcc-residential; and the next one's. */
#include <stdlib.h>

#include "integration/residential_world.h"
#include "integration/showing.h"
#include "support/golden.h"

static void
every_release_is_read(void **state)
{
	(void)state;
	golden_check(&residential_service);
}

/* ---- the next one ---- */

static struct residential_world world;
static uint64_t chance = 1;

static uint32_t
draw(uint32_t n)
{
	return golden_draw(&chance, n);
}

static const char *
home(struct residential_world *w, unsigned i)
{
	Residential__Home *h = home_made(w, str_format(&w->m.arena, "SC10000%u", i));
	Residential__Capability *c = MESSAGE_NEW(&w->m.arena, residential__capability);

	c->need = MESSAGE_NEW(&w->m.arena, common__need);
	SET(c->need, kind, COMMON__NEED_KIND__NEED_KIND_TRAUMA);
	SET(c->need, level, COMMON__LEVEL__LEVEL_HIGH);
	SET(c, evidence, RESIDENTIAL__EVIDENCE__EVIDENCE_CHILDREN_CARED_FOR);
	SET(c, evidence_day, TODAY - (int32_t)draw(300));
	h->capabilities = LIST_NEW(&w->m.arena, 1, Residential__Capability *);
	h->capabilities[h->n_capabilities++] = c;
	SET(h, has_pets, draw(2) == 1);
	SET(h, fee_pence_week, 400000 + 100 * (int64_t)draw(3000));
	SET(h, contract, RESIDENTIAL__CONTRACT_BASIS__CONTRACT_BASIS_BLOCK);
	w->m.now_ms += INT64_C(1000) * draw(600);
	const char *id = done(w, register_call(w, OFFICER, h))->id;
	h->home_id = said(w, id);
	SET(h, takes_emergencies, true);
	SET(h, statement_version, 4);
	done(w, amend_call(w, OFFICER, h));
	return id;
}

static void
someone_comes_and_goes(struct residential_world *w, const char *id)
{
	Residential__EndOccupant end = RESIDENTIAL__END_OCCUPANT__INIT;
	Residential__Occupant *o = occupant_made(w, id, 9);

	o->not_safe_with = with_one(w, WITH(YOUNGER_CHILDREN));
	o->n_not_safe_with = 1;
	SET(o, age_day, TODAY - 364); /* soon in another band */
	end.occupant_id = said(w, done(w, occupant_call(w, o))->id);
	done(w, occupant_call(w, o));
	SET(&end, end_day, TODAY);
	done(w, call_of(OFFICER, CALL(END_OCCUPANT), &end.base));
}

static void
beds_are_closed_and_reserved(struct residential_world *w, const char *id)
{
	Residential__ReopenBeds reopen = RESIDENTIAL__REOPEN_BEDS__INIT;
	Residential__FreeBed freed = RESIDENTIAL__FREE_BED__INIT;

	reopen.closed_id = said(w, done(w, close_call(w, id, 1 + draw(2), 0))->id);
	done(w, call_of(OFFICER, CALL(REOPEN_BEDS), &reopen.base));
	done(w, close_call(w, id, 1, TODAY + 2)); /* and the day will come */
	freed.reservation_id = said(w, done(w, reserve_call(w, id, 1, AREA))->id);
	done(w, call_of(OFFICER, CALL(FREE_BED), &freed.base));
	done(w, reserve_call(w, id, 1 + draw(4), ELSEWHERE));
}

/* A hold for each way that one may go; the first takes the reserved bed. */
static void
beds_are_held(struct residential_world *w, const Residential__Vacancy *v)
{
	Place__Hold *asked = hold_of(w, v, 2, 12);
	asked->not_safe_with = with_one(w, WITH(PETS));
	asked->n_not_safe_with = v->has_pets ? 0 : 1;
	const Place__Held *h = held(w, asked);
	const char *placement = machines_id(&w->m);

	done(w, confirm_call(w, h, h->fencing_number));
	w->m.now_ms += INT64_C(1000) * draw(1000);
	no(w, confirm_call(w, h, h->fencing_number + 1));
	done(w, start_call(w, h, placement));
	done(w, end_call(w, placement));
	h = held(w, hold_of(w, v, 1, 12));
	done(w, release_call(w, h->hold_id));
	done(w, release_call(w, machines_id(&w->m))); /* before its hold */
	held(w, hold_of(w, v, 1, 12));                /* which will expire */
}

static void
how_many_are_open_is_said(struct residential_world *w, const Residential__Vacancy *v)
{
	Residential__SetOpenPlaces set = RESIDENTIAL__SET_OPEN_PLACES__INIT;
	struct machine_call call = call_of(OFFICER, CALL(SET_OPEN_PLACES), &set.base);

	set.vacancy_id = v->vacancy_id;
	SET(&set, open_places, 1 + draw(2));
	machines_ask(&w->m, &call, &residential__vacancy__descriptor);
}

/* Of three holds that the copy does not know one has gone on to a yes, one to a child
 * who moved in, and one is over. */
static void
it_is_restored(struct residential_world *w, const Residential__Vacancy *v)
{
	Place__Hold *holds[3];
	const Place__Held *h[3];
	Place__JourneyShown *j[3];
	const char *placement = machines_id(&w->m);

	for (size_t i = 0; i < 3; i++)
		holds[i] = hold_of(w, v, 1, 12);
	machines_copy(&w->m, "residential");
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
	machines_restore(&w->m, "residential");
	machines_settle(&w->m);
	assert_false(is_waiting(&w->m, "residential"));
	done(w, end_call(w, placement));
	done(w, start_call(w, h[0], machines_id(&w->m)));
}

static void
the_next_release_is_written(void **state)
{
	struct residential_world *w = &world;
	Residential__ConfirmVacancy confirm = RESIDENTIAL__CONFIRM_VACANCY__INIT;
	Residential__CloseVacancy close = RESIDENTIAL__CLOSE_VACANCY__INIT;

	(void)state;
	world_open(w);
	showing_open(&w->m);
	for (unsigned i = 1; i <= 3; i++) {
		const char *id = home(w, i);
		const Residential__Vacancy *v = opened(w, id, BAND(10_TO_15));

		opened(w, id, BAND(5_TO_9));
		if (i == 1)
			someone_comes_and_goes(w, id);
		if (i != 3)
			beds_are_closed_and_reserved(w, id);
		if (i != 1)
			beds_are_held(w, v);
		confirm.vacancy_id = v->vacancy_id;
		close.vacancy_id = v->vacancy_id;
		struct machine_call call =
		    call_of(OFFICER, CALL(CONFIRM_VACANCY), &confirm.base);
		machines_ask(&w->m, &call, &residential__vacancy__descriptor);
		how_many_are_open_is_said(w, v);
	}
	struct machine_call call = call_of(OFFICER, CALL(CLOSE_VACANCY), &close.base);
	machines_ask(&w->m, &call, &residential__vacancy__descriptor);
	it_is_restored(w, opened(w, home(w, 4), BAND(10_TO_15)));
	world_wait(w, MACHINE_TIME_MS + 3 * DAY_MS);
	machines_check_rebuild(&w->m, "residential");
	golden_write(
	    machines_svc(&w->m, "residential"), &residential_service, golden_folder());
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
