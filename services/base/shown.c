#include "base/shown.h"

#include "base/ask.h"
#include "base/log.h"
#include "base/message.h"
#include "base/place.h"
#include "base/str.h"

/* As many journeys as one decision has room for: with each come the events of its
 * place, and one is for the page. */
#define ADOPTED_A_PAGE 4

/* ---- asking ---- */

static enum err
owe(struct kv_txn *txn, struct arena *a, const struct svc_event *e,
    const Place__JourneysAsked *asked, char *owed_id)
{
	Journal__OwedCall owed = JOURNAL__OWED_CALL__INIT;
	struct bytes body;
	enum err err = message_pack(a, &asked->base, &body);

	if (err != ERR_NONE)
		return err;
	if (owed_id == NULL)
		return ERR_CORRUPT;
	owed.owed_id = owed_id;
	owed.service = str_copy(a, "requests");
	if (owed.service == NULL)
		return ERR_MEMORY;
	SET(&owed, method, SHOWN_METHOD);
	SET_BYTES(&owed, body, body);
	SET(&owed, opened_time, e->time_ms);
	svc_owe(txn, a, &owed);
	return txn->err;
}

enum err
shown_on_restored(struct svc_ask *ask, const struct journal_head *head,
    const struct shown_owner *owner)
{
	Place__Restored event = PLACE__RESTORED__INIT;

	event.asked_id = ask_new_id(ask);
	SET(&event, incarnation, head->incarnation);
	SET(&event, last_number, head->number);
	SET(&event, last_time, head->time_ms);
	svc_decide(ask, owner->restored_event, &event.base);
	return ask->txn->err;
}

enum err
shown_apply_restored(struct kv_txn *txn, struct arena *a, const struct svc_event *e)
{
	const Place__Restored *restored = (const void *)e->message;
	Place__JourneysAsked asked = PLACE__JOURNEYS_ASKED__INIT;

	SET_FROM(&asked, incarnation, restored, incarnation);
	return owe(txn, a, e, &asked, restored->asked_id);
}

enum err
shown_apply_journeys(struct kv_txn *txn, struct arena *a, const struct svc_event *e)
{
	const Place__JourneysShown *shown = (const void *)e->message;
	Place__JourneysAsked asked = PLACE__JOURNEYS_ASKED__INIT;

	if (shown->asked_id == NULL)
		return ERR_CORRUPT;
	svc_owed_close(txn, shown->asked_id);
	if (shown->is_all)
		svc_restored_clear(txn, e);
	if (shown->next_asked_id == NULL)
		return txn->err;
	asked.after_id = shown->next_after_id;
	SET_FROM(&asked, incarnation, shown, incarnation);
	return owe(txn, a, e, &asked, shown->next_asked_id);
}

/* ---- one page ---- */

/* How far a page has been taken. */
struct taking {
	const Place__Journeys *page;
	size_t taken;
	size_t adopted;
	size_t *without_place; /* indices of those in places not known here */
	size_t without_place_n;
};

static enum err
take(struct svc_ask *ask, const struct shown_owner *owner, struct taking *t)
{
	t->without_place = LIST_NEW(ask->arena, t->page->n_journeys + 1, size_t);
	if (t->without_place == NULL)
		return ERR_MEMORY;
	for (; t->taken < t->page->n_journeys && t->adopted < ADOPTED_A_PAGE;
	     t->taken++) {
		const Place__JourneyShown *journey = t->page->journeys[t->taken];
		enum shown_outcome outcome = SHOWN_KNOWN;

		if (!place_is_shown_whole(journey))
			return ERR_MALFORMED;
		enum err e = owner->adopt(ask, journey, &outcome);
		if (e != ERR_NONE)
			return e;
		t->adopted += outcome == SHOWN_ADOPTED;
		if (outcome == SHOWN_NO_PLACE)
			t->without_place[t->without_place_n++] = t->taken;
	}
	return ERR_NONE;
}

/* A request of which not all was taken is asked for once more: what was is then known.
 */
static void
leave_cut_request(struct taking *t)
{
	Place__JourneyShown *const *list = t->page->journeys;

	if (t->taken == t->page->n_journeys)
		return;
	const char *request_id = list[t->taken]->request_id;
	while (t->taken > 0 && str_equal(list[t->taken - 1]->request_id, request_id))
		t->taken--;
	while (t->without_place_n > 0 &&
	       t->without_place[t->without_place_n - 1] >= t->taken)
		t->without_place_n--;
}

/* Where to go on, NULL: from the first. False where all has been shown. */
static bool
goes_on(const struct taking *t, char *asked_after_id, char **after_id)
{
	if (t->taken == t->page->n_journeys) {
		*after_id = t->page->next_id;
		return *after_id != NULL;
	}
	*after_id =
	    t->taken > 0 ? t->page->journeys[t->taken - 1]->request_id : asked_after_id;
	return true;
}

static enum err
name_without_place(
    struct svc_ask *ask, const struct taking *t, Place__JourneysShown *event)
{
	event->unknown_place_hold_ids =
	    LIST_NEW(ask->arena, t->without_place_n + 1, char *);
	if (event->unknown_place_hold_ids == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < t->without_place_n; i++) {
		const Place__JourneyShown *journey =
		    t->page->journeys[t->without_place[i]];

		event->unknown_place_hold_ids[i] = journey->hold_id;
		log_line(LOG_LEVEL_WARN, "journey.without_place", "hold",
		    journey->hold_id, "place", journey->held->place_id, NULL);
	}
	event->n_unknown_place_hold_ids = t->without_place_n;
	return ERR_NONE;
}

static enum err
take_page(struct svc_ask *ask, const struct shown_owner *owner, struct taking *t,
    const Place__JourneysAsked *asked, Place__JourneysShown *event)
{
	enum err e = take(ask, owner, t);

	if (e != ERR_NONE)
		return e;
	leave_cut_request(t);
	SET(event, shown, (uint32_t)t->taken);
	SET(event, adopted, (uint32_t)t->adopted);
	if (goes_on(t, asked->after_id, &event->next_after_id))
		event->next_asked_id = ask_new_id(ask);
	else
		SET(event, is_all, true);
	return name_without_place(ask, t, event);
}

enum err
shown_on_reply(
    struct svc_ask *ask, const struct svc_reply *reply, const struct shown_owner *owner)
{
	Place__JourneysShown event = PLACE__JOURNEYS_SHOWN__INIT;
	struct taking t = {.page = (const void *)reply->answer};
	ProtobufCMessage *asked;
	enum err e = message_unpack(ask->arena, &place__journeys_asked__descriptor,
	    BYTES_OF(reply->owed->body), &asked);

	if (e != ERR_NONE)
		return e;
	/* No rule refuses it: there is nothing to go on with but to ask again. */
	if (t.page == NULL)
		return ERR_BUSY;
	event.asked_id = reply->owed->owed_id;
	SET(&event, incarnation, ((Place__JourneysAsked *)(void *)asked)->incarnation);
	/* Asked in a life before this one: this life asks for itself, from the first.
	 */
	if (event.incarnation == svc_incarnation(ask))
		e = take_page(
		    ask, owner, &t, (const Place__JourneysAsked *)asked, &event);
	if (e != ERR_NONE)
		return e;
	svc_decide(ask, owner->journeys_shown_event, &event.base);
	if (event.is_all)
		log_line(LOG_LEVEL_INFO, "journeys.shown", NULL);
	return ask->txn->err;
}
