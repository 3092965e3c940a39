#include "plan.h"

#include <assert.h>

#include "base/message.h"

#include "ages.h"
#include "carer_facts.h"
#include "chance.h"
#include "take.h"

/*
 * Open requests of the members: who needs a home now, by the published mix of those
 * who start to be looked after, one in five an emergency, one in five brothers and
 * sisters.
 */

#define EMERGENCY_PER_CENT 20
#define URGENT_PER_CENT 35 /* planned, but within three days */
#define SIBLINGS_PER_CENT 20
#define ASYLUM_SEEKER_YEARS_MIN 14
#define COUNT(list) (sizeof(list) / sizeof(list)[0])

/* Of sibling groups: two, three, four, five together. */
static const uint32_t group_sizes[] = {62, 26, 9, 3};

enum urgency { EMERGENCY, URGENT, PLANNED, URGENCIES };

/* What all requests of the region are dealt from. */
struct supply {
	struct chance chance;
	struct deck councils, urgencies, groups, bands, sexes, statuses;
	size_t asylum_seekers; /* children still to be dealt */
};

static const struct {
	const char *item;
	Requests__LegalStatus status;
} statuses[] = {
    {"interim_care_order", REQUESTS__LEGAL_STATUS__LEGAL_STATUS_C1},
    {"full_care_order", REQUESTS__LEGAL_STATUS__LEGAL_STATUS_C2},
    {"placement_order_granted", REQUESTS__LEGAL_STATUS__LEGAL_STATUS_E1},
    {"voluntary_agreement_under_s20", REQUESTS__LEGAL_STATUS__LEGAL_STATUS_V2},
    {"police_protection_in_la_accommodation", REQUESTS__LEGAL_STATUS__LEGAL_STATUS_L1},
    {"emergency_protection_order", REQUESTS__LEGAL_STATUS__LEGAL_STATUS_L2},
};

/* Some of one kind and the rest of the other. */
static struct deck
deal_share(struct chance *c, struct arena *a, size_t some, size_t n)
{
	uint32_t weights[] = {(uint32_t)(n - some), (uint32_t)some};

	return chance_deck(c, a, weights, 2, n);
}

static struct supply
supply_of(struct arena *a, const struct plan *p, size_t n)
{
	struct supply s = {.chance = chance_of(p->options.seed, "needs", 0)};
	uint32_t councils[DATA_COUNCILS_MAX],
	    urgencies[URGENCIES] = {EMERGENCY_PER_CENT, URGENT_PER_CENT,
		100 - EMERGENCY_PER_CENT - URGENT_PER_CENT};
	uint32_t legal[COUNT(statuses)];

	for (size_t i = 0; i < p->data->members_n; i++)
		councils[i] = (uint32_t)data_figure(p->data, "new_placements",
		    p->data->councils[i].code,
		    "location_of_new_placements_during_the_year",
		    "total_new_placements");
	for (size_t i = 0; i < COUNT(statuses); i++)
		legal[i] = (uint32_t)data_members(
		    p->data, "started", "legal_status", statuses[i].item);
	s.councils = chance_deck(&s.chance, a, councils, p->data->members_n, n);
	s.urgencies = chance_deck(&s.chance, a, urgencies, URGENCIES, n);
	s.groups = deal_share(&s.chance, a, (n * SIBLINGS_PER_CENT + 50) / 100, n);
	s.statuses = chance_deck(&s.chance, a, legal, COUNT(statuses), n);
	return s;
}

/* How many children each request is for; then decks of as many. */
static size_t
count_children(
    struct arena *a, const struct plan *p, struct supply *s, size_t *children)
{
	size_t sum = 0;
	uint32_t bands[AGES_BANDS], sexes[2];

	for (size_t i = 0; i < p->needs_n; i++) {
		bool is_group = chance_deal(&s->groups) == 1;
		children[i] = 1;
		if (is_group)
			children[i] = 2 + chance_weighted(&s->chance, group_sizes,
					      COUNT(group_sizes));
		sum += children[i];
	}
	ages_starting(p->data, bands);
	sexes[0] = (uint32_t)data_members(p->data, "started", "sex", "female");
	sexes[1] = (uint32_t)data_members(p->data, "started", "sex", "male");
	s->bands = chance_deck(&s->chance, a, bands, AGES_BANDS, sum);
	s->sexes = chance_deck(&s->chance, a, sexes, 2, sum);
	return sum;
}

/* ---- one child ---- */

static void
add_need(
    struct arena *a, Requests__ChildNeed *child, Common__NeedKind kind, size_t level)
{
	Common__Need *need = TAKE_MESSAGE(a, common__need);

	SET(need, kind, kind);
	SET(need, level, (Common__Level)(COMMON__LEVEL__LEVEL_LOW + (int)level));
	child->needs[child->n_needs++] = need;
}

/* Per mille of children, and from which age. No figure of needs by kind is published
 * that the contract's list could take; these are ours. */
