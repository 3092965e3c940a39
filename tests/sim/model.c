#include "sim/model.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/message.h"
#include "base/row.h"
#include "base/str.h"

#include "foster.pb-c.h"
#include "requests.pb-c.h"

#define HOMES_MAX 64
#define STAYS_MAX 4096
#define OPENINGS_MAX 4096
#define REQUESTS_MAX 8192
#define USUAL_LIMIT 3

void
model_open(struct model *m)
{
	memset(m, 0, sizeof *m);
	m->homes = calloc(HOMES_MAX, sizeof *m->homes);
	m->stays = calloc(STAYS_MAX, sizeof *m->stays);
	m->openings = calloc(OPENINGS_MAX, sizeof *m->openings);
	m->requests = calloc(REQUESTS_MAX, sizeof *m->requests);
	assert(m->homes && m->stays && m->openings && m->requests);
	if (arena_open(&m->arena, 64u << 20) != ERR_NONE)
		abort();
}

void
model_close(struct model *m)
{
	free(m->homes);
	free(m->stays);
	free(m->openings);
	free(m->requests);
	arena_close(&m->arena);
}

static void
keep(char out[MODEL_ID], const char *text)
{
	snprintf(out, MODEL_ID, "%s", text == NULL ? "" : text);
}

/* ---- foster ---- */

static struct model_home *
home(struct model *m, const char *id)
{
	for (size_t i = 0; i < m->homes_n; i++)
		if (str_equal(m->homes[i].id, id))
			return &m->homes[i];
	assert(m->homes_n < HOMES_MAX);
	keep(m->homes[m->homes_n].id, id);
	return &m->homes[m->homes_n++];
}

static struct model_stay *
stay(struct model *m, const char *id)
{
	for (size_t i = 0; i < m->stays_n; i++)
		if (str_equal(m->stays[i].id, id))
			return &m->stays[i];
	return NULL;
}

static struct model_stay *
add_stay(struct model *m, const char *id, const char *home_id)
{
	struct model_stay *s = &m->stays[m->stays_n++];

	assert(m->stays_n < STAYS_MAX);
	memset(s, 0, sizeof *s);
	keep(s->id, id);
	keep(s->home, home_id);
	return s;
}

static void
end_stay(struct model *m, const char *id)
{
	struct model_stay *s = stay(m, id);

	if (s != NULL)
		*s = m->stays[--m->stays_n];
}

static void
add_occupant(struct model *m, const Foster__Occupant *o)
{
	struct model_stay *s;

	if (o->kind == FOSTER__OCCUPANT_KIND__OCCUPANT_KIND_STAYING_PUT)
		return;
	s = add_stay(m, o->occupant_id, o->household_id);
	s->children = 1;
	keep(s->group, o->sibling_group_id);
	keep(s->request, o->request_id);
	keep(s->placement, o->placement_id);
}

/*
 * No bed is promised twice: looked at whenever a hold is granted. (What a provider
 * sells outside is recorded even where it is too much: then it is a fact.) The sim
 * grants no exemptions, so above three there are only siblings of each other.
 */
static void
check_home(const struct model *m, struct world *w, const char *home_id, uint32_t children_max)
{
	uint32_t children = 0;
	const char *group = NULL;
	bool is_one_group = true;

	for (size_t i = 0; i < m->stays_n; i++) {
		const struct model_stay *s = &m->stays[i];

		if (!str_equal(s->home, home_id))
			continue;
		children += s->children;
		if (s->group[0] == '\0' || (group != NULL && !str_equal(group, s->group)))
			is_one_group = false;
		group = s->group;
	}
	if (children > children_max)
		world_fail(w, "household %s was promised to %u children, for %u places",
		    home_id, children, children_max);
	if (children > USUAL_LIMIT && !is_one_group)
		world_fail(w, "household %s is over the usual limit with %u children", home_id,
		    children);
}

static void
add_hold(struct model *m, struct world *w, const Foster__HoldRow *h)
{
	struct model_stay *s = add_stay(m, h->hold_id, h->household_id);

	s->children = (uint32_t)h->n_children;
	s->is_hold = true;
	s->ends_ms = h->expires_time;
	if (h->are_siblings)
		keep(s->group, h->hold_id);
	keep(s->request, h->request_id);
	m->holds_granted++;
	check_home(m, w, h->household_id, home(m, h->household_id)->children_max);
}

