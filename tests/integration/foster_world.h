#ifndef RCC_TESTS_INTEGRATION_FOSTER_WORLD_H
#define RCC_TESTS_INTEGRATION_FOSTER_WORLD_H

/* rcc-foster as a machine among people: two providers, two councils, and a journal of
 * members that it follows. Every function fails the test where it is not answered. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/access.h"
#include "base/day.h"
#include "base/message.h"
#include "base/str.h"
#include "foster/foster.h"
#include "foster/wire.h"
#include "support/machine.h"

#include "members.pb-c.h"

#define AREA "E08000003"
#define ELSEWHERE "E08000009"
#define TODAY 20778
#define MINUTE_MS INT64_C(60000)
#define DAY_MS (INT64_C(24) * 60 * MINUTE_MS)
#define CALL(name) FOSTER__FOSTER_CALL__CALL_##name
#define APPROVAL(name) FOSTER__APPROVAL_KIND__APPROVAL_KIND_##name
#define KIND(name) FOSTER__OCCUPANT_KIND__OCCUPANT_KIND_##name
#define SEX(name) COMMON__SEX__SEX_##name

/* Who asks: a person by number, or a service by name. */
enum who {
	OFFICER = 20,
	OTHER_OFFICER,
	HOMES_OFFICER,
	AREA_OFFICER,
	OTHER_COUNCIL,
	/* by foster_who_test.c alone */
	AREA_COMMISSIONER,
	AREA_DIRECTOR,
	OF_COOPERATIVE,
};

struct foster_world {
	struct machines m;
	char *provider, *other_provider, *homes;
};

static const struct svc_release belonging_releases[] = {
    {"foster", MEMBERS__MEMBERS_EVENT__EVENT_COUNCIL_REGISTERED, NULL},
    {"foster", MEMBERS__MEMBERS_EVENT__EVENT_PROVIDER_REGISTERED, NULL},
    {"foster", MEMBERS__MEMBERS_EVENT__EVENT_PERSON_REGISTERED, NULL},
    {"foster", MEMBERS__MEMBERS_EVENT__EVENT_KEY_REGISTERED, NULL},
};

/* The journal of members, without its service. */
static const struct service belonging = {
    .name = "members",
    .layout = 1,
    .call = &members__members_call__descriptor,
    .answer = &members__members_answer__descriptor,
    .event = &members__members_event__descriptor,
    .apply = access_apply,
    .releases = belonging_releases,
    .releases_n = sizeof belonging_releases / sizeof belonging_releases[0],
    .owns_access = true,
};

static inline char *
said(struct foster_world *w, const char *text)
{
	return str_copy(&w->m.arena, text);
}

static inline void
world_council(struct foster_world *w, const char *id)
{
	Members__CouncilRegistered e = MEMBERS__COUNCIL_REGISTERED__INIT;
	Members__Council row = MEMBERS__COUNCIL__INIT;

	row.council_id = said(w, id);
	row.name = said(w, "A council");
	e.council = &row;
	machines_decide(&w->m, "members",
	    MEMBERS__MEMBERS_EVENT__EVENT_COUNCIL_REGISTERED, &e.base);
}

static inline char *
world_provider(struct foster_world *w, Members__ProviderKind kind)
{
	Members__ProviderRegistered e = MEMBERS__PROVIDER_REGISTERED__INIT;
	Members__Provider row = MEMBERS__PROVIDER__INIT;

	row.provider_id = machines_id(&w->m);
	row.name = said(w, "An invented agency");
	SET(&row, kind, kind);
	e.provider = &row;
	machines_decide(&w->m, "members",
	    MEMBERS__MEMBERS_EVENT__EVENT_PROVIDER_REGISTERED, &e.base);
	return row.provider_id;
}

static inline void
world_person(struct foster_world *w, enum who who, Members__Role role,
    const char *organisation_id)
{
	Members__PersonRegistered person = MEMBERS__PERSON_REGISTERED__INIT;
	Members__KeyRegistered key = MEMBERS__KEY_REGISTERED__INIT;
	Members__Person row = MEMBERS__PERSON__INIT;
	Members__Key key_row = MEMBERS__KEY__INIT;
	Members__Grant grant = MEMBERS__GRANT__INIT;
	Members__Grant *grants[] = {&grant};
	uint8_t bytes[32];

	machine_key(who, bytes);
	SET(&grant, role, role);
	grant.organisation_id = said(w, organisation_id);
	SET(&grant, from_day, TODAY - 100);
	row.person_id = machines_id(&w->m);
	row.name = said(w, "Somebody");
	row.grants = grants;
	row.n_grants = 1;
	person.person = &row;
	machines_decide(&w->m, "members",
	    MEMBERS__MEMBERS_EVENT__EVENT_PERSON_REGISTERED, &person.base);
	SET_BYTES(&key_row, public_key, ((struct bytes){bytes, sizeof bytes}));
	key_row.person_id = row.person_id;
	key.key = &key_row;
	machines_decide(
	    &w->m, "members", MEMBERS__MEMBERS_EVENT__EVENT_KEY_REGISTERED, &key.base);
}

