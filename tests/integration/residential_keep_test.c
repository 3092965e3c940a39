/* What a provider keeps: homes, who lives there, beds closed and reserved, vacancies.
 */
#include <string.h>

#include "integration/residential_world.h"

#define URN "SC100001"

static uint64_t
head(struct residential_world *w)
{
	Common__HealthAsked asked = COMMON__HEALTH_ASKED__INIT;
	struct machine_call call = call_of(OFFICER, CALL(HEALTH), &asked.base);

	return ((const Common__Health *)machines_ask(
		    &w->m, &call, &common__health__descriptor))
	    ->head_number;
}

/* ---- homes ---- */

#define REFUSED(who, change, refusal)                                                  \
	do {                                                                           \
		Residential__Home *h = home_made(w, "SC100002");                       \
		change;                                                                \
		assert_int_equal(no(w, register_call(w, who, h)), refusal);            \
	} while (0)

/* Each is refused, naming what and why; nothing is there afterwards. */
static void
what_is_wrong_is_not_registered(void **state)
{
	struct residential_world *w = *state;
	Residential__HomesAsked asked = RESIDENTIAL__HOMES_ASKED__INIT;

	registered(w, URN);
	REFUSED(OFFICER, SET(h, staffed_beds, 6), RESIDENTIAL_STAFFED_ABOVE);
	REFUSED(OFFICER, h->urn = said(w, URN), RESIDENTIAL_URN_TAKEN);
	REFUSED(OTHER_OFFICER, h->urn = said(w, URN), RESIDENTIAL_URN_TAKEN);
	REFUSED(OFFICER, h->urn = NULL, RESIDENTIAL_URN_MISSING);
	REFUSED(OFFICER, SET(h, grade_day, TODAY + 1), RESIDENTIAL_GRADE_AHEAD);
	REFUSED(OFFICER, h->council_id = NULL, RESIDENTIAL_COUNCIL_MISSING);
	REFUSED(
	    OFFICER, h->council_id = said(w, "E08000099"), RESIDENTIAL_COUNCIL_UNKNOWN);
	REFUSED(OFFICER, SET(h, care_type, CARE_TYPE(SUPPORTED_ACCOMMODATION));
		SET(h, age_min_years, 16), RESIDENTIAL_PROVIDER_KIND);
	REFUSED(SUPPORTED_OFFICER, (void)h, RESIDENTIAL_PROVIDER_KIND);
	REFUSED(FOSTER_OFFICER, (void)h, RESIDENTIAL_PROVIDER_KIND);
	REFUSED(
	    SUPPORTED_OFFICER, SET(h, care_type, CARE_TYPE(SUPPORTED_ACCOMMODATION));
	    SET(h, age_min_years, 15), RESIDENTIAL_AGES_SUPPORTED);
	REFUSED(OFFICER, h->home_id = machines_id(&w->m), RESIDENTIAL_ID_GIVEN);
	REFUSED(OFFICER, h->provider_id = machines_id(&w->m), RESIDENTIAL_ID_GIVEN);
	struct machine_call call = call_of(OFFICER, CALL(HOMES), &asked.base);
	const Residential__Homes *homes =
	    machines_ask(&w->m, &call, &residential__homes__descriptor);
	assert_int_equal(homes->n_homes, 1);
	assert_string_equal(homes->homes[0]->urn, URN);
	/* A sector that is none never gets as far as a rule. */
	Residential__Home *home = home_made(w, "SC100002");
	home->home_sector = said(w, "ZZ9 9");
	assert_int_equal(no(w, register_call(w, OFFICER, home)), REFUSAL_FIELD);
}

static void
a_home_is_amended_by_its_own_provider(void **state)
{
	struct residential_world *w = *state;
	const char *id = registered(w, URN);
	Residential__Home *row = row_of(w, id);

	SET(row, statement_version, 4);
	SET(row, statement_day, TODAY);
	done(w, amend_call(w, OFFICER, row));
	assert_int_equal(row_of(w, id)->statement_version, 4);
	SET(row, statement_version, 3);
	assert_int_equal(
	    no(w, amend_call(w, OFFICER, row)), RESIDENTIAL_STATEMENT_BACK);
	row = row_of(w, id);
	assert_int_equal(
	    no(w, amend_call(w, OTHER_OFFICER, row)), RESIDENTIAL_HOME_UNKNOWN);
	row->provider_id = w->other_provider;
	assert_int_equal(no(w, amend_call(w, OFFICER, row)), RESIDENTIAL_HOME_UNKNOWN);
}

