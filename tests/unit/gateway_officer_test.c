/* The officer's pages, as the JSON that they are: what is asked of whom, for whom, and
 * what is said of the answers. */
#include "unit/gateway_page.h"

#include "gateway/routes.h"

#include "members.pb-c.h"
#include "observatory.pb-c.h"
#include "requests.pb-c.h"

#define NOW_MS INT64_C(1795269900000) /* 2026-11-21T14:05:00Z */
#define FIRST "01jd5r0000aaaaaaaaaaaa7k2m"
#define OTHER "01jd5r0000aaaaaaaaaaaa4c9f"
#define AGENCY "01jd5r0000bbbbbbbbbbbbbbbb"

/* What was asked, in order, and what is answered. */
static const char *asked[8];
static size_t asked_n;
static bool is_down;
static const char *operations_json, *request_json;

static const char all_json[] =
    "{\"definitions_version\":2,\"as_at_time\":\"2026-11-21T14:05:00.000Z\","
    "\"from_day\":\"2025-11-21\",\"until_day\":\"2026-11-21\",\"stale_days\":14,"
    "\"sources\":[{\"service\":\"foster\",\"number\":7,"
    "\"fresh_time\":\"2026-11-21T14:04:00.000Z\"}],\"lines\":["
    "{\"breakdown\":\"all\",\"figures\":[{\"metric\":\"searching\",\"count\":12}]},"
    "{\"breakdown\":\"council\",\"council_id\":\"E08000003\",\"figures\":["
    "{\"metric\":\"searching\",\"count\":9},{\"metric\":\"approved\",\"count\":50},"
    "{\"metric\":\"free\",\"count\":10}]},"
    "{\"breakdown\":\"council\",\"council_id\":\"E08000002\",\"figures\":["
    "{\"metric\":\"searching\",\"is_hidden\":true},"
    "{\"metric\":\"approved\",\"count\":50},{\"metric\":\"free\",\"count\":5}]},"
    "{\"breakdown\":\"care_type\",\"care_type\":\"foster\",\"figures\":["
    "{\"metric\":\"searching\",\"count\":12}]},"
    "{\"breakdown\":\"age_band\",\"age_band\":\"5_to_9\",\"figures\":["
    "{\"metric\":\"searching\",\"count\":12}]}]";

static const ProtobufCMessage *
answer(const char *service, const char *call)
{
	asked[asked_n++] = call;
	if (is_down)
		return NULL;
	if (str_equal(service, "requests"))
		return message(&requests__request_shown__descriptor, request_json);
	if (str_starts(call, "observatory.OperationsAsked"))
		return message(&observatory__operations__descriptor, operations_json);
	if (str_starts(call, "observatory.DefinitionsAsked"))
		return message(&observatory__definitions__descriptor,
		    "{\"version\":2,\"from_day\":\"2026-11-22\",\"definitions\":["
		    "{\"metric\":\"free\",\"unit\":\"places\",\"words\":\"Free.\","
		    "\"source\":\"Ours\"}]}");
	return message(&observatory__sufficiency__descriptor,
	    str_format(page.arena, "%s%s}", all_json,
		strstr(call, "council_id") != NULL || strstr(call, "print") == NULL
		    ? ""
		    : ",\"is_suppressed\":true"));
}

static int
begin(void **state)
{
	(void)state;
	asked_n = 0;
	is_down = false;
	if (begin_page("/sufficiency", NOW_MS) != 0)
		return -1;
	directory = (struct directory){.is_known = true,
	    .councils = message(&members__councils__descriptor,
		"{\"councils\":[{\"council_id\":\"E08000002\",\"name\":\"Bury\","
		"\"memberships\":[{\"from_day\":\"2025-01-01\"}]},"
		"{\"council_id\":\"E08000003\",\"name\":\"Manchester\","
		"\"memberships\":[{\"from_day\":\"2025-01-01\"}]},"
		"{\"council_id\":\"E08000035\",\"name\":\"Leeds\"}]}"),
	    .providers = message(&members__providers__descriptor,
		"{\"providers\":[{\"provider_id\":\"" AGENCY
		"\",\"name\":\"Alder\"}]}")};
	look_as(ROLE_OFFICER, "co-operative");
	return 0;
}

