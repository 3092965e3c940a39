/* The pages of those whom the door turns away: whole, and with no service behind. */
#include "gateway/turned.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/assets.h"
#include "gateway/template.h"

static struct template_set *templates;
static struct turned turned;

static int
begin(void **state)
{
	char problem[200];

	(void)state;
	return template_open(&templates, gateway_assets, gateway_assets_n, problem,
		   sizeof problem) == ERR_NONE &&
	               turned_open(&turned, templates, "Otter <b>region</b>") ==
	                   ERR_NONE
	           ? 0
	           : -1;
}

static int
end(void **state)
{
	(void)state;
	turned_close(&turned);
	template_close(templates);
	return 0;
}

static bool
says(struct bytes page, const char *words)
{
	return memmem(page.data, page.len, words, strlen(words)) != NULL;
}

static void
each_says_what_happened_and_what_to_do(void **state)
{
	static const struct {
		unsigned status;
		const char *heading, *what_to_do;
	} pages[] = {
	    {400, "<h1 class=\"govuk-heading-l\">This request could not be read</h1>",
		"Go back and try again."},
	    {413, "<h1 class=\"govuk-heading-l\">What was sent is too large</h1>",
		"shorten what you entered, and send it again"},
	    {417, "This request could not be answered</h1>",
		"tell whoever looks after"},
	    {503, "There was no answer in time</h1>", "Look before you send it again"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
		struct bytes page = turned_page(&turned, pages[i].status);

		assert_true(says(page, "<!DOCTYPE html>") && says(page, "</html>"));
		assert_true(says(page, pages[i].heading));
		assert_true(says(page, pages[i].what_to_do));
		assert_true(says(page, "Invented children only."));
		assert_true(says(page, "Otter &lt;b&gt;region&lt;/b&gt;"));
		assert_true(says(page, "href=\"/\""));
		/* Whether somebody is signed in is not known: neither is offered. */
		assert_false(says(page, "/sign-in") || says(page, "/sign-out"));
		/* It is made once. */
		assert_ptr_equal(turned_page(&turned, pages[i].status).data, page.data);
	}
}

static void
other_statuses_have_none(void **state)
{
	static const unsigned none[] = {0, 200, 403, 404, 431, 500};

	(void)state;
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
		assert_null(turned_page(&turned, none[i]).data);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_says_what_happened_and_what_to_do),
	    cmocka_unit_test(other_statuses_have_none),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
