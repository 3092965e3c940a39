/* Who is safe with whom, both ways; what a home will not take; bands: by table. */
#include "unit/residential_sample.h"

#include "support/full.h"

#define NO RESIDENTIAL_NOT_SAFE_TOGETHER

static const struct {
	const char *there, *held, *coming;
	enum residential_refusal no;
} mixes[] = {
    {"12g", "", "13b", RESIDENTIAL_OK},
    {"", "", "13b", RESIDENTIAL_OK},
    {"", "", "13b*", RESIDENTIAL_OK},
    /* The child coming is not safe with who lives there ... */
    {"12g", "", "13b*", NO},
    {"12g", "", "13b<", NO},
    {"13g", "", "13b<", RESIDENTIAL_OK}, /* of one age is not younger */
    {"14g", "", "13b<", RESIDENTIAL_OK},
    {"14g", "", "13b>", NO},
    {"13g", "", "13b>", RESIDENTIAL_OK},
    {"12g", "", "13b>", RESIDENTIAL_OK},
    {"12g", "", "13bG", NO},
    {"12b", "", "13bG", RESIDENTIAL_OK},
    {"12b", "", "13bB", NO},
    {"12g", "", "13bB", RESIDENTIAL_OK},
    {"12u", "", "13bB", NO}, /* may be a boy */
    {"12u", "", "13bG", NO},
    {"18b", "", "13g>", NO}, /* somebody of 18 lives there too */
    {"18b", "", "13g*", NO},
    {"18g", "", "13gB", RESIDENTIAL_OK},
    /* ... or who lives there is not safe with the child coming. */
    {"12g*", "", "13b", NO},
    {"12g>", "", "13b", NO},
    {"12g>", "", "12b", RESIDENTIAL_OK},
    {"12g<", "", "11b", NO},
    {"12gB", "", "13b", NO},
    {"12gB", "", "13u", NO},
    {"12gG", "", "13b", RESIDENTIAL_OK},
    /* So it is with those held for. */
    {"", "12g", "13b*", NO},
    {"", "12g*", "13b", NO},
    {"", "12gB", "13b", NO},
    {"9g", "12gB", "13g", RESIDENTIAL_OK},
    /* Among many it takes one. */
    {"12g 12g 12b", "", "13gB", NO},
    {"12g 12g 12g", "13gB", "13b", NO},
    /* Siblings that come together are not each other's strangers ... */
    {"", "", "12g*.A 13b*.A", RESIDENTIAL_OK},
    {"", "", "12gB.A 13b.A", RESIDENTIAL_OK},
    {"14g", "", "12gB.A 13b.A", RESIDENTIAL_OK},
    {"14b", "", "12gB.A 13b.A", NO},
    {"13g", "", "12g<.A 15b.A", NO}, /* which of them is not said: any may be */
    {"15g", "", "12g<.A 15b.A", RESIDENTIAL_OK},
    /* ... others that come together are. */
    {"", "", "12g* 13b", NO},
    {"", "", "12gB 13b", NO},
    {"", "", "12gG 13b", NO}, /* which of them is not said: she may be */
    {"", "", "12g 13b", RESIDENTIAL_OK},
};

static void
everybody_is_safe_with_everybody(void **state)
{
	struct sample *s = *state;

	for (size_t i = 0; i < sizeof mixes / sizeof mixes[0]; i++) {
		sample_make(s);
		sample_people(s, mixes[i].there, mixes[i].held, mixes[i].coming);
		const struct residential_house *house = house_of(s);
		enum residential_refusal no =
		    residential_test_mix(house, residential_present(house));
		if (no != mixes[i].no)
			fail_msg("%s | %s | %s: %d", mixes[i].there, mixes[i].held,
			    mixes[i].coming, no);
	}
}

/* Whichever of two lives there first, the answer is the same. */
static void
both_ways_are_one(void **state)
{
	static const char *const words[] = {"12g", "12g*", "12g<", "12g>", "12gG",
	    "12gB", "13b", "13b*", "13b<", "13b>", "13bG", "13bB", "13u", "12uB"};
	struct sample *s = *state;
	size_t n = sizeof words / sizeof words[0];

	for (size_t i = 0; i < n * n; i++) {
		enum residential_refusal no[2];
		for (size_t way = 0; way < 2; way++) {
			const char *one = words[i / n], *other = words[i % n];
			sample_make(s);
			sample_people(
			    s, way == 0 ? one : other, "", way == 0 ? other : one);
			no[way] = residential_test_mix(house_of(s), 1);
		}
		assert_int_equal(no[0], no[1]);
	}
}

