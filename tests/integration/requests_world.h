#ifndef RCC_TESTS_INTEGRATION_REQUESTS_WORLD_H
#define RCC_TESTS_INTEGRATION_REQUESTS_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/access.h"
#include "base/day.h"
#include "base/message.h"
#include "base/str.h"
#include "requests/requests.h"
#include "requests/wire.h"
#include "support/machine.h"

#include "foster.pb-c.h"
#include "residential.pb-c.h"

/*
 * rcc-requests among stand-ins: a members that only has a journal, and a foster and a
 * residential that answer as the test tells them and write down what they were asked.
 */

#define MANCHESTER "E08000003"
#define SALFORD "E08000006" /* adjoins Manchester */
#define WIGAN "E08000010"   /* does not */
#define HOUR_MS INT64_C(3600000)
#define DAY_MS (24 * HOUR_MS)
#define N(list) (sizeof(list) / sizeof((list)[0]))
#define CALL(name) REQUESTS__REQUESTS_CALL__CALL_##name
#define FOSTER_CALL(name) FOSTER__FOSTER_CALL__CALL_##name /* every owner's */
#define STATE(name) REQUESTS__STATE__STATE_##name

/* Keys of people (the peers have 1 to 7), and whom they act for. */
enum who {
	COMMISSIONER = 21,
	OFFICER,
	DIRECTOR,
	NEIGHBOUR,
	BIDDER,
	RIVAL,
	QUIET,
	REGION,
	HOMES
};

#define PROVIDER_1 "000000000000000000000000p1"
#define PROVIDER_2 "000000000000000000000000p2"
#define PROVIDER_3 "000000000000000000000000p3" /* Manchester's own team */
#define VACANCY_1 "000000000000000000000000v1"  /* in Salford */
#define VACANCY_2 "000000000000000000000000v2"  /* in Wigan */
#define VACANCY_3 "000000000000000000000000v3"  /* in Salford */
#define VACANCY_SHUT "000000000000000000000000v9"
#define PROVIDER_4 "000000000000000000000000p4" /* of homes */
#define BED_1 "000000000000000000000000b1"      /* a children's home, in Manchester */
#define BED_2 "000000000000000000000000b2"      /* supported accommodation, there too */

/* ---- owners of places that do as they are told ---- */

enum told { SAY_YES, SAY_NO, SAY_NOTHING };

struct owner_call {
	bool is_residential;
	uint32_t method;
	char id[27], hold_id[27], placement_id[27], vacancy_id[27];
	uint32_t children;
	bool is_solo; /* not safe with any child */
	uint64_t fencing_number;
	int64_t latest_start_time;
	int32_t day;
};

static struct {
	enum told told[64];       /* by method */
	enum told homes_told[64]; /* residential, where it is told apart */
	bool are_apart;
	struct owner_call calls[256];
	size_t n;
	int64_t hold_ms;
} owner;

static const struct refusal owner_says_no = {
    150, "The place was taken at 14:05.", NULL, NULL};

static inline void
copy_id(char out[27], const char *id)
{
	for (size_t i = 0; id != NULL && i < 26; i++)
		out[i] = id[i];
}

/* Writes the call down, and says whether it is to be answered with yes. */
static inline bool
told_yes(struct svc_ask *ask, const struct owner_call *what, enum err *e)
{
	struct owner_call call = *what;

	call.method = ask->method;
	call.is_residential = svc_context(ask->svc) != NULL;
	copy_id(call.id, ask->command_id);
	assert_true(owner.n < N(owner.calls));
	owner.calls[owner.n++] = call;
	*e = ERR_NONE;
	switch (call.is_residential && owner.are_apart ? owner.homes_told[ask->method]
						       : owner.told[ask->method]) {
	case SAY_YES: return true;
	case SAY_NO: svc_refuse(ask, &owner_says_no, NULL); return false;
	case SAY_NOTHING: *e = ERR_BUSY; return false;
	}
	return false;
}

static inline enum err
owner_done(struct svc_ask *ask)
{
	Common__Done *done = MESSAGE_NEW(ask->arena, common__done);

	svc_answer(ask, &done->base);
	return ERR_NONE;
}

