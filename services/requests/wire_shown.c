#include "base/message.h"
#include "base/str.h"
#include "requests/shown.h"
#include "requests/wire_inside.h"

#include "place.pb-c.h"

/* Of a page: rows looked at, so that a page of many that are another owner's is no
 * longer in the making; and journeys shown, with those of the last request on top. */
#define ROWS_MAX 500
#define JOURNEYS_MAX 100
#define JOURNEYS_A_REQUEST 32

/* The journeys of one request with the owner who asks. */
static void
show(struct svc_ask *ask, const Requests__Request *request, Place__Journeys *out)
{
	size_t first = out->n_journeys;

	for (size_t i = 0; i < request->n_journeys; i++) {
		const Requests__Journey *journey = request->journeys[i];
		Place__JourneyShown *shown;

		if (!str_equal(
			requests_store_owner(journey->care_type), ask->caller.service))
			continue;
		if (out->n_journeys - first == JOURNEYS_A_REQUEST)
			kv_fail(ask->txn, ERR_CORRUPT);
		if (ask->txn->err != ERR_NONE)
			return;
		shown = requests_journey_shown(ask->arena, request, journey);
		if (shown != NULL)
			out->journeys[out->n_journeys++] = shown;
	}
	if (ask->arena->is_full)
		kv_fail(ask->txn, ERR_MEMORY);
}

enum err
requests_on_journeys_asked(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Place__JourneysAsked *asked = (const void *)call;
	Place__Journeys *answer = MESSAGE_NEW(ask->arena, place__journeys);
	struct requests_store_list list;
	const char *id;

	if (answer != NULL)
		answer->journeys = LIST_NEW(ask->arena,
		    JOURNEYS_MAX + JOURNEYS_A_REQUEST, Place__JourneyShown *);
	if (answer == NULL || answer->journeys == NULL)
		return ERR_MEMORY;
	requests_store_list(
	    ask->txn, ask->arena, &list, REQUESTS_REQUESTS, NULL, asked->after_id);
	for (unsigned rows = 1; (id = requests_store_next(&list, ask->arena)) != NULL;
	     rows++) {
		size_t mark = ask->arena->used;
		size_t before = answer->n_journeys;
		const Requests__Request *request =
		    requests_store_request(ask->txn, ask->arena, id);

		if (request != NULL)
			show(ask, request, answer);
		if (ask->txn->err != ERR_NONE)
			break;
		if (answer->n_journeys == before)
			arena_release(ask->arena, mark);
		if (rows == ROWS_MAX || answer->n_journeys >= JOURNEYS_MAX) {
			answer->next_id = str_copy(ask->arena, id);
			break;
		}
	}
	kv_walk_end(&list.rows);
	svc_answer(ask, &answer->base);
	return ask->txn->err;
}
