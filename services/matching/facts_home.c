#include "base/day.h"
#include "base/place.h"
#include "matching/facts_inside.h"

#include <string.h>

static void
set_flag(struct matching_home *home, enum matching_home_flag flag, bool is_so)
{
	if (is_so)
		home->flags = (uint16_t)(home->flags | (unsigned)flag);
}

static bool
has(const struct matching_home *home, enum matching_home_flag flag)
{
	return (home->flags & (unsigned)flag) != 0;
}

/* ---- for both kinds of care ---- */

static void
copy_id(char out[ID_LEN + 1], const char *id)
{
	if (id != NULL && strlen(id) == ID_LEN)
		memcpy(out, id, ID_LEN + 1);
}

static void
start(struct matching_home *out, Common__CareType care_type)
{
	*out = (struct matching_home){0};
	out->care_type = small((uint32_t)care_type);
	out->facts.age_min_years = UINT8_MAX;
	out->facts.available_from_day = INT32_MAX;
	out->facts.will_take_to_years = UINT8_MAX;
}

/* Law and order of the world: a kind that is no kind, and a secure bed, which is
 * national and allotted elsewhere, are never the answer to a request. */
static uint8_t
care_type_bit(Common__CareType care_type)
{
	switch (care_type) {
	case COMMON__CARE_TYPE__CARE_TYPE_FOSTER:
	case COMMON__CARE_TYPE__CARE_TYPE_CHILDRENS_HOME:
	case COMMON__CARE_TYPE__CARE_TYPE_SUPPORTED_ACCOMMODATION:
		return (uint8_t)(1u << care_type);
	case COMMON__CARE_TYPE__CARE_TYPE_UNSPECIFIED:
	case COMMON__CARE_TYPE__CARE_TYPE_SECURE: break;
	}
	return 0;
}

/* No bit for a kind that is not said, or not known to this build. */
static uint32_t
kind_bit(Common__NeedKind kind)
{
	return kind == COMMON__NEED_KIND__NEED_KIND_UNSPECIFIED ||
	               (unsigned)kind >= MATCHING_NEED_KINDS
	           ? 0
	           : 1u << kind;
}

static void
set_ages(struct matching_home *out, uint32_t min_years, uint32_t max_years)
{
	out->facts.age_min_years = small(min_years);
	out->facts.age_max_years = small(max_years);
	set_flag(out, HOME_HAS_AGES, true);
}

static uint8_t
sexes(bool takes_girls, bool takes_boys)
{
	return (uint8_t)((takes_girls ? MATCHING_GIRLS : 0u) |
			 (takes_boys ? MATCHING_BOYS : 0u));
}

static void
set_place(struct matching_home *out, const char *sector, const char *council_id)
{
	struct matching_facts *facts = &out->facts;

	out->council = matching_council(council_id);
	if (!matching_locate(sector, &out->point)) {
		facts->against |= AGAINST_NOT_LOCATED;
		return;
	}
	facts->east = (int16_t)(out->point.easting / 100);
	facts->north = (int16_t)(out->point.northing / 100);
	facts->radius = (int16_t)((out->point.radius_p90_m + 99) / 100);
}

static void
set_available(struct matching_home *out, int32_t day)
{
	out->facts.available_from_day = day;
	set_flag(out, HOME_HAS_AVAILABLE_DAY, true);
}

static void
set_confirmed(struct matching_home *out, int64_t time)
{
	out->confirmed_day = day_in_london(time);
	set_flag(out, HOME_HAS_CONFIRMED_DAY, true);
}

