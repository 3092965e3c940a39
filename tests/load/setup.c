/* A small co-operative of its own: registered through members, foster, residential. */
#include "load/load.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/message.h"
#include "base/str.h"

#include "foster.pb-c.h"
#include "members.pb-c.h"
#include "residential.pb-c.h"

#define MEMBERS(name) MEMBERS__MEMBERS_CALL__CALL_##name
#define KIND(name) MEMBERS__PROVIDER_KIND__PROVIDER_KIND_##name
#define BAND(name) COMMON__AGE_BAND__AGE_BAND_##name
#define CARE(name) COMMON__CARE_TYPE__CARE_TYPE_##name
#define COOPERATIVE "co-operative"
#define HOUSEHOLDS_A_PROVIDER 12
#define HOMES_A_PROVIDER 4
#define FOLLOW_MS 30000
#define PATH_BYTES 600

/* Three in a row: the outer two do not adjoin. */
static const char *const councils[] = {"E08000003", "E08000009", "E08000002"};
static const char *const sectors[] = {"M14 5", "M33 3", "BL9 0"};

struct provider {
	Members__ProviderKind kind;
	const char *council; /* whose own team it is; NULL */
};
static const struct provider providers[] = {
    {KIND(COUNCIL_FOSTERING), "E08000003"},
    {KIND(COUNCIL_FOSTERING), "E08000009"},
    {KIND(COUNCIL_FOSTERING), "E08000002"},
    {KIND(FOSTERING_AGENCY), NULL},
    {KIND(FOSTERING_AGENCY), NULL},
    {KIND(CHILDRENS_HOMES), NULL},
    {KIND(CHILDRENS_HOMES), NULL},
    {KIND(SUPPORTED_ACCOMMODATION), NULL},
};

struct setting_up {
	struct load *l;
	struct load_line members; /* the administrator's */
	FILE *readme;
};

static void
register_council(struct setting_up *s, size_t i)
{
	Members__RegisterCouncil call = MEMBERS__REGISTER_COUNCIL__INIT;
	Members__Council c = MEMBERS__COUNCIL__INIT;
	Members__Membership since = MEMBERS__MEMBERSHIP__INIT, *list[] = {&since};
	char *adjoining[2];

	c.council_id = TEXT(councils[i]);
	c.name = str_format(&s->l->arena, "Invented Council %zu", i + 1);
	c.adjoining_council_ids = adjoining;
	if (i > 0)
		adjoining[c.n_adjoining_council_ids++] = TEXT(councils[0]);
	for (size_t k = 1; i == 0 && k < COUNT(councils); k++)
		adjoining[c.n_adjoining_council_ids++] = TEXT(councils[k]);
	SET(&since, from_day, load_today() - 100);
	c.memberships = list;
	c.n_memberships = 1;
	call.council = &c;
	load_ask(s->l, &s->members, MEMBERS(REGISTER_COUNCIL), &call.base);
}

static const char *
register_provider(struct setting_up *s, size_t i)
{
	Members__RegisterProvider call = MEMBERS__REGISTER_PROVIDER__INIT;
	Members__Provider p = MEMBERS__PROVIDER__INIT;
	const Common__Done *done;

	p.name = str_format(&s->l->arena, "Invented Provider %zu", i);
	p.urn = str_format(&s->l->arena, "SC9000%02zu", i);
	p.owner_name = TEXT("Invented Owner");
	p.council_id = TEXT(providers[i].council);
	SET(&p, kind, providers[i].kind);
	SET(&p, sector,
	    providers[i].council != NULL ? MEMBERS__SECTOR__SECTOR_LOCAL_AUTHORITY
					 : MEMBERS__SECTOR__SECTOR_PRIVATE);
	SET(&p, grade, MEMBERS__GRADE__GRADE_GOOD);
	SET(&p, grade_day, load_today() - 200);
	call.provider = &p;
	done = load_ask(s->l, &s->members, MEMBERS(REGISTER_PROVIDER), &call.base);
	return done->id;
}

