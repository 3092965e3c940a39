#ifndef RCC_SHOWN_H
#define RCC_SHOWN_H

#include "base/svc.h"

#include "place.pb-c.h"

/*
 * How an owner of places that was restored is shown by rcc-requests what it promised
 * since its copy was taken (proto/place.proto): the same with every owner, but for the
 * rows of its own. Until all has been shown, svc has rcc-requests wait with what it
 * asks, and the clocks of the holds stand still.
 *
 * Each page is asked for by an owed call, and what was missing, the page and the next
 * question are one commit, so a crash anywhere goes on where it was. All journeys are
 * shown, not those of a window: no two clocks need agree, nor does a store that is
 * restored again before it has been shown everything.
 *
 * Fencing numbers given before the restore may be given again in this life. They are
 * compared within one hold alone, and a hold's id is never given twice; it keeps the
 * number that it was granted under, or, where nobody had yet been told, has a new one.
 */
enum shown_outcome {
	SHOWN_KNOWN,    /* nothing was missing */
	SHOWN_ADOPTED,  /* what was missing is decided */
	SHOWN_NO_PLACE, /* it is in a place that is not known here */
};

struct shown_owner {
	uint32_t restored_event;       /* number of place.Restored in its events */
	uint32_t journeys_shown_event; /* of place.JourneysShown */
	/* Decides what is missing of a journey that is whole: at most 15 events. */
	enum err (*adopt)(struct svc_ask *ask, const Place__JourneyShown *journey,
	    enum shown_outcome *out);
};

/* service->restored: that it was, which opens the first question. */
enum err shown_on_restored(struct svc_ask *ask, const struct journal_head *head,
    const struct shown_owner *owner) MUST_CHECK;
/* service->replied: one page. ERR_MALFORMED where what is shown is not whole; the page
 * is then asked for again. */
enum err shown_on_reply(struct svc_ask *ask, const struct svc_reply *reply,
    const struct shown_owner *owner) MUST_CHECK;

/* service->apply, of the two events. */
enum err shown_apply_restored(
    struct kv_txn *txn, struct arena *a, const struct svc_event *e) MUST_CHECK;
enum err shown_apply_journeys(
    struct kv_txn *txn, struct arena *a, const struct svc_event *e) MUST_CHECK;

/* The call's number among those of rcc-requests. */
#define SHOWN_METHOD 40

#endif