static inline enum err
on_hold(struct svc_ask *ask, const ProtobufCMessage *message)
{
	const Place__Hold *asked = (const void *)message;
	struct owner_call call = {.children = (uint32_t)asked->n_children};
	Place__Held *held = MESSAGE_NEW(ask->arena, place__held);
	enum err e;

	copy_id(call.vacancy_id, asked->vacancy_id);
	assert_string_equal(asked->placing_council_id, MANCHESTER);
	for (size_t i = 0; i < asked->n_not_safe_with; i++)
		call.is_solo |= asked->not_safe_with[i] ==
		                COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_ANY_CHILD;
	if (!told_yes(ask, &call, &e))
		return e;
	held->hold_id = str_copy(ask->arena, ask->command_id);
	SET(held, fencing_number, 4000 + owner.n);
	SET(held, expires_time, ask->now_ms + owner.hold_ms);
	svc_answer(ask, &held->base);
	return ERR_NONE;
}

static inline enum err
on_confirm(struct svc_ask *ask, const ProtobufCMessage *message)
{
	const Place__ConfirmHold *asked = (const void *)message;
	struct owner_call call = {.fencing_number = asked->fencing_number,
	    .latest_start_time = asked->latest_start_time};
	enum err e;

	copy_id(call.hold_id, asked->hold_id);
	return told_yes(ask, &call, &e) ? owner_done(ask) : e;
}

static inline enum err
on_release(struct svc_ask *ask, const ProtobufCMessage *message)
{
	struct owner_call call = {0};
	enum err e;

	copy_id(call.hold_id, ((const Place__Release *)(const void *)message)->hold_id);
	return told_yes(ask, &call, &e) ? owner_done(ask) : e;
}

static inline enum err
on_start(struct svc_ask *ask, const ProtobufCMessage *message)
{
	const Place__Start *asked = (const void *)message;
	struct owner_call call = {
	    .fencing_number = asked->fencing_number, .day = asked->start_day};
	enum err e;

	copy_id(call.hold_id, asked->hold_id);
	copy_id(call.placement_id, asked->placement_id);
	assert_string_equal(asked->placing_council_id, MANCHESTER);
	return told_yes(ask, &call, &e) ? owner_done(ask) : e;
}

static inline enum err
on_end(struct svc_ask *ask, const ProtobufCMessage *message)
{
	const Place__End *asked = (const void *)message;
	struct owner_call call = {.day = asked->end_day};
	enum err e;

	copy_id(call.placement_id, asked->placement_id);
	return told_yes(ask, &call, &e) ? owner_done(ask) : e;
}

static inline enum err
apply_nothing(struct kv_txn *txn, struct arena *a, const struct svc_event *e)
{
	(void)a;
	(void)e;
	return txn->err;
}

static const struct svc_method owner_methods[] = {
    {FOSTER_CALL(HOLD), 0, "requests", SVC_COMMAND, on_hold},
    {FOSTER_CALL(CONFIRM_HOLD), 0, "requests", SVC_COMMAND, on_confirm},
    {FOSTER_CALL(RELEASE), 0, "requests", SVC_COMMAND, on_release},
    {FOSTER_CALL(START), 0, "requests", SVC_COMMAND, on_start},
    {FOSTER_CALL(END), 0, "requests", SVC_COMMAND, on_end},
};

static const struct svc_release owner_releases[] = {
    {"requests", FOSTER__FOSTER_EVENT__EVENT_VACANCY_PUBLISHED, NULL},
    {"requests", FOSTER__FOSTER_EVENT__EVENT_HOLD_EXPIRED, NULL},
    {"requests", FOSTER__FOSTER_EVENT__EVENT_HOLD_GRANTED, NULL},
};

static const struct service owner_service = {
    .name = "foster",
    .layout = 1,
    .call = &foster__foster_call__descriptor,
    .answer = &foster__foster_answer__descriptor,
    .event = &foster__foster_event__descriptor,
    .methods = owner_methods,
    .methods_n = N(owner_methods),
    .apply = apply_nothing,
    .releases = owner_releases,
    .releases_n = N(owner_releases),
    .owns_access = true,
};

static const struct svc_release home_releases[] = {
    {"requests", RESIDENTIAL__RESIDENTIAL_EVENT__EVENT_VACANCY_PUBLISHED, NULL},
    {"requests", RESIDENTIAL__RESIDENTIAL_EVENT__EVENT_HOLD_EXPIRED, NULL},
};

/* Two services with one set of handlers: this tells them apart. */
static inline enum err
open_home(struct svc *svc, const char *option, char *problem, size_t problem_size)
{
	static int is_residential;

	(void)option;
	(void)problem;
	(void)problem_size;
	svc_set_context(svc, &is_residential, NULL);
	return ERR_NONE;
}

