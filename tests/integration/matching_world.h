#ifndef RCC_TESTS_MATCHING_WORLD_H
#define RCC_TESTS_MATCHING_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/message.h"
#include "base/str.h"
#include "matching/matching.h"
#include "matching/policy.h"
#include "matching/shortlist.h"
#include "matching/wire.h"
#include "support/invent.h"
#include "support/machine.h"
#include "support/scalar.h"

#define POLICY "services/matching/policy.conf"
#define FOSTER 300
#define HOMES 150
#define VACANCIES (FOSTER + HOMES)
#define REQUESTS 12
#define CALL(name) MATCHING__MATCHING_CALL__CALL_##name
#define BEA 101 /* the key of a person */

/*
 * matching as a machine, beside owners that only keep a journal: what it follows, and
 * how it is asked.
 */

static inline enum err
apply_nothing(struct kv_txn *txn, struct arena *a, const struct svc_event *e)
{
	(void)a;
	(void)e;
	return txn->err;
}

#define PERSON_REGISTERED MEMBERS__MEMBERS_EVENT__EVENT_PERSON_REGISTERED
#define KEY_REGISTERED MEMBERS__MEMBERS_EVENT__EVENT_KEY_REGISTERED
#define COUNCIL_REGISTERED MEMBERS__MEMBERS_EVENT__EVENT_COUNCIL_REGISTERED
#define VACANCY_PUBLISHED FOSTER__FOSTER_EVENT__EVENT_VACANCY_PUBLISHED
#define HOME_PUBLISHED RESIDENTIAL__RESIDENTIAL_EVENT__EVENT_VACANCY_PUBLISHED
#define REQUEST_SUBMITTED REQUESTS__REQUESTS_EVENT__EVENT_REQUEST_SUBMITTED
#define REQUEST_WITHDRAWN REQUESTS__REQUESTS_EVENT__EVENT_REQUEST_WITHDRAWN
#define PLACEMENT_STARTED REQUESTS__REQUESTS_EVENT__EVENT_PLACEMENT_STARTED
#define DRAFT_KEPT REQUESTS__REQUESTS_EVENT__EVENT_DRAFT_KEPT
#define DRAFT_DROPPED REQUESTS__REQUESTS_EVENT__EVENT_DRAFT_DROPPED

static const struct svc_release of_members[] = {
    {"matching", PERSON_REGISTERED, NULL},
    {"matching", KEY_REGISTERED, NULL},
    {"matching", COUNCIL_REGISTERED, NULL},
};
static const struct svc_release of_foster[] = {{"matching", VACANCY_PUBLISHED, NULL}};
static const struct svc_release of_residential[] = {{"matching", HOME_PUBLISHED, NULL}};
static const struct svc_release of_requests[] = {
    {"matching", REQUEST_SUBMITTED, NULL},
    {"matching", REQUEST_WITHDRAWN, NULL},
    {"matching", PLACEMENT_STARTED, NULL},
    {"matching", DRAFT_KEPT, NULL},
    {"matching", DRAFT_DROPPED, NULL},
};

static const struct service members = {.name = "members",
    .layout = 1,
    .call = &members__members_call__descriptor,
    .answer = &members__members_answer__descriptor,
    .event = &members__members_event__descriptor,
    .apply = apply_nothing,
    .releases = of_members,
    .releases_n = 3,
    .owns_access = true};
static const struct service foster = {.name = "foster",
    .layout = 1,
    .call = &foster__foster_call__descriptor,
    .answer = &foster__foster_answer__descriptor,
    .event = &foster__foster_event__descriptor,
    .apply = apply_nothing,
    .releases = of_foster,
    .releases_n = 1};
static const struct service residential = {.name = "residential",
    .layout = 1,
    .call = &residential__residential_call__descriptor,
    .answer = &residential__residential_answer__descriptor,
    .event = &residential__residential_event__descriptor,
    .apply = apply_nothing,
    .releases = of_residential,
    .releases_n = 1};
static const struct service requests = {.name = "requests",
    .layout = 1,
    .call = &requests__requests_call__descriptor,
    .answer = &requests__requests_answer__descriptor,
    .event = &requests__requests_event__descriptor,
    .apply = apply_nothing,
    .releases = of_requests,
    .releases_n = sizeof of_requests / sizeof of_requests[0]};

struct room {
	struct machines m;
	struct invent invent;
	struct policy policy;
	Foster__Vacancy *foster[FOSTER];
	Residential__Vacancy *home[HOMES];
	struct scalar_vacancy vacancy[VACANCIES]; /* those, one after the other */
	Requests__RequestSubmitted *request[REQUESTS];
};

static inline void
publish(struct room *room, Foster__Vacancy *vacancy)
{
	Foster__VacancyPublished event = FOSTER__VACANCY_PUBLISHED__INIT;

	event.vacancy = vacancy;
	machines_decide(&room->m, "foster", VACANCY_PUBLISHED, &event.base);
}

static inline void
publish_home(struct room *room, Residential__Vacancy *vacancy)
{
	Residential__VacancyPublished event = RESIDENTIAL__VACANCY_PUBLISHED__INIT;

	event.vacancy = vacancy;
	machines_decide(&room->m, "residential", HOME_PUBLISHED, &event.base);
}

