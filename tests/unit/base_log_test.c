#include "base/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char said[8192];
static int real_stderr, pipe_ends[2];

static void
begin_to_listen(void)
{
	real_stderr = dup(STDERR_FILENO);
	assert_true(real_stderr >= 0);
	assert_int_equal(pipe(pipe_ends), 0);
	assert_true(dup2(pipe_ends[1], STDERR_FILENO) >= 0);
}

/* What was logged since: by one read, so by one write where it was one line. */
static void
hear(void)
{
	assert_true(dup2(real_stderr, STDERR_FILENO) >= 0);
	close(real_stderr);
	close(pipe_ends[1]);
	ssize_t n = read(pipe_ends[0], said, sizeof said - 1);
	assert_true(n >= 0);
	said[n] = '\0';
	close(pipe_ends[0]);
}

static void
a_line_is_logfmt(void **state)
{
	(void)state;
	log_open("foster", LOG_LEVEL_INFO);
	begin_to_listen();
	log_line(LOG_LEVEL_INFO, "store.opened", "entries", log_number(-12), "path",
	    "a b", "none", "", NULL);
	hear();
	assert_string_equal(said,
	    "lvl=info svc=foster ev=store.opened entries=-12 path=\"a b\" none=\"\"\n");
}

static void
less_urgent_lines_are_left_out(void **state)
{
	(void)state;
	log_open("foster", LOG_LEVEL_WARN);
	begin_to_listen();
	log_line(LOG_LEVEL_DEBUG, "a.b", NULL);
	log_line(LOG_LEVEL_INFO, "a.b", NULL);
	log_line(LOG_LEVEL_WARN, "c.d", NULL);
	log_line(LOG_LEVEL_ERROR, "e.f", NULL);
	hear();
	assert_string_equal(
	    said, "lvl=warn svc=foster ev=c.d\nlvl=error svc=foster ev=e.f\n");
}

static void
values_cannot_forge_a_line(void **state)
{
	(void)state;
	log_open("foster", LOG_LEVEL_DEBUG);
	begin_to_listen();
	log_line(LOG_LEVEL_DEBUG, "a.b", "x", "1\nlvl=error \"\\\x1b[2J\x7f", "y",
	    "k=v", "z", "\xc2\x85\xc3\xa2", NULL);
	hear();
	assert_string_equal(said,
	    "lvl=debug svc=foster ev=a.b "
	    "x=\"1\\x0alvl=error \\\"\\\\\\x1b[2J\\x7f\" y=\"k=v\" "
	    "z=\"\\xc2\\x85\\xc3\\xa2\"\n");
}

/* A cut line is still one line, says so, and its quotes still pair. */
static void
a_long_line_is_cut(void **state)
{
	(void)state;
	char value[3001];
	static const char fillings[] = {'a', ' ', '\n', '"'};
	log_open("foster", LOG_LEVEL_INFO);
	for (size_t f = 0; f < sizeof fillings; f++) {
		for (size_t len = 900; len <= 3000; len += f == 0 ? 1 : 100) {
			memset(value, fillings[f], len);
			value[len] = '\0';
			begin_to_listen();
			log_line(LOG_LEVEL_INFO, "a.b", "x", value, "y", value, NULL);
			hear();
			size_t said_len = strlen(said);
			assert_true(said_len <= 2048);
			assert_ptr_equal(strchr(said, '\n'), said + said_len - 1);
			const char *cut = strstr(said, " cut=1\n");
			if (said_len < 1900 || 2 * len + 100 < 2048)
				assert_true(f > 0 || cut == NULL);
			else if (2 * len > 2048)
				assert_non_null(cut);
			if (f == 1 && cut != NULL)
				assert_int_equal(cut[-1], '"');
		}
	}
}

static void
eight_numbers_live_together(void **state)
{
	(void)state;
	const char *kept[8];
	for (int64_t i = 0; i < 8; i++)
		kept[i] = log_number(INT64_MIN + i);
	assert_string_equal(kept[0], "-9223372036854775808");
	assert_string_equal(kept[7], "-9223372036854775801");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_line_is_logfmt),
	    cmocka_unit_test(less_urgent_lines_are_left_out),
	    cmocka_unit_test(values_cannot_forge_a_line),
	    cmocka_unit_test(a_long_line_is_cut),
	    cmocka_unit_test(eight_numbers_live_together),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
