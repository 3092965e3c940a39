#include "plan.h"

#include <assert.h>

#include "base/message.h"

#include "ages.h"
#include "chance.h"
#include "take.h"

/*
 * Who lives in each home: near in age, by exact decks for the whole region, and so that
 * nobody lives with somebody whom they may not. No figure is published of who is not
 * safe with whom, of risks and of over-18s; these are ours.
 */

#define FROM_DAYS_MAX 900
#define AGE_COUNTED_DAYS_MAX 300
/* How far ahead in the deck a child near in age to the first is looked for. */
#define LOOK_AHEAD 12
/* Of homes with one child and no bed free, those where the child must live alone. */
#define SOLO_PER_MILLE 300
#define NOT_SAFE_PER_MILLE 140
#define RISK_PER_MILLE 380
#define SIBLINGS_PER_MILLE 60
#define OVER_18_PER_MILLE 80

struct supply {
	struct chance chance;
	struct deck bands, sexes;
};

static struct supply
supply_of(struct arena *a, const struct plan *p, const char *purpose, size_t first,
    size_t homes_n, const uint32_t bands[AGES_BANDS])
{
	struct supply s = {.chance = chance_of(p->options.seed, purpose, 0)};
	uint32_t sexes[2];
	size_t n = 0;

	for (size_t i = first; i < first + homes_n; i++)
		n += p->residences[i].filled;
	sexes[0] = (uint32_t)data_members(p->data, "looked_after", "sex", "female");
	sexes[1] = (uint32_t)data_members(p->data, "looked_after", "sex", "male");
	s.bands = chance_deck(&s.chance, a, bands, AGES_BANDS, n);
	s.sexes = chance_deck(&s.chance, a, sexes, 2, n);
	return s;
}

/* A band within one of the first child's, if there is one a little further on. */
static uint32_t
deal_near(struct deck *d, uint32_t band)
{
	size_t end = d->next + LOOK_AHEAD < d->n ? d->next + LOOK_AHEAD : d->n;

	for (size_t i = d->next; i < end; i++) {
		uint32_t card = d->cards[i];
		if (card > band + 1 || card + 1 < band)
			continue;
		d->cards[i] = d->cards[d->next];
		d->cards[d->next] = card;
		break;
	}
	return chance_deal(d);
}

/* ---- one person ---- */

static void
give_risks(struct arena *a, Residential__Occupant *o, struct chance *c)
{
	static const Common__NeedKind kinds[] = {
	    COMMON__NEED_KIND__NEED_KIND_PHYSICAL_AGGRESSION,
	    COMMON__NEED_KIND__NEED_KIND_GOES_MISSING,
	    COMMON__NEED_KIND__NEED_KIND_CRIMINAL_EXPLOITATION,
	    COMMON__NEED_KIND__NEED_KIND_SEXUAL_EXPLOITATION,
	    COMMON__NEED_KIND__NEED_KIND_HARMFUL_SEXUAL_BEHAVIOUR,
	    COMMON__NEED_KIND__NEED_KIND_FIRE_SETTING,
	};
	static const uint32_t weights[] = {34, 24, 20, 10, 9, 3};

	if (o->age_years < 8 || !chance_per_mille(c, RISK_PER_MILLE))
		return;
	o->risks = TAKE_LIST(a, 2, Common__NeedKind);
	o->risks[o->n_risks++] = kinds[chance_weighted(c, weights, 6)];
	Common__NeedKind other = kinds[chance_weighted(c, weights, 6)];
	if (other != o->risks[0] && chance_per_mille(c, 300))
		o->risks[o->n_risks++] = other;
}

static Residential__Occupant *
person(struct arena *a, const struct plan *p, uint32_t years, bool is_girl,
    struct chance *c)
{
	Residential__Occupant *o = TAKE_MESSAGE(a, residential__occupant);
	int32_t day = p->options.day;
	bool is_adult = years >= 18;

	SET(o, kind,
	    is_adult ? RESIDENTIAL__OCCUPANT_KIND__OCCUPANT_KIND_OVER_18
		     : RESIDENTIAL__OCCUPANT_KIND__OCCUPANT_KIND_PLACED_OUTSIDE);
	SET(o, age_years, years);
	SET(o, age_day, day - (int32_t)chance_below(c, AGE_COUNTED_DAYS_MAX));
	SET(o, sex, is_girl ? COMMON__SEX__SEX_FEMALE : COMMON__SEX__SEX_MALE);
	SET(o, from_day, day - chance_between(c, 3, FROM_DAYS_MAX));
	/* Nobody moves in before being born. */
	if (o->from_day < o->age_day - (int32_t)years * 365)
		SET(o, from_day, o->age_day - (int32_t)years * 365);
	if (!is_adult && chance_per_mille(c, 350))
		SET(o, expected_end_day, day + chance_between(c, 14, 300));
	give_risks(a, o, c);
	return o;
}