static void
start_placement(struct model *m, const Foster__PlacementStarted *e)
{
	end_stay(m, e->hold_id);
	for (size_t i = 0; i < e->n_occupants; i++)
		add_occupant(m, e->occupants[i]);
	m->placements++;
}

static void
end_placement(struct model *m, const char *placement_id)
{
	for (size_t i = m->stays_n; i-- > 0;)
		if (str_equal(m->stays[i].placement, placement_id))
			m->stays[i] = m->stays[--m->stays_n];
}

static void
follow_foster(struct model *m, struct world *w, uint32_t type, const void *event)
{
	switch ((Foster__FosterEvent__EventCase)type) {
	case FOSTER__FOSTER_EVENT__EVENT_HOUSEHOLD_REGISTERED: {
		const Foster__Household *h = ((const Foster__HouseholdRegistered *)event)->household;

		home(m, h->household_id)->children_max = h->approval->children_max;
		break;
	}
	case FOSTER__FOSTER_EVENT__EVENT_HOUSEHOLD_AMENDED: {
		const Foster__Household *h = ((const Foster__HouseholdAmended *)event)->household;

		home(m, h->household_id)->children_max = h->approval->children_max;
		break;
	}
	case FOSTER__FOSTER_EVENT__EVENT_OCCUPANT_RECORDED:
		add_occupant(m, ((const Foster__OccupantRecorded *)event)->occupant);
		break;
	case FOSTER__FOSTER_EVENT__EVENT_OCCUPANT_ENDED:
		end_stay(m, ((const Foster__OccupantEnded *)event)->occupant_id);
		break;
	case FOSTER__FOSTER_EVENT__EVENT_HOLD_GRANTED:
		add_hold(m, w, ((const Foster__HoldGranted *)event)->hold);
		break;
	case FOSTER__FOSTER_EVENT__EVENT_HOLD_CONFIRMED: {
		const Foster__HoldConfirmed *e = event;
		struct model_stay *s = stay(m, e->hold_id);

		if (s == NULL) {
			world_fail(w, "a hold that does not exist was confirmed: %s", e->hold_id);
			break;
		}
		s->is_confirmed = true;
		s->ends_ms = e->latest_start_time;
		break;
	}
	case FOSTER__FOSTER_EVENT__EVENT_HOLD_RELEASED:
		end_stay(m, ((const Foster__HoldReleased *)event)->hold_id);
		break;
	case FOSTER__FOSTER_EVENT__EVENT_HOLD_EXPIRED:
		end_stay(m, ((const Foster__HoldExpired *)event)->hold_id);
		m->holds_expired++;
		break;
	case FOSTER__FOSTER_EVENT__EVENT_PLACEMENT_STARTED:
		if (stay(m, ((const Foster__PlacementStarted *)event)->hold_id) == NULL)
			world_fail(w, "a placement started without a hold");
		start_placement(m, event);
		break;
	case FOSTER__FOSTER_EVENT__EVENT_PLACEMENT_ENDED:
		end_placement(m, ((const Foster__PlacementEnded *)event)->placement_id);
		break;
	case FOSTER__FOSTER_EVENT__EVENT__NOT_SET:
	case FOSTER__FOSTER_EVENT__EVENT_REFUSED:
	case FOSTER__FOSTER_EVENT__EVENT_PLACES_WITHHELD:
	case FOSTER__FOSTER_EVENT__EVENT_PLACES_RESTORED:
	case FOSTER__FOSTER_EVENT__EVENT_EXEMPTION_GRANTED:
	case FOSTER__FOSTER_EVENT__EVENT_EXEMPTION_ENDED:
	case FOSTER__FOSTER_EVENT__EVENT_HOUSEHOLD_REVIEWED:
	case FOSTER__FOSTER_EVENT__EVENT_VACANCY_PUBLISHED:
		break;
	}
}

static void
check_expiry(struct model *m, struct world *w)
{
	int64_t now_ms = w->now_ms + w->nodes[NODE_FOSTER].skew_ms;

	for (size_t i = 0; i < m->stays_n; i++)
		if (m->stays[i].is_hold && m->stays[i].ends_ms <= now_ms)
			world_fail(w, "hold %s outlived its expiry", m->stays[i].id);
}

