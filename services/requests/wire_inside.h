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
 *   wire_drafts.c   drafts: kept, dropped, shown
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
svc_handler requests_on_timeline_asked;
svc_handler requests_on_keep_draft;
svc_handler requests_on_drop_draft;
svc_handler requests_on_draft_asked;
svc_handler requests_on_drafts_asked;
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
/* "child B", for the detail of a refusal; NULL for no child. */
const char *requests_wire_child(struct svc_ask *ask, size_t child, size_t children_n);
/* Is the council that the caller acts for a member of the co-operative today? */
bool requests_wire_is_member(struct svc_ask *ask, const struct requests_act *act);
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

/* The draft, where it is the caller's council's; NULL otherwise, with *e set as above.
 */
const Requests__DraftKept *requests_wire_draft(
    struct svc_ask *ask, const char *draft_id, enum err *e);
/* A draft is over, by the person who asks or, in the end, by time. */
void requests_wire_drop(
    struct svc_ask *ask, const char *draft_id, Requests__DraftEnd end);
/* What a list keeps of a row it was made from: a page must not need the memory of all
 * the rows behind it. `line` was made in the arena after `mark`, which is where the
 * arena is again, with *out behind it. */
enum err requests_wire_keep(struct svc_ask *ask, size_t mark,
    const ProtobufCMessage *line, ProtobufCMessage **out);
/* How many lines a page has, of what the caller asked for. */
uint32_t requests_wire_limit(uint32_t asked);

/* A chosen place is lost, and with it what was decided on together. */
struct requests_loss;
void requests_wire_lose(struct svc_ask *ask, const Requests__Request *request,
    const struct requests_loss *loss);
/* The owner is owed the release of a hold. */
void requests_wire_release(struct svc_ask *ask, const Requests__Request *request,
    const char *owner, char *hold_id);

#endif
