#ifndef RCC_TESTS_INTEGRATION_SHOWING_H
#define RCC_TESTS_INTEGRATION_SHOWING_H

#include "base/message.h"
#include "base/str.h"
#include "base/svc.h"
#include "support/machine.h"

#include "requests.pb-c.h"

/* A stand-in for rcc-requests that shows an owner of places what the test says it
 * promised, page by page. */
static struct {
	Place__JourneyShown *list[32];
	size_t n;
	size_t a_page;
	unsigned asked;
	unsigned answers; /* it gives so many more, and is busy then */
} showing;

static inline enum err
on_journeys(struct svc_ask *ask, const ProtobufCMessage *message)
{
	const Place__JourneysAsked *asked = (const void *)message;
	Place__Journeys *answer = MESSAGE_NEW(ask->arena, place__journeys);
	size_t from = 0;

	if (showing.answers == 0)
		return ERR_BUSY;
	showing.answers--;
	showing.asked++;
	for (size_t i = 0; asked->after_id != NULL && i < showing.n; i++)
		if (str_equal(showing.list[i]->request_id, asked->after_id))
			from = i + 1;
	answer->journeys = showing.list + from;
	for (; from < showing.n && answer->n_journeys < showing.a_page; from++)
		answer->n_journeys++;
	if (from < showing.n)
		answer->next_id = showing.list[from - 1]->request_id;
	svc_answer(ask, &answer->base);
	return ERR_NONE;
}

static inline enum err
apply_none(struct kv_txn *txn, struct arena *a, const struct svc_event *e)
{
	(void)a;
	(void)e;
	return txn->err;
}

static const struct svc_method showing_methods[] = {
    {REQUESTS__REQUESTS_CALL__CALL_JOURNEYS, 0, "foster residential", SVC_QUESTION,
	on_journeys},
};

static const struct service showing_service = {
    .name = "requests",
    .layout = 1,
    .call = &requests__requests_call__descriptor,
    .answer = &requests__requests_answer__descriptor,
    .event = &requests__requests_event__descriptor,
    .methods = showing_methods,
    .methods_n = 1,
    .apply = apply_none,
    .owns_access = true,
};

static inline void
showing_open(struct machines *m)
{
	showing.n = 0;
	showing.a_page = 100;
	showing.asked = 0;
	showing.answers = UINT32_MAX;
	machines_add(m, &showing_service, NULL);
}

/* Held, as the owner said. */
static inline Place__JourneyShown *
shown_held(struct machines *m, Place__Hold *hold, const Place__Held *held)
{
	Place__JourneyShown *j = MESSAGE_NEW(&m->arena, place__journey_shown);

	j->request_id = hold->request_id;
	j->hold_id = held->hold_id;
	j->hold = hold;
	j->held = message_copy(&m->arena, &held->base);
	showing.list[showing.n++] = j;
	return j;
}

/* And then what was said of it in a call: the body of one that was made. */
#define SHOWN_CALL(m, call, type)                                                      \
	((type *)(void *)message_copy(&(m)->arena, (call).body))

/* Is it still waited for that it is shown more? */
static inline bool
is_waiting(struct machines *m, const char *service)
{
	Common__HealthAsked asked = COMMON__HEALTH_ASKED__INIT;
	struct machine_call call = {
	    .service = service, .method = 2, .body = &asked.base};
	const Common__Health *health;

	machine_peer_key(m, "requests", call.key);
	health = machines_ask(m, &call, &common__health__descriptor);
	return health->restored_waits_for != NULL;
}

#endif
