/* What a home's own records must be: by table. */
#include "unit/residential_sample.h"

/* Each row breaks one thing of a home that is right. */
#define HOME(change, no)                                                               \
	do {                                                                           \
		sample_make(s);                                                        \
		Residential__Home *h = s->known->home;                                 \
		change;                                                                \
		assert_int_equal(residential_check_home(h, TODAY), no);                \
	} while (0)

static void
a_registered_home_is_whole(void **state)
{
	struct sample *s = *state;

	HOME((void)h, RESIDENTIAL_OK);
	HOME(h->home_name = NULL, RESIDENTIAL_NAME_MISSING);
	HOME(h->home_name = said(s, " \t"), RESIDENTIAL_NAME_MISSING);
	HOME(h->home_name = str_format(&s->arena, "%080d", 1), RESIDENTIAL_OK);
	HOME(h->home_name = str_format(&s->arena, "%081d", 1), RESIDENTIAL_NAME_LONG);
	HOME(h->care_type = CARE_TYPE(UNSPECIFIED), RESIDENTIAL_CARE_TYPE_MISSING);
	HOME(h->care_type = CARE_TYPE(FOSTER), RESIDENTIAL_CARE_TYPE_FOSTER);
	HOME(h->care_type = CARE_TYPE(SECURE), RESIDENTIAL_OK);
	HOME(h->urn = NULL, RESIDENTIAL_URN_MISSING);
	HOME(h->urn = said(s, ""), RESIDENTIAL_URN_MISSING);
	HOME(h->urn = said(s, "1234567"), RESIDENTIAL_OK);
	HOME(h->urn = said(s, "SC12345"), RESIDENTIAL_URN_FORM);
	HOME(h->urn = said(s, "sc123456"), RESIDENTIAL_URN_FORM);
	HOME(h->council_id = NULL, RESIDENTIAL_COUNCIL_MISSING);
	HOME(h->home_sector = NULL, RESIDENTIAL_SECTOR_MISSING);
	HOME(h->home_sector = said(s, "ZZ9 9"), RESIDENTIAL_SECTOR_UNKNOWN);
	HOME(SET(h, fee_pence_week, -1), RESIDENTIAL_FEE);
	HOME(SET(h, fee_pence_week, 0), RESIDENTIAL_OK);
	HOME(SET(h, fee_pence_week, 5000000), RESIDENTIAL_OK);
	HOME(SET(h, fee_pence_week, 5000001), RESIDENTIAL_FEE);
}

static void
its_days_are_not_ahead(void **state)
{
	struct sample *s = *state;

	HOME(h->has_statement_day = 0, RESIDENTIAL_STATEMENT_MISSING);
	HOME(SET(h, statement_version, 0), RESIDENTIAL_STATEMENT_MISSING);
	HOME(SET(h, statement_day, TODAY), RESIDENTIAL_OK);
	HOME(SET(h, statement_day, TODAY + 1), RESIDENTIAL_STATEMENT_AHEAD);
	HOME(SET(h, grade_day, TODAY), RESIDENTIAL_OK);
	HOME(SET(h, grade_day, TODAY + 1), RESIDENTIAL_GRADE_AHEAD);
	HOME(h->has_grade_day = 0, RESIDENTIAL_GRADE_DAY_MISSING);
	HOME(SET(h, grade, MEMBERS__GRADE__GRADE_UNSPECIFIED),
	    RESIDENTIAL_GRADE_MISSING);
	HOME(SET(h, grade, MEMBERS__GRADE__GRADE_UNSPECIFIED);
	     h->has_grade_day = 0, RESIDENTIAL_OK); /* not yet inspected */
	HOME(SET(h, restriction, RESTRICTION(SUSPENDED)), RESIDENTIAL_RESTRICTION_DAY);
	HOME(SET(h, restriction_day, TODAY), RESIDENTIAL_RESTRICTION_DAY);
	HOME(SET(h, restriction, RESTRICTION(SUSPENDED));
	     SET(h, restriction_day, TODAY), RESIDENTIAL_OK);
	HOME(SET(h, restriction, RESTRICTION(ACCOMMODATION));
	     SET(h, restriction_day, TODAY + 1), RESIDENTIAL_RESTRICTION_DAY);
}

