#ifndef RCC_SVC_H
#define RCC_SVC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <protobuf-c/protobuf-c.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/conf.h"
#include "base/err.h"
#include "base/id.h"
#include "base/journal.h"
#include "base/kv.h"
#include "base/refusal.h"

#include "envelope.pb-c.h"
#include "journal.pb-c.h"

/*
 * A service is a machine without I/O: (calls, answers, pages, timers; now; seed;
 * store) -> (replies, events, owed calls). This file is that machine; run.c gives
 * it sockets and a clock, tests/sim gives it simulated ones. It never waits and
 * never asks what time it is.
 */

/* Tables that every service's store begins with; its own come after, from
 * SVC_TABLES on, in the order of its `tables` list. */
enum svc_table {
	SVC_JOURNAL = JOURNAL_TABLE,
	SVC_INBOX = JOURNAL_INBOX_TABLE,
	SVC_META = JOURNAL_META_TABLE,
	SVC_OWED,    /* key: owed id; row: journal.OwedCall. Own: rebuilt */
	SVC_TIMERS,  /* key: due time (8), kind (4), subject; row: journal.Timer. Own */
	SVC_CAUSED,  /* key: entry hash reacted to; no value. Own */
	SVC_CURSORS, /* key: source; row: journal.Cursor. Not own */
	SVC_ACCESS_COUNCILS, /* base/access; own in members, followed elsewhere */
	SVC_ACCESS_PROVIDERS,
	SVC_ACCESS_PEOPLE,
	SVC_ACCESS_KEYS,
	SVC_TABLES, /* the first of the service's own */
};

struct svc;

/* Who is asking, as this service knows them. */
struct svc_caller {
	uint8_t key[32];
	const char *service;         /* a peer's name, or NULL for a person */
	const char *person_id;       /* NULL for a service in its own name */
	const char *organisation_id; /* acted for; NULL for a service */
	uint32_t roles; /* bits, 1 << members.Role, in that organisation, today */
};

/* One input being decided. Everything here is good until the handler returns. */
struct svc_ask {
	struct svc *svc;
	struct kv_txn *txn;
	struct arena *arena;
	int64_t now_ms;
	struct svc_caller caller;
	int64_t members_copy_age_ms; /* 0 in members itself */
	const char
	    *command_id; /* message id; for timers and reactions, made from them */
	uint32_t method;
};

/* An event as apply and follow see it. */
struct svc_event {
	uint64_t number;
	int64_t time_ms;
	uint32_t type; /* field number in the event oneof */
	const char *command_id;
	const ProtobufCMessage *message; /* of that field's type */
};

/* What a handler may do. It asks the rules first, and either refuses, or answers,
 * having decided zero or more events. */

/*
 * Decides an event: it is applied at once, so that what follows sees it, and is
 * journalled with the command's other events when the handler returns. Errors
 * latch in ask->txn.
 */
void svc_decide(struct svc_ask *ask, uint32_t type, const ProtobufCMessage *event);
/* The journal number the next decided event will get. */
uint64_t svc_next_number(const struct svc_ask *ask);
/* Which life of the journal this is: another one after each restore. */
uint64_t svc_incarnation(const struct svc_ask *ask);
/* A fresh time-ordered id, from the turn's seed; in ask->arena. */
const char *svc_new_id(struct svc_ask *ask);
/* The answer; must live until the handler returns (ask->arena). */
void svc_answer(struct svc_ask *ask, const ProtobufCMessage *answer);
/* A rule's no; `detail` (may be NULL) is put behind the sentence after a colon.
 * No event may have been decided. Journalled as Refused where it was a command. */
void svc_refuse(struct svc_ask *ask, const struct refusal *no, const char *detail);
/* Passes a question on to another service, once; its answer becomes this one's. Parked
 * in memory only, until the caller's deadline. Where there is no room to park it the
 * caller hears BUSY. */
void svc_pass(struct svc_ask *ask, const char *service, uint32_t method,
    const ProtobufCMessage *body);
/* Has this source been followed to its head since its copy was begun, or begun anew?
 * Before that what is here is a part, and no answer should be given from it. */
bool svc_has_copy(const struct svc_ask *ask, const char *service);
/* Is the copy of members older than the day that people's writes accept? */
bool svc_copy_is_old(const struct svc_ask *ask);

/* What apply may do besides writing its own tables. */

/* Opens an owed call, named `owed_id`; closed only by svc_owed_close. */
void svc_owe(struct kv_txn *txn, struct arena *scratch, const Journal__OwedCall *owed);
void svc_owed_close(struct kv_txn *txn, const char *owed_id);
/* A timer, named by kind and subject and due time; the event that it becomes must
 * clear it. */
