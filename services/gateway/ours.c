#include "gateway/ours.h"

#include <stdlib.h>
#include <string.h>

#include "base/day.h"
#include "base/message.h"
#include "base/str.h"
#include "gateway/directory.h"
#include "gateway/say.h"

#define DAY_MS INT64_C(86400000)
#define PAGES_MAX 20 /* asked of a service, were they all but empty */

static uint32_t
least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* ---- a vacancy, of either kind ---- */

/* Both owners' vacancies say these things by the same names. */
#define SAID_OF(row, now_ms)                                                           \
	((struct our_vacancy){                                                         \
	    .id = (row)->vacancy_id,                                                   \
	    .is_open = (row)->is_open,                                                 \
	    .confirmed_ms = (row)->confirmed_time,                                     \
	    .is_stale = (row)->is_open &&                                              \
	                (now_ms) - (row)->confirmed_time > OURS_STALE_DAYS * DAY_MS,   \
	    .open = !(row)->is_open          ? 0                                       \
	            : (row)->has_open_places ? (row)->open_places                      \
	                                     : UINT32_MAX,                             \
	})

static void
add_vacancy(struct ours *out, const struct our_place *place, struct our_vacancy v)
{
	v.place = place;
	v.open = least(v.open, v.free);
	v.can_open = place->cannot_open == NULL;
	out->vacancies[out->vacancies_n++] = v;
}

static void
add_household(struct page *p, struct ours *out, const struct our_place *place)
{
	const Foster__HouseholdStanding *now = place->household_now;
	struct our_vacancy v = {0};

	if (now->vacancy != NULL)
		v = SAID_OF(now->vacancy, p->now_ms);
	v.free = now->places->free > now->places->free_for_siblings
	             ? now->places->free
	             : now->places->free_for_siblings;
	v.most = now->places->approved;
	add_vacancy(out, place, v);
}

static const Residential__Vacancy *
of_band(const Residential__HomeStanding *now, Common__AgeBand band)
{
	for (size_t i = 0; i < now->n_vacancies; i++) {
		if (now->vacancies[i]->age_band == band)
			return now->vacancies[i];
	}
	return NULL;
}

/* One for each band it can open, and for each that it has open all the same. */
static void
add_home(struct page *p, struct ours *out, const struct our_place *place)
{
	const Residential__HomeStanding *now = place->home_now;

	for (int band = COMMON__AGE_BAND__AGE_BAND_UNDER_1;
	     band <= COMMON__AGE_BAND__AGE_BAND_16_TO_17; band++) {
		const Residential__Vacancy *row = of_band(now, (Common__AgeBand)band);
		bool can_open = false;
		struct our_vacancy v = {0};

		for (size_t i = 0; i < now->n_age_bands; i++)
			can_open = can_open || (int)now->age_bands[i] == band;
		if (!can_open && (row == NULL || !row->is_open))
			continue;
		if (row != NULL)
			v = SAID_OF(row, p->now_ms);
		v.age_band = (Common__AgeBand)band;
		v.free = now->beds->free + now->beds->reserved;
		v.most = now->beds->registered;
		add_vacancy(out, place, v);
	}
}

/* ---- asking ---- */

static void
place_household(const struct page *p, struct our_place *out,
    const Foster__Household *row, const Foster__HouseholdStanding *now)
{
	*out = (struct our_place){.id = row->household_id,
	    .name = row->carer_name,
	    .care_type = COMMON__CARE_TYPE__CARE_TYPE_FOSTER,
	    .household = row,
	    .household_now = now,
	    .fee_pence_week = row->fee_pence_week,
	    .cannot_open = now->cannot_open};
	fit_of_household(row, now, day_in_london(p->now_ms), &out->fit);
}

static void
place_home(const struct page *p, struct our_place *out, const Residential__Home *row,
    const Residential__HomeStanding *now)
{
	*out = (struct our_place){.id = row->home_id,
	    .name = row->home_name,
	    .care_type = row->care_type,
	    .home = row,
	    .home_now = now,
	    .fee_pence_week = row->fee_pence_week,
	    .cannot_open = now->cannot_open};
	fit_of_home(row, now, day_in_london(p->now_ms), &out->fit);
}

/* The next page of the households; NULL: there is none, or not yet. */
static const Foster__Households *
ask_households(struct page *p, char *after_id, enum page_state *state)
{
	Foster__HouseholdsAsked asked = FOSTER__HOUSEHOLDS_ASKED__INIT;

	asked.after_id = after_id;
	SET(&asked, limit, 100);
	SET(&asked, with_standing, true);
	return page_try(
	    p, "foster", FOSTER__FOSTER_CALL__CALL_HOUSEHOLDS, &asked.base, state);
}

static const Residential__Homes *
ask_homes(struct page *p, char *after_id, enum page_state *state)
{
	Residential__HomesAsked asked = RESIDENTIAL__HOMES_ASKED__INIT;

	asked.after_id = after_id;
	SET(&asked, limit, 50);
	SET(&asked, with_standing, true);
	return page_try(p, "residential", RESIDENTIAL__RESIDENTIAL_CALL__CALL_HOMES,
	    &asked.base, state);
}

