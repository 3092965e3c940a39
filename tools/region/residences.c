#include "plan.h"

#include <assert.h>

#include "base/message.h"
#include "base/str.h"

#include "chance.h"
#include "names.h"
#include "take.h"

/*
 * Which children's homes there are, whose and where: the published profile of 2023,
 * grown to the number asked for. Supported accommodation was not registered then, and
 * is made from the number of children who live in it. Grades are dealt apart from the
 * rows, so that no invented home has the profile of a real one.
 */

/* Homes opened since the profile, by places, per mille: 2.8 each, for new ones are
 * smaller (Ofsted 2025: about three places). */
static const uint32_t new_sizes[] = {140, 290, 335, 165, 50, 20};
/* Settings of supported accommodation by beds, per mille; ours, none is published. */
static const uint32_t setting_sizes[] = {180, 140, 140, 160, 100, 100, 0, 100, 0, 80};
#define COUNT(list) (sizeof(list) / sizeof(list)[0])
/* Children to a hundred beds: 87% of the staffed are filled, some by over-18s. */
#define SUPPORTED_CHILDREN_PER_CENT 79
#define SETTINGS_TO_A_PROVIDER 5
#define OWNERS_MAX 1000u /* in one part of England */
#define COUNCILS_OWN_PER_MILLE 50
/* Owners that the profile does not number: supported accommodation's, councils. */
#define OWNER_SUPPORTED 100000u
#define OWNER_COUNCIL 900000u
/* SC9 and five digits: agencies have the lowest, then owners, then homes. */
#define URN_OWNERS 13000u
#define URN_OWNERS_STEP 3u
#define URN_HOMES 20000u
#define URN_HOMES_STEP 8u
#define URN_END 100000u
/* Of inadequate homes, those that may take no child; and, of all, those suspended. */
#define RESTRICTED_PER_MILLE 350
#define SUSPENDED_PER_TEN_THOUSAND 8

static const char *const grade_items[] = {
    "Outstanding", "Good", "Requires improvement to be good", "Inadequate", "None"};
#define GRADES COUNT(grade_items)

/* ---- whose ---- */

static Members__Sector
sector_of(char letter)
{
	if (letter == 'L')
		return MEMBERS__SECTOR__SECTOR_LOCAL_AUTHORITY;
	return letter == 'V' ? MEMBERS__SECTOR__SECTOR_VOLUNTARY
	                     : MEMBERS__SECTOR__SECTOR_PRIVATE;
}

static char *
owner_name(const struct plan *p, uint32_t owner)
{
	for (size_t i = p->teams_n + p->agencies_n; i < p->providers_n; i++) {
		if (p->providers[i].owner == owner)
			return p->providers[i].row->owner_name;
	}
	return NULL;
}

static void
name_provider(struct arena *a, const struct plan *p, struct names *names,
    struct plan_provider *provider, char sector)
{
	Members__Provider *row = provider->row;
	bool is_supported =
	    row->kind == MEMBERS__PROVIDER_KIND__PROVIDER_KIND_SUPPORTED_ACCOMMODATION;
	const char *what =
	    is_supported ? "Supported Accommodation" : "Children's Homes";

	if (sector == 'L') {
		const struct data_council *c = &p->data->councils[provider->council];
		row->name = take_format(a, "%s %s (invented region)", c->name,
		    is_supported ? "supported accommodation" : "children's homes");
		row->council_id = take_text(a, c->code);
		return;
	}
	row->name = names_firm(names, a, what);
	row->owner_name = owner_name(p, provider->owner);
	if (row->owner_name == NULL)
		row->owner_name = names_firm(names, a, "Group");
}

/* An owner's provider in the council's part of England: large owners have several. */
static size_t
provider_of(struct arena *a, struct plan *p, struct names *names,
    const struct plan_residence *home, uint32_t owner)
{
	const struct data_council *councils = p->data->councils;
	Members__ProviderKind kind =
	    home->is_supported
		? MEMBERS__PROVIDER_KIND__PROVIDER_KIND_SUPPORTED_ACCOMMODATION
		: MEMBERS__PROVIDER_KIND__PROVIDER_KIND_CHILDRENS_HOMES;
	size_t first = p->teams_n + p->agencies_n;

	for (size_t i = first; i < p->providers_n; i++) {
		const struct plan_provider *provider = &p->providers[i];
		if (provider->owner == owner && provider->row->kind == kind &&
		    str_equal(councils[provider->council].region,
			councils[home->council].region))
			return i;
	}
	if (p->providers_n == PLAN_PROVIDERS_MAX)
		fail("a region of this size would have too many providers");
	struct plan_provider fresh = {.council = home->council, .owner = owner};
	uint32_t urn =
	    URN_OWNERS + (uint32_t)(p->providers_n - first) * URN_OWNERS_STEP;
	if (urn >= URN_HOMES)
		fail("a region of this size would have too many providers");
	fresh.row = TAKE_MESSAGE(a, members__provider);
	fresh.row->urn = take_format(a, "SC9%05u", urn);
	SET(fresh.row, kind, kind);
	SET(fresh.row, sector, sector_of(home->sector));
	name_provider(a, p, names, &fresh, home->sector);
	p->providers[p->providers_n] = fresh;
	p->owners_n++;
	return p->providers_n++;
}

