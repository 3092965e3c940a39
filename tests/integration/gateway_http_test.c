/*
 * What a request may be: whole ones reach the site as they were sent; what is
 * malformed, oversized or readable in two ways does not; how many and how long is in
 * gateway_http_time_test.c.
 */
#include "integration/gateway_door.h"

static struct door_world w;

static int
setup(void **state)
{
	(void)state;
	door_open(&w);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	door_close(&w);
	return 0;
}

#define HOST "Host: a\r\n"

struct row {
	const char *request;
	int status;       /* 0: nothing is said */
	const char *told; /* a piece of the body */
	bool stays_open;
};

static void
check(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool is_open;
		unsigned before = w.asked;
		const char *heard = said(&w, rows[i].request, &is_open);

		if (status_of(heard) != rows[i].status ||
		    (rows[i].told != NULL &&
			strstr(body_of(heard), rows[i].told) == NULL))
			fail_msg("row %zu, to \"%s\": %s", i, rows[i].request, heard);
		if (is_open != rows[i].stays_open)
			fail_msg("row %zu, %s: \"%s\"", i, is_open ? "open" : "shut",
			    rows[i].request);
		if ((w.asked - before == 1) != (rows[i].status == 200))
			fail_msg("row %zu, the site was asked %u times: \"%s\"", i,
			    w.asked - before, rows[i].request);
		arena_reset(&w.arena);
	}
}

static void
whole_requests_arrive_as_they_were_sent(void **state)
{
	static const struct row rows[] = {
	    {"GET /now HTTP/1.1\r\n" HOST "\r\n", 200,
		"GET /now? 0 |direct|127.0.0.1|none|none", true},
	    {"GET /now?a=b&c=%20d+e HTTP/1.1\r\n" HOST "\r\n", 200,
		"GET /now?a=b&c=%20d+e 0", true},
	    {"GET /now? HTTP/1.1\r\n" HOST "\r\n", 200, "GET /now? 0", true},
	    {"GET /%6eow/../%00?x=%3d?y HTTP/1.1\r\n" HOST "\r\n", 200,
		"GET /%6eow/../%00?x=%3d?y 0", true},
	    {"GET //now;v=1|2 HTTP/1.1\r\n" HOST "\r\n", 200, "GET //now;v=1|2? 0",
		true},
	    {"\r\nGET /now HTTP/1.1\r\n" HOST "\r\n", 200, "GET /now? 0", true},
	    {"POST /now HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\na=b", 200,
		"POST /now? 3 a=b", true},
	    {"POST /now HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n", 200,
		"POST /now? 0", true},
	    {"POST /now HTTP/1.1\r\n" HOST "\r\n", 200, "POST /now? 0", true},
	    {"POST /now HTTP/1.1\r\n" HOST
	     "Transfer-Encoding: chunked\r\n\r\n2\r\na=\r\n1\r\nb\r\n0\r\n\r\n",
		200, "POST /now? 3 a=b", true},
	    {"PATCH /now HTTP/1.1\r\n" HOST "\r\n", 200, "PATCH /now", true},
	    {"GET /now HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\nhi", 200,
		"GET /now? 2 hi", true},
	    {"GET /now HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n", 200, "GET /now",
		false},
	    {"GET /now HTTP/1.0\r\n" HOST "\r\n", 200, "GET /now", false},
	    {"GET /now HTTP/1.1\r\n" HOST
	     "Cookie: a=b; c=d\r\nX-Empty:\r\nX-Tab: a\tb\r\n\r\n",
		200, "GET /now", true},
	    /* Whoever is not the front says so in vain. */
	    {"GET /now HTTP/1.1\r\n" HOST "X-Rcc-Identity: ann\r\nX-Rcc-Front: " SECRET
	     "\r\nX-Forwarded-For: 9.9.9.9\r\n\r\n",
		200, "|direct|127.0.0.1|none|none", true},
	};

	(void)state;
	check(rows, sizeof rows / sizeof rows[0]);
}

