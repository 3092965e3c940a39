/* How a home's beds stand, and whose a reserved one is: by table. */
#include "unit/residential_sample.h"

#include "support/full.h"

static const char *
text_of(struct sample *s)
{
	Residential__Beds b = RESIDENTIAL__BEDS__INIT;

	residential_count_beds(house_of(s), &b);
	return str_format(&s->arena,
	    "%u/%u %u there %u held %u reserved %u closed "
	    "%u free",
	    b.registered, b.staffed, b.occupied, b.held, b.reserved, b.closed, b.free);
}

/* Of four registered places. */
static const struct {
	uint32_t staffed;
	const char *there, *held;
	uint32_t closed;
	const char *reserved[2]; /* beds 1 and 2: for whom */
	const char *beds;
} tables[] = {
    {4, "", "", 0, {0}, "4/4 0 there 0 held 0 reserved 0 closed 4 free"},
    {3, "", "", 0, {0}, "4/3 0 there 0 held 0 reserved 0 closed 3 free"},
    {0, "", "", 0, {0}, "4/0 0 there 0 held 0 reserved 0 closed 0 free"},
    {4, "12g", "13b", 1, {0}, "4/4 1 there 1 held 0 reserved 1 closed 1 free"},
    /* Somebody of 18 staying on uses a bed. */
    {4, "12g 18b", "", 0, {0}, "4/4 2 there 0 held 0 reserved 0 closed 2 free"},
    {4, "12g", "", 0, {AREA}, "4/4 1 there 0 held 1 reserved 0 closed 2 free"},
    {4, "12g", "", 0, {AREA, AREA}, "4/4 1 there 0 held 2 reserved 0 closed 1 free"},
    /* Fewer beds left than are reserved: the reserved are no more than are left. */
    {2, "12g", "", 0, {AREA, AREA}, "4/2 1 there 0 held 1 reserved 0 closed 0 free"},
    {4, "12g", "", 3, {AREA}, "4/4 1 there 0 held 0 reserved 3 closed 0 free"},
    /* More live there than are staffed, which is so and nobody's to refuse. */
    {1, "12g 12g", "", 0, {AREA}, "4/1 2 there 0 held 0 reserved 0 closed 0 free"},
    {4, "12g 9b 9b 9b 10g", "", 0, {0},
	"4/4 5 there 0 held 0 reserved 0 closed 0 free"},
    /* A child who must live alone, there or held for, shuts what is left. */
    {4, "12g*", "", 0, {0}, "4/4 1 there 0 held 0 reserved 3 closed 0 free"},
    {4, "", "12g*", 1, {AREA}, "4/4 0 there 1 held 0 reserved 3 closed 0 free"},
};

static void
beds_are_derived(void **state)
{
	struct sample *s = *state;

	for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
		sample_make(s);
		SET(s->known->home, staffed_beds, tables[i].staffed);
		sample_people(s, tables[i].there, tables[i].held, "");
		if (tables[i].closed > 0)
			sample_close(s, tables[i].closed, TODAY, 0);
		for (uint32_t bed = 0; bed < 2; bed++)
			if (tables[i].reserved[bed] != NULL)
				(void)sample_reserve(
				    s, bed + 1, tables[i].reserved[bed]);
		assert_string_equal(text_of(s), tables[i].beds);
	}
}

static void
a_restricted_home_has_none_left(void **state)
{
	struct sample *s = *state;

	sample_make(s);
	sample_people(s, "12g", "13b", "");
	SET(s->known->home, restriction, RESTRICTION(ACCOMMODATION));
	assert_string_equal(
	    text_of(s), "4/4 1 there 1 held 0 reserved 2 closed 0 free");
}

static void
periods_begin_and_end(void **state)
{
	struct sample *s = *state;

	sample_make(s);
	sample_close(s, 1, TODAY - 5, TODAY); /* ended today */
	sample_close(s, 2, TODAY + 1, 0);     /* from tomorrow */
	sample_reserve_days(s, 1, TODAY + 1, 0);
	sample_reserve_days(s, 2, TODAY - 9, TODAY);
	assert_string_equal(
	    text_of(s), "4/4 0 there 0 held 0 reserved 0 closed 4 free");
}

static void
a_reserved_bed_is_somebodys_or_nobodys(void **state)
{
	struct sample *s = *state;

	sample_make(s);
	(void)sample_reserve(s, 1, AREA);
	(void)sample_reserve(s, 2, AREA);
	sample_people(s, "12g", "13b", "");
	s->known->occupants[0]->reservation_id = said(s, "bed 1");
	assert_string_equal(
	    text_of(s), "4/4 1 there 1 held 1 reserved 0 closed 1 free");
	s->held->reservation_ids = LIST_NEW(&s->arena, 1, char *);
	s->held->reservation_ids[s->held->n_reservation_ids++] = said(s, "bed 2");
	assert_string_equal(
	    text_of(s), "4/4 1 there 1 held 0 reserved 0 closed 2 free");
	assert_true(residential_is_used(s->known, "bed 1"));
	assert_true(residential_is_used(s->known, "bed 2"));
	assert_false(residential_is_used(s->known, "bed 3"));
}