/* A key in keys/, a person in members, a line in the README. */
static void
add_person(struct setting_up *s, const char *file, const char *role_word,
    Members__Role role, const char *organisation)
{
	Members__RegisterPerson call = MEMBERS__REGISTER_PERSON__INIT;
	Members__Grant grant = MEMBERS__GRANT__INIT, *grants[] = {&grant};
	uint8_t public_key[32], secret_key[32];
	char name[100], path[PATH_BYTES], problem[200] = "";

	(void)snprintf(name, sizeof name, "keys/%s.key", file);
	load_path(path, sizeof path, s->l, name);
	if (bus_new_key(public_key, secret_key) != ERR_NONE ||
	    conf_write_key(path, public_key, secret_key, problem, sizeof problem) !=
		ERR_NONE)
		load_fail("no key can be written: %s", problem);
	call.name = str_format(&s->l->arena, "Invented %s", file);
	SET(&grant, role, role);
	grant.organisation_id = TEXT(organisation);
	SET(&grant, from_day, load_today() - 1);
	call.grants = grants;
	call.n_grants = 1;
	SET_BYTES(&call, public_key, ((struct bytes){public_key, 32}));
	load_ask(s->l, &s->members, MEMBERS(REGISTER_PERSON), &call.base);
	(void)fprintf(s->readme, "%s.key\t%s\t%s\tinvented\tinvented\n", file,
	    role_word, organisation);
}

static void
add_everybody(struct setting_up *s)
{
	struct arena *a = &s->l->arena;

	for (size_t i = 0; i < COUNT(councils); i++) {
		register_council(s, i);
		add_person(s, str_format(a, "council-%zu-commissioner", i),
		    "commissioner", MEMBERS__ROLE__ROLE_COMMISSIONER, councils[i]);
		add_person(s, str_format(a, "council-%zu-nominated", i),
		    "nominated officer", MEMBERS__ROLE__ROLE_NOMINATED_OFFICER,
		    councils[i]);
		add_person(s, str_format(a, "council-%zu-director", i), "director",
		    MEMBERS__ROLE__ROLE_DIRECTOR, councils[i]);
	}
	for (size_t i = 0; i < COUNT(providers); i++)
		add_person(s, str_format(a, "provider-%zu", i), "placement officer",
		    MEMBERS__ROLE__ROLE_PLACEMENT_OFFICER, register_provider(s, i));
	add_person(s, "co-operative-officer", "co-operative officer",
	    MEMBERS__ROLE__ROLE_COOPERATIVE_OFFICER, COOPERATIVE);
}

/* ---- homes ---- */

static void
add_household(struct load *l, const struct load_line *line, uint32_t i)
{
	Foster__RegisterHousehold call = FOSTER__REGISTER_HOUSEHOLD__INIT;
	Foster__Household h = FOSTER__HOUSEHOLD__INIT;
	Foster__Approval approval = FOSTER__APPROVAL__INIT;
	Foster__OpenVacancy open = FOSTER__OPEN_VACANCY__INIT;
	const Common__Done *done;
	uint32_t places = 1 + i % 3;

	h.carer_name = TEXT("Invented Carer");
	h.council_id = TEXT(councils[i % COUNT(councils)]);
	h.home_sector = TEXT(sectors[i % COUNT(sectors)]);
	h.approval = &approval;
	SET(&approval, kind, FOSTER__APPROVAL_KIND__APPROVAL_KIND_MAINSTREAM);
	SET(&approval, children_max, places);
	SET(&approval, age_min_years, 0);
	SET(&approval, age_max_years, 17);
	SET(&approval, takes_girls, true);
	SET(&approval, takes_boys, true);
	SET(&approval, approved_day, load_today() - 400);
	SET(&h, bedrooms, places);
	SET(&h, siblings_may_share, true);
	SET(&h, takes_emergencies, true);
	SET(&h, fee_pence_week, 90000);
	call.household = &h;
	done =
	    load_ask(l, line, FOSTER__FOSTER_CALL__CALL_REGISTER_HOUSEHOLD, &call.base);
	open.household_id = done->id;
	SET(&open, available_from_day, load_today());
	load_ask(l, line, FOSTER__FOSTER_CALL__CALL_OPEN_VACANCY, &open.base);
}

