#include "requests/decision.h"

#include "requests/clocks.h"
#include "requests_sample.h"

#define TODAY day_in_london(SAMPLE_NOW)
#define STATE(name) REQUESTS__STATE__STATE_##name

static enum requests_refusal
decide(const Requests__Request *r, const char *offer_id, Requests__DecisionReason why)
{
	Requests__Decide call = REQUESTS__DECIDE__INIT;
	struct requests_offers offers;

	call.offer_id = text(offer_id);
	SET(&call, reason, why);
	return requests_check_decide(r, &call, &offers);
}

static void
decisions_are_checked(void **state)
{
	const Requests__DecisionReason why =
	    REQUESTS__DECISION_REASON__DECISION_REASON_BEST_MEETS_NEEDS;
	Requests__Request *r = planned(STATE(CIRCULATED));
	Requests__Request *lost = planned(STATE(CIRCULATED));

	(void)state;
	SET(lost->offers[0], is_lost, 1);
	(void)sample_place(lost, STATE(CIRCULATED));
	assert_int_equal(decide(r, OFFER_2, why), REQUESTS_OK);
	assert_int_equal(decide(r, HOLD_1, why), REQUESTS_OFFER_UNKNOWN);
	assert_int_equal(decide(r, NULL, why), REQUESTS_OFFER_UNKNOWN);
	assert_int_equal(decide(lost, OFFER_1, why), REQUESTS_OFFER_LOST);
	assert_int_equal(
	    decide(r, OFFER_2, REQUESTS__DECISION_REASON__DECISION_REASON_UNSPECIFIED),
	    REQUESTS_DECISION_REASON_MISSING);
	assert_int_equal(decide(planned(STATE(HELD)), OFFER_2, why), REQUESTS_DECIDED);
}

static void
a_decision_says_all_that_the_owner_needs(void **state)
{
	Requests__Request *r = emergency(STATE(CIRCULATED));
	const struct requests_decision decision = {r->offers[1], HOLD_1, "placement",
	    SALFORD, REQUESTS__APPROVER__APPROVER_DIRECTOR};
	Requests__Decide call = REQUESTS__DECIDE__INIT;
	struct requests_act act = acting(MANCHESTER);
	Requests__PlacementDecided *e;

	(void)state;
	call.offer_id = text(OFFER_2);
	SET(&call, reason, REQUESTS__DECISION_REASON__DECISION_REASON_ONLY_OFFER);
	e = requests_decided(sample_arena(), r, &call, &act, &decision);
	assert_string_equal(e->vacancy_id, r->offers[1]->vacancy_id);
	assert_string_equal(e->journey->hold_id, HOLD_1);
	assert_string_equal(e->journey->decided_by_id, act.person_id);
	assert_int_equal(e->journey->approver, REQUESTS__APPROVER__APPROVER_DIRECTOR);
	assert_int_equal(e->n_children, 1);
	assert_string_equal(e->children[0]->child_id, r->identity->child_ids[0]);
	assert_int_equal(e->children[0]->age_years, 9);
	assert_int_equal(e->hold_minutes, REQUESTS_HOLD_MINUTES_EMERGENCY);
	assert_int_equal(e->journey->hold_expires_time, SAMPLE_NOW + 2 * HOUR_MS);
	assert_true(e->is_emergency);
	assert_int_equal(e->members_copy_age_ms, 5);
	/* What it was chosen among, and where it lay. */
	assert_int_equal(e->journey->n_standing_offer_ids, 2);
	assert_string_equal(e->journey->standing_offer_ids[0], OFFER_1);
	assert_string_equal(e->journey->standing_offer_ids[1], OFFER_2);
	assert_string_equal(e->journey->area_council_id, SALFORD);
	SET(r->offers[0], is_lost, 1);
	e = requests_decided(sample_arena(), r, &call, &act, &decision);
	assert_int_equal(e->journey->n_standing_offer_ids, 1);
	assert_string_equal(e->journey->standing_offer_ids[0], OFFER_2);
}

/* An area that is not known is not recorded as one; the approver is then the strictest.
 */
static void
what_is_not_known_is_not_recorded(void **state)
{
	Requests__Request *r = planned(STATE(CIRCULATED));
	const struct requests_decision decision = {
	    .offer = r->offers[0], .hold_id = HOLD_1, .placement_id = PLACE_1};
	Requests__Decide call = REQUESTS__DECIDE__INIT;
	struct requests_act act = acting(MANCHESTER);

	(void)state;
	assert_null(requests_decided(sample_arena(), r, &call, &act, &decision)
			->journey->area_council_id);
	/* Nor does the owner hear of children of whom one has no reference. */
	r->identity->n_child_ids = 0;
	assert_null(requests_decided(sample_arena(), r, &call, &act, &decision));
}

