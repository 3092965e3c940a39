/* Homes, beds closed and kept, and what is published of them. */
#include "sim/model.h"

#include <string.h>

#include "base/day.h"
#include "base/str.h"

#include "members.pb-c.h"
#include "residential.pb-c.h"
#include "residential/refusals.h"

#define EVENT(name) RESIDENTIAL__RESIDENTIAL_EVENT__EVENT_##name
#define CARE(name) COMMON__CARE_TYPE__CARE_TYPE_##name
#define KIND(name) MEMBERS__PROVIDER_KIND__PROVIDER_KIND_##name
#define SUPPORTED_FROM_YEARS 16

static struct model_home *
home(struct model *m, const char *id)
{
	return model_home(m, NODE_RESIDENTIAL, id);
}

/* ---- homes ---- */

static void
check_home(struct model *m, const Residential__Home *row, const struct model_entry *e)
{
	int32_t day = day_in_london(e->time_ms);
	const struct model_provider *p =
	    MODEL_FIND(m->providers, m->providers_n, row->provider_id);
	unsigned kind = row->care_type == CARE(SUPPORTED_ACCOMMODATION)
	                    ? KIND(SUPPORTED_ACCOMMODATION)
	                    : KIND(CHILDRENS_HOMES);

	if (p == NULL || p->kind != kind || row->care_type == CARE(FOSTER))
		world_fail(m->world, "home %s is of another kind than its provider",
		    row->home_id);
	if (MODEL_FIND(m->councils, m->councils_n, row->council_id) == NULL)
		world_fail(m->world, "home %s lies in no council", row->home_id);
	if (row->staffed_beds > row->registered_places)
		world_fail(m->world, "home %s has more staffed beds than places",
		    row->home_id);
	if (row->care_type == CARE(SUPPORTED_ACCOMMODATION) &&
	    row->age_min_years < SUPPORTED_FROM_YEARS)
		world_fail(m->world, "home %s is for children who are too young",
		    row->home_id);
	if (row->grade_day > day || row->statement_day > day)
		world_fail(m->world, "home %s was graded in the future", row->home_id);
	for (size_t i = 0; i < m->homes_n; i++)
		if (str_equal(m->homes[i].care.urn, row->urn) &&
		    !str_equal(m->homes[i].id, row->home_id))
			world_fail(m->world, "homes %s and %s have one number",
			    m->homes[i].id, row->home_id);
}

/* Not fewer than are promised: what was too many already may stay so. */
static void
check_fewer(struct model *m, const struct model_home *h, const Residential__Home *row)
{
	struct model_shown is = {.count = 0};
	uint32_t people;

	(void)model_count_people(m, h, 0, &is);
	people = is.beds.occupied + is.beds.held;
	if ((row->registered_places < h->care.registered &&
		people > row->registered_places) ||
	    (row->staffed_beds < h->care.staffed && people > row->staffed_beds))
		world_fail(m->world, "home %s has fewer beds than people", h->id);
	m->world->tally.n[TALLY_RESTAFFED] += row->staffed_beds != h->care.staffed;
	m->world->tally.n[TALLY_RESTRICTED] +=
	    row->restriction != 0 && !h->care.is_restricted;
	m->world->tally.n[TALLY_AMENDED]++;
}

static void
see_home(struct model *m, const struct model_entry *e)
{
	/* Registered and amended are alike. */
	const Residential__Home *row =
	    ((const Residential__HomeRegistered *)e->event)->home;
	struct model_home *h = home(m, row->home_id);

	check_home(m, row, e);
	if (e->type == EVENT(HOME_AMENDED)) {
		check_fewer(m, h, row);
		h->has_moved |= !str_equal(h->council, row->council_id);
	} else {
		m->world->tally.n[TALLY_HOMES]++;
	}
	model_keep(h->provider, row->provider_id);
	model_keep(h->council, row->council_id);
	model_keep(h->care.urn, row->urn);
	h->care.type = (unsigned)row->care_type;
	h->care.registered = row->registered_places;
	h->care.staffed = row->staffed_beds;
	h->care.age_min_years = row->age_min_years;
	h->care.age_max_years = row->age_max_years;
	h->care.takes_girls = row->takes_girls;
	h->care.takes_boys = row->takes_boys;
	h->care.has_pets = row->has_pets;
	h->care.is_restricted = row->restriction != 0;
	h->care.unwanted =
	    model_with(row->will_not_take_with, row->n_will_not_take_with);
}

