#include "foster/places.h"

#include "base/day.h"
#include "base/message.h"

/* ---- free places ---- */

static uint32_t
left(uint64_t all, uint64_t taken)
{
	return all > taken ? (uint32_t)(all - taken) : 0;
}

static uint32_t
least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* With one bedroom to themselves, two siblings may share it; the household's agreed
 * sharing is of one bedroom, so a pair that lives there has used it up. */
static uint32_t
beds_for_siblings(const struct foster_home *home, uint32_t rooms_left)
{
	size_t present = home->there_n + home->held_n;
	struct foster_home alone = *home;
	Foster__Household unshared = *home->household;

	if (rooms_left == 0 || !home->household->siblings_may_share)
		return rooms_left;
	unshared.siblings_may_share = false;
	alone.household = &unshared;
	bool is_used =
	    foster_rooms_needed(&alone, present) > foster_rooms_needed(home, present);
	return is_used ? rooms_left : rooms_left + 1;
}

Foster__Places *
foster_places(struct arena *a, const struct foster_home *home)
{
	Foster__Places *p = MESSAGE_NEW(a, foster__places);
	const Foster__Approval *terms = home->household->approval;
	size_t present = home->there_n + home->held_n;
	uint32_t fostered = foster_fostered(home);
	uint32_t approved = left(terms->children_max, present + home->withheld);
	uint32_t limit = left(foster_limit(home), (uint64_t)fostered + home->withheld);
	uint32_t rooms = left(home->household->bedrooms,
	    (uint64_t)foster_rooms_needed(home, present) + home->withheld);
	uint32_t beds = beds_for_siblings(home, rooms);

	if (p == NULL)
		return NULL;
	SET(p, approved, terms->children_max);
	SET(p, filled, (uint32_t)home->there_n);
	SET(p, held, (uint32_t)home->held_n);
	SET(p, not_available, home->withheld);
	/* Kinship approvals are for named children and never free for others. */
	if (terms->kind == FOSTER__APPROVAL_KIND__APPROVAL_KIND_FAMILY_AND_FRIENDS)
		approved = 0;
	SET(p, free, least(approved, least(limit, rooms)));
	SET(p, free_for_siblings,
	    least(least(approved, beds), fostered == 0 ? UINT32_MAX : limit));
	return p;
}

/* ---- the vacancy ---- */

struct mix {
	uint32_t youngest, oldest, girls, boys;
	bool is_anybody;
};

static void
add_to_mix(struct mix *mix, uint32_t age, Common__Sex sex)
{
	if (!mix->is_anybody || age < mix->youngest)
		mix->youngest = age;
	if (!mix->is_anybody || age > mix->oldest)
		mix->oldest = age;
	mix->is_anybody = true;
	mix->girls += sex == COMMON__SEX__SEX_FEMALE;
	mix->boys += sex == COMMON__SEX__SEX_MALE;
}

/* The children who live there: the carer's own too, adults not, nor those held for. */
static struct mix
mix_of(const Foster__HouseholdShown *known, const struct foster_home *home)
{
	struct mix mix = {0};

	for (size_t i = 0; i < home->there_n; i++) {
		if (home->people[i].is_fostered)
			add_to_mix(
			    &mix, home->people[i].age_years, home->people[i].sex);
	}
	for (size_t i = 0; i < known->household->n_own_children; i++) {
		const Foster__OwnChild *own = known->household->own_children[i];
		uint32_t age = day_age_at(own->age_years, own->age_day, home->day);
		if (age < FOSTER_ADULT_YEARS)
			add_to_mix(&mix, age, own->sex);
	}
	return mix;
}

static void
set_mix(Foster__Vacancy *v, const struct mix *mix)
{
	if (mix->is_anybody) {
		SET(v, youngest_years, mix->youngest);
		SET(v, oldest_years, mix->oldest);
	}
	SET(v, girls, mix->girls);
	SET(v, boys, mix->boys);
}

static void
set_facts(Foster__Vacancy *v, const Foster__Household *row)
{
	v->household_id = row->household_id;
	v->provider_id = row->provider_id;
	v->council_id = row->council_id;
	v->home_sector = row->home_sector;
	v->n_skills = row->n_skills;
	v->skills = row->skills;
	SET_FROM(v, has_pets, row, has_pets);
	v->n_will_not_take_with = row->n_will_not_take_with;
	v->will_not_take_with = row->will_not_take_with;
	v->n_languages = row->n_languages;
	v->languages = row->languages;
	SET_FROM(v, ethnicity, row, ethnicity);
	SET_FROM(v, religion, row, religion);
	SET_FROM(v, takes_emergencies, row, takes_emergencies);
	SET_FROM(v, fee_pence_week, row, fee_pence_week);
}

