#include "requests/bidding.h"

#include "requests/clocks.h"
#include "requests_sample.h"

#define TODAY day_in_london(SAMPLE_NOW)
#define STATE(name) REQUESTS__STATE__STATE_##name
#define L1 REQUESTS__DISCLOSURE__DISCLOSURE_L1
#define L2 REQUESTS__DISCLOSURE__DISCLOSURE_L2
#define L3 REQUESTS__DISCLOSURE__DISCLOSURE_L3

static Requests__VacancyRow *
vacancy(const char *provider_id, bool is_open)
{
	Requests__VacancyRow *v = MESSAGE_NEW(sample_arena(), requests__vacancy_row);

	v->vacancy_id = text("0000000000000000000000va01");
	v->provider_id = text(provider_id);
	v->council_id = text(SALFORD);
	SET(v, care_type, COMMON__CARE_TYPE__CARE_TYPE_FOSTER);
	SET(v, is_open, is_open);
	return v;
}

/* ---- circulating ---- */

static Requests__Circulate *
to(size_t n, const char *const *vacancy_ids)
{
	Requests__Circulate *call = MESSAGE_NEW(sample_arena(), requests__circulate);

	call->vacancy_ids = LIST_NEW(sample_arena(), n + 1, char *);
	for (; call->n_vacancy_ids < n; call->n_vacancy_ids++)
		call->vacancy_ids[call->n_vacancy_ids] =
		    text(vacancy_ids[call->n_vacancy_ids]);
	return call;
}

static void
circulation_is_checked(void **state)
{
	static const char *const fresh[] = {"n1", "n2"};
	static const char *const twice[] = {"n1", "n1"};
	static const char *const known[] = {"v"
					    "0000000000000000000000p01"};
	const Requests__VacancyRow *open[] = {
	    vacancy(CHOSEN, true), vacancy(KEEN, true)};
	const Requests__VacancyRow *unknown[] = {vacancy(CHOSEN, true), NULL};
	const Requests__VacancyRow *closed[] = {
	    vacancy(CHOSEN, true), vacancy(KEEN, false)};
	Requests__Request *r = planned(STATE(CIRCULATED));
	Requests__Circulate *call;
	size_t which;

	(void)state;
	assert_int_equal(requests_check_circulate(r, to(2, fresh), open, TODAY, &which),
	    REQUESTS_OK);
	assert_int_equal(requests_check_circulate(r, to(0, fresh), open, TODAY, &which),
	    REQUESTS_VACANCIES_COUNT);
	assert_int_equal(requests_check_circulate(r, to(2, twice), open, TODAY, &which),
	    REQUESTS_VACANCY_TWICE);
	assert_int_equal(which, 1);
	assert_int_equal(
	    requests_check_circulate(r, to(2, fresh), unknown, TODAY, &which),
	    REQUESTS_VACANCY_UNKNOWN);
	assert_int_equal(which, 1);
	assert_int_equal(
	    requests_check_circulate(r, to(2, fresh), closed, TODAY, &which),
	    REQUESTS_VACANCY_CLOSED);
	r->bids[0]->vacancy_ids[0] = text(known[0]);
	assert_int_equal(requests_check_circulate(r, to(1, known), open, TODAY, &which),
	    REQUESTS_VACANCY_CIRCULATED);
	call = to(2, fresh);
	SET(call, answer_minutes, REQUESTS_ANSWER_MINUTES_MIN - 1);
	assert_int_equal(requests_check_circulate(r, call, open, TODAY, &which),
	    REQUESTS_ANSWER_MINUTES);
	SET(call, answer_minutes, REQUESTS_ANSWER_MINUTES_MAX + 1);
	assert_int_equal(requests_check_circulate(r, call, open, TODAY, &which),
	    REQUESTS_ANSWER_MINUTES);
	assert_int_equal(requests_check_circulate(planned(STATE(DECIDED)), to(2, fresh),
			     open, TODAY, &which),
	    REQUESTS_DECIDED);
}

