#include "sim/model.h"

#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "base/journal.h"
#include "base/message.h"
#include "base/row.h"
#include "base/str.h"

#include "foster.pb-c.h"
#include "foster/store.h"
#include "matching/store.h"
#include "members.pb-c.h"
#include "requests.pb-c.h"
#include "requests/store.h"
#include "residential.pb-c.h"
#include "residential/store.h"

/* ---- rebuilt tables equal the tables ---- */

/* The hash of every own table, so that a difference can be named. */
struct dump {
	const char *tables[KV_TABLES_MAX];
	crypto_generichash_state states[KV_TABLES_MAX];
	size_t n;
};

static void
hash_row(void *context, const char *table, struct bytes key, struct bytes value)
{
	struct dump *d = context;
	uint8_t lengths[8];

	if (d->n == 0 || d->tables[d->n - 1] != table) {
		d->tables[d->n] = table;
		crypto_generichash_init(&d->states[d->n++], NULL, 0, 32);
	}
	bytes_put_u32(lengths, (uint32_t)key.len);
	bytes_put_u32(lengths + 4, (uint32_t)value.len);
	crypto_generichash_update(&d->states[d->n - 1], lengths, sizeof lengths);
	crypto_generichash_update(&d->states[d->n - 1], key.data, key.len);
	crypto_generichash_update(&d->states[d->n - 1], value.data, value.len);
}

static void
compare_dumps(struct world *w, unsigned node, struct dump *before, struct dump *after)
{
	const char *name = w->nodes[node].service->name;

	for (size_t i = 0; i < before->n || i < after->n; i++) {
		uint8_t a[32], b[32];

		if (i >= before->n || i >= after->n ||
		    before->tables[i] != after->tables[i]) {
			world_fail(w, "%s: replayed, other tables hold rows", name);
			return;
		}
		crypto_generichash_final(&before->states[i], a, sizeof a);
		crypto_generichash_final(&after->states[i], b, sizeof b);
		if (memcmp(a, b, sizeof a) != 0)
			world_fail(w, "%s: replayed journal and table %s differ", name,
			    before->tables[i]);
	}
}

void
model_check_rebuild(struct model *m, unsigned node)
{
	static struct dump before, after; /* large */
	struct world *w = m->world;
	struct svc *svc = w->nodes[node].svc;
	char problem[200] = "";

	if (svc == NULL || w->is_over)
		return;
	before.n = after.n = 0;
	if (svc_dump(svc, hash_row, &before) != ERR_NONE ||
	    svc_rebuild(svc, problem, sizeof problem) != ERR_NONE ||
	    svc_dump(svc, hash_row, &after) != ERR_NONE)
		world_fail(w, "%s does not rebuild: %s", w->nodes[node].service->name,
		    problem);
	else
		compare_dumps(w, node, &before, &after);
}

/* ---- every copy is what it is a copy of ---- */

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

