#include "sim/model.h"

#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "base/journal.h"
#include "base/message.h"
#include "base/str.h"

#include "requests.pb-c.h"
#include "requests/store.h"

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
			world_fail(w, "%s: replayed journal and table %s differ", name,
			    i < before->n ? before->tables[i] : after->tables[i]);
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
		model_check_cursor(m, node, world_node_named(w, s->sources[i].service));
	check_witnesses(m, node);
}

static const struct model_journey *
placed(const struct model_request *r, const char *placement)
{
	for (size_t i = 0; r != NULL && i < r->journeys_n; i++)
		if (str_equal(r->journeys[i].placement, placement))
			return &r->journeys[i];
	return NULL;
}

static bool
lives_there(const struct model_journey *j)
{
	return (j->step == MODEL_STARTED || j->step == MODEL_ENDED) && !j->is_freed;
}

/* Nothing is held for nobody, and whoever was placed is where requests says. */
static void
check_stays(struct model *m)
{
	for (size_t i = 0; i < m->stays_n; i++) {
		const struct model_stay *s = &m->stays[i];
		const struct model_journey *j;

		if (s->request[0] == '\0')
			continue;
		j = placed(model_request(m, s->request), s->placement);
		if (s->is_hold)
			world_fail(
			    m->world, "hold %s was never started or released", s->id);
		else if (j == NULL || !lives_there(j))
			world_fail(m->world, "request %s did not place who lives there",
			    s->request);
	}
}

static Requests__State
state_of(const struct model_request *r, unsigned child)
{
	for (size_t i = 0; i < r->journeys_n; i++)
		if ((r->journeys[i].children & child) != 0) {
			if (r->journeys[i].step == MODEL_STARTED)
				return REQUESTS__STATE__STATE_STARTED;
			if (r->journeys[i].step == MODEL_ENDED)
				return REQUESTS__STATE__STATE_ENDED;
		}
	if (r->is_withdrawn)
		return REQUESTS__STATE__STATE_WITHDRAWN;
	return r->bids_n == 0 ? REQUESTS__STATE__STATE_SUBMITTED
	                      : REQUESTS__STATE__STATE_CIRCULATED;
}

/* The row that requests keeps says what its journal says: of the children the one who
 * is least far. */
static bool
is_row_of(const Requests__Request *row, const struct model_request *r)
{
	Requests__State state = REQUESTS__STATE__STATE_WITHDRAWN;

	for (unsigned i = 0; i < r->children; i++)
		if (state_of(r, 1U << i) < state)
			state = state_of(r, 1U << i);
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

static uint32_t
people_of(const struct model *m, const char *placement)
{
	uint32_t people = 0;

	for (size_t i = 0; i < m->stays_n; i++)
		people += str_equal(m->stays[i].placement, placement);
	return people;
}

static void
check_placement(
    struct model *m, const struct model_request *r, const struct model_journey *j)
{
	uint32_t children = 0;

	for (unsigned i = 0; lives_there(j) && i < r->children; i++)
		children += (j->children & 1U << i) != 0;
	if (people_of(m, j->placement) != children)
		world_fail(m->world, "of placement %s, of %u children, %u live there",
		    j->placement, children, people_of(m, j->placement));
	if (j->step < MODEL_STARTED)
		world_fail(m->world, "the journey of request %s did not end", r->id);
	if (j->step == MODEL_ENDED && !j->is_freed)
		world_fail(m->world, "the place of request %s was not freed", r->id);
}

static void
check_request(struct model *m, const struct model_request *r)
{
	for (size_t i = 0; i < r->journeys_n; i++)
		check_placement(m, r, &r->journeys[i]);
	for (size_t i = 0; i < r->bids_n; i++)
		if ((r->bids[i].outcome != 0) != (r->is_filled || r->is_withdrawn))
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
		const struct model_journey *j =
		    r == NULL ? NULL : MODEL_FIND(r->journeys, r->journeys_n, s->id);

		if (s->is_hold && (j == NULL || j->step > MODEL_ORDERED))
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
	model_check_copies(m);
	model_check_drafts(m);
	if (!w->is_over)
		model_check_observatory(m);
	check_stays(m);
	for (size_t i = 0; i < m->requests_n && !w->is_over; i++) {
		check_request(m, &m->requests[i]);
		check_row(m, &m->requests[i]);
	}
	for (size_t i = 0; i < m->homes_n; i++)
		if (m->homes[i].owner == NODE_FOSTER)
			model_check_places(m, &m->homes[i]);
}
