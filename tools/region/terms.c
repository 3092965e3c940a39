#include "plan.h"

#include <assert.h>
#include <stdlib.h>

#include "base/message.h"

#include "ages.h"
#include "chance.h"
#include "names.h"
#include "take.h"

/*
 * What each home is registered for, what it says it can do and on what that rests, what
 * it costs, which beds are closed and which are open to referral.
 */

#define COUNT(list) (sizeof(list) / sizeof(list)[0])
#define POUND 100ll
#define STATEMENT_DAYS_MAX 900

/* ---- ages and sexes ---- */

struct range {
	uint32_t least, most;
};

/* The usual ranges of registration, the commoner first: ours. */
static const struct range ranges[] = {{10, 17}, {8, 17}, {11, 17}, {7, 17}, {5, 17},
    {12, 17}, {7, 12}, {5, 12}, {0, 17}, {15, 17}};
static const uint32_t range_weights[] = {24, 22, 13, 10, 7, 7, 6, 4, 3, 4};

static struct range
ages_of(const struct plan_residence *home)
{
	struct range ages = {17, 0};

	for (size_t i = 0; i < home->occupants_n; i++) {
		uint32_t years = home->occupants[i]->age_years;
		ages.least = years < ages.least ? years : ages.least;
		ages.most = years > ages.most ? years : ages.most;
	}
	return ages;
}

static void
register_ages(struct chance *c, const struct plan_residence *home)
{
	struct range there = ages_of(home), said = {0, 17};

	if (home->is_supported)
		said = (struct range){16, 17};
	for (int tries = 0; tries < 40 && !home->is_supported; tries++) {
		struct range r =
		    ranges[chance_weighted(c, range_weights, COUNT(ranges))];
		if (home->occupants_n > 0 &&
		    (r.least > there.least || there.most > r.most))
			continue;
		said = r;
		break;
	}
	SET(home->row, age_min_years, said.least);
	SET(home->row, age_max_years, said.most);
}

static void
register_sexes(struct chance *c, const struct plan_residence *home)
{
	uint32_t girls = 0, draw = chance_below(c, 1000);

	for (size_t i = 0; i < home->occupants_n; i++)
		girls += home->occupants[i]->sex == COMMON__SEX__SEX_FEMALE;
	SET(home->row, takes_girls, !(draw < 160 && girls == 0));
	SET(home->row, takes_boys, !(draw >= 840 && girls == home->occupants_n));
}

/* ---- what it can do ---- */

/* A claim costs nothing: nearly every home claims nearly every need in its statement of
 * purpose; fewer have staff trained, fewer still an inspector's word. Per mille, ours.
 */
#define CLAIMED_PER_MILLE 850
static const struct {
	Residential__Evidence evidence;
	uint32_t per_mille;
} evidences[] = {
    {RESIDENTIAL__EVIDENCE__EVIDENCE_INSPECTION_REPORT, 90},
    {RESIDENTIAL__EVIDENCE__EVIDENCE_CHILDREN_CARED_FOR, 240},
    {RESIDENTIAL__EVIDENCE__EVIDENCE_STAFF_TRAINED, 330},
    {RESIDENTIAL__EVIDENCE__EVIDENCE_STATEMENT_OF_PURPOSE, 1000},
};

static void
give_capabilities(
    struct arena *a, Residential__Home *row, int32_t day, struct chance *c)
{
	static const uint32_t levels[] = {20, 45, 35};
	const int last = COMMON__NEED_KIND__NEED_KIND_UNACCOMPANIED_ASYLUM_SEEKING;

	row->capabilities = TAKE_LIST(a, (size_t)last, Residential__Capability *);
	for (int kind = 1; kind <= last; kind++) {
		size_t i = 0;
		if (!chance_per_mille(c, CLAIMED_PER_MILLE))
			continue;
		while (!chance_per_mille(c, evidences[i].per_mille))
			i++;
		Residential__Capability *can = TAKE_MESSAGE(a, residential__capability);
		can->need = TAKE_MESSAGE(a, common__need);
		SET(can->need, kind, (Common__NeedKind)kind);
		SET(can->need, level,
		    (Common__Level)(COMMON__LEVEL__LEVEL_LOW +
				    (int)chance_weighted(c, levels, COUNT(levels))));
		SET(can, evidence, evidences[i].evidence);
		SET(can, evidence_day, day - chance_between(c, 10, 900));
		row->capabilities[row->n_capabilities++] = can;
	}
}