static void
check_cursor(struct model *m, unsigned node, unsigned source)
{
	struct world *w = m->world;
	const char *name = w->nodes[source].service->name;
	uint64_t head = head_of(w, source), number = 0;
	const Journal__Cursor *c;
	struct kv_txn txn;

	kv_begin(svc_kv(w->nodes[node].svc), &txn, false);
	c = row_get(
	    &txn, &m->arena, SVC_CURSORS, row_key(name), &journal__cursor__descriptor);
	if (c != NULL)
		number = c->number;
	kv_abort(&txn);
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
    {NODE_FOSTER, FOSTER_VACANCIES, NODE_REQUESTS, REQUESTS_VACANCIES, is_same_vacancy},
    {NODE_RESIDENTIAL, RESIDENTIAL_VACANCIES, NODE_REQUESTS, REQUESTS_BEDS,
	is_same_bed},
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

		arena_reset(&m->arena);
		copy = matching_store_request(&txn, &m->arena, r->id);
		if ((copy != NULL) != (!r->is_started && !r->is_withdrawn))
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

/* ---- all has ended ---- */

static uint64_t
rows_in(struct world *w, unsigned node, unsigned table)
{
	struct kv_txn txn;
	uint64_t n;

	kv_begin(svc_kv(w->nodes[node].svc), &txn, false);
	n = kv_count(&txn, table);
	kv_abort(&txn);
	return n;
}

/* The entry under this number, read anew; NULL: there is none. */
static const Journal__Record *
entry_of(struct model *m, unsigned node, uint64_t number, struct kv_txn *txn)
{
	struct journal_walk j;
	const Journal__Record *record;

	kv_begin(svc_kv(m->world->nodes[node].svc), txn, false);
	journal_walk(txn, &j, number);
	record = journal_next(&j, &m->arena) ? j.record : NULL;
	kv_walk_end(&j.rows);
	return record;
}

static void
check_witness(struct model *m, unsigned node, const Common__Witnessed *said)
{
	unsigned of = world_node_named(m->world, said->service);
	struct kv_txn txn;
	const Journal__Record *entry = entry_of(m, of, said->number, &txn);

	if (entry == NULL ||
	    !bytes_equal(BYTES_OF(entry->entry_hash), BYTES_OF(said->hash)))
		world_fail(m->world, "%s witnessed an entry %llu that %s never wrote",
		    m->world->nodes[node].service->name,
		    (unsigned long long)said->number, said->service);
	kv_abort(&txn);
}

/* What a service wrote down of others' journals is what they are. */
static void
check_witnesses(struct model *m, unsigned node)
{
	struct journal_walk j;
	struct kv_txn txn;
	size_t mark = m->arena.used;

	kv_begin(svc_kv(m->world->nodes[node].svc), &txn, false);
	for (journal_walk(&txn, &j, 1); journal_next(&j, &m->arena);
	     arena_release(&m->arena, mark)) {
		ProtobufCMessage *said;

		if (j.record->header->type == JOURNAL_TYPE_WITNESSED &&
		    message_unpack(&m->arena, &common__witnessed__descriptor,
			BYTES_OF(j.body->event), &said) == ERR_NONE)
			check_witness(m, node, (const Common__Witnessed *)said);
	}
	kv_abort(&txn);
}

static void
check_node(struct model *m, unsigned node)
{
	struct world *w = m->world;
	const struct service *s = w->nodes[node].service;
	uint64_t owed = rows_in(w, node, SVC_OWED);

	if (owed != 0)
		world_fail(
		    w, "%s still owes %llu calls", s->name, (unsigned long long)owed);
	if (rows_in(w, node, SVC_CAUSED) != m->causes_n[node])
		world_fail(w, "%s does not know what it reacted to", s->name);
	for (size_t i = 0; i < s->sources_n; i++)
		check_cursor(m, node, world_node_named(w, s->sources[i].service));
	check_witnesses(m, node);
}

/* Nothing is held for nobody, and whoever was placed is where requests says. */
static void
check_stays(struct model *m)
{
	for (size_t i = 0; i < m->stays_n; i++) {
		const struct model_stay *s = &m->stays[i];
		const struct model_request *r = model_request(m, s->request);

		if (s->request[0] == '\0')
			continue;
		if (s->is_hold)
			world_fail(
			    m->world, "hold %s was never started or released", s->id);
		else if (r == NULL || !r->is_started || r->is_freed)
			world_fail(m->world, "request %s did not place who lives there",
			    s->request);
	}
}

/* The row that requests keeps says what its journal says. */
static bool
is_row_of(const Requests__Request *row, const struct model_request *r)
{
	Requests__State state = r->is_withdrawn  ? REQUESTS__STATE__STATE_WITHDRAWN
	                        : r->is_ended    ? REQUESTS__STATE__STATE_ENDED
	                        : r->is_started  ? REQUESTS__STATE__STATE_STARTED
	                        : r->bids_n == 0 ? REQUESTS__STATE__STATE_SUBMITTED
	                                         : REQUESTS__STATE__STATE_CIRCULATED;

	if (row == NULL || row->state != state || row->n_bids != r->bids_n ||
	    row->n_offers != r->offers_n)
		return false;
	for (size_t i = 0; i < r->offers_n; i++)
		if (r->offers[i].is_lost != (row->offers[i]->is_lost != 0) ||
		    !str_equal(r->offers[i].id, row->offers[i]->offer_id))
			return false;
	for (size_t i = 0; i < r->bids_n && r->bids[i].outcome != 0; i++)
		if (r->bids[i].outcome != (unsigned)row->bids[i]->outcome ||
		    (row->bids[i]->level != REQUESTS__DISCLOSURE__DISCLOSURE_L1 &&
			row->bids[i]->outcome != REQUESTS__OUTCOME__OUTCOME_CHOSEN))
			return false;
	return true;
}

static void
check_row(struct model *m, const struct model_request *r)
{
	struct kv_txn txn;

	kv_begin(svc_kv(m->world->nodes[NODE_REQUESTS].svc), &txn, false);
	arena_reset(&m->arena);
	if (!is_row_of(requests_store_request(&txn, &m->arena, r->id), r))
		world_fail(
		    m->world, "the row of request %s is not what happened", r->id);
	kv_abort(&txn);
}

static void
check_request(struct model *m, const struct model_request *r)
{
	unsigned children = 0;

	for (size_t i = 0; i < m->stays_n; i++)
		if (!m->stays[i].is_hold && str_equal(m->stays[i].request, r->id))
			children++;
	if (children != (r->is_started && !r->is_freed ? r->children : 0))
		world_fail(m->world, "of request %s, with %u children, %u live there",
		    r->id, r->children, children);
	if (r->is_decided)
		world_fail(m->world, "the journey of request %s did not end", r->id);
	if (r->owes_release)
		world_fail(m->world,
		    "request %s was withdrawn and its place not released", r->id);
	if (r->is_ended && !r->is_freed)
		world_fail(m->world, "the place of request %s was not freed", r->id);
	for (size_t i = 0; i < r->bids_n; i++)
		if ((r->bids[i].outcome != 0) != (r->is_started || r->is_withdrawn))
			world_fail(
			    m->world, "a bidder of request %s got no outcome", r->id);
}

void
model_check_settled(struct model *m)
{
	for (unsigned i = 0; i < NODES && !m->world->is_over; i++)
		if (rows_in(m->world, i, SVC_OWED) != 0)
			world_fail(m->world,
			    "%s owes a call that nothing stands against",
			    m->world->nodes[i].service->name);
	for (size_t i = 0; i < m->stays_n; i++) {
		const struct model_stay *s = &m->stays[i];
		const struct model_request *r = model_request(m, s->request);

		if (s->is_hold &&
		    (r == NULL || !r->is_decided || !str_equal(r->hold, s->id)))
			world_fail(m->world, "hold %s is held for nobody", s->id);
	}
}

void
model_check_end(struct model *m)
{
	struct world *w = m->world;

	for (unsigned i = 0; i < NODES && !w->is_over; i++) {
		if (w->nodes[i].svc == NULL) {
			world_fail(w, "%s is still down", w->nodes[i].service->name);
			return;
		}
		arena_reset(&m->arena);
		check_node(m, i);
	}
	for (size_t i = 0; i < sizeof copies / sizeof copies[0] && !w->is_over; i++)
		check_copies(m, &copies[i]);
	if (!w->is_over)
		check_needs(m);
	if (!w->is_over)
		model_check_observatory(m);
	check_stays(m);
	for (size_t i = 0; i < m->requests_n && !w->is_over; i++) {
		check_request(m, &m->requests[i]);
		check_row(m, &m->requests[i]);
	}
	for (size_t i = 0; i < m->homes_n; i++)
		model_check_places(m, &m->homes[i]);
}