/* A number given up is free for another home; one in use is not. */
static void
an_ofsted_number_moves(void **state)
{
	struct residential_world *w = *state;
	const char *id = registered(w, URN);
	const char *other = registered(w, "SC100002");
	Residential__Home *row = row_of(w, id);

	row->urn = said(w, "SC100002");
	assert_int_equal(no(w, amend_call(w, OFFICER, row)), RESIDENTIAL_URN_TAKEN);
	row->urn = said(w, "1234567");
	done(w, amend_call(w, OFFICER, row));
	row = row_of(w, other);
	row->urn = said(w, URN);
	done(w, amend_call(w, OFFICER, row));
	assert_string_equal(row_of(w, other)->urn, URN);
}

static void
no_bed_below_what_is_placed(void **state)
{
	struct residential_world *w = *state;
	const char *id = registered(w, URN);
	const Residential__Vacancy *v = opened(w, id, BAND(10_TO_15));

	done(w, occupant_call(w, occupant_made(w, id, 12)));
	held(w, hold_of(w, v, 2, 12));
	Residential__Home *row = row_of(w, id);
	SET(row, staffed_beds, 2);
	assert_int_equal(no(w, amend_call(w, OFFICER, row)), RESIDENTIAL_BELOW_STAFFED);
	SET(row, registered_places, 2);
	assert_int_equal(no(w, amend_call(w, OFFICER, row)), RESIDENTIAL_BELOW_PLACED);
	SET(row, registered_places, 3);
	SET(row, staffed_beds, 3);
	done(w, amend_call(w, OFFICER, row));
	assert_string_equal(
	    beds_text(w, id), "3 3: 1 there, 2 held, 0 reserved, 0 closed, 0 free");
}

/* ---- who lives there ---- */

/* Sold outside while a bed was kept: it is so, and recorded; nobody gets two. */
static void
the_bed_lost_to_a_non_member(void **state)
{
	struct residential_world *w = *state;
	const char *id = registered(w, URN);
	const Residential__Vacancy *v = opened(w, id, BAND(10_TO_15));
	const Place__Held *h = held(w, hold_of(w, v, 2, 12));

	done(w, confirm_call(w, h, h->fencing_number));
	for (size_t i = 0; i < 4; i++)
		done(w, occupant_call(w, occupant_made(w, id, 12)));
	assert_string_equal(
	    beds_text(w, id), "5 5: 4 there, 2 held, 0 reserved, 0 closed, 0 free");
	assert_int_equal(
	    no(w, start_call(w, h, machines_id(&w->m))), RESIDENTIAL_REGISTERED_FULL);
	done(w, release_call(w, h->hold_id));
	assert_int_equal(beds(w, id)->free, 1);
}

static void
ids_of_others_rows_are_unknown(void **state)
{
	struct residential_world *w = *state;
	const char *id = registered(w, URN);
	Residential__EndOccupant end = RESIDENTIAL__END_OCCUPANT__INIT;
	Residential__ReopenBeds reopen = RESIDENTIAL__REOPEN_BEDS__INIT;
	Residential__FreeBed free_bed = RESIDENTIAL__FREE_BED__INIT;
	const char *ids[] = {
	    done(w, occupant_call(w, occupant_made(w, id, 12)))->id,
	    done(w, close_call(w, id, 1, 0))->id,
	    done(w, reserve_call(w, id, 1, AREA))->id,
	    machines_id(&w->m),
	};
	uint64_t before;

	SET(&end, end_day, TODAY);
	for (int who = OFFICER; who <= OTHER_OFFICER; who++) {
		for (size_t i = 0; i < 4; i++) {
			bool is_own = who == OFFICER;
			end.occupant_id = said(w, ids[i]);
			reopen.closed_id = end.occupant_id;
			free_bed.reservation_id = end.occupant_id;
			if (!is_own || i != 0)
				assert_int_equal(
				    no(w, call_of((enum who)who, CALL(END_OCCUPANT),
					      &end.base)),
				    RESIDENTIAL_OCCUPANT_UNKNOWN);
			if (!is_own || i != 1)
				assert_int_equal(
				    no(w, call_of((enum who)who, CALL(REOPEN_BEDS),
					      &reopen.base)),
				    RESIDENTIAL_CLOSED_UNKNOWN);
			if (!is_own || i != 2)
				assert_int_equal(
				    no(w, call_of((enum who)who, CALL(FREE_BED),
					      &free_bed.base)),
				    RESIDENTIAL_RESERVATION_UNKNOWN);
		}
	}
	before = head(w);
	end.occupant_id = said(w, ids[0]);
	reopen.closed_id = said(w, ids[1]);
	free_bed.reservation_id = said(w, ids[2]);
	done(w, call_of(OFFICER, CALL(END_OCCUPANT), &end.base));
	done(w, call_of(OFFICER, CALL(REOPEN_BEDS), &reopen.base));
	done(w, call_of(OFFICER, CALL(FREE_BED), &free_bed.base));
	assert_true(head(w) > before + 3);
	assert_string_equal(
	    beds_text(w, id), "5 5: 0 there, 0 held, 0 reserved, 0 closed, 5 free");
}

