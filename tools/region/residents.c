#include "plan.h"

#include <assert.h>

#include "base/message.h"
#include "base/str.h"

#include "ages.h"
#include "chance.h"
#include "take.h"

/*
 * Where each home lies and who lives in it: ages and sexes from decks of the published
 * mix, so that they come out as published, and whose children they are.
 */

/* In-house carers who live in an adjoining council's area, kinship carers likewise, and
 * agencies' carers outside the ten: no figure is published, these are ours. */
#define IN_HOUSE_NEXT_DOOR_PER_MILLE 100
#define KINSHIP_NEXT_DOOR_PER_MILLE 180
#define AGENCY_OUTSIDE_PER_MILLE 130
/* Of agencies' children, those of councils outside the co-operative. */
#define PLACED_ELSEWHERE_PER_MILLE 60
#define PLACED_ELSEWHERE_OUTSIDE_PER_MILLE 400
#define FROM_DAYS_MAX 1500
#define AGE_COUNTED_DAYS_MAX 300

/* ---- where ---- */

static size_t
next_door(struct chance *c, const struct data *d, size_t council)
{
	const struct data_council *from = &d->councils[council];
	size_t near[64], n = 0;

	for (size_t i = 0; i < from->adjoining_n && n < 64; i++) {
		size_t at = data_area(d, from->adjoining[i]);
		if (at != SIZE_MAX)
			near[n++] = at;
	}
	return n > 0 ? near[chance_below(c, (uint32_t)n)] : council;
}

/* Of the members of this council's part of England, or of all where none is, one by
 * these weights; they are of councils, and those elsewhere are set to 0. */
static size_t
member_near(struct chance *c, const struct data *d, size_t council,
    uint32_t weights[DATA_COUNCILS_MAX])
{
	const char *region = d->councils[council].region;
	uint32_t near[DATA_COUNCILS_MAX], sum = 0;

	for (size_t i = 0; i < d->members_n; i++) {
		bool is_near = str_equal(d->councils[i].region, region);
		near[i] = is_near ? weights[i] : 0;
		sum += near[i];
	}
	return chance_weighted(c, sum > 0 ? near : weights, d->members_n);
}

static size_t
agency_area(
    struct chance *c, const struct plan *p, const struct plan_provider *provider)
{
	const struct data *d = p->data;
	uint32_t weights[DATA_COUNCILS_MAX];

	if (d->areas_n > d->members_n && chance_per_mille(c, AGENCY_OUTSIDE_PER_MILLE))
		return d->members_n +
		       chance_below(c, (uint32_t)(d->areas_n - d->members_n));
	for (size_t i = 0; i < d->members_n; i++)
		weights[i] = p->providers[i].weight;
	return member_near(c, d, provider->council, weights);
}

static bool
needs_exemption(const struct plan_home *home)
{
	return home->filled > 3 && !home->are_siblings;
}

static size_t
area_of(struct chance *c, const struct plan *p, const struct plan_home *home)
{
	const struct plan_provider *provider = &p->providers[home->provider];
	uint32_t away = home->is_kinship ? KINSHIP_NEXT_DOOR_PER_MILLE
	                                 : IN_HOUSE_NEXT_DOOR_PER_MILLE;

	/* The exemption is for the council of the area: for one of those with people.
	 */
	if (needs_exemption(home))
		return provider->is_agency
		           ? p->teams[chance_below(c, (uint32_t)p->data->members_n)]
		           : provider->council;
	if (provider->is_agency)
		return agency_area(c, p, provider);
	return chance_per_mille(c, away) ? next_door(c, p->data, provider->council)
	                                 : provider->council;
}

/* ---- who ---- */

/* One shuffled supply of children for the whole region. */
struct children {
	struct deck bands, sexes;
	struct chance chance;
};

static struct children
children_of(struct arena *a, const struct plan *p)
{
	struct children all = {.chance = chance_of(p->options.seed, "children", 0)};
	uint32_t bands[AGES_BANDS], sexes[2];
	size_t n = 0;

	for (size_t i = 0; i < p->homes_n; i++)
		n += p->homes[i].filled;
	ages_fostered(p->data, bands);
	sexes[0] = (uint32_t)data_members(p->data, "looked_after", "sex", "female");
	sexes[1] = (uint32_t)data_members(p->data, "looked_after", "sex", "male");
	all.bands = chance_deck(&all.chance, a, bands, AGES_BANDS, n);
	all.sexes = chance_deck(&all.chance, a, sexes, 2, n);
	return all;
}

static Foster__Occupant *
occupant(struct arena *a, const struct plan *p, struct chance *c)
{
	Foster__Occupant *o = TAKE_MESSAGE(a, foster__occupant);
	int32_t day = p->options.day;

	SET(o, age_day, day - (int32_t)chance_below(c, AGE_COUNTED_DAYS_MAX));
	SET(o, from_day, day - chance_between(c, 3, FROM_DAYS_MAX));
	return o;
}

