#include "foster/household.h"

#include "base/day.h"
#include "base/str.h"

#include "members.pb-c.h"

#define KINSHIP FOSTER__APPROVAL_KIND__APPROVAL_KIND_FAMILY_AND_FRIENDS
#define PARENT_AND_CHILD FOSTER__APPROVAL_KIND__APPROVAL_KIND_PARENT_AND_CHILD

bool
foster_is_fostering(int provider_kind)
{
	return provider_kind ==
	           (int)MEMBERS__PROVIDER_KIND__PROVIDER_KIND_COUNCIL_FOSTERING ||
	       provider_kind ==
	           (int)MEMBERS__PROVIDER_KIND__PROVIDER_KIND_FOSTERING_AGENCY;
}

/* ---- the row ---- */

static enum foster_refusal
check_ages(const Foster__Approval *terms)
{
	uint32_t oldest = terms->kind == PARENT_AND_CHILD ? FOSTER_PARENT_YEARS_MAX
	                                                  : FOSTER_ADULT_YEARS - 1;

	if (!terms->has_age_min_years || !terms->has_age_max_years)
		return FOSTER_AGES_MISSING;
	if (terms->age_min_years > terms->age_max_years)
		return FOSTER_AGES_TURNED;
	return terms->age_max_years > oldest ? FOSTER_AGE_ADULT : FOSTER_OK;
}

static enum foster_refusal
check_approval(const Foster__Approval *terms, int32_t day)
{
	if (terms->kind == FOSTER__APPROVAL_KIND__APPROVAL_KIND_UNSPECIFIED)
		return FOSTER_APPROVAL_KIND_MISSING;
	if (terms->children_max < 1 || terms->children_max > FOSTER_CHILDREN_MAX)
		return FOSTER_CHILDREN_MAX_RANGE;
	enum foster_refusal no = check_ages(terms);
	if (no != FOSTER_OK)
		return no;
	if (!terms->takes_girls && !terms->takes_boys)
		return FOSTER_SEX_MISSING;
	if (!terms->has_approved_day || terms->approved_day > day)
		return FOSTER_APPROVED_DAY;
	if (terms->kind != KINSHIP)
		return terms->n_named_child_ids > 0 ? FOSTER_NAMED_NEEDLESS : FOSTER_OK;
	if (terms->n_named_child_ids == 0 ||
	    terms->n_named_child_ids > FOSTER_ROWS_EACH_MAX ||
	    str_repeats(terms->named_child_ids, terms->n_named_child_ids))
		return FOSTER_NAMED_MISSING;
	return FOSTER_OK;
}

static enum foster_refusal
check_skills(const Foster__Household *row)
{
	if (row->n_skills > FOSTER_SKILLS_MAX)
		return FOSTER_ROWS_MANY;
	for (size_t i = 0; i < row->n_skills; i++) {
		const Common__Need *skill = row->skills[i];
		if (skill->kind == COMMON__NEED_KIND__NEED_KIND_UNSPECIFIED ||
		    skill->level == COMMON__LEVEL__LEVEL_UNSPECIFIED)
			return FOSTER_SKILL_INCOMPLETE;
		for (size_t j = 0; j < i; j++) {
			if (row->skills[j]->kind == skill->kind)
				return FOSTER_SKILL_TWICE;
		}
	}
	return FOSTER_OK;
}

static enum foster_refusal
check_own_children(const Foster__Household *row, int32_t day)
{
	if (row->n_own_children > FOSTER_OWN_CHILDREN_MAX)
		return FOSTER_ROWS_MANY;
	for (size_t i = 0; i < row->n_own_children; i++) {
		const Foster__OwnChild *own = row->own_children[i];
		if (!own->has_age_years || !own->has_age_day || own->age_day > day ||
		    own->sex == COMMON__SEX__SEX_UNSPECIFIED)
			return FOSTER_OWN_CHILD;
	}
	return FOSTER_OK;
}

static enum foster_refusal
check_languages(const Foster__Household *row)
{
	if (row->n_languages > FOSTER_LANGUAGES_MAX)
		return FOSTER_ROWS_MANY;
	return str_are_languages(row->languages, row->n_languages) ? FOSTER_OK
	                                                           : FOSTER_LANGUAGE;
}

static enum foster_refusal
check_will_not_take(const Foster__Household *row)
{
	for (size_t i = 0; i < row->n_will_not_take_with; i++) {
		if (row->will_not_take_with[i] ==
		    COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_UNSPECIFIED)
			return FOSTER_WILL_NOT_TAKE;
		for (size_t j = 0; j < i; j++) {
			if (row->will_not_take_with[i] == row->will_not_take_with[j])
				return FOSTER_WILL_NOT_TAKE;
		}
	}
	return FOSTER_OK;
}

/* A name is the one text that a provider types: no longer than a name is. */
static enum foster_refusal
check_name(const char *name)
{
	if (str_is_blank(name))
		return FOSTER_NAME_MISSING;
	return str_characters(name) > FOSTER_NAME_CHARACTERS_MAX ? FOSTER_NAME_LONG
	                                                         : FOSTER_OK;
}

