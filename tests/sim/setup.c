#include "sim/actors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/day.h"
#include "base/message.h"
#include "base/str.h"

#include "foster.pb-c.h"
#include "members.pb-c.h"

#define ACTORS_BYTES (16U << 20)
#define HEAR_OF_EACH_OTHER_MS 10000
#define HOMES_A_PROVIDER 4
#define PROVIDERS 8
#define KIND(name) MEMBERS__PROVIDER_KIND__PROVIDER_KIND_##name

/* Three councils in a row: the outer two do not adjoin. */
static const char *const councils[] = {"E08000003", "E08000009", "E08000002"};
static const char *const adjoining[][2] = {
    {"E08000009", "E08000002"}, {"E08000003", NULL}, {"E08000003", NULL}};
static const char *const sectors[] = {"M14 5", "M33 3", "BL9 0", "M1 1", "M16 7"};

/* Calls and waits; the answer's body, or NULL and the end of the run. */
static const void *
ask(struct actors *a, unsigned client, enum node_name to, uint32_t method,
    const ProtobufCMessage *message)
{
	const ProtobufCMessageDescriptor *type =
	    protobuf_c_message_descriptor_get_field(
		a->world->nodes[to].service->answer, method)
		->descriptor;
	Envelope__Envelope call = ENVELOPE__ENVELOPE__INIT;
	struct id id = actors_new_id(a);
	struct bytes body, packed;
	const Envelope__Envelope *e;
	ProtobufCMessage *m;

	call.message_id = id.text;
	if (a->list[client].is_by_gateway)
		call.user_id = a->list[client].person;
	SET(&call, method, method);
	if (message_pack(&a->arena, message, &body) != ERR_NONE)
		abort();
	SET_BYTES(&call, body, body);
	if (message_pack(&a->arena, &call.base, &packed) != ERR_NONE)
		abort();
	e = actors_ask(a, client, to, &id, packed);
	if (e == NULL)
		return NULL;
	if (e->refusal != NULL || e->fault != 0) {
		world_fail(a->world, "setting up: method %u: %s", method,
		    e->refusal != NULL ? e->refusal->sentence : "a fault");
		return NULL;
	}
	if (message_unpack(&a->arena, type, BYTES_OF(e->body), &m) != ERR_NONE)
		abort();
	return m;
}

static const char *
ask_done(struct actors *a, unsigned client, enum node_name to, uint32_t method,
    const ProtobufCMessage *message)
{
	const Common__Done *done = ask(a, client, to, method, message);

	return done == NULL || done->id == NULL ? "" : done->id;
}

/* ---- members ---- */

static enum err
first_administrator(struct svc_ask *ask, void *context)
{
	const uint8_t *public_key = context;
	Members__PersonRegistered p = MEMBERS__PERSON_REGISTERED__INIT;
	Members__KeyRegistered k = MEMBERS__KEY_REGISTERED__INIT;
	Members__Person person = MEMBERS__PERSON__INIT;
	Members__Grant grant = MEMBERS__GRANT__INIT;
	Members__Grant *grants[] = {&grant};
	Members__Key key = MEMBERS__KEY__INIT;

	SET(&grant, role, MEMBERS__ROLE__ROLE_ADMINISTRATOR);
	grant.organisation_id = TEXT("co-operative");
	SET(&grant, from_day, day_in_london(ask->now_ms) - 1);
	person.person_id = TEXT(svc_new_id(ask));
	person.name = TEXT("Invented Administrator");
	person.grants = grants;
	person.n_grants = 1;
	p.person = &person;
	svc_decide(ask, MEMBERS__MEMBERS_EVENT__EVENT_PERSON_REGISTERED, &p.base);
	key.person_id = person.person_id;
	SET_BYTES(&key, public_key, ((struct bytes){public_key, 32}));
	k.key = &key;
	svc_decide(ask, MEMBERS__MEMBERS_EVENT__EVENT_KEY_REGISTERED, &k.base);
	return ask->txn->err;
}