/* ---- beds closed, beds reserved ---- */

static void
see_closed(struct model *m, const struct model_entry *e)
{
	const Residential__ClosedBeds *c =
	    ((const Residential__BedsClosed *)e->event)->closed;
	struct model_withheld *row =
	    MODEL_ADD(m, m->withheld, m->withheld_n, c->closed_id);
	struct model_shown is = {.count = 0};
	const struct model_home *h = home(m, c->home_id);
	int32_t day = day_in_london(e->time_ms);

	model_keep(row->home, c->home_id);
	row->places = c->beds;
	row->from_day = c->from_day;
	row->until_day = c->has_until_day ? c->until_day : INT32_MAX;
	(void)model_count_people(m, h, day, &is);
	if (is.beds.occupied + is.beds.held + model_withheld_on(m, h->id, day) >
		h->care.staffed &&
	    c->from_day <= day)
		world_fail(
		    m->world, "beds of home %s were closed that are not empty", h->id);
	if (c->reason == 0)
		world_fail(m->world, "beds were closed without a reason");
	m->world->tally.n[TALLY_BEDS_CLOSED]++;
}

static void
see_reopened(struct model *m, const struct model_entry *e)
{
	struct model_withheld *row = MODEL_FIND(m->withheld, m->withheld_n,
	    ((const Residential__BedsReopened *)e->event)->closed_id);

	if (row != NULL)
		*row = m->withheld[--m->withheld_n];
	m->world->tally.n[TALLY_BEDS_REOPENED]++;
}

static void
see_reserved(struct model *m, const struct model_entry *e)
{
	const Residential__Reservation *r =
	    ((const Residential__BedReserved *)e->event)->reservation;
	struct model_reservation *row;
	struct model_shown is;
	const struct model_home *h = home(m, r->home_id);
	int32_t day = day_in_london(e->time_ms);

	for (size_t i = 0; i < m->reservations_n; i++)
		if (str_equal(m->reservations[i].home, r->home_id) &&
		    m->reservations[i].bed_number == r->bed_number &&
		    m->reservations[i].until_day > r->from_day &&
		    (!r->has_until_day || m->reservations[i].from_day < r->until_day))
			world_fail(m->world, "bed %u of home %s was kept twice",
			    r->bed_number, r->home_id);
	is = model_stands(m, h, day);
	if (r->bed_number < 1 || r->bed_number > h->care.registered ||
	    (r->from_day <= day && is.beds.free == 0))
		world_fail(
		    m->world, "a bed of home %s was kept that is not free", h->id);
	row = MODEL_ADD(m, m->reservations, m->reservations_n, r->reservation_id);
	model_keep(row->home, r->home_id);
	row->bed_number = r->bed_number;
	row->from_day = r->from_day;
	row->until_day = r->has_until_day ? r->until_day : INT32_MAX;
	for (size_t i = 0; i < r->n_council_ids && i < MODEL_COUNCILS; i++)
		model_keep(row->councils[row->councils_n++], r->council_ids[i]);
	m->world->tally.n[TALLY_BEDS_RESERVED]++;
}

static void
see_freed(struct model *m, const struct model_entry *e)
{
	struct model_reservation *row = MODEL_FIND(m->reservations, m->reservations_n,
	    ((const Residential__BedFreed *)e->event)->reservation_id);

	if (row != NULL)
		*row = m->reservations[--m->reservations_n];
	m->world->tally.n[TALLY_BEDS_FREED]++;
}

/* ---- what is published ---- */

static void
see_reviewed(struct model *m, const struct model_entry *e)
{
	(void)e;
	m->world->tally.n[TALLY_REVIEWS]++;
}

static void
read_beds(const Residential__Beds *beds, struct model_beds *out)
{
	*out = (struct model_beds){beds->registered, beds->staffed, beds->occupied,
	    beds->held, beds->reserved, beds->closed, beds->free};
}

static void
see_counted(struct model *m, const struct model_entry *e)
{
	const Residential__BedsCounted *c = e->event;

	read_beds(c->beds, &home(m, c->home_id)->care.counted);
}