/* ---- sufficiency ---- */

#define ASKED "observatory.SufficiencyAsked "
#define PRINTED ASKED "{\"for_print\":true}"

/* Whose figures are asked for, as exactly as they may be told. */
static void
what_is_asked_is_what_may_be_told(void **state)
{
	static const struct {
		uint32_t roles;
		const char *council_id, *care_type, *edition;
		const char *first, *second; /* NULL: one question is enough */
	} cases[] = {
	    {ROLE_OFFICER, NULL, NULL, NULL, ASKED "{}", NULL},
	    {ROLE_OFFICER, "all", "foster", NULL, ASKED "{\"care_type\":\"foster\"}",
		NULL},
	    {ROLE_OFFICER, "E08000003", "foster", NULL,
		ASKED "{\"care_type\":\"foster\"}",
		ASKED "{\"council_id\":\"E08000003\",\"care_type\":\"foster\"}"},
	    {ROLE_OFFICER, NULL, "<script>", NULL, ASKED "{}", NULL},
	    {ROLE_OFFICER, "E08000003", "foster", "published", PRINTED, NULL},
	    /* A council's own, however narrowed; of all nothing is narrowed. */
	    {ROLE_COMMISSIONER, NULL, NULL, NULL, ASKED "{}",
		ASKED "{\"council_id\":\"E08000003\"}"},
	    {ROLE_COMMISSIONER, NULL, "foster", NULL, ASKED "{}",
		ASKED "{\"council_id\":\"E08000003\",\"care_type\":\"foster\"}"},
	    {ROLE_DIRECTOR, "all", "foster", NULL, ASKED "{}", NULL},
	    {ROLE_COMMISSIONER, "E08000003", "foster", "published", PRINTED, NULL},
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(end_page(state), 0);
		assert_int_equal(begin(state), 0);
		look_as(cases[i].roles, "E08000003");
		if (cases[i].council_id != NULL)
			says("council_id", cases[i].council_id);
		if (cases[i].care_type != NULL)
			says("care_type", cases[i].care_type);
		if (cases[i].edition != NULL)
			says("edition", cases[i].edition);
		page_make(page_sufficiency_view, answer);
		assert_int_equal(page.end, PAGE_MADE);
		assert_string_equal(asked[0], cases[i].first);
		if (cases[i].second != NULL)
			assert_string_equal(asked[1], cases[i].second);
		assert_int_equal(asked_n, cases[i].second != NULL ? 3 : 2);
	}
}

static void
an_officer_sees_the_region(void **state)
{
	(void)state;
	says("sort", "-waiting");
	says("map", "waiting");
	page_make(page_sufficiency_view, answer);
	assert_string_equal(words_at("scope"), "All councils");
	assert_string_equal(words_at("page.title"),
	    "Sufficiency overview: All councils, as at 21 November 2026");
	assert_string_equal(words_at("headline.0.number"), "12");
	assert_string_equal(words_at("map.title"), "Children waiting for a home");
	assert_string_equal(words_at("say.sufficiency_figures"),
	    "12 children waiting, \u2013 places free");
	assert_string_equal(words_at("by_council.rows.0.cells.0.text"), "Manchester");
	assert_string_equal(
	    words_at("by_council.head.2.href"), "/sufficiency?map=waiting&sort=late");
	assert_string_equal(words_at("by_type.rows.0.cells.0.text"), "Foster care");
	assert_string_equal(words_at("csv"), "/sufficiency.csv?map=waiting&");
	assert_string_equal(words_at("council_filter.options.1.label"), "Bury");
	assert_string_equal(words_at("council_filter.options.3.label"), "");
	assert_string_equal(words_at("sources.0.when"), "up to today 14:04");
	assert_true(json_is_true(at("is_exact")));
	assert_false(json_is_true(at("is_wider")));
	assert_string_equal(words_at("shown_definitions.definitions.0.words"), "Free.");
}