enum foster_refusal
foster_check_household(const Foster__Household *row, int32_t day)
{
	enum foster_refusal no = check_name(row->carer_name);

	if (no != FOSTER_OK)
		return no;
	if (row->council_id == NULL)
		return FOSTER_COUNCIL_MISSING;
	if (row->home_sector == NULL)
		return FOSTER_SECTOR_MISSING;
	if (row->approval == NULL)
		return FOSTER_APPROVAL_MISSING;
	no = check_approval(row->approval, day);
	if (no != FOSTER_OK)
		return no;
	if (row->bedrooms < 1 || row->bedrooms > FOSTER_BEDROOMS_MAX)
		return FOSTER_BEDROOMS_RANGE;
	no = check_skills(row);
	if (no != FOSTER_OK)
		return no;
	no = check_own_children(row, day);
	if (no != FOSTER_OK)
		return no;
	no = check_will_not_take(row);
	if (no != FOSTER_OK)
		return no;
	no = check_languages(row);
	if (no != FOSTER_OK)
		return no;
	if (row->fee_pence_week < 0 || row->fee_pence_week > FOSTER_FEE_PENCE_WEEK_MAX)
		return FOSTER_FEE;
	return FOSTER_OK;
}

enum foster_refusal
foster_may_amend(const Foster__HouseholdShown *known, const struct foster_home *home,
    const Foster__Household *row)
{
	struct foster_home amended = *home;
	bool is_open = known->vacancy != NULL && known->vacancy->is_open;

	amended.household = row;
	if (row->approval->kind == KINSHIP && (is_open || home->held_n > 0))
		return FOSTER_KINSHIP_OPEN;
	/* Only a row that makes it worse: a home that is over already may be amended.
	 */
	if (row->approval->children_max < home->household->approval->children_max &&
	    home->there_n + home->held_n > row->approval->children_max)
		return FOSTER_BELOW_PLACES;
	uint32_t needed = foster_rooms_needed(&amended, home->there_n + home->held_n);
	bool is_less =
	    row->bedrooms < home->household->bedrooms ||
	    (home->household->siblings_may_share && !row->siblings_may_share);
	if (is_less && needed > row->bedrooms)
		return FOSTER_BELOW_BEDROOMS;
	return FOSTER_OK;
}

/* ---- who lives there ---- */

static enum foster_refusal
check_kind(const Foster__Occupant *o)
{
	switch (o->kind) {
	case FOSTER__OCCUPANT_KIND__OCCUPANT_KIND_UNSPECIFIED:
		return FOSTER_OCCUPANT_KIND;
	case FOSTER__OCCUPANT_KIND__OCCUPANT_KIND_PLACED_HERE:
		return FOSTER_OCCUPANT_PLACED_HERE;
	case FOSTER__OCCUPANT_KIND__OCCUPANT_KIND_PLACED_OUTSIDE:
	case FOSTER__OCCUPANT_KIND__OCCUPANT_KIND_PRIVATELY_FOSTERED:
	case FOSTER__OCCUPANT_KIND__OCCUPANT_KIND_STAYING_PUT: break;
	}
	/* These are a request's to say. */
	if (o->request_id != NULL || o->placement_id != NULL)
		return FOSTER_OCCUPANT_PLACED_HERE;
	return FOSTER_OK;
}

enum foster_refusal
foster_may_record(
    const Foster__HouseholdShown *known, const Foster__Occupant *o, int32_t day)
{
	bool is_adult = o->kind == FOSTER__OCCUPANT_KIND__OCCUPANT_KIND_STAYING_PUT;
	enum foster_refusal no = check_kind(o);

	if (no != FOSTER_OK)
		return no;
	if (o->occupant_id != NULL)
		return FOSTER_ID_GIVEN;
	if (!o->has_age_years || !o->has_age_day || o->age_day > day ||
	    o->sex == COMMON__SEX__SEX_UNSPECIFIED)
		return FOSTER_OCCUPANT_AGE;
	uint32_t age = day_age_at(o->age_years, o->age_day, day);
	if (is_adult &&
	    (age < FOSTER_ADULT_YEARS || age > FOSTER_STAYING_PUT_YEARS_MAX))
		return FOSTER_OCCUPANT_ADULT;
	if (!is_adult && age >= FOSTER_ADULT_YEARS)
		return FOSTER_OCCUPANT_CHILD;
	if (!o->has_from_day || o->from_day > day ||
	    o->from_day < day_earliest_birth(o->age_years, o->age_day) ||
	    (o->has_expected_end_day && o->expected_end_day < o->from_day))
		return FOSTER_OCCUPANT_DAYS;
	if (known->n_occupants >= FOSTER_ROWS_EACH_MAX)
		return FOSTER_ROWS_MANY;
	for (size_t i = 0; i < known->n_occupants; i++) {
		if (o->child_id != NULL &&
		    str_equal(o->child_id, known->occupants[i]->child_id))
			return FOSTER_OCCUPANT_THERE;
	}
	return FOSTER_OK;
}