static inline void
world_open(struct foster_world *w)
{
	machines_open(&w->m);
	machines_add(&w->m, &belonging, NULL);
	machines_add(&w->m, &foster_service, NULL);
	world_council(w, AREA);
	world_council(w, ELSEWHERE);
	w->provider =
	    world_provider(w, MEMBERS__PROVIDER_KIND__PROVIDER_KIND_FOSTERING_AGENCY);
	w->other_provider =
	    world_provider(w, MEMBERS__PROVIDER_KIND__PROVIDER_KIND_COUNCIL_FOSTERING);
	w->homes =
	    world_provider(w, MEMBERS__PROVIDER_KIND__PROVIDER_KIND_CHILDRENS_HOMES);
	world_person(w, OFFICER, MEMBERS__ROLE__ROLE_PLACEMENT_OFFICER, w->provider);
	world_person(
	    w, OTHER_OFFICER, MEMBERS__ROLE__ROLE_PLACEMENT_OFFICER, w->other_provider);
	world_person(w, HOMES_OFFICER, MEMBERS__ROLE__ROLE_PLACEMENT_OFFICER, w->homes);
	world_person(w, AREA_OFFICER, MEMBERS__ROLE__ROLE_NOMINATED_OFFICER, AREA);
	world_person(
	    w, OTHER_COUNCIL, MEMBERS__ROLE__ROLE_NOMINATED_OFFICER, ELSEWHERE);
	machines_settle(&w->m);
	w->m.now_ms = MACHINE_TIME_MS + 5 * MINUTE_MS; /* 12:05 in London */
}

/* ---- calls ---- */

static inline struct machine_call
call_of(enum who who, uint32_t method, const ProtobufCMessage *body)
{
	struct machine_call call = {
	    .service = "foster", .method = method, .body = body};

	machine_key(who, call.key);
	return call;
}

static inline struct machine_call
call_by_requests(struct foster_world *w, uint32_t method, const ProtobufCMessage *body)
{
	struct machine_call call = {
	    .service = "foster", .method = method, .body = body};

	machine_peer_key(&w->m, "requests", call.key);
	return call;
}

static inline const Common__Done *
done(struct foster_world *w, struct machine_call call)
{
	return machines_ask(&w->m, &call, &common__done__descriptor);
}

static inline uint32_t
no(struct foster_world *w, struct machine_call call)
{
	return machines_refused(&w->m, &call);
}

/* A household that takes three, with four bedrooms, in the area. */
struct household_row {
	Foster__Household row;
	Foster__Approval terms;
};

static inline void
household_make(struct foster_world *w, struct household_row *h)
{
	foster__household__init(&h->row);
	foster__approval__init(&h->terms);
	h->row.carer_name = said(w, "Invented Carer");
	h->row.council_id = said(w, AREA);
	h->row.home_sector = said(w, "M14 5");
	h->row.approval = &h->terms;
	SET(&h->row, bedrooms, 6);
	SET(&h->row, fee_pence_week, 45000);
	SET(&h->terms, kind, APPROVAL(MAINSTREAM));
	SET(&h->terms, children_max, 3);
	SET(&h->terms, age_min_years, 0);
	SET(&h->terms, age_max_years, 17);
	SET(&h->terms, takes_girls, true);
	SET(&h->terms, takes_boys, true);
	SET(&h->terms, approved_day, TODAY - 300);
}

static inline struct machine_call
register_call(enum who who, struct household_row *h)
{
	static Foster__RegisterHousehold body;

	foster__register_household__init(&body);
	body.household = &h->row;
	return call_of(who, CALL(REGISTER_HOUSEHOLD), &body.base);
}

static inline const char *
registered(struct foster_world *w, uint32_t children_max)
{
	struct household_row h;

	household_make(w, &h);
	SET(&h.terms, children_max, children_max);
	return done(w, register_call(OFFICER, &h))->id;
}

static inline const Foster__Vacancy *
opened(struct foster_world *w, const char *household_id)
{
	Foster__OpenVacancy body = FOSTER__OPEN_VACANCY__INIT;

	body.household_id = said(w, household_id);
	struct machine_call call = call_of(OFFICER, CALL(OPEN_VACANCY), &body.base);
	return machines_ask(&w->m, &call, &foster__vacancy__descriptor);
}

static inline const Foster__HouseholdShown *
shown(struct foster_world *w, enum who who, const char *household_id)
{
	Foster__HouseholdAsked body = FOSTER__HOUSEHOLD_ASKED__INIT;

	body.household_id = said(w, household_id);
	struct machine_call call = call_of(who, CALL(HOUSEHOLD), &body.base);
	return machines_ask(&w->m, &call, &foster__household_shown__descriptor);
}

