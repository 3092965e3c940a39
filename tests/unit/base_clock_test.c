#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static void
now_is_in_milliseconds_of_utc(void **state)
{
	(void)state;
	int64_t before = (int64_t)time(NULL);
	int64_t now = clock_now_ms();
	int64_t after = (int64_t)time(NULL);
	/* time() may lag the clock by one tick of the system. */
	assert_true(now >= before * 1000 && now < (after + 1) * 1000 + 20);
}

static void
ticks_are_microseconds_and_rise(void **state)
{
	(void)state;
	int64_t began = clock_ticks_us();
	usleep(3000);
	int64_t waited = clock_ticks_us() - began;
	assert_true(waited >= 3000 && waited < 5000000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(now_is_in_milliseconds_of_utc),
	    cmocka_unit_test(ticks_are_microseconds_and_rise),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
