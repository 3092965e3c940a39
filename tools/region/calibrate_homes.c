#include "calibrate.h"

#include <stdlib.h>
#include <string.h>

#include "base/geo.h"
#include "base/str.h"

#include "ages.h"
#include "take.h"

#define TENTHS 10
#define LARGEST_OWNERS 20
#define FAR_TENTHS 200 /* of a mile */

#define OFSTED_HOMES "Ofsted, March 2025"
#define DFE_2025 "DfE, looked after 2025"

/* ---- what the plan holds ---- */

struct count {
	int64_t homes, private, good, inspected;
	int64_t places, staffed, filled, shut;
	int64_t boys, bands[AGES_BANDS], adults;
	int64_t of_members, outside, measured, far;
	int64_t *fees, fee_sum;
};

/* Is the home further from the middle of the child's council than this? */
static bool
is_far(const struct plan *p, const struct plan_residence *home, size_t council)
{
	const struct geo_point *at = geo_sector(home->row->home_sector);

	return at != NULL &&
	       geo_between(at, &p->data->councils[council].middle).miles_tenths >
	           FAR_TENTHS;
}

static void
count_resident(const struct plan *p, const struct plan_residence *home,
    const Residential__Occupant *o, struct count *n)
{
	size_t council = o->placing_council_id != NULL
	                     ? data_area(p->data, o->placing_council_id)
	                     : SIZE_MAX;

	n->boys += o->sex == COMMON__SEX__SEX_MALE;
	if (o->age_years >= 18) {
		n->adults++;
		return;
	}
	n->bands[ages_band(o->age_years)]++;
	if (council >= p->data->members_n)
		return;
	n->of_members++;
	n->outside += council != home->council;
	n->far += is_far(p, home, council);
}

