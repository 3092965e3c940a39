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

/*
 * rcc-requests among stand-ins: a members that only has a journal, and a foster that
 * answers as the test tells it and writes down what it was asked.
 */

#define MANCHESTER "E08000003"
#define SALFORD "E08000006" /* adjoins Manchester */
#define WIGAN "E08000010"   /* does not */
#define HOUR_MS INT64_C(3600000)
#define DAY_MS (24 * HOUR_MS)
#define N(list) (sizeof(list) / sizeof((list)[0]))
#define CALL(name) REQUESTS__REQUESTS_CALL__CALL_##name
#define FOSTER_CALL(name) FOSTER__FOSTER_CALL__CALL_##name
#define STATE(name) REQUESTS__STATE__STATE_##name

/* Keys of people (the peers have 1 to 5), and whom they act for. */
enum who {
	COMMISSIONER = 21,
	OFFICER,
	DIRECTOR,
	NEIGHBOUR,
	BIDDER,
	RIVAL,
	QUIET,
	REGION
};

#define PROVIDER_1 "000000000000000000000000p1"
#define PROVIDER_2 "000000000000000000000000p2"
#define PROVIDER_3 "000000000000000000000000p3" /* Manchester's own team */
#define VACANCY_1 "000000000000000000000000v1"  /* in Salford */
#define VACANCY_2 "000000000000000000000000v2"  /* in Wigan */
#define VACANCY_3 "000000000000000000000000v3"  /* in Salford */
#define VACANCY_SHUT "000000000000000000000000v9"

/* ---- the foster that does as it is told ---- */

enum told { SAY_YES, SAY_NO, SAY_NOTHING };

struct owner_call {
	uint32_t method;
	char id[27], hold_id[27], placement_id[27];
	uint64_t fencing_number;
	int64_t latest_start_time;
	int32_t day;
};