/* A sibling of the same group who lives there already is no stranger. */
static void
a_brother_who_lives_there_is_no_stranger(void **state)
{
	struct sample *s = *state;

	sample_make(s);
	sample_people(s, "12b", "", "13gB.A");
	assert_int_equal(residential_test_mix(house_of(s), 1), NO);
	s->known->occupants[0]->sibling_group_id = said(s, "coming");
	assert_int_equal(residential_test_mix(house_of(s), 1), RESIDENTIAL_OK);
}

/* Ages are those of the day, counted on from the day they were said. */
static void
ages_are_of_the_day(void **state)
{
	struct sample *s = *state;

	sample_make(s);
	sample_people(s, "12g", "", "13b<");
	assert_int_equal(residential_test_mix(house_of(s), 1), NO);
	SET(s->known->occupants[0], age_day, TODAY - 366);
	assert_int_equal(residential_test_mix(house_of(s), 1), RESIDENTIAL_OK);
}

static void
pets_are_the_homes(void **state)
{
	struct sample *s = *state;

	sample_make(s);
	sample_people(s, "", "", "13bP");
	assert_int_equal(residential_test_mix(house_of(s), 0), RESIDENTIAL_OK);
	SET(s->known->home, has_pets, true);
	assert_int_equal(residential_test_mix(house_of(s), 0), RESIDENTIAL_PETS);
}

/* The start looks at those who live there alone. */
static void
how_many_are_looked_at_is_the_callers_to_say(void **state)
{
	struct sample *s = *state;

	sample_make(s);
	sample_people(s, "12g", "12b", "13gB");
	assert_int_equal(residential_test_mix(house_of(s), 2), NO);
	assert_int_equal(residential_test_mix(house_of(s), 1), RESIDENTIAL_OK);
}

static const struct {
	const char *wish, *there, *coming;
	bool is_taken;
} wishes[] = {
    {"", "12g", "13b.A 14g.A", true}, {"*", "", "13b", true},
    {"*", "", "13b.A 14g.A", false}, {"*", "12g", "13b", false}, {"G", "", "13b", true},
    {"G", "", "13g", false}, {"B", "", "13g", true}, {"B", "", "13u", false},
    {"<", "12g", "11b", false}, {"<", "12g", "12b", true}, {"<", "", "11b", true},
    {">", "12g", "13b", false}, {">", "12g", "12b", true},
    {"P", "12g", "13b", true}, /* the pets are its own */
};

static void
a_home_says_what_it_will_not_take(void **state)
{
	struct sample *s = *state;

	for (size_t i = 0; i < sizeof wishes / sizeof wishes[0]; i++) {
		Common__NotSafeWith with;
		sample_make(s);
		if (wishes[i].wish[0] != '\0') {
			with = with_of(wishes[i].wish[0]);
			s->known->home->will_not_take_with = &with;
			s->known->home->n_will_not_take_with = 1;
		}
		sample_people(s, wishes[i].there, "", wishes[i].coming);
		assert_int_equal(residential_test_wishes(house_of(s)),
		    wishes[i].is_taken ? RESIDENTIAL_OK
				       : RESIDENTIAL_HOME_WILL_NOT_TAKE);
	}
}

/* ---- bands ---- */

static void
a_home_takes_the_bands_it_is_registered_for(void **state)
{
	struct sample *s = *state;

	sample_make(s);
	SET(s->known->home, age_min_years, 9);
	SET(s->known->home, age_max_years, 15);
	assert_false(residential_takes_band(s->known->home, BAND(UNSPECIFIED)));
	assert_false(residential_takes_band(s->known->home, BAND(1_TO_4)));
	assert_true(residential_takes_band(s->known->home, BAND(5_TO_9)));
	assert_true(residential_takes_band(s->known->home, BAND(10_TO_15)));
	assert_false(residential_takes_band(s->known->home, BAND(16_TO_17)));
	/* Not said is no band, for the youngest neither. */
	SET(s->known->home, age_min_years, 0);
	assert_true(residential_takes_band(s->known->home, BAND(UNDER_1)));
	assert_false(residential_takes_band(s->known->home, BAND(UNSPECIFIED)));
	/* One year of a band is enough, the first or the last. */
	SET(s->known->home, age_min_years, 4);
	SET(s->known->home, age_max_years, 10);
	assert_true(residential_takes_band(s->known->home, BAND(1_TO_4)));
	assert_true(residential_takes_band(s->known->home, BAND(10_TO_15)));
}

