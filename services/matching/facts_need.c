#include <string.h>

#include "base/day.h"
#include "base/str.h"
#include "matching/facts_inside.h"

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
			out->terms.open_to = OPEN_TO_PARENT_AND_CHILD;
		if (need->level != COMMON__LEVEL__LEVEL_LOW)
			out->kinds |= 1u << kind;
		switch (need->level) {
		case COMMON__LEVEL__LEVEL_LOW: break;
		case COMMON__LEVEL__LEVEL_MEDIUM: out->medium_n[kind]++; break;
		case COMMON__LEVEL__LEVEL_UNSPECIFIED:
		case COMMON__LEVEL__LEVEL_HIGH:
			out->terms.needs_high |= 1u << kind;
			out->high_n[kind]++;
			break;
		}
	}
}

static void
add_sex(struct matching_need *out, Common__Sex sex)
{
	struct matching_terms *terms = &out->terms;

	switch (sex) {
	case COMMON__SEX__SEX_FEMALE: terms->sexes |= MATCHING_GIRLS; break;
	case COMMON__SEX__SEX_MALE: terms->sexes |= MATCHING_BOYS; break;
	case COMMON__SEX__SEX_UNSPECIFIED:
	case COMMON__SEX__SEX_UNKNOWN:
		out->has_unknown_sex = true;
		terms->sexes |= MATCHING_GIRLS | MATCHING_BOYS;
		break;
	}
}

/* A child whose age is not recorded is not safe with anybody who may be younger, or
 * older, where that was said of the child. */
static void
add_age(struct matching_need *out, const Requests__ChildNeed *child, unsigned with)
{
	struct matching_terms *terms = &out->terms;
	bool is_known = child->has_age_years && child->has_age_day;
	uint8_t age = 0, than_younger = UINT8_MAX, older_below = 0;

	if (is_known) {
		age = small(day_age_at(child->age_years, child->age_day, terms->day));
		than_younger = age;
		older_below = small(age + 1u);
		if (age < terms->age_min_years)
			terms->age_min_years = age;
		if (age > terms->age_max_years)
			terms->age_max_years = age;
	} else {
		terms->ages_are_known = false;
	}
	if ((with & WITH(YOUNGER_CHILDREN)) != 0 &&
	    than_younger > terms->younger_than_years)
		terms->younger_than_years = than_younger;
	if ((with & WITH(OLDER_CHILDREN)) != 0 && older_below < terms->older_below)
		terms->older_below = older_below;
}

/* What a draft does not say yet is not asked about: an age or a sex that nobody has
 * entered is none that a home has to take. */
static void
add_child(struct matching_need *out, const Requests__ChildNeed *child, bool is_draft)
{
	bool has_age = child->has_age_years && child->has_age_day;
	struct matching_child *mine = &out->child[out->children_n++];
	uint8_t with = matching_with_bits(child->not_safe_with, child->n_not_safe_with);

	if (has_age || !is_draft)
		add_age(out, child, with);
	if (child->sex != COMMON__SEX__SEX_UNSPECIFIED || !is_draft)
		add_sex(out, child->sex);
	add_needs(out, child);
	out->terms.not_safe_with |= with;
	mine->ethnicity = small((uint32_t)child->ethnicity);
	mine->religion = small((uint32_t)child->religion);
	matching_copy_languages(&mine->languages, child->languages, child->n_languages);
}

static bool
is_asked_for(const struct matching_question *question, const char *child_ref)
{
	for (size_t i = 0; i < question->n_child_refs; i++) {
		if (str_equal(question->child_refs[i], child_ref))
			return true;
	}
	return question->n_child_refs == 0;
}

/* False where a letter is none of the request's. */
static bool
add_children(struct matching_need *out, const struct matching_question *question)
{
	static const Requests__ChildNeed nobody = REQUESTS__CHILD_NEED__INIT;
	const Requests__NeedCirculation *asked = question->request->circulation;

	for (size_t i = 0; i < question->n_child_refs; i++) {
		bool is_there = false;
		for (size_t j = 0; j < asked->n_children; j++)
			is_there |= str_equal(
			    question->child_refs[i], asked->children[j]->child_ref);
		if (!is_there)
			return false;
	}
	for (size_t i = 0; i < asked->n_children; i++) {
		if (is_asked_for(question, asked->children[i]->child_ref))
			add_child(out, asked->children[i], question->is_draft);
	}
	if (asked->n_children == 0)
		add_child(out, &nobody, question->is_draft);
	return true;
}

/*
 * Which kinds of care would the council consider, and are lawful at these ages?
 * Supported accommodation is for 16 and 17 year olds alone: Supported Accommodation
 * (England) Regulations 2023, and reg 27A of the Care Planning, Placement and Case
 * Review (England) Regulations 2010. An age that is not recorded is not 16.
 */
