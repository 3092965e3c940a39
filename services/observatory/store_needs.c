#include "base/day.h"
#include "base/message.h"
#include "base/row.h"
#include "base/str.h"
#include "observatory/store.h"

#include "requests.pb-c.h"

#define EVENT(name) REQUESTS__REQUESTS_EVENT__EVENT_##name

/* One event of requests being applied to the row of its request. */
struct change {
	struct kv_txn *txn;
	struct arena *arena;
	const struct svc_event *event;
	Observatory__NeedRow *row;
};

/* The list with room for one more at its end; latches ERR_MEMORY. */
static void *
longer(const struct change *c, void *list, size_t n)
{
	void **out = LIST_NEW(c->arena, n + 1, void *);

	if (out == NULL)
		kv_fail(c->txn, ERR_MEMORY);
	for (size_t i = 0; i < n && out != NULL; i++)
		out[i] = ((void **)list)[i];
	return out;
}

/* ---- the need ---- */

static bool
set_children(const struct change *c, const Requests__NeedCirculation *need)
{
	Observatory__NeedRow *row = c->row;

	row->children = LIST_NEW(c->arena, need->n_children, Observatory__ChildRow *);
	for (size_t i = 0; i < need->n_children && row->children != NULL; i++) {
		Observatory__ChildRow *child =
		    MESSAGE_NEW(c->arena, observatory__child_row);
		if (child == NULL)
			return false;
		child->child_ref = need->children[i]->child_ref;
		SET_FROM(child, age_years, need->children[i], age_years);
		SET_FROM(child, age_day, need->children[i], age_day);
		row->children[row->n_children++] = child;
	}
	return row->children != NULL;
}

static enum err
on_submitted(struct change *c, const void *event)
{
	const Requests__RequestSubmitted *e = event;
	const Requests__NeedCirculation *need = e->circulation;
	Observatory__NeedRow *row = MESSAGE_NEW(c->arena, observatory__need_row);

	if (row == NULL)
		return ERR_MEMORY;
	if (need == NULL || need->request_id == NULL ||
	    !id_is_well_formed(need->request_id))
		return ERR_CORRUPT;
	c->row = row;
	row->request_id = need->request_id;
	row->council_id = need->council_id;
	row->home_sector = need->home_sector;
	SET_FROM(row, overdue_time, e, overdue_time);
	SET_FROM(row, submitted_time, e, submitted_time);
	SET_FROM(row, needed_by_day, need, needed_by_day);
	SET(row, is_same_day, need->urgency == REQUESTS__URGENCY__URGENCY_EMERGENCY);
	SET_FROM(row, are_siblings, need, are_siblings);
	row->n_care_types = need->n_care_types;
	row->care_types = need->care_types;
	return set_children(c, need) ? ERR_NONE : ERR_MEMORY;
}

/* ---- who was asked, and answered ---- */

static Observatory__AskedRow *
asked_of(const struct change *c, const char *provider_id)
{
	for (size_t i = 0; i < c->row->n_asked; i++) {
		if (str_equal(c->row->asked[i]->provider_id, provider_id))
			return c->row->asked[i];
	}
	return NULL;
}

/* One that was asked before is not asked again: its vacancies are more. */
static enum err
add_asked(const struct change *c, char *provider_id)
{
	Observatory__AskedRow *row = MESSAGE_NEW(c->arena, observatory__asked_row);

	if (asked_of(c, provider_id) != NULL)
		return ERR_NONE;
	c->row->asked = longer(c, c->row->asked, c->row->n_asked);
	if (row == NULL || c->row->asked == NULL)
		return ERR_MEMORY;
	row->provider_id = provider_id;
	c->row->asked[c->row->n_asked++] = row;
	return ERR_NONE;
}

static enum err
on_circulated(struct change *c, const void *event)
{
	const Requests__RequestCirculated *circulated = event;
	enum err e = ERR_NONE;

	SET(c->row, is_circulated, true);
	if (!c->row->has_circulated_time)
		SET(c->row, circulated_time, c->event->time_ms);
	for (size_t i = 0; i < circulated->n_bids && e == ERR_NONE; i++)
		e = add_asked(c, circulated->bids[i]->provider_id);
	return e;
}

static void
answer(const struct change *c, const char *provider_id)
{
	Observatory__AskedRow *row = asked_of(c, provider_id);

	if (row != NULL)
		SET(row, has_answered, true);
}

static enum err
on_interest(struct change *c, const void *event)
{
	answer(c, ((const Requests__InterestShown *)event)->provider_id);
	return ERR_NONE;
}

/* Is this offer's placement too far for a no: the provider has said yes to it? */
static bool
is_settled(const struct change *c, const char *offer_id)
{
	for (size_t i = 0; i < c->row->n_placements; i++) {
		const Observatory__PlacementRow *p = c->row->placements[i];
		if (!p->is_lost && p->has_latest_start_time &&
		    str_equal(p->offer_id, offer_id))
			return true;
	}
	return false;
}