static void
a_council_begins_with_its_own(void **state)
{
	(void)state;
	look_as(ROLE_COMMISSIONER, "E08000003");
	says("age_band", "5_to_9");
	page_make(page_sufficiency_view, answer);
	assert_string_equal(words_at("scope"), "Manchester, aged 5 to 9");
	assert_true(json_is_true(at("is_wider")));
	assert_null(at("by_age"));
	assert_string_equal(words_at("council_filter.options.1.label"), "Manchester");
	assert_null(at("council_filter.options.2"));
	assert_non_null(at("type_filter"));
	assert_string_equal(words_at("csv"),
	    "/sufficiency.csv?council_id=E08000003&age_band=5_to_9&map=free&");
	/* Of all there is nothing to narrow. */
	assert_int_equal(end_page(state), 0);
	assert_int_equal(begin(state), 0);
	look_as(ROLE_COMMISSIONER, "E08000003");
	says("council_id", "all");
	says("age_band", "5_to_9");
	page_make(page_sufficiency_view, answer);
	assert_null(at("type_filter"));
	assert_non_null(at("by_age"));
	assert_string_equal(
	    words_at("csv"), "/sufficiency.csv?council_id=all&map=free&");
}

static void
what_is_published_has_no_filters(void **state)
{
	(void)state;
	says("edition", "published");
	says("sort", "free");
	page_make(page_sufficiency_view, answer);
	assert_true(json_is_true(at("is_published")));
	assert_true(json_is_true(at("has_hidden")));
	assert_false(json_is_true(at("is_exact")));
	assert_null(at("council_filter"));
	assert_string_equal(words_at("by_council.head.0.href"),
	    "/sufficiency?edition=published&sort=name");
}

static void
a_file_is_named_by_what_it_holds(void **state)
{
	(void)state;
	page_make(page_sufficiency_csv_view, answer);
	assert_int_equal(page.end, PAGE_WRITTEN);
	assert_string_equal(page.text_name, "sufficiency_2026-11-21_all_v2.csv");
	assert_string_equal(page.text_type, "text/csv; charset=utf-8");
	assert_int_equal(end_page(state), 0);
	assert_int_equal(begin(state), 0);
	says("edition", "published");
	page_make(page_sufficiency_csv_view, answer);
	assert_string_equal(
	    page.text_name, "sufficiency_2026-11-21_all_suppressed_v2.csv");
	assert_int_equal(end_page(state), 0);
	assert_int_equal(begin(state), 0);
	look_as(ROLE_COMMISSIONER, "E08000003");
	page_make(page_sufficiency_csv_view, answer);
	assert_string_equal(page.text_name, "sufficiency_2026-11-21_E08000003_v2.csv");
	assert_int_equal(asked_n, 1);
}

static void
definitions_are_a_page_of_their_own(void **state)
{
	(void)state;
	page_make(page_definitions_view, answer);
	assert_string_equal(words_at("from.text"), "22 November 2026");
	assert_string_equal(words_at("every.definitions.0.term"), "Places free");
}

static void
without_the_observatory_there_is_no_page(void **state)
{
	static page_view *const views[] = {page_sufficiency_view,
	    page_sufficiency_csv_view, page_definitions_view, page_operations_view};

	for (size_t i = 0; i < sizeof views / sizeof views[0]; i++) {
		assert_int_equal(end_page(state), 0);
		assert_int_equal(begin(state), 0);
		is_down = true;
		page_make(views[i], answer);
		assert_int_equal(page.end, PAGE_SERVICE_DOWN);
		assert_string_equal(page.down_service, "observatory");
	}
}

/* ---- operations ---- */

