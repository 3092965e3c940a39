#include "gateway/live.h"

#include "gateway_page.h"

static int
begin(void **state)
{
	(void)state;
	return begin_page("/needs", INT64_C(1764000000000));
}

/* Whoever wants a page that stands still gets the same page. */
static void
a_reader_stops_the_stream_and_begins_it_again(void **state)
{
	(void)state;
	assert_string_equal(live_switch(&page, false), "/needs?live=0");
	assert_string_equal(live_switch(&page, true), "/needs");
	says("show", "mine & ours");
	says("done", "sent");
	assert_string_equal(
	    live_switch(&page, false), "/needs?show=mine%20%26%20ours&live=0");
	says("live", "0");
	says("page", "2");
	assert_string_equal(
	    live_switch(&page, true), "/needs?show=mine%20%26%20ours&page=2");
}

/* What was entered stands in no address. */
static void
what_was_posted_is_not_repeated(void **state)
{
	(void)state;
	page.is_post = true;
	says("reason", "other");
	assert_string_equal(live_switch(&page, false), "/needs?live=0");
	assert_string_equal(live_switch(&page, true), "/needs");
}

int
main(void)
{
#define PAGE(name) cmocka_unit_test_setup_teardown(name, begin, end_page)
	const struct CMUnitTest tests[] = {
	    PAGE(a_reader_stops_the_stream_and_begins_it_again),
	    PAGE(what_was_posted_is_not_repeated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
