#include "residential/home.h"

#include "base/day.h"
#include "base/geo.h"
#include "base/id.h"
#include "base/str.h"
#include "residential/beds.h"
#include "residential/mix.h"

#define SUPPORTED_YEARS_MIN 16
#define CARE_TYPE(name) COMMON__CARE_TYPE__CARE_TYPE_##name

bool
residential_fits_provider(
    Common__CareType care_type, Members__ProviderKind provider_kind)
{
	switch (care_type) {
	case CARE_TYPE(CHILDRENS_HOME):
	case CARE_TYPE(SECURE):
		return provider_kind ==
		       MEMBERS__PROVIDER_KIND__PROVIDER_KIND_CHILDRENS_HOMES;
	case CARE_TYPE(SUPPORTED_ACCOMMODATION):
		return provider_kind ==
		       MEMBERS__PROVIDER_KIND__PROVIDER_KIND_SUPPORTED_ACCOMMODATION;
	case CARE_TYPE(UNSPECIFIED):
	case CARE_TYPE(FOSTER): break;
	}
	return false;
}

/* ---- the row ---- */

/*
 * Law: Care Standards Act 2000, s11(1): "Any person who carries on or manages an
 * establishment or agency of any description without being registered under this Part"
 * Law: Care Planning, Placement and Case Review (England) Regulations 2010, reg 27C(1):
 * "in respect of which a person is registered under Part 2 of the Care Standards Act
 * 2000"
 * What has no number is not registered, and can be no home here.
 */
static enum residential_refusal
check_registration(const Residential__Home *row)
{
	switch (row->care_type) {
	case CARE_TYPE(UNSPECIFIED): return RESIDENTIAL_CARE_TYPE_MISSING;
	case CARE_TYPE(FOSTER): return RESIDENTIAL_CARE_TYPE_FOSTER;
	case CARE_TYPE(CHILDRENS_HOME):
	case CARE_TYPE(SUPPORTED_ACCOMMODATION):
	case CARE_TYPE(SECURE): break;
	}
	if (str_is_blank(row->urn))
		return RESIDENTIAL_URN_MISSING;
	return id_is_urn(row->urn) ? RESIDENTIAL_OK : RESIDENTIAL_URN_FORM;
}

/*
 * Law: Children's Homes (England) Regulations 2015, reg 16(3)(a): "keep the statement
 * of purpose under review and, where appropriate, revise it"
 */
static enum residential_refusal
check_statement(const Residential__Home *row, int32_t day)
{
	if (row->statement_version == 0 || !row->has_statement_day)
		return RESIDENTIAL_STATEMENT_MISSING;
	return row->statement_day > day ? RESIDENTIAL_STATEMENT_AHEAD : RESIDENTIAL_OK;
}

static enum residential_refusal
check_where(const Residential__Home *row)
{
	if (row->council_id == NULL)
		return RESIDENTIAL_COUNCIL_MISSING;
	if (row->home_sector == NULL)
		return RESIDENTIAL_SECTOR_MISSING;
	return geo_sector(row->home_sector) == NULL ? RESIDENTIAL_SECTOR_UNKNOWN
	                                            : RESIDENTIAL_OK;
}

/*
 * Law: Care Planning, Placement and Case Review (England) Regulations 2010, reg 27A:
 * "A responsible authority may only place a child under 16 in accommodation in
 * accordance with other arrangements under section 22C(6)(d), where the accommodation
 * is" one of a list that has no supported accommodation in it.
 */
static enum residential_refusal
check_ages(const Residential__Home *row)
{
	if (!row->has_age_min_years || !row->has_age_max_years)
		return RESIDENTIAL_AGES_MISSING;
	if (row->age_min_years > row->age_max_years)
		return RESIDENTIAL_AGES_TURNED;
	if (row->age_max_years >= PLACE_ADULT_YEARS)
		return RESIDENTIAL_AGE_ADULT;
	if (row->care_type == CARE_TYPE(SUPPORTED_ACCOMMODATION) &&
	    row->age_min_years < SUPPORTED_YEARS_MIN)
		return RESIDENTIAL_AGES_SUPPORTED;
	return RESIDENTIAL_OK;
}

