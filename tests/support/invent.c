#include "support/invent.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/id.h"
#include "base/message.h"
#include "base/str.h"

#define DAY_MS INT64_C(86400000)

static char sectors[][8] = {"M14 5", "M1 1", "M20 2", "M33 3", "OL1 1", "OL16 1",
    "BL1 2", "BL9 0", "SK1 3", "SK8 1", "WN1 1", "WN7 1", "M60 1", "SK17 6", "CA20 1",
    "TR1 1", "NE1 1", "SW1A 1"};
static char languages[][3] = {"en", "ur", "pl", "ar", "bn"};
char invent_councils[INVENT_COUNCILS][10] = {
    "E08000003", "E08000006", "E08000009", "E08000007"};

/* ---- chance ---- */

static uint32_t
below(struct invent *w, uint32_t n)
{
	w->chance ^= w->chance << 13;
	w->chance ^= w->chance >> 7;
	w->chance ^= w->chance << 17;
	return (uint32_t)(w->chance >> 20) % n;
}

/* True in `n` of a hundred. */
static bool
percent(struct invent *w, uint32_t n)
{
	return below(w, 100) < n;
}

#define MAYBE(world, chance, message, field, value)                                    \
	do {                                                                           \
		if (percent(world, chance))                                            \
			SET(message, field, value);                                    \
	} while (0)

static void *
new_message(struct invent *w, const ProtobufCMessageDescriptor *type)
{
	void *out = message_new(w->arena, type);

	assert_non_null(out);
	return out;
}

#define NEW(world, name) new_message((world), &name##__descriptor)

static char **
some_languages(struct invent *w, size_t *n)
{
	char **out = LIST_NEW(w->arena, 3, char *);

	assert_non_null(out);
	*n = below(w, 3);
	for (size_t i = 0; i < *n; i++)
		out[i] = languages[below(w, 5)];
	return out;
}

static Common__NotSafeWith *
some_with(struct invent *w, size_t *n)
{
	Common__NotSafeWith *out = LIST_NEW(w->arena, 2, Common__NotSafeWith);

	assert_non_null(out);
	*n = percent(w, 70) ? 0 : 1 + below(w, 2);
	for (size_t i = 0; i < *n; i++)
		out[i] = (Common__NotSafeWith)(percent(w, 1) ? 0 : 1 + below(w, 6));
	return out;
}

static Common__Need **
some_needs(struct invent *w, uint32_t most, size_t *n)
{
	Common__Need **out = LIST_NEW(w->arena, most, Common__Need *);

	assert_non_null(out);
	*n = below(w, most);
	for (size_t i = 0; i < *n; i++) {
		out[i] = NEW(w, common__need);
		MAYBE(w, 99, out[i], kind, (Common__NeedKind)(1 + below(w, 17)));
		MAYBE(w, 97, out[i], level, (Common__Level)(1 + below(w, 3)));
		if (percent(w, 2))
			SET(out[i], kind,
			    COMMON__NEED_KIND__NEED_KIND_PARENT_AND_CHILD);
	}
	return out;
}

/* ---- vacancies ---- */

static Foster__Approval *
some_approval(struct invent *w)
{
	Foster__Approval *out = NEW(w, foster__approval);
	uint32_t from = below(w, 12);

	MAYBE(w, 99, out, kind,
	    percent(w, 85) ? FOSTER__APPROVAL_KIND__APPROVAL_KIND_MAINSTREAM
			   : (Foster__ApprovalKind)below(w, 5));
	MAYBE(w, 98, out, age_min_years, from);
	MAYBE(w, 98, out, age_max_years, from + below(w, 18));
	MAYBE(w, 97, out, takes_girls, percent(w, 85));
	MAYBE(w, 97, out, takes_boys, percent(w, 85));
	return out;
}

static void
some_residents(struct invent *w, Foster__Vacancy *out)
{
	uint32_t youngest = below(w, 17);

	MAYBE(w, 98, out, girls, percent(w, 50) ? 0 : below(w, 3));
	MAYBE(w, 98, out, boys, percent(w, 50) ? 0 : below(w, 3));
	if (out->girls > 0 || out->boys > 0 || percent(w, 2)) {
		MAYBE(w, 98, out, youngest_years, youngest);
		MAYBE(w, 98, out, oldest_years, youngest + below(w, 6));
	}
	MAYBE(w, 95, out, has_pets, percent(w, 30));
}

static char *
some_id(struct invent *w, uint32_t number)
{
	uint8_t random[ID_RANDOM_BYTES] = {0};
	struct id id;

	bytes_put_u32(random, number);
	id = id_make(INVENT_NOON_MS, random);
	return str_copy(w->arena, id.text);
}

/* Forty providers; most have both kinds of care. */
static char *
some_provider(struct invent *w, uint32_t number)
{
	return some_id(w, (1u << 20) + (number * 2654435761u >> 8) % 40);
}

