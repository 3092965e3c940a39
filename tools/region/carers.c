#include "plan.h"

#include <assert.h>

#include "base/message.h"

#include "ages.h"
#include "carer_facts.h"
#include "chance.h"
#include "names.h"
#include "take.h"

/*
 * What each home is approved for, what its carers are like, what it costs, and, once
 * all that is known, what is free in it.
 */

#define POUND 100ll
#define USUAL_LIMIT 3u
#define OWN_BEDROOM_YEARS 3u
#define APPROVED_DAYS_MAX 5500

/* ---- terms of approval ---- */

struct ages {
	uint32_t least, most;
};

static struct ages
ages_of(const struct plan_home *home)
{
	struct ages ages = {17, 0};

	for (uint32_t i = 0; i < home->filled; i++) {
		uint32_t years = home->occupants[i]->age_years;
		ages.least = years < ages.least ? years : ages.least;
		ages.most = years > ages.most ? years : ages.most;
	}
	return ages;
}

/* One of the usual ranges that takes in everybody who lives there. */
static struct ages
approved_ages(struct chance *c, const struct plan_home *home)
{
	static const struct ages ranges[] = {
	    {0, 17}, {0, 10}, {0, 4}, {5, 12}, {5, 17}, {8, 17}, {11, 17}};
	static const uint32_t weights[] = {38, 14, 7, 11, 12, 10, 8};
	struct ages there = ages_of(home);

	for (int tries = 0; tries < 12; tries++) {
		struct ages range = ranges[chance_weighted(c, weights, 7)];
		if (home->filled == 0 ||
		    (range.least <= there.least && there.most <= range.most))
			return range;
	}
	return ranges[0];
}

static void
approve_sexes(struct chance *c, const struct plan_home *home, Foster__Approval *terms)
{
	uint32_t girls = 0, draw = chance_below(c, 1000);

	for (uint32_t i = 0; i < home->filled; i++)
		girls += home->occupants[i]->sex == COMMON__SEX__SEX_FEMALE;
	SET(terms, takes_girls, !(draw < 40 && girls == 0));
	SET(terms, takes_boys, !(draw >= 960 && girls == home->filled));
}

/* Kinds without a long-term child, for homes where nobody lives now. */
static Foster__ApprovalKind
kind_of(struct chance *c, const struct plan_home *home)
{
	if (home->is_kinship)
		return FOSTER__APPROVAL_KIND__APPROVAL_KIND_FAMILY_AND_FRIENDS;
	if (home->filled == 0 && home->places == 2 && chance_per_mille(c, 100))
		return FOSTER__APPROVAL_KIND__APPROVAL_KIND_PARENT_AND_CHILD;
	if (home->filled == 0 && home->places == 1 && chance_per_mille(c, 120))
		return FOSTER__APPROVAL_KIND__APPROVAL_KIND_SHORT_BREAK;
	return FOSTER__APPROVAL_KIND__APPROVAL_KIND_MAINSTREAM;
}

static Foster__Approval *
approval_of(struct arena *a, const struct plan *p, const struct plan_home *home,
    struct chance *c)
{
	Foster__Approval *terms = TAKE_MESSAGE(a, foster__approval);
	struct ages ages = approved_ages(c, home);

	SET(terms, kind, kind_of(c, home));
	SET(terms, children_max, home->places);
	SET(terms, age_min_years, ages.least);
	SET(terms, age_max_years, ages.most);
	SET(terms, approved_day,
	    p->options.day - chance_between(c, 60, APPROVED_DAYS_MAX));
	approve_sexes(c, home, terms);
	if (!home->is_kinship)
		return terms;
	terms->named_child_ids = TAKE_LIST(a, home->filled, char *);
	for (uint32_t i = 0; i < home->filled; i++)
		terms->named_child_ids[terms->n_named_child_ids++] =
		    home->occupants[i]->child_id;
	return terms;
}

/* ---- bedrooms and what is free ---- */

static bool
needs_room(const Foster__Occupant *o)
{
	return o->age_years >= OWN_BEDROOM_YEARS;
}

/* Two or more brothers and sisters who are old enough to need a bedroom? */
static bool
has_pair(const struct plan_home *home)
{
	uint32_t n = 0;

	for (uint32_t i = 0; home->are_siblings && i < home->filled; i++)
		n += needs_room(home->occupants[i]);
	return n >= 2;
}

static void
give_bedrooms(struct chance *c, struct plan_home *home)
{
	bool may_share = has_pair(home) ? chance_per_mille(c, 350)
	                                : home->filled == 0 && home->places > 1 &&
	                                      chance_per_mille(c, 60);

	SET(home->row, bedrooms, home->places - may_share);
	SET(home->row, siblings_may_share, may_share);
}

static uint32_t
left(uint32_t all, uint32_t taken)
{
	return all > taken ? all - taken : 0;
}

