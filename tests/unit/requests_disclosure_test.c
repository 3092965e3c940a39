#include "requests/disclosure.h"

#include <string.h>

#include "requests/line.h"
#include "requests_sample.h"

#define STATE(name) REQUESTS__STATE__STATE_##name
#define L1 REQUESTS__DISCLOSURE__DISCLOSURE_L1
#define L2 REQUESTS__DISCLOSURE__DISCLOSURE_L2
#define L3 REQUESTS__DISCLOSURE__DISCLOSURE_L3

static const struct requests_reader council = {
    .organisation_id = MANCHESTER, .is_council = true};
static const struct requests_reader neighbour = {
    .organisation_id = SALFORD, .is_council = true};
static const struct requests_reader officer = {
    .organisation_id = "co-operative", .is_cooperative = true};
static const struct requests_reader stranger = {
    .organisation_id = STRANGER, .is_provider = true};

static struct requests_reader
provider(const char *id)
{
	return (struct requests_reader){.organisation_id = id, .is_provider = true};
}

static void
who_sees_it_at_all(void **state)
{
	struct requests_reader silent = provider(SILENT);

	(void)state;
	for (unsigned s = STATE(SUBMITTED); s <= STATE(WITHDRAWN); s++) {
		Requests__Request *r = planned((Requests__State)s);

		assert_int_equal(requests_view(r, &council), REQUESTS_VIEW_COUNCIL);
		assert_int_equal(requests_view(r, &neighbour), REQUESTS_VIEW_NONE);
		assert_int_equal(requests_view(r, &stranger), REQUESTS_VIEW_NONE);
		assert_int_equal(requests_view(r, &officer),
		    s < STATE(STARTED) ? REQUESTS_VIEW_COOPERATIVE
				       : REQUESTS_VIEW_NONE);
		assert_int_equal(requests_view(r, &silent),
		    s == STATE(SUBMITTED) ? REQUESTS_VIEW_NONE
					  : REQUESTS_VIEW_PROVIDER);
	}
}

/* Without the role, the organisation alone shows nothing. */
static void
the_role_is_needed(void **state)
{
	struct requests_reader none = {.organisation_id = MANCHESTER};

	(void)state;
	assert_int_equal(
	    requests_view(planned(STATE(CIRCULATED)), &none), REQUESTS_VIEW_NONE);
}

/* What was opened is read only as far as the reader's part still goes. */
static const struct {
	Requests__State in;
	size_t bid;
	Requests__Disclosure opened, reads;
} levels[] = {
    {STATE(CIRCULATED), 0, L1, L1},
    {STATE(CIRCULATED), 0, L2, L2},
    {STATE(CIRCULATED), 0, L3, L2},
    {STATE(DECIDED), 0, L3, L2},
    {STATE(HELD), 0, L3, L3},
    {STATE(HELD), 0, L1, L1},
    {STATE(HELD), 1, L3, L2},
    {STATE(CIRCULATED), 3, L2, L1}, /* declined */
    {STATE(STARTED), 0, L3, L3},
    {STATE(STARTED), 1, L2, L1},
    {STATE(WITHDRAWN), 0, L3, L1},
    /* Nobody lives there any more. */
    {STATE(ENDED), 0, L3, L1},
    {STATE(ENDED), 0, L2, L1},
    {STATE(ENDED), 1, L3, L1},
};

static void
levels_go_as_far_as_the_part_goes(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(levels); i++) {
		Requests__Request *r = planned(levels[i].in);
		Requests__Disclosure got;

		SET(r->bids[levels[i].bid], level, levels[i].opened);
		got = requests_level(r, r->bids[levels[i].bid]);
		if (got != levels[i].reads)
			fail_msg("row %zu: %d", i, (int)got);
	}
}

static void
a_provider_reads_its_levels(void **state)
{
	struct requests_reader chosen = provider(CHOSEN);

	(void)state;
	for (unsigned level = L1; level <= L3; level++) {
		Requests__Request *r = planned(STATE(HELD));
		Requests__Referral *shown;

		SET(r->bids[0], level, (Requests__Disclosure)level);
		shown =
		    requests_shown(sample_arena(), r, REQUESTS_VIEW_PROVIDER, &chosen)
			->referral;
		assert_non_null(shown->circulation);
		assert_int_equal(shown->detail != NULL, level >= L2);
		assert_int_equal(shown->identity != NULL, level >= L3);
		assert_int_equal(shown->n_offers, 1);
		assert_string_equal(shown->bid->provider_id, CHOSEN);
		assert_int_equal(shown->state, STATE(HELD));
		assert_string_equal(shown->journeys[0]->offer_id, OFFER_1);
		assert_null(shown->journeys[0]->decided_by_id);
		assert_false(shown->journeys[0]->has_approver);
		assert_false(shown->journeys[0]->has_fencing_number);
	}
}

static struct bytes
seen_by(Requests__Request *r, const char *provider_id)
{
	struct requests_reader reader = provider(provider_id);
	Requests__RequestShown *shown =
	    requests_shown(sample_arena(), r, REQUESTS_VIEW_PROVIDER, &reader);
	struct bytes packed;

	assert_non_null(shown);
	assert_int_equal(message_pack(sample_arena(), &shown->base, &packed), ERR_NONE);
	return packed;
}

