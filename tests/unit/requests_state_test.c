#include "requests_sample.h"

#include <ctype.h>
#include <string.h>

#define STATE_LOST REQUESTS__STATE__STATE_CIRCULATED

/*
 * The whole table again, one letter a state, in the words of the design: order
 * decision, hold, the provider's yes, confirm, start. It is written down twice so
 * that a slip in either is seen.
 */
static const char states[] = "submitted circulated decided held confirming confirmed "
			     "starting started ended withdrawn";

struct meaning {
	char letter;
	enum requests_refusal no;
};

static const struct meaning meanings[] = {
    {'+', REQUESTS_OK},
    {'?', REQUESTS_UNKNOWN},
    {'n', REQUESTS_NOT_CIRCULATED},
    {'d', REQUESTS_DECIDED},
    {'u', REQUESTS_NOT_DECIDED},
    {'h', REQUESTS_NOT_HELD},
    {'y', REQUESTS_ALREADY_CONFIRMED},
    {'c', REQUESTS_NOT_CONFIRMED},
    {'o', REQUESTS_START_ORDERED},
    {'s', REQUESTS_STARTED},
    {'b', REQUESTS_NOT_STARTED},
    {'e', REQUESTS_ENDED},
    {'w', REQUESTS_WITHDRAWN},
    {'x', REQUESTS_CLOSED},
    {'-', REQUESTS_NOT_CHOSEN},
};

static const struct {
	enum requests_command command;
	const char *in; /* submitted ... withdrawn */
} rows[] = {
    {REQUESTS_CIRCULATE, "++dddddsew"},
    {REQUESTS_SHOW_INTEREST, "?++++++xxx"},
    {REQUESTS_OFFER, "?++++++xxx"},
    {REQUESTS_DECLINE, "?++++++xxx"},
    {REQUESTS_OPEN, "n+++++++ew"},
    {REQUESTS_DECIDE, "n+dddddsew"},
    {REQUESTS_APPROVE, "uu++++++ew"},
    {REQUESTS_CONFIRM_OFFER, "--h+yyyxxx"},
    {REQUESTS_START, "uuccc+osew"},
    {REQUESTS_END, "bbbbbbb+ew"},
    {REQUESTS_WITHDRAW, "++++++osew"},
};

static enum requests_refusal
meant_by(char letter)
{
	for (size_t i = 0; i < N(meanings); i++)
		if (meanings[i].letter == letter)
			return meanings[i].no;
	fail_msg("no meaning for '%c'", letter);
	return REQUESTS_OK;
}

static void
every_command_in_every_state(void **unused)
{
	(void)unused;
	assert_int_equal(N(rows), REQUESTS_COMMANDS);
	for (size_t i = 0; i < N(rows); i++) {
		assert_int_equal(strlen(rows[i].in), 10);
		for (unsigned s = 0; s < 10; s++) {
			Requests__State state = (Requests__State)(s + 1);
			enum requests_refusal got =
			    requests_in_state(rows[i].command, state);
			if (got != meant_by(rows[i].in[s]))
				fail_msg("command %d in state %u of %s: %d",
				    (int)rows[i].command, s + 1, states, (int)got);
		}
		assert_int_equal(requests_in_state(rows[i].command,
				     REQUESTS__STATE__STATE_UNSPECIFIED),
		    REQUESTS_UNKNOWN);
	}
}

/* A provider that was not chosen hears the same before and after the decision. */
static void
bidders_cannot_tell_that_another_was_chosen(void **unused)
{
	static const enum requests_command commands[] = {
	    REQUESTS_SHOW_INTEREST, REQUESTS_OFFER, REQUESTS_DECLINE};

	(void)unused;
	for (size_t i = 0; i < N(commands); i++)
		for (unsigned s = REQUESTS__STATE__STATE_CIRCULATED;
		     s <= REQUESTS__STATE__STATE_STARTING; s++)
			assert_int_equal(
			    requests_in_state(commands[i], (Requests__State)s),
			    REQUESTS_OK);
}

/* Each refusal stands under its own number, and reads like a sentence. */
static void
refusals_are_whole(void **unused)
{
	(void)unused;
	for (unsigned no = REQUESTS_UNKNOWN; no < REQUESTS_REFUSALS_END; no++) {
		const struct refusal *row = requests_refusal((enum requests_refusal)no);

		assert_int_equal(row->number, no);
		assert_non_null(row->sentence);
		assert_true(isupper((unsigned char)row->sentence[0]));
		assert_int_equal(row->sentence[strlen(row->sentence) - 1], '.');
		assert_null(strstr(row->sentence, "  "));
	}
}

/* Whoever has a state knows what of it is open and what under way. */
static void
states_are_open_and_under_way(void **unused)
{
	static const char open[] = "+++++++---";
	static const char under_way[] = "--+++++---";

	(void)unused;
	for (unsigned s = 1; s <= REQUESTS__STATE__STATE_WITHDRAWN; s++) {
		assert_int_equal(
		    requests_is_open((Requests__State)s), open[s - 1] == '+');
		assert_int_equal(
		    requests_is_under_way((Requests__State)s), under_way[s - 1] == '+');
	}
}

static void
the_chosen_is_chosen_while_its_journey_lives(void **unused)
{
	static const char chosen[] = "--+++++++-";

	(void)unused;
	for (unsigned s = 1; s <= REQUESTS__STATE__STATE_WITHDRAWN; s++) {
		Requests__Request *r = planned((Requests__State)s);

		/* What a lost place leaves behind is read, not lived. */
		if (r->n_journeys == 0)
			(void)sample_place(r, STATE_LOST);
		assert_int_equal(requests_is_chosen(r, CHOSEN), chosen[s - 1] == '+');
		assert_false(requests_is_chosen(r, OFFERING));
		assert_false(requests_is_chosen(r, STRANGER));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_command_in_every_state),
	    cmocka_unit_test(bidders_cannot_tell_that_another_was_chosen),
	    cmocka_unit_test(refusals_are_whole),
	    cmocka_unit_test(states_are_open_and_under_way),
	    cmocka_unit_test(the_chosen_is_chosen_while_its_journey_lives),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