/* Four beds of which 1 is both councils', 2 the area's alone. Who comes may have ... */
static const struct {
	const char *there, *coming, *council;
	bool has_beds;
	const char *taken; /* which reserved ones, in order */
} takes[] = {
    {"", "12g", AREA, true, "bed 2 "}, /* the one that serves fewer councils */
    {"", "12g.A 13g.A", AREA, true, "bed 2 bed 1 "},
    {"", "12g", ELSEWHERE, true, "bed 1 "},
    {"", "12g.A 13g.A 14g.A", ELSEWHERE, true, "bed 1 "},
    {"", "12g.A 13g.A 14g.A 15g.A", ELSEWHERE, false, NULL},
    {"", "12g.A 13g.A 14g.A 15g.A", AREA, true, "bed 2 bed 1 "},
    {"", "12g", "E06000001", true, ""},
    {"", "12g.A 13g.A 14g.A", "E06000001", false, NULL},
    {"9g 9b", "12g", "E06000001", false, NULL},
    {"9g 9b", "12g", NULL, false, NULL},
    {"9g 9b", "12g", AREA, true, "bed 2 "},
    {"9g 9b 9g", "12g", AREA, true, "bed 2 "}, /* one bed left, two reserved */
    {"9g 9b 9g", "12g.A 12g.A", AREA, false, NULL},
    {"9g 9b 9g 9g", "12g", AREA, false, NULL},
};

static void
a_reserved_bed_is_taken_before_a_free_one(void **state)
{
	struct sample *s = *state;

	for (size_t i = 0; i < sizeof takes / sizeof takes[0]; i++) {
		uint32_t reserved_n = 99;
		const char *taken = "";
		sample_make(s);
		sample_people(s, takes[i].there, "", takes[i].coming);
		s->coming->placing_council_id =
		    takes[i].council == NULL ? NULL : said(s, takes[i].council);
		(void)sample_reserve(s, 1, AREA " " ELSEWHERE);
		(void)sample_reserve(s, 2, AREA);
		assert_int_equal(
		    residential_has_beds(house_of(s), takes[i].council, &reserved_n),
		    takes[i].has_beds);
		if (!takes[i].has_beds)
			continue;
		assert_true(residential_take_reserved(
		    &s->arena, &s->house, reserved_n, s->coming));
		for (size_t j = 0; j < s->coming->n_reservation_ids; j++)
			taken = str_format(
			    &s->arena, "%s%s ", taken, s->coming->reservation_ids[j]);
		assert_string_equal(taken, takes[i].taken);
	}
}

static void
what_is_reserved_is_told_by_council(void **state)
{
	struct sample *s = *state;
	Residential__Vacancy *v;

	sample_make(s);
	sample_open(s, BAND(10_TO_15));
	(void)sample_reserve(s, 1, ELSEWHERE " " AREA);
	(void)sample_reserve(s, 2, AREA);
	v = residential_vacancy_now(
	    &s->arena, s->known, house_of(s), s->known->vacancies[0]);
	assert_int_equal(v->n_reserved_free, 2);
	assert_string_equal(v->reserved_free[0]->council_id, AREA);
	assert_int_equal(v->reserved_free[0]->beds, 2);
	assert_string_equal(v->reserved_free[1]->council_id, ELSEWHERE);
	assert_int_equal(v->reserved_free[1]->beds, 1);
	/* One bed left: no council has more. */
	sample_people(s, "9g 9g 9g", "", "");
	v = residential_vacancy_now(
	    &s->arena, s->known, house_of(s), s->known->vacancies[0]);
	assert_int_equal(v->reserved_free[0]->beds, 1);
	assert_int_equal(v->beds->free, 0);
	/* None left: nobody has any. */
	SET(s->known->home, restriction, RESTRICTION(SUSPENDED));
	v = residential_vacancy_now(
	    &s->arena, s->known, house_of(s), s->known->vacancies[0]);
	assert_int_equal(v->n_reserved_free, 0);
}

/* By code, in whatever order they were reserved: who came first does not show. */
static void
councils_are_told_in_one_order(void **state)
{
	static const char *const orders[] = {
	    AREA " " ELSEWHERE " E10000017",
	    AREA " E10000017 " ELSEWHERE,
	    ELSEWHERE " " AREA " E10000017",
	    ELSEWHERE " E10000017 " AREA,
	    "E10000017 " AREA " " ELSEWHERE,
	    "E10000017 " ELSEWHERE " " AREA,
	};
	struct sample *s = *state;

	for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
		sample_make(s);
		sample_open(s, BAND(10_TO_15));
		(void)sample_reserve(s, 1, orders[i]);
		const Residential__Vacancy *v = residential_vacancy_now(
		    &s->arena, s->known, house_of(s), s->known->vacancies[0]);
		assert_int_equal(v->n_reserved_free, 3);
		assert_string_equal(v->reserved_free[0]->council_id, AREA);
		assert_string_equal(v->reserved_free[1]->council_id, ELSEWHERE);
		assert_string_equal(v->reserved_free[2]->council_id, "E10000017");
	}
}