Foster__Vacancy *
foster_vacancy_now(struct arena *a, const Foster__HouseholdShown *known,
    const struct foster_home *home, const Foster__Vacancy *base)
{
	Foster__Vacancy *v = MESSAGE_NEW(a, foster__vacancy);
	Foster__Approval *terms = MESSAGE_NEW(a, foster__approval);
	struct mix mix = mix_of(known, home);

	if (v == NULL || terms == NULL)
		return NULL;
	*terms = *known->household->approval;
	terms->n_named_child_ids = 0;
	terms->named_child_ids = NULL;
	v->approval = terms;
	v->places = foster_places(a, home);
	if (v->places == NULL)
		return NULL;
	set_facts(v, known->household);
	set_mix(v, &mix);
	v->vacancy_id = base->vacancy_id;
	SET_FROM(v, available_from_day, base, available_from_day);
	SET_FROM(v, opened_time, base, opened_time);
	SET_FROM(v, confirmed_time, base, confirmed_time);
	SET_FROM(v, is_open, base, is_open);
	SET_FROM(v, open_places, base, open_places);
	return v;
}

/* ---- stated days ---- */

static void
see_birthday(struct day_next *next, uint32_t years, int32_t age_day)
{
	uint32_t age = day_age_at(years, age_day, next->after);

	day_see(next, day_of_age(years, age_day, age + 1));
}

bool
foster_next_review(const Foster__HouseholdShown *known, int32_t day, int32_t *out)
{
	struct day_next next = {.after = day};

	for (size_t i = 0; i < known->n_withheld; i++)
		day_see_span(&next, DAY_SPAN_OF(known->withheld[i]));
	for (size_t i = 0; i < known->n_exemptions; i++)
		day_see_span(&next, DAY_SPAN_OF(known->exemptions[i]));
	for (size_t i = 0; i < known->n_occupants; i++) {
		const Foster__Occupant *o = known->occupants[i];
		see_birthday(&next, o->age_years, o->age_day);
	}
	for (size_t i = 0; i < known->household->n_own_children; i++) {
		const Foster__OwnChild *own = known->household->own_children[i];
		see_birthday(&next, own->age_years, own->age_day);
	}
	*out = next.day;
	return next.is_any;
}

bool
foster_has_lapsed(const Foster__HouseholdShown *known, int32_t day)
{
	for (size_t i = 0; i < known->n_withheld; i++) {
		if (day_is_past(day, DAY_SPAN_OF(known->withheld[i])))
			return true;
	}
	for (size_t i = 0; i < known->n_exemptions; i++) {
		if (day_is_past(day, DAY_SPAN_OF(known->exemptions[i])))
			return true;
	}
	return false;
}

/* ---- for the area council ---- */

static Foster__Household *
household_for_council(struct arena *a, const Foster__Household *row)
{
	Foster__Household *h = MESSAGE_NEW(a, foster__household);

	if (h == NULL)
		return NULL;
	h->household_id = row->household_id;
	h->provider_id = row->provider_id;
	h->council_id = row->council_id;
	h->approval = row->approval;
	SET_FROM(h, bedrooms, row, bedrooms);
	SET_FROM(h, siblings_may_share, row, siblings_may_share);
	h->n_own_children = row->n_own_children;
	h->own_children = row->own_children;
	return h;
}

static Foster__Occupant *
occupant_for_council(struct arena *a, const Foster__Occupant *row)
{
	Foster__Occupant *o = MESSAGE_NEW(a, foster__occupant);

	if (o == NULL)
		return NULL;
	o->occupant_id = row->occupant_id;
	SET_FROM(o, kind, row, kind);
	o->child_id = row->child_id;
	SET_FROM(o, age_years, row, age_years);
	SET_FROM(o, age_day, row, age_day);
	SET_FROM(o, sex, row, sex);
	o->sibling_group_id = row->sibling_group_id;
	SET_FROM(o, from_day, row, from_day);
	SET_FROM(o, expected_end_day, row, expected_end_day);
	return o;
}

Foster__HouseholdShown *
foster_shown_to_council(struct arena *a, const Foster__HouseholdShown *known)
{
	Foster__HouseholdShown *shown = MESSAGE_NEW(a, foster__household_shown);
	Foster__Occupant **list = LIST_NEW(a, known->n_occupants, Foster__Occupant *);

	if (shown == NULL || list == NULL)
		return NULL;
	shown->household = household_for_council(a, known->household);
	if (shown->household == NULL)
		return NULL;
	for (size_t i = 0; i < known->n_occupants; i++) {
		list[i] = occupant_for_council(a, known->occupants[i]);
		if (list[i] == NULL)
			return NULL;
	}
	shown->n_occupants = known->n_occupants;
	shown->occupants = list;
	shown->places = known->places;
	shown->n_exemptions = known->n_exemptions;
	shown->exemptions = known->exemptions;
	return shown;
}
