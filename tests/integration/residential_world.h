#ifndef RCC_TESTS_INTEGRATION_RESIDENTIAL_WORLD_H
#define RCC_TESTS_INTEGRATION_RESIDENTIAL_WORLD_H

/* rcc-residential as a machine among people: three providers, two councils, and a
 * journal of members that it follows. Every function fails the test where it is not
 * answered. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/access.h"
#include "base/day.h"
#include "base/message.h"
#include "base/str.h"
#include "residential/home.h"
#include "residential/wire.h"
#include "support/machine.h"

#include "members.pb-c.h"

#define AREA "E08000003"
#define ELSEWHERE "E08000009"
#define TODAY 20778
#define MINUTE_MS INT64_C(60000)
#define DAY_MS (INT64_C(24) * 60 * MINUTE_MS)
#define CALL(name) RESIDENTIAL__RESIDENTIAL_CALL__CALL_##name
#define CARE_TYPE(name) COMMON__CARE_TYPE__CARE_TYPE_##name
#define KIND(name) RESIDENTIAL__OCCUPANT_KIND__OCCUPANT_KIND_##name
#define RESTRICTION(name) RESIDENTIAL__RESTRICTION_KIND__RESTRICTION_KIND_##name
#define BAND(name) COMMON__AGE_BAND__AGE_BAND_##name
#define WITH(name) COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_##name
#define SEX(name) COMMON__SEX__SEX_##name
#define ROLE(name) MEMBERS__ROLE__ROLE_##name
#define PROVIDER(name) MEMBERS__PROVIDER_KIND__PROVIDER_KIND_##name

/* Who asks: a person by number, or a service by name. */
enum who {
	OFFICER = 20,
	OTHER_OFFICER,
	SUPPORTED_OFFICER,
	FOSTER_OFFICER,
	COMMISSIONER,
	OTHER_COUNCIL,
	OF_COOPERATIVE,
};

struct residential_world {
	struct machines m;
	char *provider, *other_provider, *supported, *foster;
};

