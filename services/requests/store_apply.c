#include "base/message.h"
#include "base/row.h"
#include "base/str.h"
#include "requests/store_change.h"

#define CLOCK(name) REQUESTS__CLOCK_KIND__CLOCK_KIND_##name
#define CHILDREN_MAX 6 /* and so the most placements of a request that live */

/*
 * Applies one event: its request's row is read, changed and written back, and the
 * timers that the row's times stand for are moved with it. Nothing is decided here;
 * what an event says is copied, and the state of the whole follows from its parts.
 */

void
requests_change_latch(struct change *c, enum err e)
{
	if (c->txn->err == ERR_NONE)
		c->txn->err = e;
}

void
requests_change_index(
    struct change *c, enum requests_table table, const char *whose, const char *id)
{
	const char *key = str_format(c->a, "%s%s", whose, id);

	if (key == NULL)
		requests_change_latch(c, ERR_MEMORY);
	else
		kv_put(c->txn, table, row_key(key), BYTES_NONE);
}

/* ---- clocks ---- */

/* The times at which somebody should look: of the request two, of each placement at
 * most two. Several may fall on the same instant, which is one timer. */
struct clocks {
	struct clock {
		Requests__ClockKind kind;
		int64_t due_ms;
	} list[2 + 2 * CHILDREN_MAX];
	size_t n;
};

static void
add_clock(struct clocks *clocks, Requests__ClockKind kind, int64_t due_ms)
{
	if (due_ms > 0 && clocks->n < sizeof(clocks->list) / sizeof(clocks->list[0]))
		clocks->list[clocks->n++] = (struct clock){kind, due_ms};
}

static void
add_clocks_of(struct clocks *clocks, const Requests__Journey *journey)
{
	Requests__State state = journey->state;

	if (state == STATE(DECIDED) || state == STATE(HELD))
		add_clock(clocks, CLOCK(HOLD), journey->hold_expires_time);
	if (state == STATE(CONFIRMING) || state == STATE(CONFIRMED))
		add_clock(clocks, CLOCK(HOLD), journey->latest_start_time);
	if (state >= STATE(DECIDED) && state <= STATE(STARTED))
		add_clock(clocks, CLOCK(GROUNDS), journey->grounds_due_time);
}

static struct clocks
clocks_of(const Requests__Request *row)
{
	struct clocks clocks = {.n = 0};

	if (row->state < STATE(STARTED)) {
		add_clock(&clocks, CLOCK(UNFILLED), row->overdue_time);
		add_clock(&clocks, CLOCK(ANSWER), row->answer_by_time);
	}
	for (size_t i = 0; i < row->n_journeys; i++)
		add_clocks_of(&clocks, row->journeys[i]);
	return clocks;
}

static bool
has_clock(const struct clocks *clocks, const struct clock *clock)
{
	for (size_t i = 0; i < clocks->n; i++)
		if (clocks->list[i].kind == clock->kind &&
		    clocks->list[i].due_ms == clock->due_ms)
			return true;
	return false;
}

/* A time that has passed and stays in the row is in both, and not set again. */
static void
move_timers(struct change *c, const struct clocks *before)
{
	struct clocks after = clocks_of(c->row);

	for (size_t i = 0; i < before->n; i++)
		if (!has_clock(&after, &before->list[i]))
			svc_timer_clear(c->txn, before->list[i].due_ms,
			    before->list[i].kind, c->row->request_id);
	for (size_t i = 0; i < after.n; i++)
		if (!has_clock(before, &after.list[i]))
			svc_timer_set(c->txn, c->a, after.list[i].due_ms,
			    after.list[i].kind, c->row->request_id);
}

static void
on_clock_passed(struct change *c, const void *event)
{
	const Requests__ClockPassed *e = event;

	svc_timer_clear(c->txn, e->due_time, e->clock, e->request_id);
	if (e->clock == REQUESTS__CLOCK_KIND__CLOCK_KIND_UNFILLED)
		SET(c->row, is_overdue, 1);
}

/* ---- one event ---- */