/* Both vacancies use these words, and share no type. */
#define FILL_SHARED(out, vacancy)                                                      \
	do {                                                                           \
		copy_id((out)->vacancy_id, (vacancy)->vacancy_id);                     \
		copy_id((out)->provider_id, (vacancy)->provider_id);                   \
		set_flag((out), HOME_IS_OPEN, (vacancy)->is_open);                     \
		set_flag((out), HOME_PETS_ARE_KNOWN, (vacancy)->has_has_pets);         \
		set_flag((out), HOME_HAS_PETS, (vacancy)->has_pets);                   \
		(out)->will_not_take_with = matching_with_bits(                        \
		    (vacancy)->will_not_take_with, (vacancy)->n_will_not_take_with);   \
		set_place((out), (vacancy)->home_sector, (vacancy)->council_id);       \
		matching_copy_languages(                                               \
		    &(out)->languages, (vacancy)->languages, (vacancy)->n_languages);  \
		if (!(vacancy)->takes_emergencies)                                     \
			(out)->facts.against |= AGAINST_NO_EMERGENCIES;                \
		if ((vacancy)->has_available_from_day)                                 \
			set_available((out), (vacancy)->available_from_day);           \
		if ((vacancy)->has_confirmed_time)                                     \
			set_confirmed((out), (vacancy)->confirmed_time);               \
	} while (0)

/* Whom a child would live with: what is not recorded stands against every child whom it
 * could matter to, and so does a code that cannot be read. */
static void
judge_company(struct matching_home *out)
{
	const struct matching_residents *there = &out->residents;
	unsigned with = WITH(UNSPECIFIED);

	out->facts.youngest_years = UINT8_MAX;
	if (!has(out, HOME_PETS_ARE_KNOWN) || has(out, HOME_HAS_PETS))
		with |= WITH(PETS);
	if (!has(out, HOME_MIX_IS_KNOWN)) {
		with |= WITH(ANY_CHILD) | WITH(YOUNGER_CHILDREN) |
		        WITH(OLDER_CHILDREN) | WITH(GIRLS) | WITH(BOYS);
	} else if (there->n > 0) {
		with |= WITH(ANY_CHILD) | (has(out, HOME_HAS_GIRLS) ? WITH(GIRLS) : 0) |
		        (has(out, HOME_HAS_BOYS) ? WITH(BOYS) : 0);
		out->facts.youngest_years = there->youngest_years;
		out->facts.oldest_below = small(there->oldest_years + 1u);
	}
	out->facts.with = (uint8_t)with;
}

/*
 * Limits of age beyond those of registration. A resident who is not safe with younger
 * children may be the oldest of all, and a home's word is about everybody there; a
 * household's is about the youngest and the oldest of its children.
 */
static void
limit_ages(struct matching_home *out, unsigned with)
{
	const struct matching_residents *there = &out->residents;
	bool is_foster = out->care_type == COMMON__CARE_TYPE__CARE_TYPE_FOSTER;

	if ((with & WITH(YOUNGER_CHILDREN)) != 0)
		out->facts.will_take_from_years =
		    is_foster ? there->youngest_years : there->oldest_years;
	if ((with & WITH(OLDER_CHILDREN)) != 0)
		out->facts.will_take_to_years =
		    is_foster ? there->oldest_years : there->youngest_years;
}

/* Whom the home will not have: of its own will, or because of who lives there and is
 * not safe with them. Pets are the home's own and keep no child out. */
static void
judge_refusals(struct matching_home *out)
{
	unsigned own_word = out->will_not_take_with;
	unsigned residents_word = out->residents.not_safe_with;
	unsigned both = own_word | residents_word;
	unsigned of_age = WITH(YOUNGER_CHILDREN) | WITH(OLDER_CHILDREN);
	bool is_known = has(out, HOME_MIX_IS_KNOWN);
	bool somebody = out->residents.n > 0;
	unsigned refuses = 0;

	if ((both & WITH(GIRLS)) != 0)
		refuses |= REFUSES_GIRLS;
	if ((both & WITH(BOYS)) != 0)
		refuses |= REFUSES_BOYS;
	if ((own_word & WITH(ANY_CHILD)) != 0)
		refuses |= REFUSES_SEVERAL;
	if ((both & WITH(UNSPECIFIED)) != 0 ||
	    (residents_word & WITH(ANY_CHILD)) != 0 ||
	    ((own_word & WITH(ANY_CHILD)) != 0 && (!is_known || somebody)) ||
	    ((both & of_age) != 0 && !is_known))
		refuses |= REFUSES_ALL;
	if ((both & of_age) != 0 && is_known && somebody) {
		refuses |= REFUSES_UNKNOWN_AGES;
		limit_ages(out, both);
	}
	out->facts.refuses = (uint8_t)refuses;
}

