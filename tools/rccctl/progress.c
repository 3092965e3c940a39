#include "progress.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"

#define QUIET_US 2000000
#define EVERY_US 1000000

struct progress
progress_begin(const char *subject, const char *doing, uint64_t per)
{
	return (struct progress){
	    subject, doing, per, clock_ticks_us() + QUIET_US - EVERY_US};
}

void
progress_more(void *progress, uint64_t done)
{
	struct progress *p = progress;
	int64_t now_us = clock_ticks_us();

	if (now_us - p->said_us < EVERY_US)
		return;
	p->said_us = now_us;
	(void)fprintf(
	    stderr, "%s: %" PRIu64 " %s\n", p->subject, done / p->per, p->doing);
}