enum foster_refusal
foster_may_end_occupant(
    const Foster__Occupant *o, const Foster__EndOccupant *call, int32_t day)
{
	if (o->kind == FOSTER__OCCUPANT_KIND__OCCUPANT_KIND_PLACED_HERE)
		return FOSTER_OCCUPANT_PLACED_HERE;
	if (!call->has_end_day)
		return FOSTER_END_DAY_MISSING;
	if (call->end_day > day)
		return FOSTER_END_DAY_AHEAD;
	return call->end_day < o->from_day ? FOSTER_END_DAY_EARLY : FOSTER_OK;
}

/* ---- places withheld ---- */

enum foster_refusal
foster_may_withhold(const Foster__HouseholdShown *known,
    const Foster__WithholdPlaces *call, int32_t day, int32_t *from_day)
{
	struct day_span span = DAY_SPAN_OF_CALL(call, day);
	uint64_t places = call->places;
	size_t rows = 0;

	if (call->reason == FOSTER__WITHHELD_REASON__WITHHELD_REASON_UNSPECIFIED)
		return FOSTER_WITHHELD_REASON;
	if (!day_span_lies_ahead(span, day))
		return FOSTER_PERIOD;
	for (size_t i = 0; i < known->n_withheld; i++) {
		const Foster__Withheld *w = known->withheld[i];
		rows += !day_is_past(day, DAY_SPAN_OF(w));
		if (day_spans_meet(span, DAY_SPAN_OF(w)))
			places += w->places;
	}
	if (call->places == 0 || places > known->household->approval->children_max)
		return FOSTER_WITHHELD_PLACES;
	if (rows >= FOSTER_ROWS_EACH_MAX)
		return FOSTER_ROWS_MANY;
	*from_day = span.from;
	return FOSTER_OK;
}

/* ---- exemptions ---- */

/*
 * Law: Children Act 1989, Sch 7 para 4(1): "exempted from it by the local authority
 * within whose area he lives"
 * Law: Children Act 1989, Sch 7 para 4(3)(b): "of the children, described by name,
 * whom he may foster"
 * Neither the agency, nor a child's own council, nor the co-operative can give it.
 */
enum foster_refusal
foster_may_exempt(const Foster__HouseholdShown *known,
    const Foster__GrantExemption *call, const char *council_id, int32_t day,
    int32_t *from_day)
{
	struct day_span span = DAY_SPAN_OF_CALL(call, day);
	size_t rows = 0;

	if (!str_equal(council_id, known->household->council_id))
		return FOSTER_NOT_AREA_COUNCIL;
	if (call->n_child_ids == 0 || call->n_child_ids > FOSTER_ROWS_EACH_MAX ||
	    str_repeats(call->child_ids, call->n_child_ids))
		return FOSTER_EXEMPTION_CHILDREN;
	if (!day_span_lies_ahead(span, day))
		return FOSTER_PERIOD;
	for (size_t i = 0; i < known->n_exemptions; i++)
		rows += !day_is_past(day, DAY_SPAN_OF(known->exemptions[i]));
	if (rows >= FOSTER_ROWS_EACH_MAX)
		return FOSTER_ROWS_MANY;
	*from_day = span.from;
	return FOSTER_OK;
}

/*
 * Law: Children Act 1989, Sch 7 para 4(4): "A local authority may at any time by
 * notice in writing— (a) vary or cancel an exemption"
 * The council that gave it, also after the carer has moved away. Not for days that
 * have passed: who lived there under it lived there lawfully.
 */
enum foster_refusal
foster_may_end_exemption(const Foster__Exemption *x, const Foster__EndExemption *call,
    const char *council_id, int32_t day, int32_t *until_day)
{
	int32_t until = call->has_until_day ? call->until_day : day;

	if (!str_equal(council_id, x->council_id))
		return FOSTER_NOT_AREA_COUNCIL;
	if (until < day || (x->has_until_day && until > x->until_day))
		return FOSTER_EXEMPTION_END;
	*until_day = until;
	return FOSTER_OK;
}

/* ---- the vacancy ---- */

static enum foster_refusal
check_open_places(const Foster__Household *row, bool is_said, uint32_t places)
{
	if (!is_said)
		return FOSTER_OK;
	if (places == 0)
		return FOSTER_OPEN_PLACES_NONE;
	return places > row->approval->children_max ? FOSTER_OPEN_PLACES_MANY
	                                            : FOSTER_OK;
}

enum foster_refusal
foster_may_set_open_places(
    const Foster__Household *row, const Foster__SetOpenPlaces *call)
{
	return check_open_places(row, call->has_open_places, call->open_places);
}

enum foster_refusal
foster_may_open(const Foster__Household *row, const Foster__OpenVacancy *call,
    int32_t day, int32_t *available_from_day)
{
	int32_t from = call->has_available_from_day ? call->available_from_day : day;

	if (row->approval->kind == KINSHIP)
		return FOSTER_VACANCY_KINSHIP;
	if (from < day || from > day + FOSTER_VACANCY_DAYS_AHEAD_MAX)
		return FOSTER_VACANCY_DAY;
	*available_from_day = from;
	return check_open_places(row, call->has_open_places, call->open_places);
}