/* The owner hears once whom any of those children is not safe with. */
static void
whom_they_are_not_safe_with_is_said_once(void **state)
{
	static Common__NotSafeWith of_a[] = {COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_PETS,
	    COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_GIRLS};
	static Common__NotSafeWith of_b[] = {COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_PETS};
	Requests__Request *r = sample_group(STATE(CIRCULATED));
	Requests__PlacementDecided said = REQUESTS__PLACEMENT_DECIDED__INIT;
	Requests__PlacementDecided of_c = REQUESTS__PLACEMENT_DECIDED__INIT;

	(void)state;
	r->circulation->children[0]->not_safe_with = of_a;
	r->circulation->children[0]->n_not_safe_with = N(of_a);
	r->circulation->children[1]->not_safe_with = of_b;
	r->circulation->children[1]->n_not_safe_with = N(of_b);
	assert_true(requests_describe(sample_arena(), r, 3, &said));
	assert_int_equal(said.n_children, 2);
	assert_int_equal(said.n_not_safe_with, 2);
	assert_int_equal(said.not_safe_with[0], of_a[0]);
	assert_int_equal(said.not_safe_with[1], of_a[1]);
	assert_true(requests_describe(sample_arena(), r, 4, &of_c));
	assert_int_equal(of_c.n_not_safe_with, 0);
	assert_false(of_c.are_siblings);
}

/* ---- siblings ---- */

static struct requests_offers chosen;

/* Offers of the group by their last digit: "12" is the first two. */
static enum requests_refusal
decide_group(Requests__Request *r, const char *which, Requests__SplitReason why_apart)
{
	Requests__Decide call = REQUESTS__DECIDE__INIT;
	size_t n = strlen(which);

	call.further_offer_ids = LIST_NEW(sample_arena(), 16, char *);
	for (size_t i = 0; i < n; i++) {
		char *id =
		    str_format(sample_arena(), "00000000000000000000000f0%c", which[i]);

		if (i == 0)
			call.offer_id = id;
		else
			call.further_offer_ids[call.n_further_offer_ids++] = id;
	}
	SET(&call, reason, REQUESTS__DECISION_REASON__DECISION_REASON_BEST_MEETS_NEEDS);
	SET(&call, split_reason, why_apart);
	return requests_check_decide(r, &call, &chosen);
}

/* Offers of single children behind those that the group has: A 4, B 5, C 6; and one for
 * B and C, 7, of the vacancy of the first. */
static Requests__Request *
with_more_offers(Requests__Request *r)
{
	static const char *const letters[] = {"A", "B", "C", "BC"};

	for (size_t i = 0; i < N(letters); i++) {
		Requests__OfferRow *offer = sample_offer(r->bids[4],
		    str_format(sample_arena(), "00000000000000000000000f0%zu", 4 + i));

		offer->vacancy_id = str_format(sample_arena(), "own %zu", i);
		sample_letters(&offer->child_refs, &offer->n_child_refs, letters[i]);
		r->offers[r->n_offers++] = offer;
	}
	r->offers[6]->vacancy_id = r->offers[0]->vacancy_id;
	return r;
}

static const struct {
	const char *offers, *splits;
	enum requests_refusal no;
} groups[] = {
    {"3", "AB/C", REQUESTS_OK},
    {"3", "", REQUESTS_OK},
    {"12", "AB/C", REQUESTS_OK},
    {"21", "C/AB", REQUESTS_OK},
    {"456", "AB/C A/B/C", REQUESTS_OK},
    {"47", "A/BC", REQUESTS_OK},
    {"456", "AB/C A/BC", REQUESTS_SPLIT_NOT_PERMITTED},
    {"12", "", REQUESTS_SPLIT_NOT_PERMITTED},
    {"1", "AB/C", REQUESTS_CHILDREN_UNCOVERED},
    {"14", "AB/C A/BC", REQUESTS_CHILDREN_UNCOVERED},
    {"13", "AB/C", REQUESTS_CHILDREN_UNCOVERED},
    {"11", "AB/C", REQUESTS_OFFERS_OF_ONE_VACANCY},
    {"17", "AB/C", REQUESTS_OFFERS_OF_ONE_VACANCY},
    {"19", "AB/C", REQUESTS_OFFER_UNKNOWN},
    {"1245637", "AB/C", REQUESTS_CHILDREN_UNCOVERED},
};

static void
siblings_stay_together_or_part_as_permitted(void **state)
{
	const Requests__SplitReason why =
	    REQUESTS__SPLIT_REASON__SPLIT_REASON_NO_HOME_FOR_ALL;

	(void)state;
	for (size_t i = 0; i < N(groups); i++) {
		Requests__Request *r =
		    with_more_offers(sample_group(STATE(CIRCULATED)));
		enum requests_refusal got;

		sample_permit(r->circulation, groups[i].splits);
		got = decide_group(r, groups[i].offers, why);
		if (got != groups[i].no)
			fail_msg("%s of %s: %d", groups[i].offers, groups[i].splits,
			    (int)got);
		if (got == REQUESTS_OK)
			assert_int_equal(chosen.n, strlen(groups[i].offers));
	}
}

