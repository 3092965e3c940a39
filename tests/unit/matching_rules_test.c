#include "matching/matching.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/check.h"
#include "base/message.h"
#include "matching/explain.h"
#include "matching/facts_inside.h"

#define TODAY 20778
#define DAY_MS INT64_C(86400000)
#define NOON_MS INT64_C(1795262400000)
#define RULE(name) MATCHING__RULE__RULE_##name
#define SAFE(who) COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_##who
#define KIND(name) FOSTER__APPROVAL_KIND__APPROVAL_KIND_##name
#define NEED(name) COMMON__NEED_KIND__NEED_KIND_##name
#define LEVEL(name) COMMON__LEVEL__LEVEL_##name

/* A home that suits a request, of which each row then changes one fact. */
struct pair {
	Foster__Approval approval;
	Foster__Places places;
	Foster__Vacancy vacancy;
	Common__Need skill, *skills[1];
	Common__NotSafeWith home_with[1], child_with[1];
	Requests__ChildNeed child, second, *children[2];
	Common__Need need, *needs[1];
	Requests__NeedCirculation asked;
	Requests__NeedDetail detail;
	Requests__RequestSubmitted request;
	char *avoid[1];
};

static char vacancy_id[] = "01jd5r0000aaaaaaaaaaaaaaaa";
static char m14[] = "M14 5", m1[] = "M1 1", truro[] = "TR1 1", nowhere[] = "ZZ9 9";

static void
make_home(struct pair *p)
{
	foster__approval__init(&p->approval);
	foster__places__init(&p->places);
	foster__vacancy__init(&p->vacancy);
	common__need__init(&p->skill);
	SET(&p->approval, kind, KIND(MAINSTREAM));
	SET(&p->approval, age_min_years, 5);
	SET(&p->approval, age_max_years, 12);
	SET(&p->approval, takes_girls, true);
	SET(&p->approval, takes_boys, true);
	SET(&p->places, free, 1);
	SET(&p->places, free_for_siblings, 2);
	SET(&p->skill, kind, NEED(AUTISM));
	SET(&p->skill, level, LEVEL(HIGH));
	p->skills[0] = &p->skill;
	p->vacancy.vacancy_id = vacancy_id;
	p->vacancy.home_sector = m1;
	p->vacancy.approval = &p->approval;
	p->vacancy.places = &p->places;
	p->vacancy.skills = p->skills;
	p->vacancy.n_skills = 1;
	p->vacancy.will_not_take_with = p->home_with;
	SET(&p->vacancy, girls, 1);
	SET(&p->vacancy, boys, 0);
	SET(&p->vacancy, youngest_years, 8);
	SET(&p->vacancy, oldest_years, 8);
	SET(&p->vacancy, has_pets, false);
	SET(&p->vacancy, takes_emergencies, false);
	SET(&p->vacancy, available_from_day, TODAY + 3);
	SET(&p->vacancy, confirmed_time, NOON_MS);
	SET(&p->vacancy, is_open, true);
}

static void
make_pair(struct pair *p)
{
	memset(p, 0, sizeof *p);
	make_home(p);
	requests__child_need__init(&p->child);
	common__need__init(&p->need);
	requests__need_circulation__init(&p->asked);
	requests__need_detail__init(&p->detail);
	requests__request_submitted__init(&p->request);
	SET(&p->child, age_years, 8);
	SET(&p->child, age_day, TODAY - 10);
	SET(&p->child, sex, COMMON__SEX__SEX_MALE);
	SET(&p->need, kind, NEED(AUTISM));
	SET(&p->need, level, LEVEL(HIGH));
	p->needs[0] = &p->need;
	p->child.needs = p->needs;
	p->child.n_needs = 1;
	p->child.not_safe_with = p->child_with;
	p->second = p->child;
	p->children[0] = &p->child;
	p->children[1] = &p->second;
	p->asked.children = p->children;
	p->asked.n_children = 1;
	p->asked.home_sector = m14;
	SET(&p->asked, urgency, REQUESTS__URGENCY__URGENCY_PLANNED);
	SET(&p->asked, needed_by_day, TODAY + 3);
	SET(&p->asked, miles_max, 10);
	p->avoid[0] = truro;
	p->detail.avoid_sectors = p->avoid;
	p->detail.n_avoid_sectors = 1;
	p->request.circulation = &p->asked;
	p->request.detail = &p->detail;
}

/* What is changed, and back from it to the rule and words of the fact. */
struct row {
	void (*change)(struct pair *p);
	Matching__Rule rule; /* RULE_UNSPECIFIED: it stays suitable */
	const char *words;
};