static void
it_is_registered_for_so_many_of_such_ages(void **state)
{
	struct sample *s = *state;

	HOME(h->registered_places = 0, RESIDENTIAL_PLACES_RANGE);
	HOME(SET(h, registered_places, 60), RESIDENTIAL_OK);
	HOME(SET(h, registered_places, 61), RESIDENTIAL_PLACES_RANGE);
	HOME(h->has_staffed_beds = 0, RESIDENTIAL_STAFFED_MISSING);
	HOME(SET(h, staffed_beds, 0), RESIDENTIAL_OK);
	HOME(SET(h, staffed_beds, 5), RESIDENTIAL_STAFFED_ABOVE);
	HOME(h->has_age_min_years = 0, RESIDENTIAL_AGES_MISSING);
	HOME(h->has_age_max_years = 0, RESIDENTIAL_AGES_MISSING);
	HOME(SET(h, age_max_years, 4), RESIDENTIAL_AGES_TURNED);
	HOME(SET(h, age_max_years, 18), RESIDENTIAL_AGE_ADULT);
	HOME(SET(h, takes_girls, false);
	     SET(h, takes_boys, false), RESIDENTIAL_SEX_MISSING);
	HOME(SET(h, takes_girls, false), RESIDENTIAL_OK);
	HOME(SET(h, care_type, CARE_TYPE(SUPPORTED_ACCOMMODATION)),
	    RESIDENTIAL_AGES_SUPPORTED);
	HOME(SET(h, care_type, CARE_TYPE(SUPPORTED_ACCOMMODATION));
	     SET(h, age_min_years, 15), RESIDENTIAL_AGES_SUPPORTED);
	HOME(SET(h, care_type, CARE_TYPE(SUPPORTED_ACCOMMODATION));
	     SET(h, age_min_years, 16), RESIDENTIAL_OK);
}

static Residential__Capability *
capability(struct sample *s, Common__NeedKind kind)
{
	Residential__Capability *c = MESSAGE_NEW(&s->arena, residential__capability);
	Residential__Home *h = s->known->home;

	if (h->capabilities == NULL)
		h->capabilities = LIST_NEW(&s->arena, 32, Residential__Capability *);
	c->need = MESSAGE_NEW(&s->arena, common__need);
	SET(c->need, kind, kind);
	SET(c->need, level, COMMON__LEVEL__LEVEL_HIGH);
	SET(c, evidence, RESIDENTIAL__EVIDENCE__EVIDENCE_INSPECTION_REPORT);
	SET(c, evidence_day, TODAY);
	h->capabilities[h->n_capabilities++] = c;
	return c;
}

#define TRAUMA COMMON__NEED_KIND__NEED_KIND_TRAUMA
#define AUTISM COMMON__NEED_KIND__NEED_KIND_AUTISM
#define EVERY_NEED (int)COMMON__NEED_KIND__NEED_KIND_PARENT_AND_CHILD

static void
what_it_can_is_shown_by_something(void **state)
{
	struct sample *s = *state;

	HOME((void)h; capability(s, TRAUMA), RESIDENTIAL_OK);
	HOME((void)h; capability(s, TRAUMA); capability(s, AUTISM), RESIDENTIAL_OK);
	HOME((void)h; capability(s, TRAUMA);
	     capability(s, TRAUMA), RESIDENTIAL_CAPABILITY_TWICE);
	HOME((void)h;
	     capability(s, TRAUMA)->need = NULL, RESIDENTIAL_CAPABILITY_INCOMPLETE);
	HOME((void)h; Residential__Capability *c = capability(s, TRAUMA);
	     SET(c->need, level, 0), RESIDENTIAL_CAPABILITY_INCOMPLETE);
	HOME((void)h; Residential__Capability *c = capability(s, 0);
	     SET(c, evidence_day, TODAY), RESIDENTIAL_CAPABILITY_INCOMPLETE);
	HOME((void)h; Residential__Capability *c = capability(s, TRAUMA);
	     SET(c, evidence, 0), RESIDENTIAL_CAPABILITY_INCOMPLETE);
	HOME((void)h; capability(s, TRAUMA)->has_evidence_day = 0,
	     RESIDENTIAL_CAPABILITY_INCOMPLETE);
	HOME((void)h; Residential__Capability *c = capability(s, TRAUMA);
	     SET(c, evidence_day, TODAY + 1), RESIDENTIAL_CAPABILITY_AHEAD);
	HOME(for (int i = 1; i <= EVERY_NEED; i++) capability(s, (Common__NeedKind)i);
	     (void)h, RESIDENTIAL_OK);
	HOME(for (int i = 0; i < 20; i++) capability(s, TRAUMA);
	     (void)h, RESIDENTIAL_CAPABILITY_TWICE);
	HOME(for (int i = 0; i < 21; i++) capability(s, TRAUMA);
	     (void)h, RESIDENTIAL_ROWS_MANY);
}