static void
living_apart_has_a_reason(void **state)
{
	const Requests__SplitReason none =
	    REQUESTS__SPLIT_REASON__SPLIT_REASON_UNSPECIFIED;

	(void)state;
	assert_int_equal(decide_group(sample_group(STATE(CIRCULATED)), "12", none),
	    REQUESTS_SPLIT_REASON_MISSING);
	assert_int_equal(
	    decide_group(sample_group(STATE(CIRCULATED)), "3", none), REQUESTS_OK);
}

/* The first of them has a home: the others are decided on as a split would have them.
 */
static void
who_has_a_home_is_not_decided_on_again(void **state)
{
	const Requests__SplitReason why =
	    REQUESTS__SPLIT_REASON__SPLIT_REASON_NO_HOME_FOR_ALL;
	static const struct {
		const char *offers;
		enum requests_refusal no;
	} rows[] = {
	    {"56", REQUESTS_OK}, /* A/B/C */
	    {"7", REQUESTS_OK},  /* B and C, together */
	    {"3", REQUESTS_CHILD_PLACED},
	    {"12", REQUESTS_CHILD_PLACED},
	    {"5", REQUESTS_CHILDREN_UNCOVERED},
	};

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		Requests__Request *r =
		    with_more_offers(sample_group(STATE(CIRCULATED)));
		Requests__Journey *begun = sample_place(r, STATE(STARTED));
		enum requests_refusal got;

		sample_letters(&begun->child_refs, &begun->n_child_refs, "A");
		got = decide_group(r, rows[i].offers, why);
		if (got != rows[i].no)
			fail_msg("%s: %d", rows[i].offers, (int)got);
	}
}

/* Of each part its own children go to the owner, and whom any of them is not safe with.
 */
static void
each_part_is_recorded_by_itself(void **state)
{
	Requests__Request *r = sample_group(STATE(CIRCULATED));
	Common__NotSafeWith of_b[] = {COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_BOYS,
	    COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_PETS};
	Common__NotSafeWith of_a[] = {COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_PETS};
	struct requests_decision decision = {
	    r->offers[0], HOLD_1, PLACE_1, SALFORD, REQUESTS__APPROVER__APPROVER_NONE};
	struct requests_act act = acting(MANCHESTER);
	Requests__Decide call = REQUESTS__DECIDE__INIT;
	char *further[] = {text(OFFER_2)};
	Requests__PlacementDecided *e;

	(void)state;
	r->circulation->children[0]->not_safe_with = of_a;
	r->circulation->children[0]->n_not_safe_with = 1;
	r->circulation->children[1]->not_safe_with = of_b;
	r->circulation->children[1]->n_not_safe_with = 2;
	call.offer_id = text(OFFER_1);
	call.further_offer_ids = further;
	call.n_further_offer_ids = 1;
	SET(&call, split_reason, REQUESTS__SPLIT_REASON__SPLIT_REASON_NEEDS_DIFFER);
	e = requests_decided(sample_arena(), r, &call, &act, &decision);
	assert_int_equal(e->n_children, 2);
	assert_string_equal(e->children[1]->child_id, r->identity->child_ids[1]);
	assert_true(e->are_siblings);
	assert_int_equal(e->n_not_safe_with, 2);
	assert_int_equal(e->journey->parts, 2);
	assert_int_equal(e->journey->n_child_refs, 2);
	assert_int_equal(e->journey->split_reason,
	    REQUESTS__SPLIT_REASON__SPLIT_REASON_NEEDS_DIFFER);
	assert_int_equal(e->journey->n_standing_offer_ids, 3);
	decision.offer = r->offers[1];
	e = requests_decided(sample_arena(), r, &call, &act, &decision);
	assert_int_equal(e->n_children, 1);
	assert_string_equal(e->children[0]->child_id, r->identity->child_ids[2]);
	assert_false(e->are_siblings);
	assert_int_equal(e->n_not_safe_with, 0);
	assert_string_equal(e->journey->child_refs[0], "C");
	assert_string_equal(e->journey->offer_id, OFFER_2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(decisions_are_checked),
	    cmocka_unit_test(a_decision_says_all_that_the_owner_needs),
	    cmocka_unit_test(what_is_not_known_is_not_recorded),
	    cmocka_unit_test(whom_they_are_not_safe_with_is_said_once),
	    cmocka_unit_test(siblings_stay_together_or_part_as_permitted),
	    cmocka_unit_test(living_apart_has_a_reason),
	    cmocka_unit_test(who_has_a_home_is_not_decided_on_again),
	    cmocka_unit_test(each_part_is_recorded_by_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