static void
take_households(struct page *p, struct ours *out)
{
	const Foster__Households *page;
	enum page_state state;
	char *after_id = NULL;
	unsigned pages = 0;

	while ((page = ask_households(p, after_id, &state)) != NULL) {
		for (size_t i = 0; i < page->n_standings && i < page->n_households &&
				   out->places_n < OURS_MAX;
		     i++)
			place_household(p, &out->places[out->places_n++],
			    page->households[i], page->standings[i]);
		after_id = page->next_id;
		out->is_cut = out->is_cut ||
		              (after_id != NULL &&
				  (out->places_n >= OURS_MAX || ++pages == PAGES_MAX));
		if (after_id == NULL || out->is_cut)
			return;
	}
	if (state != PAGE_WAITS)
		out->down = "foster";
}

static void
take_homes(struct page *p, struct ours *out)
{
	const Residential__Homes *page;
	enum page_state state;
	char *after_id = NULL;
	unsigned pages = 0;

	while ((page = ask_homes(p, after_id, &state)) != NULL) {
		for (size_t i = 0; i < page->n_standings && i < page->n_homes &&
				   out->places_n < OURS_MAX;
		     i++)
			place_home(p, &out->places[out->places_n++], page->homes[i],
			    page->standings[i]);
		after_id = page->next_id;
		out->is_cut = out->is_cut ||
		              (after_id != NULL &&
				  (out->places_n >= OURS_MAX || ++pages == PAGES_MAX));
		if (after_id == NULL || out->is_cut)
			return;
	}
	if (state != PAGE_WAITS)
		out->down = "residential";
}

/* By name, and by id where two have one name. */
static int
compare(const void *a, const void *b)
{
	const struct our_place *left = a, *right = b;
	int by_name = strcmp(left->name == NULL ? "" : left->name,
	    right->name == NULL ? "" : right->name);

	return by_name != 0 ? by_name : strcmp(left->id, right->id);
}

bool
ours_ask(struct page *p, struct ours *out)
{
	const Members__Provider *row =
	    p->who == NULL ? NULL
			   : directory_provider(p->directory, p->who->organisation_id);
	Members__ProviderKind kind =
	    row == NULL ? MEMBERS__PROVIDER_KIND__PROVIDER_KIND_UNSPECIFIED : row->kind;
	bool is_fostering =
	    kind == MEMBERS__PROVIDER_KIND__PROVIDER_KIND_COUNCIL_FOSTERING ||
	    kind == MEMBERS__PROVIDER_KIND__PROVIDER_KIND_FOSTERING_AGENCY;

	*out = (struct ours){.places = LIST_NEW(p->arena, OURS_MAX, struct our_place)};
	if (out->places == NULL) {
		p->end = PAGE_BROKEN;
		return false;
	}
	/* A kind that is not known here may have either. */
	if (is_fostering || row == NULL)
		take_households(p, out);
	if (!is_fostering)
		take_homes(p, out);
	if (page_waits(p) || p->end != PAGE_MADE)
		return false;
	qsort(out->places, out->places_n, sizeof out->places[0], compare);
	out->vacancies = LIST_NEW(p->arena, out->places_n * 5 + 1, struct our_vacancy);
	if (out->vacancies == NULL) {
		p->end = PAGE_BROKEN;
		return false;
	}
	for (size_t i = 0; i < out->places_n; i++) {
		if (out->places[i].household != NULL)
			add_household(p, out, &out->places[i]);
		else
			add_home(p, out, &out->places[i]);
	}
	return true;
}

/* ---- finding ---- */

const struct our_vacancy *
ours_vacancy(const struct ours *ours, const char *vacancy_id)
{
	for (size_t i = 0; vacancy_id != NULL && i < ours->vacancies_n; i++) {
		if (str_equal(ours->vacancies[i].id, vacancy_id))
			return &ours->vacancies[i];
	}
	return NULL;
}

const struct our_place *
ours_place(const struct ours *ours, const char *place_id)
{
	for (size_t i = 0; place_id != NULL && i < ours->places_n; i++) {
		if (str_equal(ours->places[i].id, place_id))
			return &ours->places[i];
	}
	return NULL;
}

bool
ours_has_vacancy(const struct ours *ours, const struct our_place *place)
{
	for (size_t i = 0; i < ours->vacancies_n; i++) {
		if (ours->vacancies[i].place == place)
			return true;
	}
	return false;
}

const char *
ours_name(struct arena *a, const struct our_vacancy *vacancy)
{
	if (vacancy->place->home == NULL)
		return vacancy->place->name;
	return str_format(a, "%s, ages %s", vacancy->place->name,
	    say_enum_within(a, &common__age_band__descriptor, (int)vacancy->age_band));
}

size_t
ours_stale(const struct ours *ours)
{
	size_t n = 0;

	for (size_t i = 0; i < ours->vacancies_n; i++)
		n += ours->vacancies[i].is_stale;
	return n;
}