/* ---- beds ---- */

static void
beds_are_reserved_for_councils_known_here(void **state)
{
	struct residential_world *w = *state;
	const char *id = registered(w, URN);

	assert_int_equal(
	    no(w, reserve_call(w, id, 1, "E08000099")), RESIDENTIAL_COUNCIL_UNKNOWN);
	assert_int_equal(no(w, reserve_call(w, id, 6, AREA)), RESIDENTIAL_BED_NUMBER);
	done(w, reserve_call(w, id, 1, AREA));
	assert_int_equal(
	    no(w, reserve_call(w, id, 1, ELSEWHERE)), RESIDENTIAL_BED_RESERVED);
	done(w, close_call(w, id, 4, 0));
	assert_int_equal(
	    no(w, reserve_call(w, id, 2, ELSEWHERE)), RESIDENTIAL_RESERVED_TAKEN);
	assert_int_equal(no(w, close_call(w, id, 2, 0)), RESIDENTIAL_CLOSED_TAKEN);
}

/* A child of the block already lives in the bed that is now written down as such. */
static void
somebody_lives_in_a_reserved_bed(void **state)
{
	struct residential_world *w = *state;
	const char *id = registered(w, URN);
	const char *reserved = done(w, reserve_call(w, id, 3, AREA))->id;
	Residential__Occupant *o = occupant_made(w, id, 12);

	o->reservation_id = said(w, reserved);
	o->placing_council_id = said(w, AREA);
	done(w, occupant_call(w, o));
	assert_string_equal(
	    beds_text(w, id), "5 5: 1 there, 0 held, 0 reserved, 0 closed, 4 free");
	assert_int_equal(no(w, occupant_call(w, o)), RESIDENTIAL_RESERVATION_USED);
	o->reservation_id = NULL;
	o->placing_council_id = said(w, "E08000099");
	assert_int_equal(no(w, occupant_call(w, o)), RESIDENTIAL_COUNCIL_UNKNOWN);
}

/* ---- vacancies ---- */

static void
a_secure_bed_is_never_a_vacancy(void **state)
{
	struct residential_world *w = *state;
	Residential__Home *home = home_made(w, URN);

	SET(home, care_type, CARE_TYPE(SECURE));
	SET(home, age_min_years, 10);
	const char *id = done(w, register_call(w, OFFICER, home))->id;
	struct machine_call call = open_call(w, OFFICER, id, BAND(10_TO_15));
	const Envelope__Envelope *answer = machines_call(&w->m, &call);
	assert_int_equal(answer->refusal->number, RESIDENTIAL_VACANCY_SECURE);
	assert_non_null(
	    strstr(answer->refusal->sentence, "Secure Welfare Coordination Unit"));
	/* Nor does it become one by another name. */
	Residential__Home *row = row_of(w, id);
	SET(row, care_type, CARE_TYPE(CHILDRENS_HOME));
	assert_int_equal(
	    no(w, amend_call(w, OFFICER, row)), RESIDENTIAL_CARE_TYPE_CHANGED);
}

