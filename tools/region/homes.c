#include "plan.h"

#include <assert.h>

#include "chance.h"
#include "take.h"

/*
 * How many homes of which size each provider has, and how their places stand: the
 * quotas come first, so that the shares are met exactly, and the homes are dealt from
 * them. Who lives in them is residents.c, what the carers are like carers.c.
 */

/* Kinship households are 21% of all (Ofsted 2024). */
#define KINSHIP_PER_CENT 21
/* In-house to agencies among filled places, 53 to 47, at 60% and 62% filled. */
#define IN_HOUSE_PARTS ((size_t)53 * 62)
#define AGENCY_PARTS ((size_t)47 * 60)
/* Of mainstream homes, approved for one, two, three, four: 2.09 on average, which is
 * 70,465 mainstream places in 79 in a hundred of 42,615 households (Ofsted 2024). */
static const uint32_t sizes[] = {255, 425, 295, 25};
#define SIZES (sizeof sizes / sizeof sizes[0])
/* Of kinship homes, children living there: 1.28 on average, which makes the published
 * share of children in kinship among all in foster care (15 to 56). */
static const uint32_t kinship_sizes[] = {78, 17, 4, 1};

enum place { FILLED, VACANT, NOT_AVAILABLE, PLACES };
static const uint32_t in_house_places[PLACES] = {60, 16, 24};
static const uint32_t agency_places[PLACES] = {62, 16, 22};

/* Of homes of several places, per mille, those that are empty or away as a whole. */
#define AWAY_PER_MILLE 70
#define EMPTY_PER_MILLE 40

size_t
homes_staying_put(size_t places)
{
	/* 1,695 young people (2017-18) to 70,465 mainstream places (2024). */
	return (places * 1695 + 70465 / 2) / 70465;
}

/* ---- whose ---- */

static void
share_homes(struct plan *p, size_t *next, size_t first, size_t n, size_t homes)
{
	uint32_t weights[CHANCE_KINDS_MAX] = {0}, share[CHANCE_KINDS_MAX];

	assert(n <= CHANCE_KINDS_MAX);
	for (size_t i = 0; i < n; i++)
		weights[i] = p->providers[first + i].weight;
	chance_share(weights, n, homes, share);
	for (size_t i = 0; i < n; i++) {
		for (uint32_t j = 0; j < share[i]; j++)
			p->homes[(*next)++].provider = first + i;
	}
}

static void
deal_sizes(struct arena *a, struct plan *p)
{
	struct chance c = chance_of(p->options.seed, "sizes", 0);
	struct deck deck = chance_deck(&c, a, sizes, SIZES, p->mainstream_n);
	struct deck kinship =
	    chance_deck(&c, a, kinship_sizes, SIZES, p->homes_n - p->mainstream_n);

	for (size_t i = 0; i < p->homes_n; i++) {
		struct plan_home *home = &p->homes[i];
		home->is_kinship = i >= p->mainstream_n;
		home->places = 1 + chance_deal(home->is_kinship ? &kinship : &deck);
		if (home->is_kinship)
			home->filled = home->places;
	}
}

/* ---- how their places stand ---- */

static void
put(struct plan_home *home, uint32_t *quota, enum place place, uint32_t n)
{
	assert(quota[place] >= n);
	quota[place] -= n;
	switch (place) {
	case FILLED: home->filled += n; break;
	case VACANT: home->vacant += n; break;
	case NOT_AVAILABLE: home->not_available += n; break;
	case PLACES: assert(0 && "counts the others"); break;
	}
}

/* Homes for more than three are siblings' homes, or have an exemption: full, or, three
 * in ten, waiting for a group of brothers and sisters. */
static bool
deal_large_home(struct chance *c, struct plan_home *home, uint32_t *quota)
{
	enum place place = chance_per_mille(c, 300) ? VACANT : FILLED;

	if (quota[place] < home->places)
		return false;
	put(home, quota, place, home->places);
	home->are_siblings = place == FILLED && chance_per_mille(c, 700);
	return true;
}

static bool
deal_whole(struct chance *c, struct plan_home *home, uint32_t *quota)
{
	uint32_t draw = chance_below(c, 1000);
	enum place place = draw < AWAY_PER_MILLE ? NOT_AVAILABLE : VACANT;

	if (draw >= AWAY_PER_MILLE + EMPTY_PER_MILLE || quota[place] < home->places)
		return false;
	put(home, quota, place, home->places);
	return true;
}

/* What remains of a quota always adds up to the places that remain to be dealt. */
static void
deal_places(struct plan *p, size_t first, size_t n, const uint32_t *shares)
{
	struct chance c = chance_of(p->options.seed, "places", first);
	uint32_t quota[PLACES];
	size_t places = 0;

	for (size_t i = 0; i < n; i++)
		places += p->homes[first + i].places;
	chance_share(shares, PLACES, places, quota);
	for (size_t i = 0; i < n; i++) {
		struct plan_home *home = &p->homes[first + i];
		if (home->places > 3 && deal_large_home(&c, home, quota))
			continue;
		if (deal_whole(&c, home, quota))
			continue;
		for (uint32_t j = 0; j < home->places; j++)
			put(home, quota, (enum place)chance_weighted(&c, quota, PLACES),
			    1);
	}
}

/* One young adult a home, where a place is not available. */
static void
deal_staying_put(struct arena *a, struct plan *p)
{
	struct chance c = chance_of(p->options.seed, "staying put", 0);
	uint32_t *list = TAKE_LIST(a, p->mainstream_n, uint32_t);
	size_t n = 0, places = 0;

	for (size_t i = 0; i < p->mainstream_n; i++) {
		places += p->homes[i].places;
		if (p->homes[i].not_available > 0 && p->homes[i].filled > 0)
			list[n++] = (uint32_t)i;
	}
	chance_shuffle(&c, list, n);
	for (size_t i = 0; i < homes_staying_put(places) && i < n; i++)
		p->homes[list[i]].has_staying_put = true;
}

/* Are the children of a home with several of them brothers and sisters? Homes of four
 * have said so already. No figure is published; six in ten is ours. */
static void
deal_siblings(struct plan *p)
{
	struct chance c = chance_of(p->options.seed, "siblings", 0);

	for (size_t i = 0; i < p->homes_n; i++) {
		struct plan_home *home = &p->homes[i];
		bool is_drawn = chance_per_mille(&c, 600);
		if (home->filled < 2 || home->are_siblings)
			continue;
		if (home->is_kinship || (home->filled <= 3 && is_drawn))
			home->are_siblings = true;
	}
}

void
homes_make(struct arena *a, struct plan *p)
{
	size_t all = p->options.households, next = 0;

	p->homes_n = all;
	p->homes = TAKE_LIST(a, all, struct plan_home);
	p->mainstream_n = all - all * KINSHIP_PER_CENT / 100;
	size_t in_house =
	    p->mainstream_n * IN_HOUSE_PARTS / (IN_HOUSE_PARTS + AGENCY_PARTS);
	share_homes(p, &next, 0, p->teams_n, in_house);
	share_homes(p, &next, p->teams_n, p->agencies_n, p->mainstream_n - in_house);
	/* Kinship carers are approved by the members' own teams. */
	share_homes(p, &next, 0, p->data->members_n, all - p->mainstream_n);
	assert(next == all);
	deal_sizes(a, p);
	deal_places(p, 0, in_house, in_house_places);
	deal_places(p, in_house, p->mainstream_n - in_house, agency_places);
	deal_staying_put(a, p);
	deal_siblings(p);
}