/* ---- requests ---- */

static struct model_request *
request(struct model *m, const char *id)
{
	for (size_t i = 0; i < m->requests_n; i++)
		if (str_equal(m->requests[i].id, id))
			return &m->requests[i];
	assert(m->requests_n < REQUESTS_MAX);
	keep(m->requests[m->requests_n].id, id);
	return &m->requests[m->requests_n++];
}

static void
start_request(struct model *m, struct world *w, const Requests__PlacementStarted *e)
{
	struct model_request *r = request(m, e->request_id);

	if (!r->is_decided)
		world_fail(w, "request %s started without a decision", r->id);
	if (r->approver > REQUESTS__APPROVER__APPROVER_NONE && !r->is_approved)
		world_fail(w, "request %s started without the approval it needs", r->id);
	if (r->is_started || r->is_withdrawn)
		world_fail(w, "request %s started twice, or after it was withdrawn", r->id);
	r->is_started = true;
}

static void
open_level(struct model *m, const char *request_id, const char *provider, unsigned level)
{
	struct model_opening *o = &m->openings[m->openings_n++];

	assert(m->openings_n < OPENINGS_MAX);
	keep(o->request, request_id);
	keep(o->provider, provider);
	o->level = level;
}

static void
decide_request(struct model *m, struct world *w, const Requests__PlacementDecided *e)
{
	struct model_request *r = request(m, e->request_id);

	r->is_decided = true;
	r->is_approved = false;
	r->approver = e->journey->approver;
	if (e->journey->decided_by_id == NULL || e->journey->reason == 0)
		world_fail(w, "request %s was decided by nobody or without a reason", r->id);
}

static void
follow_requests(struct model *m, struct world *w, uint32_t type, const void *event)
{
	switch ((Requests__RequestsEvent__EventCase)type) {
	case REQUESTS__REQUESTS_EVENT__EVENT_REQUEST_SUBMITTED: {
		const Requests__NeedCirculation *c =
		    ((const Requests__RequestSubmitted *)event)->circulation;

		request(m, c->request_id)->children = (unsigned)c->n_children;
		break;
	}
	case REQUESTS__REQUESTS_EVENT__EVENT_REQUEST_CIRCULATED: {
		const Requests__RequestCirculated *e = event;

		for (size_t i = 0; i < e->n_bids; i++)
			open_level(m, e->request_id, e->bids[i]->provider_id, 1);
		break;
	}
	case REQUESTS__REQUESTS_EVENT__EVENT_LEVEL_OPENED: {
		const Requests__LevelOpened *e = event;

		open_level(m, e->request_id, e->provider_id, (unsigned)e->level);
		break;
	}
	case REQUESTS__REQUESTS_EVENT__EVENT_PLACEMENT_DECIDED:
		decide_request(m, w, event);
		break;
	case REQUESTS__REQUESTS_EVENT__EVENT_PLACE_LOST:
		request(m, ((const Requests__PlaceLost *)event)->request_id)->is_decided = false;
		m->losses++;
		break;
	case REQUESTS__REQUESTS_EVENT__EVENT_PLACEMENT_APPROVED:
		request(m, ((const Requests__PlacementApproved *)event)->request_id)
		    ->is_approved = true;
		break;
	case REQUESTS__REQUESTS_EVENT__EVENT_PLACEMENT_STARTED:
		start_request(m, w, event);
		break;
	case REQUESTS__REQUESTS_EVENT__EVENT_PLACE_FREED:
		request(m, ((const Requests__PlaceFreed *)event)->request_id)->is_freed = true;
		break;
	case REQUESTS__REQUESTS_EVENT__EVENT_REQUEST_WITHDRAWN: {
		struct model_request *r =
		    request(m, ((const Requests__RequestWithdrawn *)event)->request_id);

		if (r->is_started)
			world_fail(w, "request %s was withdrawn after its start", r->id);
		r->is_withdrawn = true;
		break;
	}
	case REQUESTS__REQUESTS_EVENT__EVENT__NOT_SET:
	case REQUESTS__REQUESTS_EVENT__EVENT_REFUSED:
	case REQUESTS__REQUESTS_EVENT__EVENT_INTEREST_SHOWN:
	case REQUESTS__REQUESTS_EVENT__EVENT_OFFER_MADE:
	case REQUESTS__REQUESTS_EVENT__EVENT_OFFER_DECLINED:
	case REQUESTS__REQUESTS_EVENT__EVENT_PLACE_HELD:
	case REQUESTS__REQUESTS_EVENT__EVENT_OFFER_CONFIRMED:
	case REQUESTS__REQUESTS_EVENT__EVENT_HOLD_CONFIRMED:
	case REQUESTS__REQUESTS_EVENT__EVENT_START_ORDERED:
	case REQUESTS__REQUESTS_EVENT__EVENT_PLACEMENT_ENDED:
	case REQUESTS__REQUESTS_EVENT__EVENT_RELEASE_OWED:
	case REQUESTS__REQUESTS_EVENT__EVENT_HOLD_RELEASED:
	case REQUESTS__REQUESTS_EVENT__EVENT_CALL_CLOSED:
	case REQUESTS__REQUESTS_EVENT__EVENT_CLOCK_PASSED:
		break;
	}
}

