#include "bench/shortlist/supply.h"

#include "base/geo_table.h"
#include "base/id.h"
#include "base/message.h"
#include "base/str.h"

#include "bench/support/bench.h"

#define DAY_MS INT64_C(86400000)
#define TEXT(literal) ((char *)(uintptr_t)(literal))

static const char languages[][3] = {"en", "ur", "pl", "ar", "bn"};
static const uint32_t bands[6][2] = {
    {0, 0}, {0, 0}, {1, 4}, {5, 9}, {10, 15}, {16, 17}};

static uint32_t
below(struct supply *s, uint32_t n)
{
	s->chance ^= s->chance << 13;
	s->chance ^= s->chance >> 7;
	s->chance ^= s->chance << 17;
	return (uint32_t)(s->chance >> 20) % n;
}

static bool
percent(struct supply *s, uint32_t n)
{
	return below(s, 100) < n;
}

static void *
new_message(struct supply *s, const ProtobufCMessageDescriptor *type)
{
	void *out = message_new(s->arena, type);

	if (out == NULL)
		bench_fail("no memory");
	return out;
}

#define NEW(supply, name) new_message((supply), &name##__descriptor)

static void *
some(struct supply *s, size_t bytes)
{
	void *out = arena_take(s->arena, bytes);

	if (out == NULL)
		bench_fail("no memory");
	return out;
}

static void *
some_pointers(struct supply *s, size_t n)
{
	return some(s, n * sizeof(void *));
}

static char *
some_id(struct supply *s, uint32_t number)
{
	uint8_t random[ID_RANDOM_BYTES] = {0};
	struct id id;

	bytes_put_u32(random, number);
	id = id_make(SUPPLY_NOON_MS, random);
	return str_copy(s->arena, id.text);
}

static char *
some_council(struct supply *s)
{
	return str_format(s->arena, "E%08u", 8000000 + below(s, SUPPLY_COUNCILS));
}

/* South of the border, nearly all of it England. */
static char *
some_sector(struct supply *s)
{
	const struct geo_row *row;

	do {
		row = &geo_table[below(s, (uint32_t)geo_table_rows)];
	} while (row->point.northing > 620000 || row->point.easting < 330000);
	return TEXT(row->sector);
}

static Common__NotSafeWith *
some_with(struct supply *s, uint32_t chance, size_t *n)
{
	Common__NotSafeWith *out = some(s, sizeof *out);

	*n = percent(s, chance);
	out[0] = (Common__NotSafeWith)(1 + below(s, 6));
	return out;
}

/* Of different kinds, in order. */
static Common__Need **
some_needs(struct supply *s, uint32_t chance, size_t *n)
{
	Common__Need **out = some_pointers(s, 18);

	*n = 0;
	for (int kind = 1; kind < 18; kind++) {
		if (!percent(s, chance))
			continue;
		out[*n] = NEW(s, common__need);
		SET(out[*n], kind, (Common__NeedKind)kind);
		SET(out[*n], level, (Common__Level)(1 + below(s, 3)));
		++*n;
	}
	return out;
}

static char **
some_languages(struct supply *s, size_t *n)
{
	char **out = some(s, 2 * sizeof *out);

	out[0] = TEXT(languages[0]);
	*n = 1;
	if (percent(s, 15))
		out[(*n)++] = TEXT(languages[1 + below(s, 4)]);
	return out;
}

Foster__Vacancy *
supply_foster(struct supply *s, uint32_t i)
{
	Foster__Vacancy *v = NEW(s, foster__vacancy);
	uint32_t from = percent(s, 60) ? 0 : below(s, 12), youngest = below(s, 15);

	v->vacancy_id = some_id(s, i);
	v->household_id = some_id(s, i);
	v->provider_id = some_id(s, below(s, 300));
	v->council_id = some_council(s);
	v->home_sector = some_sector(s);
	v->approval = NEW(s, foster__approval);
	SET(v->approval, kind,
	    (Foster__ApprovalKind)(percent(s, 90) ? 1 : 3 + below(s, 2)));
	SET(v->approval, age_min_years, from);
	SET(v->approval, age_max_years,
	    percent(s, 70) ? 17 : from + below(s, 18 - from));
	SET(v->approval, takes_girls, percent(s, 92));
	SET(v->approval, takes_boys, percent(s, 92));
	v->places = NEW(s, foster__places);
	SET(v->places, free, below(s, 3));
	SET(v->places, free_for_siblings, v->places->free);
	v->skills = some_needs(s, 25, &v->n_skills);
	SET(v, girls, percent(s, 40));
	SET(v, boys, percent(s, 40));
	if (v->girls + v->boys > 0) {
		SET(v, youngest_years, youngest);
		SET(v, oldest_years,
		    youngest + (v->girls + v->boys > 1 ? below(s, 3) : 0));
	}
	SET(v, has_pets, percent(s, 45));
	v->will_not_take_with = some_with(s, 10, &v->n_will_not_take_with);
	v->languages = some_languages(s, &v->n_languages);
	SET(v, ethnicity, (Common__Ethnicity)(percent(s, 75) ? 1 : 1 + below(s, 5)));
	SET(v, religion, (Common__Religion)(1 + below(s, 8)));
	SET(v, takes_emergencies, percent(s, 60));
	SET(v, fee_pence_week, 45000 + (int64_t)below(s, 60000));
	SET(v, available_from_day, SUPPLY_TODAY - 20 + (int32_t)below(s, 40));
	SET(v, confirmed_time, SUPPLY_NOON_MS - (int64_t)below(s, 40) * DAY_MS);
	SET(v, is_open, percent(s, 85));
	return v;
}

