/* What providers and area councils record, and who may see it. */
#include <string.h>

#include "integration/foster_world.h"

#define ALL_FREE UINT32_MAX

static struct machine_call
household_call(struct foster_world *w, enum who who, const char *household_id)
{
	Foster__HouseholdAsked *body =
	    MESSAGE_NEW(&w->m.arena, foster__household_asked);

	body->household_id = said(w, household_id);
	return call_of(who, CALL(HOUSEHOLD), &body->base);
}

/* ---- households ---- */

static void
a_household_is_registered_and_amended(void **state)
{
	struct foster_world *w = *state;
	struct household_row h;
	Foster__AmendHousehold amend = FOSTER__AMEND_HOUSEHOLD__INIT;

	household_make(w, &h);
	const char *id = done(w, register_call(OFFICER, &h))->id;
	assert_string_equal(shown(w, OFFICER, id)->household->provider_id, w->provider);
	h.row.household_id = said(w, id);
	assert_int_equal(no(w, register_call(OFFICER, &h)), FOSTER_ID_GIVEN);
	SET(&h.terms, children_max, 2);
	amend.household = &h.row;
	done(w, call_of(OFFICER, CALL(AMEND_HOUSEHOLD), &amend.base));
	const Foster__HouseholdShown *s = shown(w, OFFICER, id);
	assert_int_equal(s->household->approval->children_max, 2);
	assert_string_equal(s->household->provider_id, w->provider);

	/* An open vacancy follows what is amended. */
	opened(w, id);
	SET(&h.terms, children_max, 1);
	done(w, call_of(OFFICER, CALL(AMEND_HOUSEHOLD), &amend.base));
	assert_int_equal(shown(w, OFFICER, id)->vacancy->places->free, 1);
	SET(&h.terms, kind, APPROVAL(FAMILY_AND_FRIENDS));
	h.terms.named_child_ids = LIST_NEW(&w->m.arena, 1, char *);
	h.terms.named_child_ids[0] = machines_id(&w->m);
	h.terms.n_named_child_ids = 1;
	assert_int_equal(no(w, call_of(OFFICER, CALL(AMEND_HOUSEHOLD), &amend.base)),
	    FOSTER_KINSHIP_OPEN);
}

static void
what_cannot_be_is_refused(void **state)
{
	struct foster_world *w = *state;
	struct household_row h;

	household_make(w, &h);
	assert_int_equal(no(w, register_call(HOMES_OFFICER, &h)), FOSTER_PROVIDER_KIND);
	h.row.council_id = said(w, "E09000001");
	assert_int_equal(no(w, register_call(OFFICER, &h)), FOSTER_COUNCIL_UNKNOWN);
	household_make(w, &h);
	SET(&h.terms, age_min_years, 18);
	assert_int_equal(no(w, register_call(OFFICER, &h)), FOSTER_AGES_TURNED);
	household_make(w, &h);
	h.row.home_sector = said(w, "M14 5AB");
	assert_int_equal(no(w, register_call(OFFICER, &h)), REFUSAL_FIELD);
	household_make(w, &h);
	SET(&h.terms, age_max_years, 121);
	assert_int_equal(no(w, register_call(OFFICER, &h)), REFUSAL_FIELD);
	household_make(w, &h);
	struct machine_call call = register_call(AREA_OFFICER, &h);
	assert_int_equal(machines_fault(&w->m, &call), ENVELOPE__FAULT__FAULT_DENIED);
	Foster__RegisterHousehold nothing = FOSTER__REGISTER_HOUSEHOLD__INIT;
	assert_int_equal(
	    no(w, call_of(OFFICER, CALL(REGISTER_HOUSEHOLD), &nothing.base)),
	    FOSTER_ROW_MISSING);
}

