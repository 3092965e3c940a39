/* A provider's pages, as the JSON that they are: what waits first, what is long
 * unconfirmed, what a tap shall be, and nothing of anybody else. */
#include "unit/gateway_page.h"

#include "gateway/site.h"

#include "foster.pb-c.h"
#include "requests.pb-c.h"
#include "residential.pb-c.h"

#define NOW_MS INT64_C(1795269900000) /* 2026-11-21T14:05:00Z */
#define TODAY 20778
#define MINUTE_MS INT64_C(60000)
#define DAY_MS INT64_C(86400000)
#define STATE(name) REQUESTS__STATE__STATE_##name
#define ID "01jd5r0000aaaaaaaaaaaaaaa"

static struct site site;
static struct gateway_request request;
static Members__Councils councils;
static Members__Providers providers;

/* What the services answer; NULL: that one is down. */
static Requests__Requests *needs;
static Requests__RequestShown *need;
static Foster__Households *households;
static Residential__Homes *homes;

static void *new (const ProtobufCMessageDescriptor *type)
{
	void *m = message_new(&page.memory, type);

	assert_non_null(m);
	return m;
}
#define NEW(name) new (&name##__descriptor)

static char *
text(const char *words)
{
	return str_copy(&page.memory, words);
}

static const ProtobufCMessage *
answer(const char *service, const char *call)
{
	if (str_starts(call, "requests.RequestsAsked"))
		return needs == NULL ? NULL : &needs->base;
	if (str_starts(call, "requests.RequestAsked"))
		return need == NULL ? NULL : &need->base;
	if (str_equal(service, "foster"))
		return households == NULL ? NULL : &households->base;
	assert_true(str_starts(call, "residential.HomesAsked"));
	return homes == NULL ? NULL : &homes->base;
}

static void
make(page_view *view, const char *path)
{
	page.path = path;
	page_make(view, answer);
}

/* ---- what there is ---- */

static Requests__RequestLine *
add_line(Requests__Urgency urgency, int64_t minutes_to_answer)
{
	Requests__RequestLine *line = NEW(requests__request_line);
	Requests__ChildLine *child = NEW(requests__child_line);

	line->request_id = str_format(&page.memory, "%s%zu", ID, needs->n_requests);
	line->child_lines = LIST_NEW(&page.memory, 1, Requests__ChildLine *);
	line->child_lines[line->n_child_lines++] = child;
	SET(child, sex, COMMON__SEX__SEX_FEMALE);
	SET(child, age_years, 8);
	SET(child, age_day, TODAY - 366);
	SET(line, state, STATE(CIRCULATED));
	SET(line, urgency, urgency);
	SET(line, answer_by_time, NOW_MS + minutes_to_answer * MINUTE_MS);
	needs->requests[needs->n_requests++] = line;
	return line;
}

#define EMERGENCY REQUESTS__URGENCY__URGENCY_EMERGENCY
#define PLANNED REQUESTS__URGENCY__URGENCY_PLANNED

static Foster__HouseholdStanding *
add_household(const char *name, uint32_t free, int64_t confirmed_days_ago)
{
	Foster__Household *row = NEW(foster__household);
	Foster__HouseholdStanding *now = NEW(foster__household_standing);
	size_t n = households->n_households++;

	row->household_id = str_format(&page.memory, "01jd5r0000hhhhhhhhhhhhhhh%zu", n);
	row->carer_name = text(name);
	row->approval = NEW(foster__approval);
	SET(row->approval, age_max_years, 17);
	SET(row->approval, takes_girls, true);
	SET(row->approval, takes_boys, true);
	now->household_id = row->household_id;
	now->places = NEW(foster__places);
	SET(now->places, approved, 3);
	SET(now->places, free, free);
	SET(now->places, free_for_siblings, free);
	if (confirmed_days_ago >= 0) {
		now->vacancy = NEW(foster__vacancy);
		now->vacancy->vacancy_id =
		    str_format(&page.memory, "01jd5r0000vvvvvvvvvvvvvvv%zu", n);
		SET(now->vacancy, is_open, true);
		SET(now->vacancy, confirmed_time, NOW_MS - confirmed_days_ago * DAY_MS);
	}
	households->households[n] = row;
	households->standings[households->n_standings++] = now;
	return now;
}

