#ifndef RCC_TESTS_INTEGRATION_REQUESTS_STEPS_H
#define RCC_TESTS_INTEGRATION_REQUESTS_STEPS_H

#include "requests_world.h"

/* What people say to rcc-requests in that world, and the steps to a placement. */

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

/* Its only placement, or the first of them. */
static inline const Requests__Journey *
journey_of(struct machines *m, char *request_id)
{
	const Requests__Request *request = shown(m, request_id);

	assert_true(request->n_journeys > 0);
	return request->journeys[0];
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

static inline Common__Health *
health(struct machines *m)
{
	Common__HealthAsked asked = COMMON__HEALTH_ASKED__INIT;
	struct machine_call call = by(COMMISSIONER, CALL(HEALTH), &asked);

	return machines_ask(m, &call, &common__health__descriptor);
}

/* Entries in the journal, after whatever was due has passed. */
static inline uint64_t
entries_now(struct machines *m)
{
	/* The first one lets time pass; it tells what was committed before it. */
	health(m);
	return health(m)->head_number;
}

static inline uint32_t
owed_n(struct machines *m)
{
	struct svc_sends sends;
	int64_t wake_ms;

	/* They are counted when it is looked at what passing time makes us send. */
	assert_int_equal(
	    svc_due(machines_svc(m, "requests"), m->now_ms, &sends, &wake_ms),
	    ERR_NONE);
	return health(m)->owed_calls;
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
	SET(out, legal_status, REQUESTS__LEGAL_STATUS__LEGAL_STATUS_C2);
	SET(out, earlier_placements, 2);
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
answer_from(struct machines *m, const char *service, const char *owed_id,
    uint32_t method, const ProtobufCMessage *body)
{
	Envelope__Envelope envelope = ENVELOPE__ENVELOPE__INIT;
	Envelope__Refusal no = ENVELOPE__REFUSAL__INIT;
	struct svc_input in = {.is_answer = true, .service = service};
	uint8_t seed[32] = {9};
	struct svc_sends sends;
	struct bytes packed;

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
	assert_int_equal(
	    svc_turn(machines_svc(m, "requests"), m->now_ms, seed, &in, 1, &sends),
	    ERR_NONE);
}

static inline void
answer_now(struct machines *m, const char *owed_id, uint32_t method,
    const ProtobufCMessage *body)
{
	answer_from(m, "foster", owed_id, method, body);
}

/* ---- three siblings, who may live apart ---- */

static inline Requests__Part *
part_of(struct machines *m, const char *letters)
{
	Requests__Part *part = MESSAGE_NEW(&m->arena, requests__part);

	part->child_refs = LIST_NEW(&m->arena, 6, char *);
	for (; *letters != '\0'; letters++)
		part->child_refs[part->n_child_refs++] =
		    str_format(&m->arena, "%c", *letters);
	return part;
}

/* A, B and C: all together, or C in a home of its own, or each. */
static inline char *
submit_siblings(struct machines *m)
{
	static const char *const splits[][3] = {{"AB", "C", NULL}, {"A", "B", "C"}};
	Requests__Submit *body = need(m, REQUESTS__URGENCY__URGENCY_PLANNED);
	struct machine_call call = by(COMMISSIONER, CALL(SUBMIT), body);
	Requests__Submitted *answer;

	body->children = LIST_NEW(&m->arena, 3, Requests__ChildNeed *);
	for (body->n_children = 0; body->n_children < 3; body->n_children++) {
		Requests__ChildNeed *child = need(m, body->urgency)->children[0];

		SET(child, age_years, 7 + 2 * (uint32_t)body->n_children);
		body->children[body->n_children] = child;
	}
	SET(body, are_siblings, 1);
	body->permitted_splits = LIST_NEW(&m->arena, N(splits), Requests__Split *);
	for (size_t i = 0; i < N(splits); i++) {
		Requests__Split *split = MESSAGE_NEW(&m->arena, requests__split);

		split->parts = LIST_NEW(&m->arena, 3, Requests__Part *);
		for (size_t k = 0; k < 3 && splits[i][k] != NULL; k++)
			split->parts[split->n_parts++] = part_of(m, splits[i][k]);
		body->permitted_splits[body->n_permitted_splits++] = split;
	}
	answer = machines_ask(m, &call, &requests__submitted__descriptor);
	return answer->request_id;
}

static inline char *
offer_part(struct machines *m, enum who who, char *request_id, const char *vacancy_id,
    const char *letters)
{
	Requests__Offer *call = offer_of(m, request_id, vacancy_id);
	Requests__Part *part = part_of(m, letters);

	call->child_refs = part->child_refs;
	call->n_child_refs = part->n_child_refs;
	return does(m, who, CALL(OFFER), call)->id;
}

static inline Requests__Decide *
decision_on_two(struct machines *m, char *request_id, char *one, char *other)
{
	Requests__Decide *call = decision(m, request_id, one);

	call->further_offer_ids = LIST_NEW(&m->arena, 1, char *);
	call->further_offer_ids[call->n_further_offer_ids++] = other;
	SET(call, split_reason, REQUESTS__SPLIT_REASON__SPLIT_REASON_NO_HOME_FOR_ALL);
	return call;
}

#endif
