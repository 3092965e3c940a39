#ifndef RCC_POWERCUT_POINTS_H
#define RCC_POWERCUT_POINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "powercut/disk.h"
#include "powercut/told.h"

/* What is wrong with the world in which the power is cut: nothing, or something that
 * the checks must notice. */
enum world {
	WORLD_HONEST,
	WORLD_NO_FLUSH,         /* flushes are ignored */
	WORLD_NO_ROOT_FLUSH,    /* the root page is not flushed */
	WORLD_NO_FOLDER_FLUSH,  /* folders are not */
	WORLD_ANSWERS_TOO_SOON, /* answers go out before the commit */
	WORLDS
};

/* A moment of a recording at which the power goes. */
struct point {
	size_t step; /* 2i: record i is under way; 2i + 1: it is done */
	struct cut cut;
	size_t answered_by; /* answers of the records before this count as sent */
};

/* One recording of one store, and how many points of it are tried. */
struct job {
	const char *recording; /* its name */
	const struct service *service;
	const char *option;
	enum world world;
	size_t points_n;
	bool is_restore; /* it was rccctl, and what counts is what it left */
};

struct job_tally {
	uint64_t points, bad, hung, crashed;
	uint64_t answers, told, entries, rows; /* looked for, and looked at */
	uint64_t deep, in_write, absent;
	uint64_t modes[CUT_MODES];
	uint64_t found, processes, killed, records;
	uint64_t answers_of_commit; /* the most */
	struct cut_tally cut;
	bool is_broken; /* it could not be done at all */
};

struct where {
	const char *recordings; /* the folder */
	const char *scratch;    /* a folder for stores, in memory if possible */
	const char *program;    /* this one, for the line that replays */
};

/* Tries a job's points and prints the bad ones where the world is honest. */
void points_try(const struct job *j, const struct where *w, struct job_tally *out);
/* Tries this one, and says all about it. True: it is good. */
bool points_try_one(const struct job *j, const struct where *w, const struct point *p);

/* A folder with all in it. */
void points_remove(const char *path);
const char *points_mode_name(enum cut_mode mode);

#endif