/* ---- safe together ---- */

bool
mix_is_safe(const Residential__Occupant *o, Common__NotSafeWith who,
    const Residential__Occupant *other)
{
	if (o->sibling_group_id != NULL &&
	    o->sibling_group_id == other->sibling_group_id)
		return true;
	switch (who) {
	case COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_UNSPECIFIED:
	case COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_PETS: return true;
	case COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_ANY_CHILD: return false;
	case COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_YOUNGER_CHILDREN:
		return other->age_years >= o->age_years;
	case COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_OLDER_CHILDREN:
		return other->age_years <= o->age_years;
	case COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_GIRLS:
		return other->sex == COMMON__SEX__SEX_MALE;
	case COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_BOYS:
		return other->sex == COMMON__SEX__SEX_FEMALE;
	}
	return true;
}

static void
give_not_safe_with(
    struct arena *a, struct plan_residence *home, size_t i, Common__NotSafeWith who)
{
	Residential__Occupant *o = home->occupants[i];

	for (size_t j = 0; j < home->occupants_n; j++) {
		if (j != i && !mix_is_safe(o, who, home->occupants[j]))
			return;
	}
	o->not_safe_with = TAKE_LIST(a, 1, Common__NotSafeWith);
	o->not_safe_with[0] = who;
	o->n_not_safe_with = 1;
}

/* Where one lives alone with no bed free: perhaps because it has to be so. */
static bool
is_solo(const struct plan_residence *home, struct chance *c)
{
	return home->occupants_n == 1 && home->free == 0 && home->reserved_empty == 0 &&
	       !home->is_supported && chance_per_mille(c, SOLO_PER_MILLE);
}

static void
keep_apart(struct arena *a, struct plan_residence *home, struct chance *c)
{
	static const Common__NotSafeWith wishes[] = {
	    COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_YOUNGER_CHILDREN,
	    COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_OLDER_CHILDREN,
	    COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_GIRLS,
	    COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_BOYS,
	    COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_PETS,
	};
	static const uint32_t weights[] = {45, 15, 18, 12, 10};

	home->is_solo = is_solo(home, c);
	if (home->is_solo)
		give_not_safe_with(
		    a, home, 0, COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_ANY_CHILD);
	for (size_t i = 0; i < home->occupants_n && !home->is_solo; i++) {
		Common__NotSafeWith who = wishes[chance_weighted(c, weights, 5)];
		if (chance_per_mille(c, NOT_SAFE_PER_MILLE))
			give_not_safe_with(a, home, i, who);
	}
}

/* ---- one home ---- */

static void
fill(struct arena *a, const struct plan *p, struct plan_residence *home,
    struct supply *s)
{
	struct chance *c = &s->chance;
	uint32_t first = 0;

	home->occupants = TAKE_LIST(a, home->filled, Residential__Occupant *);
	for (uint32_t i = 0; i < home->filled; i++) {
		uint32_t band = i == 0 ? first = chance_deal(&s->bands)
		                       : deal_near(&s->bands, first);
		uint32_t years = ages_in_band(c, band);
		if (home->is_supported && i > 0 &&
		    chance_per_mille(c, OVER_18_PER_MILLE))
			years = 18 + chance_below(c, 3);
		home->occupants[home->occupants_n++] =
		    person(a, p, years, chance_deal(&s->sexes) == 0, c);
	}
	if (home->filled >= 2 && !home->is_supported &&
	    chance_per_mille(c, SIBLINGS_PER_MILLE)) {
		home->occupants[0]->sibling_group_id =
		    home->occupants[1]->sibling_group_id =
			take_text(a, chance_id(c, p->options.time_ms).text);
	}
	keep_apart(a, home, c);
}

void
mix_make(struct arena *a, struct plan *p)
{
	static const uint32_t grown[AGES_BANDS] = {0, 0, 0, 0, 1};
	struct supply s =
	    supply_of(a, p, "children in homes", 0, p->childrens_n, ages_in_homes);
	struct supply older = supply_of(
	    a, p, "supported", p->childrens_n, p->residences_n - p->childrens_n, grown);

	for (size_t i = 0; i < p->residences_n; i++) {
		struct plan_residence *home = &p->residences[i];
		fill(a, p, home, home->is_supported ? &older : &s);
	}
	assert(s.bands.next == s.bands.n && older.bands.next == older.bands.n);
}
