#include "matching/facts.h"

#include <assert.h>
#include <string.h>

#include "base/day.h"
#include "base/str.h"

/* The numbers are on the wire and never move; a new one goes to the end. */
#define ROW(no, ...) [(no)-MATCHING_REQUEST_UNKNOWN] = {(no), __VA_ARGS__}
static const struct refusal refusals[] = {
    ROW(MATCHING_REQUEST_UNKNOWN,
	"No open request by this id is known here: placed, withdrawn, or never made",
	NULL, "request_id"),
    ROW(MATCHING_VACANCY_UNKNOWN, "No vacancy by this id is known here", NULL,
	"vacancy_id"),
    ROW(MATCHING_CHILDREN_COUNT, "The request has no children, or more than 16", NULL,
	"request_id"),
    ROW(MATCHING_AVOID_MANY, "The request has more than 32 places to avoid", NULL,
	"request_id"),
};

const struct refusal *
matching_refusal(enum matching_refusal no)
{
	size_t i = (size_t)no - MATCHING_REQUEST_UNKNOWN;

	assert(no >= MATCHING_REQUEST_UNKNOWN);
	assert(i < sizeof(refusals) / sizeof(refusals[0]));
	return &refusals[i];
}

static_assert(MATCHING_NEED_KINDS <= 32, "a need kind is a bit of a uint32_t");
static_assert(
    COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_PETS < 8, "these are bits of a uint8_t");

#define WITH(who) (1u << COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_##who)

/* ---- boiling down ---- */

static uint8_t
small(uint32_t number)
{
	return number > UINT8_MAX ? UINT8_MAX : (uint8_t)number;
}

static void
set_flag(struct matching_home *home, enum matching_home_flag flag, bool is_so)
{
	if (is_so)
		home->flags = (uint16_t)(home->flags | (unsigned)flag);
}

/* Empty where the code is not of the length of one: it then equals no council's. */
static void
copy_council(char out[MATCHING_COUNCIL_LEN + 1], const char *id)
{
	if (id != NULL && strlen(id) == MATCHING_COUNCIL_LEN)
		memcpy(out, id, MATCHING_COUNCIL_LEN + 1);
}

static void
copy_languages(struct matching_languages *out, char *const *languages, size_t n)
{
	for (size_t i = 0; i < n && out->n < MATCHING_LANGUAGES_MAX; i++) {
		if (strlen(languages[i]) == 2)
			memcpy(out->code[out->n++], languages[i], 2);
	}
}

static bool
locate(const char *sector, struct geo_point *out)
{
	const struct geo_point *point = sector == NULL ? NULL : geo_sector(sector);

	if (point != NULL)
		*out = *point;
	return point != NULL;
}

/* Bits, 1 << code; a code that this build does not know becomes "not said", which
 * passes no rule. */
static uint8_t
with_bits(const Common__NotSafeWith *codes, size_t n)
{
	unsigned bits = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned code = (unsigned)codes[i];
		bits |=
		    code <= COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_PETS ? 1u << code : 1u;
	}
	return (uint8_t)bits;
}

static void
fill_approval(struct matching_home *out, const Foster__Approval *approval)
{
	if (approval == NULL)
		return;
	out->approval_kind = (uint8_t)approval->kind;
	out->age_min_years = small(approval->age_min_years);
	out->age_max_years = small(approval->age_max_years);
	set_flag(out, HOME_HAS_AGES,
	    approval->has_age_min_years && approval->has_age_max_years);
	set_flag(out, HOME_TAKES_GIRLS, approval->takes_girls);
	set_flag(out, HOME_TAKES_BOYS, approval->takes_boys);
}

static void
fill_places(struct matching_home *out, const Foster__Places *places)
{
	if (places == NULL)
		return;
	out->free = small(places->free);
	out->free_for_siblings = small(places->free_for_siblings);
	set_flag(out, HOME_HAS_FREE, places->has_free);
	set_flag(out, HOME_HAS_FREE_FOR_SIBLINGS, places->has_free_for_siblings);
}