static const char night[] =
    "{\"as_at_time\":\"2026-11-21T14:05:00.000Z\",\"open\":3,\"same_day\":1,"
    "\"planned\":2,"
    "\"concerns\":[{\"concern\":\"same_day_no_offer\",\"needs\":1},"
    "{\"concern\":\"decision_waiting\",\"needs\":1}],\"needs\":["
    "{\"request_id\":\"" FIRST "\",\"council_id\":\"E08000003\",\"is_same_day\":true,"
    "\"ages_years\":[7,0],\"children\":3,\"needed_by_day\":\"2026-11-21\","
    "\"submitted_time\":\"2026-11-21T09:30:00.000Z\",\"asked\":7,\"answered\":3,"
    "\"offers_standing\":0,\"chosen\":0,\"concerns\":[\"same_day_no_offer\"]},"
    "{\"request_id\":\"" OTHER "\",\"council_id\":\"E08000002\",\"ages_years\":[12],"
    "\"children\":1,\"needed_by_day\":\"2026-11-25\",\"asked\":1,\"answered\":1,"
    "\"offers_standing\":1,\"chosen\":1,\"step_due_time\":\"2026-11-21T14:50:00.000Z\"}"
    "],"
    "\"unconfirmed\":[{\"provider_id\":\"" AGENCY "\",\"vacancies\":2,"
    "\"oldest_confirmed_time\":\"2026-11-01T09:00:00.000Z\"}],"
    "\"unconfirmed_providers\":1,\"unconfirmed_vacancies\":2,\"vacancies\":40,"
    "\"stale_days\":14}";

static void
the_night_is_told_worst_first(void **state)
{
	(void)state;
	operations_json = night;
	page_make(page_operations_view, answer);
	assert_string_equal(asked[0], "observatory.OperationsAsked {\"limit\":200}");
	assert_string_equal(words_at("open"), "3");
	assert_string_equal(words_at("open_words"), "needs are open");
	assert_string_equal(words_at("concerns.0.label"), "today, no offer");
	assert_string_equal(
	    words_at("concerns.0.href"), "/operations?show=same_day_no_offer");
	assert_string_equal(words_at("worst.href"), "/operations/" FIRST);
	assert_string_equal(words_at("worst.reference"), "RC-7K2M");
	assert_string_equal(words_at("needs.0.council"), "Manchester");
	assert_string_equal(
	    words_at("needs.0.children"), "2 children, aged under 1 and 7");
	assert_string_equal(
	    words_at("needs.0.answers"), "3 of 7 providers answered, no offers stand");
	assert_string_equal(words_at("needs.0.tags.0.colour"), "red");
	assert_true(json_is_true(at("needs.0.is_urgent")));
	assert_string_equal(words_at("needs.0.entered.text"), "today 09:30");
	assert_string_equal(words_at("needs.1.tags.0.text"), "Place held");
	assert_string_equal(words_at("needs.1.chosen"), "1 child has a place held");
	assert_string_equal(words_at("needs.1.due"), "45 minutes left");
	assert_string_equal(words_at("needs.1.needed_by"), "Wednesday 25 November");
	assert_string_equal(words_at("cut"), "2");
	assert_string_equal(words_at("unconfirmed.rows.0.cells.0.text"), "Alder");
	assert_string_equal(words_at("unconfirmed_words"),
	    "2 of 40 vacancies open to referral have not been confirmed for 14 days, "
	    "at 1 provider.");
	assert_string_equal(
	    words_at("say.operations_numbers"), "3 needs open, 1 of them needed today");
}

static void
one_concern_alone_is_shown(void **state)
{
	(void)state;
	operations_json = night;
	says("show", "same_day_no_offer");
	page_make(page_operations_view, answer);
	assert_string_equal(words_at("needs.0.reference"), "RC-7K2M");
	assert_null(at("needs.1"));
	assert_true(json_is_true(at("concerns.0.is_shown")));
	assert_string_equal(words_at("shown"), "today, no offer");
	assert_false(json_is_true(at("concerns.1.is_shown")));
	assert_int_equal(end_page(state), 0);
	assert_int_equal(begin(state), 0);
	says("show", "<nothing>");
	page_make(page_operations_view, answer);
	assert_false(json_is_true(at("has_needs")));
	assert_true(json_is_true(at("is_filtered")));
}