static struct {
	enum told told[64]; /* by method */
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
	copy_id(call.id, ask->command_id);
	assert_true(owner.n < N(owner.calls));
	owner.calls[owner.n++] = call;
	*e = ERR_NONE;
	switch (owner.told[ask->method]) {
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
	struct owner_call call = {0};
	Foster__Held *held = MESSAGE_NEW(ask->arena, foster__held);
	enum err e;

	(void)message;
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
	const Foster__ConfirmHold *asked = (const void *)message;
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

	copy_id(
	    call.hold_id, ((const Foster__Release *)(const void *)message)->hold_id);
	return told_yes(ask, &call, &e) ? owner_done(ask) : e;
}

static inline enum err
on_start(struct svc_ask *ask, const ProtobufCMessage *message)
{
	const Foster__Start *asked = (const void *)message;
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
	const Foster__End *asked = (const void *)message;
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
	machines_add(m, &requests_service, NULL);
	fill_members(m);
	publish(m, VACANCY_1, PROVIDER_1, SALFORD, true);
	publish(m, VACANCY_2, PROVIDER_2, WIGAN, true);
	publish(m, VACANCY_3, PROVIDER_3, SALFORD, true);
	publish(m, VACANCY_SHUT, PROVIDER_1, SALFORD, false);
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

/* ---- saying things to it ---- */

static inline struct machine_call
by(enum who who, uint32_t method, const void *body)
{
	struct machine_call call = {
	    .service = "requests", .method = method, .body = body};

	machine_key((unsigned)who, call.key);
	return call;
}

/* A command that must succeed; what its Done says. */
static inline Common__Done *
does(struct machines *m, enum who who, uint32_t method, const void *body)
{
	struct machine_call call = by(who, method, body);

	return machines_ask(m, &call, &common__done__descriptor);
}

static inline uint32_t
refused(struct machines *m, enum who who, uint32_t method, const void *body)
{
	struct machine_call call = by(who, method, body);

	return machines_refused(m, &call);
}

static inline Envelope__Fault
faulted(struct machines *m, enum who who, uint32_t method, const void *body)
{
	struct machine_call call = by(who, method, body);

	return machines_fault(m, &call);
}

/* The whole of it, as the child's own council sees it. */
static inline Requests__Request *
shown(struct machines *m, char *request_id)
{
	Requests__RequestAsked asked = REQUESTS__REQUEST_ASKED__INIT;
	struct machine_call call = by(COMMISSIONER, CALL(REQUEST), &asked);
	Requests__RequestShown *answer;

	asked.request_id = request_id;
	answer = machines_ask(m, &call, &requests__request_shown__descriptor);
	assert_non_null(answer->request);
	return answer->request;
}

static inline void
assert_state(struct machines *m, char *request_id, Requests__State state)
{
	assert_int_equal(shown(m, request_id)->state, state);
}

static inline Requests__Outcome
outcome_of(struct machines *m, char *request_id, const char *provider_id)
{
	const Requests__Bid *bid = requests_bid_of(shown(m, request_id), provider_id);

	assert_non_null(bid);
	return bid->outcome;
}

static inline size_t
asked_n(uint32_t method)
{
	size_t n = 0;

	for (size_t i = 0; i < owner.n; i++)
		n += owner.calls[i].method == method;
	return n;
}

/* The last call of this method; fails the test where there was none. */
static inline const struct owner_call *
last_asked(uint32_t method)
{
	for (size_t i = owner.n; i > 0; i--)
		if (owner.calls[i - 1].method == method)
			return &owner.calls[i - 1];
	fail_msg("method %u was never asked of the owner", method);
	return &owner.calls[0];
}

static inline uint32_t
owed_n(struct machines *m)
{
	Common__HealthAsked asked = COMMON__HEALTH_ASKED__INIT;
	struct machine_call call = by(COMMISSIONER, CALL(HEALTH), &asked);
	uint8_t seed[32] = {7};
	struct svc_sends sends;
	int64_t wake_ms;
	Common__Health *health;

	/* The count is read when passing time is looked at. */
	(void)seed;
	assert_int_equal(
	    svc_due(machines_svc(m, "requests"), m->now_ms, &sends, &wake_ms),
	    ERR_NONE);
	health = machines_ask(m, &call, &common__health__descriptor);
	return health->owed_calls;
}

/* ---- a need, and the steps to a placement ---- */

static inline Requests__Submit *
need(struct machines *m, Requests__Urgency urgency)
{
	Requests__Submit *out = MESSAGE_NEW(&m->arena, requests__submit);
	Requests__ChildNeed *child = MESSAGE_NEW(&m->arena, requests__child_need);
	int32_t today = day_in_london(m->now_ms);

	SET(out, urgency, urgency);
	SET(out, needed_by_day, today + 1);
	out->home_sector = str_copy(&m->arena, "M14 5");
	out->school_sector = str_copy(&m->arena, "M14 6");
	SET(out, family_first,
	    REQUESTS__FAMILY_FIRST__FAMILY_FIRST_CONSIDERED_NOBODY_FOUND);
	SET(child, age_years, 9);
	SET(child, age_day, today);
	SET(child, sex, COMMON__SEX__SEX_FEMALE);
	out->children = LIST_NEW(&m->arena, 1, Requests__ChildNeed *);
	out->children[out->n_children++] = child;
	return out;
}

static inline char *
submit(struct machines *m, Requests__Urgency urgency)
{
	struct machine_call call = by(COMMISSIONER, CALL(SUBMIT), need(m, urgency));
	Requests__Submitted *answer =
	    machines_ask(m, &call, &requests__submitted__descriptor);

	return answer->request_id;
}

static inline Requests__Circulate *
circulation(struct machines *m, char *request_id, const char *const *ids, size_t n)
{
	Requests__Circulate *call = MESSAGE_NEW(&m->arena, requests__circulate);

	call->request_id = request_id;
	call->vacancy_ids = LIST_NEW(&m->arena, n + 1, char *);
	for (; call->n_vacancy_ids < n; call->n_vacancy_ids++)
		call->vacancy_ids[call->n_vacancy_ids] =
		    str_copy(&m->arena, ids[call->n_vacancy_ids]);
	return call;
}

static inline void
circulate(struct machines *m, char *request_id)
{
	static const char *const all[] = {VACANCY_1, VACANCY_2, VACANCY_3};

	does(m, COMMISSIONER, CALL(CIRCULATE), circulation(m, request_id, all, N(all)));
}

static inline Requests__Offer *
offer_of(struct machines *m, char *request_id, const char *vacancy_id)
{
	Requests__Offer *call = MESSAGE_NEW(&m->arena, requests__offer);

	call->request_id = request_id;
	call->vacancy_id = str_copy(&m->arena, vacancy_id);
	SET(call, fee_pence_week, 95000);
	SET(call, earliest_start_day, day_in_london(m->now_ms));
	return call;
}

static inline char *
offer(struct machines *m, enum who who, char *request_id, const char *vacancy_id)
{
	return does(m, who, CALL(OFFER), offer_of(m, request_id, vacancy_id))->id;
}

static inline Requests__Decide *
decision(struct machines *m, char *request_id, char *offer_id)
{
	Requests__Decide *call = MESSAGE_NEW(&m->arena, requests__decide);

	call->request_id = request_id;
	call->offer_id = offer_id;
	SET(call, reason, REQUESTS__DECISION_REASON__DECISION_REASON_BEST_MEETS_NEEDS);
	return call;
}

static inline Requests__Approve *
approval(struct machines *m, char *request_id, bool all)
{
	Requests__Approve *call = MESSAGE_NEW(&m->arena, requests__approve);

	call->request_id = request_id;
	call->grounds = MESSAGE_NEW(&m->arena, requests__approval_grounds);
	SET(call->grounds, wishes_considered, 1);
	SET(call->grounds, most_appropriate, 1);
	SET(call->grounds, relatives_consulted, all);
	SET(call->grounds, reviewing_officer_consulted, all);
	SET(call->grounds, area_authority_notified, all);
	SET(call->grounds, area_authority_consulted, all);
	return call;
}

static inline Requests__ConfirmOffer *
yes_to(struct machines *m, char *offer_id)
{
	Requests__ConfirmOffer *call = MESSAGE_NEW(&m->arena, requests__confirm_offer);

	call->offer_id = offer_id;
	return call;
}

static inline Requests__Start *
start_of(struct machines *m, char *request_id)
{
	Requests__Start *call = MESSAGE_NEW(&m->arena, requests__start);

	call->request_id = request_id;
	SET(call, start_day, day_in_london(m->now_ms));
	return call;
}

static inline Requests__End *
end_of(struct machines *m, char *request_id)
{
	Requests__End *call = MESSAGE_NEW(&m->arena, requests__end);

	call->request_id = request_id;
	SET(call, end_day, day_in_london(m->now_ms));
	SET(call, reason, REQUESTS__END_REASON__END_REASON_CARE_PLAN);
	return call;
}

static inline Requests__Withdraw *
withdrawal(struct machines *m, char *request_id)
{
	Requests__Withdraw *call = MESSAGE_NEW(&m->arena, requests__withdraw);

	call->request_id = request_id;
	SET(call, reason, REQUESTS__WITHDRAW_REASON__WITHDRAW_REASON_RETURNED_HOME);
	return call;
}

/* Two offers made: of PROVIDER_1 (*chosen) and PROVIDER_2. PROVIDER_3 is silent. */
static inline char *
with_offers(struct machines *m, Requests__Urgency urgency, char **chosen)
{
	char *request_id = submit(m, urgency);

	circulate(m, request_id);
	*chosen = offer(m, BIDDER, request_id, VACANCY_1);
	offer(m, RIVAL, request_id, VACANCY_2);
	return request_id;
}

/* As far along as this state, the owner answering as it is told. */
static inline char *
brought_to(struct machines *m, Requests__State state, char **chosen)
{
	char *r = with_offers(m, REQUESTS__URGENCY__URGENCY_PLANNED, chosen);

	if (state >= STATE(DECIDED))
		does(m, COMMISSIONER, CALL(DECIDE), decision(m, r, *chosen));
	if (state >= STATE(HELD))
		machines_settle(m);
	if (state >= STATE(CONFIRMING))
		does(m, BIDDER, CALL(CONFIRM_OFFER), yes_to(m, *chosen));
	if (state >= STATE(CONFIRMED))
		machines_settle(m);
	if (state >= STATE(STARTING)) {
		does(m, OFFICER, CALL(APPROVE), approval(m, r, true));
		does(m, COMMISSIONER, CALL(START), start_of(m, r));
	}
	if (state >= STATE(STARTED))
		machines_settle(m);
	assert_state(m, r, state);
	return r;
}

/* Answers a call of requests directly: late, twice, or before an event. */
static inline void
answer_now(struct machines *m, const char *owed_id, uint32_t method,
    const ProtobufCMessage *body)
{
	Envelope__Envelope envelope = ENVELOPE__ENVELOPE__INIT;
	Envelope__Refusal no = ENVELOPE__REFUSAL__INIT;
	struct svc_input in = {.is_answer = true, .service = "foster"};
	uint8_t seed[32] = {9};
	struct svc_sends sends;
	struct bytes packed;
	size_t taken;

	envelope.correlation_id = str_copy(&m->arena, owed_id);
	SET(&envelope, method, method);
	SET(&no, number, owner_says_no.number);
	no.sentence = str_copy(&m->arena, owner_says_no.sentence);
	if (body == NULL) {
		envelope.refusal = &no;
	} else {
		assert_int_equal(message_pack(&m->arena, body, &packed), ERR_NONE);
		SET_BYTES(&envelope, body, packed);
	}
	assert_int_equal(
	    message_pack(&m->arena, &envelope.base, &in.envelope), ERR_NONE);
	seed[1] = (uint8_t)++m->drawn;
	assert_int_equal(svc_turn(machines_svc(m, "requests"), m->now_ms, seed, &in, 1,
			     &taken, &sends),
	    ERR_NONE);
}

#endif
