#include "base/clock.h"

#include <time.h>

int64_t
clock_now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t); /* cannot fail for these clocks */
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t
read_us(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t
clock_ticks_us(void)
{
	return read_us(CLOCK_MONOTONIC);
}

int64_t
clock_worked_us(void)
{
	return read_us(CLOCK_THREAD_CPUTIME_ID);
}
