#include "base/access.h"
#include "base/message.h"
#include "base/str.h"
#include "requests/approval.h"
#include "requests/clocks.h"
#include "requests/decision.h"
#include "requests/journey.h"
#include "requests/wire_inside.h"

/* ---- decide ---- */

/* Where the offered home lies: as its vacancy says now, since carers move, or as the
 * offer said. */
static const char *
area_council(struct svc_ask *ask, const Requests__OfferRow *offer)
{
	const Requests__VacancyRow *vacancy =
	    requests_store_vacancy(ask->txn, ask->arena, offer->vacancy_id);

	return vacancy != NULL && vacancy->council_id != NULL ? vacancy->council_id
	                                                      : offer->council_id;
}

/* What the copy of members says of that area. A council that it does not know does
 * not adjoin, which asks for the higher approval. */
static struct requests_area
area_of(struct svc_ask *ask, const Requests__Request *request,
    const Requests__OfferRow *offer, const char *area_council_id)
{
	struct requests_area area = {false, false, false};
	const Members__Council *council =
	    access_council(ask->txn, ask->arena, request->council_id);
	const Members__Provider *provider =
	    access_provider(ask->txn, ask->arena, offer->provider_id);

	area.is_own = str_equal(area_council_id, request->council_id);
	area.adjoins =
	    council != NULL && access_councils_adjoin(council, area_council_id);
	area.is_own_team =
	    provider != NULL &&
	    provider->kind == MEMBERS__PROVIDER_KIND__PROVIDER_KIND_COUNCIL_FOSTERING &&
	    str_equal(provider->council_id, request->council_id);
	return area;
}

/* One event an offer; NULL where it failed. */
static const Requests__PlacementDecided *
decide_one(struct svc_ask *ask, const Requests__Request *request,
    const Requests__Decide *asked, const Requests__OfferRow *offer)
{
	struct requests_act act = requests_wire_act(ask);
	struct requests_decision decision = {.offer = offer};
	Requests__PlacementDecided *event;

	decision.area_council_id = area_council(ask, offer);
	decision.approver =
	    requests_approver(area_of(ask, request, offer, decision.area_council_id));
	decision.hold_id = svc_new_id(ask);
	decision.placement_id = svc_new_id(ask);
	if (ask->txn->err != ERR_NONE)
		return NULL;
	event = requests_decided(ask->arena, request, asked, &act, &decision);
	requests_wire_decide(
	    ask, EVENT(PLACEMENT_DECIDED), event == NULL ? NULL : &event->base);
	return event;
}

enum err
requests_on_decide(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Requests__Decide *asked = (const void *)call;
	uint64_t number = svc_next_number(ask);
	const char *placement_id = NULL;
	struct requests_offers offers;
	enum err e;
	Requests__Request *request = requests_wire_own(ask, asked->request_id, &e);

	if (request == NULL)
		return e;
	enum requests_refusal no = requests_check_decide(request, asked, &offers);
	if (no != REQUESTS_OK)
		return requests_wire_refuse(ask, no, NULL);
	for (size_t i = 0; i < offers.n; i++) {
		const Requests__PlacementDecided *event =
		    decide_one(ask, request, asked, offers.list[i]);

		if (event == NULL)
			return ask->txn->err;
		if (i == 0)
			placement_id = event->journey->placement_id;
	}
	return requests_wire_done(ask, placement_id, number);
}

/* ---- approve ---- */

enum err
requests_on_approve(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Requests__Approve *asked = (const void *)call;
	struct requests_act act = requests_wire_act(ask);
	bool is_director =
	    (ask->caller.roles & ROLE_BIT(MEMBERS__ROLE__ROLE_DIRECTOR)) != 0;
	uint64_t number = svc_next_number(ask);
	Requests__PlacementApproved *event;
	struct requests_approval approval;
	enum err e;
	Requests__Request *request = requests_wire_own(ask, asked->request_id, &e);

	if (request == NULL)
		return e;
	enum requests_refusal no =
	    requests_check_approve(request, asked, is_director, &approval);
	if (no != REQUESTS_OK)
		return requests_wire_refuse(ask, no, NULL);
	if (approval.is_already)
		return requests_wire_done_already(ask, request->request_id);
	event = requests_approved(ask->arena, request, approval.journey, asked, &act);
	if (event == NULL)
		return ERR_MEMORY;
	svc_decide(ask, EVENT(PLACEMENT_APPROVED), &event->base);
	return requests_wire_done(ask, request->request_id, number);
}

/* ---- the provider's yes ---- */

static void
agree(struct svc_ask *ask, const Requests__Request *request,
    const Requests__Journey *journey)
{
	Requests__ProviderAgreed event = REQUESTS__PROVIDER_AGREED__INIT;

	event.request_id = request->request_id;
	event.hold_id = journey->hold_id;
	event.agreed_by_id = str_copy(ask->arena, ask->caller.person_id);
	SET(&event, time, ask->now_ms);
	SET(&event, members_copy_age_ms, ask->members_copy_age_ms);
	requests_wire_decide(ask, EVENT(PROVIDER_AGREED), &event.base);
}