static void
others_do_not_learn_that_it_is_there(void **state)
{
	struct foster_world *w = *state;
	const char *id = registered(w, 3);
	const Foster__Vacancy *v = opened(w, id);
	const char *nowhere = machines_id(&w->m);
	Foster__OpenVacancy open = FOSTER__OPEN_VACANCY__INIT;
	Foster__ConfirmVacancy confirm = FOSTER__CONFIRM_VACANCY__INIT;

	assert_int_equal(
	    no(w, household_call(w, OTHER_OFFICER, id)), FOSTER_HOUSEHOLD_UNKNOWN);
	assert_int_equal(
	    no(w, household_call(w, OTHER_OFFICER, nowhere)), FOSTER_HOUSEHOLD_UNKNOWN);
	assert_int_equal(
	    no(w, household_call(w, OTHER_COUNCIL, id)), FOSTER_HOUSEHOLD_UNKNOWN);
	open.household_id = said(w, id);
	assert_int_equal(no(w, call_of(OTHER_OFFICER, CALL(OPEN_VACANCY), &open.base)),
	    FOSTER_HOUSEHOLD_UNKNOWN);
	confirm.vacancy_id = v->vacancy_id;
	assert_int_equal(
	    no(w, call_of(OTHER_OFFICER, CALL(CONFIRM_VACANCY), &confirm.base)),
	    FOSTER_VACANCY_UNKNOWN);
}

/* ---- vacancies ---- */

static void
a_vacancy_is_one_and_said_anew(void **state)
{
	struct foster_world *w = *state;
	const char *id = registered(w, 3);
	const Foster__Vacancy *first = opened(w, id);
	Foster__ConfirmVacancy confirm = FOSTER__CONFIRM_VACANCY__INIT;

	assert_int_equal(first->opened_time, w->m.now_ms);
	assert_int_equal(first->available_from_day, TODAY);
	w->m.now_ms += 10 * MINUTE_MS;
	confirm.vacancy_id = first->vacancy_id;
	struct machine_call call =
	    call_of(OFFICER, CALL(CONFIRM_VACANCY), &confirm.base);
	const Foster__Vacancy *v =
	    machines_ask(&w->m, &call, &foster__vacancy__descriptor);
	assert_int_equal(v->opened_time, first->opened_time);
	assert_int_equal(v->confirmed_time, w->m.now_ms);
	w->m.now_ms += 10 * MINUTE_MS;
	v = opened(w, id);
	assert_string_equal(v->vacancy_id, first->vacancy_id);
	assert_int_equal(v->opened_time, first->opened_time);
	assert_int_equal(v->confirmed_time, w->m.now_ms);
}

static struct machine_call
places_call(
    struct foster_world *w, enum who who, const char *vacancy_id, uint32_t places)
{
	Foster__SetOpenPlaces *body = MESSAGE_NEW(&w->m.arena, foster__set_open_places);

	body->vacancy_id = said(w, vacancy_id);
	if (places != ALL_FREE)
		SET(body, open_places, places);
	return call_of(who, CALL(SET_OPEN_PLACES), &body->base);
}

/* Two of three free ones; kept over confirming, and while others are taken. */
static void
some_of_the_free_places_are_open(void **state)
{
	struct foster_world *w = *state;
	const char *id = registered(w, 3);
	Foster__OpenVacancy open = FOSTER__OPEN_VACANCY__INIT;
	Foster__ConfirmVacancy confirm = FOSTER__CONFIRM_VACANCY__INIT;
	Foster__CloseVacancy close = FOSTER__CLOSE_VACANCY__INIT;

	open.household_id = said(w, id);
	SET(&open, open_places, 4);
	struct machine_call call = call_of(OFFICER, CALL(OPEN_VACANCY), &open.base);
	assert_int_equal(no(w, call), FOSTER_OPEN_PLACES_MANY);
	SET(&open, open_places, 2);
	call = call_of(OFFICER, CALL(OPEN_VACANCY), &open.base);
	const Foster__Vacancy *v =
	    machines_ask(&w->m, &call, &foster__vacancy__descriptor);
	assert_int_equal(v->open_places, 2);
	assert_int_equal(v->places->free, 3);
	const char *vacancy_id = v->vacancy_id;
	confirm.vacancy_id = close.vacancy_id = said(w, vacancy_id);
	call = call_of(OFFICER, CALL(CONFIRM_VACANCY), &confirm.base);
	v = machines_ask(&w->m, &call, &foster__vacancy__descriptor);
	assert_int_equal(v->open_places, 2);
	done(w, occupant_call(w, id, KIND(PLACED_OUTSIDE), 6));
	assert_int_equal(shown(w, OFFICER, id)->vacancy->open_places, 2);

	w->m.now_ms += 10 * MINUTE_MS;
	call = places_call(w, OFFICER, vacancy_id, 1);
	v = machines_ask(&w->m, &call, &foster__vacancy__descriptor);
	assert_int_equal(v->open_places, 1);
	assert_int_equal(v->confirmed_time, w->m.now_ms);
	assert_int_equal(
	    no(w, places_call(w, OFFICER, vacancy_id, 0)), FOSTER_OPEN_PLACES_NONE);
	assert_int_equal(
	    no(w, places_call(w, OFFICER, vacancy_id, 4)), FOSTER_OPEN_PLACES_MANY);
	assert_int_equal(no(w, places_call(w, OTHER_OFFICER, vacancy_id, 1)),
	    FOSTER_VACANCY_UNKNOWN);
	call = places_call(w, OFFICER, vacancy_id, ALL_FREE);
	v = machines_ask(&w->m, &call, &foster__vacancy__descriptor);
	assert_false(v->has_open_places);
	call = call_of(OFFICER, CALL(CLOSE_VACANCY), &close.base);
	machines_ask(&w->m, &call, &foster__vacancy__descriptor);
	assert_int_equal(
	    no(w, places_call(w, OFFICER, vacancy_id, 1)), FOSTER_VACANCY_CLOSED);
}