static void
add_home(struct load *l, const struct load_line *line, uint32_t i, bool is_supported)
{
	Residential__RegisterHome call = RESIDENTIAL__REGISTER_HOME__INIT;
	Residential__Home h = RESIDENTIAL__HOME__INIT;
	Residential__OpenVacancy open = RESIDENTIAL__OPEN_VACANCY__INIT;
	const Common__Done *done;

	h.home_name = TEXT("Invented House");
	h.urn = str_format(&l->arena, "SC%06u", i + 1);
	SET(&h, care_type,
	    is_supported ? CARE(SUPPORTED_ACCOMMODATION) : CARE(CHILDRENS_HOME));
	SET(&h, statement_version, 1);
	SET(&h, statement_day, load_today() - 100);
	h.council_id = TEXT(councils[i % COUNT(councils)]);
	h.home_sector = TEXT(sectors[i % COUNT(sectors)]);
	SET(&h, registered_places, 2 + i % 4);
	SET(&h, staffed_beds, 2 + i % 4);
	SET(&h, age_min_years, is_supported ? 16 : 5);
	SET(&h, age_max_years, 17);
	SET(&h, takes_girls, true);
	SET(&h, takes_boys, true);
	SET(&h, grade, MEMBERS__GRADE__GRADE_GOOD);
	SET(&h, grade_day, load_today() - 50);
	SET(&h, takes_emergencies, true);
	SET(&h, fee_pence_week, 500000);
	call.home = &h;
	done = load_ask(
	    l, line, RESIDENTIAL__RESIDENTIAL_CALL__CALL_REGISTER_HOME, &call.base);
	open.home_id = done->id;
	SET(&open, available_from_day, load_today());
	for (Common__AgeBand band = is_supported ? BAND(16_TO_17) : BAND(5_TO_9);
	     band <= BAND(16_TO_17); band++) {
		SET(&open, age_band, band);
		load_ask(l, line, RESIDENTIAL__RESIDENTIAL_CALL__CALL_OPEN_VACANCY,
		    &open.base);
	}
}

static void
add_homes(struct load *l, size_t desk, size_t i)
{
	const struct load_desk *d = &l->desks[desk];
	bool is_foster = providers[i].kind <= KIND(FOSTERING_AGENCY);
	struct load_line line = load_line_open(l,
	    is_foster ? LOAD_FOSTER : LOAD_RESIDENTIAL, d->public_key, d->secret_key);

	for (uint32_t k = 0; k < (is_foster ? HOUSEHOLDS_A_PROVIDER : HOMES_A_PROVIDER);
	     k++) {
		arena_reset(&l->arena);
		if (is_foster)
			add_household(l, &line, k);
		else
			add_home(l, &line, (uint32_t)i * HOMES_A_PROVIDER + k,
			    providers[i].kind == KIND(SUPPORTED_ACCOMMODATION));
	}
	bus_client_close(line.line);
}

/* ---- all of it ---- */

static void
add_people(struct load *l)
{
	struct setting_up s = {.l = l};
	char path[PATH_BYTES], fresh[PATH_BYTES], problem[200] = "";
	uint8_t public_key[32], secret_key[32];

	load_path(path, sizeof path, l, "keys/administrator.key");
	if (conf_read_key(path, public_key, secret_key, problem, sizeof problem) !=
	    ERR_NONE)
		load_fail("%s", problem);
	load_path(path, sizeof path, l, "keys/README");
	load_path(fresh, sizeof fresh, l, "keys/README.new");
	s.readme = fopen(fresh, "we");
	if (s.readme == NULL)
		load_fail("%s: %s", fresh, strerror(errno));
	(void)fprintf(s.readme, "administrator.key\tadministrator\t" COOPERATIVE "\n");
	s.members = load_line_open(l, LOAD_MEMBERS, public_key, secret_key);
	add_everybody(&s);
	bus_client_close(s.members.line);
	if (fclose(s.readme) != 0 || rename(fresh, path) != 0)
		load_fail("%s cannot be written", path);
}

void
load_set_up(struct load *l)
{
	size_t provider = 0;

	add_people(l);
	load_people(l);
	if (!load_settle(l, FOLLOW_MS))
		load_fail("not everybody has heard of the new people");
	for (size_t i = 0; i < l->desks_n; i++)
		if (l->desks[i].role == LOAD_PLACEMENT)
			add_homes(l, i, provider++);
	if (!load_settle(l, FOLLOW_MS))
		load_fail("not everybody has heard of the new homes");
}