Foster__Vacancy *
invent_vacancy(struct invent *w, uint32_t number)
{
	Foster__Vacancy *out = NEW(w, foster__vacancy);

	out->vacancy_id = some_id(w, number);
	out->provider_id = some_provider(w, number);
	out->council_id = percent(w, 97) ? invent_councils[below(w, 4)] : NULL;
	out->home_sector = percent(w, 96) ? sectors[below(w, 18)] : NULL;
	out->approval = percent(w, 99) ? some_approval(w) : NULL;
	if (percent(w, 98)) {
		out->places = NEW(w, foster__places);
		MAYBE(w, 98, out->places, free, below(w, 4));
		MAYBE(w, 98, out->places, free_for_siblings, below(w, 5));
	}
	MAYBE(w, 20, out, open_places, 1 + below(w, 3));
	out->skills = some_needs(w, 12, &out->n_skills);
	some_residents(w, out);
	out->will_not_take_with = some_with(w, &out->n_will_not_take_with);
	out->languages = some_languages(w, &out->n_languages);
	MAYBE(w, 80, out, ethnicity, (Common__Ethnicity)below(w, 6));
	MAYBE(w, 80, out, religion, (Common__Religion)below(w, 9));
	MAYBE(w, 95, out, takes_emergencies, percent(w, 60));
	MAYBE(
	    w, 95, out, available_from_day, INVENT_TODAY - 10 + (int32_t)below(w, 40));
	MAYBE(w, 95, out, confirmed_time,
	    INVENT_NOON_MS - (int64_t)below(w, 40) * DAY_MS);
	MAYBE(w, 99, out, is_open, percent(w, 92));
	return out;
}

/* ---- vacancies of homes ---- */

#define BAND(i) ((Common__AgeBand)(i))
static const uint32_t band_ages[6][2] = {
    {0, 17}, {0, 0}, {1, 4}, {5, 9}, {10, 15}, {16, 17}};

static Residential__Capability **
some_capabilities(struct invent *w, size_t *n)
{
	Common__Need **needs = some_needs(w, 16, n);
	Residential__Capability **out =
	    LIST_NEW(w->arena, 16, Residential__Capability *);

	assert_non_null(out);
	for (size_t i = 0; i < *n; i++) {
		out[i] = NEW(w, residential__capability);
		out[i]->need = percent(w, 99) ? needs[i] : NULL;
		MAYBE(w, 95, out[i], evidence,
		    (Residential__Evidence)(percent(w, 30) ? 1 : 1 + below(w, 4)));
	}
	return out;
}

static Residential__Residents *
some_home_residents(struct invent *w)
{
	Residential__Residents *out = NEW(w, residential__residents);
	uint32_t n = percent(w, 50) ? 0 : 1 + below(w, 3);

	MAYBE(w, 98, out, count, n);
	out->age_bands = LIST_NEW(w->arena, 3, Common__AgeBand);
	assert_non_null(out->age_bands);
	out->n_age_bands = n == 0 ? percent(w, 1) : percent(w, 4) ? 0 : 1 + below(w, n);
	for (size_t i = 0; i < out->n_age_bands; i++)
		out->age_bands[i] =
		    BAND(percent(w, 70) ? 4 + below(w, 2) : 1 + below(w, 5));
	MAYBE(w, 98, out, has_girls, n > 0 && percent(w, 60));
	MAYBE(w, 98, out, has_boys, n > 0 && percent(w, 60));
	MAYBE(w, 50, out, has_adults, n > 0 && percent(w, 10));
	if (n > 0)
		out->not_safe_with = some_with(w, &out->n_not_safe_with);
	return out;
}

static void
some_beds(struct invent *w, Residential__Vacancy *out)
{
	size_t n = percent(w, 70) ? 0 : 1 + below(w, 2);

	out->beds = NEW(w, residential__beds);
	MAYBE(w, 98, out->beds, free, below(w, 4));
	SET(out->beds, reserved, (uint32_t)n);
	out->reserved_free = LIST_NEW(w->arena, 2, Residential__ReservedFree *);
	assert_non_null(out->reserved_free);
	for (size_t i = 0; i < n; i++) {
		out->reserved_free[i] = NEW(w, residential__reserved_free);
		out->reserved_free[i]->council_id = invent_councils[i + below(w, 2)];
		SET(out->reserved_free[i], beds, 1 + below(w, (uint32_t)n));
	}
	/* One entry a council. */
	if (n == 2 &&
	    out->reserved_free[0]->council_id == out->reserved_free[1]->council_id)
		n = 1;
	out->n_reserved_free = n;
}

