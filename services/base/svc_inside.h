#ifndef RCC_SVC_INSIDE_H
#define RCC_SVC_INSIDE_H

/*
 * What the files of svc share and nobody else may see.
 *   svc.c          opening and closing; who is known
 *   svc_decide.c   one decision: from ask to journal; timers; what is sent
 *   svc_turn.c     a turn: timers, calls, answers, pages, one commit
 *   svc_call.c     one call: key, role, check, inbox, handler, reply
 *   svc_follow.c   following others
 *   svc_witness.c  remembering the chains of those we follow
 *   svc_feed.c     being followed
 *   svc_owed.c     calls owed to others until they answer
 *   svc_parked.c   questions passed on, waiting in memory
 *   svc_due.c      what passing time makes us send
 *   svc_health.c   how we are
 *   svc_rebuild.c  own tables from the journal, and their dump
 *   svc_verify.c   own tables kept, beside the same rebuilt
 */

#include "base/access.h"
#include "base/check.h"
#include "base/message.h"
#include "base/svc.h"

#define SVC_EVENTS_A_DECISION 64
#define SVC_SENDS_MAX 1024
#define SVC_PARKED_MAX 256
#define SVC_PARKED_A_PERSON 32 /* of them; services are not bounded */
#define SVC_OWED_WATCHED 256
#define SVC_OWED_A_SERVICE 64   /* of them: one that is down leaves room for others */
#define SVC_OWED_LOOKED_AT 4096 /* rows, to find those */
#define SVC_SOURCES_MAX 8
#define SVC_EVENT_TYPES_MAX 64

#define SVC_SCRATCH_BYTES (32u << 20)
#define SVC_OUTGOING_BYTES (24u << 20)
/* A turn stops taking inputs when less than this is left for what it sends. */
#define SVC_OUTGOING_SPARE (1u << 20)

#define SVC_PAGES_BYTES                                                                \
	((size_t)2 << 20)      /* buffered a source, before they are applied */
#define SVC_EVENTS_A_TURN 2000 /* of followed events, a source */
#define SVC_TIMERS_A_TURN 1000 /* beyond them the inputs wait for another turn */
#define SVC_EVENT_BYTES_MAX (SVC_MESSAGE_BYTES_MAX / 2)
/* An answer beyond this leaves no room for what goes around it. */
#define SVC_ANSWER_BYTES_MAX (SVC_MESSAGE_BYTES_MAX - 1024)

#define SVC_OWED_RETRY_MS 1000
#define SVC_OWED_RETRY_MS_MAX 10000
#define SVC_PULL_EVERY_MS 3000 /* a lost hint costs no more than this */
#define SVC_PULL_TIMEOUT_MS 2000
#define SVC_PARKED_RETRY_MS 20
#define SVC_PARKED_MS_MAX 30000
#define SVC_FRESH_WRITTEN_EVERY_MS 60000
#define SVC_WITNESS_EVERY_MS (INT64_C(3600) * 1000)
#define SVC_WITNESS_EVERY_ENTRIES 1000
#define SVC_ID_AHEAD_MS_MAX (INT64_C(5) * 60 * 1000)
#define SVC_INBOX_MS (INT64_C(24) * 3600 * 1000 * JOURNAL_INBOX_DAYS)
#define SVC_INBOX_EXPIRED_A_TURN 512 /* more than a turn can add */

/* Numbers that mean the same in every service. */
enum { SVC_METHOD_EVENTS = 1, SVC_METHOD_HEALTH = 2, SVC_METHOD_FIRST = 10 };

/* A question passed on, waiting in memory for its answer. */
struct svc_parked {
	bool is_used;
	bool is_new; /* of the turn that is not yet committed */
	bool is_unreachable;
	struct id id;               /* message id of the call we made */
	char person_id[ID_LEN + 1]; /* who asked; "": a service */
	char caller_id[ID_LEN + 1]; /* correlation id for our caller */
	uint64_t token;
	uint32_t method; /* the caller's */
	char service[24];
	uint32_t service_method;
	uint8_t *body; /* malloc'd at start-up with the slot, SVC_PARKED_BODY bytes */
	size_t body_len;
	int64_t deadline_ms;
	int64_t next_ms;
};
#define SVC_PARKED_BODY 4096

struct svc_owed_state {
	char id[ID_LEN + 1];
	char service[24];
	int64_t next_ms;
	int64_t wait_ms;
};