static void
a_quiet_night_says_so(void **state)
{
	(void)state;
	operations_json = "{\"as_at_time\":\"2026-11-21T14:05:00.000Z\",\"open\":0,"
			  "\"stale_days\":14}";
	page_make(page_operations_view, answer);
	assert_false(json_is_true(at("has_needs")));
	assert_false(json_is_true(at("has_unconfirmed")));
	assert_string_equal(
	    words_at("unconfirmed_words"), "No vacancy is open to referral now.");
	assert_null(at("worst"));
	assert_null(at("cut"));
}

static void
one_need_is_told_at_level_one(void **state)
{
	(void)state;
	request_json =
	    "{\"request\":{\"request_id\":\"" FIRST "\",\"state\":\"circulated\","
	    "\"council_id\":\"E08000003\",\"submitted_time\":\"2026-11-21T09:30:00."
	    "000Z\","
	    "\"answer_by_time\":\"2026-11-21T15:05:00.000Z\",\"is_overdue\":true,"
	    "\"circulation\":{\"request_id\":\"" FIRST
	    "\",\"council_id\":\"E08000003\",\"urgency\":\"emergency\","
	    "\"needed_by_day\":\"2026-11-21\",\"home_sector\":\"M14 5\",\"children\":["
	    "{\"child_ref\":\"A\",\"age_years\":9,\"age_day\":\"2026-11-20\","
	    "\"sex\":\"female\"}]},"
	    "\"bids\":[{\"answered_time\":\"2026-11-21T10:30:00.000Z\"},{}],"
	    "\"offers\":[{\"is_lost\":true},{}]}}";
	page.params[0].name = "id";
	page.params[0].value = FIRST;
	page.params_n = 1;
	page_make(page_operation_view, answer);
	assert_string_equal(
	    asked[0], "requests.RequestAsked {\"request_id\":\"" FIRST "\"}");
	assert_string_equal(words_at("reference"), "RC-7K2M");
	assert_string_equal(words_at("children"), "girl, 9");
	assert_string_equal(words_at("state.rows.0.value"), "With providers");
	assert_string_equal(
	    words_at("state.rows.2.value"), "1 of 2 providers answered");
	assert_string_equal(words_at("state.rows.3.value"), "1 offer stands");
	assert_string_equal(
	    words_at("state.rows.4.value"), "Today 15:05 (1 hour left)");
	assert_true(json_is_true(at("is_overdue")));
	assert_true(json_is_true(at("is_same_day")));
	assert_true(json_array_size(at("lines")) >= 5);
	/* What it is to nobody of the co-operative. */
	assert_int_equal(end_page(state), 0);
	assert_int_equal(begin(state), 0);
	request_json = "{\"referral\":{}}";
	page.params[0].name = "id";
	page.params[0].value = FIRST;
	page.params_n = 1;
	page_make(page_operation_view, answer);
	assert_int_equal(page.end, PAGE_MISSING);
}

int
main(void)
{
#define PAGE(name) cmocka_unit_test_setup_teardown(name, begin, end_page)
	const struct CMUnitTest tests[] = {
	    PAGE(what_is_asked_is_what_may_be_told),
	    PAGE(an_officer_sees_the_region),
	    PAGE(a_council_begins_with_its_own),
	    PAGE(what_is_published_has_no_filters),
	    PAGE(a_file_is_named_by_what_it_holds),
	    PAGE(definitions_are_a_page_of_their_own),
	    PAGE(without_the_observatory_there_is_no_page),
	    PAGE(the_night_is_told_worst_first),
	    PAGE(one_concern_alone_is_shown),
	    PAGE(a_quiet_night_says_so),
	    PAGE(one_need_is_told_at_level_one),
	};

	return cmocka_run_group_tests_name("gateway_officer", tests, NULL, NULL);
}