#define CHANGE(name, ...)                                                              \
	static void name(struct pair *p)                                               \
	{                                                                              \
		__VA_ARGS__;                                                           \
	}

CHANGE(nothing, (void)p)
CHANGE(closed, SET(&p->vacancy, is_open, false))
CHANGE(open_not_said, p->vacancy.has_is_open = 0; p->vacancy.is_open = 0)
CHANGE(family, SET(&p->approval, kind, KIND(FAMILY_AND_FRIENDS)))
CHANGE(short_break, SET(&p->approval, kind, KIND(SHORT_BREAK)))
CHANGE(parent_home, SET(&p->approval, kind, KIND(PARENT_AND_CHILD)))
CHANGE(parent_asked, SET(&p->need, kind, NEED(PARENT_AND_CHILD)))
CHANGE(parent_both, parent_home(p); parent_asked(p))
CHANGE(age_as_old, SET(&p->child, age_years, 12))
CHANGE(age_too_old, SET(&p->child, age_years, 13))
CHANGE(age_as_young, SET(&p->child, age_years, 5))
CHANGE(age_too_young, SET(&p->child, age_years, 4))
CHANGE(birthday_past, SET(&p->child, age_years, 12);
       SET(&p->child, age_day, TODAY - 365))
CHANGE(age_not_said, p->child.has_age_years = 0)
CHANGE(age_max_not_said, p->approval.has_age_max_years = 0)
CHANGE(girls_only, SET(&p->approval, takes_boys, false))
CHANGE(sex_unknown, SET(&p->child, sex, COMMON__SEX__SEX_UNKNOWN))
CHANGE(sex_unknown_girls_only, girls_only(p); sex_unknown(p))
CHANGE(full, SET(&p->places, free, 0))
CHANGE(three_free, SET(&p->places, free, 3); SET(&p->places, free_for_siblings, 3))
CHANGE(opened_one, three_free(p); SET(&p->vacancy, open_places, 1))
CHANGE(opened_none, SET(&p->vacancy, open_places, 0))
CHANGE(opened_more, full(p); SET(&p->vacancy, open_places, 3))
CHANGE(places_not_said, p->vacancy.places = NULL)
CHANGE(two, p->asked.n_children = 2)
CHANGE(siblings, two(p); SET(&p->asked, are_siblings, true))
CHANGE(siblings_full, siblings(p); SET(&p->places, free_for_siblings, 1))
CHANGE(two_opened, two(p); opened_one(p))
CHANGE(two_of_three, two_opened(p); SET(&p->vacancy, open_places, 2))
CHANGE(siblings_opened, siblings(p); opened_one(p))
CHANGE(one_sibling, SET(&p->asked, are_siblings, true);
       SET(&p->places, free_for_siblings, 0))
CHANGE(skill_medium, SET(&p->skill, level, LEVEL(MEDIUM)))
CHANGE(need_medium, SET(&p->need, level, LEVEL(MEDIUM)); p->vacancy.n_skills = 0)
CHANGE(level_not_said, p->need.has_level = 0; p->need.level = 0; skill_medium(p))
CHANGE(not_safe_with, p->child.n_not_safe_with = 1)
CHANGE(will_not_take, p->vacancy.n_will_not_take_with = 1)
CHANGE(empty_home, SET(&p->vacancy, girls, 0); p->vacancy.has_youngest_years = 0;
       p->vacancy.youngest_years = 0; p->vacancy.has_oldest_years = 0;
       p->vacancy.oldest_years = 0)
CHANGE(mix_not_said, p->vacancy.has_girls = 0; p->vacancy.girls = 0)
CHANGE(alone, p->child_with[0] = SAFE(ANY_CHILD); not_safe_with(p))
CHANGE(alone_empty, alone(p); empty_home(p))
CHANGE(alone_not_said, alone(p); mix_not_said(p))
CHANGE(younger_same_age, p->child_with[0] = SAFE(YOUNGER_CHILDREN); not_safe_with(p))
CHANGE(younger, younger_same_age(p); SET(&p->vacancy, youngest_years, 7))
CHANGE(older, p->child_with[0] = SAFE(OLDER_CHILDREN); not_safe_with(p);
       SET(&p->vacancy, oldest_years, 9))