/* ---- foster homes ---- */

static uint8_t
foster_open_to(const Foster__Vacancy *vacancy)
{
	if (!vacancy->is_open || vacancy->approval == NULL)
		return 0;
	switch (vacancy->approval->kind) {
	case FOSTER__APPROVAL_KIND__APPROVAL_KIND_MAINSTREAM: return OPEN_TO_CHILDREN;
	case FOSTER__APPROVAL_KIND__APPROVAL_KIND_PARENT_AND_CHILD:
		return OPEN_TO_PARENT_AND_CHILD;
	case FOSTER__APPROVAL_KIND__APPROVAL_KIND_UNSPECIFIED:
	case FOSTER__APPROVAL_KIND__APPROVAL_KIND_FAMILY_AND_FRIENDS:
	case FOSTER__APPROVAL_KIND__APPROVAL_KIND_SHORT_BREAK: break;
	}
	return 0;
}

static void
fill_approval(struct matching_home *out, const Foster__Approval *approval)
{
	if (approval == NULL)
		return;
	out->approval_kind = small((uint32_t)approval->kind);
	if (approval->has_age_min_years && approval->has_age_max_years)
		set_ages(out, approval->age_min_years, approval->age_max_years);
	out->facts.takes = sexes(approval->takes_girls, approval->takes_boys);
}

static void
fill_places(struct matching_home *out, const Foster__Places *places)
{
	if (places == NULL)
		return;
	out->facts.free = small(places->free);
	out->facts.free_for_siblings = small(places->free_for_siblings);
	set_flag(out, HOME_HAS_FREE, places->has_free);
	set_flag(out, HOME_HAS_FREE_FOR_SIBLINGS, places->has_free_for_siblings);
}

static uint8_t
least(uint8_t a, uint8_t b)
{
	return a < b ? a : b;
}

/* Of the free places its provider may have opened fewer; never more than are free. Free
 * to everybody come first, so that what a council may have is cut to no less. */
static void
limit_to_open(struct matching_home *out, uint32_t open_places)
{
	struct matching_facts *facts = &out->facts;
	uint8_t open = small(open_places);

	set_flag(out, HOME_OPENS_FEWER,
	    open < facts->free || open < facts->free_for_siblings ||
		open < facts->free_with_reserved);
	facts->free = least(facts->free, open);
	facts->free_for_siblings = least(facts->free_for_siblings, open);
	facts->free_with_reserved = least(facts->free_with_reserved, open);
	for (unsigned i = 0; i < out->reserved_n; i++)
		out->reserved_beds[i] =
		    least(out->reserved_beds[i], (uint8_t)(open - facts->free));
}

/* An approval as a parent-and-child home is itself that skill. */
static void
fill_skills(struct matching_home *out, const Foster__Vacancy *vacancy)
{
	for (size_t i = 0; i < vacancy->n_skills; i++) {
		const Common__Need *skill = vacancy->skills[i];
		if (skill->level >= COMMON__LEVEL__LEVEL_MEDIUM)
			out->skills_medium |= kind_bit(skill->kind);
		if (skill->level == COMMON__LEVEL__LEVEL_HIGH)
			out->facts.skills_high |= kind_bit(skill->kind);
	}
	if (out->approval_kind ==
	    FOSTER__APPROVAL_KIND__APPROVAL_KIND_PARENT_AND_CHILD) {
		out->skills_medium |= 1u
		                      << COMMON__NEED_KIND__NEED_KIND_PARENT_AND_CHILD;
		out->facts.skills_high |=
		    1u << COMMON__NEED_KIND__NEED_KIND_PARENT_AND_CHILD;
	}
}