/* An approval as a parent-and-child home is itself that skill. */
static void
fill_skills(struct matching_home *out, const Foster__Vacancy *vacancy)
{
	for (size_t i = 0; i < vacancy->n_skills; i++) {
		const Common__Need *skill = vacancy->skills[i];
		if ((unsigned)skill->kind >= MATCHING_NEED_KINDS)
			continue;
		if (skill->level >= COMMON__LEVEL__LEVEL_MEDIUM)
			out->skills_medium |= 1u << skill->kind;
		if (skill->level == COMMON__LEVEL__LEVEL_HIGH)
			out->skills_high |= 1u << skill->kind;
	}
	if (out->approval_kind ==
	    FOSTER__APPROVAL_KIND__APPROVAL_KIND_PARENT_AND_CHILD) {
		out->skills_medium |= 1u
		                      << COMMON__NEED_KIND__NEED_KIND_PARENT_AND_CHILD;
		out->skills_high |= 1u << COMMON__NEED_KIND__NEED_KIND_PARENT_AND_CHILD;
	}
}

/* Children without an age, or an age without children, are not a known mix. */
static void
fill_residents(struct matching_home *out, const Foster__Vacancy *vacancy)
{
	bool have_ages = vacancy->has_youngest_years && vacancy->has_oldest_years;
	bool live_there = vacancy->girls > 0 || vacancy->boys > 0;

	out->girls = small(vacancy->girls);
	out->boys = small(vacancy->boys);
	out->youngest_years = small(vacancy->youngest_years);
	out->oldest_years = small(vacancy->oldest_years);
	set_flag(out, HOME_MIX_IS_KNOWN,
	    vacancy->has_girls && vacancy->has_boys && have_ages == live_there);
	set_flag(out, HOME_PETS_ARE_KNOWN, vacancy->has_has_pets);
	set_flag(out, HOME_HAS_PETS, vacancy->has_pets);
	out->will_not_take_with =
	    with_bits(vacancy->will_not_take_with, vacancy->n_will_not_take_with);
}

void
matching_home_of(const Foster__Vacancy *vacancy, struct matching_home *out)
{
	*out = (struct matching_home){0};
	if (vacancy->vacancy_id != NULL && strlen(vacancy->vacancy_id) == ID_LEN)
		memcpy(out->vacancy_id, vacancy->vacancy_id, ID_LEN + 1);
	copy_council(out->council_id, vacancy->council_id);
	set_flag(out, HOME_IS_OPEN, vacancy->is_open);
	fill_approval(out, vacancy->approval);
	fill_places(out, vacancy->places);
	fill_skills(out, vacancy);
	fill_residents(out, vacancy);
	set_flag(out, HOME_IS_LOCATED, locate(vacancy->home_sector, &out->point));
	copy_languages(&out->languages, vacancy->languages, vacancy->n_languages);
	out->ethnicity = small((uint32_t)vacancy->ethnicity);
	out->religion = small((uint32_t)vacancy->religion);
	set_flag(out, HOME_TAKES_EMERGENCIES, vacancy->takes_emergencies);
	set_flag(out, HOME_HAS_AVAILABLE_DAY, vacancy->has_available_from_day);
	out->available_from_day = vacancy->available_from_day;
	set_flag(out, HOME_HAS_CONFIRMED_DAY, vacancy->has_confirmed_time);
	if (vacancy->has_confirmed_time)
		out->confirmed_day = day_in_london(vacancy->confirmed_time);
}

static void
add_needs(struct matching_need *out, const Requests__ChildNeed *child)
{
	for (size_t i = 0; i < child->n_needs; i++) {
		const Common__Need *need = child->needs[i];
		/* A kind this build does not know is kept as "not said": no home has
		 * it. */
		unsigned kind = (unsigned)need->kind;
		if (kind >= MATCHING_NEED_KINDS)
			kind = COMMON__NEED_KIND__NEED_KIND_UNSPECIFIED;
		if (kind == COMMON__NEED_KIND__NEED_KIND_PARENT_AND_CHILD)
			out->is_parent_and_child = true;
		switch (need->level) {
		case COMMON__LEVEL__LEVEL_LOW: break;
		case COMMON__LEVEL__LEVEL_MEDIUM: out->medium_n[kind]++; break;
		case COMMON__LEVEL__LEVEL_UNSPECIFIED:
		case COMMON__LEVEL__LEVEL_HIGH:
			out->needs_high |= 1u << kind;
			out->high_n[kind]++;
			break;
		}
	}
}

static void
add_sex(struct matching_need *out, Common__Sex sex)
{
	switch (sex) {
	case COMMON__SEX__SEX_FEMALE: out->has_girls = true; break;
	case COMMON__SEX__SEX_MALE: out->has_boys = true; break;
	case COMMON__SEX__SEX_UNSPECIFIED:
	case COMMON__SEX__SEX_UNKNOWN: out->has_unknown_sex = true; break;
	}
}