static void
register_council(struct actors *a, size_t i)
{
	Members__RegisterCouncil *r = MESSAGE_NEW(&a->arena, members__register_council);
	Members__Membership *m = MESSAGE_NEW(&a->arena, members__membership);
	Members__Council *c = MESSAGE_NEW(&a->arena, members__council);

	c->council_id = TEXT(councils[i]);
	c->name = str_format(&a->arena, "Invented Council %zu", i + 1);
	c->adjoining_council_ids = LIST_NEW(&a->arena, 2, char *);
	for (size_t k = 0; k < 2 && adjoining[i][k] != NULL; k++)
		c->adjoining_council_ids[c->n_adjoining_council_ids++] =
		    TEXT(adjoining[i][k]);
	SET(m, from_day, actors_today(a) - 100);
	c->memberships = LIST_NEW(&a->arena, 1, Members__Membership *);
	c->memberships[c->n_memberships++] = m;
	r->council = c;
	ask(a, 0, NODE_MEMBERS, MEMBERS__MEMBERS_CALL__CALL_REGISTER_COUNCIL, &r->base);
}

/* A council's own team for the first three, then agencies, then homes. */
static const Members__ProviderKind kinds[PROVIDERS] = {KIND(COUNCIL_FOSTERING),
    KIND(COUNCIL_FOSTERING), KIND(COUNCIL_FOSTERING), KIND(FOSTERING_AGENCY),
    KIND(FOSTERING_AGENCY), KIND(CHILDRENS_HOMES), KIND(CHILDRENS_HOMES),
    KIND(SUPPORTED_ACCOMMODATION)};

static void
register_provider(struct actors *a, size_t i, char out[MODEL_ID])
{
	Members__RegisterProvider *r =
	    MESSAGE_NEW(&a->arena, members__register_provider);
	Members__Provider *p = MESSAGE_NEW(&a->arena, members__provider);
	bool is_own_team = i < COUNT(councils);

	p->name = str_format(&a->arena, "Invented Provider %zu", i);
	p->urn = str_format(&a->arena, "SC9000%02zu", i);
	SET(p, kind, kinds[i]);
	SET(p, sector,
	    is_own_team ? MEMBERS__SECTOR__SECTOR_LOCAL_AUTHORITY
			: MEMBERS__SECTOR__SECTOR_PRIVATE);
	p->owner_name = TEXT("Invented Owner");
	if (is_own_team)
		p->council_id = TEXT(councils[i]);
	SET(p, grade, MEMBERS__GRADE__GRADE_GOOD);
	SET(p, grade_day, actors_today(a) - 200);
	r->provider = p;
	model_keep(out, ask_done(a, 0, NODE_MEMBERS,
			    MEMBERS__MEMBERS_CALL__CALL_REGISTER_PROVIDER, &r->base));
}

/* The first of its commissioners, and of its placement officers, is on call. */
static bool
is_first_of(const struct actors *a, unsigned client)
{
	const struct actor *c = &a->list[client], *before = &a->list[client - 1];

	return (c->persona == PERSONA_COMMISSIONER ||
		   c->persona == PERSONA_PLACEMENT_OFFICER) &&
	       (c->persona != before->persona ||
		   !str_equal(c->organisation, before->organisation));
}

/* Every second person comes through the gateway, the others with their own key. */
static void
add_person(struct actors *a, enum persona persona, const char *organisation,
    Members__Role role)
{
	unsigned client = (unsigned)a->n++;
	struct actor *c = &a->list[client];
	Members__RegisterPerson *r = MESSAGE_NEW(&a->arena, members__register_person);
	Members__Grant *g = MESSAGE_NEW(&a->arena, members__grant);

	c->persona = persona;
	c->wake_ms = INT64_MAX;
	model_keep(c->organisation, organisation);
	r->name = str_format(&a->arena, "Invented Person %u", client);
	SET(g, role, role);
	g->organisation_id = TEXT(organisation);
	SET(g, from_day, actors_today(a) - 1);
	r->grants = LIST_NEW(&a->arena, 1, Members__Grant *);
	r->grants[r->n_grants++] = g;
	SET_BYTES(r, public_key, ((struct bytes){a->world->client_keys[client], 32}));
	model_keep(
	    c->person, ask_done(a, 0, NODE_MEMBERS,
			   MEMBERS__MEMBERS_CALL__CALL_REGISTER_PERSON, &r->base));
	c->is_on_call = is_first_of(a, client);
	c->is_by_gateway = client % 2 == 0 && !c->has_own_key;
	if (c->is_by_gateway)
		memcpy(
		    a->world->client_keys[client], a->world->peers.list[NODES].key, 32);
}

