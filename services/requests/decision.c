#include "requests/decision.h"

#include "base/message.h"
#include "base/str.h"
#include "requests/clocks.h"
#include "requests/group.h"

#define MINUTE_MS INT64_C(60000)

static uint32_t
children_of(const Requests__Request *request, const Requests__OfferRow *offer)
{
	return requests_children_in(
	    request->circulation, offer->child_refs, offer->n_child_refs);
}

static bool
is_of_vacancy(const struct requests_offers *offers, const char *vacancy_id)
{
	for (size_t i = 0; i < offers->n; i++)
		if (str_equal(offers->list[i]->vacancy_id, vacancy_id))
			return true;
	return false;
}

/* They stand, and are of as many vacancies. */
static enum requests_refusal
look_up(const Requests__Request *request, const Requests__Decide *call,
    struct requests_offers *out)
{
	/* More than there are children cannot be for each child once. */
	if (call->n_further_offer_ids >= REQUESTS_CHILDREN_MAX)
		return REQUESTS_CHILDREN_UNCOVERED;
	for (out->n = 0; out->n <= call->n_further_offer_ids; out->n++) {
		const char *id =
		    out->n == 0 ? call->offer_id : call->further_offer_ids[out->n - 1];
		const Requests__OfferRow *offer =
		    id == NULL ? NULL : requests_offer_of(request, id);

		if (offer == NULL)
			return REQUESTS_OFFER_UNKNOWN;
		if (offer->is_lost)
			return REQUESTS_OFFER_LOST;
		if (is_of_vacancy(out, offer->vacancy_id))
			return REQUESTS_OFFERS_OF_ONE_VACANCY;
		out->list[out->n] = offer;
	}
	return REQUESTS_OK;
}

/*
 * Law: Children Act 1989, s22C(7): "comply, so far as is reasonably practicable in all
 * the circumstances of C's case, with the requirements of subsection (8)", which has
 * brothers and sisters live together. So they live apart only as the council has said
 * they may, and it says why.
 */
static enum requests_refusal
check_children(const Requests__Request *request, const struct requests_offers *offers)
{
	uint32_t parts[REQUESTS_CHILDREN_MAX];
	uint32_t waiting = requests_children_waiting(request);
	uint32_t seen = 0;

	for (size_t i = 0; i < offers->n; i++) {
		parts[i] = children_of(request, offers->list[i]);
		if ((parts[i] & ~waiting) != 0)
			return REQUESTS_CHILD_PLACED;
		if ((parts[i] & seen) != 0)
			return REQUESTS_CHILDREN_UNCOVERED;
		seen |= parts[i];
	}
	if (seen != waiting)
		return REQUESTS_CHILDREN_UNCOVERED;
	if (offers->n > 1 &&
	    !requests_is_split(request->circulation, waiting, parts, offers->n))
		return REQUESTS_SPLIT_NOT_PERMITTED;
	return REQUESTS_OK;
}

/*
 * Law: Children Act 1989, s22C(5): "they must place C in the placement which is, in
 * their opinion, the most appropriate placement available."
 * Their opinion: the council chooses among the offers that stand and says why; no
 * list or score of ours chooses.
 */
enum requests_refusal
requests_check_decide(const Requests__Request *request, const Requests__Decide *call,
    struct requests_offers *offers)
{
	enum requests_refusal no = requests_in_state(REQUESTS_DECIDE, request->state);

	offers->n = 0;
	if (no != REQUESTS_OK || (no = look_up(request, call, offers)) != REQUESTS_OK ||
	    (no = check_children(request, offers)) != REQUESTS_OK)
		return no;
	if (call->reason == REQUESTS__DECISION_REASON__DECISION_REASON_UNSPECIFIED)
		return REQUESTS_DECISION_REASON_MISSING;
	if (offers->n > 1 &&
	    call->split_reason == REQUESTS__SPLIT_REASON__SPLIT_REASON_UNSPECIFIED)
		return REQUESTS_SPLIT_REASON_MISSING;
	return REQUESTS_OK;
}

/* ---- what is recorded ---- */

/* The children as the owner of the place may know them. */
static bool
fill_children(struct arena *a, Requests__PlacementDecided *out,
    const Requests__Request *request, uint32_t children)
{
	const Requests__NeedCirculation *need = request->circulation;

	if (request->identity->n_child_ids != need->n_children)
		return false;
	out->children = LIST_NEW(a, need->n_children, Common__Child *);
	if (out->children == NULL)
		return false;
	for (size_t i = 0; i < need->n_children; i++) {
		Common__Child *child;

		if ((children & UINT32_C(1) << i) == 0)
			continue;
		child = MESSAGE_NEW(a, common__child);
		if (child == NULL)
			return false;
		child->child_id = request->identity->child_ids[i];
		SET_FROM(child, age_years, need->children[i], age_years);
		SET_FROM(child, age_day, need->children[i], age_day);
		SET_FROM(child, sex, need->children[i], sex);
		out->children[out->n_children++] = child;
	}
	return true;
}