static bool
has_child_not_safe_with_pets(const struct plan_residence *home)
{
	for (size_t i = 0; i < home->occupants_n; i++) {
		const Residential__Occupant *o = home->occupants[i];
		if (o->n_not_safe_with > 0 &&
		    o->not_safe_with[0] == COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_PETS)
			return true;
	}
	return false;
}

static void
give_ways(struct arena *a, const struct plan_residence *home, struct chance *c)
{
	static const char *const others[] = {"ur", "pl", "ar", "so", "ro", "pa", "ti"};
	Residential__Home *row = home->row;

	SET(row, takes_emergencies, chance_per_mille(c, 300));
	SET(row, has_pets,
	    chance_per_mille(c, 160) && !has_child_not_safe_with_pets(home));
	if (chance_per_mille(c, 60)) {
		row->will_not_take_with = TAKE_LIST(a, 1, Common__NotSafeWith);
		row->will_not_take_with[row->n_will_not_take_with++] =
		    COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_YOUNGER_CHILDREN;
	}
	row->languages = TAKE_LIST(a, 2, char *);
	row->languages[row->n_languages++] = take_text(a, "en");
	if (chance_per_mille(c, 180))
		row->languages[row->n_languages++] =
		    take_text(a, others[chance_below(c, COUNT(others))]);
}

static void
give_contract(const struct plan_residence *home, struct chance *c)
{
	bool is_framework = chance_per_mille(c, 480);

	SET(home->row, contract,
	    home->sector == 'L' ? RESIDENTIAL__CONTRACT_BASIS__CONTRACT_BASIS_IN_HOUSE
	    : home->reserved_n > 0 ? RESIDENTIAL__CONTRACT_BASIS__CONTRACT_BASIS_BLOCK
	    : is_framework ? RESIDENTIAL__CONTRACT_BASIS__CONTRACT_BASIS_FRAMEWORK
			   : RESIDENTIAL__CONTRACT_BASIS__CONTRACT_BASIS_SPOT);
}

/* ---- beds closed, beds open ---- */

static Residential__ClosedReason
reason_of(const struct plan_residence *home, struct chance *c)
{
	static const uint32_t weights[] = {0, 48, 12, 24, 0, 16};

	if (home->is_solo)
		return RESIDENTIAL__CLOSED_REASON__CLOSED_REASON_NEEDS_OF_CHILD_IN_PLACEMENT;
	if (home->row->restriction != 0)
		return RESIDENTIAL__CLOSED_REASON__CLOSED_REASON_RESTRICTION;
	return (Residential__ClosedReason)chance_weighted(c, weights, COUNT(weights));
}

static void
close_beds(struct arena *a, const struct plan *p, struct plan_residence *home,
    struct chance *c)
{
	if (home->shut == 0)
		return;
	home->closed = TAKE_MESSAGE(a, residential__close_beds);
	SET(home->closed, beds, home->shut);
	SET(home->closed, reason, reason_of(home, c));
	SET(home->closed, from_day, p->options.day - chance_between(c, 0, 120));
	if (chance_per_mille(c, 400))
		SET(home->closed, until_day,
		    p->options.day + chance_between(c, 14, 150));
}

/* Open to the bands of those who live there, and to others that it is registered for
 * more often than not; at least to one. */
static void
open_vacancies(struct arena *a, const struct plan *p, struct plan_residence *home,
    struct chance *c)
{
	uint32_t first = ages_band(home->row->age_min_years);
	uint32_t last = ages_band(home->row->age_max_years);
	struct range there = ages_of(home);

	if (home->free + home->reserved_empty == 0)
		return;
	home->vacancies = TAKE_LIST(a, AGES_BANDS, Residential__OpenVacancy *);
	for (uint32_t band = last + 1; band-- > first;) {
		bool is_theirs = home->occupants_n > 0 &&
		                 band >= ages_band(there.least) &&
		                 band <= ages_band(there.most);
		bool is_drawn = chance_per_mille(c, 600);
		if (!is_theirs && !is_drawn && (band > first || home->vacancies_n > 0))
			continue;
		Residential__OpenVacancy *v =
		    TAKE_MESSAGE(a, residential__open_vacancy);
		SET(v, age_band,
		    (Common__AgeBand)(COMMON__AGE_BAND__AGE_BAND_UNDER_1 + (int)band));
		if (chance_per_mille(c, 150))
			SET(v, available_from_day,
			    p->options.day + chance_between(c, 1, 14));
		home->vacancies[home->vacancies_n++] = v;
	}
}

/* ---- what it costs ---- */