CHANGE(with_girls, p->child_with[0] = SAFE(GIRLS); not_safe_with(p))
CHANGE(with_boys, p->child_with[0] = SAFE(BOYS); not_safe_with(p))
CHANGE(with_pets, p->child_with[0] = SAFE(PETS); not_safe_with(p))
CHANGE(pets, with_pets(p); SET(&p->vacancy, has_pets, true))
CHANGE(pets_not_said, with_pets(p); p->vacancy.has_has_pets = 0)
CHANGE(with_not_said, p->child_with[0] = SAFE(UNSPECIFIED); not_safe_with(p))
CHANGE(home_no_boys, p->home_with[0] = SAFE(BOYS); will_not_take(p))
CHANGE(home_no_girls, p->home_with[0] = SAFE(GIRLS); will_not_take(p))
CHANGE(home_alone, p->home_with[0] = SAFE(ANY_CHILD); will_not_take(p))
CHANGE(home_alone_empty, home_alone(p); empty_home(p))
CHANGE(home_pets, p->home_with[0] = SAFE(PETS); will_not_take(p))
CHANGE(home_no_older, p->home_with[0] = SAFE(OLDER_CHILDREN); will_not_take(p))
CHANGE(home_older, home_no_older(p); SET(&p->child, age_years, 9))
CHANGE(home_no_younger, p->home_with[0] = SAFE(YOUNGER_CHILDREN); will_not_take(p);
       SET(&p->child, age_years, 7))
CHANGE(avoid_there, p->avoid[0] = m1)
CHANGE(avoid_unknown, p->avoid[0] = nowhere)
CHANGE(no_detail, p->request.detail = NULL)
CHANGE(avoid_nothing, p->detail.n_avoid_sectors = 0; p->vacancy.home_sector = nowhere;
       p->asked.has_miles_max = 0)
CHANGE(far_away, p->vacancy.home_sector = truro; p->detail.n_avoid_sectors = 0)
CHANGE(no_limit, far_away(p); p->asked.has_miles_max = 0)
CHANGE(home_not_located, p->vacancy.home_sector = NULL; p->detail.n_avoid_sectors = 0)
CHANGE(asked_not_located, p->asked.home_sector = NULL)
CHANGE(too_late, SET(&p->vacancy, available_from_day, TODAY + 4))
CHANGE(day_not_said, p->vacancy.has_available_from_day = 0)
CHANGE(overdue, SET(&p->asked, needed_by_day, TODAY - 20);
       SET(&p->vacancy, available_from_day, TODAY))
CHANGE(emergency, SET(&p->asked, urgency, REQUESTS__URGENCY__URGENCY_EMERGENCY))
CHANGE(emergency_taken, emergency(p); SET(&p->vacancy, takes_emergencies, true))

static const struct row rows[] = {
    {nothing, 0, NULL},
    {closed, RULE(OPEN), "closed"},
    {open_not_said, RULE(OPEN), "closed"},
    {family, RULE(OPEN), "another kind"},
    {short_break, RULE(OPEN), "another kind"},
    {parent_home, RULE(OPEN), "another kind"},
    {parent_both, 0, NULL},
    {age_as_old, 0, NULL},
    {age_too_old, RULE(APPROVAL_AGE), "ages 5 to 12; asked for age 13"},
    {age_as_young, 0, NULL},
    {age_too_young, RULE(APPROVAL_AGE), "ages 5 to 12; asked for age 4"},
    {birthday_past, RULE(APPROVAL_AGE), "asked for age 13"},
    {age_not_said, RULE(APPROVAL_AGE), "unverified"},
    {age_max_not_said, RULE(APPROVAL_AGE), "unverified"},
    {girls_only, RULE(APPROVAL_SEX), "girls only"},
    {sex_unknown, 0, NULL},
    {sex_unknown_girls_only, RULE(APPROVAL_SEX), "not known"},
    {full, RULE(PLACES), "0 free; 1 asked for"},
    {places_not_said, RULE(PLACES), "unverified"},
    {two, RULE(PLACES), "1 free; 2 asked for"},
    {siblings, 0, NULL},
    {siblings_full, RULE(PLACES), "1 free for one sibling group; 2 asked for"},
    {opened_one, 0, NULL},
    {opened_none, RULE(PLACES), "0 free and open to referral; 1 asked for"},
    {opened_more, RULE(PLACES), "0 free; 1 asked for"},
    {two_opened, RULE(PLACES), "1 free and open to referral; 2 asked for"},
    {two_of_three, 0, NULL},
    {siblings_opened, RULE(PLACES),
	"1 free and open to referral for one sibling group; 2 asked for"},
    {one_sibling, 0, NULL},
    {skill_medium, RULE(NEEDS), "not met at high level: autism"},
    {need_medium, 0, NULL},
    {level_not_said, RULE(NEEDS), "not met at high level: autism"},
    {alone, RULE(MIX_FOR_CHILD), "1 girl, aged 8, lives there"},
    {alone_empty, 0, NULL},
    {alone_not_said, RULE(MIX_FOR_CHILD), "unverified"},
    {mix_not_said, 0, NULL},
    {younger_same_age, 0, NULL},
    {younger, RULE(MIX_FOR_CHILD), "aged 7 to 8"},
    {older, RULE(MIX_FOR_CHILD), "aged 8 to 9"},
    {with_girls, RULE(MIX_FOR_CHILD), "1 girl"},
    {with_boys, 0, NULL},
    {with_pets, 0, NULL},
    {pets, RULE(MIX_FOR_CHILD), "pets"},
    {pets_not_said, RULE(MIX_FOR_CHILD), "unverified"},
    {with_not_said, RULE(MIX_FOR_CHILD), "unverified"},
    {home_no_boys, RULE(MIX_FOR_HOME), "will not take boys"},
    {home_no_girls, 0, NULL},
    {home_alone, RULE(MIX_FOR_HOME), "one child alone"},
    {home_alone_empty, 0, NULL},
    {home_pets, 0, NULL},
    {home_no_older, 0, NULL},
    {home_older, RULE(MIX_FOR_HOME), "older than those there"},
    {home_no_younger, RULE(MIX_FOR_HOME), "younger than those there"},
    {avoid_there, RULE(AVOID_AREA), "about 0.0 miles from a place to avoid"},
    {avoid_unknown, RULE(AVOID_AREA), "unverified"},
    {no_detail, RULE(AVOID_AREA), "unverified"},
    {avoid_nothing, 0, NULL},
    {far_away, RULE(DISTANCE), "the limit is 10"},
    {no_limit, 0, NULL},
    {home_not_located, RULE(DISTANCE), "unverified"},
    {asked_not_located, RULE(DISTANCE), "unverified"},
    {too_late, RULE(AVAILABLE), "available from 2026-11-25; needed by 2026-11-24"},
    {day_not_said, RULE(AVAILABLE), "unverified"},
    {overdue, 0, NULL},
    {emergency, RULE(EMERGENCY), "emergency"},
    {emergency_taken, 0, NULL},
};

