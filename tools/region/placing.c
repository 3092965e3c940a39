#include "plan.h"

#include <assert.h>

#include "base/geo.h"
#include "base/message.h"
#include "base/str.h"

#include "chance.h"
#include "take.h"

/*
 * Whose children live in homes: each council has its published share of them, a third
 * lives inside its own area (NAO, March 2024: 67% do not), and the others live where
 * there are homes, the nearer the likelier. Then the beds kept for councils.
 */

#define INSIDE_PER_CENT 33
#define SUPPORTED_INSIDE_PER_CENT 75
/* In a region: residents of councils that have not joined; half of them are not known
 * here. Ours: the North West has 26% of homes and 18% of children. */
#define ELSEWHERE_PER_CENT 25
/* Of so many children still without a home, the one of the nearest council comes. */
#define NEAREST_OF 350
#define BLOCK_PER_MILLE 80
#define RESERVED_COUNCILS_MAX 3

static const char *const items[] = {"secure_homes_and_childrens_homes",
    "independent_and_semi_independent_living_arrangem"};

/* Everybody in homes of one kind who is placed, and the councils still to be dealt. */
struct placing {
	struct plan *p;
	struct chance chance;
	bool is_supported;
	struct deck left;
	uint32_t inside[DATA_COUNCILS_MAX]; /* still to live in their own area */
};

static size_t
count_elsewhere(const struct placing *x, size_t n)
{
	bool is_region = x->p->data->areas_n > x->p->data->members_n;

	return is_region ? n * ELSEWHERE_PER_CENT / 100 : 0;
}

static bool
is_child(const Residential__Occupant *o)
{
	return o->kind == RESIDENTIAL__OCCUPANT_KIND__OCCUPANT_KIND_PLACED_OUTSIDE;
}

/* The first home, and one beyond the last, of the kind. */
static size_t
first_of(const struct placing *x)
{
	return x->is_supported ? x->p->childrens_n : 0;
}

static size_t
end_of(const struct placing *x)
{
	return x->is_supported ? x->p->residences_n : x->p->childrens_n;
}

/* Cards of members by their published numbers, those placed inside taken out; then
 * cards of councils elsewhere, those unknown here as SIZE of all. */
static void
deal_councils(struct arena *a, struct placing *x, size_t n)
{
	const struct data *d = x->p->data;
	uint32_t weights[DATA_COUNCILS_MAX], share[DATA_COUNCILS_MAX];
	uint32_t beds[DATA_COUNCILS_MAX] = {0};
	size_t elsewhere = count_elsewhere(x, n);
	uint32_t per_cent =
	    x->is_supported ? SUPPORTED_INSIDE_PER_CENT : INSIDE_PER_CENT;

	for (size_t i = first_of(x); i < end_of(x); i++)
		beds[x->p->residences[i].council] += x->p->residences[i].filled;
	for (size_t i = 0; i < d->members_n; i++)
		weights[i] =
		    1 + (uint32_t)data_figure(d, "looked_after", d->councils[i].code,
			    "placement", items[x->is_supported]);
	chance_share(weights, d->members_n, n - elsewhere, share);
	x->left = (struct deck){.cards = TAKE_LIST(a, n, uint32_t)};
	for (size_t i = 0; i < d->members_n; i++) {
		uint32_t inside = (share[i] * per_cent + 50) / 100;
		x->inside[i] = inside < beds[i] ? inside : beds[i];
		for (uint32_t j = x->inside[i]; j < share[i]; j++)
			x->left.cards[x->left.n++] = (uint32_t)i;
	}
	for (size_t i = 0; i < elsewhere; i++)
		x->left.cards[x->left.n++] =
		    i % 2 == 0 ? (uint32_t)d->councils_n
			       : (uint32_t)d->members_n +
				     chance_below(&x->chance,
					 (uint32_t)(d->areas_n - d->members_n));
	chance_shuffle(&x->chance, x->left.cards, x->left.n);
}

static uint32_t
distance(const struct data *d, size_t area, uint32_t card)
{
	if (card == d->councils_n) /* unknown here: as likely as any */
		return 300;
	return geo_between(&d->councils[area].middle, &d->councils[card].middle)
	    .miles_tenths;
}

/* Of the next few of the deck the one from nearest by, but not from here. */
static uint32_t
deal_nearest(struct placing *x, size_t area)
{
	struct deck *left = &x->left;
	size_t best = left->next;
	uint32_t least = UINT32_MAX;

	assert(left->next < left->n);
	for (size_t i = left->next; i < left->n && i < left->next + NEAREST_OF; i++) {
		uint32_t miles = left->cards[i] == area
		                     ? UINT32_MAX
		                     : distance(x->p->data, area, left->cards[i]);
		best = miles < least ? i : best;
		least = miles < least ? miles : least;
	}
	uint32_t card = left->cards[best];
	left->cards[best] = left->cards[left->next];
	left->cards[left->next++] = card;
	return card;
}

