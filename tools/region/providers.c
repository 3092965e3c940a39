#include "plan.h"

#include <assert.h>
#include <string.h>

#include "base/message.h"
#include "base/str.h"

#include "chance.h"
#include "names.h"
#include "take.h"

/* Beyond these, larger ones are few: each agency's share falls with its rank. */
#define RANK_OFFSET 3
#define RANK_SCALE 1000
/* A council outside the co-operative shows it a part of its own places only. */
#define NEIGHBOUR_SHARE 4
/* Approved places of a council of which none are published: a small one. */
#define PLACES_UNKNOWN 12
#define SLUG_MAX 40

static const char *const grade_items[] = {
    "Outstanding", "Good", "Requires improvement to be good", "Inadequate", "None"};
static const Members__Grade grades[] = {
    MEMBERS__GRADE__GRADE_OUTSTANDING,
    MEMBERS__GRADE__GRADE_GOOD,
    MEMBERS__GRADE__GRADE_REQUIRES_IMPROVEMENT,
    MEMBERS__GRADE__GRADE_INADEQUATE,
    MEMBERS__GRADE__GRADE_UNSPECIFIED,
};
#define GRADES (sizeof grades / sizeof grades[0])

static void
add_team(struct arena *a, struct plan *p, size_t council)
{
	const struct data_council *c = &p->data->councils[council];
	struct plan_provider *provider = &p->providers[p->providers_n++];
	int64_t places = data_figure(
	    p->data, "places_and_costs", c->code, "approved_foster_places", "2025");

	provider->council = council;
	provider->weight = (uint32_t)(places > 0 ? places : PLACES_UNKNOWN);
	if (c->ring != DATA_MEMBER)
		provider->weight /= NEIGHBOUR_SHARE;
	provider->row = TAKE_MESSAGE(a, members__provider);
	provider->row->name =
	    take_format(a, "%s fostering team (invented region)", c->name);
	/* No number: the real teams' are theirs, and the contract asks for none. */
	provider->row->council_id = take_text(a, c->code);
	SET(provider->row, kind,
	    MEMBERS__PROVIDER_KIND__PROVIDER_KIND_COUNCIL_FOSTERING);
	SET(provider->row, sector, MEMBERS__SECTOR__SECTOR_LOCAL_AUTHORITY);
}

static void
add_agency(struct arena *a, struct plan *p, size_t rank, bool is_voluntary)
{
	struct plan_provider *provider = &p->providers[p->providers_n++];

	provider->is_agency = true;
	provider->weight = RANK_SCALE / ((uint32_t)rank + RANK_OFFSET);
	provider->row = TAKE_MESSAGE(a, members__provider);
	/* Numbers that begin with SC were given out in order, to below SC500000, until
	 * Ofsted went over to seven digits: no provider has, or will get, SC9. */
	provider->row->urn = take_format(a, "SC9%05zu", (rank + 1) * 37);
	SET(provider->row, kind,
	    MEMBERS__PROVIDER_KIND__PROVIDER_KIND_FOSTERING_AGENCY);
	SET(provider->row, sector,
	    is_voluntary ? MEMBERS__SECTOR__SECTOR_VOLUNTARY
			 : MEMBERS__SECTOR__SECTOR_PRIVATE);
}

static void
make_agencies(struct arena *a, struct plan *p)
{
	const struct data *d = p->data;
	size_t *offices = TAKE_LIST(a, d->provided_n, size_t);
	uint32_t n = 0, voluntary = 0;
	struct chance c = chance_of(p->options.seed, "agencies", 0);

	for (size_t i = 0; i < d->provided_n; i++) {
		if (d->provided[i].is_home)
			continue;
		voluntary += d->provided[i].sector == 'V';
		offices[n++] = d->provided[i].council;
	}
	/* Sector, office and size are dealt apart, so that no invented agency has the
	 * profile of a real one. */
	uint32_t sectors[] = {n - voluntary, voluntary};
	struct deck deck = chance_deck(&c, a, sectors, 2, n);
	for (uint32_t i = 0; i < n; i++) {
		add_agency(a, p, i, chance_deal(&deck) == 1);
		p->providers[p->providers_n - 1].council = offices[chance_below(&c, n)];
	}
	p->agencies_n = n;
}

/* How many owners the agencies of these areas have. */
static size_t
count_owners(struct arena *a, const struct data *d)
{
	uint32_t *seen = TAKE_LIST(a, d->provided_n, uint32_t);
	size_t n = 0;

	for (size_t i = 0; i < d->provided_n; i++) {
		size_t j = 0;
		while (j < n && seen[j] != d->provided[i].owner)
			j++;
		if (!d->provided[i].is_home && j == n)
			seen[n++] = d->provided[i].owner;
	}
	return n;
}