/* Its offers are taken back with it. */
static enum err
on_declined(struct change *c, const void *event)
{
	const Requests__OfferDeclined *e = event;

	answer(c, e->provider_id);
	for (size_t i = 0; i < c->row->n_offers; i++) {
		Observatory__OfferedRow *offer = c->row->offers[i];
		if (str_equal(offer->provider_id, e->provider_id) &&
		    !is_settled(c, offer->offer_id))
			SET(offer, is_lost, true);
	}
	return ERR_NONE;
}

static enum err
on_withdrawn(struct change *c, const void *event)
{
	(void)event;
	SET(c->row, withdrawn_day, day_in_london(c->event->time_ms));
	return ERR_NONE;
}

/* ---- offers and placements ---- */

/* What is decided counts for no figure until it has begun. Until then it is on its way,
 * which whoever watches over a night wants to know. */

static enum err
on_offer(struct change *c, const void *event)
{
	const Requests__OfferRow *offer = ((const Requests__OfferMade *)event)->offer;
	Observatory__OfferedRow *row = MESSAGE_NEW(c->arena, observatory__offered_row);

	c->row->offers = longer(c, c->row->offers, c->row->n_offers);
	if (row == NULL || c->row->offers == NULL)
		return ERR_MEMORY;
	row->offer_id = offer->offer_id;
	row->provider_id = offer->provider_id;
	row->place_id = offer->home_id != NULL ? offer->home_id : offer->household_id;
	c->row->offers[c->row->n_offers++] = row;
	answer(c, offer->provider_id);
	return ERR_NONE;
}

static enum err
on_decided(struct change *c, const void *event)
{
	const Requests__Journey *journey =
	    ((const Requests__PlacementDecided *)event)->journey;
	Observatory__PlacementRow *row =
	    MESSAGE_NEW(c->arena, observatory__placement_row);

	c->row->placements = longer(c, c->row->placements, c->row->n_placements);
	if (row == NULL || c->row->placements == NULL)
		return ERR_MEMORY;
	if (journey == NULL)
		return ERR_CORRUPT;
	row->placement_id = journey->placement_id;
	row->offer_id = journey->offer_id;
	row->hold_id = journey->hold_id;
	SET(row, needs_approval, journey->approver > REQUESTS__APPROVER__APPROVER_NONE);
	row->area_council_id = journey->area_council_id;
	SET_FROM(row, care_type, journey, care_type);
	row->n_child_refs = journey->n_child_refs;
	row->child_refs = journey->child_refs;
	for (size_t i = 0; i < c->row->n_offers; i++) {
		if (!str_equal(c->row->offers[i]->offer_id, journey->offer_id))
			continue;
		row->place_id = c->row->offers[i]->place_id;
		row->provider_id = c->row->offers[i]->provider_id;
	}
	c->row->placements[c->row->n_placements++] = row;
	return ERR_NONE;
}

static Observatory__PlacementRow *
placement_of(const struct change *c, const char *placement_id)
{
	for (size_t i = 0; i < c->row->n_placements; i++) {
		if (str_equal(c->row->placements[i]->placement_id, placement_id))
			return c->row->placements[i];
	}
	return NULL;
}

/* The one that was last decided under this hold, or the only one where none is named.
 * NULL: what happens to a hold that is not known here changes no figure. */
static Observatory__PlacementRow *
held_as(const struct change *c, const char *hold_id)
{
	for (size_t i = c->row->n_placements; i > 0; i--) {
		Observatory__PlacementRow *row = c->row->placements[i - 1];
		if (hold_id == NULL ? !row->is_lost : str_equal(row->hold_id, hold_id))
			return row;
	}
	return NULL;
}

static enum err
on_held(struct change *c, const void *event)
{
	const Requests__PlaceHeld *e = event;
	Observatory__PlacementRow *row = held_as(c, e->hold_id);

	if (row != NULL)
		SET_FROM(row, hold_until_time, e, expires_time);
	return ERR_NONE;
}

static void
lose(const struct change *c, const char *hold_id, bool is_offer_lost)
{
	Observatory__PlacementRow *row = held_as(c, hold_id);

	if (row == NULL)
		return;
	SET(row, is_lost, true);
	for (size_t i = 0; is_offer_lost && i < c->row->n_offers; i++) {
		if (str_equal(c->row->offers[i]->offer_id, row->offer_id))
			SET(c->row->offers[i], is_lost, true);
	}
}

static enum err
on_lost(struct change *c, const void *event)
{
	lose(c, ((const Requests__PlaceLost *)event)->hold_id, true);
	return ERR_NONE;
}