static Foster__Occupant *
child(struct arena *a, const struct plan *p, struct children *all)
{
	Foster__Occupant *o = occupant(a, p, &all->chance);
	uint32_t years = ages_in_band(&all->chance, chance_deal(&all->bands));
	int32_t oldest = o->age_day - (int32_t)(years * 365);

	SET(o, kind, FOSTER__OCCUPANT_KIND__OCCUPANT_KIND_PLACED_OUTSIDE);
	SET(o, age_years, years);
	SET(o, sex,
	    chance_deal(&all->sexes) == 0 ? COMMON__SEX__SEX_FEMALE
					  : COMMON__SEX__SEX_MALE);
	if (o->from_day < oldest) /* nobody moves in before being born */
		SET(o, from_day, oldest);
	if (chance_per_mille(&all->chance, 300))
		SET(o, expected_end_day,
		    p->options.day + chance_between(&all->chance, 14, 400));
	return o;
}

static Foster__Occupant *
young_adult(struct arena *a, const struct plan *p, struct chance *c)
{
	Foster__Occupant *o = occupant(a, p, c);

	SET(o, kind, FOSTER__OCCUPANT_KIND__OCCUPANT_KIND_STAYING_PUT);
	SET(o, age_years, 18 + chance_below(c, 3));
	SET(o, sex,
	    chance_below(c, 2) == 0 ? COMMON__SEX__SEX_FEMALE : COMMON__SEX__SEX_MALE);
	SET(o, from_day, p->options.day - chance_between(c, 1000, 3000));
	return o;
}

static char *
new_id(struct arena *a, const struct plan *p, struct chance *c)
{
	return take_text(a, chance_id(c, p->options.time_ms).text);
}

static void
fill(
    struct arena *a, const struct plan *p, struct plan_home *home, struct children *all)
{
	struct chance *c = &all->chance;
	bool is_named = home->is_kinship || needs_exemption(home);
	char *group = home->are_siblings ? new_id(a, p, c) : NULL;

	home->occupants =
	    TAKE_LIST(a, home->filled + home->has_staying_put, Foster__Occupant *);
	for (uint32_t i = 0; i < home->filled; i++) {
		Foster__Occupant *o = child(a, p, all);
		o->sibling_group_id = group;
		if (is_named)
			o->child_id = new_id(a, p, c);
		home->occupants[home->occupants_n++] = o;
	}
	if (home->has_staying_put)
		home->occupants[home->occupants_n++] = young_adult(a, p, c);
}

static void
exempt(struct arena *a, const struct plan *p, struct plan_home *home, struct chance *c)
{
	Foster__GrantExemption *x = TAKE_MESSAGE(a, foster__grant_exemption);

	x->child_ids = TAKE_LIST(a, home->filled, char *);
	for (uint32_t i = 0; i < home->filled; i++)
		x->child_ids[x->n_child_ids++] = home->occupants[i]->child_id;
	SET(x, from_day, p->options.day - chance_between(c, 1, 300));
	home->exemption = x;
}

static void
withhold(
    struct arena *a, const struct plan *p, struct plan_home *home, struct chance *c)
{
	/* In the order of the enum, from carer's break on: for homes with children, and
	 * for homes away as a whole. No figure is published; these are ours. */
	static const uint32_t reasons[2][7] = {
	    {80, 480, 0, 60, 0, 200, 180}, {420, 0, 0, 210, 110, 60, 200}};
	bool is_empty = home->filled == 0;
	Foster__WithholdPlaces *w;

	if (home->not_available == home->has_staying_put)
		return;
	w = TAKE_MESSAGE(a, foster__withhold_places);
	SET(w, places, home->not_available - home->has_staying_put);
	SET(w, reason,
	    (Foster__WithheldReason)(FOSTER__WITHHELD_REASON__WITHHELD_REASON_CARER_BREAK +
				     (int)chance_weighted(c, reasons[is_empty], 7)));
	SET(w, from_day, p->options.day - chance_between(c, 0, 150));
	if (chance_per_mille(c, 500))
		SET(w, until_day, p->options.day + chance_between(c, 14, 200));
	home->withheld = w;
}

/* ---- whose children ---- */

/* Those who were placed together: all siblings of a home, or one child. */
static size_t
party_at(const struct plan_home *home, size_t i)
{
	return home->are_siblings ? home->filled - i : 1;
}

static void
place(struct arena *a, const struct plan *p, struct plan_home *home, size_t i,
    size_t council)
{
	for (size_t j = 0; j < party_at(home, i); j++)
		home->occupants[i + j]->placing_council_id =
		    take_text(a, p->data->councils[council].code);
}

