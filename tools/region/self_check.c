#include "self_check.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/day.h"
#include "base/geo.h"
#include "base/message.h"
#include "base/str.h"

#include "calibrate.h"
#include "examined.h"
#include "take.h"

/* At full size a figure may be off by this, in tenths of its unit; prices more. */
#define OFF_TENTHS_MAX 20
#define PRICE_PARTS 25
#define FULL_HOUSEHOLDS 1000
#define FULL_HOMES 100

void
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

void
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
	homes_are_as_their_contracts_say(x);
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

bool
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

static int
by_text(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

void
none_twice(struct examined *x, const char *what, const char **list, size_t n)
{
	qsort(list, n, sizeof *list, by_text);
	for (size_t i = 1; i < n; i++) {
		if (str_equal(list[i - 1], list[i]))
			wrong(x, "%s: two are called '%s'", what, list[i]);
	}
}

static void
nobody_is_there_twice(struct examined *x)
{
	const struct plan *p = &x->plan;
	size_t n = p->providers_n - p->teams_n;
	const char **carers = TAKE_LIST(x->arena, p->homes_n, const char *);
	const char **numbers = TAKE_LIST(x->arena, n + p->residences_n, const char *);
	const char **names = TAKE_LIST(x->arena, n, const char *);

	for (size_t i = 0; i < p->homes_n; i++)
		carers[i] = p->homes[i].row->carer_name;
	for (size_t i = 0; i < n; i++) {
		const Members__Provider *row = p->providers[p->teams_n + i].row;
		numbers[i] = row->urn;
		names[i] = row->name;
	}
	for (size_t i = 0; i < p->residences_n; i++)
		numbers[n + i] = p->residences[i].row->urn;
	n += p->residences_n;
	for (size_t i = 0; i < n; i++) {
		if (!str_starts(numbers[i], "SC9") || strlen(numbers[i]) != 8)
			wrong(x, "%s: a number that could be real", numbers[i]);
	}
	none_twice(x, "households", carers, p->homes_n);
	none_twice(x, "providers", names, n - p->residences_n);
	none_twice(x, "Ofsted numbers", numbers, n);
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

/* Small regions cannot come close; a full one has to: prices to one part in so many. */
static void
figures_are_near_the_published(struct examined *x)
{
	const struct plan_options *o = &x->plan.options;
	struct calibration t;

	if (o->households < FULL_HOUSEHOLDS || o->residences < FULL_HOMES)
		return;
	calibrate(x->arena, &x->plan, &t);
	for (size_t i = 0; i < t.n; i++) {
		const struct calibrate_row *r = &t.rows[i];
		int64_t off = r->invented - r->published;
		bool is_price = strstr(r->unit, "week") != NULL;
		int64_t most = is_price ? r->published / PRICE_PARTS : OFF_TENTHS_MAX;
		if (x->plan.needs_n < 40 && strstr(r->figure, "requests") != NULL)
			continue;
		if (off > most || off < -most)
			wrong(x, "%s is off by %" PRId64 " tenths", r->figure, off);
	}
}

static const struct {
	const char *claim;
	void (*examine)(struct examined *x);
} claims[] = {
    {"messages are as their contracts say", messages_are_as_their_contracts_say},
    {"places add up in every household", places_add_up},
    {"children fit their households", children_fit_their_homes},
    {"homes are as they may be registered", homes_are_as_they_may_be},
    {"beds add up in every home", beds_add_up},
    {"residents fit their homes and each other", residents_fit},
    {"reserved beds are their councils'", reserved_beds_are_their_councils},
    {"sectors exist where they are said to", sectors_exist_where_they_are_said_to},
    {"nobody is there twice", nobody_is_there_twice},
    {"adjoining is mutual", adjoining_is_mutual},
    {"the same seed makes the same region", it_comes_out_the_same_again},
    {"figures are near the published", figures_are_near_the_published},
};

size_t
self_check_plan(struct arena *a, const struct plan *p, char *first, size_t size)
{
	size_t failed = 0;

	for (size_t i = 0; i < sizeof claims / sizeof claims[0]; i++) {
		struct examined x = {.arena = a, .plan = *p};
		claims[i].examine(&x);
		if (x.wrong_n == 0 || failed++ > 0)
			continue;
		(void)snprintf(first, size, "%s: %s (%zu such)", claims[i].claim,
		    x.first, x.wrong_n);
	}
	return failed;
}

int
self_check(struct arena *a, const char *data)
{
	static const struct plan_options regions[] = {
	    {.seed = 1, .households = 2000, .residences = 220, .requests = 48},
	    {.seed = 7, .households = 2000, .residences = 220, .requests = 60},
	    {.seed = 2, .households = PLAN_HOUSEHOLDS_MIN},
	    {.seed = 3, .households = 300, .residences = 33, .requests = 30},
	    {.seed = 4, DATA_ENGLAND, .households = 900, .residences = 80},
	    {.seed = 1,
		DATA_ENGLAND,
		.households = 45000,
		.residences = 3946,
		.requests = 1000},
	};
	const size_t each = sizeof claims / sizeof claims[0];
	size_t passed = 0, all = 0;

	for (size_t i = 0; i < sizeof regions / sizeof regions[0]; i++) {
		size_t mark = a->used;
		struct plan_options o = regions[i];
		char first[320];
		struct data d;
		struct plan p;
		o.day = day_make(2026, 11, 21);
		o.time_ms = day_start_in_london(o.day);
		data_read(a, data, o.scope, &d);
		plan_make(a, &d, &o, &p);
		size_t failed = self_check_plan(a, &p, first, sizeof first);
		if (failed > 0)
			(void)printf("FAIL  seed %" PRIu64
				     ", %zu households, %zu homes: %s\n",
			    o.seed, o.households, o.residences, first);
		all += each;
		passed += each - failed;
		arena_release(a, mark);
	}
	(void)printf("%zu passed, %zu failed\n", passed, all - passed);
	return passed == all ? 0 : 1;
}