static struct plan_residence *
add_residence(struct arena *a, struct plan *p, size_t council, uint32_t places)
{
	struct plan_residence *home = &p->residences[p->residences_n];
	uint32_t urn = URN_HOMES + (uint32_t)p->residences_n++ * URN_HOMES_STEP;

	if (urn >= URN_END)
		fail("there are not enough invented numbers for so many homes");
	home->council = council;
	home->places = places;
	home->row = TAKE_MESSAGE(a, residential__home);
	home->row->urn = take_format(a, "SC9%05u", urn);
	home->row->council_id = take_text(a, p->data->councils[council].code);
	SET(home->row, registered_places, places);
	return home;
}

/* ---- children's homes ---- */

/* The profile's rows of one council, as indices: by sector, then by size. */
static size_t
rows_of(const struct plan *p, size_t council, uint32_t *out)
{
	size_t n = 0;

	for (size_t i = 0; i < p->data->provided_n; i++) {
		const struct data_provided *row = &p->data->provided[i];
		if (row->is_home && row->council == council)
			out[n++] = (uint32_t)i;
	}
	return n;
}

/* One that a home opened since may belong to: private, where there is any. */
static const struct data_provided *
row_of_new(const struct plan *p, struct chance *c, const uint32_t *rows, size_t n)
{
	const struct data_provided *row = NULL;

	for (int tries = 0; tries < 8 && (row == NULL || row->sector != 'P'); tries++)
		row = &p->data->provided[rows[chance_below(c, (uint32_t)n)]];
	return row;
}

static void
add_homes_in(
    struct arena *a, struct plan *p, struct names *names, size_t council, size_t n)
{
	struct chance c = chance_of(p->options.seed, "children's homes", council);
	uint32_t *rows = TAKE_LIST(a, p->data->provided_n, uint32_t);
	size_t rows_n = rows_of(p, council, rows);
	size_t step =
	    n > rows_n ? rows_n : n; /* every so many-th, so that the mix stays */
	size_t from = chance_below(&c, (uint32_t)rows_n);

	for (size_t i = 0; i < n; i++) {
		bool is_new = i >= rows_n;
		const struct data_provided *row =
		    is_new ? row_of_new(p, &c, rows, rows_n)
			   : &p->data->provided[rows[(i * rows_n + from) / step]];
		uint32_t places = row->places;
		if (is_new)
			places = 1 + (uint32_t)chance_weighted(
					 &c, new_sizes, COUNT(new_sizes));
		struct plan_residence *home = add_residence(a, p, council, places);
		home->sector = row->sector;
		home->provider = provider_of(a, p, names, home,
		    row->sector == 'L' ? OWNER_COUNCIL + (uint32_t)council
				       : row->owner);
	}
}

static void
add_homes(struct arena *a, struct plan *p, struct names *names)
{
	uint32_t weights[DATA_COUNCILS_MAX] = {0}, share[DATA_COUNCILS_MAX];

	for (size_t i = 0; i < p->data->provided_n; i++) {
		const struct data_provided *row = &p->data->provided[i];
		bool is_member = row->council < p->data->members_n;
		if (row->is_home)
			weights[row->council] += is_member ? PLAN_ADJOINING_SHARE : 1;
	}
	chance_share(weights, p->data->areas_n, p->options.residences, share);
	for (size_t i = 0; i < p->data->areas_n; i++) {
		if (share[i] > 0)
			add_homes_in(a, p, names, i, share[i]);
	}
	p->childrens_n = p->residences_n;
}

/* ---- supported accommodation ---- */

static uint32_t
supported_in(const struct plan *p, size_t council)
{
	return (uint32_t)data_figure(p->data, "looked_after",
	    p->data->councils[council].code, "placement",
	    "independent_and_semi_independent_living_arrangem");
}

/* How many settings the members' children of this share of the region fill. */
static size_t
count_settings(const struct plan *p)
{
	size_t children = 0, beds = 0;

	for (size_t i = 0; i < p->data->members_n; i++)
		children += supported_in(p, i);
	children = children * p->options.households / plan_full_households(p->data);
	for (size_t i = 0; i < COUNT(setting_sizes); i++)
		beds += setting_sizes[i] * (i + 1);
	assert(beds > 0);
	return children * 1000 * 100 / SUPPORTED_CHILDREN_PER_CENT / beds;
}