/* Children without an age, or an age without children, are not a known mix. */
static void
fill_children(struct matching_home *out, const Foster__Vacancy *vacancy)
{
	struct matching_residents *there = &out->residents;
	bool have_ages = vacancy->has_youngest_years && vacancy->has_oldest_years;

	there->girls = small(vacancy->girls);
	there->boys = small(vacancy->boys);
	there->n = small((uint32_t)there->girls + there->boys);
	there->youngest_years = small(vacancy->youngest_years);
	there->oldest_years = small(vacancy->oldest_years);
	set_flag(out, HOME_MIX_IS_KNOWN,
	    vacancy->has_girls && vacancy->has_boys && have_ages == (there->n > 0));
	set_flag(out, HOME_HAS_GIRLS, there->girls > 0);
	set_flag(out, HOME_HAS_BOYS, there->boys > 0);
}

void
matching_home_of_foster(const Foster__Vacancy *vacancy, struct matching_home *out)
{
	start(out, COMMON__CARE_TYPE__CARE_TYPE_FOSTER);
	out->facts.care_type = care_type_bit(COMMON__CARE_TYPE__CARE_TYPE_FOSTER);
	out->facts.open_to = foster_open_to(vacancy);
	fill_approval(out, vacancy->approval);
	fill_places(out, vacancy->places);
	if (vacancy->has_open_places)
		limit_to_open(out, vacancy->open_places);
	fill_skills(out, vacancy);
	fill_children(out, vacancy);
	FILL_SHARED(out, vacancy);
	judge_company(out);
	judge_refusals(out);
	out->ethnicity = small((uint32_t)vacancy->ethnicity);
	out->religion = small((uint32_t)vacancy->religion);
}

/* ---- children's homes and supported accommodation ---- */

/*
 * Nearly every home says that it meets nearly every need. Its own word is taken up to
 * medium level; for a high one somebody trained, children cared for, or an inspector's
 * report has to stand behind it.
 */
static bool
proves_high_level(Residential__Evidence evidence)
{
	switch (evidence) {
	case RESIDENTIAL__EVIDENCE__EVIDENCE_UNSPECIFIED:
	case RESIDENTIAL__EVIDENCE__EVIDENCE_STATEMENT_OF_PURPOSE: return false;
	case RESIDENTIAL__EVIDENCE__EVIDENCE_STAFF_TRAINED:
	case RESIDENTIAL__EVIDENCE__EVIDENCE_CHILDREN_CARED_FOR:
	case RESIDENTIAL__EVIDENCE__EVIDENCE_INSPECTION_REPORT: return true;
	}
	return false;
}

static void
fill_capabilities(struct matching_home *out, const Residential__Vacancy *vacancy)
{
	for (size_t i = 0; i < vacancy->n_capabilities; i++) {
		const Residential__Capability *capability = vacancy->capabilities[i];
		const Common__Need *met = capability->need;
		if (met == NULL)
			continue;
		if (met->level >= COMMON__LEVEL__LEVEL_MEDIUM)
			out->skills_medium |= kind_bit(met->kind);
		if (met->level != COMMON__LEVEL__LEVEL_HIGH)
			continue;
		if (proves_high_level(capability->evidence))
			out->facts.skills_high |= kind_bit(met->kind);
		else
			out->skills_claimed |= kind_bit(met->kind);
	}
}