static const struct {
	Common__NeedKind kind;
	uint32_t per_mille, from_years;
} kinds[] = {
    {COMMON__NEED_KIND__NEED_KIND_PHYSICAL_DISABILITY, 30, 0},
    {COMMON__NEED_KIND__NEED_KIND_LEARNING_DISABILITY, 90, 3},
    {COMMON__NEED_KIND__NEED_KIND_AUTISM, 110, 3},
    {COMMON__NEED_KIND__NEED_KIND_SENSORY_IMPAIRMENT, 20, 0},
    {COMMON__NEED_KIND__NEED_KIND_COMPLEX_HEALTH, 40, 0},
    {COMMON__NEED_KIND__NEED_KIND_MENTAL_HEALTH, 200, 9},
    {COMMON__NEED_KIND__NEED_KIND_SELF_HARM, 120, 11},
    {COMMON__NEED_KIND__NEED_KIND_TRAUMA, 480, 0},
    {COMMON__NEED_KIND__NEED_KIND_SUBSTANCE_MISUSE, 110, 12},
    {COMMON__NEED_KIND__NEED_KIND_GOES_MISSING, 170, 11},
    {COMMON__NEED_KIND__NEED_KIND_CRIMINAL_EXPLOITATION, 130, 11},
    {COMMON__NEED_KIND__NEED_KIND_SEXUAL_EXPLOITATION, 60, 11},
    {COMMON__NEED_KIND__NEED_KIND_HARMFUL_SEXUAL_BEHAVIOUR, 25, 9},
    {COMMON__NEED_KIND__NEED_KIND_PHYSICAL_AGGRESSION, 150, 5},
    {COMMON__NEED_KIND__NEED_KIND_FIRE_SETTING, 10, 8},
    {COMMON__NEED_KIND__NEED_KIND_OFFENDING, 90, 12},
};

static void
give_needs(
    struct arena *a, Requests__ChildNeed *child, bool seeks_asylum, struct chance *c)
{
	static const uint32_t levels[] = {40, 40, 20};

	child->needs = TAKE_LIST(a, COUNT(kinds) + 1, Common__Need *);
	for (size_t i = 0; i < COUNT(kinds); i++) {
		if (child->age_years >= kinds[i].from_years &&
		    chance_per_mille(c, kinds[i].per_mille))
			add_need(
			    a, child, kinds[i].kind, chance_weighted(c, levels, 3));
	}
	if (seeks_asylum)
		add_need(a, child,
		    COMMON__NEED_KIND__NEED_KIND_UNACCOMPANIED_ASYLUM_SEEKING, 1);
}

static void
give_not_safe_with(struct arena *a, Requests__ChildNeed *child, struct chance *c)
{
	static const Common__NotSafeWith list[] = {
	    COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_YOUNGER_CHILDREN,
	    COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_ANY_CHILD,
	    COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_GIRLS,
	    COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_PETS,
	};

	if (child->age_years < 6 || !chance_per_mille(c, 110))
		return;
	child->not_safe_with = TAKE_LIST(a, 1, Common__NotSafeWith);
	child->not_safe_with[0] = list[chance_below(c, COUNT(list))];
	child->n_not_safe_with = 1;
}

static void
give_background(struct arena *a, const struct plan *p, Requests__ChildNeed *child,
    const struct plan_need *need, struct chance *c)
{
	const char *other;

	SET(child, ethnicity,
	    need->is_of_asylum_seeker ? COMMON__ETHNICITY__ETHNICITY_OTHER
				      : carer_ethnicity(p->data, need->council, c));
	SET(child, religion, carer_religion(child->ethnicity, c));
	other = carer_language(child->ethnicity, c);
	child->languages = TAKE_LIST(a, 1, char *);
	child->languages[child->n_languages++] =
	    take_text(a, other != NULL               ? other
			 : need->is_of_asylum_seeker ? "ar"
						     : "en");
}

static Requests__ChildNeed *
new_child(struct arena *a, const struct plan *p, const struct plan_need *need,
    uint32_t years, struct supply *s)
{
	Requests__ChildNeed *child = TAKE_MESSAGE(a, requests__child_need);

	SET(child, age_years, years);
	SET(child, age_day, p->options.day - (int32_t)chance_below(&s->chance, 200));
	SET(child, sex,
	    chance_deal(&s->sexes) == 0 ? COMMON__SEX__SEX_FEMALE
					: COMMON__SEX__SEX_MALE);
	give_background(a, p, child, need, &s->chance);
	give_needs(a, child, need->is_of_asylum_seeker, &s->chance);
	give_not_safe_with(a, child, &s->chance);
	return child;
}

/* ---- one request ---- */

