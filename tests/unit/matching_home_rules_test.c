#include "matching/matching.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/message.h"
#include "matching/explain.h"

#define TODAY 20778
#define RULE(name) MATCHING__RULE__RULE_##name
#define SAFE(who) COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_##who
#define CARE(name) COMMON__CARE_TYPE__CARE_TYPE_##name
#define NEED(name) COMMON__NEED_KIND__NEED_KIND_##name
#define LEVEL(name) COMMON__LEVEL__LEVEL_##name
#define BAND(name) COMMON__AGE_BAND__AGE_BAND_##name
#define EVIDENCE(name) RESIDENTIAL__EVIDENCE__EVIDENCE_##name
#define NOTICE(name) RESIDENTIAL__RESTRICTION_KIND__RESTRICTION_KIND_##name

static char vacancy_id[] = "01jd5r0000aaaaaaaaaaaaaaaa";
static char m14[] = "M14 5", m1[] = "M1 1";
static char ours[] = "E08000003", theirs[] = "E08000006";

/* A children's home that suits a request for a boy of 13, of which each row then
 * changes one fact. One girl lives there, between 10 and 15. */
struct pair {
	Residential__Beds beds;
	Residential__ReservedFree kept, *reserved[1];
	Common__Need met;
	Residential__Capability capability, *capabilities[1];
	Residential__Residents residents;
	Common__AgeBand bands[2];
	Common__NotSafeWith home_with[1], child_with[1], resident_with[1];
	Common__NeedKind risks[1];
	Residential__Vacancy vacancy;
	Common__CareType care_types[2];
	Requests__ChildNeed child, second, *children[2];
	Common__Need need, *needs[1];
	Requests__NeedCirculation asked;
	Requests__NeedDetail detail;
	Requests__RequestSubmitted request;
};

static void
make_home(struct pair *p)
{
	Residential__Vacancy *v = &p->vacancy;

	residential__beds__init(&p->beds);
	residential__reserved_free__init(&p->kept);
	common__need__init(&p->met);
	residential__capability__init(&p->capability);
	residential__residents__init(&p->residents);
	residential__vacancy__init(v);
	SET(&p->beds, free, 1);
	p->reserved[0] = &p->kept;
	SET(&p->met, kind, NEED(AUTISM));
	SET(&p->met, level, LEVEL(HIGH));
	p->capability.need = &p->met;
	SET(&p->capability, evidence, EVIDENCE(STAFF_TRAINED));
	p->capabilities[0] = &p->capability;
	p->bands[0] = BAND(10_TO_15);
	SET(&p->residents, count, 1);
	p->residents.age_bands = p->bands;
	p->residents.n_age_bands = 1;
	SET(&p->residents, has_girls, true);
	SET(&p->residents, has_boys, false);
	p->residents.not_safe_with = p->resident_with;
	p->residents.risks = p->risks;
	v->vacancy_id = vacancy_id;
	v->home_sector = m1;
	v->beds = &p->beds;
	v->reserved_free = p->reserved;
	v->capabilities = p->capabilities;
	v->n_capabilities = 1;
	v->residents = &p->residents;
	v->will_not_take_with = p->home_with;
	SET(v, care_type, CARE(CHILDRENS_HOME));
	SET(v, age_min_years, 10);
	SET(v, age_max_years, 15);
	SET(v, takes_girls, true);
	SET(v, takes_boys, true);
	SET(v, has_pets, false);
	SET(v, takes_emergencies, false);
	SET(v, available_from_day, TODAY);
	SET(v, is_open, true);
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
	SET(&p->child, age_years, 13);
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
	p->asked.council_id = ours;
	p->asked.care_types = p->care_types;
	SET(&p->asked, urgency, REQUESTS__URGENCY__URGENCY_PLANNED);
	SET(&p->asked, needed_by_day, TODAY + 3);
	p->request.circulation = &p->asked;
	p->request.detail = &p->detail;
}

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
CHANGE(parent_asked, SET(&p->need, kind, NEED(PARENT_AND_CHILD));
       SET(&p->need, level, LEVEL(LOW)))
CHANGE(parent_met, parent_asked(p); SET(&p->met, kind, NEED(PARENT_AND_CHILD)))
/* the kind of care */
CHANGE(only_foster, p->care_types[0] = CARE(FOSTER); p->asked.n_care_types = 1)
CHANGE(foster_or_home, only_foster(p); p->care_types[1] = CARE(CHILDRENS_HOME);
       p->asked.n_care_types = 2)
CHANGE(secure, SET(&p->vacancy, care_type, CARE(SECURE)))
CHANGE(care_not_said, p->vacancy.has_care_type = 0; p->vacancy.care_type = 0)
CHANGE(supported, SET(&p->vacancy, care_type, CARE(SUPPORTED_ACCOMMODATION));
       SET(&p->vacancy, age_max_years, 17))