static size_t
other_member(struct chance *c, const struct plan *p, size_t but)
{
	uint32_t weights[DATA_COUNCILS_MAX];

	for (size_t i = 0; i < p->data->members_n; i++)
		weights[i] = i == but ? 0
		                      : (uint32_t)data_figure(p->data, "looked_after",
					    p->data->councils[i].code, "age", "total");
	return member_near(c, p->data, but, weights);
}

/* By a council outside the co-operative: one known here, or, half of them, one that is
 * not. */
static bool
place_elsewhere(struct arena *a, const struct plan *p, struct plan_home *home, size_t i,
    struct chance *c)
{
	size_t members_n = p->data->members_n;
	uint32_t chance = home->council < members_n
	                      ? PLACED_ELSEWHERE_PER_MILLE
	                      : PLACED_ELSEWHERE_OUTSIDE_PER_MILLE;

	if (p->data->areas_n == members_n || !chance_per_mille(c, chance))
		return false;
	if (chance_per_mille(c, 500))
		place(a, p, home, i,
		    members_n +
			chance_below(c, (uint32_t)(p->data->areas_n - members_n)));
	return true;
}

/* The published share of members' children who live in their own council's area,
 * whatever their placement. */
static uint32_t
inside_per_mille(const struct data *d)
{
	static const char *const inside[] = {
	    "1_placed_inside_the_la_boundary_20_miles_or_less",
	    "3_placed_inside_the_la_boundary_more_than_20_mil",
	    "5_placed_inside_the_la_boundary_distance_not_kno", NULL};
	static const char *const outside[] = {
	    "2_placed_outside_the_la_boundary_20_miles_or_les",
	    "4_placed_outside_the_la_boundary_more_than_20_mi",
	    "6_placed_outside_the_la_boundary_distance_not_kn", NULL};
	int64_t in = data_items(d, "looked_after", "distance_locality", inside);
	int64_t out = data_items(d, "looked_after", "distance_locality", outside);

	return (uint32_t)(in * 1000 / (in + out));
}

/* The councils' own carers have their own council's children. How many more children
 * the agencies are to have inside their own councils' areas, so that the published
 * share of all the members' does. */
static size_t
place_in_house(struct arena *a, struct plan *p)
{
	size_t agency_children = 0, own = 0, inside = 0, quota;

	for (size_t h = 0; h < p->homes_n; h++) {
		struct plan_home *home = &p->homes[h];
		const struct plan_provider *provider = &p->providers[home->provider];
		if (provider->is_agency) {
			agency_children += home->filled;
			continue;
		}
		for (size_t i = 0; i < home->filled; i += party_at(home, i))
			place(a, p, home, i, provider->council);
		if (provider->council >= p->data->members_n)
			continue;
		own += home->filled;
		inside += home->council == provider->council ? home->filled : 0;
	}
	/* About one in ten of the agencies' children is somebody else's. */
	quota = (own + agency_children * 9 / 10) * inside_per_mille(p->data) / 1000;
	return quota > inside ? quota - inside : 0;
}

static void
place_with_agency(struct arena *a, const struct plan *p, struct plan_home *home,
    struct chance *c, size_t *inside_quota)
{
	for (size_t i = 0; i < home->filled; i += party_at(home, i)) {
		size_t n = party_at(home, i);
		if (place_elsewhere(a, p, home, i, c))
			continue;
		bool is_inside =
		    home->council < p->data->members_n && *inside_quota >= n;
		*inside_quota -= is_inside ? n : 0;
		place(a, p, home, i,
		    is_inside ? home->council : other_member(c, p, home->council));
	}
}

static void
place_all(struct arena *a, struct plan *p)
{
	struct chance c = chance_of(p->options.seed, "placing", 0);
	size_t inside_quota = place_in_house(a, p);
	uint32_t *order = TAKE_LIST(a, p->homes_n, uint32_t);

	for (size_t h = 0; h < p->homes_n; h++)
		order[h] = (uint32_t)h;
	chance_shuffle(&c, order, p->homes_n);
	for (size_t h = 0; h < p->homes_n; h++) {
		struct plan_home *home = &p->homes[order[h]];
		if (p->providers[home->provider].is_agency)
			place_with_agency(a, p, home, &c, &inside_quota);
	}
}

void
residents_make(struct arena *a, struct plan *p)
{
	struct children all = children_of(a, p);

	for (size_t i = 0; i < p->homes_n; i++) {
		struct plan_home *home = &p->homes[i];
		struct chance c = chance_of(p->options.seed, "home", i);

		home->row = TAKE_MESSAGE(a, foster__household);
		home->council = area_of(&c, p, home);
		const struct data_council *council = &p->data->councils[home->council];
		home->row->council_id = take_text(a, council->code);
		home->row->home_sector = plan_sector(a, p, home->council, &c);
		fill(a, p, home, &all);
		withhold(a, p, home, &c);
		if (needs_exemption(home))
			exempt(a, p, home, &c);
	}
	assert(all.bands.next == all.bands.n);
	place_all(a, p);
}
