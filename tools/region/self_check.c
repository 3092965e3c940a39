#include "self_check.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/check.h"
#include "base/day.h"
#include "base/geo.h"
#include "base/message.h"
#include "base/str.h"

#include "calibrate.h"
#include "take.h"

/* At full size a figure may be off by this, in tenths of its unit; prices more. */
#define OFF_TENTHS_MAX 20
#define PRICE_OFF_TENTHS_MAX 300

/* One region and what was found wrong with it. */
struct examined {
	struct arena *arena;
	struct plan plan;
	size_t wrong_n;
	char first[240];
};

__attribute__((format(printf, 2, 3))) static void
wrong(struct examined *x, const char *format, ...)
{
	va_list list;

	if (x->wrong_n++ > 0)
		return;
	va_start(list, format);
	(void)vsnprintf(x->first, sizeof x->first, format, list);
	va_end(list);
}

/* ---- the claims ---- */

static void
contract(struct examined *x, const ProtobufCMessage *m)
{
	size_t mark = x->arena->used;
	struct check_problem why;
	struct bytes packed;

	if (m == NULL)
		return;
	if (message_pack(x->arena, m, &packed) != ERR_NONE)
		wrong(x, "%s does not pack", m->descriptor->name);
	else if (!check_message(m, packed, &why))
		wrong(x, "%s: %s %s", m->descriptor->name, why.field, why.reason);
	arena_release(x->arena, mark);
}

static void
messages_are_as_their_contracts_say(struct examined *x)
{
	const struct plan *p = &x->plan;

	for (size_t i = 0; i < p->data->councils_n; i++)
		contract(x, &plan_council(x->arena, p, i)->base);
	for (size_t i = 0; i < p->providers_n; i++)
		contract(x, &p->providers[i].row->base);
	for (size_t i = 0; i < p->homes_n; i++) {
		const struct plan_home *home = &p->homes[i];
		contract(x, &home->row->base);
		for (size_t j = 0; j < home->occupants_n; j++)
			contract(x, &home->occupants[j]->base);
		contract(x, home->withheld != NULL ? &home->withheld->base : NULL);
		contract(x, home->exemption != NULL ? &home->exemption->base : NULL);
		contract(x, home->vacancy != NULL ? &home->vacancy->base : NULL);
	}
	for (size_t i = 0; i < p->needs_n; i++)
		contract(x, &p->needs[i].row->base);
}

static void
places_add_up(struct examined *x)
{
	for (size_t i = 0; i < x->plan.homes_n; i++) {
		const struct plan_home *home = &x->plan.homes[i];
		uint32_t withheld = home->withheld != NULL ? home->withheld->places : 0;
		if (home->filled + home->vacant + home->not_available != home->places)
			wrong(x, "home %zu: its places do not add up", i);
		if (withheld + home->has_staying_put != home->not_available)
			wrong(x, "home %zu: places not available have no reason", i);
		if (home->occupants_n != home->filled + home->has_staying_put)
			wrong(x, "home %zu: filled places are empty", i);
		if (home->free > home->vacant || home->free_for_siblings > home->vacant)
			wrong(x, "home %zu: more is free than vacant", i);
		if (home->is_kinship && home->vacancy != NULL)
			wrong(x, "home %zu: kinship, and open to others", i);
	}
}

static void
children_fit_their_homes(struct examined *x)
{
	for (size_t i = 0; i < x->plan.homes_n; i++) {
		const struct plan_home *home = &x->plan.homes[i];
		const Foster__Approval *terms = home->row->approval;
		if (home->filled > 3 && !home->are_siblings && home->exemption == NULL)
			wrong(x, "home %zu: over the usual limit", i);
		for (uint32_t j = 0; j < home->filled; j++) {
			const Foster__Occupant *o = home->occupants[j];
			bool is_girl = o->sex == COMMON__SEX__SEX_FEMALE;
			if (o->age_years < terms->age_min_years ||
			    o->age_years > terms->age_max_years)
				wrong(x, "home %zu: a child outside its ages", i);
			if (is_girl ? !terms->takes_girls : !terms->takes_boys)
				wrong(x, "home %zu: a child of a sex not approved", i);
			if (o->from_day > x->plan.options.day ||
			    o->from_day <
				o->age_day - (int32_t)(o->age_years + 1) * 366)
				wrong(x, "home %zu: a child there before birth", i);
		}
	}
}

static bool
lies_in(const struct plan *p, const char *sector, size_t council)
{
	const struct data_council *c = &p->data->councils[council];

	for (size_t i = 0; i < c->sectors_n; i++) {
		if (str_equal(c->sectors[i].sector, sector))
			return geo_sector(sector) != NULL;
	}
	return false;
}

static void
sectors_exist_where_they_are_said_to(struct examined *x)
{
	const struct plan *p = &x->plan;

	for (size_t i = 0; i < p->homes_n; i++) {
		if (!lies_in(p, p->homes[i].row->home_sector, p->homes[i].council))
			wrong(x, "home %zu: its sector is elsewhere", i);
	}
	for (size_t i = 0; i < p->needs_n; i++) {
		if (!lies_in(p, p->needs[i].row->home_sector, p->needs[i].council))
			wrong(x, "request %zu: its sector is elsewhere", i);
	}
}