static void
its_lists_say_each_thing_once(void **state)
{
	struct sample *s = *state;
	Common__NotSafeWith twice[] = {WITH(BOYS), WITH(PETS), WITH(BOYS)};
	Common__NotSafeWith unsaid[] = {WITH(UNSPECIFIED)};
	char en[] = "en", ur[] = "ur", capital[] = "EN", *languages[22];

	for (size_t i = 0; i < 22; i++)
		languages[i] = i == 0 ? en : i == 1 ? ur : capital;
	HOME(h->will_not_take_with = twice;
	     h->n_will_not_take_with = 2, RESIDENTIAL_OK);
	HOME(h->will_not_take_with = twice;
	     h->n_will_not_take_with = 3, RESIDENTIAL_WILL_NOT_TAKE);
	HOME(h->will_not_take_with = unsaid;
	     h->n_will_not_take_with = 1, RESIDENTIAL_WILL_NOT_TAKE);
	HOME(h->languages = languages; h->n_languages = 2, RESIDENTIAL_OK);
	HOME(h->languages = languages; h->n_languages = 3, RESIDENTIAL_LANGUAGE);
	HOME(h->languages = languages; h->n_languages = 22, RESIDENTIAL_ROWS_MANY);
}

static void
a_provider_keeps_its_own_kind(void **state)
{
	static const struct {
		Common__CareType care_type;
		Members__ProviderKind fits;
	} rows[] = {
	    {CARE_TYPE(CHILDRENS_HOME),
		MEMBERS__PROVIDER_KIND__PROVIDER_KIND_CHILDRENS_HOMES},
	    {CARE_TYPE(SECURE), MEMBERS__PROVIDER_KIND__PROVIDER_KIND_CHILDRENS_HOMES},
	    {CARE_TYPE(SUPPORTED_ACCOMMODATION),
		MEMBERS__PROVIDER_KIND__PROVIDER_KIND_SUPPORTED_ACCOMMODATION},
	    {CARE_TYPE(FOSTER), 99},
	    {CARE_TYPE(UNSPECIFIED), 99},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		for (int kind = 0; kind <= 4; kind++)
			assert_int_equal(residential_fits_provider(rows[i].care_type,
					     (Members__ProviderKind)kind),
			    kind == (int)rows[i].fits);
	}
}

/* ---- amending ---- */

#define AMEND(change, no)                                                              \
	do {                                                                           \
		sample_make(s);                                                        \
		Residential__Home row = *s->known->home;                               \
		Residential__Home *h = &row;                                           \
		sample_people(s, "12g 13b", "14g", "");                                \
		change;                                                                \
		assert_int_equal(residential_may_amend(s->known, house_of(s), h), no); \
	} while (0)

static void
an_amended_home_has_room_for_those_there(void **state)
{
	struct sample *s = *state;

	AMEND((void)h, RESIDENTIAL_OK);
	AMEND(SET(h, care_type, CARE_TYPE(SECURE)), RESIDENTIAL_CARE_TYPE_CHANGED);
	AMEND(SET(h, statement_version, 2), RESIDENTIAL_STATEMENT_BACK);
	AMEND(SET(h, statement_version, 4), RESIDENTIAL_OK);
	AMEND(SET(h, statement_day, TODAY - 101), RESIDENTIAL_STATEMENT_BACK);
	AMEND(SET(h, registered_places, 3), RESIDENTIAL_OK);
	AMEND(SET(h, registered_places, 2), RESIDENTIAL_BELOW_PLACED);
	AMEND(SET(h, staffed_beds, 3), RESIDENTIAL_OK);
	AMEND(SET(h, staffed_beds, 2), RESIDENTIAL_BELOW_STAFFED);
	/* Over already: what does not make it worse may be said. */
	AMEND(SET(s->known->home, staffed_beds, 2);
	      SET(h, staffed_beds, 2), RESIDENTIAL_OK);
	AMEND(sample_people(s, "9g 9b", "", ""), RESIDENTIAL_OK); /* five of four */
	AMEND((void)sample_reserve(s, 4, AREA), RESIDENTIAL_OK);
	AMEND((void)sample_reserve(s, 4, AREA);
	      SET(h, registered_places, 3), RESIDENTIAL_BELOW_RESERVED);
	AMEND(sample_reserve_days(s, 4, TODAY - 9, TODAY);
	      SET(h, registered_places, 3), RESIDENTIAL_OK);
}