static enum matching_refusal
need_of(struct pair *p, struct matching_need *out)
{
	const struct matching_question question = {
	    .request = &p->request, .today = TODAY, .avoid_miles_tenths = 10};

	return matching_need_of(&question, out);
}

static void
judge(struct pair *p, struct matching_need *need, struct matching_home *home)
{
	assert_int_equal(need_of(p, need), MATCHING_OK);
	matching_home_of_foster(&p->vacancy, home);
}

static uint32_t
bit_of(Matching__Rule rule)
{
	for (unsigned i = 0; i < MATCHING_RULES; i++) {
		if (matching_waterfall[i] == rule)
			return 1u << i;
	}
	return 0;
}

/* Each fact changed fails its own rule and no other, and the words say which it was. */
static void
one_fact_one_rule(void **state)
{
	struct arena a;

	(void)state;
	assert_int_equal(arena_open(&a, 1u << 20), ERR_NONE);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct row *row = &rows[i];
		struct pair p;
		struct matching_need need;
		struct matching_home home;
		make_pair(&p);
		row->change(&p);
		judge(&p, &need, &home);
		uint32_t failed = MATCHING_FAILED(matching_mask(&need, &home));
		uint32_t expected = bit_of(row->rule);
		if (failed != expected)
			fail_msg(
			    "row %zu: failed %x, expected %x", i, failed, expected);
		if (row->rule == 0)
			continue;
		const char *fact = explain_fact(&a, row->rule, &need, &home);
		if (strstr(fact, row->words) == NULL)
			fail_msg(
			    "row %zu: \"%s\" does not say %s", i, fact, row->words);
	}
	arena_close(&a);
}

/* A limit within the error of the estimate removes nothing and says so. */
static void
near_a_limit_somebody_looks_at_the_map(void **state)
{
	struct pair p;
	struct matching_need need;
	struct matching_home home;
	bool was_checked = false, was_removed = false, was_plain = false;

	(void)state;
	make_pair(&p);
	p.vacancy.home_sector = m1;
	judge(&p, &need, &home);
	struct geo_distance d = geo_between(geo_sector(m14), geo_sector(m1));
	for (uint32_t limit = 0; limit < 200; limit++) {
		need.miles_max_tenths = limit;
		need.terms.around = matching_circle(&need.home, limit);
		uint32_t mask = matching_mask(&need, &home);
		bool is_removed = limit + d.error_tenths < d.miles_tenths;
		bool is_checked =
		    !is_removed && limit < d.miles_tenths + d.error_tenths;
		assert_int_equal(
		    MATCHING_FAILED(mask), is_removed ? MATCHING_BIT(DISTANCE) : 0);
		assert_int_equal((mask & MATCHING_CHECK_DISTANCE) != 0, is_checked);
		was_removed |= is_removed;
		was_checked |= is_checked;
		was_plain |= !is_removed && !is_checked;
	}
	assert_true(was_removed && was_checked && was_plain);
}

