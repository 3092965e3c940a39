/*
 * When a request is answered, and how long anybody stays: answers given later, streams,
 * connections that are kept, the slow and the gone, and as many as there is room for.
 */
#include "integration/gateway_door.h"

#include <sys/resource.h>

#define HOST "Host: a\r\n"
#define MEBIBYTE ((size_t)1024 * 1024)
#define GET(path) "GET " path " HTTP/1.1\r\n" HOST "\r\n"

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

static bool
is_open(int fd)
{
	bool open_still;

	(void)hear(&w, fd, &open_still);
	return open_still;
}

static const char *
heard(int fd)
{
	bool open_still;

	return hear(&w, fd, &open_still);
}

static void
an_answer_may_come_later(void **state)
{
	int fd = call_tcp(&w);

	(void)state;
	assert_true(say(&w, fd,
	    "POST /later?x=1 HTTP/1.1\r\n" HOST
	    "X-Kind: home\r\nContent-Length: 3\r\n\r\na=b"));
	assert_string_equal(heard(fd), "");
	/* What was asked is there as long as it is not answered. */
	assert_string_equal(w.last->path, "/later");
	assert_string_equal(w.last->query, "x=1");
	assert_memory_equal(w.last->body.data, "a=b", 3);
	assert_string_equal(gateway_http_header(w.last, "x-kind"), "home");
	door_wait(&w, 20);
	door_answer(w.kept[0], 200, "at last");
	w.kept_n = 0;
	assert_string_equal(body_of(heard(fd)), "at last");
	/* And the connection is good for more. */
	assert_true(say(&w, fd, GET("/now")));
	assert_int_equal(status_of(heard(fd)), 200);
	assert_int_equal(w.gone, 0);
	close(fd);
}

static void
requests_in_a_row_are_answered_in_their_order(void **state)
{
	int fd = call_tcp(&w);
	const char *all;

	(void)state;
	assert_true(say(&w, fd,
	    GET("/later") "POST /now HTTP/1.1\r\n" HOST
			  "Content-Length: 1\r\n\r\nx" GET("/now?last")));
	assert_string_equal(heard(fd), "");
	assert_int_equal(w.asked, 1);
	door_answer(w.kept[0], 200, "first");
	w.kept_n = 0;
	all = heard(fd);
	assert_int_equal(w.asked, 3);
	assert_non_null(strstr(all, "first"));
	assert_non_null(strstr(strstr(all, "first"), "POST /now? 1 x"));
	assert_non_null(strstr(strstr(all, "POST /now? 1 x"), "GET /now?last"));
	close(fd);
}

static void
a_smuggled_request_is_none(void **state)
{
	int fd = call_tcp(&w);
	bool open_still;

	(void)state;
	/* The second is behind a head that is refused: nobody reads on. */
	(void)say(&w, fd,
	    "POST /now HTTP/1.1\r\n" HOST
	    "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" GET(
		"/now"));
	assert_int_equal(status_of(hear(&w, fd, &open_still)), 400);
	assert_false(open_still);
	assert_int_equal(w.asked, 0);
	close(fd);
	/* A body that looks like a request is a body. */
	fd = call_tcp(&w);
	assert_true(say(&w, fd,
	    "POST /now HTTP/1.1\r\n" HOST "Content-Length: 32\r\n\r\n" GET("/later")));
	assert_non_null(strstr(hear(&w, fd, &open_still), "POST /now? 32 GET /later"));
	assert_int_equal(w.asked, 1);
	close(fd);
}

static void
head_has_no_body(void **state)
{
	int fd = call_tcp(&w);
	const char *all;

	(void)state;
	assert_true(say(&w, fd, "HEAD /now HTTP/1.1\r\n" HOST "\r\n"));
	all = heard(fd);
	assert_int_equal(status_of(all), 200);
	assert_string_equal(body_of(all), "");
	assert_non_null(strstr(all, "Content-Length: "));
	assert_true(say(&w, fd, "HEAD /later HTTP/1.1\r\n" HOST "\r\n"));
	assert_string_equal(w.last->method, "GET");
	door_answer(w.kept[0], 200, "not heard");
	w.kept_n = 0;
	assert_string_equal(body_of(heard(fd)), "");
	/* Nor is a stream kept open for it. */
	assert_true(say(&w, fd, "HEAD /stream HTTP/1.1\r\n" HOST "\r\n"));
	all = heard(fd);
	assert_int_equal(status_of(all), 200);
	assert_string_equal(body_of(all), "");
	assert_int_equal(w.gone, 1);
	close(fd);
}

