/* What services have followed is what they follow: every copy equals its original. */
#include "sim/model.h"

#include <string.h>

#include "base/journal.h"
#include "base/message.h"
#include "base/row.h"
#include "base/str.h"

#include "foster.pb-c.h"
#include "foster/store.h"
#include "matching/store.h"
#include "members.pb-c.h"
#include "requests/store.h"
#include "residential.pb-c.h"
#include "residential/store.h"

static uint64_t
head_of(struct world *w, unsigned node)
{
	struct journal_head head;
	struct kv_txn txn;

	kv_begin(svc_kv(w->nodes[node].svc), &txn, false);
	journal_read_head(&txn, &head);
	kv_abort(&txn);
	return head.number;
}

/* How far a source was followed, by what is saved of it. */
static uint64_t
followed_to(struct model *m, unsigned node, unsigned source)
{
	struct world *w = m->world;
	const Journal__Cursor *c;
	struct kv_txn txn;

	kv_begin(svc_kv(w->nodes[node].svc), &txn, false);
	c = row_get(&txn, &m->arena, SVC_CURSORS,
	    row_key(w->nodes[source].service->name), &journal__cursor__descriptor);
	kv_abort(&txn);
	return c == NULL ? 0 : c->number;
}

void
model_check_cursor(struct model *m, unsigned node, unsigned source)
{
	struct world *w = m->world;
	const char *name = w->nodes[source].service->name;
	uint64_t head = head_of(w, source), number = followed_to(m, node, source);

	if (number != head)
		world_fail(w, "%s has followed %s to %llu of %llu",
		    w->nodes[node].service->name, name, (unsigned long long)number,
		    (unsigned long long)head);
}

/* Two tables: the owner's and a copy, and whether one row is a copy of the other. */
struct copies {
	unsigned owner, owner_table;
	unsigned follower, follower_table;
	bool (*is_copy)(struct model *m, struct bytes row, struct bytes copy);
};

static void
check_copies(struct model *m, const struct copies *c)
{
	struct world *w = m->world;
	struct kv_txn owner, follower;
	struct kv_walk rows;
	struct bytes copy;
	uint64_t n = 0;

	kv_begin(svc_kv(w->nodes[c->owner].svc), &owner, false);
	kv_begin(svc_kv(w->nodes[c->follower].svc), &follower, false);
	for (kv_walk(&owner, &rows, c->owner_table, BYTES_NONE, BYTES_NONE);
	     kv_next(&rows); n++) {
		arena_reset(&m->arena);
		if (!kv_get(&follower, c->follower_table, rows.key, &copy) ||
		    !c->is_copy(m, rows.value, copy))
			world_fail(w, "%s has a wrong copy of %.*s of %s",
			    w->nodes[c->follower].service->name, (int)rows.key.len,
			    (const char *)rows.key.data,
			    w->nodes[c->owner].service->name);
	}
	if (kv_count(&follower, c->follower_table) != n)
		world_fail(w, "%s has a copy of what %s does not have",
		    w->nodes[c->follower].service->name,
		    w->nodes[c->owner].service->name);
	kv_abort(&follower);
	kv_abort(&owner);
}

static bool
is_same(struct model *m, struct bytes row, struct bytes copy)
{
	(void)m;
	return bytes_equal(row, copy);
}

/* What requests knows of a vacancy of either owner. */
static bool
is_same_place(struct model *m, const Requests__VacancyRow *is, struct bytes copy)
{
	const Requests__VacancyRow *c;
	ProtobufCMessage *b;

	if (message_unpack(&m->arena, &requests__vacancy_row__descriptor, copy, &b) !=
	    ERR_NONE)
		return false;
	c = (const Requests__VacancyRow *)b;
	return is->is_open == c->is_open && is->care_type == c->care_type &&
	       str_equal(is->provider_id, c->provider_id) &&
	       str_equal(is->place_id, c->place_id) &&
	       str_equal(is->council_id, c->council_id);
}

static bool
is_same_vacancy(struct model *m, struct bytes row, struct bytes copy)
{
	Requests__VacancyRow is = REQUESTS__VACANCY_ROW__INIT;
	const Foster__Vacancy *v;
	ProtobufCMessage *a;

	if (message_unpack(&m->arena, &foster__vacancy__descriptor, row, &a) !=
	    ERR_NONE)
		return false;
	v = (const Foster__Vacancy *)a;
	is.care_type = COMMON__CARE_TYPE__CARE_TYPE_FOSTER;
	is.is_open = v->is_open;
	is.place_id = v->household_id;
	is.provider_id = v->provider_id;
	is.council_id = v->council_id;
	return is_same_place(m, &is, copy);
}

static bool
is_same_bed(struct model *m, struct bytes row, struct bytes copy)
{
	Requests__VacancyRow is = REQUESTS__VACANCY_ROW__INIT;
	const Residential__Vacancy *v;
	ProtobufCMessage *a;

	if (message_unpack(&m->arena, &residential__vacancy__descriptor, row, &a) !=
	    ERR_NONE)
		return false;
	v = (const Residential__Vacancy *)a;
	is.care_type = v->care_type;
	is.is_open = v->is_open;
	is.place_id = v->home_id;
	is.provider_id = v->provider_id;
	is.council_id = v->council_id;
	return is_same_place(m, &is, copy);
}