static void
nobody_is_there_twice(struct examined *x)
{
	const struct plan *p = &x->plan;

	for (size_t i = 0; i < p->homes_n; i++) {
		for (size_t j = 0; j < i; j++) {
			if (str_equal(p->homes[i].row->carer_name,
				p->homes[j].row->carer_name))
				wrong(x, "homes %zu and %zu have one name", i, j);
		}
	}
	for (size_t i = 0; i < p->providers_n; i++) {
		const Members__Provider *row = p->providers[i].row;
		if (!p->providers[i].is_agency)
			continue;
		if (!str_starts(row->urn, "SC9") || strlen(row->urn) != 8)
			wrong(x, "agency %zu: a number that could be real", i);
		for (size_t j = p->teams_n; j < i; j++) {
			if (str_equal(row->urn, p->providers[j].row->urn) ||
			    str_equal(row->name, p->providers[j].row->name))
				wrong(x, "agencies %zu and %zu are alike", i, j);
		}
	}
}

static void
adjoining_is_mutual(struct examined *x)
{
	const struct data *d = x->plan.data;

	for (size_t i = 0; i < d->councils_n; i++) {
		for (size_t j = 0; j < d->councils_n; j++) {
			const struct data_council *a = &d->councils[i],
						  *b = &d->councils[j];
			bool ab = false, ba = false;
			for (size_t k = 0; k < a->adjoining_n; k++)
				ab = ab || str_equal(a->adjoining[k], b->code);
			for (size_t k = 0; k < b->adjoining_n; k++)
				ba = ba || str_equal(b->adjoining[k], a->code);
			if (ab != ba)
				wrong(x, "%s adjoins %s, and not the other way round",
				    a->name, b->name);
		}
	}
}

static void
it_comes_out_the_same_again(struct examined *x)
{
	char once[PLAN_DIGEST_LEN + 1], again[PLAN_DIGEST_LEN + 1];
	char other[PLAN_DIGEST_LEN + 1];
	struct plan_options o = x->plan.options;
	struct plan p;

	plan_digest(x->arena, &x->plan, once);
	plan_make(x->arena, x->plan.data, &o, &p);
	plan_digest(x->arena, &p, again);
	if (!str_equal(once, again))
		wrong(x, "the same seed made two regions");
	o.seed += 1000;
	plan_make(x->arena, x->plan.data, &o, &p);
	plan_digest(x->arena, &p, other);
	if (str_equal(once, other))
		wrong(x, "two seeds made one region");
}

/* Small regions cannot come close; a full one has to. */
static void
figures_are_near_the_published(struct examined *x)
{
	struct calibration t;

	if (x->plan.options.households < 1000)
		return;
	calibrate(x->arena, &x->plan, &t);
	for (size_t i = 0; i < t.n; i++) {
		const struct calibrate_row *r = &t.rows[i];
		int64_t off = r->invented - r->published;
		int64_t most =
		    strstr(r->unit, "week") != NULL ? PRICE_OFF_TENTHS_MAX
		    : x->plan.needs_n < 40 && strstr(r->figure, "requests") != NULL
			? INT64_MAX
			: OFF_TENTHS_MAX;
		if (off > most || off < -most)
			wrong(x, "%s is off by %" PRId64 " tenths", r->figure, off);
	}
}

static const struct {
	const char *claim;
	void (*examine)(struct examined *x);
} claims[] = {
    {"messages are as their contracts say", messages_are_as_their_contracts_say},
    {"places add up in every home", places_add_up},
    {"children fit their homes", children_fit_their_homes},
    {"sectors exist where they are said to", sectors_exist_where_they_are_said_to},
    {"nobody is there twice", nobody_is_there_twice},
    {"adjoining is mutual", adjoining_is_mutual},
    {"the same seed makes the same region", it_comes_out_the_same_again},
    {"figures are near the published", figures_are_near_the_published},
};

int
self_check(struct arena *a, const char *data)
{
	static const struct plan_options regions[] = {
	    {.seed = 1, .households = 2000, .requests = 48},
	    {.seed = 7, .households = 2000, .requests = 60},
	    {.seed = 2, .households = PLAN_HOUSEHOLDS_MIN, .requests = 0},
	    {.seed = 3, .households = 300, .requests = 30},
	};
	size_t passed = 0, failed = 0;

	for (size_t i = 0; i < sizeof regions / sizeof regions[0]; i++) {
		size_t mark = a->used;
		struct examined x = {.arena = a};
		struct plan_options o = regions[i];
		struct data d;
		data_read(a, data, o.scope, &d);
		o.day = day_make(2026, 11, 21);
		o.time_ms = day_start_in_london(o.day);
		plan_make(a, &d, &o, &x.plan);
		for (size_t j = 0; j < sizeof claims / sizeof claims[0]; j++) {
			x.wrong_n = 0;
			claims[j].examine(&x);
			*(x.wrong_n == 0 ? &passed : &failed) += 1;
			if (x.wrong_n > 0)
				(void)printf("FAIL  seed %" PRIu64
					     ", %zu households: %s: "
					     "%s (%zu such)\n",
				    o.seed, o.households, claims[j].claim, x.first,
				    x.wrong_n);
		}
		arena_release(a, mark);
	}
	(void)printf("%zu passed, %zu failed\n", passed, failed);
	return failed == 0 ? 0 : 1;
}
