/* The council's pages, as the JSON that they are: whose turn it is, and what is said of
 * offers once one of them is chosen, and once all is over. */
#include "unit/gateway_page.h"

#include "gateway/routes.h"

#include "members.pb-c.h"
#include "requests.pb-c.h"

#define N(list) (sizeof(list) / sizeof((list)[0]))
#define NOW_MS INT64_C(1795269900000) /* 2026-11-21T14:05:00Z */
#define NEED "01jd5r0000aaaaaaaaaaaa7k2m"
#define OFFERED "01jd5r0000cccccccccccccc01"
#define OTHER "01jd5r0000cccccccccccccc02"
#define ALDER "01jd5r0000bbbbbbbbbbbbbbbb"

static const char *line_json, *request_json, *shortlist_json;
static unsigned whys; /* asked of matching */

static const ProtobufCMessage *
answer(const char *service, const char *call)
{
	assert_string_equal(service, "requests");
	if (str_starts(call, "requests.RequestsAsked"))
		return message(&requests__requests__descriptor,
		    str_format(page.arena,
			"{\"requests\":[{\"request_id\":\"" NEED
			"\",\"urgency\":\"planned\",\"asked\":2,"
			"%s%s}]}",
			strstr(line_json, "needed_by_day") != NULL
			    ? ""
			    : "\"needed_by_day\":\"2026-11-24\",",
			line_json));
	if (str_starts(call, "requests.DraftsAsked"))
		return message(&requests__drafts__descriptor, "{}");
	if (str_starts(call, "requests.ShortlistAsked"))
		return message(&matching__shortlist__descriptor, shortlist_json);
	if (str_starts(call, "requests.WhyAsked")) {
		whys++;
		return message(&matching__why__descriptor, "{\"suitable\":true}");
	}
	return message(&requests__request_shown__descriptor, request_json);
}

static int
begin(void **state)
{
	(void)state;
	whys = 0;
	if (begin_page("/needs", NOW_MS) != 0)
		return -1;
	directory = (struct directory){.is_known = true,
	    .councils = message(&members__councils__descriptor,
		"{\"councils\":[{\"council_id\":\"E08000003\","
		"\"name\":\"Manchester\"}]}"),
	    .providers = message(&members__providers__descriptor,
		"{\"providers\":[{\"provider_id\":\"" ALDER
		"\",\"name\":\"Alder\"}]}")};
	page.params[0].name = "id";
	page.params[0].value = NEED;
	page.params_n = 1;
	return 0;
}

/* ---- the board ---- */

#define DUE ",\"step_due_time\":\"2026-11-21T16:05:00.000Z\""
#define OFFICER ",\"approver\":\"nominated_officer\""

/* Only whoever may take a step is asked to; what is due is said of that step alone. */
static void
the_board_says_whose_turn_it_is(void **state)
{
	static const struct {
		uint32_t roles;
		const char *line, *text;
		bool leads;
	} rows[] = {
	    {ROLE_COMMISSIONER, "\"state\":\"submitted\"", "Choose whom to ask", true},
	    {ROLE_DIRECTOR, "\"state\":\"submitted\"", "Waits for the commissioner",
		false},
	    {ROLE_NOMINATED, "\"state\":\"circulated\",\"answered\":2",
		"Waits for the commissioner", false},
	    {ROLE_DIRECTOR, "\"state\":\"circulated\",\"offers_standing\":2",
		"Compare 2 offers", true},
	    {ROLE_COMMISSIONER, "\"state\":\"held\"" OFFICER DUE,
		"The provider has to say yes by today 16:05", false},
	    {ROLE_NOMINATED, "\"state\":\"held\"" OFFICER DUE, "Approve the placement",
		true},
	    {ROLE_NOMINATED, "\"state\":\"confirmed\"" OFFICER DUE,
		"Approve the placement by today 16:05", true},
	    {ROLE_COMMISSIONER, "\"state\":\"confirmed\"" OFFICER DUE,
		"The nominated officer has to approve by today 16:05", false},
	    {ROLE_COMMISSIONER, "\"state\":\"confirmed\"" DUE,
		"Record the start by today 16:05", true},
	    {ROLE_DIRECTOR, "\"state\":\"confirmed\"" DUE, "Waits for the commissioner",
		false},
	};

	for (size_t i = 0; i < N(rows); i++) {
		assert_int_equal(begin(state), 0);
		look_as(rows[i].roles, "E08000003");
		line_json = rows[i].line;
		page_make(page_needs_view, answer);
		if (!str_equal(words_at("lines.0.next.text"), rows[i].text) ||
		    (at("lines.0.next.href") != NULL) != rows[i].leads)
			fail_msg("row %zu: %s", i, words_at("lines.0.next.text"));
		assert_string_equal(
		    words_at("lines.0.by.text"), "By Tuesday 24 November");
		/* Those who approve have entered none of their own. */
		assert_int_equal(json_array_size(at("filters")),
		    rows[i].roles == ROLE_COMMISSIONER ? 3 : 2);
		assert_int_equal(end_page(state), 0);
	}
}

