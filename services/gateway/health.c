#include "gateway/health.h"

#include <inttypes.h>

#include "base/message.h"
#include "base/run_options.h"
#include "base/str.h"

/* protobuf-c's texts are not const; this one is not written through. */
static char *
text(const char *borrowed)
{
	return (char *)(uintptr_t)borrowed;
}

static Gateway__FollowState *
follow_state(struct arena *a, const Common__FollowHealth *f)
{
	Gateway__FollowState *state = MESSAGE_NEW(a, gateway__follow_state);

	if (state == NULL)
		return NULL;
	state->service = f->service;
	SET(state, lag_events,
	    f->head_number > f->number ? f->head_number - f->number : 0);
	SET_FROM(state, fresh_time, f, fresh_time);
	state->stopped = f->stopped;
	return state;
}

/* What would be lost with its disk. */
static void
add_uncopied(const Common__Health *h, Gateway__ServiceState *state)
{
	uint64_t copied = h->copied != NULL ? h->copied->number : 0;

	if (h->has_head_number)
		SET(state, uncopied_events,
		    h->head_number > copied ? h->head_number - copied : 0);
}

static enum err
add_health(struct arena *a, const Common__Health *h, Gateway__ServiceState *state)
{
	SET(state, ready, h->ready);
	state->incarnation = str_format(a, "%016" PRIx64, h->incarnation);
	if (state->incarnation == NULL)
		return ERR_MEMORY;
	SET_FROM(state, head_number, h, head_number);
	SET_BYTES(state, head_hash, BYTES_OF(h->head_hash));
	SET_FROM(state, owed_calls, h, owed_calls);
	SET_FROM(state, oldest_owed_time, h, oldest_owed_time);
	SET_FROM(state, store_used_percent, h, store_used_percent);
	SET_FROM(state, started_time, h, started_time);
	state->restored_waits_for = h->restored_waits_for;
	if (h->copied != NULL)
		SET_FROM(state, copied_time, h->copied, begun_time);
	add_uncopied(h, state);
	state->follows = LIST_NEW(a, h->n_follows + 1, Gateway__FollowState *);
	if (state->follows == NULL)
		return ERR_MEMORY;
	for (; state->n_follows < h->n_follows; state->n_follows++) {
		Gateway__FollowState *f = follow_state(a, h->follows[state->n_follows]);

		if (f == NULL)
			return ERR_MEMORY;
		state->follows[state->n_follows] = f;
	}
	return ERR_NONE;
}

static enum err
service_state(
    struct arena *a, const struct gateway_heard *heard, Gateway__ServiceState **out)
{
	Gateway__ServiceState *state = MESSAGE_NEW(a, gateway__service_state);

	if (state == NULL)
		return ERR_MEMORY;
	*out = state;
	state->service = text(heard->service);
	SET(state, up, heard->health != NULL);
	if (heard->answered_ms > 0)
		SET(state, answered_time, heard->answered_ms);
	return heard->health != NULL ? add_health(a, heard->health, state) : ERR_NONE;
}

enum err
gateway_health_view(struct arena *a, const struct gateway_heard *heard, size_t n,
    int64_t now_ms, const Gateway__Health **out)
{
	Gateway__Health *view = MESSAGE_NEW(a, gateway__health);

	if (view == NULL)
		return ERR_MEMORY;
	view->notice = text(RUN_NOTICE);
	SET(view, asked_time, now_ms);
	SET(view, well, true);
	view->services = LIST_NEW(a, n + 1, Gateway__ServiceState *);
	if (view->services == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < n; i++) {
		Gateway__ServiceState *state = NULL;
		enum err e = service_state(a, &heard[i], &state);

		if (e != ERR_NONE)
			return e;
		if (!state->up || !state->ready || state->restored_waits_for != NULL)
			view->well = false;
		view->services[view->n_services++] = state;
	}
	*out = view;
	return ERR_NONE;
}
