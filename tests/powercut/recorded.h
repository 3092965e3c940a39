#ifndef RCC_POWERCUT_RECORDED_H
#define RCC_POWERCUT_RECORDED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "powercut/recording.h"

/* All that was recorded under one name, process after process, in memory. */
struct record {
	struct record_head head;
	const uint8_t *data;
};

struct recorded {
	struct record *list;
	size_t n;
	unsigned processes,
	    killed; /* of them, and how many did not end by themselves */
};

/* False where there is no such recording, or it is none. */
bool recorded_read(const char *folder, const char *name, struct recorded *out);

#endif
