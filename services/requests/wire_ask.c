#include <string.h>

#include "base/access.h"
#include "base/message.h"
#include "base/str.h"
#include "requests/disclosure.h"
#include "requests/group.h"
#include "requests/wire_inside.h"

#include "matching.pb-c.h"

#define LIST_LINES 50 /* where the caller does not say */
#define LIST_LINES_MAX 200
/* Rows looked at for one page, listed or not: a longer search goes on with the next
 * page. */
#define LIST_ROWS_MAX 1000
#define LINE_BYTES_MAX 400

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

/* May the caller have a list made for this request? Only its own council: what a list
 * says of school and places to avoid is level 2. NULL: refused, or a fault. */
static Requests__Request *
asked_about(struct svc_ask *ask, const char *request_id, enum err *e)
{
	struct requests_reader reader = reader_of(ask);
	Requests__Request *request =
	    requests_store_request(ask->txn, ask->arena, request_id);

	*e = ask->txn->err;
	if (request != NULL && requests_view(request, &reader) == REQUESTS_VIEW_COUNCIL)
		return request;
	if (*e == ERR_NONE)
		*e = requests_wire_refuse(ask, REQUESTS_UNKNOWN, NULL);
	return NULL;
}

/* The letters asked about: of those the search is for, where none is named and they are
 * not all. False for letters that the request does not have. */
static bool
letters_of(struct arena *a, const Requests__Request *request, char ***refs, size_t *n)
{
	size_t children_n = request->circulation->n_children;
	uint32_t listed = requests_children_listed(request);
	uint32_t children;

	if (!requests_children(children_n, *refs, *n, &children))
		return false;
	if (*n == 0 && listed != requests_children_all(children_n))
		*refs = requests_children_refs(a, listed, n);
	return true;
}

enum err
requests_on_shortlist_asked(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Requests__ShortlistAsked *asked = (const void *)call;
	Matching__ShortlistAsked body = MATCHING__SHORTLIST_ASKED__INIT;
	enum err e;
	Requests__Request *request = asked_about(ask, asked->request_id, &e);

	if (request == NULL)
		return e;
	body.request_id = request->request_id;
	body.n_child_refs = asked->n_child_refs;
	body.child_refs = asked->child_refs;
	if (!letters_of(ask->arena, request, &body.child_refs, &body.n_child_refs))
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
	enum err e;
	Requests__Request *request = asked_about(ask, asked->request_id, &e);

	if (request == NULL)
		return e;
	body.request_id = request->request_id;
	body.vacancy_id = asked->vacancy_id;
	body.n_child_refs = asked->n_child_refs;
	body.child_refs = asked->child_refs;
	if (!letters_of(ask->arena, request, &body.child_refs, &body.n_child_refs))
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

/* The line without the request it was made from: a page must not need the memory of
 * all the rows behind it. */
static enum err
keep_line(struct arena *a, size_t mark, const Requests__RequestLine *line,
    Requests__RequestLine **out)
{
	uint8_t small[LINE_BYTES_MAX];
	struct bytes packed;
	ProtobufCMessage *kept;
	enum err e = line == NULL ? ERR_MEMORY : message_pack(a, &line->base, &packed);

	if (e != ERR_NONE)
		return e;
	if (packed.len > sizeof(small))
		return ERR_INTERNAL;
	memcpy(small, packed.data, packed.len);
	arena_release(a, mark);
	e = message_unpack(a, &requests__request_line__descriptor,
	    (struct bytes){small, packed.len}, &kept);
	*out = (Requests__RequestLine *)(void *)kept;
	return e;
}

/* The line of one request, NULL in *out where this reader is not shown it. */
static enum err
line_of(struct svc_ask *ask, const char *request_id, bool include_closed,
    Requests__RequestLine **out)
{
	struct requests_reader reader = reader_of(ask);
	size_t mark = ask->arena->used;
	Requests__Request *request =
	    requests_store_request(ask->txn, ask->arena, request_id);
	enum requests_view view =
	    request == NULL ? REQUESTS_VIEW_NONE : requests_view(request, &reader);

	*out = NULL;
	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	if (view == REQUESTS_VIEW_NONE ||
	    (!include_closed && !requests_is_current(request, view, &reader))) {
		arena_release(ask->arena, mark);
		return ERR_NONE;
	}
	return keep_line(
	    ask->arena, mark, requests_line(ask->arena, request, view, &reader), out);
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
	uint32_t limit = asked->limit == 0 ? LIST_LINES : asked->limit;
	struct requests_store_list list;
	const char *id;
	size_t rows = 0;
	enum err e = ERR_NONE;

	if (limit > LIST_LINES_MAX)
		limit = LIST_LINES_MAX;
	if (answer != NULL)
		answer->requests = LIST_NEW(ask->arena, limit, Requests__RequestLine *);
	if (answer == NULL || answer->requests == NULL)
		return ERR_MEMORY;
	requests_store_list(ask->txn, ask->arena, &list, table_for(&reader),
	    reader.organisation_id, asked->after_id);
	while (e == ERR_NONE && (id = requests_store_next(&list, ask->arena)) != NULL) {
		Requests__RequestLine *line;

		e = line_of(ask, id, asked->include_closed, &line);
		if (e == ERR_NONE && line != NULL)
			answer->requests[answer->n_requests++] = line;
		if (++rows == LIST_ROWS_MAX || answer->n_requests == limit) {
			answer->next_id = str_copy(ask->arena, id);
			break;
		}
	}
	kv_walk_end(&list.rows);
	svc_answer(ask, &answer->base);
	return e != ERR_NONE ? e : ask->txn->err;
}