/* The bytes a losing bidder gets are the same in every state until the end, and
 * hold no other provider's name. */
static void
a_bidder_learns_nothing_of_the_others(void **state)
{
	struct bytes first = seen_by(planned(STATE(CIRCULATED)), OFFERING);

	(void)state;
	assert_null(memmem(first.data, first.len, CHOSEN, 26));
	assert_null(memmem(first.data, first.len, OFFER_1, 26));
	for (unsigned s = STATE(DECIDED); s <= STATE(STARTING); s++)
		assert_true(
		    bytes_equal(first, seen_by(planned((Requests__State)s), OFFERING)));
	assert_true(bytes_equal(seen_by(planned(STATE(STARTED)), OFFERING),
	    seen_by(planned(STATE(ENDED)), OFFERING)));
}

static void
the_officer_of_the_cooperative_reads_level_one(void **state)
{
	Requests__Request *r = planned(STATE(HELD));
	Requests__RequestShown *shown;
	struct bytes packed;

	(void)state;
	shown = requests_shown(sample_arena(), r, REQUESTS_VIEW_COOPERATIVE, &officer);
	assert_non_null(shown->request->circulation);
	assert_null(shown->request->detail);
	assert_null(shown->request->identity);
	assert_int_equal(shown->request->n_journeys, 0);
	assert_int_equal(shown->request->state, STATE(HELD));
	assert_int_equal(shown->request->n_bids, 5);
	assert_int_equal(shown->request->n_offers, 2);
	assert_int_equal(message_pack(sample_arena(), &shown->base, &packed), ERR_NONE);
	/* Nobody named: no provider, no child, no officer of the council. */
	assert_null(memmem(packed.data, packed.len, "000000000000000p0", 17));
	assert_null(memmem(packed.data, packed.len, "000000000000000c0", 17));
	assert_null(memmem(packed.data, packed.len, "per0", 4));
}

static void
the_council_reads_all(void **state)
{
	Requests__Request *r = planned(STATE(HELD));

	(void)state;
	assert_ptr_equal(
	    requests_shown(sample_arena(), r, REQUESTS_VIEW_COUNCIL, &council)->request,
	    r);
}

/* ---- siblings in several homes ---- */

static Requests__Referral *
referred(Requests__Request *r, const char *provider_id)
{
	struct requests_reader reader = provider(provider_id);

	return requests_shown(sample_arena(), r, REQUESTS_VIEW_PROVIDER, &reader)
	    ->referral;
}

static void
who_a_child_is_goes_with_the_child(void **state)
{
	Requests__Request *r = sample_group(STATE(HELD));
	Requests__Referral *shown;

	(void)state;
	for (size_t i = 0; i < 3; i++)
		SET(r->bids[i], level, L3);
	shown = referred(r, CHOSEN);
	assert_int_equal(shown->circulation->n_children, 3);
	assert_int_equal(shown->identity->n_child_ids, 2);
	assert_string_equal(shown->identity->child_ids[1], r->identity->child_ids[1]);
	assert_int_equal(shown->n_journeys, 1);
	assert_string_equal(shown->journeys[0]->placement_id, PLACE_1);
	assert_false(shown->journeys[0]->has_parts);
	shown = referred(r, OFFERING);
	assert_int_equal(shown->identity->n_child_ids, 1);
	assert_string_equal(shown->identity->child_ids[0], r->identity->child_ids[2]);
	assert_null(referred(r, KEEN)->identity);
	/* Given back: nobody's any more. */
	r->journeys[1]->state = r->state = STATE(CIRCULATED);
	assert_null(referred(r, OFFERING)->identity);
	assert_int_equal(referred(r, OFFERING)->n_journeys, 0);
}

static void
each_provider_reads_its_own_state(void **state)
{
	Requests__Request *r = sample_group(STATE(HELD));

	(void)state;
	r->journeys[0]->state = STATE(STARTED);
	assert_int_equal(requests_state_for(r, CHOSEN), STATE(STARTED));
	assert_int_equal(requests_state_for(r, OFFERING), STATE(HELD));
	assert_int_equal(requests_state_for(r, KEEN), STATE(CIRCULATED));
	/* Its own is over, and another child waits. */
	r->journeys[0]->state = STATE(ENDED);
	assert_int_equal(requests_state_for(r, CHOSEN), STATE(CIRCULATED));
}

/* Of two placements with one provider the less far is its state, whichever came first.
 */
static void
of_its_own_placements_the_least_far_counts(void **state)
{
	Requests__Request *r = sample_group(STATE(HELD));

	(void)state;
	r->offers[1]->provider_id = r->offers[0]->provider_id;
	r->journeys[0]->state = STATE(CONFIRMED);
	assert_int_equal(requests_state_for(r, CHOSEN), STATE(HELD));
	r->journeys[0]->state = STATE(HELD);
	r->journeys[1]->state = STATE(CONFIRMED);
	assert_int_equal(requests_state_for(r, CHOSEN), STATE(HELD));
}

