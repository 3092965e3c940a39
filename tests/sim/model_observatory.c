/* The observatory counts what happened: its rows against the model's own memory. */
#include "sim/model.h"

#include "base/row.h"
#include "base/str.h"
#include "observatory/store.h"

static void
check_need(struct model *m, struct kv_txn *txn, const struct model_request *r)
{
	const Observatory__NeedRow *row = row_get(txn, &m->arena, OBSERVATORY_NEEDS,
	    row_key(r->id), &observatory__need_row__descriptor);
	bool has_begun = false, lasts = false;

	if (row == NULL || row->n_children != r->children) {
		world_fail(m->world, "the observatory does not know request %s", r->id);
		return;
	}
	for (size_t i = 0; i < row->n_placements; i++) {
		const Observatory__PlacementRow *p = row->placements[i];
		has_begun = has_begun || p->is_started;
		lasts = lasts || (p->is_started && !p->has_end_day);
		if (p->place_id == NULL || p->provider_id == NULL)
			world_fail(m->world,
			    "the observatory lost the place of request %s", r->id);
	}
	if (has_begun != r->is_started || lasts != (r->is_started && !r->is_ended) ||
	    row->has_withdrawn_day != r->is_withdrawn)
		world_fail(m->world,
		    "the observatory is wrong on what became of request %s", r->id);
}

static void
check_home(struct model *m, struct kv_txn *txn, const struct model_home *h)
{
	const Observatory__PlaceRow *row =
	    row_get(txn, &m->arena, OBSERVATORY_HOUSEHOLDS, row_key(h->id),
		&observatory__place_row__descriptor);
	uint32_t filled = 0, held = 0;

	for (size_t i = 0; i < m->stays_n; i++) {
		const struct model_stay *s = &m->stays[i];
		if (!str_equal(s->home, h->id))
			continue;
		filled += s->is_hold ? 0 : s->children_n;
		held += s->is_hold ? s->children_n : 0;
	}
	if (row == NULL || row->filled != filled || row->held != held)
		world_fail(m->world, "the observatory is wrong on home %s", h->id);
}

void
model_check_observatory(struct model *m)
{
	struct kv_txn txn;

	kv_begin(svc_kv(m->world->nodes[NODE_OBSERVATORY].svc), &txn, false);
	for (size_t i = 0; i < m->requests_n && !m->world->is_over; i++) {
		arena_reset(&m->arena);
		check_need(m, &txn, &m->requests[i]);
	}
	for (size_t i = 0; i < m->homes_n && !m->world->is_over; i++) {
		arena_reset(&m->arena);
		check_home(m, &txn, &m->homes[i]);
	}
	if (kv_count(&txn, OBSERVATORY_NEEDS) != m->requests_n)
		world_fail(m->world, "the observatory has needs that requests has not");
	kv_abort(&txn);
}
