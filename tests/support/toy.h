#ifndef RCC_TESTS_SUPPORT_TOY_H
#define RCC_TESTS_SUPPORT_TOY_H

#include "base/access.h"
#include "support/machine.h"

#include "foster.pb-c.h"

/*
 * Three small services that stand on base alone and borrow the messages of foster and
 * members: enough of each thing a service may do for base to be tried on.
 *
 *   members   owns the access tables; events are written straight into it
 *   foster    the toy: notes (households), one hold at a time with its timer, owed
 * calls to requests, questions passed on to matching requests  the same again; also
 * follows foster: copies of its notes, and one event of its own (OccupantRecorded) for
 * each note registered there
 *
 * What a note (RegisterHousehold, and AmendHousehold that accepts any copy) makes of
 * itself, its number of bedrooms says.
 */
enum toy_bedrooms {
	TOY_PLAIN = 1,
	TOY_REFUSED = 90,     /* a rule says no */
	TOY_FAULTS,           /* the handler returns a fault */
	TOY_BREAKS_APPLY,     /* what was decided cannot be applied */
	TOY_BREAKS_COPY,      /* a follower cannot apply it */
	TOY_DECIDES_TWO,      /* two events; answers with the number of the last */
	TOY_DECIDES_TOO_MUCH, /* more events than a decision may have */
	TOY_ANSWERS_MUCH,     /* the limit of a question: a long answer */
	TOY_ANSWERS_TOO_MUCH, /* one longer than a message may be */
};

enum toy_refusal { TOY_NO = 100, TOY_TAKEN };

enum { TOY_NOTES = SVC_TABLES, TOY_HOLDS, TOY_REACTIONS, TOY_COPIES, TOY_TABLES_END };

#define TOY_TIMER_HOLD 1
#define TOY_OWED_FAULTS 666 /* an answer with this number cannot be taken */
#define TOY_METHOD(name) FOSTER__FOSTER_CALL__CALL_##name
#define TOY_EVENT(name) FOSTER__FOSTER_EVENT__EVENT_##name

/* How the last handler was called, and what else happened; toy_open clears it. */
struct toy_seen {
	int64_t now_ms, copy_age_ms;
	uint32_t roles;
	char service[24], person_id[ID_LEN + 1], organisation_id[40];
	unsigned handled, replies, refusals, reactions, expired;
	bool leaves_owed_open; /* set by a test: the reply closes nothing */
	bool leaves_timer_on;  /* set by a test: the timer's event clears nothing */
	bool passes_long;      /* set by a test: what is passed on is over 4096 bytes */
	bool passes_then_fails; /* set by a test: a question is passed on, then faulted
	                         */
};
extern struct toy_seen toy_seen;

extern const struct service toy_members_service, toy_service, toy_follower_service;

/* Whose keys are known: numbers for machine_key. */
enum toy_key {
	TOY_OFFICER = 101,  /* placement officer of one provider */
	TOY_OFFICER_TOO,    /* another, of the same */
	TOY_OF_TWO,         /* placement officer of two */
	TOY_COMMISSIONER,   /* of a council: may not write notes */
	TOY_STRANGER = 120, /* unknown */
};
extern const char *const toy_person_ids[4]; /* in that order */
extern const char toy_provider_id[], toy_other_provider_id[];

struct toy {
	struct machines m;
	const char *at; /* the service that calls go to; "foster" */
};

/* Members, the toy and its follower, people known to all three. */
void toy_open(struct toy *t);
void toy_close(struct toy *t);
struct svc *toy_svc(struct toy *t);
/* Members, the toy, and nobody has followed anything yet. */
void toy_open_cold(struct toy *t);
/* Ends everything that was granted to this person, from today on. */
void toy_end_role(struct toy *t, enum toy_key who);
/* The service's store is gone; in its place an empty one with this incarnation. */
void toy_replace(struct toy *t, const char *service, uint64_t incarnation);
/* The same store, under another description of the service; NULL problem: it must open
 */
void toy_reopen_as(struct toy *t, const char *service, const struct service *as);

/* ---- calls ---- */

struct toy_call {
	unsigned key;     /* enum toy_key */
	const char *peer; /* instead of a key: this service */
	const char *message_id, *user_id, *organisation_id;
	uint32_t method;
	const ProtobufCMessage *body;
	uint32_t wait_ms;
	uint64_t token;
};

/* A note with this many bedrooms; in the arena. */
const ProtobufCMessage *toy_note(struct toy *t, uint32_t bedrooms);
struct svc_input toy_input(struct toy *t, const struct toy_call *call);
/* The answer of `from` to what was sent with this id. */
struct svc_input toy_answer_input(struct toy *t, const char *from,
    const char *correlation_id, const Envelope__Envelope *answer);
/* One turn; sends are copied, and good until toy_close. */
enum err toy_turn(
    struct toy *t, const struct svc_input *inputs, size_t n, struct svc_sends *out);
void toy_due(struct toy *t, struct svc_sends *out, int64_t *wake_ms);
/* The reply under this token; NULL where there is none. Fails where there are two. */
Envelope__Envelope *toy_reply(
    struct toy *t, const struct svc_sends *sends, uint64_t token);
/* What was sent to this service with this method, the i-th; NULL where there is none.
 */
Envelope__Envelope *toy_sent(struct toy *t, const struct svc_sends *sends,
    const char *service, uint32_t method, size_t i);
/* One call, one turn, its reply. */
Envelope__Envelope *toy_ask(struct toy *t, const struct toy_call *call);
/* A plain note by the officer; the number it was recorded under. */
uint64_t toy_write(struct toy *t);

/* What a follower asks of an owner now; NULL: nothing. */
const Envelope__Envelope *toy_pull(
    struct toy *t, const char *follower, const char *owner);
/* It asks, and this is the owner's answer, on its way; `page` is what it holds. */
struct svc_input toy_page(
    struct toy *t, const char *follower, const char *owner, Journal__EventsPage **page);
void toy_give(struct toy *t, const char *follower, const struct svc_input *in);

uint64_t toy_head(struct toy *t);
uint64_t toy_rows(struct toy *t, const char *service, unsigned table);
/* The body of a reply, which must be one. */
void *toy_body(struct toy *t, const Envelope__Envelope *reply,
    const ProtobufCMessageDescriptor *type);
const Common__FollowHealth *toy_follow_health(
    struct toy *t, const char *service, const char *source);

#endif