/* The first member of the same part of England stands for it; how many parts. */
static size_t
part_of(const struct data *d, size_t council)
{
	size_t i = 0;

	while (!str_equal(d->councils[i].region, d->councils[council].region))
		i++;
	return i;
}

static size_t
count_parts(const struct data *d)
{
	size_t n = 0;

	for (size_t i = 0; i < d->members_n; i++)
		n += part_of(d, i) == i;
	return n == 0 ? 1 : n; /* a region of no council is refused before this */
}

static void
add_settings(struct arena *a, struct plan *p, struct names *names)
{
	struct chance c = chance_of(p->options.seed, "supported accommodation", 0);
	uint32_t weights[DATA_COUNCILS_MAX];
	size_t n = count_settings(p);
	uint32_t owners =
	    (uint32_t)(n / SETTINGS_TO_A_PROVIDER / count_parts(p->data)) + 1;

	for (size_t i = 0; i < p->data->members_n; i++)
		weights[i] = 1 + supported_in(p, i);
	struct deck councils = chance_deck(&c, a, weights, p->data->members_n, n);
	struct deck sizes = chance_deck(&c, a, setting_sizes, COUNT(setting_sizes), n);
	for (size_t i = 0; i < n; i++) {
		size_t council = chance_deal(&councils);
		struct plan_residence *home =
		    add_residence(a, p, council, 1 + chance_deal(&sizes));
		uint32_t owner = (uint32_t)part_of(p->data, council) * OWNERS_MAX +
		                 chance_below(&c, owners);
		bool is_councils = chance_per_mille(&c, COUNCILS_OWN_PER_MILLE);
		home->is_supported = true;
		home->sector = is_councils ? 'L' : owner % 6 == 0 ? 'V' : 'P';
		home->provider = provider_of(a, p, names, home,
		    is_councils ? OWNER_COUNCIL + (uint32_t)council
				: OWNER_SUPPORTED + owner);
	}
}

/* ---- grades ---- */

static void
restrict_home(const struct plan *p, struct chance *c, Residential__Home *row)
{
	Residential__RestrictionKind kind =
	    RESIDENTIAL__RESTRICTION_KIND__RESTRICTION_KIND_UNSPECIFIED;

	if (chance_below(c, 10000) < SUSPENDED_PER_TEN_THOUSAND)
		kind = RESIDENTIAL__RESTRICTION_KIND__RESTRICTION_KIND_SUSPENDED;
	else if (row->grade == MEMBERS__GRADE__GRADE_INADEQUATE &&
		 chance_per_mille(c, RESTRICTED_PER_MILLE))
		kind = RESIDENTIAL__RESTRICTION_KIND__RESTRICTION_KIND_ACCOMMODATION;
	if (kind == RESIDENTIAL__RESTRICTION_KIND__RESTRICTION_KIND_UNSPECIFIED)
		return;
	SET(row, restriction, kind);
	SET(row, restriction_day, p->options.day - chance_between(c, 2, 28));
}

/* The published grades of each sector, dealt among its homes of any size and place. */
static void
grade_sector(struct arena *a, struct plan *p, char sector, const char *source)
{
	struct chance c = chance_of(p->options.seed, source, 0);
	uint32_t weights[GRADES];
	size_t n = 0;

	for (size_t i = 0; i < GRADES; i++)
		weights[i] = (uint32_t)data_figure(
		    p->data, source, DATA_ENGLAND_CODE, "rating", grade_items[i]);
	for (size_t i = 0; i < p->childrens_n; i++)
		n += p->residences[i].sector == sector;
	struct deck deck = chance_deck(&c, a, weights, GRADES, n);
	for (size_t i = 0; i < p->childrens_n; i++) {
		Residential__Home *row = p->residences[i].row;
		if (p->residences[i].sector != sector)
			continue;
		/* In the order of Members__Grade, from outstanding on; the last is not
		 * yet inspected. */
		uint32_t card = chance_deal(&deck);
		if (card + 1 < GRADES) {
			SET(row, grade,
			    (Members__Grade)(MEMBERS__GRADE__GRADE_OUTSTANDING +
					     (int)card));
			SET(row, grade_day,
			    p->options.day - chance_between(&c, 29, 500));
		}
		restrict_home(p, &c, row);
	}
}

void
residences_make(struct arena *a, struct plan *p, struct names *names)
{
	size_t settings = count_settings(p);

	p->residences =
	    TAKE_LIST(a, p->options.residences + settings, struct plan_residence);
	if (p->options.residences > 0)
		add_homes(a, p, names);
	if (settings > 0)
		add_settings(a, p, names);
	grade_sector(a, p, 'L', "homes_l");
	grade_sector(a, p, 'P', "homes_p");
	grade_sector(a, p, 'V', "homes_v");
}