/* The others of the group: given back, and their offers stand. */
static enum err
on_broken(struct change *c, const void *event)
{
	const Requests__GroupBroken *e = event;

	for (size_t i = 0; i < e->n_released_hold_ids; i++)
		lose(c, e->released_hold_ids[i], false);
	return ERR_NONE;
}

static enum err
on_agreed(struct change *c, const void *event)
{
	Observatory__PlacementRow *row =
	    held_as(c, ((const Requests__ProviderAgreed *)event)->hold_id);

	if (row != NULL)
		SET(row, has_agreed, true);
	return ERR_NONE;
}

static enum err
on_confirmed(struct change *c, const void *event)
{
	const Requests__OfferConfirmed *e = event;
	Observatory__PlacementRow *row = held_as(c, e->hold_id);

	if (row != NULL)
		SET_FROM(row, latest_start_time, e, latest_start_time);
	return ERR_NONE;
}

static enum err
on_approved(struct change *c, const void *event)
{
	const Requests__PlacementApproved *e = event;
	Observatory__PlacementRow *row = e->placement_id == NULL
	                                     ? held_as(c, NULL)
	                                     : placement_of(c, e->placement_id);

	if (row != NULL)
		SET(row, is_approved, true);
	return ERR_NONE;
}

static enum err
on_started(struct change *c, const void *event)
{
	const Requests__PlacementStarted *e = event;
	Observatory__PlacementRow *row = placement_of(c, e->placement_id);

	if (row == NULL)
		return ERR_CORRUPT;
	SET(row, is_started, true);
	SET(row, start_day,
	    e->has_start_day ? e->start_day : day_in_london(c->event->time_ms));
	return ERR_NONE;
}

static enum err
on_ended(struct change *c, const void *event)
{
	const Requests__PlacementEnded *e = event;
	Observatory__PlacementRow *row = placement_of(c, e->placement_id);

	if (row == NULL || !e->has_end_day)
		return ERR_CORRUPT;
	SET_FROM(row, end_day, e, end_day);
	return ERR_NONE;
}

/* ---- which event it is ---- */

static const struct {
	uint32_t type;
	enum err (*change)(struct change *c, const void *event);
} changes[] = {
    {EVENT(REQUEST_SUBMITTED), on_submitted},
    {EVENT(REQUEST_CIRCULATED), on_circulated},
    {EVENT(INTEREST_SHOWN), on_interest},
    {EVENT(OFFER_MADE), on_offer},
    {EVENT(OFFER_DECLINED), on_declined},
    {EVENT(PLACEMENT_DECIDED), on_decided},
    {EVENT(PLACE_HELD), on_held},
    {EVENT(PLACE_LOST), on_lost},
    {EVENT(GROUP_BROKEN), on_broken},
    {EVENT(PROVIDER_AGREED), on_agreed},
    {EVENT(OFFER_CONFIRMED), on_confirmed},
    {EVENT(PLACEMENT_APPROVED), on_approved},
    {EVENT(PLACEMENT_STARTED), on_started},
    {EVENT(PLACEMENT_ENDED), on_ended},
    {EVENT(REQUEST_WITHDRAWN), on_withdrawn},
};

/* The request an event is about: its first field, but for an offer. */
static const char *
request_id_of(const struct svc_event *e)
{
	const ProtobufCFieldDescriptor *first =
	    protobuf_c_message_descriptor_get_field(e->message->descriptor, 1);
	const Requests__OfferMade *made = (const void *)e->message;

	if (e->type == EVENT(OFFER_MADE))
		return made->offer == NULL ? NULL : made->offer->request_id;
	return *(
	    char *const *)(const void *)((const uint8_t *)e->message + first->offset);
}

static enum err
apply(struct change *c, size_t which)
{
	const char *id;

	if (c->event->type != EVENT(REQUEST_SUBMITTED)) {
		id = request_id_of(c->event);
		if (id != NULL)
			c->row = row_get(c->txn, c->arena, OBSERVATORY_NEEDS,
			    row_key(id), &observatory__need_row__descriptor);
		if (c->row == NULL)
			return c->txn->err != ERR_NONE ? c->txn->err : ERR_CORRUPT;
	}
	enum err e = changes[which].change(c, c->event->message);
	if (e != ERR_NONE || c->txn->err != ERR_NONE)
		return e != ERR_NONE ? e : c->txn->err;
	row_put(c->txn, c->arena, OBSERVATORY_NEEDS, row_key(c->row->request_id),
	    &c->row->base);
	mirror_note(c->txn, &observatory_needs, c->row->request_id, c->event->number);
	return c->txn->err;
}

enum err
observatory_store_apply_requests(
    struct kv_txn *txn, struct arena *a, const struct svc_event *e)
{
	struct change c = {txn, a, e, NULL};

	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		if (changes[i].type == e->type)
			return apply(&c, i);
	}
	return ERR_NONE;
}
