#ifndef RCC_REQUESTS_DISCLOSURE_H
#define RCC_REQUESTS_DISCLOSURE_H

#include "base/arena.h"
#include "requests/requests.h"

/*
 * Who sees what of a request. Its own council sees all of it; an officer of the
 * co-operative sees an open one at level 1, with what has been said to it counted
 * but nobody named; a provider sees the levels opened to it, its own part, and a
 * state that tells nothing of anybody else's; everybody else sees that there is no
 * such request. Of a sibling group every provider reads levels 1 and 2 of all, since
 * it may offer for all or for a part; who a child is, only of those it has a place for.
 */

/* Who asks, in the roles they have in the organisation they act for. */
struct requests_reader {
	const char *organisation_id;
	bool is_council;     /* commissioner, nominated officer or director */
	bool is_provider;    /* placement officer */
	bool is_cooperative; /* officer of the co-operative */
};

enum requests_view {
	REQUESTS_VIEW_NONE,
	REQUESTS_VIEW_COUNCIL,
	REQUESTS_VIEW_COOPERATIVE,
	REQUESTS_VIEW_PROVIDER,
};

enum requests_view requests_view(
    const Requests__Request *request, const struct requests_reader *reader);

/* The level this provider may read now, whatever was opened to it before. */
Requests__Disclosure requests_level(
    const Requests__Request *request, const Requests__Bid *bid);

/* The state as this provider may know it. */
Requests__State requests_state_for(
    const Requests__Request *request, const char *provider_id);

/* The request as this view has it (not REQUESTS_VIEW_NONE); it borrows from the
 * request, and for the council adds to it what is free to choose. NULL when the arena
 * is full. */
Requests__RequestShown *requests_shown(struct arena *a, Requests__Request *request,
    enum requests_view view, const struct requests_reader *reader);

/* Is it still going on, for this view? Those that are not are listed when asked for. */
bool requests_is_current(const Requests__Request *request, enum requests_view view,
    const struct requests_reader *reader);

#endif