static void
kinship_is_no_vacancy(void **state)
{
	struct foster_world *w = *state;
	struct household_row h;
	char *named[1] = {machines_id(&w->m)};
	Foster__OpenVacancy open = FOSTER__OPEN_VACANCY__INIT;

	household_make(w, &h);
	SET(&h.terms, kind, APPROVAL(FAMILY_AND_FRIENDS));
	h.terms.named_child_ids = named;
	h.terms.n_named_child_ids = 1;
	open.household_id = said(w, done(w, register_call(OFFICER, &h))->id);
	assert_int_equal(no(w, call_of(OFFICER, CALL(OPEN_VACANCY), &open.base)),
	    FOSTER_VACANCY_KINSHIP);
}

static const Foster__Vacancies *
vacancies(struct foster_world *w, const Foster__VacanciesAsked *asked)
{
	struct machine_call call =
	    call_of(OTHER_COUNCIL, CALL(VACANCIES), &asked->base);

	return machines_ask(&w->m, &call, &foster__vacancies__descriptor);
}

static void
vacancies_are_read_in_pages(void **state)
{
	struct foster_world *w = *state;
	Foster__VacanciesAsked asked = FOSTER__VACANCIES_ASKED__INIT;
	Foster__CloseVacancy close = FOSTER__CLOSE_VACANCY__INIT;
	const char *seen = "";
	size_t n = 0;

	for (size_t i = 0; i < 5; i++)
		close.vacancy_id = opened(w, registered(w, 3))->vacancy_id;
	struct machine_call call = call_of(OFFICER, CALL(CLOSE_VACANCY), &close.base);
	machines_ask(&w->m, &call, &foster__vacancy__descriptor);
	SET(&asked, limit, 2);
	for (;;) {
		const Foster__Vacancies *page = vacancies(w, &asked);
		assert_true(page->n_vacancies <= 2);
		assert_true(page->journal_number > 0);
		for (size_t i = 0; i < page->n_vacancies; i++, n++) {
			assert_true(strcmp(page->vacancies[i]->vacancy_id, seen) > 0);
			seen = page->vacancies[i]->vacancy_id;
		}
		if (page->next_id == NULL)
			break;
		asked.after_id = page->next_id;
	}
	assert_int_equal(n, 4);
	asked = (Foster__VacanciesAsked)FOSTER__VACANCIES_ASKED__INIT;
	asked.provider_id = said(w, w->provider);
	assert_int_equal(vacancies(w, &asked)->n_vacancies, 4);
	asked.after_id = vacancies(w, &asked)->vacancies[0]->vacancy_id;
	assert_int_equal(vacancies(w, &asked)->n_vacancies, 3);
	asked.after_id = NULL;
	asked.provider_id = said(w, w->other_provider);
	assert_int_equal(vacancies(w, &asked)->n_vacancies, 0);
	asked.provider_id = NULL;
	asked.council_id = said(w, AREA);
	assert_int_equal(vacancies(w, &asked)->n_vacancies, 4);
	asked.council_id = said(w, ELSEWHERE);
	assert_int_equal(vacancies(w, &asked)->n_vacancies, 0);
}