static void
a_request_goes_to_so_many_and_no_more(void **state)
{
	static const char *const fresh[] = {"n1"};
	const Requests__VacancyRow *open[] = {vacancy(CHOSEN, true)};
	Requests__Request *r = planned(STATE(CIRCULATED));
	size_t others = r->n_bids - 1;
	size_t which;

	(void)state;
	r->bids[0]->n_vacancy_ids = REQUESTS_VACANCIES_MAX - others;
	r->bids[0]->vacancy_ids =
	    LIST_NEW(sample_arena(), REQUESTS_VACANCIES_MAX, char *);
	for (size_t i = 0; i < r->bids[0]->n_vacancy_ids; i++)
		r->bids[0]->vacancy_ids[i] = text("o");
	assert_int_equal(requests_check_circulate(r, to(1, fresh), open, TODAY, &which),
	    REQUESTS_VACANCIES_MANY);
	r->bids[0]->n_vacancy_ids--;
	assert_int_equal(requests_check_circulate(r, to(1, fresh), open, TODAY, &which),
	    REQUESTS_OK);
}

/* One bid a provider, only with what is new to the request. */
static void
vacancies_are_grouped_by_provider(void **state)
{
	static const char *const ids[] = {"n1", "n2", "n3", "old"};
	const Requests__VacancyRow *v[] = {vacancy(STRANGER, true), vacancy(KEEN, true),
	    vacancy(STRANGER, true), vacancy(CHOSEN, true)};
	Requests__Request *r = planned(STATE(CIRCULATED));
	struct requests_act act = acting(MANCHESTER);
	Requests__RequestCirculated *e;

	(void)state;
	r->bids[0]->vacancy_ids[0] = text("old");
	SET(r, answer_by_time, SAMPLE_NOW + 1);
	e = requests_circulated(sample_arena(), r, to(4, ids), v, &act);
	assert_int_equal(e->n_bids, 2);
	assert_string_equal(e->bids[0]->provider_id, STRANGER);
	assert_int_equal(e->bids[0]->n_vacancy_ids, 2);
	assert_string_equal(e->bids[0]->vacancy_ids[1], "n3");
	assert_int_equal(e->bids[0]->level, L1);
	assert_string_equal(e->bids[1]->provider_id, KEEN);
	assert_int_equal(e->bids[1]->n_vacancy_ids, 1);
	assert_int_equal(e->answer_by_time,
	    day_working_deadline(SAMPLE_NOW, REQUESTS_ANSWER_WORKING_DAYS_PLANNED));
	assert_int_equal(e->members_copy_age_ms, 5);
}

/* A later, shorter time does not take from those who were asked first. */
static void
the_time_given_first_stands(void **state)
{
	static const char *const ids[] = {"n1"};
	const Requests__VacancyRow *v[] = {vacancy(STRANGER, true)};
	Requests__Request *r = planned(STATE(CIRCULATED));
	Requests__Circulate *call = to(1, ids);
	struct requests_act act = acting(MANCHESTER);

	(void)state;
	SET(r, answer_by_time, SAMPLE_NOW + 10 * HOUR_MS);
	SET(call, answer_minutes, 20);
	assert_int_equal(
	    requests_circulated(sample_arena(), r, call, v, &act)->answer_by_time,
	    SAMPLE_NOW + 10 * HOUR_MS);
	SET(call, answer_minutes, 20 * 60);
	assert_int_equal(
	    requests_circulated(sample_arena(), r, call, v, &act)->answer_by_time,
	    SAMPLE_NOW + 20 * HOUR_MS);
}

/* ---- offers ---- */

static Requests__Offer *
offer(int64_t fee_pence_week, int32_t earliest_start_day)
{
	Requests__Offer *call = MESSAGE_NEW(sample_arena(), requests__offer);

	call->vacancy_id = text("0000000000000000000000va01");
	SET(call, fee_pence_week, fee_pence_week);
	SET(call, earliest_start_day, earliest_start_day);
	return call;
}

static enum requests_refusal
offered(const Requests__Request *r, const char *provider_id,
    const Requests__Offer *call, const Requests__VacancyRow *v)
{
	struct requests_act act = acting(provider_id);
	uint32_t children;

	return requests_check_offer(r, call, v, &act, &children);
}