static inline void
add_members(struct room *room)
{
	uint8_t bytes[32];
	char name[] = "A council", *adjoining[] = {invent_councils[1]};
	Members__Council council = MEMBERS__COUNCIL__INIT;
	Members__CouncilRegistered registered = MEMBERS__COUNCIL_REGISTERED__INIT;
	Members__Grant grant = MEMBERS__GRANT__INIT, *grants[] = {&grant};
	Members__Person person = MEMBERS__PERSON__INIT;
	Members__PersonRegistered added = MEMBERS__PERSON_REGISTERED__INIT;
	Members__Key key = MEMBERS__KEY__INIT;
	Members__KeyRegistered keyed = MEMBERS__KEY_REGISTERED__INIT;

	council.name = name;
	council.adjoining_council_ids = adjoining;
	council.n_adjoining_council_ids = 1;
	registered.council = &council;
	for (size_t i = 0; i < INVENT_COUNCILS; i++) {
		council.council_id = invent_councils[i];
		machines_decide(
		    &room->m, "members", COUNCIL_REGISTERED, &registered.base);
	}
	grant.organisation_id = invent_councils[0];
	SET(&grant, role, MEMBERS__ROLE__ROLE_COMMISSIONER);
	SET(&grant, from_day, 100);
	person.person_id = machines_id(&room->m);
	person.grants = grants;
	person.n_grants = 1;
	added.person = &person;
	machines_decide(&room->m, "members", PERSON_REGISTERED, &added.base);
	machine_key(BEA, bytes);
	key.person_id = person.person_id;
	SET_BYTES(&key, public_key, ((struct bytes){bytes, sizeof bytes}));
	keyed.key = &key;
	machines_decide(&room->m, "members", KEY_REGISTERED, &keyed.base);
}

static inline int
make(void **state)
{
	struct room *room = calloc(1, sizeof *room);
	char problem[300] = "";

	assert_non_null(room);
	*state = room;
	machines_open(&room->m);
	machines_add(&room->m, &members, NULL);
	machines_add(&room->m, &foster, NULL);
	machines_add(&room->m, &residential, NULL);
	machines_add(&room->m, &requests, NULL);
	machines_add(&room->m, &matching_service, POLICY);
	if (policy_read(POLICY, &room->policy, problem, sizeof problem) != ERR_NONE)
		fail_msg("%s", problem);
	room->invent = (struct invent){&room->m.arena, 4711};
	add_members(room);
	for (uint32_t i = 0; i < FOSTER; i++) {
		room->foster[i] = invent_vacancy(&room->invent, i * 2);
		room->vacancy[i].foster = room->foster[i];
		publish(room, room->foster[i]);
	}
	/* Their ids lie between those of the others. */
	for (uint32_t i = 0; i < HOMES; i++) {
		room->home[i] = invent_home_vacancy(&room->invent, i * 4 + 1);
		room->vacancy[FOSTER + i].home = room->home[i];
		publish_home(room, room->home[i]);
	}
	for (uint32_t i = 0; i < REQUESTS; i++) {
		room->request[i] = invent_request(&room->invent, i);
		machines_decide(
		    &room->m, "requests", REQUEST_SUBMITTED, &room->request[i]->base);
	}
	machines_settle(&room->m);
	return 0;
}

static inline int
clear(void **state)
{
	struct room *room = *state;

	machines_close(&room->m);
	free(room);
	return 0;
}

/* ---- asking ---- */

static inline struct machine_call
call_by(struct room *room, const char *service, uint32_t method, const void *body)
{
	struct machine_call call = {
	    .service = "matching", .method = method, .body = body};

	machine_peer_key(&room->m, service, call.key);
	return call;
}

static inline Matching__Shortlist *
shortlist(struct room *room, unsigned r)
{
	Matching__ShortlistAsked body = MATCHING__SHORTLIST_ASKED__INIT;
	struct machine_call call = call_by(room, "requests", CALL(SHORTLIST), &body);

	body.request_id = room->request[r]->circulation->request_id;
	SET(&body, at_least_number, r + 1);
	return machines_ask(&room->m, &call, &matching__shortlist__descriptor);
}

static inline Matching__Why *
why(struct room *room, unsigned r, char *vacancy_id)
{
	Matching__WhyAsked body = MATCHING__WHY_ASKED__INIT;
	struct machine_call call = call_by(room, "requests", CALL(WHY), &body);

	body.request_id = room->request[r]->circulation->request_id;
	body.vacancy_id = vacancy_id;
	return machines_ask(&room->m, &call, &matching__why__descriptor);
}

static inline struct scalar
scalar_of(const struct room *room)
{
	return (struct scalar){.today = INVENT_TODAY,
	    .now_ms = INVENT_NOON_MS,
	    .points_max = room->policy.points_max,
	    .avoid_miles = room->policy.avoid_miles,
	    .home_miles = room->policy.home_miles,
	    .school_miles = room->policy.school_miles,
	    .confirmed_days = room->policy.confirmed_days,
	    .adjoining_id = invent_councils[1]};
}

/* Bits of the rules that remove it. */
static inline uint32_t
mask_of(const struct room *room, unsigned r, struct scalar_vacancy v)
{
	struct scalar scalar = scalar_of(room);

	return scalar_mask(&scalar, room->request[r], v);
}

#endif