CHANGE(supported_16, supported(p); SET(&p->child, age_years, 16))
CHANGE(supported_soon_16, supported(p); SET(&p->child, age_years, 15);
       SET(&p->child, age_day, TODAY + 3 - 365))
CHANGE(supported_not_said, supported(p); p->child.has_age_years = 0)
CHANGE(supported_18, supported(p); SET(&p->child, age_years, 18);
       SET(&p->vacancy, age_max_years, 18))
/* a notice */
CHANGE(restricted, SET(&p->vacancy, restriction, NOTICE(ACCOMMODATION)))
CHANGE(suspended, SET(&p->vacancy, restriction, NOTICE(SUSPENDED)))
CHANGE(no_notice, SET(&p->vacancy, restriction, NOTICE(UNSPECIFIED)))
/* registration */
CHANGE(too_old, SET(&p->child, age_years, 16))
CHANGE(too_young, SET(&p->child, age_years, 9))
CHANGE(ages_not_said, p->vacancy.has_age_max_years = 0)
CHANGE(girls_only, SET(&p->vacancy, takes_boys, false))
/* beds */
CHANGE(full, SET(&p->beds, free, 0))
CHANGE(beds_not_said, p->vacancy.beds = NULL)
CHANGE(free_not_said, p->beds.has_free = 0; p->beds.free = 0;
       SET(&p->beds, reserved, 1))
CHANGE(kept, full(p); SET(&p->beds, reserved, 1); p->kept.council_id = theirs;
       SET(&p->kept, beds, 1); p->vacancy.n_reserved_free = 1)
CHANGE(kept_for_us, kept(p); p->kept.council_id = ours)
CHANGE(two, p->asked.n_children = 2)
CHANGE(siblings, two(p); SET(&p->asked, are_siblings, true))
CHANGE(siblings_kept, siblings(p); SET(&p->beds, reserved, 1);
       p->kept.council_id = theirs; SET(&p->kept, beds, 1);
       p->vacancy.n_reserved_free = 1)
CHANGE(siblings_kept_for_us, siblings_kept(p); p->kept.council_id = ours)
CHANGE(opened_one, two(p); SET(&p->beds, free, 3); SET(&p->vacancy, open_places, 1))
CHANGE(opened_two, opened_one(p); SET(&p->vacancy, open_places, 2))
CHANGE(opened_more, full(p); SET(&p->vacancy, open_places, 3))
CHANGE(kept_opened, siblings_kept_for_us(p); SET(&p->vacancy, open_places, 1))
CHANGE(kept_opened_two, siblings_kept_for_us(p); SET(&p->vacancy, open_places, 2))
/* evidence */
CHANGE(own_word, SET(&p->capability, evidence, EVIDENCE(STATEMENT_OF_PURPOSE)))
CHANGE(evidence_not_said, p->capability.has_evidence = 0; p->capability.evidence = 0)
CHANGE(cared_for, SET(&p->capability, evidence, EVIDENCE(CHILDREN_CARED_FOR)))
CHANGE(inspected, SET(&p->capability, evidence, EVIDENCE(INSPECTION_REPORT)))
CHANGE(met_medium, SET(&p->met, level, LEVEL(MEDIUM)))
CHANGE(own_word_medium, own_word(p); SET(&p->need, level, LEVEL(MEDIUM)))
/* whom the child would live with */
CHANGE(with, p->child.n_not_safe_with = 1)
CHANGE(alone, p->child_with[0] = SAFE(ANY_CHILD); with(p))
CHANGE(empty, SET(&p->residents, count, 0); p->residents.n_age_bands = 0;
       SET(&p->residents, has_girls, false))
CHANGE(alone_empty, alone(p); empty(p))
CHANGE(nobody_said, p->vacancy.residents = NULL)
CHANGE(alone_nobody_said, alone(p); nobody_said(p))
CHANGE(band_unknown, p->child_with[0] = SAFE(YOUNGER_CHILDREN); with(p);
       p->bands[0] = (Common__AgeBand)9)
CHANGE(grown_up, p->child_with[0] = SAFE(YOUNGER_CHILDREN); with(p);
       p->residents.n_age_bands = 0)
CHANGE(grown_up_is_older, grown_up(p); p->child_with[0] = SAFE(OLDER_CHILDREN))
CHANGE(younger, p->child_with[0] = SAFE(YOUNGER_CHILDREN); with(p))
CHANGE(younger_of_10, younger(p); SET(&p->child, age_years, 10))
CHANGE(older, p->child_with[0] = SAFE(OLDER_CHILDREN); with(p))
CHANGE(older_of_15, older(p); SET(&p->child, age_years, 15))
CHANGE(older_two_bands, older_of_15(p); p->bands[1] = BAND(16_TO_17);
       p->residents.n_age_bands = 2)