static void
place_home(struct arena *a, struct placing *x, struct plan_residence *home)
{
	const struct data *d = x->p->data;

	for (size_t i = 0; i < home->occupants_n; i++) {
		Residential__Occupant *o = home->occupants[i];
		size_t area = home->council;
		if (!is_child(o))
			continue;
		bool is_inside = x->left.next == x->left.n ||
		                 (area < d->members_n && x->inside[area] > 0);
		uint32_t card = is_inside ? (uint32_t)area : deal_nearest(x, area);
		if (is_inside && area < d->members_n && x->inside[area] > 0)
			x->inside[area]--;
		/* A sibling comes with the first. */
		if (i == 1 && o->sibling_group_id != NULL)
			o->placing_council_id = home->occupants[0]->placing_council_id;
		else if (card < d->councils_n)
			o->placing_council_id = take_text(a, d->councils[card].code);
	}
}

static void
place_kind(struct arena *a, struct plan *p, bool is_supported)
{
	struct placing x = {
	    .p = p,
	    .chance = chance_of(p->options.seed, "whose", is_supported),
	    .is_supported = is_supported,
	};
	size_t n = 0, homes_n = end_of(&x) - first_of(&x);
	uint32_t *order = TAKE_LIST(a, homes_n, uint32_t);

	for (size_t i = first_of(&x); i < end_of(&x); i++) {
		for (size_t j = 0; j < p->residences[i].occupants_n; j++)
			n += is_child(p->residences[i].occupants[j]);
		order[i - first_of(&x)] = (uint32_t)i;
	}
	deal_councils(a, &x, n);
	chance_shuffle(&x.chance, order, homes_n);
	for (size_t i = 0; i < homes_n; i++)
		place_home(a, &x, &p->residences[order[i]]);
}

/* ---- beds kept for councils ---- */

/* Those whose children live in reserved beds come first. */
static void
put_first(struct plan_residence *home, uint32_t most)
{
	for (size_t i = 0; i < home->occupants_n && most > 0; i++) {
		Residential__Occupant *o = home->occupants[i];
		if (o->placing_council_id == NULL)
			continue;
		home->occupants[i] = home->occupants[home->occupants_in_reserved_n];
		home->occupants[home->occupants_in_reserved_n++] = o;
		most--;
	}
}

static void
add_council(Residential__ReserveBed *row, char *id)
{
	for (size_t i = 0; i < row->n_council_ids; i++) {
		if (str_equal(row->council_ids[i], id))
			return;
	}
	if (row->n_council_ids < RESERVED_COUNCILS_MAX)
		row->council_ids[row->n_council_ids++] = id;
}

/* The occupant's council first, then the area's, or a member's, then neighbours. */
static Residential__ReserveBed *
reserve(struct arena *a, const struct plan *p, const struct plan_residence *home,
    size_t number, struct chance *c)
{
	const struct data *d = p->data;
	const struct data_council *area = &d->councils[home->council];
	Residential__ReserveBed *row = TAKE_MESSAGE(a, residential__reserve_bed);
	size_t council = home->council < d->members_n
	                     ? home->council
	                     : chance_below(c, (uint32_t)d->members_n);

	SET(row, bed_number, (uint32_t)number + 1);
	SET(row, from_day, p->options.day);
	if (chance_per_mille(c, 600))
		SET(row, until_day, p->options.day + chance_between(c, 60, 700));
	row->council_ids = TAKE_LIST(a, RESERVED_COUNCILS_MAX, char *);
	if (number < home->occupants_in_reserved_n)
		add_council(row, home->occupants[number]->placing_council_id);
	add_council(row, take_text(a, d->councils[council].code));
	for (size_t i = 0; i < area->adjoining_n && chance_per_mille(c, 400); i++) {
		if (data_area(d, area->adjoining[i]) < d->members_n)
			add_council(row, take_text(a, area->adjoining[i]));
	}
	return row;
}

static void
reserve_all(struct arena *a, struct plan *p)
{
	struct chance c = chance_of(p->options.seed, "reserved", 0);

	for (size_t i = 0; i < p->residences_n; i++) {
		struct plan_residence *home = &p->residences[i];
		/* No bed of a home that may take nobody can be kept for anybody. */
		bool is_shut = home->is_solo || home->row->restriction != 0;
		bool is_block = home->reserved_empty > 0 ||
		                (home->sector != 'L' && !is_shut &&
				    chance_per_mille(&c, BLOCK_PER_MILLE));
		if (is_block)
			put_first(home, 1 + chance_below(&c, 3));
		size_t n = home->reserved_empty + home->occupants_in_reserved_n;
		home->reserved = TAKE_LIST(a, n, Residential__ReserveBed *);
		for (; home->reserved_n < n; home->reserved_n++)
			home->reserved[home->reserved_n] =
			    reserve(a, p, home, home->reserved_n, &c);
	}
}

void
placing_make(struct arena *a, struct plan *p)
{
	place_kind(a, p, false);
	place_kind(a, p, true);
	reserve_all(a, p);
}