static void
half_a_connection_still_hears(void **state)
{
	int fd = call_tcp(&w);

	(void)state;
	assert_true(say(&w, fd, GET("/later")));
	assert_int_equal(shutdown(fd, SHUT_WR), 0);
	assert_string_equal(heard(fd), "");
	door_answer(w.kept[0], 200, "still");
	w.kept_n = 0;
	assert_string_equal(body_of(heard(fd)), "still");
	assert_false(is_open(fd));
	close(fd);
	/* Half a request is none. */
	fd = call_tcp(&w);
	assert_true(say(&w, fd, "GET /now HTTP/1.1\r\nHost: "));
	assert_int_equal(shutdown(fd, SHUT_WR), 0);
	assert_false(is_open(fd));
	assert_int_equal(w.asked, 1);
	close(fd);
}

static void
a_caller_that_leaves_before_the_answer_harms_nobody(void **state)
{
	int fd = call_tcp(&w);

	(void)state;
	assert_true(say(&w, fd, GET("/later")));
	close(fd);
	door_wait(&w, 1);
	assert_int_equal(w.kept_n, 1);
	door_answer(w.kept[0], 200, "nobody hears");
	w.kept_n = 0;
	door_wait(&w, 1);
	assert_int_equal(w.gone, 0);
}

static void
a_site_that_says_nothing_is_answered_for(void **state)
{
	int fd = call_tcp(&w);

	(void)state;
	assert_true(say(&w, fd, GET("/later")));
	door_wait(&w, 59);
	assert_string_equal(heard(fd), "");
	w.now_us += 2 * SECOND_US;
	door_serve(&w);
	assert_int_equal(w.gone, 0);
	assert_int_equal(status_of(heard(fd)), 503);
	assert_int_equal(w.gone, 1);
	close(fd);
}

/* ---- streams ---- */

static void
a_stream_carries_what_is_pushed(void **state)
{
	int fd = call_tcp(&w);
	const char *all;

	(void)state;
	assert_true(say(&w, fd, GET("/stream")));
	all = heard(fd);
	assert_int_equal(status_of(all), 200);
	assert_non_null(strstr(all, "Content-Type: text/event-stream\r\n"));
	assert_string_equal(body_of(all), "3\r\n:\n\n\r\n"); /* something, at once */
	for (unsigned i = 0; i < 5; i++) {
		door_wait(&w, 100); /* nothing ends it */
		assert_int_equal(
		    gateway_http_push(w.kept[0], bytes_of_text("event: fragment\n\n")),
		    ERR_NONE);
		assert_string_equal(heard(fd), "11\r\nevent: fragment\n\n\r\n");
	}
	assert_int_equal(
	    gateway_http_push(w.kept[0], bytes_of_text("data: bye\n\n")), ERR_NONE);
	gateway_http_end(w.kept[0]);
	w.kept_n = 0;
	assert_non_null(strstr(heard(fd), "data: bye\n\n\r\n0\r\n"));
	assert_false(is_open(fd));
	assert_int_equal(w.gone, 0);
	close(fd);
}

static void
what_is_pushed_at_once_comes_whole(void **state)
{
	int fd = call_tcp(&w);
	size_t n = GATEWAY_STREAM_BYTES_MAX;
	char *event = arena_take(&w.arena, n + 1);
	const char *all;
	size_t len = 0;

	(void)state;
	memset(event, 'e', n);
	assert_true(say(&w, fd, GET("/stream")));
	(void)heard(fd);
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(
		    gateway_http_push(w.kept[0], bytes_of_text(event)), ERR_NONE);
		for (all = heard(fd), len = 0; *all != '\0'; all++)
			len += *all == 'e';
		assert_int_equal(len, n);
	}
	close(fd);
}

static void
whoever_leaves_a_stream_is_missed_at_once(void **state)
{
	int fd = call_tcp(&w), other = call_tcp(&w);

	(void)state;
	assert_true(say(&w, fd, GET("/stream")) && say(&w, other, GET("/stream")));
	(void)heard(fd);
	assert_int_equal(w.kept_n, 2);
	close(fd);
	door_serve(&w);
	door_serve(&w);
	assert_int_equal(w.gone, 1);
	assert_int_equal(w.kept_n, 1);
	assert_int_equal(
	    gateway_http_push(w.kept[0], bytes_of_text("data: x\n\n")), ERR_NONE);
	assert_non_null(strstr(heard(other), "data: x\n\n"));
	close(other);
}