static void
one_vacancy_a_home_and_band(void **state)
{
	struct residential_world *w = *state;
	const char *id = registered(w, URN);
	const Residential__Vacancy *first = opened(w, id, BAND(10_TO_15));
	Residential__ConfirmVacancy confirm = RESIDENTIAL__CONFIRM_VACANCY__INIT;

	assert_int_equal(first->age_min_years, 10);
	assert_int_equal(first->age_max_years, 15);
	assert_int_equal(first->statement_version, 3);
	assert_string_not_equal(
	    opened(w, id, BAND(5_TO_9))->vacancy_id, first->vacancy_id);
	w->m.now_ms += 5 * MINUTE_MS;
	const Residential__Vacancy *again = opened(w, id, BAND(10_TO_15));
	assert_string_equal(again->vacancy_id, first->vacancy_id);
	assert_int_equal(again->opened_time, first->opened_time);
	assert_int_equal(again->confirmed_time, w->m.now_ms);
	assert_int_equal(shown(w, OFFICER, id)->n_vacancies, 2);
	w->m.now_ms += 5 * MINUTE_MS;
	confirm.vacancy_id = first->vacancy_id;
	struct machine_call call =
	    call_of(OFFICER, CALL(CONFIRM_VACANCY), &confirm.base);
	again = machines_ask(&w->m, &call, &residential__vacancy__descriptor);
	assert_int_equal(again->confirmed_time, w->m.now_ms);
	machine_key(OTHER_OFFICER, call.key);
	assert_int_equal(no(w, call), RESIDENTIAL_VACANCY_UNKNOWN);
	assert_int_equal(no(w, open_call(w, OTHER_OFFICER, id, BAND(10_TO_15))),
	    RESIDENTIAL_HOME_UNKNOWN);
	assert_int_equal(
	    no(w, open_call(w, OFFICER, id, BAND(1_TO_4))), RESIDENTIAL_VACANCY_BAND);
}

/* One bed of five for 10 to 15, all of them for 5 to 9: each band has its own. */
static void
some_of_the_free_beds_are_open(void **state)
{
	struct residential_world *w = *state;
	const char *id = registered(w, URN);
	const Residential__Vacancy *v = opened(w, id, BAND(10_TO_15));
	Residential__SetOpenPlaces call = RESIDENTIAL__SET_OPEN_PLACES__INIT;
	struct machine_call set = call_of(OFFICER, CALL(SET_OPEN_PLACES), &call.base);
	Residential__CloseVacancy close = RESIDENTIAL__CLOSE_VACANCY__INIT;

	assert_false(v->has_open_places);
	opened(w, id, BAND(5_TO_9));
	call.vacancy_id = close.vacancy_id = said(w, v->vacancy_id);
	w->m.now_ms += 5 * MINUTE_MS;
	SET(&call, open_places, 1);
	v = machines_ask(&w->m, &set, &residential__vacancy__descriptor);
	assert_int_equal(v->open_places, 1);
	assert_int_equal(v->confirmed_time, w->m.now_ms);
	const Residential__HomeShown *s = shown(w, OFFICER, id);
	for (size_t i = 0; i < s->n_vacancies; i++)
		assert_int_equal(s->vacancies[i]->open_places,
		    s->vacancies[i]->age_band == BAND(10_TO_15));
	SET(&call, open_places, 0);
	assert_int_equal(no(w, set), RESIDENTIAL_OPEN_PLACES_NONE);
	SET(&call, open_places, 6);
	assert_int_equal(no(w, set), RESIDENTIAL_OPEN_PLACES_MANY);
	machine_key(OTHER_OFFICER, set.key);
	assert_int_equal(no(w, set), RESIDENTIAL_VACANCY_UNKNOWN);
	set = call_of(OFFICER, CALL(CLOSE_VACANCY), &close.base);
	machines_ask(&w->m, &set, &residential__vacancy__descriptor);
	set = call_of(OFFICER, CALL(SET_OPEN_PLACES), &call.base);
	assert_int_equal(no(w, set), RESIDENTIAL_VACANCY_CLOSED);
	/* Opened again without a word of it: all that are free. */
	assert_false(opened(w, id, BAND(10_TO_15))->has_open_places);
}

/* Registered for fewer ages: the band that is no longer among them closes. */
static void
a_band_closes_with_its_registration(void **state)
{
	struct residential_world *w = *state;
	const char *id = registered(w, URN);

	opened(w, id, BAND(5_TO_9));
	opened(w, id, BAND(10_TO_15));
	Residential__Home *row = row_of(w, id);
	SET(row, age_min_years, 12);
	done(w, amend_call(w, OFFICER, row));
	const Residential__HomeShown *s = shown(w, OFFICER, id);
	for (size_t i = 0; i < 2; i++) {
		const Residential__Vacancy *v = s->vacancies[i];
		assert_int_equal(v->is_open, v->age_band == BAND(10_TO_15));
		if (v->is_open)
			assert_int_equal(v->age_min_years, 12);
	}
}