static void
add_age(struct matching_need *out, const Requests__ChildNeed *child)
{
	if (!child->has_age_years || !child->has_age_day) {
		out->ages_are_known = false;
		return;
	}
	unsigned with = with_bits(child->not_safe_with, child->n_not_safe_with);
	uint8_t age = small(day_age_at(child->age_years, child->age_day, out->day));
	if (age < out->age_min_years)
		out->age_min_years = age;
	if (age > out->age_max_years)
		out->age_max_years = age;
	if ((with & WITH(YOUNGER_CHILDREN)) != 0 && age > out->younger_than_years)
		out->younger_than_years = age;
	if ((with & WITH(OLDER_CHILDREN)) != 0 && age < out->older_than_years)
		out->older_than_years = age;
}

static void
add_child(struct matching_need *out, const Requests__ChildNeed *child)
{
	struct matching_child *mine = &out->child[out->children_n++];

	add_age(out, child);
	add_sex(out, child->sex);
	add_needs(out, child);
	out->not_safe_with |= with_bits(child->not_safe_with, child->n_not_safe_with);
	mine->ethnicity = small((uint32_t)child->ethnicity);
	mine->religion = small((uint32_t)child->religion);
	copy_languages(&mine->languages, child->languages, child->n_languages);
}

static void
add_adjoining(struct matching_need *out, const Members__Council *council)
{
	if (council == NULL)
		return;
	out->adjoining_is_known = true;
	for (size_t i = 0; i < council->n_adjoining_council_ids; i++) {
		if (out->adjoining_n == MATCHING_ADJOINING_MAX)
			break;
		copy_council(out->adjoining[out->adjoining_n++],
		    council->adjoining_council_ids[i]);
	}
}

static void
add_detail(struct matching_need *out, const Requests__NeedDetail *detail)
{
	if (detail == NULL)
		return;
	out->has_detail = true;
	out->has_school = locate(detail->school_sector, &out->school);
	for (size_t i = 0; i < detail->n_avoid_sectors; i++) {
		if (!locate(detail->avoid_sectors[i], &out->avoid[out->avoid_n++]))
			out->avoid_is_unknown = true;
	}
}

enum matching_refusal
matching_need_of(const Requests__RequestSubmitted *request,
    const Members__Council *council, int32_t today, uint32_t avoid_miles_tenths,
    struct matching_need *out)
{
	const Requests__NeedCirculation *asked = request->circulation;

	if (asked == NULL || asked->n_children == 0 ||
	    asked->n_children > MATCHING_CHILDREN_MAX)
		return MATCHING_CHILDREN_COUNT;
	if (request->detail != NULL &&
	    request->detail->n_avoid_sectors > MATCHING_AVOID_MAX)
		return MATCHING_AVOID_MANY;
	*out = (struct matching_need){
	    .today = today,
	    .day = today,
	    .needed_by_day = asked->has_needed_by_day ? asked->needed_by_day : today,
	    .are_siblings = asked->are_siblings,
	    .is_emergency = asked->urgency != REQUESTS__URGENCY__URGENCY_PLANNED,
	    .ages_are_known = true,
	    .age_min_years = UINT8_MAX,
	    .older_than_years = UINT8_MAX,
	    .has_miles_max = asked->has_miles_max,
	    .miles_max_tenths = asked->miles_max * 10,
	    .avoid_miles_tenths = avoid_miles_tenths,
	};
	if (out->needed_by_day > today)
		out->day = out->needed_by_day;
	for (size_t i = 0; i < asked->n_children; i++)
		add_child(out, asked->children[i]);
	out->is_located = locate(asked->home_sector, &out->home);
	copy_council(out->council_id, asked->council_id);
	add_adjoining(out, council);
	add_detail(out, request->detail);
	return MATCHING_OK;
}

/* ---- comparing ---- */

bool
matching_share_language(
    const struct matching_languages *a, const struct matching_languages *b)
{
	for (unsigned i = 0; i < a->n; i++) {
		for (unsigned j = 0; j < b->n; j++) {
			if (memcmp(a->code[i], b->code[j], 2) == 0)
				return true;
		}
	}
	return false;
}

bool
matching_adjoins(const struct matching_need *need, const char *council_id)
{
	for (size_t i = 0; i < need->adjoining_n; i++) {
		if (council_id[0] != '\0' && str_equal(need->adjoining[i], council_id))
			return true;
	}
	return false;
}
