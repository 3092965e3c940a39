#include "requests/weigh.h"

#include "base/message.h"
#include "base/str.h"

/* ---- what the owner's word, or time, does to the journey ---- */

static bool
waits_in(const Requests__Request *request, Requests__State state, const char *hold_id)
{
	const Requests__Journey *journey = requests_journey_of_hold(request, hold_id);

	return journey != NULL && journey->state == state;
}

enum requests_effect
requests_weigh_answer(const Requests__Request *request, enum requests_owed owed,
    const char *hold_id, bool is_yes)
{
	switch (owed) {
	case REQUESTS_OWED_HOLD:
		if (waits_in(request, REQUESTS__STATE__STATE_DECIDED, hold_id))
			return is_yes ? REQUESTS_HELD : REQUESTS_LOST;
		return is_yes ? REQUESTS_OWES_RELEASE : REQUESTS_CLOSES;
	case REQUESTS_OWED_CONFIRM:
		if (waits_in(request, REQUESTS__STATE__STATE_CONFIRMING, hold_id))
			return is_yes ? REQUESTS_CONFIRMED : REQUESTS_LOST_OWES_RELEASE;
		return REQUESTS_CLOSES;
	case REQUESTS_OWED_START:
		if (waits_in(request, REQUESTS__STATE__STATE_STARTING, hold_id))
			return is_yes ? REQUESTS_BEGUN : REQUESTS_LOST_OWES_RELEASE;
		return REQUESTS_CLOSES;
	case REQUESTS_OWED_RELEASE: return is_yes ? REQUESTS_RELEASED : REQUESTS_CLOSES;
	case REQUESTS_OWED_END: break;
	}
	return is_yes ? REQUESTS_FREED : REQUESTS_CLOSES;
}

/* ---- what is lost ---- */

static const char *
sentence_of(Requests__State state)
{
	if (state == REQUESTS__STATE__STATE_DECIDED)
		return "The owner of the place did not answer in time.";
	if (state == REQUESTS__STATE__STATE_HELD)
		return "The provider did not say yes while the place was held.";
	return "The placement was not started while the place was kept.";
}

/* Whose fault it is that time is over for this one. */
static Requests__Journey *
to_blame(const Requests__Request *request, Requests__Journey *journey)
{
	struct requests_journeys group;

	if (journey->state != REQUESTS__STATE__STATE_HELD || !journey->has_agreed_time)
		return journey;
	requests_group(request, journey, &group);
	for (size_t i = 0; i < group.n; i++)
		if (!group.list[i]->has_agreed_time)
			return group.list[i];
	return journey;
}

bool
requests_weigh_expiry(
    const Requests__Request *request, const char *hold_id, struct requests_loss *out)
{
	Requests__Journey *journey = requests_journey_of_hold(request, hold_id);

	if (journey == NULL || !requests_is_under_way(journey->state) ||
	    journey->state == REQUESTS__STATE__STATE_STARTING)
		return false;
	out->journey = to_blame(request, journey);
	out->owes_release = out->journey != journey;
	out->sentence = out->owes_release
	                    ? sentence_of(out->journey->state)
	                    : "The time for which the place was held is over.";
	return true;
}

static int64_t
deadline_of(const Requests__Journey *journey)
{
	switch (journey->state) {
	case REQUESTS__STATE__STATE_DECIDED:
	case REQUESTS__STATE__STATE_HELD: return journey->hold_expires_time;
	case REQUESTS__STATE__STATE_CONFIRMING:
	case REQUESTS__STATE__STATE_CONFIRMED: return journey->latest_start_time;
	case REQUESTS__STATE__STATE_UNSPECIFIED:
	case REQUESTS__STATE__STATE_SUBMITTED:
	case REQUESTS__STATE__STATE_CIRCULATED:
	case REQUESTS__STATE__STATE_STARTING:
	case REQUESTS__STATE__STATE_STARTED:
	case REQUESTS__STATE__STATE_ENDED:
	case REQUESTS__STATE__STATE_WITHDRAWN: break;
	}
	return INT64_MAX;
}

bool
requests_weigh_deadline(
    const Requests__Request *request, int64_t due_ms, struct requests_loss *out)
{
	for (size_t i = 0; i < request->n_journeys; i++) {
		if (deadline_of(request->journeys[i]) > due_ms)
			continue;
		out->journey = to_blame(request, request->journeys[i]);
		out->sentence = sentence_of(out->journey->state);
		out->owes_release = true;
		return true;
	}
	return false;
}

/* ---- what goes with it ---- */

static bool
is_kept(const Requests__Journey *journey, const Requests__Journey *lost)
{
	return journey != lost && journey->decided_time == lost->decided_time &&
	       (journey->state == REQUESTS__STATE__STATE_STARTING ||
		   requests_has_begun(journey->state));
}

Requests__GroupBroken *
requests_broken(struct arena *a, const Requests__Request *request,
    const struct requests_loss *loss, int64_t now_ms)
{
	Requests__GroupBroken *out = MESSAGE_NEW(a, requests__group_broken);
	struct requests_journeys group;

	if (out == NULL)
		return NULL;
	out->released_hold_ids = LIST_NEW(a, REQUESTS_CHILDREN_MAX, char *);
	out->kept_placement_ids = LIST_NEW(a, request->n_journeys, char *);
	if (out->released_hold_ids == NULL || out->kept_placement_ids == NULL)
		return NULL;
	out->request_id = request->request_id;
	out->lost_hold_id = loss->journey->hold_id;
	requests_group(request, loss->journey, &group);
	for (size_t i = 0; i < group.n; i++)
		if (group.list[i] != loss->journey)
			out->released_hold_ids[out->n_released_hold_ids++] =
			    group.list[i]->hold_id;
	for (size_t i = 0; i < request->n_journeys; i++)
		if (is_kept(request->journeys[i], loss->journey))
			out->kept_placement_ids[out->n_kept_placement_ids++] =
			    request->journeys[i]->placement_id;
	out->sentence = str_copy(a, loss->sentence);
	SET(out, time, now_ms);
	out->n_permitted_splits = request->circulation->n_permitted_splits;
	out->permitted_splits = request->circulation->permitted_splits;
	return a->is_full ? NULL : out;
}
