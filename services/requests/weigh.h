#ifndef RCC_REQUESTS_WEIGH_H
#define RCC_REQUESTS_WEIGH_H

#include "base/arena.h"
#include "requests/journey.h"

/*
 * What the owner's word, or passing time, does to a placement on its way. Each answer
 * moves the one placement it was for, or none; a loss takes with it what was decided on
 * together and has not begun.
 */

/* What the owner was asked. */
enum requests_owed {
	REQUESTS_OWED_HOLD,
	REQUESTS_OWED_CONFIRM,
	REQUESTS_OWED_RELEASE,
	REQUESTS_OWED_START,
	REQUESTS_OWED_END,
};

/* What follows from the owner's answer. */
enum requests_effect {
	REQUESTS_CLOSES, /* the call is closed and nothing moves */
	REQUESTS_HELD,
	REQUESTS_CONFIRMED,
	REQUESTS_BEGUN,
	REQUESTS_FREED,
	REQUESTS_RELEASED,
	REQUESTS_LOST,              /* nothing is held any more */
	REQUESTS_LOST_OWES_RELEASE, /* lost here; the owner may still hold */
	REQUESTS_OWES_RELEASE,      /* granted to a journey that has moved on */
};

/* The owner said yes or no to a call about this hold (NULL for the end). */
enum requests_effect requests_weigh_answer(const Requests__Request *request,
    enum requests_owed owed, const char *hold_id, bool is_yes);

/* A place that is lost, and what the council is told. */
struct requests_loss {
	Requests__Journey *journey;
	const char *sentence;
	bool owes_release; /* the owner may still hold it */
};

/*
 * The owner's own clock ended this hold: what is lost by it? The start is the owner's
 * to answer: what was ordered is settled by that answer alone. False where nothing is.
 * A provider that has said yes does not lose its place because another has not: the
 * silent one does.
 */
bool requests_weigh_expiry(
    const Requests__Request *request, const char *hold_id, struct requests_loss *out);

/* The same, where the time set for a place on its way was over at `due_ms`. */
bool requests_weigh_deadline(
    const Requests__Request *request, int64_t due_ms, struct requests_loss *out);

/* What is recorded where the lost place was one of several decided on together: the
 * rest is given back, but for what has begun. NULL when the arena is full. */
Requests__GroupBroken *requests_broken(struct arena *a,
    const Requests__Request *request, const struct requests_loss *loss, int64_t now_ms);

#endif