static void
give_days(const struct plan *p, Requests__Submit *row, struct supply *s)
{
	uint32_t urgency = chance_deal(&s->urgencies);
	int32_t day = p->options.day;
	struct chance *c = &s->chance;

	SET(row, urgency,
	    urgency == EMERGENCY ? REQUESTS__URGENCY__URGENCY_EMERGENCY
				 : REQUESTS__URGENCY__URGENCY_PLANNED);
	SET(row, needed_by_day,
	    urgency == EMERGENCY ? day
	    : urgency == URGENT  ? day + chance_between(c, 1, 3)
				 : day + chance_between(c, 5, 28));
	if (chance_per_mille(c, 400))
		SET(row, expected_end_day,
		    row->needed_by_day + chance_between(c, 28, 540));
	SET(row, family_first,
	    urgency == EMERGENCY ? REQUESTS__FAMILY_FIRST__FAMILY_FIRST_NOT_YET
	    : chance_per_mille(c, 500)
		? REQUESTS__FAMILY_FIRST__FAMILY_FIRST_CONSIDERED_NOT_SUITABLE
		: REQUESTS__FAMILY_FIRST__FAMILY_FIRST_CONSIDERED_NOBODY_FOUND);
}

static void
give_places(struct arena *a, const struct plan *p, Requests__Submit *row,
    size_t council, struct chance *c)
{
	static const uint32_t miles[] = {5, 10, 15, 20};

	row->home_sector = plan_sector(a, p, council, c);
	if (row->children[0]->age_years >= 4 && chance_per_mille(c, 700))
		row->school_sector = plan_sector(a, p, council, c);
	if (chance_per_mille(c, 120)) {
		row->avoid_sectors = TAKE_LIST(a, 1, char *);
		row->avoid_sectors[0] = plan_sector(a, p, council, c);
		row->n_avoid_sectors = 1;
	}
	if (chance_per_mille(c, 600))
		SET(row, miles_max, miles[chance_below(c, COUNT(miles))]);
}

static void
give_plan(Requests__Submit *row, const struct plan_need *need, struct supply *s)
{
	static const uint32_t aims[] = {0, 34, 16, 30, 6, 6, 8};
	static const uint32_t earlier[] = {45, 25, 15, 8, 4, 2, 1};
	struct chance *c = &s->chance;
	Requests__LegalStatus status = statuses[chance_deal(&s->statuses)].status;

	if (need->is_of_asylum_seeker)
		status = REQUESTS__LEGAL_STATUS__LEGAL_STATUS_V2;
	SET(row, legal_status, status);
	SET(row, care_plan_aim,
	    (Requests__CarePlanAim)chance_weighted(c, aims, COUNT(aims)));
	if (row->care_plan_aim == REQUESTS__CARE_PLAN_AIM__CARE_PLAN_AIM_ADOPTION &&
	    row->children[0]->age_years > 6)
		SET(row, care_plan_aim,
		    REQUESTS__CARE_PLAN_AIM__CARE_PLAN_AIM_LONG_TERM_FOSTERING);
	SET(row, earlier_placements,
	    (uint32_t)chance_weighted(c, earlier, COUNT(earlier)));
	SET(row, family_time_a_week, chance_below(c, 4));
}

static void
make_need(struct arena *a, const struct plan *p, struct plan_need *need, size_t n,
    struct supply *s)
{
	Requests__Submit *row = TAKE_MESSAGE(a, requests__submit);
	uint32_t years[8];

	assert(n > 0 && n <= COUNT(years));
	for (size_t i = 0; i < n; i++)
		years[i] = ages_in_band(&s->chance, chance_deal(&s->bands));
	need->council = chance_deal(&s->councils);
	/* Nearly all who seek asylum alone are nearly grown. */
	need->is_of_asylum_seeker =
	    n == 1 && s->asylum_seekers > 0 && years[0] >= ASYLUM_SEEKER_YEARS_MIN;
	s->asylum_seekers -= need->is_of_asylum_seeker;
	row->children = TAKE_LIST(a, n, Requests__ChildNeed *);
	for (size_t i = 0; i < n; i++)
		row->children[row->n_children++] = new_child(a, p, need, years[i], s);
	SET(row, are_siblings, n > 1);
	give_days(p, row, s);
	give_places(a, p, row, need->council, &s->chance);
	give_plan(row, need, s);
	need->row = row;
}

void
needs_make(struct arena *a, struct plan *p)
{
	static const char group[] = "unaccompanied_asylum_seeking_children";
	size_t children[PLAN_REQUESTS_MAX];
	int64_t all = data_members(p->data, "started", group, "total");

	p->needs_n = p->options.requests;
	p->needs = TAKE_LIST(a, p->needs_n, struct plan_need);
	if (p->needs_n == 0)
		return;
	struct supply s = supply_of(a, p, p->needs_n);
	size_t sum = count_children(a, p, &s, children);
	int64_t seeking = data_members(p->data, "started", group, group);
	s.asylum_seekers = (size_t)((seeking * (int64_t)sum + all / 2) / all);
	for (size_t i = 0; i < p->needs_n; i++)
		make_need(a, p, &p->needs[i], children[i], &s);
	assert(s.bands.next == s.bands.n && s.sexes.next == s.sexes.n);
}