/* Whom any of them is not safe with, each once: who lives there is the owner's to know.
 */
static bool
fill_not_safe_with(struct arena *a, Requests__PlacementDecided *out,
    const Requests__NeedCirculation *need, uint32_t children)
{
	bool is_there[COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_PETS + 1] = {false};

	out->not_safe_with =
	    LIST_NEW(a, REQUESTS_NOT_SAFE_WITH_MAX, Common__NotSafeWith);
	if (out->not_safe_with == NULL)
		return false;
	for (size_t i = 0; i < need->n_children; i++) {
		const Requests__ChildNeed *child = need->children[i];

		if ((children & UINT32_C(1) << i) == 0)
			continue;
		for (size_t j = 0; j < child->n_not_safe_with; j++) {
			Common__NotSafeWith who = child->not_safe_with[j];

			if (!is_there[who])
				out->not_safe_with[out->n_not_safe_with++] = who;
			is_there[who] = true;
		}
	}
	return true;
}

bool
requests_describe(struct arena *a, const Requests__Request *request, uint32_t children,
    Requests__PlacementDecided *out)
{
	SET(out, are_siblings, (children & (children - 1)) != 0);
	return fill_children(a, out, request, children) &&
	       fill_not_safe_with(a, out, request->circulation, children);
}

/* "Most appropriate placement available" is said of a choice: what there was to
 * choose from stays with what was chosen. */
static bool
fill_standing(
    struct arena *a, Requests__Journey *journey, const Requests__Request *request)
{
	journey->standing_offer_ids = LIST_NEW(a, request->n_offers, char *);
	if (journey->standing_offer_ids == NULL)
		return false;
	for (size_t i = 0; i < request->n_offers; i++)
		if (!request->offers[i]->is_lost)
			journey->standing_offer_ids[journey->n_standing_offer_ids++] =
			    request->offers[i]->offer_id;
	return true;
}

static bool
fill_journey(struct arena *a, Requests__Journey *journey,
    const Requests__Request *request, const Requests__Decide *call,
    const struct requests_decision *decision)
{
	const Requests__OfferRow *offer = decision->offer;

	journey->offer_id = offer->offer_id;
	journey->placement_id = str_copy(a, decision->placement_id);
	journey->hold_id = str_copy(a, decision->hold_id);
	SET(journey, reason, call->reason);
	SET(journey, approver, decision->approver);
	if (decision->area_council_id != NULL)
		journey->area_council_id = str_copy(a, decision->area_council_id);
	SET_FROM(journey, care_type, offer, care_type);
	journey->n_child_refs = offer->n_child_refs;
	journey->child_refs = offer->child_refs;
	if (call->n_further_offer_ids > 0) {
		SET(journey, parts, (uint32_t)call->n_further_offer_ids + 1);
		SET(journey, split_reason, call->split_reason);
	}
	return fill_standing(a, journey, request);
}

Requests__PlacementDecided *
requests_decided(struct arena *a, const Requests__Request *request,
    const Requests__Decide *call, const struct requests_act *act,
    const struct requests_decision *decision)
{
	Requests__PlacementDecided *out = MESSAGE_NEW(a, requests__placement_decided);
	Requests__Journey *journey = MESSAGE_NEW(a, requests__journey);
	bool is_emergency = requests_is_emergency(request);
	uint32_t minutes = requests_hold_minutes(is_emergency, act->now_ms);
	uint32_t children = children_of(request, decision->offer);

	if (out == NULL || journey == NULL ||
	    !requests_describe(a, request, children, out) ||
	    !fill_journey(a, journey, request, call, decision))
		return NULL;
	SET(journey, hold_expires_time, act->now_ms + minutes * MINUTE_MS);
	journey->decided_by_id = str_copy(a, act->person_id);
	SET(journey, decided_time, act->now_ms);
	out->request_id = request->request_id;
	out->journey = journey;
	out->vacancy_id = decision->offer->vacancy_id;
	SET(out, hold_minutes, minutes);
	SET(out, is_emergency, is_emergency);
	SET(out, members_copy_age_ms, act->copy_age_ms);
	return a->is_full ? NULL : out;
}
