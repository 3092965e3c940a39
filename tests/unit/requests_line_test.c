#include "requests/line.h"

#include "requests_sample.h"

/* All that a board says of a request, to each reader. */

#define STATE(name) REQUESTS__STATE__STATE_##name

static const struct requests_reader council = {
    .organisation_id = MANCHESTER, .is_council = true};

static struct requests_reader
provider(const char *id)
{
	return (struct requests_reader){.organisation_id = id, .is_provider = true};
}

/* Everything a line may say, by the reader's own right to it. */
static void
a_line_says_no_more_than_the_request(void **state)
{
	const struct requests_reader region = {
	    .organisation_id = "co-operative", .is_cooperative = true};
	struct requests_reader chosen = provider(CHOSEN);
	Requests__Request *r = planned(STATE(HELD));
	Requests__RequestLine *line;

	(void)state;
	r->submitted_by_id = text("000000000000000000000per01");
	SET(r, submitted_time, SAMPLE_NOW - 5 * HOUR_MS);
	SET(r->bids[0], answered_time, SAMPLE_NOW - 3 * HOUR_MS);
	SET(r->bids[3], answered_time, SAMPLE_NOW - 2 * HOUR_MS);
	SET(r->offers[1], is_lost, 1);
	SET(r->journeys[0], approver, REQUESTS__APPROVER__APPROVER_DIRECTOR);

	line = requests_line(sample_arena(), r, REQUESTS_VIEW_COUNCIL, &council);
	assert_int_equal(line->asked, 5);
	assert_int_equal(line->answered, 2);
	assert_int_equal(line->offers, 2);
	assert_int_equal(line->offers_standing, 1);
	assert_int_equal(line->answer_by_time, SAMPLE_NOW + HOUR_MS);
	assert_int_equal(line->submitted_time, SAMPLE_NOW - 5 * HOUR_MS);
	assert_string_equal(line->submitted_by_id, r->submitted_by_id);
	assert_int_equal(line->approver, REQUESTS__APPROVER__APPROVER_DIRECTOR);
	assert_int_equal(line->step_due_time, SAMPLE_NOW + HOUR_MS);
	assert_int_equal(line->n_child_lines, 1);
	assert_int_equal(line->child_lines[0]->age_years, 9);
	assert_int_equal(line->child_lines[0]->sex, COMMON__SEX__SEX_FEMALE);
	assert_false(line->has_circulated_time);
	assert_null(line->offer_id);

	line = requests_line(sample_arena(), r, REQUESTS_VIEW_COOPERATIVE, &region);
	assert_int_equal(line->asked, 5);
	assert_int_equal(line->answered, 2);
	assert_int_equal(line->submitted_time, SAMPLE_NOW - 5 * HOUR_MS);
	assert_null(line->submitted_by_id);
	assert_false(line->has_approver);
	assert_false(line->has_step_due_time);

	line = requests_line(sample_arena(), r, REQUESTS_VIEW_PROVIDER, &chosen);
	assert_false(line->has_asked);
	assert_false(line->has_answered);
	assert_false(line->has_submitted_time);
	assert_null(line->submitted_by_id);
	assert_false(line->has_approver);
	assert_int_equal(line->answer_by_time, SAMPLE_NOW + HOUR_MS);
	assert_int_equal(line->circulated_time, SAMPLE_NOW - 4 * HOUR_MS);
	assert_int_equal(line->answered_time, SAMPLE_NOW - 3 * HOUR_MS);
	assert_int_equal(line->step_due_time, SAMPLE_NOW + HOUR_MS);
	assert_string_equal(line->offer_id, OFFER_1);
	assert_string_equal(line->vacancy_id, r->offers[0]->vacancy_id);
	assert_int_equal(line->fee_pence_week, 95000);
	assert_int_equal(line->offers_standing, 1);
}