static void
add_care_types(struct matching_need *out, const Requests__NeedCirculation *asked)
{
	unsigned bits = asked->n_care_types == 0 ? UINT8_MAX : 0;
	unsigned supported = 1u << COMMON__CARE_TYPE__CARE_TYPE_SUPPORTED_ACCOMMODATION;
	struct matching_terms *terms = &out->terms;

	for (size_t i = 0; i < asked->n_care_types; i++) {
		if ((unsigned)asked->care_types[i] < 8)
			bits |= 1u << asked->care_types[i];
	}
	out->considered = (uint8_t)bits;
	if (!terms->ages_are_known || terms->age_min_years < 16 ||
	    terms->age_max_years > 17)
		bits &= ~supported;
	terms->care_types = (uint8_t)bits;
}

/* Who these children are to a home that will not have everybody. */
static void
add_refused(struct matching_terms *terms)
{
	unsigned refused = REFUSES_ALL;

	if ((terms->sexes & MATCHING_GIRLS) != 0)
		refused |= REFUSES_GIRLS;
	if ((terms->sexes & MATCHING_BOYS) != 0)
		refused |= REFUSES_BOYS;
	if (terms->beds > 1)
		refused |= REFUSES_SEVERAL;
	if (!terms->ages_are_known)
		refused |= REFUSES_UNKNOWN_AGES;
	terms->refused = (uint8_t)refused;
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
		out->adjoining[out->adjoining_n++] =
		    matching_council(council->adjoining_council_ids[i]);
	}
}

static void
add_places(struct matching_need *out, const Requests__RequestSubmitted *request)
{
	const Requests__NeedDetail *detail = request->detail;
	struct matching_terms *terms = &out->terms;

	terms->is_located =
	    matching_locate(request->circulation->home_sector, &out->home);
	if (terms->is_located)
		terms->around = matching_circle(&out->home, out->miles_max_tenths);
	if (detail == NULL)
		return;
	out->has_detail = true;
	out->has_school = matching_locate(detail->school_sector, &out->school);
	for (size_t i = 0; i < detail->n_avoid_sectors; i++) {
		struct geo_point *avoid = &out->avoid[out->avoid_n];
		if (!matching_locate(detail->avoid_sectors[i], avoid)) {
			out->avoid_is_unknown = true;
			continue;
		}
		out->avoid_around[out->avoid_n++] =
		    matching_circle(avoid, out->avoid_miles_tenths);
	}
}

enum matching_refusal
matching_need_of(const struct matching_question *question, struct matching_need *out)
{
	const Requests__RequestSubmitted *request = question->request;
	const Requests__NeedCirculation *asked = request->circulation;

	if (asked == NULL || (asked->n_children == 0 && !question->is_draft) ||
	    asked->n_children > MATCHING_CHILDREN_MAX)
		return MATCHING_CHILDREN_COUNT;
	if (request->detail != NULL &&
	    request->detail->n_avoid_sectors > MATCHING_AVOID_MAX)
		return MATCHING_AVOID_MANY;
	*out = (struct matching_need){
	    .today = question->today,
	    .needed_by_day =
		asked->has_needed_by_day ? asked->needed_by_day : question->today,
	    .miles_max_tenths = asked->miles_max * 10,
	    .avoid_miles_tenths = question->avoid_miles_tenths,
	    .council = matching_council(asked->council_id),
	    .terms =
		{
		    .day = question->today,
		    .open_to = OPEN_TO_CHILDREN,
		    .is_emergency =
			question->is_draft
			    ? asked->urgency == REQUESTS__URGENCY__URGENCY_EMERGENCY
			    : asked->urgency != REQUESTS__URGENCY__URGENCY_PLANNED,
		    .ages_are_known = true,
		    .age_min_years = UINT8_MAX,
		    .older_below = UINT8_MAX,
		    .has_miles_max = asked->has_miles_max,
		},
	};
	if (out->needed_by_day > question->today)
		out->terms.day = out->needed_by_day;
	if (!add_children(out, question))
		return MATCHING_CHILD_UNKNOWN;
	out->terms.beds = (uint8_t)out->children_n;
	if ((asked->are_siblings || question->is_draft) && out->children_n > 1)
		out->terms.places_for_siblings = out->terms.beds;
	else
		out->terms.places = out->terms.beds;
	add_care_types(out, asked);
	add_refused(&out->terms);
	add_places(out, request);
	if (question->is_draft && !out->terms.is_located)
		out->terms.has_miles_max = false;
	add_adjoining(out, question->council);
	return MATCHING_OK;
}