static void
offers_are_checked(void **state)
{
	Requests__Request *r = planned(STATE(CIRCULATED));
	Requests__Offer *fine = offer(95000, TODAY);
	Requests__VacancyRow *own = vacancy(KEEN, true);

	(void)state;
	assert_int_equal(offered(r, KEEN, fine, own), REQUESTS_OK);
	assert_int_equal(
	    offered(r, STRANGER, fine, vacancy(STRANGER, true)), REQUESTS_UNKNOWN);
	/* Nobody learns whether another's vacancy is there, open or closed. */
	assert_int_equal(offered(r, KEEN, fine, NULL), REQUESTS_VACANCY_OF_ANOTHER);
	assert_int_equal(
	    offered(r, KEEN, fine, vacancy(SILENT, true)), REQUESTS_VACANCY_OF_ANOTHER);
	assert_int_equal(
	    offered(r, KEEN, fine, vacancy(KEEN, false)), REQUESTS_VACANCY_OF_ANOTHER);
	assert_int_equal(offered(r, KEEN, offer(0, TODAY), own), REQUESTS_FEE);
	fine = offer(95000, TODAY);
	fine->has_fee_pence_week = 0;
	assert_int_equal(offered(r, KEEN, fine, own), REQUESTS_FEE);
	fine = offer(95000, TODAY);
	fine->has_earliest_start_day = 0;
	assert_int_equal(offered(r, KEEN, fine, own), REQUESTS_EARLIEST_START);
	fine = offer(95000, TODAY);
	assert_int_equal(
	    offered(r, KEEN, offer(REQUESTS_FEE_PENCE_WEEK_MAX, TODAY), own),
	    REQUESTS_OK);
	assert_int_equal(
	    offered(r, KEEN, offer(REQUESTS_FEE_PENCE_WEEK_MAX + 1, TODAY), own),
	    REQUESTS_FEE);
	assert_int_equal(
	    offered(r, KEEN, offer(1, TODAY - 1), own), REQUESTS_EARLIEST_START);
	SET(r->circulation, expected_end_day, TODAY + 20);
	assert_int_equal(offered(r, KEEN, offer(1, TODAY + 20), own), REQUESTS_OK);
	assert_int_equal(offered(r, KEEN, offer(1, TODAY + 21), own),
	    REQUESTS_EARLIEST_START_AFTER_END);
	r->circulation->has_expected_end_day = 0;
	assert_int_equal(
	    offered(r, KEEN,
		offer(1, TODAY + REQUESTS_EARLIEST_START_AHEAD_DAYS_MAX + 1), own),
	    REQUESTS_EARLIEST_START);
	assert_int_equal(
	    offered(planned(STATE(STARTED)), KEEN, fine, own), REQUESTS_CLOSED);
}

static void
one_offer_of_a_vacancy_stands(void **state)
{
	Requests__Request *r = planned(STATE(CIRCULATED));
	Requests__VacancyRow *own = vacancy(OFFERING, true);

	(void)state;
	r->offers[1]->vacancy_id = own->vacancy_id;
	assert_int_equal(
	    offered(r, OFFERING, offer(1, TODAY), own), REQUESTS_OFFER_STANDS);
	SET(r->offers[1], is_lost, 1);
	assert_int_equal(offered(r, OFFERING, offer(1, TODAY), own), REQUESTS_OK);
	r->n_offers = REQUESTS_OFFERS_MAX;
	r->offers = LIST_NEW(sample_arena(), REQUESTS_OFFERS_MAX, Requests__OfferRow *);
	for (size_t i = 0; i < r->n_offers; i++) {
		r->offers[i] = MESSAGE_NEW(sample_arena(), requests__offer_row);
		SET(r->offers[i], is_lost, 1);
	}
	assert_int_equal(
	    offered(r, OFFERING, offer(1, TODAY), own), REQUESTS_OFFERS_MANY);
}

static void
a_decline_may_be_taken_back_by_an_offer(void **state)
{
	(void)state;
	assert_int_equal(offered(planned(STATE(CIRCULATED)), DECLINING, offer(1, TODAY),
			     vacancy(DECLINING, true)),
	    REQUESTS_OK);
}

/* ---- declining ---- */

static enum requests_refusal
declined(Requests__State in, const char *provider_id, bool *loses)
{
	Requests__Decline call = REQUESTS__DECLINE__INIT;
	Requests__Journey *journey;
	enum requests_refusal no;

	SET(&call, reason, REQUESTS__DECLINE_REASON__DECLINE_REASON_CARER_DECLINED);
	no = requests_check_decline(planned(in), &call, provider_id, &journey);
	*loses = journey != NULL;
	return no;
}