static int
begin(void **state)
{
	static const uint8_t key[32] = {7};

	(void)state;
	if (begin_page("/", NOW_MS) != 0)
		return -1;
	secrets_open(&site.secrets, key);
	members__councils__init(&councils);
	members__providers__init(&providers);
	directory = (struct directory){.councils = &councils, .providers = &providers};
	page.site = &site;
	page.request = &request;
	page.who = &page.session;
	page.params[0].name = "id";
	page.params[0].value = ID "0";
	page.params_n = 1;
	needs = NEW(requests__requests);
	needs->requests = LIST_NEW(&page.memory, 20, Requests__RequestLine *);
	households = NEW(foster__households);
	households->households = LIST_NEW(&page.memory, 20, Foster__Household *);
	households->standings = LIST_NEW(&page.memory, 20, Foster__HouseholdStanding *);
	homes = NEW(residential__homes);
	need = NULL;
	return 0;
}

static int
end(void **state)
{
	secrets_close(&site.secrets);
	return end_page(state);
}

/* ---- today ---- */

static void
the_most_pressing_comes_first(void **state)
{
	Requests__RequestLine *line;

	(void)state;
	add_line(PLANNED, 10);
	add_line(EMERGENCY, 60);
	add_line(EMERGENCY, 30);
	line = add_line(PLANNED, 5);
	SET(line, is_interested, true);
	line = add_line(EMERGENCY, 5);
	SET(line, declined, REQUESTS__DECLINE_REASON__DECLINE_REASON_DISTANCE);
	line = add_line(PLANNED, 5);
	SET(line, offers_standing, 1);
	line = add_line(PLANNED, 5);
	SET(line, state, STATE(HELD));
	SET(line, step_due_time, NOW_MS + 90 * MINUTE_MS);
	line = add_line(PLANNED, 5);
	SET(line, state, STATE(CONFIRMED));
	line = add_line(PLANNED, 5);
	SET(line, outcome, REQUESTS__OUTCOME__OUTCOME_NOT_CHOSEN);
	make(page_today_view, "/today");
	assert_string_equal(
	    words_at("finding"), "1 place to say yes to and 3 needs to answer");
	assert_int_equal(json_array_size(at("sections")), 4);
	assert_string_equal(words_at("sections.0.cards.0.href"), "/referrals/" ID "6");
	assert_string_equal(
	    words_at("sections.0.cards.0.due"), "Say yes by today 15:35 (1 hour left)");
	assert_string_equal(words_at("sections.1.cards.0.href"), "/referrals/" ID "2");
	assert_string_equal(words_at("sections.1.cards.1.href"), "/referrals/" ID "1");
	assert_string_equal(words_at("sections.1.cards.2.href"), "/referrals/" ID "0");
	assert_string_equal(words_at("sections.1.cards.0.who"), "Girl, 9");
	assert_string_equal(words_at("sections.1.cards.0.due"),
	    "Answer by today 14:35 (30 minutes left)");
	assert_string_equal(words_at("sections.2.cards.0.href"), "/referrals/" ID "3");
	assert_string_equal(words_at("sections.3.cards.0.href"), "/referrals/" ID "5");
}

static void
nothing_waits_and_that_is_said(void **state)
{
	(void)state;
	make(page_today_view, "/today");
	assert_true(json_is_true(at("is_empty")));
	assert_string_equal(words_at("say.today_needs"), "Nothing waits");
	assert_string_equal(
	    words_at("open_sentence"), "None of your places is open to referral.");
}