static const struct service home_service = {
    .name = "residential",
    .layout = 1,
    .call = &residential__residential_call__descriptor,
    .answer = &residential__residential_answer__descriptor,
    .event = &residential__residential_event__descriptor,
    .methods = owner_methods,
    .methods_n = N(owner_methods),
    .apply = apply_nothing,
    .releases = home_releases,
    .releases_n = N(home_releases),
    .owns_access = true,
    .opened = open_home,
};

/* ---- the members that only has a journal ---- */

static const struct svc_release member_releases[] = {
    {"requests", MEMBERS__MEMBERS_EVENT__EVENT_COUNCIL_REGISTERED, NULL},
    {"requests", MEMBERS__MEMBERS_EVENT__EVENT_PROVIDER_REGISTERED, NULL},
    {"requests", MEMBERS__MEMBERS_EVENT__EVENT_PERSON_REGISTERED, NULL},
    {"requests", MEMBERS__MEMBERS_EVENT__EVENT_KEY_REGISTERED, NULL},
};

static const struct service member_service = {
    .name = "members",
    .layout = 1,
    .call = &members__members_call__descriptor,
    .answer = &members__members_answer__descriptor,
    .event = &members__members_event__descriptor,
    .apply = apply_nothing,
    .releases = member_releases,
    .releases_n = N(member_releases),
    .owns_access = true,
};

static inline void
add_council(struct machines *m, const char *id, const char *adjoins, bool is_member)
{
	Members__Council row = MEMBERS__COUNCIL__INIT;
	Members__CouncilRegistered event = MEMBERS__COUNCIL_REGISTERED__INIT;
	Members__Membership membership = MEMBERS__MEMBERSHIP__INIT;
	Members__Membership *memberships[] = {&membership};
	char *adjoining[] = {str_copy(&m->arena, adjoins)};

	row.council_id = str_copy(&m->arena, id);
	row.adjoining_council_ids = adjoining;
	row.n_adjoining_council_ids = adjoins != NULL;
	SET(&membership, from_day, 1);
	row.memberships = memberships;
	row.n_memberships = is_member;
	event.council = &row;
	machines_decide(m, "members", MEMBERS__MEMBERS_EVENT__EVENT_COUNCIL_REGISTERED,
	    &event.base);
}

static inline void
add_provider(struct machines *m, const char *id, Members__ProviderKind kind,
    const char *council_id)
{
	Members__Provider row = MEMBERS__PROVIDER__INIT;
	Members__ProviderRegistered event = MEMBERS__PROVIDER_REGISTERED__INIT;

	row.provider_id = str_copy(&m->arena, id);
	SET(&row, kind, kind);
	row.council_id = str_copy(&m->arena, council_id);
	event.provider = &row;
	machines_decide(m, "members", MEMBERS__MEMBERS_EVENT__EVENT_PROVIDER_REGISTERED,
	    &event.base);
}

static inline void
add_person(
    struct machines *m, enum who who, Members__Role role, const char *organisation)
{
	Members__Person row = MEMBERS__PERSON__INIT;
	Members__PersonRegistered person = MEMBERS__PERSON_REGISTERED__INIT;
	Members__Key key = MEMBERS__KEY__INIT;
	Members__KeyRegistered registered = MEMBERS__KEY_REGISTERED__INIT;
	Members__Grant grant = MEMBERS__GRANT__INIT;
	Members__Grant *grants[] = {&grant};
	uint8_t public_key[32];

	row.person_id =
	    str_format(&m->arena, "0000000000000000000000%04u", (unsigned)who);
	SET(&grant, role, role);
	grant.organisation_id = str_copy(&m->arena, organisation);
	SET(&grant, from_day, 1);
	row.grants = grants;
	row.n_grants = 1;
	person.person = &row;
	machines_decide(m, "members", MEMBERS__MEMBERS_EVENT__EVENT_PERSON_REGISTERED,
	    &person.base);
	machine_key((unsigned)who, public_key);
	SET_BYTES(&key, public_key, ((struct bytes){public_key, sizeof public_key}));
	key.person_id = row.person_id;
	registered.key = &key;
	machines_decide(m, "members", MEMBERS__MEMBERS_EVENT__EVENT_KEY_REGISTERED,
	    &registered.base);
}

static inline void
publish(struct machines *m, const char *vacancy_id, const char *provider_id,
    const char *council_id, bool is_open)
{
	Foster__Vacancy row = FOSTER__VACANCY__INIT;
	Foster__VacancyPublished event = FOSTER__VACANCY_PUBLISHED__INIT;

	row.vacancy_id = str_copy(&m->arena, vacancy_id);
	row.provider_id = str_copy(&m->arena, provider_id);
	row.household_id = str_copy(&m->arena, "000000000000000000000000h1");
	row.council_id = str_copy(&m->arena, council_id);
	SET(&row, is_open, is_open);
	event.vacancy = &row;
	machines_decide(
	    m, "foster", FOSTER__FOSTER_EVENT__EVENT_VACANCY_PUBLISHED, &event.base);
}