/* How one source is being followed. The cursor row says what was committed; this
 * says what was pulled beyond it. */
struct svc_following {
	const struct svc_source *source;
	uint64_t number; /* pulled and checked */
	uint8_t hash[JOURNAL_HASH_BYTES];
	uint64_t ahead_number; /* pulled */
	uint64_t incarnation;
	uint64_t head_number;
	uint64_t hinted;      /* since the last pull was sent */
	uint64_t done_number; /* committed */
	int64_t reached_ms;   /* when a page that reached the head was last asked for */
	int64_t fresh_ms;     /* the same, once it is committed; 0: never yet */
	int64_t fresh_written_ms;
	uint64_t witnessed_number; /* committed */
	int64_t news_ms;           /* of the first entry pulled beyond it that is no
	                              witness itself; 0: there is none */
	bool is_witnessed;         /* in the turn not yet committed */
	uint8_t *pages;            /* SVC_PAGES_BYTES, each page behind its length */
	size_t pages_len;
	size_t
	    unchecked_len; /* behind them: a page that the next was asked for after */
	unsigned pages_events;
	bool is_restarted; /* the owner did not know our cursor: follow again from 1 */
	bool was_applied;  /* in the turn not yet committed */
	bool reached_head; /* by the last page */
	char stopped[80];  /* why, once it is */
	char fault[80];    /* what is wrong with a page, while it is being applied */
	struct id pull_id; /* in flight while pull_sent_ms > 0 */
	int64_t pull_sent_ms;
	int64_t next_pull_ms;
};

struct svc_pending {
	struct journal_entry entries[SVC_EVENTS_A_DECISION];
	size_t n;
	const ProtobufCMessage *answer;
	const struct refusal *refusal;
	const char *detail;
	struct svc_parked *parked; /* the question that was passed on */
	enum err pass_fault;       /* why it could not be */
};

struct svc {
	const struct service *service;
	const struct conf_peers *peers;
	const char *tables[KV_TABLES_MAX];
	unsigned tables_n;
	struct kv *kv;
	struct arena scratch;  /* one input at a time */
	struct arena outgoing; /* what a turn sends */
	struct svc_send sends[SVC_SENDS_MAX];
	size_t sends_n;
	struct journal_head head;
	struct journal_head committed;
	int64_t now_ms;
	int64_t started_ms;
	uint8_t seed[32];
	uint64_t seed_used;
	uint8_t drawn[256]; /* from the seed, and how much of it is not yet given out */
	size_t drawn_left;
	struct svc_pending pending;
	struct svc_parked parked[SVC_PARKED_MAX];
	size_t parked_n; /* of them in use: mostly none */
	struct svc_owed_state owed[SVC_OWED_WATCHED];
	size_t owed_n;
	uint32_t owed_total;
	int64_t owed_oldest_ms;
	bool owed_is_stale;    /* the table was written since it was read */
	int64_t timer_next_ms; /* the first timer due; INT64_MAX: none */
	struct svc_following following[SVC_SOURCES_MAX];
	/* Per peer (index in peers) and event type: may it have it, and less what? */
	const struct svc_release *released[CONF_PEERS_MAX][SVC_EVENT_TYPES_MAX];
	void *context;
	void (*context_close)(void *);
};

/* svc.c */
void svc_draw(struct svc *svc, void *out, size_t len);
struct id svc_draw_id(struct svc *svc);
struct svc_ask svc_ask_new(struct svc *svc, struct kv_txn *txn, const char *command_id);
/* Journals what was decided; `command` goes into the last entry, NULL for none. */
enum err svc_journal(struct svc_ask *ask, const Journal__CommandRecord *command);
/* The message type of a method or event number in an oneof message; NULL: none. */
const ProtobufCMessageDescriptor *svc_type_of(
    const ProtobufCMessageDescriptor *oneof, uint32_t number);
bool svc_is_own_table(const struct svc *svc, unsigned table);
const struct conf_peer *svc_peer_of_key(const struct svc *svc, const uint8_t key[32]);
/* Room for one more thing to send; false when the turn's sends are full. */
bool svc_push_send(
    struct svc *svc, const char *service, uint64_t token, struct bytes envelope);
/* Packs into the outgoing arena and pushes. */
enum err svc_push_envelope(struct svc *svc, const char *service, uint64_t token,
    const Envelope__Envelope *envelope);