static void
fill_beds(struct matching_home *out, const Residential__Vacancy *vacancy)
{
	const Residential__Beds *beds = vacancy->beds;

	if (beds != NULL && beds->has_free) {
		out->facts.free = small(beds->free);
		out->facts.free_with_reserved = small(beds->free + beds->reserved);
		out->facts.free_for_siblings = out->facts.free;
		set_flag(out, HOME_HAS_FREE, true);
		set_flag(out, HOME_HAS_FREE_FOR_SIBLINGS, true);
	}
	for (size_t i = 0; i < vacancy->n_reserved_free; i++) {
		const Residential__ReservedFree *kept = vacancy->reserved_free[i];
		if (out->reserved_n == MATCHING_RESERVED_MAX)
			break;
		out->reserved_for[out->reserved_n] = matching_council(kept->council_id);
		out->reserved_beds[out->reserved_n++] = small(kept->beds);
	}
	if (vacancy->has_open_places)
		limit_to_open(out, vacancy->open_places);
}

/* False where a band cannot be read: how old they are is then not known. */
static bool
fill_bands(struct matching_residents *there, const Residential__Residents *residents)
{
	/* Whoever is in no band of children is grown up and stayed on. */
	struct place_ages there_are = {PLACE_ADULT_YEARS, UINT8_MAX - 1};

	for (size_t i = 0; i < residents->n_age_bands; i++) {
		Common__AgeBand band = residents->age_bands[i];
		struct place_ages ages = place_band_ages(band);
		if (ages.min_years > ages.max_years)
			return false;
		there->age_bands = (uint8_t)(there->age_bands | 1u << (unsigned)band);
		if (ages.min_years < there_are.min_years)
			there_are.min_years = ages.min_years;
		if (i == 0 || ages.max_years > there_are.max_years)
			there_are.max_years = ages.max_years;
	}
	there->youngest_years = (uint8_t)there_are.min_years;
	there->oldest_years =
	    residents->has_adults ? UINT8_MAX - 1 : (uint8_t)there_are.max_years;
	return true;
}

static void
fill_residents(struct matching_home *out, const Residential__Residents *residents)
{
	struct matching_residents *there = &out->residents;

	if (residents == NULL)
		return;
	there->n = small(residents->count);
	bool is_read = fill_bands(there, residents);
	bool is_empty = there->n == 0 && there->age_bands == 0;
	bool is_whole =
	    there->n > 0 && residents->has_has_girls && residents->has_has_boys;
	set_flag(out, HOME_MIX_IS_KNOWN,
	    residents->has_count && is_read && (is_empty || is_whole));
	set_flag(out, HOME_HAS_GIRLS, residents->has_girls);
	set_flag(out, HOME_HAS_BOYS, residents->has_boys);
	there->not_safe_with =
	    matching_with_bits(residents->not_safe_with, residents->n_not_safe_with);
	for (size_t i = 0; i < residents->n_risks; i++)
		there->risks |= kind_bit(residents->risks[i]);
}

static uint8_t
residential_open_to(const struct matching_home *home)
{
	uint32_t parents = 1u << COMMON__NEED_KIND__NEED_KIND_PARENT_AND_CHILD;

	if (!has(home, HOME_IS_OPEN))
		return 0;
	return (home->facts.skills_high & parents) != 0
	           ? OPEN_TO_CHILDREN | OPEN_TO_PARENT_AND_CHILD
	           : OPEN_TO_CHILDREN;
}

void
matching_home_of_residential(
    const Residential__Vacancy *vacancy, struct matching_home *out)
{
	start(out, vacancy->care_type);
	if (vacancy->care_type != COMMON__CARE_TYPE__CARE_TYPE_FOSTER)
		out->facts.care_type = care_type_bit(vacancy->care_type);
	out->restriction = small((uint32_t)vacancy->restriction);
	if (out->restriction != 0)
		out->facts.against |= AGAINST_RESTRICTED;
	if (vacancy->has_age_min_years && vacancy->has_age_max_years)
		set_ages(out, vacancy->age_min_years, vacancy->age_max_years);
	out->facts.takes = sexes(vacancy->takes_girls, vacancy->takes_boys);
	fill_beds(out, vacancy);
	fill_capabilities(out, vacancy);
	fill_residents(out, vacancy->residents);
	FILL_SHARED(out, vacancy);
	out->facts.open_to = residential_open_to(out);
	judge_company(out);
	judge_refusals(out);
}