/* What was placed is not waited for. */
static void
a_day_says_what_it_is(void **state)
{
	static const struct {
		const char *stage, *line, *words;
	} rows[] = {
	    {"", "\"state\":\"submitted\"", "By Tuesday 24 November"},
	    {"", "\"state\":\"submitted\",\"needed_by_day\":\"2026-11-22\"",
		"By tomorrow"},
	    {"placed", "\"state\":\"started\"", "Needed Tuesday 24 November"},
	    {"closed", "\"state\":\"ended\"", "Needed Tuesday 24 November"},
	};

	for (size_t i = 0; i < N(rows); i++) {
		assert_int_equal(begin(state), 0);
		look_as(ROLE_COMMISSIONER, "E08000003");
		says("stage", rows[i].stage);
		line_json = rows[i].line;
		page_make(page_needs_view, answer);
		assert_string_equal(words_at("lines.0.by.text"), rows[i].words);
		assert_int_equal(end_page(state), 0);
	}
}

/* ---- offers ---- */

#define OFFER(id, more)                                                                \
	"{\"offer_id\":\"" id "\",\"provider_id\":\"" ALDER "\",\"vacancy_id\":\"" id  \
	"\",\"council_id\":\"E08000003\",\"fee_pence_week\":90000" more "}"
#define REQUEST(state, offers, more)                                                   \
	"{\"request\":{\"request_id\":\"" NEED "\",\"state\":\"" state                 \
	"\",\"council_id\":\"E08000003\",\"circulation\":{\"urgency\":\"planned\","    \
	"\"children\":[{\"child_ref\":\"A\",\"age_years\":9,\"age_day\":"              \
	"\"2026-11-20\",\"sex\":\"female\"}]},\"offers\":[" offers "]" more "}}"
#define TAKEN(state)                                                                   \
	",\"journeys\":[{\"placement_id\":\"" OTHER "\",\"offer_id\":\"" OFFERED       \
	"\",\"state\":\"" state "\",\"start_day\":\"2026-11-20\"}]"
#define BOTH OFFER(OFFERED, "") "," OFFER(OTHER, "")

/* The place of what is chosen is no longer one to be had: nothing of that is held
 * against it. Once all is over nothing is compared. */
static void
what_is_chosen_is_not_compared(void **state)
{
	static const struct {
		const char *request, *title, *finding;
		unsigned whys;
		size_t facts; /* of the first */
		bool is_taken;
	} rows[] = {
	    {REQUEST("circulated", OFFER(OFFERED, ""), ""), "The offer: RC-7K2M",
		"1 offer stands", 1, 9, false},
	    {REQUEST("circulated", BOTH, ""), "Compare offers: RC-7K2M",
		"2 offers stand", 2, 9, false},
	    {REQUEST("held", BOTH, TAKEN("held")), "Compare offers: RC-7K2M",
		"2 offers stand", 1, 9, true},
	    {REQUEST("started", BOTH, TAKEN("started")), "Compare offers: RC-7K2M",
		"2 offers were made", 0, 3, true},
	    {REQUEST("withdrawn", OFFER(OFFERED, ",\"is_lost\":true"), ""),
		"Compare offers: RC-7K2M", "1 offer was made", 0, 0, false},
	};

	for (size_t i = 0; i < N(rows); i++) {
		assert_int_equal(begin(state), 0);
		look_as(ROLE_COMMISSIONER, "E08000003");
		request_json = rows[i].request;
		page_make(page_compare_view, answer);
		assert_string_equal(words_at("page.title"), rows[i].title);
		assert_string_equal(words_at("finding"), rows[i].finding);
		assert_int_equal(whys, rows[i].whys);
		assert_int_equal(json_array_size(at("columns.0.facts")), rows[i].facts);
		assert_int_equal(at("columns.0.taken") != NULL, rows[i].is_taken);
		if (rows[i].is_taken)
			assert_int_equal(json_array_size(at("columns.0.against")), 0);
		assert_int_equal(end_page(state), 0);
	}
}

/* ---- the list of homes ---- */

static void
the_list_counts_in_words(void **state)
{
	static const struct {
		const char *shortlist, *finding;
	} rows[] = {
	    {"{\"vacancies\":9}", "None of 9 vacancies could take this child."},
	    {"{\"vacancies\":9,\"suitable\":1,\"providers\":1,"
	     "\"providers_within_20_miles\":1}",
		"1 of 9 vacancies could take this child: 1 provider within 20 miles of "
		"home."},
	    {"{\"vacancies\":9,\"suitable\":4,\"providers\":3,"
	     "\"providers_within_20_miles\":3}",
		"4 of 9 vacancies could take this child: 3 providers, all of them "
		"within 20 miles of home."},
	    {"{\"vacancies\":9,\"suitable\":4,\"providers\":3}",
		"4 of 9 vacancies could take this child: 3 providers, none of them "
		"within 20 miles of home."},
	    {"{\"vacancies\":9,\"suitable\":4,\"providers\":3,"
	     "\"providers_within_20_miles\":2}",
		"4 of 9 vacancies could take this child: 3 providers, 2 of them within "
		"20 miles of home."},
	};

	for (size_t i = 0; i < N(rows); i++) {
		assert_int_equal(begin(state), 0);
		look_as(ROLE_COMMISSIONER, "E08000003");
		request_json = REQUEST("submitted", "", "");
		shortlist_json = rows[i].shortlist;
		page_make(page_shortlist_view, answer);
		assert_string_equal(words_at("finding"), rows[i].finding);
		assert_int_equal(end_page(state), 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_board_says_whose_turn_it_is),
	    cmocka_unit_test(a_day_says_what_it_is),
	    cmocka_unit_test(what_is_chosen_is_not_compared),
	    cmocka_unit_test(the_list_counts_in_words),
	};

	return cmocka_run_group_tests_name("gateway_council", tests, NULL, NULL);
}