static enum err
apply_submitted(struct change *c, const Requests__RequestSubmitted *e)
{
	static const struct clocks none;
	Requests__Request row = REQUESTS__REQUEST__INIT;

	row.request_id = e->circulation->request_id;
	SET_FROM(&row, version, e->circulation, version);
	SET(&row, state, STATE(SUBMITTED));
	row.council_id = e->circulation->council_id;
	row.submitted_by_id = e->submitted_by_id;
	SET_FROM(&row, submitted_time, e, submitted_time);
	row.circulation = e->circulation;
	row.detail = e->detail;
	row.identity = e->identity;
	SET_FROM(&row, members_copy_age_ms, e, members_copy_age_ms);
	SET_FROM(&row, overdue_time, e, overdue_time);
	c->row = &row;
	move_timers(c, &none);
	requests_change_timeline(c);
	requests_change_index(c, REQUESTS_BY_COUNCIL, row.council_id, row.request_id);
	row_put(c->txn, c->a, REQUESTS_REQUESTS, row_key(row.request_id), &row.base);
	c->row = NULL; /* it ends here */
	return c->txn->err;
}

static const struct {
	uint32_t type;
	requests_change_fn *change;
} changes[] = {
    {EVENT(REQUEST_CIRCULATED), requests_change_circulated},
    {EVENT(INTEREST_SHOWN), requests_change_interest},
    {EVENT(OFFER_MADE), requests_change_offer},
    {EVENT(OFFER_DECLINED), requests_change_declined},
    {EVENT(LEVEL_OPENED), requests_change_opened},
    {EVENT(PLACEMENT_DECIDED), requests_change_decided},
    {EVENT(PLACE_HELD), requests_change_held},
    {EVENT(PLACE_LOST), requests_change_lost},
    {EVENT(PLACEMENT_APPROVED), requests_change_approved},
    {EVENT(OFFER_CONFIRMED), requests_change_offer_confirmed},
    {EVENT(HOLD_CONFIRMED), requests_change_hold_confirmed},
    {EVENT(START_ORDERED), requests_change_start_ordered},
    {EVENT(PLACEMENT_STARTED), requests_change_started},
    {EVENT(PLACEMENT_ENDED), requests_change_ended},
    {EVENT(PLACE_FREED), requests_change_freed},
    {EVENT(REQUEST_WITHDRAWN), requests_change_withdrawn},
    {EVENT(RELEASE_OWED), requests_change_release_owed},
    {EVENT(HOLD_RELEASED), requests_change_released},
    {EVENT(CLOCK_PASSED), on_clock_passed},
    {EVENT(CALL_CLOSED), requests_change_call_closed},
    {EVENT(PROVIDER_AGREED), requests_change_agreed},
    {EVENT(GROUP_BROKEN), requests_change_broken},
};

/* Every event names its request in its first field, but an offer, which names it
 * inside. */
static const char *
request_id_of(const struct svc_event *e)
{
	const Requests__OfferMade *made = (const void *)e->message;
	const ProtobufCFieldDescriptor *first =
	    protobuf_c_message_descriptor_get_field(e->message->descriptor, 1);
	const void *field;

	if (e->type == EVENT(OFFER_MADE))
		return made->offer == NULL ? NULL : made->offer->request_id;
	field = (const uint8_t *)e->message + first->offset;
	return *(char *const *)field;
}

enum err
requests_store_apply(struct kv_txn *txn, struct arena *a, const struct svc_event *e)
{
	const void *message = e->message;
	struct change c = {txn, a, e, NULL};
	struct clocks before;

	if (e->type == EVENT(REQUEST_SUBMITTED))
		return apply_submitted(&c, message);
	if (e->type == EVENT(DRAFT_KEPT))
		return requests_change_draft_kept(txn, a, message);
	if (e->type == EVENT(DRAFT_DROPPED))
		return requests_change_draft_dropped(txn, a, message);
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		if (changes[i].type != e->type)
			continue;
		c.row = requests_store_request(txn, a, request_id_of(e));
		if (c.row == NULL)
			return txn->err != ERR_NONE ? txn->err : ERR_CORRUPT;
		before = clocks_of(c.row);
		changes[i].change(&c, e->message);
		if (txn->err != ERR_NONE)
			return txn->err;
		SET(c.row, state, requests_change_state(c.row));
		move_timers(&c, &before);
		requests_change_timeline(&c);
		row_put(txn, a, REQUESTS_REQUESTS, row_key(c.row->request_id),
		    &c.row->base);
		return txn->err;
	}
	return ERR_CORRUPT;
}
