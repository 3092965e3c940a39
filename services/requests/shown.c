#include "requests/shown.h"

#include "base/message.h"
#include "requests/clocks.h"
#include "requests/decision.h"
#include "requests/group.h"

#define STATE(name) REQUESTS__STATE__STATE_##name

static Place__Hold *
hold_of(struct arena *a, const Requests__Request *request,
    const Requests__Journey *journey, const Requests__OfferRow *offer)
{
	Requests__PlacementDecided said = REQUESTS__PLACEMENT_DECIDED__INIT;
	Place__Hold *hold = MESSAGE_NEW(a, place__hold);
	uint32_t children = requests_children_in(
	    request->circulation, journey->child_refs, journey->n_child_refs);

	if (hold == NULL || !requests_describe(a, request, children, &said))
		return NULL;
	hold->request_id = request->request_id;
	hold->vacancy_id = offer->vacancy_id;
	hold->n_children = said.n_children;
	hold->children = said.children;
	SET_FROM(hold, are_siblings, &said, are_siblings);
	SET(hold, hold_minutes,
	    requests_hold_minutes(
		requests_is_emergency(request), journey->decided_time));
	SET(hold, is_emergency, requests_is_emergency(request));
	hold->n_not_safe_with = said.n_not_safe_with;
	hold->not_safe_with = said.not_safe_with;
	hold->placing_council_id = request->council_id;
	return hold;
}

static Place__Held *
held_of(
    struct arena *a, const Requests__Journey *journey, const Requests__OfferRow *offer)
{
	Place__Held *held = MESSAGE_NEW(a, place__held);

	if (held == NULL)
		return NULL;
	held->hold_id = journey->hold_id;
	SET_FROM(held, fencing_number, journey, fencing_number);
	SET_FROM(held, expires_time, journey, hold_expires_time);
	held->place_id =
	    offer->household_id != NULL ? offer->household_id : offer->home_id;
	return held;
}

static Place__ConfirmHold *
confirm_of(struct arena *a, const Requests__Journey *journey)
{
	Place__ConfirmHold *confirm = MESSAGE_NEW(a, place__confirm_hold);

	if (confirm == NULL)
		return NULL;
	confirm->hold_id = journey->hold_id;
	SET_FROM(confirm, fencing_number, journey, fencing_number);
	SET_FROM(confirm, latest_start_time, journey, latest_start_time);
	return confirm;
}

static Place__Start *
start_of(
    struct arena *a, const Requests__Request *request, const Requests__Journey *journey)
{
	Place__Start *start = MESSAGE_NEW(a, place__start);

	if (start == NULL)
		return NULL;
	start->hold_id = journey->hold_id;
	SET_FROM(start, fencing_number, journey, fencing_number);
	start->placement_id = journey->placement_id;
	SET_FROM(start, start_day, journey, start_day);
	SET_FROM(start, expected_end_day, request->circulation, expected_end_day);
	start->placing_council_id = request->council_id;
	return start;
}

static Place__End *
end_of(struct arena *a, const Requests__Journey *journey)
{
	Place__End *end = MESSAGE_NEW(a, place__end);

	if (end == NULL)
		return NULL;
	end->placement_id = journey->placement_id;
	SET_FROM(end, end_day, journey, end_day);
	return end;
}

/* How far the owner is known to have said yes: what is owed still is asked again. */
static void
show_calls(struct arena *a, const Requests__Request *request,
    const Requests__Journey *journey, Place__JourneyShown *out)
{
	const Requests__OfferRow *offer = requests_offer_of(request, journey->offer_id);

	if (offer == NULL)
		return;
	out->hold = hold_of(a, request, journey, offer);
	out->held = held_of(a, journey, offer);
	if (journey->state == STATE(HELD) || journey->state == STATE(CONFIRMING))
		return;
	out->confirm = confirm_of(a, journey);
	if (journey->state == STATE(CONFIRMED) || journey->state == STATE(STARTING))
		return;
	out->start = start_of(a, request, journey);
	if (journey->state == STATE(ENDED))
		out->end = end_of(a, journey);
}

Place__JourneyShown *
requests_journey_shown(
    struct arena *a, const Requests__Request *request, const Requests__Journey *journey)
{
	Place__JourneyShown *out;

	if (journey->state == STATE(DECIDED))
		return NULL;
	out = MESSAGE_NEW(a, place__journey_shown);
	if (out == NULL)
		return NULL;
	out->request_id = request->request_id;
	out->hold_id = journey->hold_id;
	if (requests_is_under_way(journey->state) || requests_has_begun(journey->state))
		show_calls(a, request, journey, out);
	else
		SET(out, is_over, true);
	return a->is_full ? NULL : out;
}