/*
 * Law: Children's Homes (England) Regulations 2015, Sch 1 para 3(b): "the age range,
 * number and sex of children for whom it is intended that accommodation is to be
 * provided"
 */
static enum residential_refusal
check_accommodation(const Residential__Home *row)
{
	if (row->registered_places < 1 ||
	    row->registered_places > RESIDENTIAL_PLACES_MAX)
		return RESIDENTIAL_PLACES_RANGE;
	if (!row->has_staffed_beds)
		return RESIDENTIAL_STAFFED_MISSING;
	if (row->staffed_beds > row->registered_places)
		return RESIDENTIAL_STAFFED_ABOVE;
	enum residential_refusal no = check_ages(row);
	if (no != RESIDENTIAL_OK)
		return no;
	return row->takes_girls || row->takes_boys ? RESIDENTIAL_OK
	                                           : RESIDENTIAL_SEX_MISSING;
}

static enum residential_refusal
check_capabilities(const Residential__Home *row, int32_t day)
{
	if (row->n_capabilities > RESIDENTIAL_CAPABILITIES_MAX)
		return RESIDENTIAL_ROWS_MANY;
	for (size_t i = 0; i < row->n_capabilities; i++) {
		const Residential__Capability *c = row->capabilities[i];
		if (c->need == NULL ||
		    c->need->kind == COMMON__NEED_KIND__NEED_KIND_UNSPECIFIED ||
		    c->need->level == COMMON__LEVEL__LEVEL_UNSPECIFIED ||
		    c->evidence == RESIDENTIAL__EVIDENCE__EVIDENCE_UNSPECIFIED ||
		    !c->has_evidence_day)
			return RESIDENTIAL_CAPABILITY_INCOMPLETE;
		if (c->evidence_day > day)
			return RESIDENTIAL_CAPABILITY_AHEAD;
		for (size_t j = 0; j < i; j++) {
			if (row->capabilities[j]->need->kind == c->need->kind)
				return RESIDENTIAL_CAPABILITY_TWICE;
		}
	}
	return RESIDENTIAL_OK;
}

static enum residential_refusal
check_regulator(const Residential__Home *row, int32_t day)
{
	bool is_graded = row->grade != MEMBERS__GRADE__GRADE_UNSPECIFIED;

	if (is_graded && !row->has_grade_day)
		return RESIDENTIAL_GRADE_DAY_MISSING;
	if (!is_graded && row->has_grade_day)
		return RESIDENTIAL_GRADE_MISSING;
	if (is_graded && row->grade_day > day)
		return RESIDENTIAL_GRADE_AHEAD;
	if (residential_is_restricted(row) != (row->has_restriction_day != 0))
		return RESIDENTIAL_RESTRICTION_DAY;
	if (row->has_restriction_day && row->restriction_day > day)
		return RESIDENTIAL_RESTRICTION_DAY;
	return RESIDENTIAL_OK;
}

/* Each said once, and none left unsaid? */
static bool
is_not_safe_list(const Common__NotSafeWith *list, size_t n)
{
	uint32_t seen = RESIDENTIAL_WITH(UNSPECIFIED);

	for (size_t i = 0; i < n; i++) {
		uint32_t bit = residential_with(&list[i], 1);
		if ((seen & bit) != 0)
			return false;
		seen |= bit;
	}
	return true;
}

/* What the home says of itself, and nobody else's record bears on. */
static enum residential_refusal
check_offer(const Residential__Home *row)
{
	if (!is_not_safe_list(row->will_not_take_with, row->n_will_not_take_with))
		return RESIDENTIAL_WILL_NOT_TAKE;
	if (row->n_languages > RESIDENTIAL_LANGUAGES_MAX)
		return RESIDENTIAL_ROWS_MANY;
	if (!str_are_languages(row->languages, row->n_languages))
		return RESIDENTIAL_LANGUAGE;
	if (row->fee_pence_week < 0 ||
	    row->fee_pence_week > RESIDENTIAL_FEE_PENCE_WEEK_MAX)
		return RESIDENTIAL_FEE;
	return RESIDENTIAL_OK;
}