/* Each by whoever said yes to it: the caller to the last. */
static void
confirm_all(struct svc_ask *ask, const Requests__Request *request,
    const struct requests_journeys *group)
{
	int64_t kept_until_ms = requests_kept_until(request, group, ask->now_ms);

	for (size_t i = 0; i < group->n; i++) {
		const Requests__Journey *journey = group->list[i];
		Requests__OfferConfirmed event = REQUESTS__OFFER_CONFIRMED__INIT;

		event.request_id = request->request_id;
		event.confirmed_by_id = str_copy(
		    ask->arena, journey->has_agreed_time ? journey->agreed_by_id
							 : ask->caller.person_id);
		event.confirm_id = requests_wire_id(ask);
		SET(&event, latest_start_time, kept_until_ms);
		event.hold_id = journey->hold_id;
		SET_FROM(&event, fencing_number, journey, fencing_number);
		SET(&event, members_copy_age_ms, ask->members_copy_age_ms);
		requests_wire_decide(ask, EVENT(OFFER_CONFIRMED), &event.base);
	}
}

enum err
requests_on_confirm_offer(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Requests__ConfirmOffer *asked = (const void *)call;
	struct requests_act act = requests_wire_act(ask);
	uint64_t number = svc_next_number(ask);
	const Requests__Journey *journey;
	struct requests_journeys group;
	enum err e;
	Requests__Request *request = requests_wire_offer(ask, asked->offer_id, &e);

	if (request == NULL)
		return e;
	enum requests_refusal no =
	    requests_check_confirm(request, asked->offer_id, &act);
	if (no != REQUESTS_OK)
		return requests_wire_refuse(ask, no, NULL);
	journey = requests_journey_of_offer(request, asked->offer_id);
	requests_group(request, journey, &group);
	if (requests_is_last_yes(&group, journey))
		confirm_all(ask, request, &group);
	else
		agree(ask, request, journey);
	return requests_wire_done(ask, asked->offer_id, number);
}

/* ---- start and end ---- */

static void
order_start(struct svc_ask *ask, const Requests__Request *request,
    const Requests__Journey *journey, const Requests__Start *asked)
{
	Requests__StartOrdered event = REQUESTS__START_ORDERED__INIT;

	event.request_id = request->request_id;
	event.start_id = requests_wire_id(ask);
	SET_FROM(&event, start_day, asked, start_day);
	event.ordered_by_id = str_copy(ask->arena, ask->caller.person_id);
	event.hold_id = journey->hold_id;
	SET_FROM(&event, fencing_number, journey, fencing_number);
	event.placement_id = journey->placement_id;
	SET_FROM(&event, expected_end_day, request->circulation, expected_end_day);
	event.placing_council_id = request->council_id;
	SET(&event, members_copy_age_ms, ask->members_copy_age_ms);
	requests_wire_decide(ask, EVENT(START_ORDERED), &event.base);
}

enum err
requests_on_start(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Requests__Start *asked = (const void *)call;
	struct requests_act act = requests_wire_act(ask);
	uint64_t number = svc_next_number(ask);
	struct requests_journeys starts;
	enum err e;
	Requests__Request *request = requests_wire_own(ask, asked->request_id, &e);

	if (request == NULL)
		return e;
	enum requests_refusal no = requests_check_start(request, asked, &act, &starts);
	if (no != REQUESTS_OK)
		return requests_wire_refuse(ask, no, NULL);
	for (size_t i = 0; i < starts.n; i++)
		order_start(ask, request, starts.list[i], asked);
	return requests_wire_done(ask, starts.list[0]->placement_id, number);
}

enum err
requests_on_end(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Requests__End *asked = (const void *)call;
	struct requests_act act = requests_wire_act(ask);
	Requests__PlacementEnded event = REQUESTS__PLACEMENT_ENDED__INIT;
	Requests__Journey *journey;
	uint64_t number = svc_next_number(ask);
	enum err e;
	Requests__Request *request = requests_wire_own(ask, asked->request_id, &e);

	if (request == NULL)
		return e;
	enum requests_refusal no = requests_check_end(request, asked, &act, &journey);
	if (no != REQUESTS_OK)
		return requests_wire_refuse(ask, no, NULL);
	event.request_id = request->request_id;
	event.end_id = requests_wire_id(ask);
	SET_FROM(&event, end_day, asked, end_day);
	SET(&event, reason, asked->reason);
	event.ended_by_id = str_copy(ask->arena, ask->caller.person_id);
	event.placement_id = journey->placement_id;
	SET(&event, members_copy_age_ms, ask->members_copy_age_ms);
	if (ask->arena->is_full)
		return ERR_MEMORY;
	svc_decide(ask, EVENT(PLACEMENT_ENDED), &event.base);
	return requests_wire_done(ask, event.placement_id, number);
}