/* Who lives in a home, and its fee, are not for its competitors. */
static void
a_provider_reads_its_own_vacancies(void **state)
{
	struct foster_world *w = *state;
	Foster__VacanciesAsked asked = FOSTER__VACANCIES_ASKED__INIT;
	struct machine_call own = call_of(OFFICER, CALL(VACANCIES), &asked.base);
	struct machine_call other =
	    call_of(OTHER_OFFICER, CALL(VACANCIES), &asked.base);
	const Foster__Vacancies *page;

	opened(w, registered(w, 3));
	page = machines_ask(&w->m, &own, &foster__vacancies__descriptor);
	assert_int_equal(page->n_vacancies, 1);
	page = machines_ask(&w->m, &other, &foster__vacancies__descriptor);
	assert_int_equal(page->n_vacancies, 0);
	asked.provider_id = said(w, w->provider);
	page = machines_ask(&w->m, &other, &foster__vacancies__descriptor);
	assert_int_equal(page->n_vacancies, 0);
	page = machines_ask(&w->m, &own, &foster__vacancies__descriptor);
	assert_int_equal(page->n_vacancies, 1);
	assert_int_equal(vacancies(w, &asked)->n_vacancies, 1);
}

static void
households_are_read_in_pages(void **state)
{
	struct foster_world *w = *state;
	Foster__HouseholdsAsked asked = FOSTER__HOUSEHOLDS_ASKED__INIT;
	struct machine_call call = call_of(OFFICER, CALL(HOUSEHOLDS), &asked.base);

	for (size_t i = 0; i < 3; i++)
		registered(w, 3);
	SET(&asked, limit, 2);
	const Foster__Households *page =
	    machines_ask(&w->m, &call, &foster__households__descriptor);
	assert_int_equal(page->n_households, 2);
	asked.after_id = page->next_id;
	page = machines_ask(&w->m, &call, &foster__households__descriptor);
	assert_int_equal(page->n_households, 1);
	assert_null(page->next_id);
	assert_int_equal(page->n_standings, 0); /* not asked for */
	call = call_of(OTHER_OFFICER, CALL(HOUSEHOLDS), &asked.base);
	page = machines_ask(&w->m, &call, &foster__households__descriptor);
	assert_int_equal(page->n_households, 0);
}

/* All that a list of them needs, in one question; more than a page is two. */
static void
households_come_with_how_they_stand(void **state)
{
	struct foster_world *w = *state;
	Foster__HouseholdsAsked asked = FOSTER__HOUSEHOLDS_ASKED__INIT;
	struct machine_call call = call_of(OFFICER, CALL(HOUSEHOLDS), &asked.base);
	const char *open_id = registered(w, 3);

	opened(w, open_id);
	done(w, occupant_call(w, open_id, KIND(PLACED_OUTSIDE), 6));
	for (size_t i = 0; i < 101; i++)
		registered(w, 2);
	SET(&asked, limit, 200);
	SET(&asked, with_standing, true);
	const Foster__Households *page =
	    machines_ask(&w->m, &call, &foster__households__descriptor);
	assert_int_equal(page->n_households, 100);
	assert_int_equal(page->n_standings, 100);
	assert_non_null(page->next_id);
	for (size_t i = 0; i < 100; i++) {
		const Foster__HouseholdStanding *s = page->standings[i];
		bool is_open = strcmp(s->household_id, open_id) == 0;
		assert_string_equal(s->household_id, page->households[i]->household_id);
		assert_string_equal(page->households[i]->carer_name, "Invented Carer");
		assert_int_equal(s->places->free, 2);
		assert_int_equal(s->vacancy != NULL && s->vacancy->is_open, is_open);
	}
	call = call_of(OTHER_OFFICER, CALL(HOUSEHOLDS), &asked.base);
	page = machines_ask(&w->m, &call, &foster__households__descriptor);
	assert_int_equal(page->n_standings, 0);
}

/* ---- occupants and places withheld ---- */