static void
add_people(struct actors *a, char providers[PROVIDERS][MODEL_ID])
{
	for (size_t i = 0; i < COUNT(councils); i++) {
		add_person(a, PERSONA_COMMISSIONER, councils[i],
		    MEMBERS__ROLE__ROLE_COMMISSIONER);
		add_person(a, PERSONA_COMMISSIONER, councils[i],
		    MEMBERS__ROLE__ROLE_COMMISSIONER);
		add_person(a, PERSONA_NOMINATED_OFFICER, councils[i],
		    MEMBERS__ROLE__ROLE_NOMINATED_OFFICER);
		add_person(
		    a, PERSONA_DIRECTOR, councils[i], MEMBERS__ROLE__ROLE_DIRECTOR);
	}
	add_person(a, PERSONA_COOPERATIVE_OFFICER, "co-operative",
	    MEMBERS__ROLE__ROLE_COOPERATIVE_OFFICER);
	for (size_t i = 0; i < PROVIDERS; i++) {
		add_person(a, PERSONA_PLACEMENT_OFFICER, providers[i],
		    MEMBERS__ROLE__ROLE_PLACEMENT_OFFICER);
		add_person(a, PERSONA_PLACEMENT_OFFICER, providers[i],
		    MEMBERS__ROLE__ROLE_PLACEMENT_OFFICER);
	}
}

/* Those that mean harm come with a key of their own: two with a role, one whose role
 * has ended and one whose key was revoked. */
static void
add_intruders(struct actors *a, char providers[PROVIDERS][MODEL_ID])
{
	unsigned first = (unsigned)a->n;
	Members__EndRole *end;
	Members__RevokeKey *revoke;

	for (unsigned i = 0; i < 4; i++) {
		bool is_commissioner = i % 2 == 0;
		struct actor *c = &a->list[a->n];

		c->is_commissioner = is_commissioner;
		c->has_own_key = true;
		add_person(a, PERSONA_INTRUDER,
		    is_commissioner ? councils[i / 2] : providers[3 + i / 2],
		    is_commissioner ? MEMBERS__ROLE__ROLE_COMMISSIONER
				    : MEMBERS__ROLE__ROLE_PLACEMENT_OFFICER);
		c->is_on_call = true;
		c->has_left = i >= 2;
	}
	end = MESSAGE_NEW(&a->arena, members__end_role);
	end->person_id = a->list[first + 2].person;
	SET(end, role, MEMBERS__ROLE__ROLE_COMMISSIONER);
	end->organisation_id = a->list[first + 2].organisation;
	SET(end, until_day, actors_today(a));
	ask_done(a, 0, NODE_MEMBERS, MEMBERS__MEMBERS_CALL__CALL_END_ROLE, &end->base);
	revoke = MESSAGE_NEW(&a->arena, members__revoke_key);
	SET_BYTES(
	    revoke, public_key, ((struct bytes){a->world->client_keys[first + 3], 32}));
	ask_done(
	    a, 0, NODE_MEMBERS, MEMBERS__MEMBERS_CALL__CALL_REVOKE_KEY, &revoke->base);
}

/* With the gateway's own key; an administrator sits there. */
static void
add_doorkeeper(struct actors *a)
{
	unsigned client = (unsigned)a->n;

	a->list[client].has_own_key = true;
	add_person(
	    a, PERSONA_DOORKEEPER, "co-operative", MEMBERS__ROLE__ROLE_ADMINISTRATOR);
	memcpy(a->world->client_keys[client], a->world->peers.list[NODES].key, 32);
}

static void
add_ghost(struct actors *a)
{
	struct actor *c = &a->list[a->n];

	c->persona = PERSONA_GHOST;
	memcpy(a->world->client_keys[a->n], a->world->nodes[NODE_REQUESTS].key, 32);
	a->n++;
}

/* ---- homes ---- */

static Foster__Household *
random_household(struct actors *a)
{
	Foster__Household *h = MESSAGE_NEW(&a->arena, foster__household);
	struct random *dice = actors_dice(a);
	uint32_t places = 1 + random_below(dice, 6);

	h->carer_name = TEXT("Invented Carer");
	h->council_id = TEXT(councils[random_below(dice, COUNT(councils))]);
	h->home_sector = TEXT(sectors[random_below(dice, COUNT(sectors))]);
	h->approval = MESSAGE_NEW(&a->arena, foster__approval);
	SET(h->approval, kind, FOSTER__APPROVAL_KIND__APPROVAL_KIND_MAINSTREAM);
	SET(h->approval, children_max, places);
	SET(h->approval, age_min_years, 0);
	SET(h->approval, age_max_years, 17);
	SET(h->approval, takes_girls, true);
	SET(h->approval, takes_boys, true);
	SET(h->approval, approved_day, actors_today(a) - 400);
	SET(h, bedrooms, places);
	SET(h, siblings_may_share, true);
	SET(h, takes_emergencies, true);
	SET(h, fee_pence_week, 90000);
	h->languages = LIST_NEW(&a->arena, 1, char *);
	h->languages[h->n_languages++] = TEXT("en");
	return h;
}

