#include "base/message.h"
#include "base/str.h"
#include "requests/drafts.h"
#include "requests/wire_inside.h"

#define DRAFT_END(name) REQUESTS__DRAFT_END__DRAFT_END_##name

const Requests__DraftKept *
requests_wire_draft(struct svc_ask *ask, const char *draft_id, enum err *e)
{
	const Requests__DraftKept *kept =
	    requests_store_draft(ask->txn, ask->arena, draft_id);

	*e = ask->txn->err;
	if (kept != NULL && requests_is_own_draft(kept, ask->caller.organisation_id))
		return kept;
	if (*e == ERR_NONE)
		*e = requests_wire_refuse(ask, REQUESTS_DRAFT_UNKNOWN, NULL);
	return NULL;
}

void
requests_wire_drop(struct svc_ask *ask, const char *draft_id, Requests__DraftEnd end)
{
	Requests__DraftDropped *event =
	    MESSAGE_NEW(ask->arena, requests__draft_dropped);

	if (event != NULL) {
		event->draft_id = str_copy(ask->arena, draft_id);
		SET(event, end, end);
		event->dropped_by_id = str_copy(ask->arena, ask->caller.person_id);
		SET(event, time, ask->now_ms);
		SET(event, members_copy_age_ms, ask->members_copy_age_ms);
	}
	requests_wire_decide(
	    ask, EVENT(DRAFT_DROPPED), event == NULL ? NULL : &event->base);
}

/* Every step of an emergency accepts a copy of members of any age: this is its first.
 */
static bool
is_late(const struct svc_ask *ask, Requests__Urgency urgency)
{
	return svc_copy_is_old(ask) && urgency != REQUESTS__URGENCY__URGENCY_EMERGENCY;
}

/* Is it there already just so, but for who saved it when? Then nothing has changed, and
 * it is not kept longer either. */
static bool
is_kept(
    struct svc_ask *ask, const Requests__DraftKept *old, const Requests__DraftKept *new)
{
	Requests__DraftKept same = *new;

	same.saved_by_id = old->saved_by_id;
	SET_FROM(&same, saved_time, old, saved_time);
	SET_FROM(&same, drops_time, old, drops_time);
	SET_FROM(&same, members_copy_age_ms, old, members_copy_age_ms);
	return requests_store_has_draft(ask->txn, ask->arena, &same);
}

/* Is there room for one more draft of the caller's council? */
static bool
is_full(struct svc_ask *ask)
{
	return requests_store_count_drafts(ask->txn, ask->caller.organisation_id,
		   REQUESTS_DRAFTS_MAX) == REQUESTS_DRAFTS_MAX;
}

enum err
requests_on_keep_draft(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Requests__KeepDraft *asked = (const void *)call;
	struct requests_act act = requests_wire_act(ask);
	const Requests__DraftKept *old = NULL;
	uint64_t number = svc_next_number(ask);
	Requests__DraftKept *event;
	size_t child;
	enum err e;

	if (asked->draft == NULL)
		return requests_wire_refuse(ask, REQUESTS_DRAFT_MISSING, NULL);
	if (is_late(ask, asked->draft->urgency))
		return ERR_STALE;
	if (asked->draft_id != NULL &&
	    (old = requests_wire_draft(ask, asked->draft_id, &e)) == NULL)
		return e;
	enum requests_refusal no = requests_check_draft(
	    asked->draft, &act, requests_wire_is_member(ask, &act), &child);
	if (no == REQUESTS_OK && old == NULL && is_full(ask))
		no = REQUESTS_DRAFTS_MANY;
	if (no != REQUESTS_OK)
		return requests_wire_refuse(
		    ask, no, requests_wire_child(ask, child, asked->draft->n_children));
	event = requests_draft_kept(ask->arena, asked->draft, &act,
	    old != NULL ? asked->draft_id : svc_new_id(ask));
	if (event == NULL)
		return ERR_MEMORY;
	if (old != NULL && is_kept(ask, old, event))
		return requests_wire_done_already(ask, asked->draft_id);
	svc_decide(ask, EVENT(DRAFT_KEPT), &event->base);
	return requests_wire_done(ask, event->circulation->request_id, number);
}

enum err
requests_on_drop_draft(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Requests__DropDraft *asked = (const void *)call;
	uint64_t number = svc_next_number(ask);
	enum err e;
	const Requests__DraftKept *kept = requests_wire_draft(ask, asked->draft_id, &e);

	if (kept == NULL)
		return e;
	if (is_late(ask, kept->circulation->urgency))
		return ERR_STALE;
	requests_wire_drop(ask, asked->draft_id, DRAFT_END(DROPPED));
	return requests_wire_done(ask, asked->draft_id, number);
}

enum err
requests_on_draft_asked(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Requests__DraftAsked *asked = (const void *)call;
	enum err e;
	const Requests__DraftKept *kept = requests_wire_draft(ask, asked->draft_id, &e);
	Requests__DraftShown *shown;

	if (kept == NULL)
		return e;
	shown = requests_draft_shown(ask->arena, kept);
	if (shown == NULL)
		return ERR_MEMORY;
	svc_answer(ask, &shown->base);
	return ask->txn->err;
}

static enum err
line_of(struct svc_ask *ask, const char *draft_id, ProtobufCMessage **out)
{
	size_t mark = ask->arena->used;
	const Requests__DraftKept *kept =
	    requests_store_draft(ask->txn, ask->arena, draft_id);
	Requests__DraftLine *line =
	    kept == NULL ? NULL : requests_draft_line(ask->arena, kept);

	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	if (kept == NULL)
		return ERR_CORRUPT;
	return requests_wire_keep(ask, mark, line == NULL ? NULL : &line->base, out);
}

enum err
requests_on_drafts_asked(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Requests__DraftsAsked *asked = (const void *)call;
	uint32_t limit = requests_wire_limit(asked->limit);
	Requests__Drafts *answer = MESSAGE_NEW(ask->arena, requests__drafts);
	struct requests_store_list list;
	const char *id;
	enum err e = ERR_NONE;

	if (answer != NULL)
		answer->drafts = LIST_NEW(ask->arena, limit, Requests__DraftLine *);
	if (answer == NULL || answer->drafts == NULL)
		return ERR_MEMORY;
	requests_store_list(ask->txn, ask->arena, &list, REQUESTS_DRAFTS_BY_COUNCIL,
	    ask->caller.organisation_id, asked->after_id);
	while (e == ERR_NONE && (id = requests_store_next(&list, ask->arena)) != NULL) {
		ProtobufCMessage *line = NULL;

		e = line_of(ask, id, &line);
		answer->drafts[answer->n_drafts++] = (void *)line;
		if (answer->n_drafts == limit) {
			answer->next_id = str_copy(ask->arena, id);
			break;
		}
	}
	kv_walk_end(&list.rows);
	svc_answer(ask, &answer->base);
	return e != ERR_NONE ? e : ask->txn->err;
}