static const struct svc_release belonging_releases[] = {
    {"residential", MEMBERS__MEMBERS_EVENT__EVENT_COUNCIL_REGISTERED, NULL},
    {"residential", MEMBERS__MEMBERS_EVENT__EVENT_PROVIDER_REGISTERED, NULL},
    {"residential", MEMBERS__MEMBERS_EVENT__EVENT_PERSON_REGISTERED, NULL},
    {"residential", MEMBERS__MEMBERS_EVENT__EVENT_KEY_REGISTERED, NULL},
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
said(struct residential_world *w, const char *text)
{
	return str_copy(&w->m.arena, text);
}

static inline void
world_council(struct residential_world *w, const char *id)
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
world_provider(struct residential_world *w, Members__ProviderKind kind)
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
world_person(struct residential_world *w, enum who who, Members__Role role,
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
world_open(struct residential_world *w)
{
	machines_open(&w->m);
	machines_add(&w->m, &belonging, NULL);
	machines_add(&w->m, &residential_service, NULL);
	world_council(w, AREA);
	world_council(w, ELSEWHERE);
	w->provider = world_provider(w, PROVIDER(CHILDRENS_HOMES));
	w->other_provider = world_provider(w, PROVIDER(CHILDRENS_HOMES));
	w->supported = world_provider(w, PROVIDER(SUPPORTED_ACCOMMODATION));
	w->foster = world_provider(w, PROVIDER(FOSTERING_AGENCY));
	world_person(w, OFFICER, ROLE(PLACEMENT_OFFICER), w->provider);
	world_person(w, OTHER_OFFICER, ROLE(PLACEMENT_OFFICER), w->other_provider);
	world_person(w, SUPPORTED_OFFICER, ROLE(PLACEMENT_OFFICER), w->supported);
	world_person(w, FOSTER_OFFICER, ROLE(PLACEMENT_OFFICER), w->foster);
	world_person(w, COMMISSIONER, ROLE(COMMISSIONER), AREA);
	world_person(w, OTHER_COUNCIL, ROLE(NOMINATED_OFFICER), ELSEWHERE);
	world_person(w, OF_COOPERATIVE, ROLE(COOPERATIVE_OFFICER), "co-operative");
	machines_settle(&w->m);
	w->m.now_ms = MACHINE_TIME_MS + 5 * MINUTE_MS; /* 12:05 in London */
}

/* ---- calls ---- */

static inline struct machine_call
call_of(enum who who, uint32_t method, const ProtobufCMessage *body)
{
	struct machine_call call = {
	    .service = "residential", .method = method, .body = body};

	machine_key(who, call.key);
	return call;
}

static inline struct machine_call
call_by_requests(
    struct residential_world *w, uint32_t method, const ProtobufCMessage *body)
{
	struct machine_call call = {
	    .service = "residential", .method = method, .body = body};

	machine_peer_key(&w->m, "requests", call.key);
	return call;
}

static inline const Common__Done *
done(struct residential_world *w, struct machine_call call)
{
	return machines_ask(&w->m, &call, &common__done__descriptor);
}

static inline uint32_t
no(struct residential_world *w, struct machine_call call)
{
	return machines_refused(&w->m, &call);
}

/* ---- homes ---- */

/* A children's home for five from 5 to 17, in the area, all beds staffed. */
static inline Residential__Home *
home_made(struct residential_world *w, const char *urn)
{
	Residential__Home *h = MESSAGE_NEW(&w->m.arena, residential__home);

	h->home_name = said(w, "Invented House");
	h->urn = said(w, urn);
	SET(h, care_type, CARE_TYPE(CHILDRENS_HOME));
	SET(h, statement_version, 3);
	SET(h, statement_day, TODAY - 100);
	h->council_id = said(w, AREA);
	h->home_sector = said(w, "M14 5");
	SET(h, registered_places, 5);
	SET(h, staffed_beds, 5);
	SET(h, age_min_years, 5);
	SET(h, age_max_years, 17);
	SET(h, takes_girls, true);
	SET(h, takes_boys, true);
	SET(h, grade, MEMBERS__GRADE__GRADE_GOOD);
	SET(h, grade_day, TODAY - 200);
	SET(h, fee_pence_week, 520000);
	return h;
}

static inline struct machine_call
register_call(struct residential_world *w, enum who who, Residential__Home *home)
{
	Residential__RegisterHome *body =
	    MESSAGE_NEW(&w->m.arena, residential__register_home);

	body->home = home;
	return call_of(who, CALL(REGISTER_HOME), &body->base);
}

static inline struct machine_call
amend_call(struct residential_world *w, enum who who, Residential__Home *home)
{
	Residential__AmendHome *body =
	    MESSAGE_NEW(&w->m.arena, residential__amend_home);

	body->home = home;
	return call_of(who, CALL(AMEND_HOME), &body->base);
}

static inline const char *
registered(struct residential_world *w, const char *urn)
{
	return done(w, register_call(w, OFFICER, home_made(w, urn)))->id;
}

static inline const Residential__HomeShown *
shown(struct residential_world *w, enum who who, const char *home_id)
{
	Residential__HomeAsked body = RESIDENTIAL__HOME_ASKED__INIT;

	body.home_id = said(w, home_id);
	struct machine_call call = call_of(who, CALL(HOME), &body.base);
	return machines_ask(&w->m, &call, &residential__home_shown__descriptor);
}

/* The home's row as it stands, to change and amend with. */
static inline Residential__Home *
row_of(struct residential_world *w, const char *home_id)
{
	return shown(w, OFFICER, home_id)->home;
}

static inline const Residential__Beds *
beds(struct residential_world *w, const char *home_id)
{
	return shown(w, OFFICER, home_id)->beds;
}

/* Registered, staffed, occupied, held, reserved, closed and free, as one text. */
static inline const char *
beds_text(struct residential_world *w, const char *home_id)
{
	const Residential__Beds *b = beds(w, home_id);

	return str_format(&w->m.arena,
	    "%u %u: %u there, %u held, %u reserved, "
	    "%u closed, %u free",
	    b->registered, b->staffed, b->occupied, b->held, b->reserved, b->closed,
	    b->free);
}

static inline struct machine_call
open_call(struct residential_world *w, enum who who, const char *home_id,
    Common__AgeBand band)
{
	Residential__OpenVacancy *body =
	    MESSAGE_NEW(&w->m.arena, residential__open_vacancy);

	body->home_id = said(w, home_id);
	SET(body, age_band, band);
	return call_of(who, CALL(OPEN_VACANCY), &body->base);
}

static inline const Residential__Vacancy *
opened(struct residential_world *w, const char *home_id, Common__AgeBand band)
{
	struct machine_call call = open_call(w, OFFICER, home_id, band);

	return machines_ask(&w->m, &call, &residential__vacancy__descriptor);
}

static inline Residential__Occupant *
occupant_made(struct residential_world *w, const char *home_id, uint32_t age)
{
	Residential__Occupant *o = MESSAGE_NEW(&w->m.arena, residential__occupant);

	o->home_id = said(w, home_id);
	SET(o, kind, age < 18 ? KIND(PLACED_OUTSIDE) : KIND(OVER_18));
	SET(o, age_years, age);
	SET(o, age_day, TODAY);
	SET(o, sex, SEX(MALE));
	SET(o, from_day, TODAY);
	return o;
}

static inline struct machine_call
occupant_call(struct residential_world *w, Residential__Occupant *o)
{
	Residential__RecordOccupant *body =
	    MESSAGE_NEW(&w->m.arena, residential__record_occupant);

	body->occupant = o;
	return call_of(OFFICER, CALL(RECORD_OCCUPANT), &body->base);
}

/* A list of one, in the arena. */
static inline Common__NotSafeWith *
with_one(struct residential_world *w, Common__NotSafeWith with)
{
	Common__NotSafeWith *list = LIST_NEW(&w->m.arena, 1, Common__NotSafeWith);

	list[0] = with;
	return list;
}

static inline struct machine_call
close_call(
    struct residential_world *w, const char *home_id, uint32_t n, int32_t until_day)
{
	Residential__CloseBeds *body =
	    MESSAGE_NEW(&w->m.arena, residential__close_beds);

	body->home_id = said(w, home_id);
	SET(body, beds, n);
	SET(body, reason, RESIDENTIAL__CLOSED_REASON__CLOSED_REASON_REPAIRS);
	if (until_day != 0)
		SET(body, until_day, until_day);
	return call_of(OFFICER, CALL(CLOSE_BEDS), &body->base);
}

static inline struct machine_call
reserve_call(struct residential_world *w, const char *home_id, uint32_t bed_number,
    const char *council_id)
{
	Residential__ReserveBed *body =
	    MESSAGE_NEW(&w->m.arena, residential__reserve_bed);

	body->home_id = said(w, home_id);
	SET(body, bed_number, bed_number);
	body->council_ids = LIST_NEW(&w->m.arena, 1, char *);
	body->council_ids[0] = said(w, council_id);
	body->n_council_ids = 1;
	return call_of(OFFICER, CALL(RESERVE_BED), &body->base);
}

/* ---- holds ---- */

static inline Place__Hold *
hold_of(
    struct residential_world *w, const Residential__Vacancy *v, size_t n, uint32_t age)
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
		SET(c, age_years, age);
		SET(c, age_day, TODAY);
		SET(c, sex, SEX(FEMALE));
	}
	SET(h, are_siblings, n > 1);
	SET(h, hold_minutes, 60);
	h->placing_council_id = said(w, ELSEWHERE);
	return h;
}