static void
declines_are_checked(void **state)
{
	Requests__Decline none = REQUESTS__DECLINE__INIT;
	Requests__Journey *lost;
	bool loses;

	(void)state;
	assert_int_equal(
	    requests_check_decline(planned(STATE(CIRCULATED)), &none, KEEN, &lost),
	    REQUESTS_DECLINE_REASON_MISSING);
	assert_int_equal(
	    declined(STATE(CIRCULATED), STRANGER, &loses), REQUESTS_UNKNOWN);
	assert_int_equal(declined(STATE(CIRCULATED), SILENT, &loses), REQUESTS_OK);
	assert_false(loses);
}

/* The chosen provider's no comes before its yes, or not at all. */
static void
the_chosen_may_decline_until_its_yes(void **state)
{
	bool loses;

	(void)state;
	assert_int_equal(declined(STATE(DECIDED), CHOSEN, &loses), REQUESTS_OK);
	assert_true(loses);
	assert_int_equal(declined(STATE(HELD), CHOSEN, &loses), REQUESTS_OK);
	assert_true(loses);
	assert_int_equal(declined(STATE(HELD), OFFERING, &loses), REQUESTS_OK);
	assert_false(loses);
	assert_int_equal(
	    declined(STATE(CONFIRMING), CHOSEN, &loses), REQUESTS_ALREADY_CONFIRMED);
	assert_int_equal(
	    declined(STATE(STARTING), CHOSEN, &loses), REQUESTS_ALREADY_CONFIRMED);
	assert_false(loses);
	assert_int_equal(declined(STATE(CONFIRMED), OFFERING, &loses), REQUESTS_OK);
}

/* ---- siblings ---- */

/* The eldest has a home: what would have done for that one alone is asked no more. */
static void
kinds_are_for_those_who_wait(void **state)
{
	static const char *const fresh[] = {"n1"};
	Requests__VacancyRow *flat = vacancy(KEEN, true);
	const Requests__VacancyRow *flats[] = {flat};
	Requests__Request *r = sample_group(STATE(HELD));
	size_t which;

	(void)state;
	SET(r, state, STATE(CIRCULATED));
	SET(flat, care_type, COMMON__CARE_TYPE__CARE_TYPE_SUPPORTED_ACCOMMODATION);
	SET(r->circulation->children[2], age_years, 17);
	SET(r->journeys[0], state, STATE(CIRCULATED));
	SET(r->journeys[1], state, STATE(CIRCULATED));
	assert_int_equal(
	    requests_check_circulate(r, to(1, fresh), flats, TODAY, &which),
	    REQUESTS_OK);
	SET(r->journeys[1], state, STATE(STARTED));
	assert_int_equal(
	    requests_check_circulate(r, to(1, fresh), flats, TODAY, &which),
	    REQUESTS_UNDER_16);
}

/* Both homes are one provider's, in these states, with its yes to the first or not. */
static const struct {
	Requests__State first, second;
	bool is_agreed;
	enum requests_refusal no;
	size_t loses; /* which it loses; from 1, 0: none */
} both[] = {
    {STATE(HELD), STATE(HELD), false, REQUESTS_OK, 2},
    {STATE(HELD), STATE(HELD), true, REQUESTS_OK, 2},
    {STATE(STARTED), STATE(HELD), false, REQUESTS_OK, 2},
    {STATE(STARTING), STATE(DECIDED), false, REQUESTS_OK, 2},
    {STATE(STARTED), STATE(CIRCULATED), false, REQUESTS_OK, 0},
    {STATE(ENDED), STATE(CIRCULATED), false, REQUESTS_OK, 0},
    {STATE(CONFIRMED), STATE(CONFIRMING), false, REQUESTS_ALREADY_CONFIRMED, 0},
    {STATE(STARTING), STATE(CIRCULATED), false, REQUESTS_ALREADY_CONFIRMED, 0},
    {STATE(HELD), STATE(CIRCULATED), true, REQUESTS_ALREADY_CONFIRMED, 0},
};

static void
a_yes_to_one_home_leaves_the_other_free(void **state)
{
	Requests__Decline call = REQUESTS__DECLINE__INIT;

	(void)state;
	SET(&call, reason, REQUESTS__DECLINE_REASON__DECLINE_REASON_STAFFING_GAP);
	for (size_t i = 0; i < N(both); i++) {
		Requests__Request *r = sample_group(STATE(HELD));
		Requests__Journey *lost;

		r->offers[1]->provider_id = text(CHOSEN);
		SET(r->journeys[0], state, both[i].first);
		SET(r->journeys[1], state, both[i].second);
		if (both[i].is_agreed)
			SET(r->journeys[0], agreed_time, SAMPLE_NOW);
		assert_int_equal(
		    requests_check_decline(r, &call, CHOSEN, &lost), both[i].no);
		assert_ptr_equal(
		    lost, both[i].loses == 0 ? NULL : r->journeys[both[i].loses - 1]);
	}
}