static void
residents_are_told_in_bands(void **state)
{
	struct sample *s = *state;
	Common__NeedKind risks[] = {COMMON__NEED_KIND__NEED_KIND_FIRE_SETTING,
	    COMMON__NEED_KIND__NEED_KIND_GOES_MISSING};
	Residential__Residents *r;

	sample_make(s);
	r = residential_residents(&s->arena, s->known, house_of(s));
	assert_int_equal(r->count, 0);
	assert_false(r->has_girls || r->has_boys || r->has_adults);
	sample_people(s, "16g> 11gB 12g 19g 18g", "5bG", "");
	s->known->occupants[2]->risks = risks;
	s->known->occupants[2]->n_risks = 2;
	r = residential_residents(&s->arena, s->known, house_of(s));
	assert_int_equal(r->count, 5);
	assert_true(r->has_girls);
	assert_false(r->has_boys); /* the boy of five is only held for */
	assert_true(r->has_adults);
	assert_int_equal(r->n_age_bands, 2);
	assert_int_equal(r->age_bands[0], BAND(10_TO_15));
	assert_int_equal(r->age_bands[1], BAND(16_TO_17));
	assert_int_equal(r->n_not_safe_with, 2);
	assert_int_equal(r->not_safe_with[0], WITH(OLDER_CHILDREN));
	assert_int_equal(r->not_safe_with[1], WITH(BOYS));
	assert_int_equal(r->n_risks, 2);
	assert_int_equal(r->risks[0], COMMON__NEED_KIND__NEED_KIND_GOES_MISSING);
}

/* In whatever order they came: who lives there last hides nobody. */
static void
whoever_came_last_hides_nobody(void **state)
{
	static const struct {
		const char *there;
		bool has_girls, has_boys, has_adults;
	} rows[] = {
	    {"12g", true, false, false},
	    {"12b", false, true, false},
	    {"12u", true, true, false}, /* may be either */
	    {"12g 12b", true, true, false},
	    {"12b 12g", true, true, false},
	    {"19b 12g", true, true, true},
	    {"12g 19b", true, true, true},
	    {"17b 17b", false, true, false},
	    {"18b 17b", false, true, true},
	};
	struct sample *s = *state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		sample_make(s);
		sample_people(s, rows[i].there, "", "");
		const Residential__Residents *r =
		    residential_residents(&s->arena, s->known, house_of(s));
		assert_int_equal(r->has_girls, rows[i].has_girls);
		assert_int_equal(r->has_boys, rows[i].has_boys);
		assert_int_equal(r->has_adults, rows[i].has_adults);
	}
}

static void
residents_are_told_whole(void **state)
{
	struct sample *s = *state;
	const Residential__Residents *r = NULL;

	sample_make(s);
	sample_people(s, "12gB 5b", "", "");
	const struct residential_house *house = house_of(s);
	FULL_UNTIL_IT_FITS(&s->arena,
	    FULL_IF((r = residential_residents(&s->arena, s->known, house)) == NULL));
	assert_int_equal(r->n_age_bands, 2);
	assert_int_equal(r->n_not_safe_with, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(everybody_is_safe_with_everybody),
	    cmocka_unit_test(both_ways_are_one),
	    cmocka_unit_test(a_brother_who_lives_there_is_no_stranger),
	    cmocka_unit_test(ages_are_of_the_day),
	    cmocka_unit_test(pets_are_the_homes),
	    cmocka_unit_test(how_many_are_looked_at_is_the_callers_to_say),
	    cmocka_unit_test(a_home_says_what_it_will_not_take),
	    cmocka_unit_test(a_home_takes_the_bands_it_is_registered_for),
	    cmocka_unit_test(residents_are_told_in_bands),
	    cmocka_unit_test(whoever_came_last_hides_nobody),
	    cmocka_unit_test(residents_are_told_whole),
	};

	return cmocka_run_group_tests(tests, sample_set_up, sample_tear_down);
}
