#include <string.h>

#include "base/access.h"
#include "base/message.h"
#include "base/str.h"
#include "requests/disclosure.h"
#include "requests/drafts.h"
#include "requests/group.h"
#include "requests/line.h"
#include "requests/wire_inside.h"

#include "matching.pb-c.h"

#define LIST_LINES 50 /* where the caller does not say */
#define LIST_LINES_MAX 200
/* Rows looked at for one page, listed or not: a longer search goes on with the next
 * page. */
#define LIST_ROWS_MAX 1000
#define LINE_BYTES_MAX 600

#define ROLES_COUNCIL                                                                  \
	(ROLE_BIT(MEMBERS__ROLE__ROLE_COMMISSIONER) |                                  \
	    ROLE_BIT(MEMBERS__ROLE__ROLE_NOMINATED_OFFICER) |                          \
	    ROLE_BIT(MEMBERS__ROLE__ROLE_DIRECTOR))

static struct requests_reader
reader_of(const struct svc_ask *ask)
{
	uint32_t roles = ask->caller.roles;

	return (struct requests_reader){
	    .organisation_id = ask->caller.organisation_id,
	    .is_council = (roles & ROLES_COUNCIL) != 0,
	    .is_provider =
		(roles & ROLE_BIT(MEMBERS__ROLE__ROLE_PLACEMENT_OFFICER)) != 0,
	    .is_cooperative =
		(roles & ROLE_BIT(MEMBERS__ROLE__ROLE_COOPERATIVE_OFFICER)) != 0,
	};
}

/* ---- passed on to matching ---- */

/* What a list can be made for: a request, or a draft that may become one. */
struct subject {
	const Requests__NeedCirculation *need;
	uint32_t listed; /* the children for whom, where none is named */
};

/* A draft is read by commissioners alone. */
static bool
find_draft(struct svc_ask *ask, const char *draft_id, struct subject *out)
{
	const Requests__DraftKept *kept =
	    requests_store_draft(ask->txn, ask->arena, draft_id);

	if (kept == NULL || !requests_is_own_draft(kept, ask->caller.organisation_id) ||
	    (ask->caller.roles & ROLE_BIT(MEMBERS__ROLE__ROLE_COMMISSIONER)) == 0)
		return false;
	out->need = kept->circulation;
	out->listed = requests_children_all(kept->circulation->n_children);
	return true;
}

/* May the caller have a list made for this? Only its own council: what a list says of
 * school and places to avoid is level 2. False: *e is the answer. */
static bool
asked_about(struct svc_ask *ask, const char *id, struct subject *out, enum err *e)
{
	struct requests_reader reader = reader_of(ask);
	Requests__Request *request = requests_store_request(ask->txn, ask->arena, id);

	if (request != NULL &&
	    requests_view(request, &reader) == REQUESTS_VIEW_COUNCIL) {
		out->need = request->circulation;
		out->listed = requests_children_listed(request);
		*e = ask->txn->err;
		return true;
	}
	if (request == NULL && find_draft(ask, id, out)) {
		*e = ask->txn->err;
		return true;
	}
	*e = ask->txn->err;
	if (*e == ERR_NONE)
		*e = requests_wire_refuse(ask, REQUESTS_UNKNOWN, NULL);
	return false;
}

/* The letters asked about: of those the search is for, where none is named and they are
 * not all. False for letters that the request does not have. */
static bool
letters_of(struct arena *a, const struct subject *subject, char ***refs, size_t *n)
{
	size_t children_n = subject->need->n_children;
	uint32_t children;

	if (!requests_children(children_n, *refs, *n, &children))
		return false;
	if (*n == 0 && subject->listed != requests_children_all(children_n))
		*refs = requests_children_refs(a, subject->listed, n);
	return true;
}

enum err
requests_on_shortlist_asked(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Requests__ShortlistAsked *asked = (const void *)call;
	Matching__ShortlistAsked body = MATCHING__SHORTLIST_ASKED__INIT;
	struct subject subject;
	enum err e;

	if (!asked_about(ask, asked->request_id, &subject, &e))
		return e;
	body.request_id = subject.need->request_id;
	body.n_child_refs = asked->n_child_refs;
	body.child_refs = asked->child_refs;
	if (!letters_of(ask->arena, &subject, &body.child_refs, &body.n_child_refs))
		return requests_wire_refuse(ask, REQUESTS_CHILD_REFS, NULL);
	SET(&body, at_least_number, svc_next_number(ask) - 1);
	svc_pass(ask, "matching", MATCHING__MATCHING_CALL__CALL_SHORTLIST, &body.base);
	return ask->txn->err;
}

enum err
requests_on_why_asked(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Requests__WhyAsked *asked = (const void *)call;
	Matching__WhyAsked body = MATCHING__WHY_ASKED__INIT;
	struct subject subject;
	enum err e;

	if (!asked_about(ask, asked->request_id, &subject, &e))
		return e;
	body.request_id = subject.need->request_id;
	body.vacancy_id = asked->vacancy_id;
	body.n_child_refs = asked->n_child_refs;
	body.child_refs = asked->child_refs;
	if (!letters_of(ask->arena, &subject, &body.child_refs, &body.n_child_refs))
		return requests_wire_refuse(ask, REQUESTS_CHILD_REFS, NULL);
	SET(&body, at_least_number, svc_next_number(ask) - 1);
	svc_pass(ask, "matching", MATCHING__MATCHING_CALL__CALL_WHY, &body.base);
	return ask->txn->err;
}

/* ---- one request ---- */