static Residential__Capability **
some_capabilities(struct supply *s, size_t *n)
{
	Common__Need **needs = some_needs(s, 60, n);
	Residential__Capability **out = some_pointers(s, 18);

	for (size_t i = 0; i < *n; i++) {
		out[i] = NEW(s, residential__capability);
		out[i]->need = needs[i];
		SET(out[i], evidence, (Residential__Evidence)(1 + below(s, 4)));
	}
	return out;
}

static void
fill_house(struct supply *s, Residential__Vacancy *v)
{
	Residential__Residents *there = NEW(s, residential__residents);
	uint32_t n = below(s, 4);

	there->age_bands = some(s, sizeof *there->age_bands);
	there->age_bands[0] = (Common__AgeBand)(percent(s, 80) ? 4 : 5);
	there->n_age_bands = n > 0;
	SET(there, count, n);
	SET(there, has_girls, n > 0 && percent(s, 45));
	SET(there, has_boys, n > 0 && !there->has_girls);
	if (n > 0)
		there->not_safe_with = some_with(s, 15, &there->n_not_safe_with);
	v->residents = there;
	v->beds = NEW(s, residential__beds);
	SET(v->beds, free, below(s, 3));
	SET(v->beds, reserved, percent(s, 20));
	v->reserved_free = some_pointers(s, 1);
	v->n_reserved_free = v->beds->reserved;
	v->reserved_free[0] = NEW(s, residential__reserved_free);
	v->reserved_free[0]->council_id = some_council(s);
	SET(v->reserved_free[0], beds, 1);
}

Residential__Vacancy *
supply_home(struct supply *s, uint32_t i)
{
	Residential__Vacancy *v = NEW(s, residential__vacancy);
	bool is_supported = percent(s, 25);
	uint32_t band = is_supported ? 5 : percent(s, 75) ? 4 : 3 + below(s, 3);

	v->vacancy_id = some_id(s, i);
	v->home_id = some_id(s, i);
	v->provider_id = some_id(s, below(s, 300));
	v->council_id = some_council(s);
	v->home_sector = some_sector(s);
	SET(v, care_type, (Common__CareType)(is_supported ? 3 : 2));
	SET(v, age_band, (Common__AgeBand)band);
	SET(v, age_min_years, bands[band][0]);
	SET(v, age_max_years, bands[band][1]);
	SET(v, takes_girls, percent(s, 85));
	SET(v, takes_boys, percent(s, 90));
	fill_house(s, v);
	v->capabilities = some_capabilities(s, &v->n_capabilities);
	v->will_not_take_with = some_with(s, 10, &v->n_will_not_take_with);
	SET(v, grade, (Members__Grade)(1 + below(s, 4)));
	SET(v, grade_day, SUPPLY_TODAY - (int32_t)below(s, 400));
	SET(v, restriction, (Residential__RestrictionKind)percent(s, 2));
	SET(v, takes_emergencies, percent(s, 40));
	SET(v, has_pets, percent(s, 10));
	v->languages = some_languages(s, &v->n_languages);
	SET(v, fee_pence_week, 400000 + (int64_t)below(s, 400000));
	SET(v, available_from_day, SUPPLY_TODAY - 20 + (int32_t)below(s, 40));
	SET(v, confirmed_time, SUPPLY_NOON_MS - (int64_t)below(s, 40) * DAY_MS);
	SET(v, is_open, percent(s, 90));
	return v;
}

Requests__RequestSubmitted *
supply_request(struct supply *s, uint32_t i)
{
	Requests__RequestSubmitted *out = NEW(s, requests__request_submitted);
	Requests__NeedCirculation *asked = NEW(s, requests__need_circulation);
	Requests__ChildNeed *child = NEW(s, requests__child_need);

	out->circulation = asked;
	out->detail = NEW(s, requests__need_detail);
	asked->request_id = some_id(s, 1u << 31 | i);
	asked->council_id = some_council(s);
	asked->home_sector = some_sector(s);
	asked->children = some_pointers(s, 1);
	asked->children[0] = child;
	asked->n_children = 1;
	child->child_ref = TEXT("A");
	SET(child, age_years, below(s, 18));
	SET(child, age_day, SUPPLY_TODAY - 10);
	SET(child, sex, (Common__Sex)(1 + below(s, 2)));
	child->needs = some_needs(s, 8, &child->n_needs);
	child->not_safe_with = some_with(s, 20, &child->n_not_safe_with);
	child->languages = some_languages(s, &child->n_languages);
	SET(child, ethnicity, (Common__Ethnicity)(1 + below(s, 5)));
	SET(child, religion, (Common__Religion)(1 + below(s, 8)));
	SET(asked, urgency, (Requests__Urgency)(percent(s, 30) ? 1 : 2));
	SET(asked, needed_by_day, SUPPLY_TODAY + (int32_t)below(s, 15));
	if (percent(s, 75))
		SET(asked, miles_max, 10 + below(s, 41));
	if (percent(s, 60))
		out->detail->school_sector = asked->home_sector;
	out->detail->avoid_sectors = some(s, sizeof *out->detail->avoid_sectors);
	out->detail->n_avoid_sectors = percent(s, 30);
	out->detail->avoid_sectors[0] = some_sector(s);
	return out;
}