void svc_timer_set(struct kv_txn *txn, struct arena *scratch, int64_t due_ms,
    uint32_t kind, const char *subject_id);
void svc_timer_clear(
    struct kv_txn *txn, int64_t due_ms, uint32_t kind, const char *subject_id);
/* This event says that what a restored store waited for has been seen. One from before
 * the restore, applied again in a rebuild, says nothing. */
void svc_restored_clear(struct kv_txn *txn, const struct svc_event *e);

/* The service's own description of itself: all tables, all constant. */

typedef enum err svc_handler(struct svc_ask *ask, const ProtobufCMessage *call);

enum svc_method_kind {
	SVC_QUESTION,         /* writes nothing */
	SVC_COMMAND,          /* people are refused when the copy of members is old */
	SVC_COMMAND_ANY_COPY, /* the handler looks at svc_copy_is_old itself */
};

/* One row a message. The input and output types are those of the call and answer
 * oneofs under this number. Numbers below 10 are answered by svc itself. */
struct svc_method {
	uint32_t number;
	uint32_t roles; /* bits: people who may; SVC_ANYONE for all known people */
	const char *services; /* peers that may, space-separated; NULL: none */
	enum svc_method_kind kind;
	svc_handler *handler;
};

#define SVC_ANYONE UINT32_MAX

/* Which of our event types a follower gets, and which of their fields not. */
struct svc_release {
	const char *follower;
	uint32_t type; /* event number */
	const char *const
	    *withheld; /* field paths ("household.carer_name"), NULL-ended; or NULL */
};

typedef enum err svc_apply(
    struct kv_txn *txn, struct arena *a, const struct svc_event *e);

/* Whom we follow. `apply` writes followed tables only; `react` (may be NULL)
 * decides events of our own, once for each source entry. An event type without
 * meaning for us is not an error; one unknown to this build stops the source. */
struct svc_source {
	const char *service;
	const ProtobufCMessageDescriptor *event;
	svc_apply *apply;
	enum err (*react)(struct svc_ask *ask, const struct svc_event *e);
};

/* The answer to an owed call: exactly one of answer and refusal is not NULL. The
 * refusal's texts are as they came, and not checked. */
struct svc_reply {
	const Journal__OwedCall *owed;
	const ProtobufCMessage *answer;
	const Envelope__Refusal *refusal;
};

struct svc_table_spec {
	const char *name;
	const char
	    *source; /* followed: whose events write it (outside the dump); NULL: own */
};

struct service {
	const char *name;
	/* Version of the tables: a change rebuilds the own ones, and follows from 1
	 * again for the followed ones. */
	uint32_t layout;
	const ProtobufCMessageDescriptor *call, *answer, *event;
	const struct svc_method *methods;
	size_t methods_n;
	const struct svc_table_spec *tables;
	size_t tables_n;
	svc_apply *apply;
	const struct svc_source *sources;
	size_t sources_n;
	const struct svc_release *releases;
	size_t releases_n;
	/* May be NULL where nothing is ever owed, or timed. */
	enum err (*replied)(struct svc_ask *ask, const struct svc_reply *reply);
	enum err (*timer)(struct svc_ask *ask, const Journal__Timer *timer);
	/* The message descriptors of the calls this service owes or passes on. */
	const ProtobufCMessageDescriptor *(*answer_of)(const char *service);
	/*
	 * Who shows a restored store what was promised since; NULL: it needs no
	 * showing. Until svc_restored_clear that service's commands are answered BUSY,
	 * and timers wait: what they would end may have gone on in the time that was
	 * lost. `restored` decides the first events after the restore, by which this
	 * service asks to be shown, or gives up what may no longer hold; apply of one
	 * of them calls svc_restored_clear. Where it is NULL the mark goes when the
	 * store is first opened.
	 */
	const char *restored_waits_for;
	enum err (*restored)(struct svc_ask *ask, const struct journal_head *head);
	bool owns_access; /* members: the access tables are its own */
	/* Start-up work with the open store: read a policy file. May be NULL. */
	enum err (*opened)(
	    struct svc *svc, const char *option, char *problem, size_t problem_size);
	const char *help; /* whole lines of its own in --help. May be NULL. */
};

/* ---- for run and for tests/sim ---- */

#define SVC_MESSAGE_BYTES_MAX ((size_t)256 * 1024)
#define SVC_PAGE_BYTES (64u * 1024)
#define SVC_COPY_AGE_MAX_MS (INT64_C(24) * 3600 * 1000)