/* ---- occupants ---- */

#define OCCUPANT(change, no)                                                           \
	do {                                                                           \
		sample_make(s);                                                        \
		struct sample_person p;                                                \
		(void)sample_person(s, "12g", &p);                                     \
		Residential__Occupant *o = sample_occupant(s, &p);                     \
		o->occupant_id = NULL;                                                 \
		s->known->n_occupants = 0;                                             \
		change;                                                                \
		assert_int_equal(residential_may_record(s->known, o, TODAY), no);      \
	} while (0)

static void
somebody_who_lives_there_is_known_by_age_and_sex(void **state)
{
	struct sample *s = *state;
	Common__NotSafeWith twice[] = {WITH(BOYS), WITH(BOYS)};
	Common__NeedKind unsaid[] = {COMMON__NEED_KIND__NEED_KIND_UNSPECIFIED};

	OCCUPANT((void)o, RESIDENTIAL_OK);
	OCCUPANT(SET(o, kind, KIND(UNSPECIFIED)), RESIDENTIAL_OCCUPANT_KIND);
	OCCUPANT(SET(o, kind, KIND(PLACED_HERE)), RESIDENTIAL_OCCUPANT_PLACED_HERE);
	OCCUPANT(o->request_id = said(s, "r"), RESIDENTIAL_OCCUPANT_PLACED_HERE);
	OCCUPANT(o->placement_id = said(s, "p"), RESIDENTIAL_OCCUPANT_PLACED_HERE);
	OCCUPANT(o->occupant_id = said(s, "o"), RESIDENTIAL_ID_GIVEN);
	OCCUPANT(o->has_age_years = 0, RESIDENTIAL_OCCUPANT_AGE);
	OCCUPANT(o->has_age_day = 0, RESIDENTIAL_OCCUPANT_AGE);
	OCCUPANT(SET(o, age_day, TODAY + 1), RESIDENTIAL_OCCUPANT_AGE);
	OCCUPANT(SET(o, sex, SEX(UNSPECIFIED)), RESIDENTIAL_OCCUPANT_AGE);
	OCCUPANT(SET(o, age_years, 18), RESIDENTIAL_OCCUPANT_CHILD);
	OCCUPANT(SET(o, age_years, 17);
		 SET(o, age_day, TODAY - 366), RESIDENTIAL_OCCUPANT_CHILD);
	OCCUPANT(SET(o, kind, KIND(OVER_18)), RESIDENTIAL_OCCUPANT_ADULT);
	OCCUPANT(SET(o, kind, KIND(OVER_18)); SET(o, age_years, 18), RESIDENTIAL_OK);
	OCCUPANT(SET(o, kind, KIND(OVER_18));
		 SET(o, age_years, 26), RESIDENTIAL_OCCUPANT_ADULT);
	OCCUPANT(o->not_safe_with = twice;
		 o->n_not_safe_with = 2, RESIDENTIAL_OCCUPANT_NOT_SAFE);
	OCCUPANT(o->risks = unsaid; o->n_risks = 1, RESIDENTIAL_OCCUPANT_NOT_SAFE);
	OCCUPANT(o->has_from_day = 0, RESIDENTIAL_OCCUPANT_DAYS);
	OCCUPANT(SET(o, from_day, TODAY), RESIDENTIAL_OK);
	OCCUPANT(SET(o, from_day, TODAY + 1), RESIDENTIAL_OCCUPANT_DAYS);
	OCCUPANT(SET(o, from_day, TODAY - 14 * 366), RESIDENTIAL_OCCUPANT_DAYS);
	OCCUPANT(SET(o, expected_end_day, TODAY - 31), RESIDENTIAL_OCCUPANT_DAYS);
	OCCUPANT(SET(o, expected_end_day, TODAY - 30), RESIDENTIAL_OK);
	OCCUPANT(o->reservation_id = said(s, "bed 1"), RESIDENTIAL_RESERVATION_UNKNOWN);
	OCCUPANT((void)sample_reserve(s, 1, AREA);
		 o->reservation_id = said(s, "bed 1"), RESIDENTIAL_OK);
	OCCUPANT((void)sample_reserve(s, 1, AREA); sample_people(s, "9g", "", "");
		 s->known->occupants[0]->reservation_id = said(s, "bed 1");
		 o->reservation_id = said(s, "bed 1"), RESIDENTIAL_RESERVATION_USED);
	/* What is so is recorded, also where there is no bed. */
	OCCUPANT(sample_people(s, "9g 9g 9g 9g 9g", "", ""); (void)o, RESIDENTIAL_OK);
	OCCUPANT(for (int i = 0; i < 72; i++) sample_people(s, "9g", "", "");
		 (void)o, RESIDENTIAL_ROWS_MANY);
}

