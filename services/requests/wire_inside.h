#ifndef RCC_REQUESTS_WIRE_INSIDE_H
#define RCC_REQUESTS_WIRE_INSIDE_H

/*
 * What the files of wire share and nobody else may see.
 *   wire.c          the method table and the service
 *   wire_need.c     submit, withdraw, and the steps all handlers share
 *   wire_bids.c     circulate, interest, offer, decline, open
 *   wire_journey.c  decide, approve, confirm, start, end
 *   wire_owed.c     the owner's answers, the owner's events, passing time
 *   wire_ask.c      questions
 *   wire_shown.c    the question of an owner that was restored
 */

#include "requests/requests.h"
#include "requests/store.h"

#define EVENT(name) REQUESTS__REQUESTS_EVENT__EVENT_##name

svc_handler requests_on_submit;
svc_handler requests_on_withdraw;
svc_handler requests_on_circulate;
svc_handler requests_on_show_interest;
svc_handler requests_on_offer;
svc_handler requests_on_decline;
svc_handler requests_on_open;
svc_handler requests_on_decide;
svc_handler requests_on_approve;
svc_handler requests_on_confirm_offer;
svc_handler requests_on_start;
svc_handler requests_on_end;
svc_handler requests_on_shortlist_asked;
svc_handler requests_on_why_asked;
svc_handler requests_on_request_asked;
svc_handler requests_on_requests_asked;
svc_handler requests_on_journeys_asked;

enum err requests_on_reply(struct svc_ask *ask, const struct svc_reply *reply);
enum err requests_on_timer(struct svc_ask *ask, const Journal__Timer *timer);
enum err requests_on_foster_event(struct svc_ask *ask, const struct svc_event *e);
enum err requests_on_residential_event(struct svc_ask *ask, const struct svc_event *e);

struct requests_act requests_wire_act(const struct svc_ask *ask);
enum err requests_wire_refuse(
    struct svc_ask *ask, enum requests_refusal no, const char *detail);
/* Done: `id` was made or changed by the event with this number. */
enum err requests_wire_done(struct svc_ask *ask, const char *id, uint64_t number);
/* Done without an event: what was asked for is so already. */
enum err requests_wire_done_already(struct svc_ask *ask, const char *id);
/* Decides an event made in the arena; where it was full that is the fault instead. */
void requests_wire_decide(
    struct svc_ask *ask, uint32_t type, const ProtobufCMessage *event);
/* A fresh id as the structs have it; NULL latches. */
char *requests_wire_id(struct svc_ask *ask);

/*
 * The request, where it is of the caller's own council (own) or was made known to
 * the caller's provider (bid). NULL with *e the handler's answer otherwise: refused,
 * without a word on whether there is such a request, or a fault; every step of an
 * emergency accepts a copy of members of any age, other steps one of a day.
 */
Requests__Request *requests_wire_own(
    struct svc_ask *ask, const char *request_id, enum err *e);
Requests__Request *requests_wire_bid(
    struct svc_ask *ask, const char *request_id, enum err *e);
/* The same, by an offer of the caller's provider. */
Requests__Request *requests_wire_offer(
    struct svc_ask *ask, const char *offer_id, enum err *e);

/* A chosen place is lost, and with it what was decided on together. */
struct requests_loss;
void requests_wire_lose(struct svc_ask *ask, const Requests__Request *request,
    const struct requests_loss *loss);
/* The owner is owed the release of a hold. */
void requests_wire_release(struct svc_ask *ask, const Requests__Request *request,
    const char *owner, char *hold_id);

#endif
