#ifndef RCC_RCCCTL_STORY_PLACES_H
#define RCC_RCCCTL_STORY_PLACES_H

#include "tool.h"

#include "requests.pb-c.h"

/* The part of a request's story that tells of its placements: where they are, what they
 * wait for, and what else is free to choose. On stdout. */

struct story_places {
	Requests__Journey *const *list;
	size_t n;
	const char
	    *lost_hold_id; /* by whose loss the others were given back; or NULL */
};

/* "Needed by     21 Nov 2026" */
void story_line(const char *label, const char *text);

/* "A and B"; "all" where no letter is named. */
const char *story_letters(struct arena *a, char *const *refs, size_t n);
/* "A and B, apart from C" */
const char *story_split(struct arena *a, const Requests__Split *split);

/* "the provider's yes; held until today 15:40": of the placement that is least far. */
const char *story_waits_for(struct tool *t, Requests__State state,
    int64_t answer_by_time, struct story_places places);

/* Each placement; where there are several, with whose it is and what it waits for. */
void story_places(struct tool *t, struct story_places places);

/* How a group was broken, and each way in which the children may live apart with the
 * offers that stand for it. */
void story_free(struct tool *t, const Requests__Request *r);

#endif