/* A name is the one text that a provider types: no longer than a name is. */
static enum residential_refusal
check_name(const char *name)
{
	if (str_is_blank(name))
		return RESIDENTIAL_NAME_MISSING;
	return str_characters(name) > RESIDENTIAL_NAME_CHARACTERS_MAX
	           ? RESIDENTIAL_NAME_LONG
	           : RESIDENTIAL_OK;
}

enum residential_refusal
residential_check_home(const Residential__Home *row, int32_t day)
{
	enum residential_refusal no;

	if ((no = check_name(row->home_name)) != RESIDENTIAL_OK)
		return no;
	if ((no = check_registration(row)) != RESIDENTIAL_OK)
		return no;
	if ((no = check_statement(row, day)) != RESIDENTIAL_OK)
		return no;
	if ((no = check_where(row)) != RESIDENTIAL_OK)
		return no;
	if ((no = check_accommodation(row)) != RESIDENTIAL_OK)
		return no;
	if ((no = check_capabilities(row, day)) != RESIDENTIAL_OK)
		return no;
	if ((no = check_regulator(row, day)) != RESIDENTIAL_OK)
		return no;
	return check_offer(row);
}

enum residential_refusal
residential_may_amend(const Residential__HomeShown *known,
    const struct residential_house *house, const Residential__Home *row)
{
	const Residential__Home *old = known->home;
	size_t present = residential_present(house);

	if (row->care_type != old->care_type)
		return RESIDENTIAL_CARE_TYPE_CHANGED;
	if (row->statement_version < old->statement_version ||
	    row->statement_day < old->statement_day)
		return RESIDENTIAL_STATEMENT_BACK;
	/* Only a row that makes it worse: a home that is over already may be amended.
	 */
	if (row->registered_places < old->registered_places &&
	    present > row->registered_places)
		return RESIDENTIAL_BELOW_PLACED;
	if (row->staffed_beds < old->staffed_beds && present > row->staffed_beds)
		return RESIDENTIAL_BELOW_STAFFED;
	for (size_t i = 0; i < known->n_reservations; i++) {
		const Residential__Reservation *r = known->reservations[i];
		if (r->bed_number > row->registered_places &&
		    !day_is_past(house->day, DAY_SPAN_OF(r)))
			return RESIDENTIAL_BELOW_RESERVED;
	}
	return RESIDENTIAL_OK;
}

/* ---- who lives there ---- */

static enum residential_refusal
check_kind(const Residential__Occupant *o)
{
	switch (o->kind) {
	case RESIDENTIAL__OCCUPANT_KIND__OCCUPANT_KIND_UNSPECIFIED:
		return RESIDENTIAL_OCCUPANT_KIND;
	case RESIDENTIAL__OCCUPANT_KIND__OCCUPANT_KIND_PLACED_HERE:
		return RESIDENTIAL_OCCUPANT_PLACED_HERE;
	case RESIDENTIAL__OCCUPANT_KIND__OCCUPANT_KIND_PLACED_OUTSIDE:
	case RESIDENTIAL__OCCUPANT_KIND__OCCUPANT_KIND_OVER_18: break;
	}
	/* These are a request's to say. */
	if (o->request_id != NULL || o->placement_id != NULL)
		return RESIDENTIAL_OCCUPANT_PLACED_HERE;
	return o->occupant_id != NULL ? RESIDENTIAL_ID_GIVEN : RESIDENTIAL_OK;
}