Residential__Vacancy *
invent_home_vacancy(struct invent *w, uint32_t number)
{
	Residential__Vacancy *out = NEW(w, residential__vacancy);
	uint32_t band = percent(w, 60) ? 4 + below(w, 2) : below(w, 6);

	out->vacancy_id = some_id(w, number);
	out->provider_id = some_provider(w, number);
	out->council_id = percent(w, 97) ? invent_councils[below(w, 4)] : NULL;
	out->home_sector = percent(w, 96) ? sectors[below(w, 18)] : NULL;
	MAYBE(w, 99, out, care_type,
	    (Common__CareType)(percent(w, 70) ? 2 : 2 + below(w, 3)));
	SET(out, age_band, BAND(band));
	MAYBE(w, 98, out, age_min_years, band_ages[band][0]);
	MAYBE(w, 98, out, age_max_years, band_ages[band][1]);
	MAYBE(w, 97, out, takes_girls, percent(w, 85));
	MAYBE(w, 97, out, takes_boys, percent(w, 85));
	if (percent(w, 98))
		some_beds(w, out);
	MAYBE(w, 20, out, open_places, 1 + below(w, 3));
	out->capabilities = some_capabilities(w, &out->n_capabilities);
	out->residents = percent(w, 98) ? some_home_residents(w) : NULL;
	out->will_not_take_with = some_with(w, &out->n_will_not_take_with);
	if (percent(w, 8))
		SET(out, restriction, (Residential__RestrictionKind)below(w, 3));
	MAYBE(w, 95, out, takes_emergencies, percent(w, 60));
	MAYBE(w, 95, out, has_pets, percent(w, 30));
	out->languages = some_languages(w, &out->n_languages);
	MAYBE(
	    w, 95, out, available_from_day, INVENT_TODAY - 10 + (int32_t)below(w, 40));
	MAYBE(w, 95, out, confirmed_time,
	    INVENT_NOON_MS - (int64_t)below(w, 40) * DAY_MS);
	MAYBE(w, 99, out, is_open, percent(w, 92));
	return out;
}

/* ---- requests ---- */

static Requests__ChildNeed *
some_child(struct invent *w)
{
	Requests__ChildNeed *out = NEW(w, requests__child_need);

	MAYBE(w, 99, out, age_years, below(w, 18));
	MAYBE(w, 99, out, age_day, INVENT_TODAY - (int32_t)below(w, 360));
	MAYBE(w, 99, out, sex, (Common__Sex)(1 + below(w, 3) % 3));
	out->needs = some_needs(w, 3, &out->n_needs);
	out->not_safe_with = some_with(w, &out->n_not_safe_with);
	out->languages = some_languages(w, &out->n_languages);
	MAYBE(w, 80, out, ethnicity, (Common__Ethnicity)below(w, 6));
	MAYBE(w, 80, out, religion, (Common__Religion)below(w, 9));
	return out;
}

static char letters[][2] = {"A", "B", "C"};

static void
some_care_types(struct invent *w, Requests__NeedCirculation *asked)
{
	asked->care_types = LIST_NEW(w->arena, 2, Common__CareType);
	assert_non_null(asked->care_types);
	asked->n_care_types = percent(w, 60) ? 0 : 1 + below(w, 2);
	for (size_t i = 0; i < asked->n_care_types; i++)
		asked->care_types[i] = (Common__CareType)(1 + below(w, 4));
}

Requests__RequestSubmitted *
invent_request(struct invent *w, uint32_t number)
{
	Requests__RequestSubmitted *out = NEW(w, requests__request_submitted);
	Requests__NeedCirculation *asked = NEW(w, requests__need_circulation);
	Requests__NeedDetail *detail = NEW(w, requests__need_detail);
	size_t n = percent(w, 70) ? 1 : 1 + below(w, 3);

	out->circulation = asked;
	out->detail = percent(w, 98) ? detail : NULL;
	asked->request_id = some_id(w, number);
	detail->request_id = asked->request_id;
	asked->council_id = invent_councils[below(w, 4)];
	asked->home_sector = percent(w, 96) ? sectors[below(w, 14)] : NULL;
	asked->children = LIST_NEW(w->arena, n, Requests__ChildNeed *);
	assert_non_null(asked->children);
	for (size_t i = 0; i < n; i++) {
		asked->children[i] = some_child(w);
		asked->children[i]->child_ref = letters[i];
	}
	asked->n_children = n;
	some_care_types(w, asked);
	SET(asked, are_siblings, percent(w, 70));
	MAYBE(w, 99, asked, urgency, (Requests__Urgency)(1 + below(w, 2)));
	MAYBE(w, 98, asked, needed_by_day, INVENT_TODAY - 5 + (int32_t)below(w, 30));
	MAYBE(w, 60, asked, miles_max, 1 + below(w, 40));
	detail->school_sector = percent(w, 60) ? sectors[below(w, 14)] : NULL;
	detail->avoid_sectors = LIST_NEW(w->arena, 2, char *);
	assert_non_null(detail->avoid_sectors);
	detail->n_avoid_sectors = percent(w, 60) ? 0 : 1 + below(w, 2);
	for (size_t i = 0; i < detail->n_avoid_sectors; i++)
		detail->avoid_sectors[i] = sectors[below(w, 18)];
	return out;
}