static void
name_agencies(struct arena *a, struct plan *p, struct names *names)
{
	size_t owners_n = count_owners(a, p->data);
	char **owners = TAKE_LIST(a, p->agencies_n, char *);

	for (size_t i = 0; i < p->agencies_n; i++) {
		Members__Provider *row = p->providers[p->teams_n + i].row;
		row->name = names_firm(names, a, "Fostering");
		/* Those beyond the number of owners belong to the largest of them. */
		owners[i] = i < owners_n ? names_firm(names, a, "Holdings")
		                         : owners[i - owners_n];
		row->owner_name = owners[i];
	}
}

static void
grade_agencies(struct arena *a, struct plan *p)
{
	struct chance c = chance_of(p->options.seed, "grades", 0);
	uint32_t weights[GRADES];

	for (size_t i = 0; i < GRADES; i++)
		weights[i] = (uint32_t)data_figure(
		    p->data, "agencies", DATA_ENGLAND_CODE, "rating", grade_items[i]);
	struct deck deck = chance_deck(&c, a, weights, GRADES, p->agencies_n);
	for (size_t i = p->teams_n; i < p->teams_n + p->agencies_n; i++) {
		Members__Provider *row = p->providers[i].row;
		Members__Grade grade = grades[chance_deal(&deck)];
		if (grade == MEMBERS__GRADE__GRADE_UNSPECIFIED)
			continue;
		SET(row, grade, grade);
		SET(row, grade_day, p->options.day - chance_between(&c, 30, 1100));
	}
}

void
providers_make(struct arena *a, struct plan *p, struct names *names)
{
	p->providers = TAKE_LIST(a, PLAN_PROVIDERS_MAX, struct plan_provider);
	for (size_t i = 0; i < p->teams_n; i++)
		add_team(a, p, p->teams[i]);
	make_agencies(a, p);
	name_agencies(a, p, names);
	grade_agencies(a, p);
}

/* ---- people ---- */

/* "Cheshire East" as a file's name: "cheshire-east". */
static const char *
slug(struct arena *a, const char *name)
{
	char text[SLUG_MAX];
	size_t n = 0;

	for (; *name != '\0' && n + 1 < sizeof text; name++) {
		if (*name >= 'A' && *name <= 'Z')
			text[n++] = (char)(*name - 'A' + 'a');
		else if (*name >= 'a' && *name <= 'z')
			text[n++] = *name;
		else if (n > 0 && text[n - 1] != '-')
			text[n++] = '-';
	}
	text[n] = '\0';
	return take_text(a, text);
}

static struct plan_person *
add_person(struct plan *p, struct names *names, struct arena *a, Members__Role role)
{
	struct plan_person *person = &p->people[p->people_n++];

	person->role = role;
	person->name = names_person(names, a);
	person->council = person->provider = SIZE_MAX;
	return person;
}

static void
add_council_people(struct plan *p, struct names *names, struct arena *a, size_t council)
{
	static const struct {
		Members__Role role;
		const char *word;
	} roles[] = {
	    {MEMBERS__ROLE__ROLE_COMMISSIONER, "commissioner"},
	    {MEMBERS__ROLE__ROLE_NOMINATED_OFFICER, "nominated-officer"},
	    {MEMBERS__ROLE__ROLE_DIRECTOR, "director"},
	};
	const char *name = slug(a, p->data->councils[council].name);

	for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
		struct plan_person *person = add_person(p, names, a, roles[i].role);
		person->file = take_format(a, "%s-%s.key", name, roles[i].word);
		person->council = council;
	}
}

void
people_make(struct arena *a, struct plan *p)
{
	size_t most = 3 * p->teams_n + p->providers_n + 1;
	struct names names = names_of(a, p->options.seed + 2);

	p->people = TAKE_LIST(a, most, struct plan_person);
	for (size_t i = 0; i < p->teams_n; i++)
		add_council_people(p, &names, a, p->teams[i]);
	add_person(p, &names, a, MEMBERS__ROLE__ROLE_COOPERATIVE_OFFICER)->file =
	    "cooperative-officer.key";
	for (size_t i = 0; i < p->providers_n; i++) {
		struct plan_person *person =
		    add_person(p, &names, a, MEMBERS__ROLE__ROLE_PLACEMENT_OFFICER);
		person->file = take_format(a, "provider-%zu.key", i + 1);
		person->provider = i;
		p->providers[i].officer = p->people_n - 1;
	}
}