static inline const Foster__Places *
places(struct foster_world *w, const char *household_id)
{
	return shown(w, OFFICER, household_id)->places;
}

/* ---- holds ---- */

static inline Place__Hold *
hold_of(struct foster_world *w, const Foster__Vacancy *v, size_t n, bool are_siblings)
{
	Place__Hold *h = MESSAGE_NEW(&w->m.arena, place__hold);

	h->request_id = machines_id(&w->m);
	h->vacancy_id = v->vacancy_id;
	h->children = LIST_NEW(&w->m.arena, n, Common__Child *);
	h->n_children = n;
	for (size_t i = 0; i < n; i++) {
		Common__Child *c = MESSAGE_NEW(&w->m.arena, common__child);
		h->children[i] = c;
		c->child_id = machines_id(&w->m);
		SET(c, age_years, 7);
		SET(c, age_day, TODAY);
		SET(c, sex, SEX(FEMALE));
	}
	SET(h, are_siblings, are_siblings);
	SET(h, hold_minutes, 60);
	return h;
}

static inline const Place__Held *
held(struct foster_world *w, const Place__Hold *h)
{
	struct machine_call call = call_by_requests(w, CALL(HOLD), &h->base);

	return machines_ask(&w->m, &call, &place__held__descriptor);
}

static inline struct machine_call
confirm_call(struct foster_world *w, const Place__Held *h, uint64_t number)
{
	Place__ConfirmHold *c = MESSAGE_NEW(&w->m.arena, place__confirm_hold);

	c->hold_id = h->hold_id;
	SET(c, fencing_number, number);
	SET(c, latest_start_time, MACHINE_TIME_MS + 3 * DAY_MS);
	return call_by_requests(w, CALL(CONFIRM_HOLD), &c->base);
}

static inline struct machine_call
release_call(struct foster_world *w, const char *hold_id)
{
	Place__Release *r = MESSAGE_NEW(&w->m.arena, place__release);

	r->hold_id = said(w, hold_id);
	return call_by_requests(w, CALL(RELEASE), &r->base);
}

static inline struct machine_call
start_call(struct foster_world *w, const Place__Held *h, const char *placement_id)
{
	Place__Start *s = MESSAGE_NEW(&w->m.arena, place__start);

	s->hold_id = h->hold_id;
	SET(s, fencing_number, h->fencing_number);
	s->placement_id = said(w, placement_id);
	s->placing_council_id = said(w, ELSEWHERE);
	SET(s, start_day, TODAY);
	return call_by_requests(w, CALL(START), &s->base);
}

static inline struct machine_call
end_call(struct foster_world *w, const char *placement_id)
{
	Place__End *e = MESSAGE_NEW(&w->m.arena, place__end);

	e->placement_id = said(w, placement_id);
	SET(e, end_day, TODAY);
	return call_by_requests(w, CALL(END), &e->base);
}

static inline struct machine_call
occupant_call(struct foster_world *w, const char *household_id,
    Foster__OccupantKind kind, uint32_t age)
{
	Foster__RecordOccupant *body =
	    MESSAGE_NEW(&w->m.arena, foster__record_occupant);
	Foster__Occupant *o = MESSAGE_NEW(&w->m.arena, foster__occupant);

	body->occupant = o;
	o->household_id = said(w, household_id);
	o->child_id = machines_id(&w->m);
	SET(o, kind, kind);
	SET(o, age_years, age);
	SET(o, age_day, TODAY);
	SET(o, sex, SEX(MALE));
	SET(o, from_day, TODAY);
	return call_of(OFFICER, CALL(RECORD_OCCUPANT), &body->base);
}

static inline struct machine_call
withhold_call(struct foster_world *w, const char *household_id, int32_t until_day)
{
	Foster__WithholdPlaces *body =
	    MESSAGE_NEW(&w->m.arena, foster__withhold_places);

	body->household_id = said(w, household_id);
	SET(body, places, 2);
	SET(body, reason, FOSTER__WITHHELD_REASON__WITHHELD_REASON_CARER_BREAK);
	if (until_day != 0)
		SET(body, until_day, until_day);
	return call_of(OFFICER, CALL(WITHHOLD_PLACES), &body->base);
}

/* Passes time: due timers become events. */
static inline void
world_wait(struct foster_world *w, int64_t until_ms)
{
	w->m.now_ms = until_ms;
	machines_settle(&w->m);
}

static inline int
world_set_up(void **state)
{
	static struct foster_world w;

	world_open(&w);
	*state = &w;
	return 0;
}

/* Whatever was done, a rebuild from the journal comes to the same tables. */
static inline int
world_tear_down(void **state)
{
	struct foster_world *w = *state;

	machines_check_rebuild(&w->m, "foster");
	machines_close(&w->m);
	return 0;
}

#endif