/* Half a page is better than none: each owner may be down by itself. */
static void
what_does_not_answer_is_said(void **state)
{
	(void)state;
	add_line(PLANNED, 10);
	households = NULL;
	homes = NULL;
	make(page_today_view, "/today");
	assert_int_equal(page.end, PAGE_MADE);
	assert_true(json_is_true(at("is_ours_down")));
	assert_int_equal(json_array_size(at("sections")), 1);
	assert_int_equal(begin(NULL), 0);
	needs = NULL;
	add_household("Ann", 1, 0);
	make(page_today_view, "/today");
	assert_int_equal(page.end, PAGE_MADE);
	assert_true(json_is_true(at("is_down")));
	assert_string_equal(
	    words_at("open_sentence"), "1 vacancy is open to referral.");
}

/* ---- vacancies ---- */

static void
after_a_week_a_vacancy_is_to_be_confirmed(void **state)
{
	(void)state;
	add_household("Cora", 2, 8);
	add_household("Ann", 1, 6);
	add_household("Bea", 1, -1);
	make(page_today_view, "/today");
	assert_string_equal(words_at("stale_sentence"), "1 vacancy to confirm");
	assert_string_equal(words_at("stale.0.name"), "Cora");
	assert_string_equal(words_at("stale.0.open"), "2");

	page.asked_n = 0;
	make(page_vacancies_view, "/vacancies");
	assert_string_equal(
	    words_at("finding"), "2 vacancies open. 1 needs to be confirmed.");
	assert_string_equal(words_at("places.0.name"), "Ann"); /* by name */
	assert_string_equal(words_at("places.2.name"), "Cora");
	assert_false(json_is_true(at("places.0.vacancies.0.is_stale")));
	assert_true(json_is_true(at("places.2.vacancies.0.is_stale")));
	assert_true(json_is_true(at("places.1.vacancies.0.can_open")));
}

/* What each button asks for: never more than are free, and never none. */
static void
a_stepper_stays_within_what_is_free(void **state)
{
	Foster__HouseholdStanding *some, *full, *family;

	(void)state;
	some = add_household("Ann", 3, 0);
	SET(some->vacancy, open_places, 2);
	full = add_household("Bea", 0, 0);
	SET(full->vacancy, open_places, 2);
	family = add_household("Cora", 0, -1);
	family->cannot_open = text("For named children.");
	add_household("Dora", 1, 0);
	make(page_vacancies_view, "/vacancies");
	assert_int_equal(json_integer_value(at("places.0.vacancies.0.open")), 2);
	assert_int_equal(json_integer_value(at("places.0.vacancies.0.less")), 1);
	assert_int_equal(json_integer_value(at("places.0.vacancies.0.more")), 3);
	assert_true(json_is_true(at("places.1.vacancies.0.is_full")));
	assert_int_equal(json_integer_value(at("places.1.vacancies.0.open")), 0);
	assert_null(at("places.1.vacancies.0.more"));
	assert_string_equal(words_at("places.2.cannot_open"), "For named children.");
	assert_null(at("places.2.vacancies.0.can_open"));
	assert_null(at("places.3.vacancies.0.less"));
	assert_null(at("places.3.vacancies.0.more"));
}

static void
the_list_is_cut_in_pages_and_found_by_name(void **state)
{
	(void)state;
	for (int i = 0; i < 14; i++)
		add_household(str_format(&page.memory, "Carer %c", 'A' + i), 1, 0);
	make(page_vacancies_view, "/vacancies");
	assert_string_equal(words_at("show"), "open"); /* of many, those open */
	assert_int_equal(json_array_size(at("places")), 12);
	assert_string_equal(words_at("pagination.next.label"), "13 to 14 of 14");
	says("show", "open");
	says("page", "2");
	make(page_vacancies_view, "/vacancies");
	assert_int_equal(json_array_size(at("places")), 2);
	assert_string_equal(words_at("places.0.name"), "Carer M");
	form.n = 0;
	says("name", "r k");
	make(page_vacancies_view, "/vacancies");
	assert_int_equal(json_array_size(at("places")), 1);
	assert_string_equal(words_at("places.0.name"), "Carer K");
}

