#ifndef RCC_RCCCTL_PROGRESS_H
#define RCC_RCCCTL_PROGRESS_H

#include <stdint.h>

/*
 * What takes longer than two seconds says so on stderr, and from then on how far it
 * is, once a second.
 */
struct progress {
	const char *subject, *doing; /* "foster", "MiB copied" */
	uint64_t per;                /* done is said in so many: 1 << 20 for MiB */
	int64_t said_us;
};

struct progress progress_begin(const char *subject, const char *doing, uint64_t per);
/* Of this form to be handed to what calls back. */
void progress_more(void *progress, uint64_t done);

#endif