enum err
requests_on_request_asked(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Requests__RequestAsked *asked = (const void *)call;
	struct requests_reader reader = reader_of(ask);
	Requests__Request *request =
	    requests_store_request(ask->txn, ask->arena, asked->request_id);
	enum requests_view view =
	    request == NULL ? REQUESTS_VIEW_NONE : requests_view(request, &reader);
	Requests__RequestShown *shown;

	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	if (view == REQUESTS_VIEW_NONE)
		return requests_wire_refuse(ask, REQUESTS_UNKNOWN, NULL);
	shown = requests_shown(ask->arena, request, view, &reader);
	if (shown == NULL)
		return ERR_MEMORY;
	svc_answer(ask, &shown->base);
	return ERR_NONE;
}

/* ---- a list of them ---- */

enum err
requests_wire_keep(struct svc_ask *ask, size_t mark, const ProtobufCMessage *line,
    ProtobufCMessage **out)
{
	uint8_t small[LINE_BYTES_MAX];
	const ProtobufCMessageDescriptor *type;
	struct bytes packed;
	enum err e =
	    line == NULL ? ERR_MEMORY : message_pack(ask->arena, line, &packed);

	if (e != ERR_NONE)
		return e;
	if (packed.len > sizeof(small))
		return ERR_INTERNAL;
	memcpy(small, packed.data, packed.len);
	type = line->descriptor;
	arena_release(ask->arena, mark);
	return message_unpack(ask->arena, type, (struct bytes){small, packed.len}, out);
}

uint32_t
requests_wire_limit(uint32_t asked)
{
	if (asked == 0)
		return LIST_LINES;
	return asked > LIST_LINES_MAX ? LIST_LINES_MAX : asked;
}

/* The line of one request, NULL in *out where this reader is not shown it. */
static enum err
line_of(struct svc_ask *ask, const char *request_id, bool include_closed,
    ProtobufCMessage **out)
{
	struct requests_reader reader = reader_of(ask);
	size_t mark = ask->arena->used;
	Requests__Request *request =
	    requests_store_request(ask->txn, ask->arena, request_id);
	enum requests_view view =
	    request == NULL ? REQUESTS_VIEW_NONE : requests_view(request, &reader);
	Requests__RequestLine *line;

	*out = NULL;
	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	if (view == REQUESTS_VIEW_NONE ||
	    (!include_closed && !requests_is_current(request, view, &reader))) {
		arena_release(ask->arena, mark);
		return ERR_NONE;
	}
	line = requests_line(ask->arena, request, view, &reader);
	return requests_wire_keep(ask, mark, line == NULL ? NULL : &line->base, out);
}

static enum requests_table
table_for(const struct requests_reader *reader)
{
	if (reader->is_council)
		return REQUESTS_BY_COUNCIL;
	return reader->is_provider ? REQUESTS_BY_PROVIDER : REQUESTS_REQUESTS;
}

enum err
requests_on_requests_asked(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Requests__RequestsAsked *asked = (const void *)call;
	struct requests_reader reader = reader_of(ask);
	Requests__Requests *answer = MESSAGE_NEW(ask->arena, requests__requests);
	uint32_t limit = requests_wire_limit(asked->limit);
	struct requests_store_list list;
	const char *id;
	size_t rows = 0;
	enum err e = ERR_NONE;

	if (answer != NULL)
		answer->requests = LIST_NEW(ask->arena, limit, Requests__RequestLine *);
	if (answer == NULL || answer->requests == NULL)
		return ERR_MEMORY;
	requests_store_list(ask->txn, ask->arena, &list, table_for(&reader),
	    reader.organisation_id, asked->after_id);
	while (e == ERR_NONE && (id = requests_store_next(&list, ask->arena)) != NULL) {
		ProtobufCMessage *line;

		e = line_of(ask, id, asked->include_closed, &line);
		if (e == ERR_NONE && line != NULL)
			answer->requests[answer->n_requests++] = (void *)line;
		if (++rows == LIST_ROWS_MAX || answer->n_requests == limit) {
			answer->next_id = str_copy(ask->arena, id);
			break;
		}
	}
	kv_walk_end(&list.rows);
	svc_answer(ask, &answer->base);
	return e != ERR_NONE ? e : ask->txn->err;
}

/* ---- what happened to one ---- */

enum err
requests_on_timeline_asked(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Requests__RequestTimelineAsked *asked = (const void *)call;
	struct requests_reader reader = reader_of(ask);
	const Requests__Request *request =
	    requests_store_request(ask->txn, ask->arena, asked->request_id);
	uint32_t limit = requests_wire_limit(asked->limit);
	Requests__RequestTimeline *answer =
	    MESSAGE_NEW(ask->arena, requests__request_timeline);
	struct requests_store_timeline list;
	Requests__TimelineEntry *entry;

	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	if (request == NULL || requests_view(request, &reader) != REQUESTS_VIEW_COUNCIL)
		return requests_wire_refuse(ask, REQUESTS_UNKNOWN, NULL);
	if (answer != NULL)
		answer->entries =
		    LIST_NEW(ask->arena, limit, Requests__TimelineEntry *);
	if (answer == NULL || answer->entries == NULL)
		return ERR_MEMORY;
	answer->request_id = request->request_id;
	requests_store_timeline(
	    ask->txn, &list, request->request_id, asked->after_number);
	while (answer->n_entries < limit &&
	       (entry = requests_store_next_entry(&list, ask->arena)) != NULL)
		answer->entries[answer->n_entries++] = entry;
	kv_walk_end(&list.rows);
	if (answer->n_entries == limit)
		SET(answer, next_number, answer->entries[limit - 1]->number);
	svc_answer(ask, &answer->base);
	return ask->txn->err;
}