static const struct {
	const char *letters, *begun;
	enum requests_refusal no;
	uint32_t children;
} parts[] = {
    {"", NULL, REQUESTS_OK, 7},
    {"ABC", NULL, REQUESTS_OK, 7},
    {"AB", NULL, REQUESTS_OK, 3},
    {"CB", NULL, REQUESTS_OK, 6},
    {"AC", NULL, REQUESTS_OFFER_CHILDREN, 0},
    {"D", NULL, REQUESTS_CHILD_REFS, 0},
    {"", "A", REQUESTS_OK, 6},
    {"BC", "A", REQUESTS_OK, 6},
    {"B", "A", REQUESTS_OK, 2},
    {"AC", "B", REQUESTS_OK, 5}, /* all who wait, if no part */
    {"AC", "C", REQUESTS_CHILD_PLACED, 0},
    {"ABC", "C", REQUESTS_CHILD_PLACED, 0},
};

static void
an_offer_is_for_all_or_for_a_part(void **state)
{
	struct requests_act act = acting(KEEN);

	(void)state;
	for (size_t i = 0; i < N(parts); i++) {
		Requests__Request *r = sample_group(STATE(CIRCULATED));
		Requests__Offer *call = offer(95000, TODAY);
		enum requests_refusal got;
		uint32_t children = 0;

		sample_letters(
		    &call->child_refs, &call->n_child_refs, parts[i].letters);
		if (parts[i].begun != NULL) {
			Requests__Journey *begun = sample_place(r, STATE(STARTED));

			sample_letters(
			    &begun->child_refs, &begun->n_child_refs, parts[i].begun);
		}
		got =
		    requests_check_offer(r, call, vacancy(KEEN, true), &act, &children);
		if (got != parts[i].no ||
		    (got == REQUESTS_OK && children != parts[i].children))
			fail_msg("row %zu: %d for %x", i, (int)got, (unsigned)children);
	}
}

/* One home may be offered for all of them and for each part: one of them is chosen. */
static void
one_vacancy_may_be_offered_for_different_children(void **state)
{
	Requests__Request *r = sample_group(STATE(CIRCULATED));
	Requests__VacancyRow *own = vacancy(CHOSEN, true);
	Requests__Offer *call = offer(95000, TODAY);

	(void)state;
	r->offers[0]->vacancy_id = own->vacancy_id; /* for AB */
	assert_int_equal(offered(r, CHOSEN, call, own), REQUESTS_OK);
	sample_letters(&call->child_refs, &call->n_child_refs, "BA");
	assert_int_equal(offered(r, CHOSEN, call, own), REQUESTS_OFFER_STANDS);
	sample_letters(&call->child_refs, &call->n_child_refs, "C");
	assert_int_equal(offered(r, CHOSEN, call, own), REQUESTS_OK);
}

/* Its yes is given while others' are awaited: it stands. */
static void
one_that_said_yes_keeps_its_word(void **state)
{
	Requests__Request *r = sample_group(STATE(HELD));
	Requests__Decline call = REQUESTS__DECLINE__INIT;
	Requests__Journey *lost;

	(void)state;
	SET(&call, reason, REQUESTS__DECLINE_REASON__DECLINE_REASON_CARER_DECLINED);
	SET(r->journeys[0], agreed_time, SAMPLE_NOW);
	assert_int_equal(requests_check_decline(r, &call, CHOSEN, &lost),
	    REQUESTS_ALREADY_CONFIRMED);
	assert_int_equal(
	    requests_check_decline(r, &call, OFFERING, &lost), REQUESTS_OK);
	assert_ptr_equal(lost, r->journeys[1]);
}

/* ---- opening levels ---- */

