/* The observatory counts what happened: its rows against the model's own memory. */
#include "sim/model.h"

#include "base/row.h"
#include "base/str.h"
#include "observatory/store.h"

/* Every placement that was decided on, in that order. */
static bool
is_placement(const struct model *m, const Observatory__PlacementRow *row,
    const struct model_request *r, const struct model_journey *j)
{
	const struct model_offer *o = &r->offers[j->offer];
	const struct model_home *h = model_home_of_vacancy(m, o->vacancy);
	bool has_begun = j->step == MODEL_STARTED || j->step == MODEL_ENDED;
	bool is_fostering = row->care_type == COMMON__CARE_TYPE__CARE_TYPE_FOSTER ||
	                    !row->has_care_type;

	return str_equal(row->placement_id, j->placement) && h != NULL &&
	       str_equal(row->place_id, h->id) &&
	       str_equal(row->provider_id, o->provider) &&
	       is_fostering == (h->owner == NODE_FOSTER) &&
	       model_children(r, row->child_refs, row->n_child_refs) == j->children &&
	       (row->is_started != 0) == has_begun &&
	       (r->is_withdrawn ||
		   (row->is_lost != 0) == (j->step == MODEL_GIVEN_BACK)) &&
	       (row->has_end_day != 0) == (j->step == MODEL_ENDED);
}

static void
check_need(struct model *m, struct kv_txn *txn, const struct model_request *r)
{
	const Observatory__NeedRow *row = row_get(txn, &m->arena, OBSERVATORY_NEEDS,
	    row_key(r->id), &observatory__need_row__descriptor);

	if (row == NULL || row->n_children != r->children ||
	    row->n_placements != r->journeys_n) {
		world_fail(m->world, "the observatory does not know request %s", r->id);
		return;
	}
	for (size_t i = 0; i < r->journeys_n; i++)
		if (!is_placement(m, row->placements[i], r, &r->journeys[i]))
			world_fail(m->world,
			    "the observatory is wrong on placement %s of request %s",
			    r->journeys[i].placement, r->id);
	if (row->n_offers != r->offers_n)
		world_fail(
		    m->world, "the observatory is wrong on the offers of %s", r->id);
	for (size_t i = 0; i < row->n_offers && i < r->offers_n; i++)
		if ((row->offers[i]->is_lost != 0) != r->offers[i].is_lost)
			world_fail(m->world,
			    "the observatory is wrong on whether offer %s stands",
			    r->offers[i].id);
	if (row->has_withdrawn_day != r->is_withdrawn)
		world_fail(m->world,
		    "the observatory is wrong on what became of request %s", r->id);
}

static void
check_home(struct model *m, struct kv_txn *txn, const struct model_home *h)
{
	bool is_household = h->owner == NODE_FOSTER;
	const Observatory__PlaceRow *row = row_get(txn, &m->arena,
	    is_household ? OBSERVATORY_HOUSEHOLDS : OBSERVATORY_HOMES, row_key(h->id),
	    &observatory__place_row__descriptor);
	const struct model_beds *beds = &h->care.counted;
	uint32_t filled = 0, held = 0;

	for (size_t i = 0; i < m->stays_n; i++) {
		const struct model_stay *s = &m->stays[i];

		if (str_equal(s->home, h->id))
			*(s->is_hold ? &held : &filled) += s->children_n;
	}
	if (row == NULL || row->filled != filled || row->held != held)
		world_fail(m->world, "the observatory is wrong on home %s", h->id);
	else if (!is_household &&
		 (row->approved != beds->registered || row->free != beds->free ||
		     row->reserved != beds->reserved))
		world_fail(
		    m->world, "the observatory is wrong on the beds of home %s", h->id);
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