/* Pounds a week below which so many in ten thousand lie; between them on a straight
 * line. Children's homes: lognormal, median 5,600, one in twenty above 11,000. */
struct price {
	uint32_t of_ten_thousand, pounds;
};
static const struct price home_prices[] = {{0, 1800}, {100, 2155}, {500, 2851},
    {1000, 3310}, {2500, 4246}, {4000, 5047}, {5000, 5600}, {6000, 6214}, {7500, 7386},
    {9000, 9476}, {9500, 11000}, {9900, 14548}, {9980, 18250}, {10000, 24000}};
static const struct price supported_prices[] = {
    {0, 500}, {1000, 680}, {5000, 1150}, {9000, 1900}, {10000, 2500}};

static int64_t
price_at(const struct price *prices, uint32_t ten_thousandths)
{
	size_t i = 1;

	while (ten_thousandths > prices[i].of_ten_thousand)
		i++;
	const struct price *from = &prices[i - 1], *to = &prices[i];
	return (from->pounds + (int64_t)(to->pounds - from->pounds) *
				   (ten_thousandths - from->of_ten_thousand) /
				   (to->of_ten_thousand - from->of_ten_thousand)) *
	       POUND;
}

/* Where a home stands among all: by chance, then smaller ones and those where a child
 * must be alone dearer, councils' own a little cheaper. */
struct rank {
	int64_t score;
	size_t home;
};

static int64_t
dearness(const struct plan_residence *home)
{
	int64_t per_mille = home->places == 1 ? 350 : home->places == 2 ? 120 : 0;

	per_mille += home->is_solo ? 250 : 0;
	per_mille += home->sector == 'L' ? -80 : home->sector == 'V' ? 60 : 0;
	return per_mille - (home->places > 5 ? 120 : 0);
}

static int
by_score(const void *a, const void *b)
{
	const struct rank *x = a, *y = b;

	if (x->score != y->score)
		return x->score < y->score ? -1 : 1;
	return x->home < y->home ? -1 : x->home > y->home;
}

static void
price_homes(
    struct arena *a, struct plan *p, size_t first, size_t n, const struct price *prices)
{
	struct chance c = chance_of(p->options.seed, "homes' prices", first);
	uint32_t *order = TAKE_LIST(a, n, uint32_t);
	struct rank *ranks = TAKE_LIST(a, n, struct rank);

	for (size_t i = 0; i < n; i++)
		order[i] = (uint32_t)i;
	chance_shuffle(&c, order, n);
	for (size_t i = 0; i < n; i++) {
		int64_t shift = dearness(&p->residences[first + i]) * (int64_t)n;
		ranks[i] = (struct rank){(int64_t)order[i] * 1000 + shift, first + i};
	}
	qsort(ranks, n, sizeof *ranks, by_score);
	for (size_t i = 0; i < n; i++) {
		uint32_t at = (uint32_t)((i * 10000 + 5000) / n);
		SET(p->residences[ranks[i].home].row, fee_pence_week,
		    price_at(prices, at));
	}
}

/* ---- all of it ---- */

static void
describe(struct arena *a, const struct plan *p, struct plan_residence *home,
    struct names *names, struct chance *c)
{
	Residential__Home *row = home->row;
	int32_t day = p->options.day;

	row->home_name = names_house(names, a);
	SET(row, care_type,
	    home->is_supported ? COMMON__CARE_TYPE__CARE_TYPE_SUPPORTED_ACCOMMODATION
			       : COMMON__CARE_TYPE__CARE_TYPE_CHILDRENS_HOME);
	SET(row, statement_version, 1 + chance_below(c, 9));
	SET(row, statement_day, day - chance_between(c, 5, STATEMENT_DAYS_MAX));
	row->home_sector = plan_sector(a, p, home->council, c);
	register_ages(c, home);
	register_sexes(c, home);
	give_capabilities(a, row, day, c);
	give_ways(a, home, c);
	give_contract(home, c);
}

void
terms_make(struct arena *a, struct plan *p)
{
	struct names names = names_of(a, p->options.seed + 3);

	for (size_t i = 0; i < p->residences_n; i++) {
		struct plan_residence *home = &p->residences[i];
		struct chance c = chance_of(p->options.seed, "house", i);
		describe(a, p, home, &names, &c);
		close_beds(a, p, home, &c);
		open_vacancies(a, p, home, &c);
	}
	price_homes(a, p, 0, p->childrens_n, home_prices);
	price_homes(
	    a, p, p->childrens_n, p->residences_n - p->childrens_n, supported_prices);
}