static int
by_pence(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static struct count
count_homes(struct arena *a, const struct plan *p, bool is_supported)
{
	struct count n = {.fees = TAKE_LIST(a, p->residences_n, int64_t)};

	for (size_t i = 0; i < p->residences_n; i++) {
		const struct plan_residence *home = &p->residences[i];
		Members__Grade grade = home->row->grade;
		if (home->is_supported != is_supported)
			continue;
		n.fees[n.homes++] = home->row->fee_pence_week;
		n.fee_sum += home->row->fee_pence_week;
		n.private += home->sector == 'P';
		n.inspected += grade != MEMBERS__GRADE__GRADE_UNSPECIFIED;
		n.good += grade == MEMBERS__GRADE__GRADE_OUTSTANDING ||
		          grade == MEMBERS__GRADE__GRADE_GOOD;
		n.places += home->places;
		n.staffed += home->places - home->unstaffed;
		n.filled += home->filled;
		n.shut += home->shut;
		for (size_t j = 0; j < home->occupants_n; j++)
			count_resident(p, home, home->occupants[j], &n);
	}
	qsort(n.fees, (size_t)n.homes, sizeof *n.fees, by_pence);
	return n;
}

/* Of homes, those of the largest owners. */
static int64_t
homes_of_largest(struct arena *a, const struct plan *p)
{
	int64_t *homes = TAKE_LIST(a, p->providers_n, int64_t), sum = 0;

	for (size_t i = 0; i < p->childrens_n; i++) {
		uint32_t owner = p->providers[p->residences[i].provider].owner;
		size_t j = p->teams_n + p->agencies_n;
		while (p->providers[j].owner != owner)
			j++;
		homes[j] -= 1; /* the most come first when sorted */
	}
	qsort(homes, p->providers_n, sizeof *homes, by_pence);
	for (size_t i = 0; i < LARGEST_OWNERS && i < p->providers_n; i++)
		sum -= homes[i];
	return sum;
}

/* ---- beside the published ---- */

/* The homes of England as they are now, or of these areas as they were profiled. */
struct profile {
	int64_t homes, places, private;
	const char *source;
};

static struct profile
profile_of(const struct plan *p)
{
	struct profile n = {.source = "Ofsted, March 2023, these areas"};

	if (p->data->scope == DATA_ENGLAND)
		return (struct profile){3946, 14259, 3946 * 84 / 100, OFSTED_HOMES};
	for (size_t i = 0; i < p->data->provided_n; i++) {
		const struct data_provided *row = &p->data->provided[i];
		int64_t weight =
		    row->council < p->data->members_n ? PLAN_ADJOINING_SHARE : 1;
		if (!row->is_home)
			continue;
		n.homes += weight;
		n.places += row->places * weight;
		n.private += row->sector == 'P' ? weight : 0;
	}
	return n;
}

static void
calibrate_beds(
    struct arena *a, const struct plan *p, const struct count *n, struct calibration *t)
{
	static const char *const sources[] = {"homes_l", "homes_p", "homes_v"};
	static const char *const ratings[] = {
	    "Good", "Outstanding", "Requires improvement to be good", "Inadequate"};
	int64_t good = 0, inspected = 0;

	for (size_t i = 0; i < 3; i++) {
		for (size_t j = 0; j < 4; j++) {
			int64_t rated = data_figure(p->data, sources[i],
			    DATA_ENGLAND_CODE, "rating", ratings[j]);
			inspected += rated;
			good += j < 2 ? rated : 0;
		}
	}
	struct profile there = profile_of(p);
	calibrate_add(t, "places to a children's home", "",
	    calibrate_ratio(there.places, there.homes, 1),
	    calibrate_ratio(n->places, n->homes, 1), there.source);
	calibrate_add(t, "private, of children's homes", "%",
	    calibrate_share(there.private, there.homes),
	    calibrate_share(n->private, n->homes), there.source);
	calibrate_add(t, "good or outstanding, of homes inspected", "%",
	    calibrate_share(good, inspected), calibrate_share(n->good, n->inspected),
	    "Ofsted, March 2023");
	calibrate_add(t, "staffed beds of homes filled", "%", 820,
	    calibrate_share(n->filled, n->staffed), "80 to 85, members' survey 2020");
	calibrate_add(t, "registered places of homes filled", "%",
	    calibrate_share(9480, 14259), calibrate_share(n->filled, n->places),
	    DFE_2025 " and " OFSTED_HOMES);
	if (p->data->scope == DATA_ENGLAND)
		calibrate_add(t, "homes of the 20 largest owners", "%", 250,
		    calibrate_share(homes_of_largest(a, p), n->homes), OFSTED_HOMES);
}

static void
calibrate_fees(
    const struct count *n, const struct count *supported, struct calibration *t)
{
	static const char unit[] = "£ a week";

	calibrate_add(t, "price of a children's home, median", unit, 56000,
	    n->fees[n->homes / 2] / TENTHS, "lognormal, see README");
	calibrate_add(t, "price of a children's home, one in 20 above", unit, 110000,
	    n->fees[n->homes * 95 / 100] / TENTHS, "lognormal, see README");
	calibrate_add(t, "price of a children's home, mean", unit, 61060,
	    n->fee_sum / n->homes / TENTHS, "NAO, 2023-24");
	if (supported->homes > 0)
		calibrate_add(t, "price of supported accommodation, median", unit,
		    11500, supported->fees[supported->homes / 2] / TENTHS,
		    "ours, no figure");
}

static void
calibrate_residents(
    struct arena *a, const struct plan *p, const struct count *n, struct calibration *t)
{
	int64_t all = 0;

	for (size_t i = 0; i < AGES_BANDS; i++)
		all += n->bands[i];
	for (size_t i = 1; i < AGES_BANDS; i++)
		calibrate_add(t,
		    take_format(a, "children in homes aged %s", ages_words[i]), "%",
		    ages_in_homes[i], calibrate_share(n->bands[i], all),
		    "ours, no figure");
	calibrate_add(t, "children in homes, boys", "%",
	    calibrate_share(data_members(p->data, "looked_after", "sex", "male"),
		data_members(p->data, "looked_after", "sex", "total")),
	    calibrate_share(n->boys, n->filled), DFE_2025 ", all care");
	calibrate_add(t, "members' children in homes outside their area", "%", 670,
	    calibrate_share(n->outside, n->of_members), "NAO, March 2024");
	if (p->data->scope == DATA_ENGLAND)
		calibrate_add(t, "children in homes over 20 miles away", "%", 490,
		    calibrate_share(n->far, n->of_members), "NAO, March 2024");
}

/* Of all children in one of the three kinds of placement. */
static void
calibrate_kinds(const struct plan *p, const struct count *n,
    const struct count *supported, struct calibration *t)
{
	static const struct {
		const char *figure, *counted, *item, *source;
	} kinds[] = {
	    {"fostered, of the three kinds", "children fostered", "foster_placements",
		"DfE, looked after 2023"},
	    {"in children's homes, of the three kinds", "children in children's homes",
		"secure_homes_and_childrens_homes", DFE_2025},
	    {"in supported accommodation, of the three kinds",
		"children in supported accommodation",
		"independent_and_semi_independent_living_arrangem", DFE_2025},
	};
	int64_t children[3] = {0, n->filled, supported->filled - supported->adults};
	int64_t published[3], all = 0, all_published = 0;

	for (size_t i = 0; i < p->homes_n; i++)
		children[0] += p->homes[i].filled;
	for (size_t i = 0; i < 3; i++) {
		published[i] =
		    data_members(p->data, "looked_after", "placement", kinds[i].item);
		all += children[i];
		all_published += published[i];
	}
	for (size_t i = 0; i < 3; i++)
		calibrate_add(t, kinds[i].figure, "%",
		    calibrate_share(published[i], all_published),
		    calibrate_share(children[i], all), DFE_2025);
	if (p->options.households != plan_full_households(p->data))
		return;
	/* England's households lie between those of 2021 and of 2024, and so do the
	 * children in them: 57,020 in 2023. */
	published[0] = p->data->scope == DATA_ENGLAND ? 57020 : published[0];
	for (size_t i = 0; i < 3; i++)
		calibrate_add(t, kinds[i].counted, "thousand",
		    calibrate_ratio(published[i], 1000, 1),
		    calibrate_ratio(children[i], 1000, 1), kinds[i].source);
}

void
calibrate_homes(struct arena *a, const struct plan *p, struct calibration *t)
{
	struct count n = count_homes(a, p, false), supported = count_homes(a, p, true);

	if (n.homes == 0)
		return;
	calibrate_beds(a, p, &n, t);
	calibrate_fees(&n, &supported, t);
	calibrate_residents(a, p, &n, t);
	if (supported.homes > 0)
		calibrate_add(t, "beds of supported accommodation filled", "%", 870,
		    calibrate_share(supported.filled, supported.staffed),
		    "ours, no figure");
	calibrate_kinds(p, &n, &supported, t);
}