static void
occupants_take_places_and_leave(void **state)
{
	struct foster_world *w = *state;
	const char *id = registered(w, 3);
	Foster__EndOccupant end = FOSTER__END_OCCUPANT__INIT;

	opened(w, id);
	const char *outside =
	    done(w, occupant_call(w, id, KIND(PLACED_OUTSIDE), 6))->id;
	done(w, occupant_call(w, id, KIND(STAYING_PUT), 18));
	assert_int_equal(
	    no(w, occupant_call(w, id, KIND(STAYING_PUT), 17)), FOSTER_OCCUPANT_ADULT);
	const Foster__HouseholdShown *s = shown(w, OFFICER, id);
	assert_int_equal(s->places->filled, 2);
	assert_int_equal(s->vacancy->places->free, 1);
	assert_int_equal(s->vacancy->youngest_years, 6);
	assert_int_equal(s->vacancy->oldest_years, 6);
	assert_int_equal(s->vacancy->boys, 1);

	end.occupant_id = said(w, outside);
	SET(&end, end_day, TODAY);
	assert_int_equal(no(w, call_of(OTHER_OFFICER, CALL(END_OCCUPANT), &end.base)),
	    FOSTER_OCCUPANT_UNKNOWN);
	done(w, call_of(OFFICER, CALL(END_OCCUPANT), &end.base));
	assert_int_equal(shown(w, OFFICER, id)->vacancy->places->free, 2);
	assert_int_equal(no(w, call_of(OFFICER, CALL(END_OCCUPANT), &end.base)),
	    FOSTER_OCCUPANT_UNKNOWN);
}

static void
a_placed_child_is_the_requests_to_end(void **state)
{
	struct foster_world *w = *state;
	const char *id = registered(w, 3);
	const Place__Held *h = held(w, hold_of(w, opened(w, id), 1, false));
	Foster__EndOccupant end = FOSTER__END_OCCUPANT__INIT;

	done(w, confirm_call(w, h, h->fencing_number));
	done(w, start_call(w, h, machines_id(&w->m)));
	end.occupant_id = shown(w, OFFICER, id)->occupants[0]->occupant_id;
	SET(&end, end_day, TODAY);
	assert_int_equal(no(w, call_of(OFFICER, CALL(END_OCCUPANT), &end.base)),
	    FOSTER_OCCUPANT_PLACED_HERE);
}

static void
withheld_places_come_back(void **state)
{
	struct foster_world *w = *state;
	const char *id = registered(w, 3);
	Foster__RestorePlaces restore = FOSTER__RESTORE_PLACES__INIT;

	opened(w, id);
	restore.withheld_id = said(w, done(w, withhold_call(w, id, 0))->id);
	assert_int_equal(places(w, id)->not_available, 2);
	assert_int_equal(shown(w, OFFICER, id)->vacancy->places->free, 1);
	assert_int_equal(no(w, withhold_call(w, id, 0)), FOSTER_WITHHELD_PLACES);
	done(w, call_of(OFFICER, CALL(RESTORE_PLACES), &restore.base));
	assert_int_equal(shown(w, OFFICER, id)->vacancy->places->free, 3);
	assert_int_equal(no(w, call_of(OFFICER, CALL(RESTORE_PLACES), &restore.base)),
	    FOSTER_WITHHELD_UNKNOWN);
}

/* ---- exemptions ---- */

static struct machine_call
exempt_call(struct foster_world *w, enum who who, const char *household_id,
    char **child_ids, size_t n)
{
	Foster__GrantExemption *body =
	    MESSAGE_NEW(&w->m.arena, foster__grant_exemption);

	body->household_id = said(w, household_id);
	body->child_ids = child_ids;
	body->n_child_ids = n;
	return call_of(who, CALL(GRANT_EXEMPTION), &body->base);
}