static inline void
publish_bed(struct machines *m, const char *vacancy_id, Common__CareType care_type,
    bool is_open)
{
	Residential__Vacancy row = RESIDENTIAL__VACANCY__INIT;
	Residential__VacancyPublished event = RESIDENTIAL__VACANCY_PUBLISHED__INIT;

	row.vacancy_id = str_copy(&m->arena, vacancy_id);
	row.provider_id = str_copy(&m->arena, PROVIDER_4);
	row.home_id = str_copy(&m->arena, "000000000000000000000000h2");
	row.council_id = str_copy(&m->arena, MANCHESTER);
	SET(&row, care_type, care_type);
	SET(&row, is_open, is_open);
	event.vacancy = &row;
	machines_decide(m, "residential",
	    RESIDENTIAL__RESIDENTIAL_EVENT__EVENT_VACANCY_PUBLISHED, &event.base);
}

static inline void
fill_members(struct machines *m)
{
	const Members__ProviderKind agency =
	    MEMBERS__PROVIDER_KIND__PROVIDER_KIND_FOSTERING_AGENCY;

	add_council(m, MANCHESTER, SALFORD, true);
	add_council(m, SALFORD, MANCHESTER, true);
	add_council(m, WIGAN, NULL, false);
	add_provider(m, PROVIDER_1, agency, NULL);
	add_provider(m, PROVIDER_2, agency, NULL);
	add_provider(m, PROVIDER_3,
	    MEMBERS__PROVIDER_KIND__PROVIDER_KIND_COUNCIL_FOSTERING, MANCHESTER);
	add_provider(
	    m, PROVIDER_4, MEMBERS__PROVIDER_KIND__PROVIDER_KIND_CHILDRENS_HOMES, NULL);
	add_person(m, HOMES, MEMBERS__ROLE__ROLE_PLACEMENT_OFFICER, PROVIDER_4);
	add_person(m, COMMISSIONER, MEMBERS__ROLE__ROLE_COMMISSIONER, MANCHESTER);
	add_person(m, OFFICER, MEMBERS__ROLE__ROLE_NOMINATED_OFFICER, MANCHESTER);
	add_person(m, DIRECTOR, MEMBERS__ROLE__ROLE_DIRECTOR, MANCHESTER);
	add_person(m, NEIGHBOUR, MEMBERS__ROLE__ROLE_COMMISSIONER, SALFORD);
	add_person(m, BIDDER, MEMBERS__ROLE__ROLE_PLACEMENT_OFFICER, PROVIDER_1);
	add_person(m, RIVAL, MEMBERS__ROLE__ROLE_PLACEMENT_OFFICER, PROVIDER_2);
	add_person(m, QUIET, MEMBERS__ROLE__ROLE_PLACEMENT_OFFICER, PROVIDER_3);
	add_person(m, REGION, MEMBERS__ROLE__ROLE_COOPERATIVE_OFFICER, "co-operative");
}

static inline int
make_world(void **state)
{
	struct machines *m = calloc(1, sizeof *m);

	assert_non_null(m);
	machines_open(m);
	memset(&owner, 0, sizeof owner);
	owner.hold_ms = 2 * HOUR_MS;
	machines_add(m, &member_service, NULL);
	machines_add(m, &owner_service, NULL);
	machines_add(m, &home_service, NULL);
	machines_add(m, &requests_service, NULL);
	fill_members(m);
	publish(m, VACANCY_1, PROVIDER_1, SALFORD, true);
	publish(m, VACANCY_2, PROVIDER_2, WIGAN, true);
	publish(m, VACANCY_3, PROVIDER_3, SALFORD, true);
	publish(m, VACANCY_SHUT, PROVIDER_1, SALFORD, false);
	publish_bed(m, BED_1, COMMON__CARE_TYPE__CARE_TYPE_CHILDRENS_HOME, true);
	publish_bed(
	    m, BED_2, COMMON__CARE_TYPE__CARE_TYPE_SUPPORTED_ACCOMMODATION, true);
	machines_settle(m);
	*state = m;
	return 0;
}

static inline int
clear_world(void **state)
{
	machines_close(*state);
	free(*state);
	return 0;
}

#endif