static inline struct machine_call
hold_call(struct residential_world *w, const Place__Hold *h)
{
	return call_by_requests(w, CALL(HOLD), &h->base);
}

static inline const Place__Held *
held(struct residential_world *w, const Place__Hold *h)
{
	struct machine_call call = hold_call(w, h);

	return machines_ask(&w->m, &call, &place__held__descriptor);
}

static inline struct machine_call
confirm_call(struct residential_world *w, const Place__Held *h, uint64_t number)
{
	Place__ConfirmHold *c = MESSAGE_NEW(&w->m.arena, place__confirm_hold);

	c->hold_id = h->hold_id;
	SET(c, fencing_number, number);
	SET(c, latest_start_time, MACHINE_TIME_MS + 3 * DAY_MS);
	return call_by_requests(w, CALL(CONFIRM_HOLD), &c->base);
}

static inline struct machine_call
release_call(struct residential_world *w, const char *hold_id)
{
	Place__Release *r = MESSAGE_NEW(&w->m.arena, place__release);

	r->hold_id = said(w, hold_id);
	return call_by_requests(w, CALL(RELEASE), &r->base);
}

static inline struct machine_call
start_call(struct residential_world *w, const Place__Held *h, const char *placement_id)
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
end_call(struct residential_world *w, const char *placement_id)
{
	Place__End *e = MESSAGE_NEW(&w->m.arena, place__end);

	e->placement_id = said(w, placement_id);
	SET(e, end_day, TODAY);
	return call_by_requests(w, CALL(END), &e->base);
}

/* Passes time: due timers become events. */
static inline void
world_wait(struct residential_world *w, int64_t until_ms)
{
	w->m.now_ms = until_ms;
	machines_settle(&w->m);
}

static inline int
world_set_up(void **state)
{
	static struct residential_world w;

	world_open(&w);
	*state = &w;
	return 0;
}

/* Whatever was done, a rebuild from the journal comes to the same tables. */
static inline int
world_tear_down(void **state)
{
	struct residential_world *w = *state;

	machines_check_rebuild(&w->m, "residential");
	machines_close(&w->m);
	return 0;
}

#endif