static void
read_residents(const Residential__Residents *r, struct model_shown *out)
{
	out->count = r->count;
	out->has_girls = r->has_girls != 0;
	out->has_boys = r->has_boys != 0;
	for (size_t i = 0; i < r->n_age_bands; i++)
		out->age_bands |= 1U << (unsigned)r->age_bands[i];
	for (size_t i = 0; i < r->n_risks; i++)
		out->risks |= 1U << (unsigned)r->risks[i];
	out->not_safe_with = model_with(r->not_safe_with, r->n_not_safe_with);
}

static void
see_vacancy(struct model *m, const struct model_entry *e)
{
	const Residential__Vacancy *v =
	    ((const Residential__VacancyPublished *)e->event)->vacancy;
	struct model_vacancy *row =
	    MODEL_FIND(m->vacancies, m->vacancies_n, v->vacancy_id);
	const struct model_home *h = home(m, v->home_id);

	for (size_t i = 0; i < m->vacancies_n; i++)
		if (str_equal(m->vacancies[i].home, v->home_id) &&
		    &m->vacancies[i] != row &&
		    m->vacancies[i].band == (unsigned)v->age_band)
			world_fail(m->world, "home %s has two vacancies for one band",
			    v->home_id);
	if (row == NULL)
		row = MODEL_ADD(m, m->vacancies, m->vacancies_n, v->vacancy_id);
	model_keep(row->home, v->home_id);
	row->band = (unsigned)v->age_band;
	row->is_open = v->is_open;
	if (v->is_open && (h->care.type == CARE(SECURE) || h->care.is_restricted))
		world_fail(m->world, "home %s has a vacancy that may not be", h->id);
	if (v->has_open_places && v->open_places == 0)
		world_fail(m->world, "vacancy %s is open for nobody", v->vacancy_id);
	memset(&row->shown, 0, sizeof row->shown);
	read_beds(v->beds, &row->shown.beds);
	read_residents(v->residents, &row->shown);
	for (size_t i = 0; i < v->n_reserved_free; i++)
		for (size_t k = 0; k < m->councils_n; k++)
			if (str_equal(
				m->councils[k].id, v->reserved_free[i]->council_id))
				row->shown.reserved_free[k] = v->reserved_free[i]->beds;
}

/* ---- every event ---- */

/* What bad things were asked for, and refused as they should be. */
static void
see_refused(struct model *m, const struct model_entry *e)
{
	static const struct {
		uint32_t number;
		enum tally_kind kind;
	} kinds[] = {
	    {RESIDENTIAL_SUPPORTED_AGE, TALLY_REFUSED_SUPPORTED},
	    {RESIDENTIAL_NOT_SAFE_TOGETHER, TALLY_REFUSED_NOT_SAFE},
	    {RESIDENTIAL_RESTRICTED, TALLY_REFUSED_RESTRICTED},
	    {RESIDENTIAL_NO_BED, TALLY_REFUSED_NO_BED},
	    {RESIDENTIAL_VACANCY_SECURE, TALLY_REFUSED_SECURE},
	    {RESIDENTIAL_URN_TAKEN, TALLY_REFUSED_URN},
	    {RESIDENTIAL_STAFFED_ABOVE, TALLY_REFUSED_STAFFED},
	    {RESIDENTIAL_GRADE_AHEAD, TALLY_REFUSED_GRADE},
	    {RESIDENTIAL_BELOW_PLACED, TALLY_REFUSED_BELOW},
	    {RESIDENTIAL_CLOSED_TAKEN, TALLY_REFUSED_CLOSING},
	};
	const Common__Refused *refused = e->event;

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (kinds[i].number == refused->number)
			m->world->tally.n[kinds[i].kind]++;
}

static const struct {
	uint32_t type;
	void (*see)(struct model *m, const struct model_entry *e);
} sights[] = {
    {EVENT(REFUSED), see_refused},
    {EVENT(HOME_REGISTERED), see_home},
    {EVENT(HOME_AMENDED), see_home},
    {EVENT(BEDS_CLOSED), see_closed},
    {EVENT(BEDS_REOPENED), see_reopened},
    {EVENT(BED_RESERVED), see_reserved},
    {EVENT(BED_FREED), see_freed},
    {EVENT(HOME_REVIEWED), see_reviewed},
    {EVENT(BEDS_COUNTED), see_counted},
    {EVENT(VACANCY_PUBLISHED), see_vacancy},
};

void
model_see_homes(struct model *m, const struct model_entry *e)
{
	for (size_t i = 0; i < sizeof sights / sizeof sights[0]; i++)
		if (sights[i].type == e->type)
			sights[i].see(m, e);
}
