#ifndef RCC_REQUESTS_SHOWN_H
#define RCC_REQUESTS_SHOWN_H

#include "base/arena.h"
#include "requests/requests.h"

#include "place.pb-c.h"

/*
 * A placement as its owner is shown it who was restored from a copy: the calls that the
 * owner said yes to, as they were made. NULL where there is nothing to show, since the
 * owner's answer to the hold is still awaited and the hold is asked for again; or with
 * a->is_full.
 */
Place__JourneyShown *requests_journey_shown(struct arena *a,
    const Requests__Request *request, const Requests__Journey *journey);

#endif