static void
what_can_be_read_in_two_ways_is_not_read(void **state)
{
	static const struct row rows[] = {
	    {"GET /now HTTP/1.1\r\n\r\n", 400, "two ways", false},
	    {"GET /now HTTP/1.0\r\n\r\n", 400, "two ways", false},
	    {"GET /now HTTP/1.1\r\n" HOST "Host: b\r\n\r\n", 400, "two ways", false},
	    {"POST /now HTTP/1.1\r\n" HOST
	     "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
		400, "two ways", false},
	    {"POST /now HTTP/1.1\r\n" HOST
	     "Content-Length: 2\r\nContent-Length: 2\r\n\r\nab",
		400, "two ways", false},
	    {"POST /now HTTP/1.1\r\n" HOST
	     "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		400, "two ways", false},
	    {"POST /now HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip\r\n\r\n", 400,
		"two ways", false},
	    {"POST /now HTTP/1.1\r\n" HOST
	     "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
		400, "two ways", false},
	    {"POST /now HTTP/1.1\r\n" HOST
	     "Transfer-Encoding: chunked\r\nTransfer-Encoding: "
	     "chunked\r\n\r\n0\r\n\r\n",
		400, "two ways", false},
	    {"POST /now HTTP/1.0\r\n" HOST
	     "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		400, "two ways", false},
	    {"POST /now HTTP/1.1\r\n" HOST
	     "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
		400, "two ways", false},
	    {"POST /now HTTP/1.1\r\n" HOST "Content-Length : 2\r\n\r\nab", 400,
		"two ways", false},
	    {"POST /now HTTP/1.1\r\n" HOST "Content-Length: +2\r\n\r\nab", 400, NULL,
		false},
	    {"POST /now HTTP/1.1\r\n" HOST "Content-Length: 2, 2\r\n\r\nab", 400, NULL,
		false},
	    {"POST /now HTTP/1.1\r\n" HOST "Content-Length: 0x2\r\n\r\nab", 400, NULL,
		false},
	    {"POST /now HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\nab", 400, NULL,
		false},
	    {"GET /now HTTP/1.1\r\n" HOST "X : y\r\n\r\n", 400, "two ways", false},
	    {"GET /now HTTP/1.1\r\n" HOST "X\t: y\r\n\r\n", 400, "two ways", false},
	    {"GET /now HTTP/1.1\r\n" HOST ": y\r\n\r\n", 400, "two ways", false},
	    {"GET /now HTTP/1.1\r\n" HOST "X(y): z\r\n\r\n", 400, "two ways", false},
	    {"GET /now HTTP/1.1\r\n" HOST "X: y\x01z\r\n\r\n", 400, "two ways", false},
	    {"GET /now HTTP/1.1\r\n" HOST "X: y\x7fz\r\n\r\n", 400, "two ways", false},
	    {"GET /now HTTP/1.1\r\n" HOST "X: y\rz\r\n\r\n", 400, "two ways", false},
	    {"GET /now HTTP/1.1\r\n" HOST "X: y\r\n z\r\n\r\n", 400, "two ways", false},
	    {"GET /now HTTP/1.1\r\n" HOST "X: y\r\n\tz: w\r\n\r\n", 400, "two ways",
		false},
	    {"GET /now HTTP/1.1\r\n X: y\r\n" HOST "\r\n", 400, NULL, false},
	    {"GET /now HTTP/1.1\r\nHost: a\nX: y\r\n\r\n", 400, "two ways", false},
	    {"GET /now HTTP/1.1\nHost: a\n\n", 400, "two ways", false},
	    {"GET /now HTTP/1.1\r\nHost: a\r\n\n", 400, "two ways", false},
	    {"GET /now HTTP/1.1\r\n" HOST
	     "Expect: 100-continue\r\nExpect: 100-continue\r\n\r\n",
		400, "two ways", false},
	    {"GET /now HTTP/1.1\r\n" HOST "Expect: the worst\r\n\r\n", 417, NULL,
		false},
	    {"GET http://a/now HTTP/1.1\r\n" HOST "\r\n", 400, "two ways", false},
	    {"OPTIONS * HTTP/1.1\r\n" HOST "\r\n", 400, "two ways", false},
	    {"GET /now#here HTTP/1.1\r\n" HOST "\r\n", 400, "two ways", false},
	    {"GET /n\x80w HTTP/1.1\r\n" HOST "\r\n", 400, "two ways", false},
	    {"GET /n\x01w HTTP/1.1\r\n" HOST "\r\n", 400, "two ways", false},
	    {"GET  /now HTTP/1.1\r\n" HOST "\r\n", 400, "two ways", false},
	    {"GET /now  HTTP/1.1\r\n" HOST "\r\n", 400, "two ways", false},
	    {"GET /now x HTTP/1.1\r\n" HOST "\r\n", 400, "two ways", false},
	};

	(void)state;
	check(rows, sizeof rows / sizeof rows[0]);
}

/* With bytes that no text holds. */
static void
a_nul_is_seen(void **state)
{
	static const char *const requests[] = {
	    "GET /now@ HTTP/1.1\r\n" HOST "\r\n",
	    "GET /now@HTTP/1.1 HTTP/1.1\r\n" HOST "\r\n",
	    "GET /now HTTP/1.1@\r\n" HOST "\r\n",
	    "GET /now HTTP/1.1\r\nHost: a@b\r\n\r\n",
	    "GET /now HTTP/1.1\r\nHost: a@\r\n\r\n",
	    "GET /now HTTP/1.1\r\nHost: a@@X@ b\r\n\r\n",
	    "GET /now HTTP/1.1\r\n" HOST "X: @@Content-Length: 5\r\n\r\n",
	    "GET /now HTTP/1.1\r\n" HOST "X@: y\r\n\r\n",
	    "GET /now HTTP/1.1\r\n" HOST "@X: y\r\n\r\n",
	    "GET /now HTTP/1.1\r\n" HOST "@@\r\n\r\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
		char request[200];
		size_t len = strlen(requests[i]);
		bool is_open;
		int fd = call_tcp(&w), status;

		for (size_t j = 0; j < len; j++)
			request[j] = requests[i][j] == '@' ? '\0' : requests[i][j];
		(void)say_bytes(&w, fd, request, len);
		status = status_of(hear(&w, fd, &is_open));
		if ((status != 400 && status != 0) || is_open || w.asked != 0)
			fail_msg("%d, %s to %s", status, is_open ? "open" : "shut",
			    requests[i]);
		close(fd);
	}
}

static void
what_is_no_request_gets_no_page(void **state)
{
	static const char *const rows[] = {"\x16\x03\x01\x02\r\n\r\n", "GET\r\n\r\n",
	    "GET /now\r\n\r\n", "GET /now HTTP/9.9\r\n\r\n", "%%%%n\n\n",
	    "GET /now HTTP/1.1 \r\n" HOST "\r\n", "HTTP/1.1 200 OK\r\n\r\n",
	    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET /now\tHTTP/1.1\r\n" HOST "\r\n"};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		bool is_open;
		const char *heard = said(&w, rows[i], &is_open);

		if (status_of(heard) == 200 || w.asked != 0)
			fail_msg("a page for %s", rows[i]);
	}
}

/* `n` bytes behind a head that says so (or says nothing, and sends chunks). */
static const char *
posted(size_t n, bool is_chunked, const char *also, bool *is_open)
{
	char *request = arena_take(&w.arena, n + 400);
	int fd = call_tcp(&w);
	const char *heard;
	size_t len;

	if (is_chunked)
		snprintf(request, 400,
		    "POST /now HTTP/1.1\r\n" HOST "%sTransfer-Encoding: chunked\r\n\r\n"
		    "%zx\r\n",
		    also, n);
	else
		snprintf(request, 400,
		    "POST /now HTTP/1.1\r\n" HOST "%sContent-Length: %zu\r\n\r\n", also,
		    n);
	len = strlen(request);
	memset(request + len, 'x', n);
	memcpy(
	    request + len + n, is_chunked ? "\r\n0\r\n\r\n" : "", is_chunked ? 7 : 0);
	(void)say_bytes(&w, fd, request, len + n + (is_chunked ? 7 : 0));
	heard = hear(&w, fd, is_open);
	close(fd);
	return heard;
}

static void
bodies_end_at_64_kib(void **state)
{
	static const struct {
		size_t n;
		bool is_chunked;
		int status;
		bool stays_open;
	} rows[] = {
	    {65535, false, 200, true},
	    {65536, false, 200, true},
	    {65537, false, 413, true},
	    {300000, false, 413, true},
	    {65536, true, 200, true},
	    {65537, true, 413, true},
	    {1000000, true, 413, true},
	    {1048577, true, 0, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		unsigned before = w.asked;
		bool is_open;
		const char *heard = posted(rows[i].n, rows[i].is_chunked, "", &is_open);

		if (status_of(heard) != rows[i].status || is_open != rows[i].stays_open)
			fail_msg(
			    "row %zu: %s %.200s", i, is_open ? "open" : "shut", heard);
		assert_int_equal(w.asked - before, rows[i].status == 200);
		arena_reset(&w.arena);
	}
}

/* Beyond reason, or where the caller waits for a word: at once. */
static void
what_is_far_too_large_is_not_waited_for(void **state)
{
	static const char *const heads[] = {
	    "Content-Length: 1048577\r\n",
	    "Content-Length: 99999999999999999999999999\r\n",
	    "Content-Length: 18446744073709551615\r\n",
	    "Content-Length: 70000\r\nExpect: 100-continue\r\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
		bool is_open;
		const char *heard = said(&w,
		    str_format(
			&w.arena, "POST /now HTTP/1.1\r\n" HOST "%s\r\n", heads[i]),
		    &is_open);

		if (status_of(heard) != 413 || is_open)
			fail_msg("to %s: %s", heads[i], heard);
	}
	assert_int_equal(w.asked, 0);
}

/* A person is shown a page, of the same status; a program is told in a sentence. */
static void
a_person_who_is_turned_away_is_shown_a_page(void **state)
{
	static const struct {
		const char *accept, *head;
		const char *page; /* NULL: a sentence */
		int status;
	} rows[] = {
	    {"Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n",
		"Content-Length: 1048577\r\n", "<h1>turned away, 413</h1>", 413},
	    {"Accept: text/html\r\n", "X : y\r\n", "<h1>turned away, 400</h1>", 400},
	    {"Accept: text/html\r\n", "Expect: the worst\r\n", NULL, 417},
	    {"Accept: text/html\r\nAccept: text/html\r\n",
		"Content-Length: 1048577\r\n", NULL, 413},
	    {"Accept: application/json\r\n", "Content-Length: 1048577\r\n", NULL, 413},
	    {"Accept: */*\r\n", "Content-Length: 1048577\r\n", NULL, 413},
	    {"", "Content-Length: 1048577\r\n", NULL, 413},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		bool is_open;
		const char *heard = said(&w,
		    str_format(&w.arena, "POST /now HTTP/1.1\r\n" HOST "%s%s\r\n",
			rows[i].accept, rows[i].head),
		    &is_open);
		const char *type = rows[i].page != NULL
		                       ? "Content-Type: text/html; charset=utf-8\r\n"
		                       : "Content-Type: text/plain; charset=utf-8\r\n";

		if (status_of(heard) != rows[i].status || is_open ||
		    strstr(heard, type) == NULL ||
		    strstr(heard, "Content-Security-Policy: ") == NULL ||
		    (rows[i].page != NULL && !str_equal(body_of(heard), rows[i].page)))
			fail_msg("row %zu: %s", i, heard);
	}
	assert_int_equal(w.asked, 0);
}

/* Once it is read, and the connection goes on. */
static void
a_person_whose_form_is_too_large_is_shown_a_page(void **state)
{
	bool is_open;

	(void)state;
	assert_string_equal(
	    body_of(posted(65537, false, "Accept: text/html\r\n", &is_open)),
	    "<h1>turned away, 413</h1>");
	assert_true(is_open);
}

static void
a_caller_that_waits_is_told_to_go_on(void **state)
{
	int fd = call_tcp(&w);
	bool is_open;

	(void)state;
	assert_true(say(&w, fd,
	    "POST /now HTTP/1.1\r\n" HOST
	    "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n"));
	assert_string_equal(hear(&w, fd, &is_open), "HTTP/1.1 100 Continue\r\n\r\n");
	assert_true(say(&w, fd, "ab"));
	assert_non_null(strstr(hear(&w, fd, &is_open), "POST /now? 2 ab"));
	close(fd);
}

static void
a_header_without_end_is_turned_away(void **state)
{
	char *long_one = arena_take(&w.arena, 60000);
	bool is_open;
	int status;

	(void)state;
	memset(long_one, 'a', 59999);
	status = status_of(said(&w,
	    str_format(&w.arena, "GET /now HTTP/1.1\r\n" HOST "X: %s", long_one),
	    &is_open));
	assert_int_equal(status, 431);
	status =
	    status_of(said(&w, str_format(&w.arena, "GET /%s", long_one), &is_open));
	assert_int_equal(status, 414);
	assert_int_equal(w.asked, 0);
}

static void
every_answer_says_what_a_browser_may(void **state)
{
	static const char *const expected[] = {"Cache-Control: no-store\r\n",
	    "X-Content-Type-Options: nosniff\r\n", "X-Frame-Options: DENY\r\n",
	    "Content-Security-Policy: default-src 'none';",
	    "Cross-Origin-Resource-Policy: same-origin\r\n",
	    "Content-Type: text/plain"};
	static const char *const requests[] = {"GET /now HTTP/1.1\r\n" HOST "\r\n",
	    "GET /now HTTP/1.1\r\n" HOST "X : y\r\n\r\n",
	    "POST /now HTTP/1.1\r\n" HOST "Content-Length: 1048577\r\n\r\n"};

	(void)state;
	for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
		bool is_open;
		const char *heard = said(&w, requests[i], &is_open);

		for (size_t j = 0; j < sizeof expected / sizeof expected[0]; j++)
			if (strstr(heard, expected[j]) == NULL)
				fail_msg("no %s in %s", expected[j], heard);
	}
}

static void
a_reply_may_say_otherwise(void **state)
{
	const struct gateway_reply reply = {.status = 303,
	    .headers = {{"cache-control", "private"}, {"Location", "/needs"}},
	    .headers_n = 2};
	const struct gateway_reply bad = {.status = 303,
	    .headers = {{"Location", "/needs\r\nSet-Cookie: a=b"}},
	    .headers_n = 1};
	int fd = call_tcp(&w);
	const char *heard;
	bool is_open;

	(void)state;
	assert_true(say(&w, fd, "GET /later HTTP/1.1\r\n" HOST "\r\n"));
	gateway_http_answer(w.kept[0], &reply);
	w.kept_n = 0;
	heard = hear(&w, fd, &is_open);
	assert_int_equal(status_of(heard), 303);
	assert_null(strstr(heard, "no-store"));
	assert_null(strstr(heard, "\r\nContent-Type"));
	assert_non_null(strstr(heard, "cache-control: private\r\n"));
	assert_non_null(strstr(heard, "Location: /needs\r\n"));
	/* Nothing is slipped in. */
	assert_true(say(&w, fd, "GET /later HTTP/1.1\r\n" HOST "\r\n"));
	gateway_http_answer(w.kept[0], &bad);
	w.kept_n = 0;
	heard = hear(&w, fd, &is_open);
	assert_int_equal(status_of(heard), 500);
	assert_null(strstr(heard, "Set-Cookie"));
	close(fd);
}

static void
the_front_is_believed_with_its_secret(void **state)
{
	static const struct {
		const char *headers;
		int status;
		const char *told;
	} rows[] = {
	    {"X-Rcc-Front: " SECRET "\r\nX-Forwarded-For: 192.0.2.7\r\n", 200,
		"|front|192.0.2.7|none|none"},
	    {"X-Rcc-Front: " SECRET
	     "\r\nX-Forwarded-For: 10.0.0.1, 2001:db8::1\r\nX-Rcc-Identity: ann\r\n",
		200, "|front|2001:db8::1|ann|none"},
	    {"X-Rcc-Front: " SECRET "\r\nX-Forwarded-For: <b>\r\n", 200,
		"|front||none|none"},
	    {"X-Rcc-Front: " SECRET "\r\n", 200, "|front||none|none"},
	    {"X-Rcc-Front: " SECRET
	     "\r\nX-Rcc-Identity: ann\r\nX-Rcc-Identity: bob\r\n",
		200, "|front||none|none"},
	    {"X-Rcc-Front: 0123456789abcdef0123456789abcdeF\r\n", 403, NULL},
	    {"X-Rcc-Front: " SECRET "0\r\n", 403, NULL},
	    {"X-Rcc-Front: " SECRET "\r\nX-Rcc-Front: " SECRET "\r\n", 403, NULL},
	    {"X-Rcc-Front:\r\n", 403, NULL},
	    {"X-Forwarded-For: 192.0.2.7\r\n", 403, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		int fd = call_front(&w);
		const char *heard;
		bool is_open;

		(void)say(&w, fd,
		    str_format(&w.arena, "GET /now HTTP/1.1\r\n" HOST "%s\r\n",
			rows[i].headers));
		heard = hear(&w, fd, &is_open);
		if (status_of(heard) != rows[i].status ||
		    (rows[i].told != NULL && strstr(heard, rows[i].told) == NULL))
			fail_msg("row %zu: %s", i, heard);
		close(fd);
		arena_reset(&w.arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define DOOR(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	    DOOR(whole_requests_arrive_as_they_were_sent),
	    DOOR(what_can_be_read_in_two_ways_is_not_read),
	    DOOR(a_nul_is_seen),
	    DOOR(what_is_no_request_gets_no_page),
	    DOOR(bodies_end_at_64_kib),
	    DOOR(what_is_far_too_large_is_not_waited_for),
	    DOOR(a_person_who_is_turned_away_is_shown_a_page),
	    DOOR(a_person_whose_form_is_too_large_is_shown_a_page),
	    DOOR(a_caller_that_waits_is_told_to_go_on),
	    DOOR(a_header_without_end_is_turned_away),
	    DOOR(every_answer_says_what_a_browser_may),
	    DOOR(a_reply_may_say_otherwise),
	    DOOR(the_front_is_believed_with_its_secret),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