static void
register_household(struct actors *a, unsigned client)
{
	Foster__RegisterHousehold *r =
	    MESSAGE_NEW(&a->arena, foster__register_household);
	Foster__OpenVacancy *o;
	const Foster__Vacancy *v;
	char id[MODEL_ID], council[MODEL_ID];

	r->household = random_household(a);
	model_keep(council, r->household->council_id);
	model_keep(id, ask_done(a, client, NODE_FOSTER,
			   FOSTER__FOSTER_CALL__CALL_REGISTER_HOUSEHOLD, &r->base));
	actors_learn(&a->homes, id, NULL, council);
	o = MESSAGE_NEW(&a->arena, foster__open_vacancy);
	o->household_id = id;
	SET(o, available_from_day, actors_today(a));
	v = ask(
	    a, client, NODE_FOSTER, FOSTER__FOSTER_CALL__CALL_OPEN_VACANCY, &o->base);
	if (v != NULL)
		actors_learn(
		    &a->vacancies, v->vacancy_id, id, a->list[client].organisation);
}

static void
register_home(struct actors *a, unsigned client)
{
	char id[MODEL_ID];
	const Residential__Vacancy *v;
	Residential__RegisterHome *r = house_new(a, client);
	uint32_t age_min = r->home->age_min_years;

	model_keep(
	    id, ask_done(a, client, NODE_RESIDENTIAL,
		    RESIDENTIAL__RESIDENTIAL_CALL__CALL_REGISTER_HOME, &r->base));
	actors_learn(&a->care_homes, id, NULL, a->list[client].organisation);
	for (Common__AgeBand band = COMMON__AGE_BAND__AGE_BAND_5_TO_9;
	     band <= COMMON__AGE_BAND__AGE_BAND_16_TO_17; band++) {
		if (model_band(age_min) > (unsigned)band)
			continue;
		v = ask(a, client, NODE_RESIDENTIAL,
		    RESIDENTIAL__RESIDENTIAL_CALL__CALL_OPEN_VACANCY,
		    &house_open(a, id, band)->base);
		if (v != NULL)
			actors_learn(&a->vacancies, v->vacancy_id, id,
			    a->list[client].organisation);
	}
}

static void
register_places(struct actors *a, unsigned client)
{
	for (unsigned k = 0; k < HOMES_A_PROVIDER / 2; k++) {
		if (house_is_kept_by(a, client))
			register_home(a, client);
		else
			register_household(a, client);
	}
}

void
actors_open(struct actors *a, struct world *w, struct model *m)
{
	const uint8_t seed[32] = {1};
	char providers[PROVIDERS][MODEL_ID];

	memset(a, 0, sizeof *a);
	a->world = w;
	a->model = m;
	w->people = a;
	if (arena_open(&a->arena, ACTORS_BYTES) != ERR_NONE)
		abort();
	a->is_resting = true;
	actors_go(a);
	a->n = 1; /* the administrator */
	if (w->is_over || svc_first(w->nodes[NODE_MEMBERS].svc, w->now_ms, seed,
			      first_administrator, w->client_keys[0]) != ERR_NONE) {
		world_fail(w, "no first administrator");
		return;
	}
	for (size_t i = 0; i < COUNT(councils); i++)
		register_council(a, i);
	for (size_t i = 0; i < PROVIDERS; i++)
		register_provider(a, i, providers[i]);
	add_people(a, providers);
	add_ghost(a);
	add_intruders(a, providers);
	add_doorkeeper(a);
	world_run(w, w->now_ms + HEAR_OF_EACH_OTHER_MS);
	for (unsigned client = 0; client < a->n; client++)
		if (a->list[client].persona == PERSONA_PLACEMENT_OFFICER)
			register_places(a, client);
	world_run(w, w->now_ms + HEAR_OF_EACH_OTHER_MS);
	a->is_resting = false;
}