/* A provider that is of another kind by now opens nothing any more. */
static void
a_provider_that_changed_its_kind_opens_nothing(void **state)
{
	struct residential_world *w = *state;
	const char *id = registered(w, URN);
	Members__ProviderRegistered e = MEMBERS__PROVIDER_REGISTERED__INIT;
	Members__Provider row = MEMBERS__PROVIDER__INIT;

	row.provider_id = w->provider;
	row.name = said(w, "An invented agency");
	SET(&row, kind, PROVIDER(FOSTERING_AGENCY));
	e.provider = &row;
	machines_decide(&w->m, "members",
	    MEMBERS__MEMBERS_EVENT__EVENT_PROVIDER_REGISTERED, &e.base);
	machines_settle(&w->m);
	assert_int_equal(no(w, open_call(w, OFFICER, id, BAND(10_TO_15))),
	    RESIDENTIAL_PROVIDER_KIND);
}

/* ---- pages ---- */

static void
homes_come_with_how_they_stand(void **state)
{
	struct residential_world *w = *state;
	Residential__HomesAsked asked = RESIDENTIAL__HOMES_ASKED__INIT;
	struct machine_call call = call_of(OFFICER, CALL(HOMES), &asked.base);

	for (int i = 0; i < 51; i++)
		opened(w, registered(w, str_format(&w->m.arena, "SC1000%02d", i)),
		    BAND(10_TO_15));
	SET(&asked, limit, 200);
	const Residential__Homes *page =
	    machines_ask(&w->m, &call, &residential__homes__descriptor);
	assert_int_equal(page->n_homes, 51);
	assert_int_equal(page->n_standings, 0); /* not asked for */
	SET(&asked, with_standing, true);
	page = machines_ask(&w->m, &call, &residential__homes__descriptor);
	assert_int_equal(page->n_homes, 50);
	assert_int_equal(page->n_standings, 50);
	for (size_t i = 0; i < 50; i++) {
		const Residential__HomeStanding *s = page->standings[i];
		assert_string_equal(s->home_id, page->homes[i]->home_id);
		assert_int_equal(s->beds->free, 5);
		assert_int_equal(s->n_vacancies, 1);
		assert_true(s->vacancies[0]->is_open);
		assert_int_equal(s->n_age_bands, 3);
	}
	asked.after_id = page->next_id;
	page = machines_ask(&w->m, &call, &residential__homes__descriptor);
	assert_int_equal(page->n_standings, 1);
	call = call_of(OTHER_OFFICER, CALL(HOMES), &asked.base);
	page = machines_ask(&w->m, &call, &residential__homes__descriptor);
	assert_int_equal(page->n_standings, 0);
}

static void
vacancies_come_by_the_page(void **state)
{
	struct residential_world *w = *state;
	Residential__VacanciesAsked asked = RESIDENTIAL__VACANCIES_ASKED__INIT;
	size_t seen = 0;

	for (int i = 0; i < 3; i++) {
		const char *id =
		    registered(w, str_format(&w->m.arena, "SC10000%d", i + 1));
		opened(w, id, BAND(10_TO_15));
		opened(w, id, BAND(16_TO_17));
	}
	SET(&asked, limit, 4);
	struct machine_call call = call_of(COMMISSIONER, CALL(VACANCIES), &asked.base);
	for (;;) {
		const Residential__Vacancies *page =
		    machines_ask(&w->m, &call, &residential__vacancies__descriptor);
		seen += page->n_vacancies;
		assert_true(page->n_vacancies <= 4);
		if (page->next_id == NULL)
			break;
		asked.after_id = page->next_id;
	}
	assert_int_equal(seen, 6);
	asked.after_id = NULL;
	asked.council_id = said(w, ELSEWHERE);
	const Residential__Vacancies *none =
	    machines_ask(&w->m, &call, &residential__vacancies__descriptor);
	assert_int_equal(none->n_vacancies, 0);
}

int
main(void)
{
#define STORY(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)
	const struct CMUnitTest tests[] = {
	    STORY(what_is_wrong_is_not_registered),
	    STORY(a_home_is_amended_by_its_own_provider),
	    STORY(an_ofsted_number_moves),
	    STORY(no_bed_below_what_is_placed),
	    STORY(the_bed_lost_to_a_non_member),
	    STORY(ids_of_others_rows_are_unknown),
	    STORY(beds_are_reserved_for_councils_known_here),
	    STORY(somebody_lives_in_a_reserved_bed),
	    STORY(a_secure_bed_is_never_a_vacancy),
	    STORY(one_vacancy_a_home_and_band),
	    STORY(some_of_the_free_beds_are_open),
	    STORY(a_band_closes_with_its_registration),
	    STORY(a_provider_that_changed_its_kind_opens_nothing),
	    STORY(vacancies_come_by_the_page),
	    STORY(homes_come_with_how_they_stand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