/* Of a draft, what its shortlist looks at. */
static bool
is_same_draft(struct model *m, struct bytes row, struct bytes copy)
{
	const ProtobufCMessageDescriptor *type = &requests__draft_kept__descriptor;
	const Requests__DraftKept *is, *c;
	struct bytes need, known;
	ProtobufCMessage *a, *b;

	if (message_unpack(&m->arena, type, row, &a) != ERR_NONE ||
	    message_unpack(&m->arena, type, copy, &b) != ERR_NONE)
		return false;
	is = (const Requests__DraftKept *)a;
	c = (const Requests__DraftKept *)b;
	return message_pack(&m->arena, &is->circulation->base, &need) == ERR_NONE &&
	       message_pack(&m->arena, &c->circulation->base, &known) == ERR_NONE &&
	       bytes_equal(need, known);
}

/* People's names stay with members. */
static bool
is_same_person(struct model *m, struct bytes row, struct bytes copy)
{
	const ProtobufCMessageDescriptor *type = &members__person__descriptor;
	ProtobufCMessage *a, *b;
	struct bytes nameless;

	if (message_unpack(&m->arena, type, row, &a) != ERR_NONE ||
	    message_unpack(&m->arena, type, copy, &b) != ERR_NONE ||
	    ((const Members__Person *)b)->name != NULL)
		return false;
	((Members__Person *)a)->name = NULL;
	return message_pack(&m->arena, a, &nameless) == ERR_NONE &&
	       bytes_equal(nameless, copy);
}

static const struct copies copies[] = {
    {NODE_MEMBERS, SVC_ACCESS_COUNCILS, NODE_FOSTER, SVC_ACCESS_COUNCILS, is_same},
    {NODE_MEMBERS, SVC_ACCESS_PEOPLE, NODE_FOSTER, SVC_ACCESS_PEOPLE, is_same_person},
    {NODE_MEMBERS, SVC_ACCESS_KEYS, NODE_FOSTER, SVC_ACCESS_KEYS, is_same},
    {NODE_MEMBERS, SVC_ACCESS_PEOPLE, NODE_REQUESTS, SVC_ACCESS_PEOPLE, is_same_person},
    {NODE_MEMBERS, SVC_ACCESS_PROVIDERS, NODE_REQUESTS, SVC_ACCESS_PROVIDERS, is_same},
    {NODE_MEMBERS, SVC_ACCESS_PEOPLE, NODE_MATCHING, SVC_ACCESS_PEOPLE, is_same_person},
    {NODE_FOSTER, FOSTER_VACANCIES, NODE_MATCHING, MATCHING_VACANCIES, is_same},
    {NODE_MEMBERS, SVC_ACCESS_COUNCILS, NODE_RESIDENTIAL, SVC_ACCESS_COUNCILS, is_same},
    {NODE_MEMBERS, SVC_ACCESS_PROVIDERS, NODE_RESIDENTIAL, SVC_ACCESS_PROVIDERS,
	is_same},
    {NODE_MEMBERS, SVC_ACCESS_PEOPLE, NODE_RESIDENTIAL, SVC_ACCESS_PEOPLE,
	is_same_person},
    {NODE_MEMBERS, SVC_ACCESS_KEYS, NODE_RESIDENTIAL, SVC_ACCESS_KEYS, is_same},
    {NODE_FOSTER, FOSTER_VACANCIES, NODE_REQUESTS, REQUESTS_VACANCIES, is_same_vacancy},
    {NODE_RESIDENTIAL, RESIDENTIAL_VACANCIES, NODE_MATCHING, MATCHING_HOME_VACANCIES,
	is_same},
    {NODE_RESIDENTIAL, RESIDENTIAL_VACANCIES, NODE_REQUESTS, REQUESTS_BEDS,
	is_same_bed},
    {NODE_REQUESTS, REQUESTS_DRAFTS, NODE_MATCHING, MATCHING_DRAFTS, is_same_draft},
};

/* Matching has the needs that still wait, and nothing of who they are about. */
static void
check_needs(struct model *m)
{
	struct world *w = m->world;
	struct kv_txn txn;
	size_t waiting = 0;

	kv_begin(svc_kv(w->nodes[NODE_MATCHING].svc), &txn, false);
	for (size_t i = 0; i < m->requests_n; i++) {
		const struct model_request *r = &m->requests[i];
		const Requests__RequestSubmitted *copy;
		bool is_draft;

		arena_reset(&m->arena);
		copy = matching_store_request(&txn, &m->arena, r->id, &is_draft);
		if ((copy != NULL && !is_draft) != (!r->is_filled && !r->is_withdrawn))
			world_fail(
			    w, "matching is wrong on whether request %s waits", r->id);
		if (copy == NULL)
			continue;
		waiting++;
		if (copy->identity != NULL || copy->submitted_by_id != NULL)
			world_fail(w, "matching knows who request %s is about", r->id);
	}
	if (kv_count(&txn, MATCHING_REQUESTS) != waiting)
		world_fail(w, "matching has needs that requests has not");
	kv_abort(&txn);
}

#define COPIES (sizeof copies / sizeof copies[0])

void
model_check_followed(struct model *m, unsigned node)
{
	const struct node *nodes = m->world->nodes;

	for (size_t i = 0; i < COPIES && !m->world->is_over; i++) {
		const struct copies *c = &copies[i];

		if (c->follower != node || nodes[node].svc == NULL ||
		    nodes[c->owner].svc == NULL)
			continue;
		arena_reset(&m->arena);
		if (followed_to(m, node, c->owner) == head_of(m->world, c->owner))
			check_copies(m, c);
	}
}

void
model_check_copies(struct model *m)
{
	for (size_t i = 0; i < COPIES && !m->world->is_over; i++)
		check_copies(m, &copies[i]);
	if (!m->world->is_over)
		check_needs(m);
}