static uint32_t
least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/*
 * What rcc-foster is to derive for this home, worked out a second time and apart from
 * it: the load compares the two sums at its end.
 */
static void
work_out_free(struct plan_home *home)
{
	uint32_t withheld = home->not_available - home->has_staying_put;
	uint32_t present = (uint32_t)home->occupants_n, rooms = 0;
	uint32_t most = home->exemption != NULL ? home->filled : USUAL_LIMIT;

	if (home->is_kinship)
		return;
	for (size_t i = 0; i < home->occupants_n; i++)
		rooms += needs_room(home->occupants[i]);
	bool is_shared = home->row->siblings_may_share && has_pair(home);
	uint32_t approved = left(home->places, present + withheld);
	uint32_t limit = left(most, home->filled + withheld);
	uint32_t free_rooms = left(home->row->bedrooms, rooms - is_shared + withheld);
	uint32_t beds = free_rooms;
	if (free_rooms > 0 && home->row->siblings_may_share && !is_shared)
		beds++;
	home->free = least(approved, least(limit, free_rooms));
	home->free_for_siblings =
	    least(least(approved, beds), home->filled == 0 ? UINT32_MAX : limit);
}

static void
open_vacancy(
    struct arena *a, const struct plan *p, struct plan_home *home, struct chance *c)
{
	if (home->free == 0 && home->free_for_siblings == 0)
		return;
	home->vacancy = TAKE_MESSAGE(a, foster__open_vacancy);
	if (chance_per_mille(c, 150))
		SET(home->vacancy, available_from_day,
		    p->options.day + chance_between(c, 1, 14));
}

/* ---- what it costs ---- */

/* Of agencies' prices, pounds a week at these shares of them, per mille; between them
 * on a straight line: 550 to 1,400 and about 950 on average, with a long upper end. */
static const struct {
	uint32_t per_mille, pounds;
} agency_prices[] = {{0, 550}, {100, 710}, {250, 810}, {500, 930}, {750, 1070},
    {900, 1240}, {970, 1340}, {1000, 1400}};

static int64_t
agency_price(uint32_t ten_thousandths)
{
	size_t i = 1;

	while (ten_thousandths > agency_prices[i].per_mille * 10)
		i++;
	uint32_t from = agency_prices[i - 1].per_mille * 10;
	uint32_t width = agency_prices[i].per_mille * 10 - from;
	uint32_t rise = agency_prices[i].pounds - agency_prices[i - 1].pounds;
	return (agency_prices[i - 1].pounds +
		   (int64_t)rise * (ten_thousandths - from) / width) *
	       POUND;
}

/* A council's own: 450 to 650 full cost, the middle more often; kinship 250 to 350. */
static int64_t
price(struct chance *c, bool is_kinship)
{
	if (is_kinship)
		return chance_between(c, 250, 350) * POUND;
	return (450 + chance_between(c, 0, 100) + chance_between(c, 0, 100)) * POUND;
}

static void
price_homes(struct arena *a, struct plan *p)
{
	struct chance c = chance_of(p->options.seed, "prices", 0);
	uint32_t *ranks = TAKE_LIST(a, p->mainstream_n, uint32_t);
	uint32_t agency_n = 0;

	for (size_t i = 0; i < p->mainstream_n; i++) {
		if (p->providers[p->homes[i].provider].is_agency) {
			ranks[agency_n] = agency_n;
			agency_n++;
		}
	}
	assert(agency_n > 0 && "the public data has agencies");
	chance_shuffle(&c, ranks, agency_n);
	for (size_t i = 0; i < p->homes_n; i++) {
		const struct plan_home *home = &p->homes[i];
		bool is_agency = p->providers[home->provider].is_agency;
		int64_t pence = is_agency
		                    ? agency_price((*ranks * 10000 + 5000) / agency_n)
		                    : price(&c, home->is_kinship);
		ranks += is_agency;
		if (home->row->approval->kind ==
		    FOSTER__APPROVAL_KIND__APPROVAL_KIND_PARENT_AND_CHILD)
			pence = chance_between(&c, 1500, 2000) * POUND;
		SET(home->row, fee_pence_week, pence);
	}
}

void
carers_make(struct arena *a, struct plan *p)
{
	struct names names = names_of(a, p->options.seed);

	for (size_t i = 0; i < p->homes_n; i++) {
		struct plan_home *home = &p->homes[i];
		struct chance c = chance_of(p->options.seed, "carer", i);
		bool is_agency = p->providers[home->provider].is_agency;

		home->row->carer_name = names_person(&names, a);
		home->row->approval = approval_of(a, p, home, &c);
		give_bedrooms(&c, home);
		carer_facts(a, p, home, is_agency, &c);
		work_out_free(home);
		open_vacancy(a, p, home, &c);
	}
	price_homes(a, p);
}