static void
an_end_is_not_ahead_nor_before_the_start(void **state)
{
	struct sample *s = *state;
	Residential__EndOccupant call = RESIDENTIAL__END_OCCUPANT__INIT;

	sample_make(s);
	sample_people(s, "12g", "", "");
	Residential__Occupant *o = s->known->occupants[0];
#define END() residential_may_end_occupant(o, &call, TODAY)
	assert_int_equal(END(), RESIDENTIAL_END_DAY_MISSING);
	SET(&call, end_day, TODAY);
	assert_int_equal(END(), RESIDENTIAL_OK);
	SET(&call, end_day, TODAY + 1);
	assert_int_equal(END(), RESIDENTIAL_END_DAY_AHEAD);
	SET(&call, end_day, TODAY - 31);
	assert_int_equal(END(), RESIDENTIAL_END_DAY_EARLY);
	SET(o, kind, KIND(PLACED_HERE));
	assert_int_equal(END(), RESIDENTIAL_OCCUPANT_PLACED_HERE);
}

/* ---- beds closed and reserved ---- */

#define CLOSE(change, no)                                                              \
	do {                                                                           \
		Residential__CloseBeds call = RESIDENTIAL__CLOSE_BEDS__INIT;           \
		sample_make(s);                                                        \
		sample_people(s, "12g", "13b", "");                                    \
		SET(&call, beds, 1);                                                   \
		SET(&call, reason,                                                     \
		    RESIDENTIAL__CLOSED_REASON__CLOSED_REASON_STAFFING);               \
		from_day = 0;                                                          \
		change;                                                                \
		assert_int_equal(residential_may_close_beds(                           \
				     s->known, house_of(s), &call, &from_day),         \
		    no);                                                               \
	} while (0)

static void
no_more_are_closed_than_are_free_of_people(void **state)
{
	struct sample *s = *state;
	int32_t from_day;

	CLOSE((void)0, RESIDENTIAL_OK);
	assert_int_equal(from_day, TODAY);
	CLOSE(SET(&call, beds, 2), RESIDENTIAL_OK);
	CLOSE(SET(&call, beds, 3), RESIDENTIAL_CLOSED_TAKEN);
	CLOSE(SET(&call, beds, UINT32_MAX), RESIDENTIAL_CLOSED_TAKEN);
	CLOSE(SET(&call, beds, 0), RESIDENTIAL_CLOSED_BEDS);
	CLOSE(SET(&call, reason, 0), RESIDENTIAL_CLOSED_REASON);
	CLOSE(SET(&call, until_day, TODAY), RESIDENTIAL_PERIOD);
	CLOSE(SET(&call, from_day, TODAY + 3);
	      SET(&call, until_day, TODAY + 3), RESIDENTIAL_PERIOD);
	CLOSE(sample_close(s, 1, TODAY - 3, 0), RESIDENTIAL_OK);
	CLOSE(sample_close(s, 2, TODAY - 3, 0), RESIDENTIAL_CLOSED_TAKEN);
	CLOSE(sample_close(s, 2, TODAY + 3, 0), RESIDENTIAL_CLOSED_TAKEN);
	CLOSE(sample_close(s, 2, TODAY + 3, 0);
	      SET(&call, until_day, TODAY + 3), RESIDENTIAL_OK);
	CLOSE(for (int i = 0; i < 72; i++) sample_close(s, 0, TODAY, 0),
	    RESIDENTIAL_ROWS_MANY);
}