static void
a_slow_reader_is_closed(void **state)
{
	int fd = call_tcp(&w), small = 4096;
	char *event = arena_take(&w.arena, 20001);
	enum err e = ERR_NONE;
	size_t pushed = 0;

	(void)state;
	assert_int_equal(
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small), 0);
	memset(event, 'e', 20000);
	assert_true(say(&w, fd, GET("/stream")));
	for (; e == ERR_NONE && pushed < 8 * MEBIBYTE; pushed += 20000) {
		e = gateway_http_push(w.kept[0], bytes_of_text(event));
		door_serve(&w);
	}
	assert_int_equal(e, ERR_FULL);
	assert_true(pushed < MEBIBYTE);
	door_serve(&w);
	door_serve(&w);
	assert_int_equal(w.gone, 1);
	close(fd);
}

/* ---- how long ---- */

static void
a_head_has_ten_seconds_whatever_comes(void **state)
{
	static const char *const begun[] = {"", "G", "GET /now HTTP/1.1\r\n",
	    "GET /now HTTP/1.1\r\n" HOST,
	    "POST /now HTTP/1.1\r\n" HOST "Content-Length: 900\r\n\r\n"};

	(void)state;
	for (size_t i = 0; i < sizeof begun / sizeof begun[0]; i++) {
		int fd = call_tcp(&w);
		bool open_still = true;

		assert_true(say(&w, fd, begun[i]));
		for (unsigned second = 0; second < 9; second++) {
			assert_true(say(&w, fd, i == 0 ? "" : "X"));
			door_wait(&w, 1);
		}
		assert_true(is_open(fd));
		door_wait(&w, 2);
		(void)say(&w, fd, i == 0 ? "" : "X");
		open_still = is_open(fd);
		if (open_still)
			fail_msg("begun with \"%s\" and here still", begun[i]);
		close(fd);
	}
	assert_int_equal(w.asked, 0);
}

static void
a_connection_may_rest_for_thirty_seconds(void **state)
{
	int fd = call_tcp(&w), other = call_tcp(&w);

	(void)state;
	assert_true(say(&w, fd, GET("/now")) && say(&w, other, GET("/now")));
	assert_int_equal(status_of(heard(fd)), 200);
	door_wait(&w, 28);
	assert_true(is_open(fd));
	assert_true(say(&w, fd, GET("/now")));
	assert_int_equal(status_of(heard(fd)), 200);
	door_wait(&w, 3);
	(void)heard(other);
	assert_false(is_open(other));
	assert_true(is_open(fd));
	/* The next has ten seconds again. */
	assert_true(say(&w, fd, "GET /now HTTP/1.1\r\n"));
	door_wait(&w, 11);
	assert_false(is_open(fd));
	close(fd);
	close(other);
}

static void
an_answer_has_thirty_seconds_to_be_read(void **state)
{
	size_t n = 8 * MEBIBYTE;
	char *text = arena_take(&w.arena, n + 1);
	int fd = call_tcp(&w), small = 4096;

	(void)state;
	memset(text, 'x', n);
	assert_int_equal(
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small), 0);
	assert_true(say(&w, fd, GET("/later")));
	door_answer(w.kept[0], 200, text);
	w.kept_n = 0;
	for (unsigned second = 0; second < 31; second++) {
		char little[100];

		door_wait(&w, 1);
		(void)recv(fd, little, sizeof little, MSG_DONTWAIT);
	}
	assert_false(is_open(fd));
	close(fd);
}

/* ---- how many ---- */

#define MANY 1100

static void
raise_limit(void)
{
	struct rlimit files;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &files), 0);
	files.rlim_cur = files.rlim_max < 8192 ? files.rlim_max : 8192;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &files), 0);
	if (files.rlim_cur < 4096)
		skip();
}

static void
slow_callers_make_room_within_ten_seconds(void **state)
{
	int fds[MANY], last;

	(void)state;
	raise_limit();
	for (size_t i = 0; i < MANY; i++) {
		fds[i] = call_tcp(&w);
		(void)send(fds[i], "G", 1, MSG_NOSIGNAL);
		door_serve(&w);
	}
	last = call_tcp(&w);
	assert_true(say(&w, last, GET("/now")));
	assert_string_equal(heard(last), ""); /* there is no place */
	door_wait(&w, 11);
	assert_int_equal(status_of(heard(last)), 200);
	for (size_t i = 0; i < MANY; i++)
		close(fds[i]);
	close(last);
}