static enum residential_refusal
check_person(const Residential__Occupant *o, int32_t day)
{
	bool is_adult = o->kind == RESIDENTIAL__OCCUPANT_KIND__OCCUPANT_KIND_OVER_18;

	if (!o->has_age_years || !o->has_age_day || o->age_day > day ||
	    o->sex == COMMON__SEX__SEX_UNSPECIFIED)
		return RESIDENTIAL_OCCUPANT_AGE;
	uint32_t age = day_age_at(o->age_years, o->age_day, day);
	if (is_adult &&
	    (age < PLACE_ADULT_YEARS || age > RESIDENTIAL_STAYING_YEARS_MAX))
		return RESIDENTIAL_OCCUPANT_ADULT;
	if (!is_adult && age >= PLACE_ADULT_YEARS)
		return RESIDENTIAL_OCCUPANT_CHILD;
	if (!o->has_from_day || o->from_day > day ||
	    o->from_day < day_earliest_birth(o->age_years, o->age_day) ||
	    (o->has_expected_end_day && o->expected_end_day < o->from_day))
		return RESIDENTIAL_OCCUPANT_DAYS;
	return RESIDENTIAL_OK;
}

static bool
is_risk_list(const Common__NeedKind *list, size_t n)
{
	uint32_t seen = 1u << COMMON__NEED_KIND__NEED_KIND_UNSPECIFIED;

	for (size_t i = 0; i < n; i++) {
		if ((seen & 1u << (unsigned)list[i]) != 0)
			return false;
		seen |= 1u << (unsigned)list[i];
	}
	return true;
}

/* A reserved bed that somebody is said to live in: there, and nobody else's. */
static enum residential_refusal
check_reserved_bed(const Residential__HomeShown *known, const char *reservation_id)
{
	bool is_there = reservation_id == NULL;

	for (size_t i = 0; !is_there && i < known->n_reservations; i++)
		is_there =
		    str_equal(known->reservations[i]->reservation_id, reservation_id);
	if (!is_there)
		return RESIDENTIAL_RESERVATION_UNKNOWN;
	return reservation_id != NULL && residential_is_used(known, reservation_id)
	           ? RESIDENTIAL_RESERVATION_USED
	           : RESIDENTIAL_OK;
}

enum residential_refusal
residential_may_record(
    const Residential__HomeShown *known, const Residential__Occupant *o, int32_t day)
{
	enum residential_refusal no;

	if ((no = check_kind(o)) != RESIDENTIAL_OK)
		return no;
	if ((no = check_person(o, day)) != RESIDENTIAL_OK)
		return no;
	if (!is_not_safe_list(o->not_safe_with, o->n_not_safe_with) ||
	    !is_risk_list(o->risks, o->n_risks))
		return RESIDENTIAL_OCCUPANT_NOT_SAFE;
	if ((no = check_reserved_bed(known, o->reservation_id)) != RESIDENTIAL_OK)
		return no;
	return known->n_occupants >= RESIDENTIAL_ROWS_EACH_MAX ? RESIDENTIAL_ROWS_MANY
	                                                       : RESIDENTIAL_OK;
}

enum residential_refusal
residential_may_end_occupant(
    const Residential__Occupant *o, const Residential__EndOccupant *call, int32_t day)
{
	if (o->kind == RESIDENTIAL__OCCUPANT_KIND__OCCUPANT_KIND_PLACED_HERE)
		return RESIDENTIAL_OCCUPANT_PLACED_HERE;
	if (!call->has_end_day)
		return RESIDENTIAL_END_DAY_MISSING;
	if (call->end_day > day)
		return RESIDENTIAL_END_DAY_AHEAD;
	return call->end_day < o->from_day ? RESIDENTIAL_END_DAY_EARLY : RESIDENTIAL_OK;
}

/* ---- beds closed, beds reserved ---- */