/* Everybody held for has a bed kept, by whichever hold. */
static void
every_hold_is_counted(void **state)
{
	struct sample *s = *state;

	sample_make(s);
	sample_people(s, "", "12g 13b", "");
	s->known->holds[s->known->n_holds++] = sample_hold(s, "another", "14g");
	assert_string_equal(
	    text_of(s), "4/4 0 there 3 held 0 reserved 0 closed 1 free");
}

/* Half a home is not judged, half a vacancy not published, half the beds not taken. */
static void
a_home_is_whole_or_not_at_all(void **state)
{
	struct sample *s = *state;
	const Residential__Vacancy *v = NULL;

	sample_make(s);
	sample_open(s, BAND(10_TO_15));
	sample_people(s, "12g", "13b", "14g.A 15g.A");
	(void)sample_reserve(s, 1, ELSEWHERE " " AREA);
	(void)sample_reserve(s, 2, AREA);
	s->coming->placing_council_id = said(s, AREA);
	FULL_UNTIL_IT_FITS(&s->arena,
	    residential_house_of(&s->arena, s->known, s->coming, TODAY, &s->house));
	assert_int_equal(s->house.coming_n, 2);
	assert_int_equal(s->house.reserved_n, 2);
	FULL_UNTIL_IT_FITS(
	    &s->arena, FULL_IF((v = residential_vacancy_now(&s->arena, s->known,
				    &s->house, s->known->vacancies[0])) == NULL));
	assert_int_equal(v->n_reserved_free, 2);
	assert_int_equal(v->residents->n_age_bands, 1);
	FULL_UNTIL_IT_FITS(&s->arena,
	    FULL_IF(!residential_take_reserved(&s->arena, &s->house, 2, s->coming)));
	assert_int_equal(s->coming->n_reservation_ids, 2);
}

/* Whoever is coming is not also held for. */
static void
who_is_coming_is_counted_once(void **state)
{
	struct sample *s = *state;

	sample_make(s);
	sample_people(s, "9g", "12g.A 13g.A", "");
	s->coming = s->held;
	s->held->reservation_ids = LIST_NEW(&s->arena, 1, char *);
	s->held->reservation_ids[s->held->n_reservation_ids++] = said(s, "bed 1");
	(void)sample_reserve(s, 1, AREA);
	house_of(s);
	assert_int_equal(s->house.there_n, 1);
	assert_int_equal(s->house.held_n, 0);
	assert_int_equal(s->house.coming_n, 2);
	assert_int_equal(s->house.reserved_n, 1);
}

/* Every home of up to four beds, whoever is there and whatever is closed or reserved:
 * no count promises one bed twice. */
static void
no_bed_is_counted_twice(void **state)
{
	static const char *const people[] = {"", "9g", "9g 9g", "9g 9g 9g"};
	struct sample *s = *state;

	for (uint32_t n = 0; n < 5 * 4 * 3 * 3 * 3; n++) {
		Residential__Beds b = RESIDENTIAL__BEDS__INIT;
		uint32_t k = n, staffed = k % 5, there = (k /= 5) % 4;
		uint32_t held = (k /= 4) % 3, closed = (k /= 3) % 3;
		uint32_t reserved = k / 3;
		sample_make(s);
		SET(s->known->home, staffed_beds, staffed);
		sample_people(s, people[there], people[held], "");
		if (closed > 0)
			sample_close(s, closed, TODAY, 0);
		for (uint32_t bed = 1; bed <= reserved; bed++)
			(void)sample_reserve(s, bed, AREA);
		residential_count_beds(house_of(s), &b);
		uint32_t used = b.occupied + b.held + b.closed;
		assert_int_equal(
		    b.free + b.reserved, staffed > used ? staffed - used : 0);
		assert_true(b.reserved <= reserved);
		assert_true(b.free == 0 || b.reserved == reserved);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(beds_are_derived),
	    cmocka_unit_test(a_restricted_home_has_none_left),
	    cmocka_unit_test(periods_begin_and_end),
	    cmocka_unit_test(a_reserved_bed_is_somebodys_or_nobodys),
	    cmocka_unit_test(a_reserved_bed_is_taken_before_a_free_one),
	    cmocka_unit_test(what_is_reserved_is_told_by_council),
	    cmocka_unit_test(councils_are_told_in_one_order),
	    cmocka_unit_test(every_hold_is_counted),
	    cmocka_unit_test(a_home_is_whole_or_not_at_all),
	    cmocka_unit_test(who_is_coming_is_counted_once),
	    cmocka_unit_test(no_bed_is_counted_twice),
	};

	return cmocka_run_group_tests(tests, sample_set_up, sample_tear_down);
}