bool
model_is_opened(const struct model *m, const char *request_id, const char *provider,
    unsigned level)
{
	for (size_t i = 0; i < m->openings_n; i++)
		if (m->openings[i].level == level &&
		    str_equal(m->openings[i].request, request_id) &&
		    str_equal(m->openings[i].provider, provider))
			return true;
	return false;
}

/* ---- reading journals ---- */

static const void *
event_of(struct model *m, const struct service *s, const struct journal_walk *j)
{
	const ProtobufCFieldDescriptor *field =
	    protobuf_c_message_descriptor_get_field(s->event, j->record->header->type);
	ProtobufCMessage *event;

	if (field == NULL ||
	    message_unpack(&m->arena, field->descriptor, BYTES_OF(j->body->event), &event) !=
	        ERR_NONE)
		return NULL;
	return event;
}

void
model_follow(struct model *m, struct world *w, unsigned node)
{
	struct node *n = &w->nodes[node];
	struct journal_walk j;
	struct kv_txn txn;

	if (node != NODE_FOSTER && node != NODE_REQUESTS)
		return;
	kv_begin(svc_kv(n->svc), &txn, false);
	arena_reset(&m->arena);
	journal_walk(&txn, &j, m->seen[node] + 1);
	while (journal_next(&j, &m->arena)) {
		const void *event = event_of(m, n->service, &j);

		if (event == NULL)
			world_fail(w, "%s: an entry cannot be read", n->service->name);
		else if (node == NODE_FOSTER)
			follow_foster(m, w, j.record->header->type, event);
		else
			follow_requests(m, w, j.record->header->type, event);
		m->seen[node] = j.record->header->number;
		arena_reset(&m->arena);
	}
	if (j.bad != NULL)
		world_fail(w, "%s: the journal does not hold: %s", n->service->name, j.bad);
	kv_walk_end(&j.rows);
	kv_abort(&txn);
	if (node == NODE_FOSTER)
		check_expiry(m, w);
}

static int
compare_ids(const void *a, const void *b)
{
	return strcmp(a, b);
}

void
model_read_commands(struct model_commands *c, struct world *w, unsigned node, struct arena *a)
{
	struct journal_walk j;
	struct kv_txn txn;

	kv_begin(svc_kv(w->nodes[node].svc), &txn, false);
	arena_reset(a);
	journal_walk(&txn, &j, 1);
	while (journal_next(&j, a)) {
		if (c->n == c->size) {
			c->size = c->size * 2 + 1024;
			c->ids = realloc(c->ids, c->size * sizeof *c->ids);
			assert(c->ids != NULL);
		}
		keep(c->ids[c->n++], j.record->header->command_id);
		arena_reset(a);
	}
	kv_walk_end(&j.rows);
	kv_abort(&txn);
	if (c->n > 0)
		qsort(c->ids, c->n, sizeof *c->ids, compare_ids);
}

bool
model_has_command(const struct model_commands *c, const char *id)
{
	return c->n > 0 && bsearch(id, c->ids, c->n, sizeof *c->ids, compare_ids) != NULL;
}

