/* Needs on their way: kept by their own council, and gone once, in one of three ways.
 */
#include "sim/model.h"

#include "base/str.h"

#include "members.pb-c.h"
#include "requests.pb-c.h"

#define EVENT(name) REQUESTS__REQUESTS_EVENT__EVENT_##name
#define COMMISSIONER (1U << MEMBERS__ROLE__ROLE_COMMISSIONER)
#define WEEK_MS (7LL * 24 * 3600 * 1000)

static void
expect(struct model *m, const struct model_entry *e, bool is_so, const char *wrong)
{
	if (!is_so)
		world_fail(m->world, "a draft %s (entry %llu)", wrong,
		    (unsigned long long)e->number);
}

static void
see_kept(struct model *m, const struct model_entry *e)
{
	const Requests__DraftKept *kept = e->event;
	const Requests__NeedCirculation *need = kept->circulation;
	struct model_draft *d = MODEL_FIND(m->drafts, m->drafts_n, need->request_id);

	if (d == NULL) {
		d = MODEL_ADD(m, m->drafts, m->drafts_n, need->request_id);
		model_keep(d->council, need->council_id);
	}
	expect(m, e, !d->is_gone, "was kept after it was gone");
	expect(m, e, str_equal(d->council, need->council_id), "changed its council");
	expect(m, e, model_may(m, kept->saved_by_id, d->council, COMMISSIONER),
	    "was kept by somebody who may not");
	expect(m, e,
	    kept->members_copy_age_ms <= SVC_COPY_AGE_MAX_MS ||
		need->urgency == REQUESTS__URGENCY__URGENCY_EMERGENCY,
	    "is no emergency, and was kept by an old copy of members");
	d->kept_ms = e->time_ms;
	m->world->tally.n[TALLY_DRAFTS]++;
}

static void
see_dropped(struct model *m, const struct model_entry *e)
{
	const Requests__DraftDropped *dropped = e->event;
	struct model_draft *d = MODEL_FIND(m->drafts, m->drafts_n, dropped->draft_id);

	if (d == NULL) {
		expect(m, e, false, "was dropped that nobody kept");
		return;
	}
	expect(m, e, !d->is_gone, "was dropped twice");
	d->is_gone = true;
	if (dropped->end == REQUESTS__DRAFT_END__DRAFT_END_TOO_OLD) {
		expect(m, e,
		    dropped->dropped_by_id == NULL &&
			e->time_ms >= d->kept_ms + WEEK_MS,
		    "was forgotten within a week");
		m->world->tally.n[TALLY_DRAFTS_FORGOTTEN]++;
		return;
	}
	expect(m, e, model_may(m, dropped->dropped_by_id, d->council, COMMISSIONER),
	    "was dropped by somebody who may not");
	if (dropped->end != REQUESTS__DRAFT_END__DRAFT_END_SUBMITTED)
		return;
	/* In the same decision: the entry before it. */
	expect(m, e,
	    m->requests_n > 0 &&
		str_equal(m->requests[m->requests_n - 1].council, d->council) &&
		m->submitted_number + 1 == e->number,
	    "was sent, and no need came of it");
	m->world->tally.n[TALLY_DRAFTS_SENT]++;
}

bool
model_see_draft(struct model *m, const struct model_entry *e)
{
	if (e->type == EVENT(DRAFT_KEPT))
		see_kept(m, e);
	else if (e->type == EVENT(DRAFT_DROPPED))
		see_dropped(m, e);
	else
		return false;
	return true;
}

const struct model_draft *
model_draft(const struct model *m, const char *id)
{
	return MODEL_FIND(m->drafts, m->drafts_n, id);
}

void
model_check_drafts(struct model *m)
{
	for (size_t i = 0; i < m->drafts_n; i++)
		if (!m->drafts[i].is_gone)
			world_fail(m->world, "draft %s was never sent nor dropped",
			    m->drafts[i].id);
}
