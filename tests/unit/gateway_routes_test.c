/* The table of pages: each row can be served, and each path finds the row it should. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "gateway/assets.h"
#include "gateway/backbone.h"
#include "gateway/routes.h"

static struct page page;

static int
open_page(void **state)
{
	(void)state;
	page.arena = &page.memory;
	return arena_open(&page.memory, (size_t)1024 * 1024) == ERR_NONE ? 0 : 1;
}

static int
close_page(void **state)
{
	(void)state;
	arena_close(&page.memory);
	return 0;
}

static bool
has_template(const char *name, size_t len)
{
	char path[200];

	snprintf(path, sizeof path, "templates/%.*s.mustache", (int)len, name);
	return gateway_asset_find(path) != NULL;
}

static bool
is_in_menu(const char *name)
{
	for (size_t i = 0; i < route_menu_n; i++) {
		if (str_equal(route_menu[i].name, name))
			return true;
	}
	return false;
}

/* What a form of the row needs to be answered. */
static void
check_form(const struct route *r)
{
	const ProtobufCMessageDescriptor *call;

	if (r->act != NULL)
		assert_null(r->service);
	if (r->service == NULL)
		return;
	call = backbone_call(r->service, r->method);
	assert_non_null(call);
	assert_non_null(r->after);
	if (r->subject != NULL) {
		assert_non_null(
		    protobuf_c_message_descriptor_get_field_by_name(call, r->subject));
		assert_non_null(strstr(r->path, "/:id"));
	}
}

static void
every_row_can_be_served(void **state)
{
	(void)state;
	for (size_t i = 0; i < routes_n; i++) {
		const struct route *r = &routes[i];
		const char *part = r->live;

		print_message("%s\n", r->path);
		assert_int_equal(r->path[0], '/');
		assert_true(r->view != NULL || r->act != NULL || r->service != NULL);
		if (r->view != NULL && r->template != NULL)
			assert_true(has_template(r->template, strlen(r->template)));
		if (r->template != NULL)
			assert_non_null(r->title);
		if (r->navigation != NULL)
			assert_true(is_in_menu(r->navigation));
		for (size_t len; part != NULL && *part != '\0'; part += len) {
			part += strspn(part, " ");
			len = strcspn(part, " ");
			assert_true(has_template(part, len));
		}
		check_form(r);
	}
}

static void
no_path_is_there_twice(void **state)
{
	(void)state;
	for (size_t i = 0; i < routes_n; i++) {
		for (size_t k = i + 1; k < routes_n; k++)
			assert_string_not_equal(routes[i].path, routes[k].path);
	}
}

/* Each path finds its own row, with something for each ":id"; what is written out comes
 * first. */
static void
each_path_finds_its_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < routes_n; i++) {
		char path[200];
		size_t n = 0;

		for (const char *at = routes[i].path; *at != '\0'; at++) {
			path[n++] = *at;
			if (at[0] == '/' && at[1] == ':') {
				path[n++] = 'x';
				path[n++] = '7';
				at += strcspn(at + 1, "/");
			}
		}
		path[n] = '\0';
		assert_ptr_equal(route_find(&page, path), &routes[i]);
		if (strstr(routes[i].path, "/:id") != NULL)
			assert_string_equal(page_param(&page, "id"), "x7");
	}
}

static void
what_is_no_path_finds_none(void **state)
{
	static const char *const paths[] = {
	    "",
	    "about",
	    "/about/",
	    "//about",
	    "/about//",
	    "/About",
	    "/%61bout",
	    "/about%00",
	    "/link/",
	    "/link/a.b",
	    "/link/..",
	    "/link/a%2Fb",
	    "/link/a b",
	    ("/link/"
	     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
		assert_null(route_find(&page, paths[i]));
}

static void
what_is_next_is_filled_in(void **state)
{
	(void)state;
	assert_non_null(route_find(&page, "/link/abc"));
	assert_string_equal(route_fill(&page, "/a/:token/b?done=x&id=:answer_id", "k7"),
	    "/a/abc/b?done=x&id=k7");
	assert_string_equal(route_fill(&page, "/a/:nobody", NULL), "/a/");
	assert_string_equal(route_fill(&page, "/plain", NULL), "/plain");
}

/* Everybody begins at a page that is theirs to see. */
static void
every_role_has_a_first_page(void **state)
{
	(void)state;
	for (unsigned role = 1; role <= 6; role++) {
		const struct route *r = route_find(&page, route_home(1u << role));

		assert_non_null(r);
		assert_true(r->roles == ROUTE_ANYONE || (r->roles & 1u << role) != 0);
	}
	for (size_t i = 0; i < route_menu_n; i++) {
		const struct route *r = route_find(&page, route_menu[i].href);

		print_message("%s\n", route_menu[i].href);
		assert_non_null(r);
		assert_int_equal(r->roles & route_menu[i].roles, route_menu[i].roles);
	}
	assert_null(route_done("no such thing"));
	assert_null(route_done(NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_row_can_be_served),
	    cmocka_unit_test(no_path_is_there_twice),
	    cmocka_unit_test(each_path_finds_its_row),
	    cmocka_unit_test(what_is_no_path_finds_none),
	    cmocka_unit_test(what_is_next_is_filled_in),
	    cmocka_unit_test(every_role_has_a_first_page),
	};

	return cmocka_run_group_tests(tests, open_page, close_page);
}