/* ---- a need ---- */

static Requests__Referral *
referral(void)
{
	Requests__Referral *r = NEW(requests__referral);
	Requests__ChildNeed *child = NEW(requests__child_need);

	r->circulation = NEW(requests__need_circulation);
	r->circulation->request_id = text(ID "0");
	r->circulation->children = LIST_NEW(&page.memory, 1, Requests__ChildNeed *);
	r->circulation->children[r->circulation->n_children++] = child;
	SET(child, age_years, 8);
	SET(child, age_day, TODAY);
	SET(child, sex, COMMON__SEX__SEX_MALE);
	r->bid = NEW(requests__bid);
	r->bid->vacancy_ids = LIST_NEW(&page.memory, 1, char *);
	r->bid->vacancy_ids[r->bid->n_vacancy_ids++] =
	    text("01jd5r0000vvvvvvvvvvvvvvv0");
	SET(r->bid, level, REQUESTS__DISCLOSURE__DISCLOSURE_L1);
	SET(r, state, STATE(CIRCULATED));
	SET(r, answer_by_time, NOW_MS + 25 * MINUTE_MS);
	need = NEW(requests__request_shown);
	need->referral = r;
	return r;
}

static void
a_need_in_eight_lines_and_why_it_came_here(void **state)
{
	(void)state;
	add_household("Ann", 2, 0);
	referral();
	make(page_referral_view, "/referrals/" ID "0");
	assert_string_equal(words_at("heading"), "Boy, 8");
	assert_int_equal(json_array_size(at("lines")), 8);
	assert_string_equal(words_at("why.0.name"), "Ann");
	assert_string_equal(
	    words_at("why.0.facts"), "2 places open, how far is not known");
	assert_string_equal(
	    words_at("state.0"), "Answer by today 14:30 (25 minutes left).");
	assert_true(json_is_true(at("can_offer")));
	assert_true(json_is_true(at("can_ask")));
	assert_int_equal(json_array_size(at("reasons")), 6);
	assert_int_equal(
	    json_array_size(at("reasons")) + json_array_size(at("more_reasons")),
	    requests__decline_reason__descriptor.n_values - 1);
	assert_null(at("detail"));
	assert_null(at("yes"));
}

static void
what_can_be_said_is_what_is_offered_to_say(void **state)
{
	Requests__Referral *r;
	Requests__Journey *journey;

	(void)state;
	r = referral();
	SET(r->bid, declined, REQUESTS__DECLINE_REASON__DECLINE_REASON_DISTANCE);
	make(page_referral_view, "/referrals/" ID "0");
	assert_string_equal(words_at("state.0"),
	    "You said no: too far away. If that has changed, you can still offer.");
	assert_null(at("reasons"));
	assert_true(json_is_true(at("can_offer")));

	page.asked_n = 0;
	r = referral();
	r->journeys = LIST_NEW(&page.memory, 1, Requests__Journey *);
	journey = r->journeys[r->n_journeys++] = NEW(requests__journey);
	journey->offer_id = text(ID "9");
	SET(journey, state, STATE(HELD));
	SET(journey, hold_expires_time, NOW_MS + 60 * MINUTE_MS);
	SET(r, state, STATE(HELD));
	make(page_referral_view, "/referrals/" ID "0");
	assert_string_equal(words_at("yes.offer_id"), ID "9");
	assert_null(at("can_offer"));
	assert_non_null(at("reasons"));

	page.asked_n = 0;
	SET(journey, agreed_time, NOW_MS);
	make(page_referral_view, "/referrals/" ID "0");
	assert_null(at("yes"));
	assert_null(at("reasons"));

	page.asked_n = 0;
	r = referral();
	SET(r, state, STATE(WITHDRAWN));
	make(page_referral_view, "/referrals/" ID "0");
	assert_string_equal(words_at("state.0"), "The council withdrew this need.");
	assert_null(at("can_offer"));
	assert_null(at("reasons"));
}