static const struct {
	Requests__State in;
	const char *provider_id;
	Requests__Disclosure level;
	enum requests_refusal no;
} opens[] = {
    {STATE(CIRCULATED), OFFERING, L2, REQUESTS_OK},
    {STATE(CIRCULATED), KEEN, L2, REQUESTS_OK},
    {STATE(CIRCULATED), SILENT, L2, REQUESTS_LEVEL_NO_INTEREST},
    {STATE(CIRCULATED), DECLINING, L2, REQUESTS_LEVEL_NO_INTEREST},
    {STATE(CIRCULATED), STRANGER, L2, REQUESTS_PROVIDER_NOT_ASKED},
    {STATE(CIRCULATED), KEEN, L1, REQUESTS_LEVEL},
    {STATE(CIRCULATED), CHOSEN, L3, REQUESTS_LEVEL_NOT_CHOSEN},
    {STATE(DECIDED), CHOSEN, L3, REQUESTS_LEVEL_NOT_CHOSEN},
    {STATE(HELD), CHOSEN, L3, REQUESTS_OK},
    {STATE(HELD), OFFERING, L3, REQUESTS_LEVEL_NOT_CHOSEN},
    {STATE(CONFIRMED), CHOSEN, L3, REQUESTS_OK},
    {STATE(STARTED), CHOSEN, L3, REQUESTS_OK},
    {STATE(STARTED), CHOSEN, L2, REQUESTS_OK},
    {STATE(STARTED), OFFERING, L2, REQUESTS_LEVEL_NO_INTEREST},
    {STATE(SUBMITTED), CHOSEN, L2, REQUESTS_NOT_CIRCULATED},
    {STATE(ENDED), CHOSEN, L3, REQUESTS_ENDED},
    {STATE(WITHDRAWN), CHOSEN, L3, REQUESTS_WITHDRAWN},
};

static void
levels_are_opened_in_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(opens); i++) {
		Requests__Open call = REQUESTS__OPEN__INIT;
		enum requests_refusal got;
		bool already;

		call.provider_id = text(opens[i].provider_id);
		SET(&call, level, opens[i].level);
		got = requests_check_open(planned(opens[i].in), &call, &already);
		if (got != opens[i].no || already)
			fail_msg("row %zu: %d", i, (int)got);
	}
}

static void
opening_twice_is_once(void **state)
{
	Requests__Request *r = planned(STATE(CIRCULATED));
	Requests__Open call = REQUESTS__OPEN__INIT;
	bool already;

	(void)state;
	call.provider_id = text(KEEN);
	SET(&call, level, L2);
	SET(r->bids[2], level, L2);
	assert_int_equal(requests_check_open(r, &call, &already), REQUESTS_OK);
	assert_true(already);
}

/* Who they are is opened of those it has a place for; of one more, once more. */
static void
a_further_child_is_opened_anew(void **state)
{
	Requests__Request *r = sample_group(STATE(HELD));
	Requests__Bid *bid = r->bids[0];
	Requests__Open call = REQUESTS__OPEN__INIT;
	bool already;

	(void)state;
	call.provider_id = text(CHOSEN);
	SET(&call, level, L3);
	SET(bid, level, L3);
	sample_letters(&bid->identity_child_refs, &bid->n_identity_child_refs, "AB");
	assert_int_equal(requests_check_open(r, &call, &already), REQUESTS_OK);
	assert_true(already);
	r->offers[1]->provider_id = text(CHOSEN);
	assert_int_equal(requests_check_open(r, &call, &already), REQUESTS_OK);
	assert_false(already);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(circulation_is_checked),
	    cmocka_unit_test(a_request_goes_to_so_many_and_no_more),
	    cmocka_unit_test(vacancies_are_grouped_by_provider),
	    cmocka_unit_test(the_time_given_first_stands),
	    cmocka_unit_test(offers_are_checked),
	    cmocka_unit_test(one_offer_of_a_vacancy_stands),
	    cmocka_unit_test(a_decline_may_be_taken_back_by_an_offer),
	    cmocka_unit_test(declines_are_checked),
	    cmocka_unit_test(the_chosen_may_decline_until_its_yes),
	    cmocka_unit_test(kinds_are_for_those_who_wait),
	    cmocka_unit_test(a_yes_to_one_home_leaves_the_other_free),
	    cmocka_unit_test(an_offer_is_for_all_or_for_a_part),
	    cmocka_unit_test(one_vacancy_may_be_offered_for_different_children),
	    cmocka_unit_test(one_that_said_yes_keeps_its_word),
	    cmocka_unit_test(levels_are_opened_in_order),
	    cmocka_unit_test(opening_twice_is_once),
	    cmocka_unit_test(a_further_child_is_opened_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
