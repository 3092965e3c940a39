#include "gateway/sessions.h"

#include "gateway/assets.h"
#include "gateway/site.h"
#include "gateway/template.h"

#include "gateway_page.h"

#define NOW_MS INT64_C(1764000000000) /* 2025-11-24T16:00:00Z */
#define MINUTE_MS (INT64_C(60) * 1000)
#define PERSON "01jd5w3f7g00000000000000pn"

static struct site site = {.region = "A region"};
static const struct gateway_request request = {.method = "GET", .path = "/about"};

static int
begin(void **state)
{
	(void)state;
	if (begin_page("/about", NOW_MS) != 0)
		return -1;
	page.site = &site;
	page.request = &request;
	page.view = json_object();
	return 0;
}

/* Somebody whose session is over then: if nothing more is done, and whatever is. */
static void
look(int64_t due_ms, int64_t ends_ms)
{
	look_as(0, "co-operative");
	page.session.due_ms = due_ms;
	page.session.ends_ms = ends_ms;
	site_begin_view(&page);
}

static const char *
layout(void)
{
	struct bytes html = BYTES_NONE;
	char problem[200];

	if (site.templates == NULL)
		assert_int_equal(template_open(&site.templates, gateway_assets,
				     gateway_assets_n, problem, sizeof problem),
		    ERR_NONE);
	assert_true(site_render(&page, "layout", &html));
	return str_format(page.arena, "%.*s", (int)html.len, (const char *)html.data);
}

static void
assert_says(const char *html, const char *words, bool is_said)
{
	if ((strstr(html, words) != NULL) != is_said)
		fail_msg("\"%s\" is %ssaid", words, is_said ? "not " : "");
}

static void
members_says_until_when(void **state)
{
	static const uint8_t digest[SESSION_DIGEST_BYTES] = {7};
	const Members__SessionShown *shown = message(
	    &members__session_shown__descriptor,
	    "{\"person\": {\"person_id\": \"" PERSON
	    "\"}, \"session\": {\"opened_time\": "
	    "\"2025-11-24T15:50:00.000Z\", \"due_time\": \"2025-11-24T16:20:00.000Z\", "
	    "\"expires_time\": \"2025-11-25T03:50:00.000Z\"}}");
	struct session session;

	(void)state;
	assert_true(session_from(shown, digest, NOW_MS, &session));
	assert_int_equal(session.due_ms, NOW_MS + 20 * MINUTE_MS);
	assert_int_equal(session.ends_ms, NOW_MS + 710 * MINUTE_MS);
}

static void
every_page_says_when_its_session_ends(void **state)
{
	const char *html;

	(void)state;
	look(NOW_MS + 30 * MINUTE_MS, NOW_MS + 300 * MINUTE_MS);
	html = layout();
	assert_string_equal(words_at("session.until.text"), "today 16:30");
	assert_says(html, "signed in until at least today 16:30", true);
	assert_says(html, "data-warn=\"1680000\"", true); /* two minutes before */
	assert_says(html, "Stay signed in", true);
	assert_says(html, "12 hours", false);
}

static void
the_end_after_twelve_hours_is_not_put_off(void **state)
{
	const char *html;

	(void)state;
	look(NOW_MS + 10 * MINUTE_MS, NOW_MS + 10 * MINUTE_MS);
	html = layout();
	assert_says(html, "signed in until today 16:10 at the latest", true);
	assert_says(html, "data-warn=\"480000\"", true);
	assert_says(html, "Stay signed in", false);
	assert_says(html, "govuk-inset-text", false);
}

static void
in_its_last_two_minutes_the_page_itself_says_so(void **state)
{
	const char *html;

	(void)state;
	look(NOW_MS + 2 * MINUTE_MS, NOW_MS + 2 * MINUTE_MS);
	html = layout();
	assert_says(
	    html, "govuk-inset-text\">You will be signed out today 16:02", true);
	assert_says(html, "data-warn", false);
}

static void
what_never_ends_says_nothing(void **state)
{
	(void)state;
	look(0, 0); /* a program's */
	assert_null(at("session"));
	assert_says(layout(), "signed in until", false);
	page.who = NULL;
	page.view = (json_decref(page.view), json_object());
	site_begin_view(&page);
	assert_null(at("session"));
}

int
main(void)
{
#define PAGE(name) cmocka_unit_test_setup_teardown(name, begin, end_page)
	const struct CMUnitTest tests[] = {
	    PAGE(members_says_until_when),
	    PAGE(every_page_says_when_its_session_ends),
	    PAGE(the_end_after_twelve_hours_is_not_put_off),
	    PAGE(in_its_last_two_minutes_the_page_itself_says_so),
	    PAGE(what_never_ends_says_nothing),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	template_close(site.templates);
	return failed;
}