static void
more_than_five_hundred_streams_leave_room_for_pages(void **state)
{
	int fds[MANY], page;
	size_t refused = 0, reached = 0;

	(void)state;
	raise_limit();
	for (size_t i = 0; i < GATEWAY_STREAMS_MAX + 20; i++) {
		fds[i] = call_tcp(&w);
		assert_true(say(&w, fds[i], GET("/stream")));
	}
	page = call_tcp(&w);
	assert_true(say(&w, page, GET("/now")));
	assert_int_equal(status_of(heard(page)), 200);
	/* Those beyond the limit were told, and the site that they are gone. */
	assert_int_equal(w.gone, 20);
	assert_int_equal(w.kept_n, GATEWAY_STREAMS_MAX);
	for (size_t i = 0; i < w.kept_n; i++)
		assert_int_equal(
		    gateway_http_push(w.kept[i], bytes_of_text("data: x\n\n")),
		    ERR_NONE);
	for (unsigned i = 0; i < 4; i++)
		door_serve(&w);
	for (size_t i = 0; i < GATEWAY_STREAMS_MAX + 20; i++) {
		char text[2000];
		ssize_t n = recv(fds[i], text, sizeof text - 1, MSG_DONTWAIT);

		text[n < 0 ? 0 : n] = '\0';
		refused += status_of(text) == 503;
		reached += strstr(text, "data: x\n\n") != NULL;
		close(fds[i]);
	}
	assert_int_equal(refused, 20);
	assert_int_equal(reached, GATEWAY_STREAMS_MAX);
	for (unsigned i = 0; i < 20; i++)
		door_serve(&w);
	assert_int_equal(w.kept_n, 0);
	close(page);
}

static void
closing_ends_all_and_calls_nobody(void **state)
{
	static struct door_world other;
	int stream, waiting, half;

	(void)state;
	door_open(&other);
	stream = call_tcp(&other);
	waiting = call_tcp(&other);
	half = call_front(&other);
	assert_true(say(&other, stream, GET("/stream")));
	assert_true(say(&other, waiting, GET("/later")));
	assert_true(say(&other, half, "GET /"));
	assert_int_equal(other.kept_n, 2);
	door_close(&other);
	assert_int_equal(other.gone, 0);
	close(stream);
	close(waiting);
	close(half);
}

static void
a_socket_left_behind_is_replaced_and_one_in_use_is_not(void **state)
{
	char problem[300] = "";
	struct gateway_http_options o = {.address = "127.0.0.1:0",
	    .front = w.socket_path,
	    .secret = bytes_of_text(SECRET),
	    .asked = door_asked,
	    .gone = door_gone};
	struct gateway_http *h = NULL;
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)state;
	assert_int_equal(
	    gateway_http_open(&h, &o, problem, sizeof problem), ERR_UNREACHABLE);
	assert_non_null(strstr(problem, "in use"));
	o.front = "front.sock";
	assert_int_equal(
	    gateway_http_open(&h, &o, problem, sizeof problem), ERR_MALFORMED);
	o.front = str_format(&w.arena, "%s/left", w.folder);
	memcpy(a.sun_path, o.front, strlen(o.front));
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
	close(fd);
	if (gateway_http_open(&h, &o, problem, sizeof problem) != ERR_NONE)
		fail_msg("%s", problem);
	gateway_http_close(h);
	assert_int_not_equal(access(o.front, F_OK), 0);
	/* A file that is no socket stays. */
	folder_write(o.front, "x", 1);
	assert_int_equal(
	    gateway_http_open(&h, &o, problem, sizeof problem), ERR_UNREACHABLE);
	assert_int_equal(access(o.front, F_OK), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define DOOR(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	    DOOR(an_answer_may_come_later),
	    DOOR(requests_in_a_row_are_answered_in_their_order),
	    DOOR(a_smuggled_request_is_none),
	    DOOR(head_has_no_body),
	    DOOR(half_a_connection_still_hears),
	    DOOR(a_caller_that_leaves_before_the_answer_harms_nobody),
	    DOOR(a_site_that_says_nothing_is_answered_for),
	    DOOR(a_stream_carries_what_is_pushed),
	    DOOR(what_is_pushed_at_once_comes_whole),
	    DOOR(whoever_leaves_a_stream_is_missed_at_once),
	    DOOR(a_slow_reader_is_closed),
	    DOOR(a_head_has_ten_seconds_whatever_comes),
	    DOOR(a_connection_may_rest_for_thirty_seconds),
	    DOOR(an_answer_has_thirty_seconds_to_be_read),
	    DOOR(slow_callers_make_room_within_ten_seconds),
	    DOOR(more_than_five_hundred_streams_leave_room_for_pages),
	    DOOR(closing_ends_all_and_calls_nobody),
	    DOOR(a_socket_left_behind_is_replaced_and_one_in_use_is_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