CHANGE(older_adult, older_of_15(p); SET(&p->residents, has_adults, true))
CHANGE(younger_adult, younger_of_10(p); SET(&p->residents, has_adults, true))
CHANGE(with_girls, p->child_with[0] = SAFE(GIRLS); with(p))
CHANGE(with_boys, p->child_with[0] = SAFE(BOYS); with(p))
CHANGE(risky, with_girls(p); p->risks[0] = NEED(FIRE_SETTING); p->residents.n_risks = 1)
/* who lives there, and is not safe with the child */
CHANGE(theirs_with, p->residents.n_not_safe_with = 1)
CHANGE(resident_alone, p->resident_with[0] = SAFE(ANY_CHILD); theirs_with(p))
CHANGE(resident_boys, p->resident_with[0] = SAFE(BOYS); theirs_with(p))
CHANGE(resident_girls, p->resident_with[0] = SAFE(GIRLS); theirs_with(p))
CHANGE(resident_younger, p->resident_with[0] = SAFE(YOUNGER_CHILDREN); theirs_with(p))
CHANGE(resident_younger_of_15, resident_younger(p); SET(&p->child, age_years, 15))
CHANGE(resident_older, p->resident_with[0] = SAFE(OLDER_CHILDREN); theirs_with(p))
CHANGE(resident_older_of_10, resident_older(p); SET(&p->child, age_years, 10))
CHANGE(resident_pets, p->resident_with[0] = SAFE(PETS); theirs_with(p))
/* the home's own word */
CHANGE(own_with, p->vacancy.n_will_not_take_with = 1)
CHANGE(home_alone, p->home_with[0] = SAFE(ANY_CHILD); own_with(p))
CHANGE(home_alone_empty, home_alone(p); empty(p))
CHANGE(home_younger, p->home_with[0] = SAFE(YOUNGER_CHILDREN); own_with(p))
CHANGE(home_younger_of_15, home_younger(p); SET(&p->child, age_years, 15))
CHANGE(home_older, p->home_with[0] = SAFE(OLDER_CHILDREN); own_with(p))
CHANGE(home_older_of_10, home_older(p); SET(&p->child, age_years, 10))

static const struct row rows[] = {
    {nothing, 0, NULL},
    {closed, RULE(OPEN), "closed"},
    {parent_asked, RULE(OPEN), "takes a parent with a child"},
    {parent_met, 0, NULL},
    {only_foster, RULE(CARE_TYPE), "a children's home, which the council does not"},
    {foster_or_home, 0, NULL},
    {secure, RULE(CARE_TYPE), "Secure Welfare Coordination Unit"},
    {care_not_said, RULE(CARE_TYPE), "not known here"},
    {supported, RULE(CARE_TYPE), "ages 16 and 17; asked for ages 13 to 13"},
    {supported_16, 0, NULL},
    {supported_soon_16, 0, NULL},
    {restricted, RULE(RESTRICTED), "no child may be newly accommodated"},
    {suspended, RULE(RESTRICTED), "suspended"},
    {no_notice, 0, NULL},
    {too_old, RULE(APPROVAL_AGE), "open to ages 10 to 15; asked for age 16"},
    {too_young, RULE(APPROVAL_AGE), "asked for age 9"},
    {ages_not_said, RULE(APPROVAL_AGE), "unverified"},
    {girls_only, RULE(APPROVAL_SEX), "registered for girls only"},
    {full, RULE(PLACES), "0 free; 1 asked for"},
    {beds_not_said, RULE(PLACES), "unverified"},
    {free_not_said, RULE(PLACES), "unverified"},
    {kept, RULE(RESERVED),
	"0 free to everybody and 0 kept for the council; 1 asked for; 1 in all"},
    {kept_for_us, 0, NULL},
    {two, RULE(PLACES), "1 free; 2 asked for"},
    {siblings, RULE(PLACES), "1 free; 2 asked for"},
    {siblings_kept, RULE(RESERVED), "1 free to everybody and 0 kept for the council"},
    {siblings_kept_for_us, 0, NULL},
    {opened_one, RULE(PLACES), "1 free and open to referral; 2 asked for"},
    {opened_two, 0, NULL},
    {opened_more, RULE(PLACES), "0 free; 1 asked for"},
    {kept_opened, RULE(PLACES), "1 free and open to referral; 2 asked for"},
    {kept_opened_two, 0, NULL},
    {own_word, RULE(NEEDS), "autism (claimed by the home, with no evidence"},
    {evidence_not_said, RULE(NEEDS), "no evidence but its own word"},
    {cared_for, 0, NULL},
    {inspected, 0, NULL},
    {met_medium, RULE(NEEDS), "not met at high level: autism"},
    {own_word_medium, 0, NULL},
    {alone, RULE(MIX_FOR_CHILD), "1 lives there, a girl, aged 10 to 15 by bands"},
    {alone_empty, 0, NULL},
    {nobody_said, 0, NULL},
    {alone_nobody_said, RULE(MIX_FOR_CHILD), "unverified"},
    {band_unknown, RULE(MIX_FOR_CHILD), "unverified"},
    {grown_up, 0, NULL},
    {grown_up_is_older, RULE(MIX_FOR_CHILD), "aged 18 or over"},
    {younger, RULE(MIX_FOR_CHILD), "by bands: somebody there may be younger"},
    {younger_of_10, 0, NULL},
    {older, RULE(MIX_FOR_CHILD), "somebody there may be older"},
    {older_of_15, 0, NULL},
    {older_two_bands, RULE(MIX_FOR_CHILD), "aged 10 to 17 by bands"},
    {older_adult, RULE(MIX_FOR_CHILD), "aged 10 or over by bands"},
    {younger_adult, 0, NULL},
    {with_girls, RULE(MIX_FOR_CHILD), "a girl"},
    {with_boys, 0, NULL},
    {risky, RULE(MIX_FOR_CHILD), "risks: fire setting"},
    {resident_alone, RULE(MIX_FOR_HOME), "a child living there has to live alone"},
    {resident_boys, RULE(MIX_FOR_HOME), "living there is not safe with boys"},
    {resident_girls, 0, NULL},
    {resident_younger, RULE(MIX_FOR_HOME), "not safe with younger or older ones"},
    {resident_younger_of_15, 0, NULL},
    {resident_older, RULE(MIX_FOR_HOME), "aged 10 to 15 by bands"},
    {resident_older_of_10, 0, NULL},
    {resident_pets, 0, NULL},
    {home_alone, RULE(MIX_FOR_HOME), "one child alone"},
    {home_alone_empty, 0, NULL},
    {home_younger, RULE(MIX_FOR_HOME), "younger than those there"},
    {home_younger_of_15, 0, NULL},
    {home_older, RULE(MIX_FOR_HOME), "older than those there"},
    {home_older_of_10, 0, NULL},
};