struct svc_options {
	const struct service *service;
	const char *path;               /* the store's folder */
	const struct conf_peers *peers; /* must outlive the svc */
	uint64_t map_bytes; /* the most the store may grow to; 0: as kv has it */
	uint64_t room_bytes;
	bool no_sync;         /* simulation */
	bool is_bare;         /* not to be served: service->opened is not called */
	const char *option;   /* passed to service->opened */
	uint64_t incarnation; /* random, for an empty store */
	int64_t now_ms;
};

enum err svc_open(struct svc **out, const struct svc_options *o, char *problem,
    size_t problem_size) MUST_CHECK;
void svc_close(struct svc *svc);
struct kv *svc_kv(struct svc *svc);
void *svc_context(const struct svc *svc); /* set by service->opened */
void svc_set_context(struct svc *svc, void *context, void (*close)(void *));

/* What came in. A call: from whom (authenticated key) and a token to answer by.
 * An answer: from which service. */
struct svc_input {
	bool is_answer;
	uint8_t key[32];     /* calls */
	uint64_t token;      /* calls */
	const char *service; /* answers */
	struct bytes envelope;
};

/* What is to be sent, after the commit: to a caller by token, or to a service. */
struct svc_send {
	const char *service; /* NULL: to the caller */
	uint64_t token;
	struct bytes envelope;
};

struct svc_sends {
	const struct svc_send *list; /* good until the next svc_ call on this svc */
	size_t n;
	size_t taken;  /* of a turn's inputs, the first so many */
	bool has_news; /* the journal grew: hint the followers */
	uint64_t head_number;
};

/*
 * One turn: due timers, then calls and answers, then as many events of pages as
 * are bounded, decided in one write transaction, committed once. Sends come back
 * only after the commit. An apply fault aborts the turn, which is redone one
 * input at a time. ERR_STORAGE or ERR_FULL from the commit: nothing is
 * acknowledged and the process must end. `out->taken` says how many inputs were
 * taken; the rest must come again next turn.
 */
enum err svc_turn(struct svc *svc, int64_t now_ms, const uint8_t seed[32],
    const struct svc_input *inputs, size_t n, struct svc_sends *out) MUST_CHECK;

/*
 * What passing time makes us send: owed calls not yet answered, pulls, parked
 * questions again; and faults for parked questions past their deadline. Also says
 * when to come again.
 */
enum err svc_due(struct svc *svc, int64_t now_ms, struct svc_sends *out,
    int64_t *wake_ms) MUST_CHECK;

/* A hint came: pull from that service soon. */
void svc_hint(struct svc *svc, const char *service, uint64_t number);
/* A send to a service could not be handed over: parked questions for it are
 * answered at once by the next svc_due; owed calls wait and try again. */
void svc_unreachable(struct svc *svc, const char *service, int64_t now_ms);
/* May this key speak to us at all (a peer, or somebody members knows)? */
bool svc_key_is_known(struct svc *svc, const uint8_t key[32]);
/* Is every followed copy there, so that people can be served? */
bool svc_is_ready(struct svc *svc);

/*
 * Decides events outside any call: the very first administrator. `decide` may
 * call svc_decide and svc_new_id; what it returns is returned, and nothing is
 * written unless it is ERR_NONE.
 */
enum err svc_first(struct svc *svc, int64_t now_ms, const uint8_t seed[32],
    enum err (*decide)(struct svc_ask *ask, void *context), void *context) MUST_CHECK;

/* Own tables and inbox anew from the journal. */
enum err svc_rebuild(struct svc *svc, char *problem, size_t problem_size) MUST_CHECK;
/*
 * Are a store's own tables what its journal makes? `kept` and `rebuilt` are two copies
 * of one store that nobody serves; in the second the tables are made anew, then both
 * are compared row by row. The report is in the arena, and names no contents. Errors,
 * with `problem`, where a copy cannot be opened or its journal cannot be applied.
 */
struct svc_copies {
	const char *kept, *rebuilt;
};
enum err svc_verify_tables(const struct service *service,
    const struct svc_copies *copies, struct arena *a, Journal__TablesVerified **out,
    char *problem, size_t problem_size) MUST_CHECK;
/* Every own table's rows in order, fed to `row`: the text of the rebuild proof. */
enum err svc_dump(struct svc *svc,
    void (*row)(void *context, const char *table, struct bytes key, struct bytes value),
    void *context) MUST_CHECK;

#endif