static void
no_referral_no_page(void **state)
{
	(void)state;
	need = NEW(requests__request_shown); /* a council's own view */
	need->request = NEW(requests__request);
	make(page_referral_view, "/referrals/" ID "0");
	assert_int_equal(page.end, PAGE_MISSING);
	page.asked_n = 0;
	make(page_offer_view, "/referrals/" ID "0/offer");
	assert_int_equal(page.end, PAGE_MISSING);
}

static void
an_offer_is_filled_in_from_the_household(void **state)
{
	(void)state;
	add_household("Ann", 2, 0);
	add_household("Bea", 1, 0);
	SET(households->households[0], fee_pence_week, 51250);
	referral();
	make(page_offer_view, "/referrals/" ID "0/offer");
	assert_int_equal(json_array_size(at("place.options")), 1);
	assert_string_equal(words_at("fee.value"), "512.50");
	assert_string_equal(words_at("start.day"), "21");
	assert_null(at("children")); /* nobody may live apart */
	assert_string_equal(words_at("fit.sentence"), "4 of 4 met");
	says("show", "all");
	make(page_offer_view, "/referrals/" ID "0/offer");
	assert_int_equal(json_array_size(at("place.options")), 2);
}

/* ---- our offers ---- */

static void
what_came_of_each_and_how_soon_we_answered(void **state)
{
	Requests__RequestLine *line;

	(void)state;
	line = add_line(PLANNED, 10);
	SET(line, circulated_time, NOW_MS - 2 * DAY_MS);
	SET(line, answered_time, NOW_MS - 2 * DAY_MS + 45 * MINUTE_MS);
	SET(line, offers, 1);
	SET(line, fee_pence_week, 51000);
	SET(line, outcome, REQUESTS__OUTCOME__OUTCOME_NOT_CHOSEN);
	SET(line, state, STATE(ENDED));
	line = add_line(PLANNED, 10);
	SET(line, declined, REQUESTS__DECLINE_REASON__DECLINE_REASON_STAFFING_GAP);
	add_line(EMERGENCY, 10);
	make(page_offers_view, "/offers");
	assert_int_equal(json_array_size(at("lines")), 3);
	assert_string_equal(words_at("lines.0.reason"), "Waits for your answer");
	assert_string_equal(words_at("lines.1.tag.text"), "You said no");
	assert_string_equal(words_at("lines.1.reason"), "Not enough staff");
	assert_string_equal(words_at("lines.2.tag.text"), "Not chosen");
	assert_string_equal(
	    words_at("lines.2.reason"), "The council chose another home.");
	assert_string_equal(words_at("lines.2.took"), "45 minutes");
	assert_string_equal(
	    words_at("lines.2.offer"), "One of our places, £510 a week");
	assert_string_equal(words_at("figures.2.number"), "0 of 1");
	assert_string_equal(words_at("figures.3.number"), "45 minutes");
	says("show", "no");
	make(page_offers_view, "/offers");
	assert_int_equal(json_array_size(at("lines")), 1);
}

int
main(void)
{
#define PAGE(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
	    PAGE(the_most_pressing_comes_first),
	    PAGE(nothing_waits_and_that_is_said),
	    PAGE(what_does_not_answer_is_said),
	    PAGE(after_a_week_a_vacancy_is_to_be_confirmed),
	    PAGE(a_stepper_stays_within_what_is_free),
	    PAGE(the_list_is_cut_in_pages_and_found_by_name),
	    PAGE(a_need_in_eight_lines_and_why_it_came_here),
	    PAGE(what_can_be_said_is_what_is_offered_to_say),
	    PAGE(no_referral_no_page),
	    PAGE(an_offer_is_filled_in_from_the_household),
	    PAGE(what_came_of_each_and_how_soon_we_answered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