static void
judge(struct pair *p, struct matching_need *need, struct matching_home *home)
{
	const struct matching_question question = {
	    .request = &p->request, .today = TODAY, .avoid_miles_tenths = 10};

	assert_int_equal(matching_need_of(&question, need), MATCHING_OK);
	matching_home_of_residential(&p->vacancy, home);
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
		if (failed != bit_of(row->rule))
			fail_msg("row %zu: failed %x, expected %x", i, failed,
			    bit_of(row->rule));
		if (row->rule == 0)
			continue;
		const char *fact = explain_fact(&a, row->rule, &need, &home);
		if (strstr(fact, row->words) == NULL)
			fail_msg(
			    "row %zu: \"%s\" does not say %s", i, fact, row->words);
	}
	arena_close(&a);
}

/* No age that is not recorded, and none of 18, is one for supported accommodation. */
static void
supported_accommodation_is_for_16_and_17(void **state)
{
	struct arena a;
	struct pair p;
	struct matching_need need;
	struct matching_home home;

	(void)state;
	assert_int_equal(arena_open(&a, 1u << 20), ERR_NONE);
	make_pair(&p);
	supported_not_said(&p);
	judge(&p, &need, &home);
	assert_int_equal(MATCHING_FAILED(matching_mask(&need, &home)),
	    MATCHING_BIT(CARE_TYPE) | MATCHING_BIT(APPROVAL_AGE));
	assert_non_null(
	    strstr(explain_fact(&a, RULE(CARE_TYPE), &need, &home), "unverified"));
	make_pair(&p);
	supported_18(&p);
	judge(&p, &need, &home);
	assert_int_equal(
	    MATCHING_FAILED(matching_mask(&need, &home)), MATCHING_BIT(CARE_TYPE));
	arena_close(&a);
}

/* The grade is shown with its day, and neither it nor the fee is a fact of a rule. */
static void
a_grade_is_said_with_its_day(void **state)
{
	struct arena a;

	(void)state;
	assert_int_equal(arena_open(&a, 1u << 16), ERR_NONE);
	assert_string_equal(
	    explain_grade(&a, MEMBERS__GRADE__GRADE_GOOD, TODAY), "good on 2026-11-21");
	assert_string_equal(explain_grade(&a, MEMBERS__GRADE__GRADE_UNSPECIFIED, 0),
	    "not yet inspected");
	assert_string_equal(
	    explain_grade(&a, (Members__Grade)77, 0), "a grade not known here");
	arena_close(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_fact_one_rule),
	    cmocka_unit_test(supported_accommodation_is_for_16_and_17),
	    cmocka_unit_test(a_grade_is_said_with_its_day),
	};

	return cmocka_run_group_tests_name("matching_home_rules", tests, NULL, NULL);
}