/* ---- the dear checks ---- */

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
	for (size_t i = 0; i < before->n || i < after->n; i++) {
		uint8_t a[32], b[32];

		if (i >= before->n || i >= after->n || before->tables[i] != after->tables[i]) {
			world_fail(w, "%s: replayed, other tables hold rows",
			    w->nodes[node].service->name);
			return;
		}
		crypto_generichash_final(&before->states[i], a, sizeof a);
		crypto_generichash_final(&after->states[i], b, sizeof b);
		if (memcmp(a, b, sizeof a) != 0)
			world_fail(w, "%s: replayed journal and table %s differ",
			    w->nodes[node].service->name, before->tables[i]);
	}
}

void
model_check_rebuild(struct model *m, struct world *w, unsigned node)
{
	static struct dump before, after; /* large */
	char problem[200] = "";
	struct svc *svc = w->nodes[node].svc;

	(void)m;
	if (svc == NULL || w->is_over)
		return;
	before.n = after.n = 0;
	if (svc_dump(svc, hash_row, &before) != ERR_NONE ||
	    svc_rebuild(svc, problem, sizeof problem) != ERR_NONE ||
	    svc_dump(svc, hash_row, &after) != ERR_NONE)
		world_fail(
		    w, "%s does not rebuild: %s", w->nodes[node].service->name, problem);
	else
		compare_dumps(w, node, &before, &after);
}

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

/* How far `node` has followed `source`, or -1. */
static int64_t
followed(struct model *m, struct world *w, unsigned node, unsigned source)
{
	struct kv_txn txn;
	Journal__Cursor *c;
	int64_t number = -1;

	arena_reset(&m->arena);
	kv_begin(svc_kv(w->nodes[node].svc), &txn, false);
	c = row_get(&txn, &m->arena, SVC_CURSORS, row_key(w->nodes[source].service->name),
	    &journal__cursor__descriptor);
	if (c != NULL)
		number = (int64_t)c->number;
	kv_abort(&txn);
	return number;
}

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
check_followed(struct model *m, struct world *w, unsigned node)
{
	const struct service *s = w->nodes[node].service;

	for (size_t i = 0; i < s->sources_n; i++)
		for (unsigned source = 0; source < NODES; source++) {
			if (!str_equal(s->sources[i].service, w->nodes[source].service->name))
				continue;
			if (followed(m, w, node, source) != (int64_t)head_of(w, source))
				world_fail(w, "%s has followed %s to %lld of %llu", s->name,
				    s->sources[i].service,
				    (long long)followed(m, w, node, source),
				    (unsigned long long)head_of(w, source));
		}
}

/* Nothing held is held for nobody, and whoever was placed is where requests says. */
static void
check_stays(struct model *m, struct world *w)
{
	for (size_t i = 0; i < m->stays_n; i++) {
		const struct model_stay *s = &m->stays[i];
		const struct model_request *r;

		if (s->request[0] == '\0')
			continue;
		r = request(m, s->request);
		if (s->is_hold)
			world_fail(w, "hold %s was never started or released", s->id);
		else if (!r->is_started || r->is_freed)
			world_fail(w, "somebody lives where request %s did not place them", r->id);
	}
	for (size_t i = 0; i < m->requests_n; i++) {
		const struct model_request *r = &m->requests[i];
		unsigned children = 0;

		for (size_t k = 0; k < m->stays_n; k++)
			if (!m->stays[k].is_hold && str_equal(m->stays[k].request, r->id))
				children++;
		if (r->is_started && !r->is_freed && children != r->children)
			world_fail(w, "request %s placed %u children, %u live there", r->id,
			    r->children, children);
	}
}

void
model_check_end(struct model *m, struct world *w)
{
	for (unsigned i = 0; i < NODES && !w->is_over; i++) {
		if (w->nodes[i].svc == NULL) {
			world_fail(w, "%s is still down", w->nodes[i].service->name);
			return;
		}
		if (rows_in(w, i, SVC_OWED) != 0)
			world_fail(w, "%s still owes %llu calls", w->nodes[i].service->name,
			    (unsigned long long)rows_in(w, i, SVC_OWED));
		check_followed(m, w, i);
	}
	if (!w->is_over)
		check_stays(m, w);
}