#define RESERVE(change, no)                                                            \
	do {                                                                           \
		Residential__ReserveBed call = RESIDENTIAL__RESERVE_BED__INIT;         \
		sample_make(s);                                                        \
		SET(&call, bed_number, 4);                                             \
		call.council_ids = councils;                                           \
		call.n_council_ids = 2;                                                \
		from_day = 0;                                                          \
		change;                                                                \
		assert_int_equal(                                                      \
		    residential_may_reserve(s->known, house_of(s), &call, &from_day),  \
		    no);                                                               \
	} while (0)

static void
reserve_often(struct sample *s, size_t rows, int32_t until_day)
{
	for (size_t i = 0; i < rows; i++)
		sample_reserve_days(s, 4, TODAY - 9, until_day);
}

static void
a_bed_is_reserved_once_and_only_where_one_is_free(void **state)
{
	struct sample *s = *state;
	char area[] = AREA, elsewhere[] = ELSEWHERE;
	char *councils[] = {area, elsewhere, area};
	char codes[RESIDENTIAL_COUNCILS_MAX + 1][10];
	char *many[RESIDENTIAL_COUNCILS_MAX + 1];
	int32_t from_day;

	for (size_t i = 0; i <= RESIDENTIAL_COUNCILS_MAX; i++) {
		snprintf(codes[i], sizeof codes[i], "E080000%02zu", i);
		many[i] = codes[i];
	}
	RESERVE((void)0, RESIDENTIAL_OK);
	assert_int_equal(from_day, TODAY);
	RESERVE(SET(&call, bed_number, 0), RESIDENTIAL_BED_NUMBER);
	RESERVE(SET(&call, bed_number, 5), RESIDENTIAL_BED_NUMBER);
	RESERVE(call.n_council_ids = 0, RESIDENTIAL_RESERVED_COUNCILS);
	RESERVE(call.n_council_ids = 3, RESIDENTIAL_RESERVED_COUNCILS);
	RESERVE(call.council_ids = many;
		call.n_council_ids = RESIDENTIAL_COUNCILS_MAX, RESIDENTIAL_OK);
	RESERVE(call.council_ids = many;
		call.n_council_ids = RESIDENTIAL_COUNCILS_MAX + 1,
		RESIDENTIAL_RESERVED_COUNCILS);
	RESERVE(SET(&call, until_day, TODAY), RESIDENTIAL_PERIOD);
	RESERVE((void)sample_reserve(s, 4, AREA), RESIDENTIAL_BED_RESERVED);
	RESERVE((void)sample_reserve(s, 3, AREA), RESIDENTIAL_OK);
	RESERVE(sample_reserve_days(s, 4, TODAY - 9, TODAY + 9);
		SET(&call, from_day, TODAY + 9), RESIDENTIAL_OK);
	RESERVE(sample_people(s, "12g 13b", "14g", ""), RESIDENTIAL_OK);
	RESERVE(sample_people(s, "12g 13b", "14g 15g", ""), RESIDENTIAL_RESERVED_TAKEN);
	RESERVE(sample_people(s, "12g 13b", "14g", "");
		(void)sample_reserve(s, 3, AREA), RESIDENTIAL_RESERVED_TAKEN);
	RESERVE(sample_people(s, "12g 13b", "14g 15g", "");
		SET(&call, from_day, TODAY + 1), RESIDENTIAL_OK);
	/* What is over is history, and takes no row away. */
	RESERVE(reserve_often(s, RESIDENTIAL_ROWS_EACH_MAX - 1, TODAY + 9);
		SET(&call, from_day, TODAY + 9), RESIDENTIAL_OK);
	RESERVE(reserve_often(s, RESIDENTIAL_ROWS_EACH_MAX, TODAY + 9);
		SET(&call, from_day, TODAY + 9), RESIDENTIAL_ROWS_MANY);
	RESERVE(reserve_often(s, RESIDENTIAL_ROWS_EACH_MAX, TODAY), RESIDENTIAL_OK);
}

/* ---- the vacancy ---- */

#define OPEN(change, no)                                                               \
	do {                                                                           \
		Residential__OpenVacancy call = RESIDENTIAL__OPEN_VACANCY__INIT;       \
		sample_make(s);                                                        \
		Residential__Home *h = s->known->home;                                 \
		SET(&call, age_band, BAND(10_TO_15));                                  \
		change;                                                                \
		assert_int_equal(                                                      \
		    residential_may_open(h, &call, TODAY, &from_day), no);             \
	} while (0)