/* Who may see nothing is shown nothing, and lists nothing as going on. */
static void
no_view_is_nothing(void **state)
{
	Requests__Request *r = planned(STATE(CIRCULATED));

	(void)state;
	assert_null(requests_shown(sample_arena(), r, REQUESTS_VIEW_NONE, &stranger));
	assert_null(
	    requests_shown(sample_arena(), r, REQUESTS_VIEW_PROVIDER, &stranger));
	assert_false(requests_is_current(r, REQUESTS_VIEW_NONE, &stranger));
}

static void
who_still_waits_is_said_once_some_have_a_home(void **state)
{
	Requests__Request *r = sample_group(STATE(HELD));

	(void)state;
	assert_int_equal(referred(r, KEEN)->n_waiting_child_refs, 0);
	r->journeys[0]->state = STATE(STARTED);
	assert_int_equal(referred(r, KEEN)->n_waiting_child_refs, 1);
	assert_string_equal(referred(r, KEEN)->waiting_child_refs[0], "C");
	r->journeys[1]->state = r->state = STATE(STARTED);
	assert_int_equal(referred(r, KEEN)->n_waiting_child_refs, 0);
}

/* Of each split that is still possible: what stands for each part. */
static void
the_council_sees_what_is_free_to_choose(void **state)
{
	Requests__Request *r = sample_group(STATE(CIRCULATED));
	Requests__Request *shown;
	Requests__Journey *begun;

	(void)state;
	shown =
	    requests_shown(sample_arena(), r, REQUESTS_VIEW_COUNCIL, &council)->request;
	assert_int_equal(shown->n_splits, 3);
	assert_true(shown->splits[0]->is_covered);
	assert_string_equal(shown->splits[0]->parts[0]->offer_ids[0], OFFER_1);
	assert_string_equal(shown->splits[0]->parts[1]->offer_ids[0], OFFER_2);
	assert_false(shown->splits[1]->is_covered);
	assert_int_equal(shown->splits[1]->parts[1]->n_offer_ids, 0);
	assert_int_equal(shown->splits[2]->n_parts, 3);
	SET(r->offers[1], is_lost, 1);
	shown =
	    requests_shown(sample_arena(), r, REQUESTS_VIEW_COUNCIL, &council)->request;
	assert_false(shown->splits[0]->is_covered);
	begun = sample_place(r, STATE(STARTED));
	sample_letters(&begun->child_refs, &begun->n_child_refs, "A");
	shown =
	    requests_shown(sample_arena(), r, REQUESTS_VIEW_COUNCIL, &council)->request;
	assert_int_equal(shown->n_splits, 1); /* B and C apart */
	assert_int_equal(shown->splits[0]->n_parts, 2);
	assert_string_equal(shown->splits[0]->parts[0]->child_refs[0], "B");
	r = sample_group(STATE(HELD));
	shown =
	    requests_shown(sample_arena(), r, REQUESTS_VIEW_COUNCIL, &council)->request;
	assert_int_equal(shown->n_splits, 0); /* nobody waits */
}

static void
lists_follow_the_same_rules(void **state)
{
	struct requests_reader offering = provider(OFFERING);
	Requests__RequestLine *line;
	Requests__Request *r = planned(STATE(CONFIRMED));

	(void)state;
	line = requests_line(sample_arena(), r, REQUESTS_VIEW_COUNCIL, &council);
	assert_int_equal(line->state, STATE(CONFIRMED));
	assert_int_equal(line->offers, 2);
	assert_false(line->has_level);
	line = requests_line(sample_arena(), r, REQUESTS_VIEW_PROVIDER, &offering);
	assert_int_equal(line->state, STATE(CIRCULATED));
	assert_int_equal(line->offers, 1);
	assert_int_equal(line->level, L1);
	assert_int_equal(line->children, 1);
	assert_false(line->has_outcome);

	r = planned(STATE(STARTED));
	assert_true(requests_is_current(r, REQUESTS_VIEW_COUNCIL, &council));
	assert_false(requests_is_current(r, REQUESTS_VIEW_PROVIDER, &offering));
	assert_false(requests_is_current(
	    planned(STATE(WITHDRAWN)), REQUESTS_VIEW_COUNCIL, &council));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(who_sees_it_at_all),
	    cmocka_unit_test(the_role_is_needed),
	    cmocka_unit_test(levels_go_as_far_as_the_part_goes),
	    cmocka_unit_test(a_provider_reads_its_levels),
	    cmocka_unit_test(a_bidder_learns_nothing_of_the_others),
	    cmocka_unit_test(the_officer_of_the_cooperative_reads_level_one),
	    cmocka_unit_test(the_council_reads_all),
	    cmocka_unit_test(who_a_child_is_goes_with_the_child),
	    cmocka_unit_test(each_provider_reads_its_own_state),
	    cmocka_unit_test(of_its_own_placements_the_least_far_counts),
	    cmocka_unit_test(no_view_is_nothing),
	    cmocka_unit_test(who_still_waits_is_said_once_some_have_a_home),
	    cmocka_unit_test(the_council_sees_what_is_free_to_choose),
	    cmocka_unit_test(lists_follow_the_same_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