/* What came of it, when, and why: each provider of its own part. */
static void
a_line_says_what_came_of_it(void **state)
{
	struct requests_reader declining = provider(DECLINING);
	struct requests_reader offering = provider(OFFERING);
	struct requests_reader silent = provider(SILENT);
	Requests__Request *r = planned(STATE(STARTED));
	Requests__RequestLine *line;

	(void)state;
	SET(r->bids[1], outcome, REQUESTS__OUTCOME__OUTCOME_NOT_CHOSEN);
	SET(r->bids[1], outcome_time, SAMPLE_NOW);
	SET(r->offers[1], is_lost, 1);
	line = requests_line(sample_arena(), r, REQUESTS_VIEW_PROVIDER, &declining);
	assert_int_equal(
	    line->declined, REQUESTS__DECLINE_REASON__DECLINE_REASON_NO_VACANCY);
	assert_false(line->has_step_due_time);
	line = requests_line(sample_arena(), r, REQUESTS_VIEW_PROVIDER, &offering);
	assert_int_equal(line->outcome, REQUESTS__OUTCOME__OUTCOME_NOT_CHOSEN);
	assert_int_equal(line->outcome_time, SAMPLE_NOW);
	assert_int_equal(line->offers, 1);
	assert_int_equal(line->offers_standing, 0);
	line = requests_line(sample_arena(), r, REQUESTS_VIEW_PROVIDER, &silent);
	assert_int_equal(line->offers, 0);
	assert_null(line->offer_id);
	assert_false(line->has_is_interested);
}

/* The nearest of what can be lost, of all placements or of one's own. */
static void
a_line_says_by_when(void **state)
{
	static const struct {
		Requests__State state;
		int64_t due;
	} rows[] = {
	    {STATE(SUBMITTED), 0},
	    {STATE(CIRCULATED), 0},
	    {STATE(DECIDED), HOUR_MS},
	    {STATE(HELD), HOUR_MS},
	    {STATE(CONFIRMING), 28 * (24 * HOUR_MS)},
	    {STATE(CONFIRMED), 28 * (24 * HOUR_MS)},
	    {STATE(STARTING), 0},
	    {STATE(STARTED), 0},
	    {STATE(ENDED), 0},
	    {STATE(WITHDRAWN), 0},
	};
	struct requests_reader offering = provider(OFFERING);
	Requests__RequestLine *line;
	Requests__Request *r;

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		line = requests_line(sample_arena(), planned(rows[i].state),
		    REQUESTS_VIEW_COUNCIL, &council);
		assert_int_equal(line->has_step_due_time, rows[i].due > 0);
		if (rows[i].due > 0)
			assert_int_equal(line->step_due_time, SAMPLE_NOW + rows[i].due);
	}
	r = sample_group(STATE(HELD));
	SET(r->journeys[0], hold_expires_time, SAMPLE_NOW + 3 * HOUR_MS);
	SET(r->journeys[1], hold_expires_time, SAMPLE_NOW + 4 * HOUR_MS);
	line = requests_line(sample_arena(), r, REQUESTS_VIEW_COUNCIL, &council);
	assert_int_equal(line->step_due_time, SAMPLE_NOW + 3 * HOUR_MS);
	line = requests_line(sample_arena(), r, REQUESTS_VIEW_PROVIDER, &offering);
	assert_int_equal(line->step_due_time, SAMPLE_NOW + 4 * HOUR_MS);
	SET(r->journeys[0], hold_expires_time, SAMPLE_NOW + 5 * HOUR_MS);
	line = requests_line(sample_arena(), r, REQUESTS_VIEW_COUNCIL, &council);
	assert_int_equal(line->step_due_time, SAMPLE_NOW + 4 * HOUR_MS);
}

/* The highest whose word is awaited; nobody's once the place is approved, or begun. */
static void
a_line_says_whose_approval_is_awaited(void **state)
{
	Requests__Request *r = sample_group(STATE(CONFIRMED));
	Requests__RequestLine *line;

	(void)state;
	SET(r->journeys[0], approver, REQUESTS__APPROVER__APPROVER_DIRECTOR);
	SET(r->journeys[1], approver, REQUESTS__APPROVER__APPROVER_NOMINATED_OFFICER);
	line = requests_line(sample_arena(), r, REQUESTS_VIEW_COUNCIL, &council);
	assert_int_equal(line->approver, REQUESTS__APPROVER__APPROVER_DIRECTOR);
	assert_false(line->is_broken);
	SET(r->journeys[0], approved_time, SAMPLE_NOW);
	r->broken = MESSAGE_NEW(sample_arena(), requests__group_broken);
	line = requests_line(sample_arena(), r, REQUESTS_VIEW_COUNCIL, &council);
	assert_int_equal(
	    line->approver, REQUESTS__APPROVER__APPROVER_NOMINATED_OFFICER);
	assert_true(line->is_broken);
	r->journeys[1]->state = STATE(STARTED);
	line = requests_line(sample_arena(), r, REQUESTS_VIEW_COUNCIL, &council);
	assert_false(line->has_approver);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_line_says_no_more_than_the_request),
	    cmocka_unit_test(a_line_says_what_came_of_it),
	    cmocka_unit_test(a_line_says_by_when),
	    cmocka_unit_test(a_line_says_whose_approval_is_awaited),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