enum residential_refusal
residential_may_close_beds(const Residential__HomeShown *known,
    const struct residential_house *house, const Residential__CloseBeds *call,
    int32_t *from_day)
{
	struct day_span span = DAY_SPAN_OF_CALL(call, house->day);
	uint64_t beds = call->beds;
	size_t rows = 0;

	if (call->reason == RESIDENTIAL__CLOSED_REASON__CLOSED_REASON_UNSPECIFIED)
		return RESIDENTIAL_CLOSED_REASON;
	if (!day_span_lies_ahead(span, house->day))
		return RESIDENTIAL_PERIOD;
	if (beds == 0)
		return RESIDENTIAL_CLOSED_BEDS;
	for (size_t i = 0; i < known->n_closed; i++) {
		struct day_span other = DAY_SPAN_OF(known->closed[i]);
		rows += !day_is_past(house->day, other);
		if (day_spans_meet(span, other))
			beds += known->closed[i]->beds;
	}
	if (beds + residential_present(house) > known->home->staffed_beds)
		return RESIDENTIAL_CLOSED_TAKEN;
	if (rows >= RESIDENTIAL_ROWS_EACH_MAX)
		return RESIDENTIAL_ROWS_MANY;
	*from_day = span.from;
	return RESIDENTIAL_OK;
}

/*
 * A bed is a promise to its councils, so one that starts today needs a bed that nobody
 * lives in or was promised. One that starts later takes the next that comes free.
 */
enum residential_refusal
residential_may_reserve(const Residential__HomeShown *known,
    const struct residential_house *house, const Residential__ReserveBed *call,
    int32_t *from_day)
{
	struct day_span span = DAY_SPAN_OF_CALL(call, house->day);
	struct residential_house one = *house;
	size_t rows = 0;

	if (call->bed_number < 1 || call->bed_number > known->home->registered_places)
		return RESIDENTIAL_BED_NUMBER;
	if (call->n_council_ids == 0 ||
	    call->n_council_ids > RESIDENTIAL_COUNCILS_MAX ||
	    str_repeats(call->council_ids, call->n_council_ids))
		return RESIDENTIAL_RESERVED_COUNCILS;
	if (!day_span_lies_ahead(span, house->day))
		return RESIDENTIAL_PERIOD;
	for (size_t i = 0; i < known->n_reservations; i++) {
		const Residential__Reservation *r = known->reservations[i];
		rows += !day_is_past(house->day, DAY_SPAN_OF(r));
		if (r->bed_number == call->bed_number &&
		    day_spans_meet(span, DAY_SPAN_OF(r)))
			return RESIDENTIAL_BED_RESERVED;
	}
	one.coming_n = 1;
	if (span.from <= house->day && !residential_has_beds(&one, NULL, NULL))
		return RESIDENTIAL_RESERVED_TAKEN;
	if (rows >= RESIDENTIAL_ROWS_EACH_MAX)
		return RESIDENTIAL_ROWS_MANY;
	*from_day = span.from;
	return RESIDENTIAL_OK;
}

/* ---- the vacancy ---- */

static enum residential_refusal
check_open_places(const Residential__Home *row, bool is_said, uint32_t places)
{
	if (!is_said)
		return RESIDENTIAL_OK;
	if (places == 0)
		return RESIDENTIAL_OPEN_PLACES_NONE;
	return places > row->registered_places ? RESIDENTIAL_OPEN_PLACES_MANY
	                                       : RESIDENTIAL_OK;
}

enum residential_refusal
residential_may_set_open_places(
    const Residential__Home *row, const Residential__SetOpenPlaces *call)
{
	return check_open_places(row, call->has_open_places, call->open_places);
}

enum residential_refusal
residential_may_open(const Residential__Home *row, const Residential__OpenVacancy *call,
    int32_t day, int32_t *available_from_day)
{
	int32_t from = call->has_available_from_day ? call->available_from_day : day;

	if (row->care_type == CARE_TYPE(SECURE))
		return RESIDENTIAL_VACANCY_SECURE;
	if (residential_is_restricted(row))
		return RESIDENTIAL_VACANCY_RESTRICTED;
	if (call->age_band == COMMON__AGE_BAND__AGE_BAND_UNSPECIFIED)
		return RESIDENTIAL_VACANCY_BAND_MISSING;
	if (!residential_takes_band(row, call->age_band))
		return RESIDENTIAL_VACANCY_BAND;
	if (from < day || from > day + RESIDENTIAL_VACANCY_DAYS_AHEAD_MAX)
		return RESIDENTIAL_VACANCY_DAY;
	*available_from_day = from;
	return check_open_places(row, call->has_open_places, call->open_places);
}