/* An answer that is machine trouble. */
enum err svc_push_fault(struct svc *svc, uint64_t token, const char *correlation_id,
    uint32_t method, enum err fault, const char *detail);
void svc_latch(struct kv_txn *txn, enum err e);

/* Was this store restored, and waits to be shown what was promised since? */
bool svc_waits(const struct svc *svc, struct kv_txn *txn);

/* svc_turn.c: when a turn is due for what time has done, if only to say that the store
 * was restored; INT64_MAX: never. */
int64_t svc_first_timer_ms(const struct svc *svc, struct kv_txn *txn);

/* svc_rebuild.c */
uint32_t svc_read_layout(struct kv_txn *txn);
void svc_write_layout(struct kv_txn *txn, uint32_t layout);
/* Is this row of the inbox past its days? Such rows are in no dump. */
bool svc_is_expired_row(const struct svc *svc, struct bytes key);

/* svc_call.c */
enum err svc_take_call(struct svc *svc, struct kv_txn *txn, const struct svc_input *in);

/* svc_follow.c */
enum err svc_follow_open(struct svc *svc, struct kv_txn *txn);
/* Forgets the followed tables and cursor of every source that fills tables of the
 * service's own making: their rows may be of another layout. */
void svc_follow_again(struct svc *svc, struct kv_txn *txn);
struct svc_following *svc_following(struct svc *svc, const char *service);
/* Is this the answer to a pull? Then it is taken (checked and buffered). */
bool svc_take_page(
    struct svc *svc, const struct svc_input *in, const Envelope__Envelope *envelope);
/* Checks the pages of the last turn, now that those behind them have been asked for. */
void svc_check_pages(struct svc *svc);
bool svc_has_pages(const struct svc *svc);
/* Applies what is buffered of one source; its errors must abort the turn. */
enum err svc_apply_pages(struct svc *svc, struct kv_txn *txn, struct svc_following *f);
void svc_pages_committed(struct svc *svc);
void svc_pages_aborted(struct svc *svc);
void svc_stop_following(struct svc_following *f, const char *why);
int64_t svc_copy_age_ms(const struct svc *svc);
/* Is there anybody to authorise? A copy that never reached the head is none: what it
 * lacks may be a revocation. */
bool svc_knows_members(struct svc *svc, struct kv_txn *txn);

/* svc_witness.c */
/* Notes what there is to witness on a page that was checked. */
void svc_note_news(struct svc_following *f, const Journal__EventsPage *page);
/* When what was pulled of it is to be witnessed; INT64_MAX: there is nothing. */
int64_t svc_witness_due_ms(const struct svc_following *f);
/* Decides that all of it that was applied is witnessed, where that is due. */
enum err svc_witness(struct svc *svc, struct kv_txn *txn, struct svc_following *f);

/* svc_feed.c */
/* Asserts that every release names an event, and fields that can be taken out. */
void svc_check_releases(const struct service *s);
enum err svc_answer_events(struct svc *svc, struct kv_txn *txn,
    const struct conf_peer *peer, const Journal__EventsAsked *asked,
    Journal__EventsPage **out);

/* svc_parked.c */
/* Is this the answer to a question passed on? Then the caller gets it. */
bool svc_take_parked(
    struct svc *svc, const struct svc_input *in, const Envelope__Envelope *envelope);
/* Adds who waits for the question just parked. */
void svc_park_for(struct svc *svc, struct svc_parked *p, const Envelope__Envelope *call,
    uint64_t token);
void svc_unpark(struct svc *svc, struct svc_parked *p);
void svc_parked_committed(struct svc *svc);
void svc_parked_aborted(struct svc *svc);
enum err svc_due_parked(struct svc *svc, int64_t *wake_ms);

/* svc_owed.c */
/* Reads which calls are owed, the oldest first, keeping what is known of when each was
 * last sent. */
void svc_read_owed(struct svc *svc, struct kv_txn *txn);
/* It was sent, or the owner was busy or faulted: try again later. */
void svc_owed_later(struct svc *svc, const char *owed_id, int64_t now_ms);
enum err svc_due_owed(struct svc *svc, int64_t *wake_ms);

/* svc_health.c */
enum err svc_build_health(struct svc *svc, struct kv_txn *txn, Common__Health **out);

#endif
