#include "requests/approval.h"
#include "requests/bidding.h"
#include "requests/decision.h"
#include "requests/disclosure.h"
#include "requests/drafts.h"
#include "requests/group.h"
#include "requests/journey.h"
#include "requests/line.h"
#include "requests/need.h"
#include "requests/shown.h"
#include "requests/weigh.h"

#include "requests_sample.h"
#include "support/full.h"
#include "support/memory.h"

/* Everything that these rules make is an event, or an answer: half of one is none. */

#define STATE(name) REQUESTS__STATE__STATE_##name

static bool
approval(struct arena *a)
{
	const Requests__Request *r = planned(STATE(HELD));
	const struct requests_act act = acting(MANCHESTER);
	Requests__Approve call = REQUESTS__APPROVE__INIT;

	return requests_approved(a, r, r->journeys[0], &call, &act) != NULL;
}

static bool
circulation(struct arena *a)
{
	char one[] = "n1", two[] = "n2";
	char *ids[] = {one, two};
	Requests__VacancyRow vacancy = REQUESTS__VACANCY_ROW__INIT;
	const Requests__VacancyRow *rows[] = {&vacancy, &vacancy};
	const struct requests_act act = acting(MANCHESTER);
	Requests__Circulate call = REQUESTS__CIRCULATE__INIT;

	vacancy.provider_id = text(KEEN);
	call.vacancy_ids = ids;
	call.n_vacancy_ids = N(ids);
	return requests_circulated(a, planned(STATE(SUBMITTED)), &call, rows, &act) !=
	       NULL;
}

static bool
decision(struct arena *a)
{
	const Requests__Request *r = sample_group(STATE(CIRCULATED));
	const struct requests_act act = acting(MANCHESTER);
	const struct requests_decision chosen = {.offer = r->offers[0],
	    .hold_id = HOLD_1,
	    .placement_id = PLACE_1,
	    .area_council_id = SALFORD};
	Requests__Decide call = REQUESTS__DECIDE__INIT;

	return requests_decided(a, r, &call, &act, &chosen) != NULL;
}

static bool
seen(struct arena *a, enum requests_view view)
{
	const struct requests_reader reader = {.organisation_id = CHOSEN};
	Requests__Request *r = sample_group(STATE(HELD));

	SET(r->bids[0], level, REQUESTS__DISCLOSURE__DISCLOSURE_L3);
	r->journeys[1]->state = STATE(STARTED);
	return requests_shown(a, r, view, &reader) != NULL;
}

static bool
what_the_cooperative_sees(struct arena *a)
{
	return seen(a, REQUESTS_VIEW_COOPERATIVE);
}

static bool
what_a_provider_sees(struct arena *a)
{
	return seen(a, REQUESTS_VIEW_PROVIDER);
}

static bool
what_the_council_sees(struct arena *a)
{
	Requests__Request *r = sample_group(STATE(CIRCULATED));

	return requests_shown(a, r, REQUESTS_VIEW_COUNCIL, NULL) != NULL;
}

static bool
line(struct arena *a)
{
	return requests_line(a, planned(STATE(HELD)), REQUESTS_VIEW_COUNCIL, NULL) !=
	       NULL;
}

static bool
draft(struct arena *a, Requests__DraftKept **kept)
{
	char one[] = "c0", two[] = "c1";
	char *ids[] = {one, two};
	const struct requests_act act = acting(MANCHESTER);
	Requests__Submit said = REQUESTS__SUBMIT__INIT;

	said.n_children = said.n_child_ids = N(ids);
	said.children = sample_siblings(N(ids))->children;
	said.child_ids = ids;
	*kept = requests_draft_kept(a, &said, &act, "the draft");
	return *kept != NULL;
}

static bool
draft_kept(struct arena *a)
{
	Requests__DraftKept *kept;

	return draft(a, &kept);
}

static bool
draft_shown(struct arena *a)
{
	Requests__DraftKept *kept;

	assert_true(draft(sample_arena(), &kept));
	return requests_draft_shown(a, kept) != NULL;
}

static bool
line_of_a_draft(struct arena *a)
{
	Requests__DraftKept *kept;

	assert_true(draft(sample_arena(), &kept));
	return requests_draft_line(a, kept) != NULL;
}

static bool
letters(struct arena *a)
{
	size_t n;

	return requests_children_refs(a, 5, &n) != NULL;
}

static bool
start_of_the_last(struct arena *a)
{
	const Requests__Request *r = planned(STATE(STARTING));

	return requests_started(a, r, r->journeys[0], SAMPLE_NOW) != NULL;
}

static bool
start_of_one_of_several(struct arena *a)
{
	const Requests__Request *r = sample_group(STATE(STARTING));

	return requests_started(a, r, r->journeys[0], SAMPLE_NOW) != NULL;
}

static bool
need(struct arena *a)
{
	static const char *const ids[REQUESTS_CHILDREN_MAX] = {"c0", "c1"};
	const struct requests_act act = acting(MANCHESTER);
	Requests__Submit call = REQUESTS__SUBMIT__INIT;

	call.n_children = 2;
	call.children = sample_siblings(2)->children;
	return requests_submitted(a, &call, &act, "the request", ids) != NULL;
}

static bool
what_a_restored_owner_is_shown(struct arena *a)
{
	const Requests__Request *r = sample_group(STATE(ENDED));

	return requests_journey_shown(a, r, r->journeys[0]) != NULL;
}

static bool
what_a_loss_takes_with_it(struct arena *a)
{
	const Requests__Request *r = sample_group(STATE(CONFIRMED));
	const struct requests_loss loss = {r->journeys[0], "It burnt down.", true};

	return requests_broken(a, r, &loss, SAMPLE_NOW) != NULL;
}

static void
half_an_event_is_none(void **state)
{
	static bool (*const made[])(struct arena *) = {
	    approval,
	    circulation,
	    decision,
	    what_the_cooperative_sees,
	    what_a_provider_sees,
	    what_the_council_sees,
	    line,
	    draft_kept,
	    draft_shown,
	    line_of_a_draft,
	    letters,
	    start_of_the_last,
	    start_of_one_of_several,
	    need,
	    what_a_restored_owner_is_shown,
	    what_a_loss_takes_with_it,
	};

	(void)state;
	for (size_t i = 0; i < N(made); i++) {
		arena_reset(&arena);
		FULL_UNTIL_IT_FITS(&arena, FULL_IF(!made[i](&arena)));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(half_an_event_is_none),
	};

	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