static void
what_cannot_be_looked_at_whole_is_refused(void **state)
{
	char *many[MATCHING_AVOID_MAX + 1];
	Requests__ChildNeed *children[MATCHING_CHILDREN_MAX + 1];
	struct matching_need need;
	struct pair p;

	(void)state;
	make_pair(&p);
	for (size_t i = 0; i <= MATCHING_AVOID_MAX; i++)
		many[i] = truro;
	for (size_t i = 0; i <= MATCHING_CHILDREN_MAX; i++)
		children[i] = &p.child;
	p.detail.avoid_sectors = many;
	p.detail.n_avoid_sectors = MATCHING_AVOID_MAX;
	p.asked.children = children;
	p.asked.n_children = MATCHING_CHILDREN_MAX;
	assert_int_equal(need_of(&p, &need), MATCHING_OK);
	p.detail.n_avoid_sectors++;
	assert_int_equal(need_of(&p, &need), MATCHING_AVOID_MANY);
	p.detail.n_avoid_sectors = 0;
	p.asked.n_children++;
	assert_int_equal(need_of(&p, &need), MATCHING_CHILDREN_COUNT);
	p.asked.n_children = 0;
	assert_int_equal(need_of(&p, &need), MATCHING_CHILDREN_COUNT);
}

/* A part of a group is judged as if the others were not there. */
static void
a_part_is_judged_alone(void **state)
{
	char a[] = "A", b[] = "B", c[] = "C";
	char *only_a[] = {a}, *only_b[] = {b}, *twice[] = {b, b}, *unknown[] = {a, c};
	struct matching_need need;
	struct matching_home home;
	struct pair p;
	struct matching_question question = {
	    .request = &p.request, .today = TODAY, .avoid_miles_tenths = 10};

	(void)state;
	make_pair(&p);
	two(&p);
	p.child.child_ref = a;
	p.second.child_ref = b;
	SET(&p.second, age_years, 14);
	judge(&p, &need, &home);
	assert_int_equal(MATCHING_FAILED(matching_mask(&need, &home)),
	    MATCHING_BIT(PLACES) | MATCHING_BIT(APPROVAL_AGE));
	question.child_refs = only_a;
	question.n_child_refs = 1;
	assert_int_equal(matching_need_of(&question, &need), MATCHING_OK);
	assert_int_equal(need.children_n, 1);
	assert_int_equal(MATCHING_FAILED(matching_mask(&need, &home)), 0);
	question.child_refs = only_b;
	assert_int_equal(matching_need_of(&question, &need), MATCHING_OK);
	assert_int_equal(
	    MATCHING_FAILED(matching_mask(&need, &home)), MATCHING_BIT(APPROVAL_AGE));
	question.child_refs = twice;
	question.n_child_refs = 2;
	assert_int_equal(matching_need_of(&question, &need), MATCHING_OK);
	assert_int_equal(need.children_n, 1);
	question.child_refs = unknown;
	assert_int_equal(matching_need_of(&question, &need), MATCHING_CHILD_UNKNOWN);
}

static void
every_rule_says_its_source(void **state)
{
	(void)state;
	for (Matching__Rule rule = RULE(OPEN); rule <= RULE(RESERVED); rule++) {
		assert_true(bit_of(rule) != 0);
		assert_true(strlen(explain_source(rule)) > 15);
		assert_true(strlen(explain_source(rule)) <= CHECK_STRING_BYTES_MAX);
		for (Matching__Rule other = RULE(OPEN); other < rule; other++)
			assert_string_not_equal(
			    explain_source(rule), explain_source(other));
	}
	for (unsigned no = MATCHING_REQUEST_UNKNOWN; no <= MATCHING_CHILD_UNKNOWN; no++)
		assert_int_equal(
		    matching_refusal((enum matching_refusal)no)->number, no);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_fact_one_rule),
	    cmocka_unit_test(near_a_limit_somebody_looks_at_the_map),
	    cmocka_unit_test(what_cannot_be_looked_at_whole_is_refused),
	    cmocka_unit_test(a_part_is_judged_alone),
	    cmocka_unit_test(every_rule_says_its_source),
	};

	return cmocka_run_group_tests_name("matching_rules", tests, NULL, NULL);
}