static void
the_area_council_exempts_by_name(void **state)
{
	struct foster_world *w = *state;
	const char *id = registered(w, 4);
	const Foster__Vacancy *v = opened(w, id);
	const Place__Hold *fourth = hold_of(w, v, 1, false);
	Foster__EndExemption end = FOSTER__END_EXEMPTION__INIT;
	char *named[4];

	for (size_t i = 0; i < 3; i++)
		done(w, occupant_call(w, id, KIND(PLACED_OUTSIDE), 6));
	for (size_t i = 0; i < 3; i++)
		named[i] = shown(w, AREA_OFFICER, id)->occupants[i]->child_id;
	named[3] = fourth->children[0]->child_id;
	assert_int_equal(
	    no(w, call_by_requests(w, CALL(HOLD), &fourth->base)), FOSTER_USUAL_LIMIT);
	assert_int_equal(no(w, exempt_call(w, OTHER_COUNCIL, id, named, 4)),
	    FOSTER_NOT_AREA_COUNCIL);
	struct machine_call own = exempt_call(w, OFFICER, id, named, 4);
	assert_int_equal(machines_fault(&w->m, &own), ENVELOPE__FAULT__FAULT_DENIED);
	done(w, exempt_call(w, AREA_OFFICER, id, named + 1, 3));
	assert_int_equal(no(w, call_by_requests(w, CALL(HOLD), &fourth->base)),
	    FOSTER_EXEMPTION_MISSES_CHILD);
	end.exemption_id =
	    said(w, done(w, exempt_call(w, AREA_OFFICER, id, named, 4))->id);
	assert_int_equal(shown(w, OFFICER, id)->vacancy->places->free, 1);
	done(w, release_call(w, held(w, fourth)->hold_id));

	/* Whom another council exempted is not for this one to know. */
	assert_int_equal(no(w, call_of(OTHER_COUNCIL, CALL(END_EXEMPTION), &end.base)),
	    FOSTER_EXEMPTION_UNKNOWN);
	done(w, call_of(AREA_OFFICER, CALL(END_EXEMPTION), &end.base));
	assert_int_equal(shown(w, OFFICER, id)->vacancy->places->free, 0);
	assert_int_equal(no(w, call_of(AREA_OFFICER, CALL(END_EXEMPTION), &end.base)),
	    FOSTER_EXEMPTION_UNKNOWN);
}

static void
the_area_council_sees_no_more_than_it_needs(void **state)
{
	struct foster_world *w = *state;
	const char *id = registered(w, 3);

	opened(w, id);
	done(w, occupant_call(w, id, KIND(PLACED_OUTSIDE), 6));
	done(w, withhold_call(w, id, 0));
	const Foster__HouseholdShown *s = shown(w, AREA_OFFICER, id);
	assert_null(s->household->carer_name);
	assert_false(s->household->has_fee_pence_week);
	assert_int_equal(s->places->filled, 1);
	assert_int_equal(s->n_occupants, 1);
	assert_int_equal(s->n_withheld, 0);
	assert_null(s->vacancy);
	assert_string_equal(
	    shown(w, OFFICER, id)->household->carer_name, "Invented Carer");
}

/* An id of another of the household's rows is no occupant, and no place withheld. */
static void
an_id_of_another_row_is_unknown(void **state)
{
	struct foster_world *w = *state;
	const char *id = registered(w, 3);
	Foster__EndOccupant end = FOSTER__END_OCCUPANT__INIT;
	Foster__RestorePlaces restore = FOSTER__RESTORE_PLACES__INIT;

	restore.withheld_id =
	    said(w, done(w, occupant_call(w, id, KIND(PLACED_OUTSIDE), 9))->id);
	assert_int_equal(no(w, call_of(OFFICER, CALL(RESTORE_PLACES), &restore.base)),
	    FOSTER_WITHHELD_UNKNOWN);
	end.occupant_id = said(w, done(w, withhold_call(w, id, 0))->id);
	SET(&end, end_day, TODAY);
	assert_int_equal(no(w, call_of(OFFICER, CALL(END_OCCUPANT), &end.base)),
	    FOSTER_OCCUPANT_UNKNOWN);
	end.occupant_id = restore.withheld_id;
	done(w, call_of(OFFICER, CALL(END_OCCUPANT), &end.base));
}

int
main(void)
{
#define STORY(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)
	const struct CMUnitTest tests[] = {
	    STORY(a_household_is_registered_and_amended),
	    STORY(what_cannot_be_is_refused),
	    STORY(others_do_not_learn_that_it_is_there),
	    STORY(a_vacancy_is_one_and_said_anew),
	    STORY(some_of_the_free_places_are_open),
	    STORY(kinship_is_no_vacancy),
	    STORY(vacancies_are_read_in_pages),
	    STORY(a_provider_reads_its_own_vacancies),
	    STORY(households_are_read_in_pages),
	    STORY(households_come_with_how_they_stand),
	    STORY(occupants_take_places_and_leave),
	    STORY(a_placed_child_is_the_requests_to_end),
	    STORY(withheld_places_come_back),
	    STORY(the_area_council_exempts_by_name),
	    STORY(the_area_council_sees_no_more_than_it_needs),
	    STORY(an_id_of_another_row_is_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