static void
a_vacancy_is_of_a_band_it_may_take(void **state)
{
	struct sample *s = *state;
	int32_t from_day;

	OPEN((void)h, RESIDENTIAL_OK);
	assert_int_equal(from_day, TODAY);
	OPEN(SET(h, care_type, CARE_TYPE(SECURE)), RESIDENTIAL_VACANCY_SECURE);
	OPEN(SET(h, restriction, RESTRICTION(ACCOMMODATION)),
	    RESIDENTIAL_VACANCY_RESTRICTED);
	OPEN(SET(h, restriction, RESTRICTION(SUSPENDED)),
	    RESIDENTIAL_VACANCY_RESTRICTED);
	OPEN(SET(&call, age_band, BAND(UNSPECIFIED));
	     (void)h, RESIDENTIAL_VACANCY_BAND_MISSING);
	OPEN(SET(&call, age_band, BAND(1_TO_4)); (void)h, RESIDENTIAL_VACANCY_BAND);
	OPEN(SET(&call, available_from_day, TODAY - 1);
	     (void)h, RESIDENTIAL_VACANCY_DAY);
	OPEN(SET(&call, available_from_day, TODAY + 366); (void)h, RESIDENTIAL_OK);
	OPEN(SET(&call, available_from_day, TODAY + 367);
	     (void)h, RESIDENTIAL_VACANCY_DAY);
	OPEN(SET(&call, open_places, 0); (void)h, RESIDENTIAL_OPEN_PLACES_NONE);
	OPEN(SET(&call, open_places, 4); (void)h, RESIDENTIAL_OK);
	OPEN(SET(&call, open_places, 5); (void)h, RESIDENTIAL_OPEN_PLACES_MANY);
}

/* A home for four: one to four at a time, or all that are free. */
static void
open_places_are_within_the_registration(void **state)
{
	static const enum residential_refusal nos[] = {RESIDENTIAL_OPEN_PLACES_NONE,
	    RESIDENTIAL_OK, RESIDENTIAL_OK, RESIDENTIAL_OK, RESIDENTIAL_OK,
	    RESIDENTIAL_OPEN_PLACES_MANY};
	struct sample *s = *state;
	Residential__SetOpenPlaces call = RESIDENTIAL__SET_OPEN_PLACES__INIT;

	sample_make(s);
	assert_int_equal(
	    residential_may_set_open_places(s->known->home, &call), RESIDENTIAL_OK);
	for (uint32_t i = 0; i < sizeof nos / sizeof nos[0]; i++) {
		SET(&call, open_places, i);
		assert_int_equal(
		    residential_may_set_open_places(s->known->home, &call), nos[i]);
	}
}

static void
the_pointer_to_the_national_unit_is_in_the_sentence(void **state)
{
	(void)state;
	assert_non_null(
	    strstr(residential_refusal(RESIDENTIAL_VACANCY_SECURE)->sentence,
		"Secure Welfare Coordination Unit"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_registered_home_is_whole),
	    cmocka_unit_test(its_days_are_not_ahead),
	    cmocka_unit_test(it_is_registered_for_so_many_of_such_ages),
	    cmocka_unit_test(what_it_can_is_shown_by_something),
	    cmocka_unit_test(its_lists_say_each_thing_once),
	    cmocka_unit_test(a_provider_keeps_its_own_kind),
	    cmocka_unit_test(an_amended_home_has_room_for_those_there),
	    cmocka_unit_test(somebody_who_lives_there_is_known_by_age_and_sex),
	    cmocka_unit_test(an_end_is_not_ahead_nor_before_the_start),
	    cmocka_unit_test(no_more_are_closed_than_are_free_of_people),
	    cmocka_unit_test(a_bed_is_reserved_once_and_only_where_one_is_free),
	    cmocka_unit_test(a_vacancy_is_of_a_band_it_may_take),
	    cmocka_unit_test(open_places_are_within_the_registration),
	    cmocka_unit_test(the_pointer_to_the_national_unit_is_in_the_sentence),
	};

	return cmocka_run_group_tests(tests, sample_set_up, sample_tear_down);
}
