#ifndef RCC_LOAD_H
#define RCC_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bus.h"
#include "base/conf.h"
#include "base/id.h"
#include "load/history/history.h"
#include "sim/random.h"

#include "common.pb-c.h"
#include "requests.pb-c.h"

/*
 * Many people of a region at once, in one process, speaking to real daemons: each of
 * them has a key, a line to every service it speaks to and one command or question
 * under way, sent again with the same id until it is answered.
 *   main.c      options, the round in which everybody has a turn, the end
 *   options.c   what the command line says
 *   people.c    who there is, by keys/README; desks, and the clients that sit at them
 *   setup.c     a small co-operative where there is none yet
 *   calls.c     sending, sending again, hearing, the history
 *   jobs.c      what is to be done next, at which desk
 *   council.c   commissioners, nominated officers, directors
 *   provider.c  answering a need; keeping house
 *   officer.c   the co-operative's own: reads
 *   flood.c     far more callers than can be served
 *   settle.c    until nothing is owed and everybody has followed
 */

#define LOAD_ID (ID_LEN + 1)
#define LOAD_CLIENTS_MAX 240
#define LOAD_DESKS_MAX 1024
#define LOAD_PLACES_MAX 8192
#define LOAD_JOURNEYS_MAX 1024
#define LOAD_BIDS_MAX 160
#define LOAD_CALL_BYTES 8192
#define TEXT(literal) ((char *)(uintptr_t)(literal))
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum load_service {
	LOAD_MEMBERS,
	LOAD_FOSTER,
	LOAD_RESIDENTIAL,
	LOAD_REQUESTS,
	LOAD_MATCHING,
	LOAD_OBSERVATORY,
	LOAD_SERVICES
};

struct load_contract {
	const char *name;
	const ProtobufCMessageDescriptor *call, *answer;
};
extern const struct load_contract load_contracts[LOAD_SERVICES];

struct load_options {
	const char *run;     /* the folder with peers.conf and keys */
	const char *history; /* a file */
	int64_t clients;
	int64_t rate;     /* commands and questions a second; 0: as fast as possible */
	int64_t seconds;  /* 0: until `commands` */
	int64_t commands; /* 0: until `seconds` */
	int64_t journeys; /* at once */
	int64_t seed;
	int64_t patience_s;  /* without any answer at all */
	int64_t deadline_ms; /* said with each call */
	int64_t flood;       /* calls on their way over each line; 0: people act */
	int64_t fan_out;     /* places that a need is circulated to */
	bool must_settle;
};
/* The exit status to leave with, or -1: go on. */
int load_options_read(struct load_options *o, int argc, char **argv);

enum load_role {
	LOAD_COMMISSIONER,
	LOAD_NOMINATED,
	LOAD_DIRECTOR,
	LOAD_PLACEMENT,
	LOAD_OFFICER,
	LOAD_ADMINISTRATOR,
	LOAD_ROLES
};

/* Something to be done at a desk, not before its time. */
enum load_verb {
	LOAD_NOTHING,
	LOAD_SUBMIT,
	LOAD_SHORTLIST,
	LOAD_CIRCULATE,
	LOAD_LOOK, /* reads the request, and does what its state asks for */
	LOAD_DECIDE,
	LOAD_OPEN,
	LOAD_START,
	LOAD_END,
	LOAD_WITHDRAW,
	LOAD_APPROVE,
	LOAD_REFERRAL, /* a provider reads what it was asked */
	LOAD_INTEREST,
	LOAD_OFFER,
	LOAD_DECLINE,
	LOAD_CONFIRM,
	LOAD_RENEGE, /* chosen, and says no after all */
	LOAD_KEEP,   /* a provider's own place */
	LOAD_READ,
};

struct load_job {
	enum load_verb verb;
	int64_t due_us;
	size_t journey;  /* index; LOAD_KEEP: of a place */
	uint64_t serial; /* of that journey: the index is used again */
	size_t bid;
};

struct load_desk {
	enum load_role role;
	char organisation[LOAD_ID];
	uint8_t public_key[32], secret_key[32];
	struct load_job *jobs;
	size_t jobs_n, jobs_room;
	unsigned clients;
	bool may_not_ask;             /* a commissioner's council, so it was told */
	size_t first_place, places_n; /* a provider's, one after the other */
};

/* A household's vacancy, or a home's. */
struct load_place {
	enum load_service owner;
	size_t desk;
	char id[LOAD_ID], vacancy[LOAD_ID];
	char council[LOAD_ID];
	uint32_t age_min, age_max;
	char withheld[LOAD_ID], occupant[LOAD_ID]; /* empty: none */
	Common__AgeBand band;
};

struct load_bid {
	size_t place;
	bool is_asked;    /* circulated to */
	bool is_answered; /* offered, or no */
	char offer[LOAD_ID];
};

struct load_journey {
	bool is_used;
	uint64_t serial;
	size_t desk; /* the council's */
	char request[LOAD_ID];
	char placement[LOAD_ID], offer[LOAD_ID]; /* on its way */
	uint32_t age_years;
	bool is_approver_asked, is_yes_asked, is_to_end;
	Requests__Approver approver;
	unsigned rounds, looks;
	struct load_bid bids[LOAD_BIDS_MAX];
	size_t bids_n;
};

struct load_client {
	unsigned number;
	size_t desk;
	struct bus_client *lines[LOAD_SERVICES];
	struct load_job job;
	bool is_waiting, is_question, is_sent;
	enum load_service to;
	uint32_t method;
	struct id id;
	char about[LOAD_ID];
	uint8_t call[LOAD_CALL_BYTES];
	size_t call_len;
	int64_t invoked_us, resend_us, backoff_us;
	int64_t idle_until_us;
};

struct load_totals {
	uint64_t commands, questions, refused, resent, faults, busy;
	uint64_t journeys, started, ended, withdrawn, lost;
	double *command_ms; /* how long each took */
	size_t command_ms_n, command_ms_room;
};

struct load {
	struct load_options options;
	struct conf_peers peers;
	struct arena arena; /* of one call or answer */
	struct random random;
	int history;
	struct load_desk desks[LOAD_DESKS_MAX];
	size_t desks_n;
	struct load_place *places;
	size_t places_n;
	struct load_journey *journeys;
	size_t journeys_open;
	struct load_client *clients;
	size_t clients_n;
	struct load_totals totals;
	int64_t began_us, heard_us, sends_allowed_us;
	bool is_ending; /* nothing new is begun */
};

/* One sentence and the end. */
void load_fail(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
void *load_take(size_t n, size_t size);              /* zeroed, or the end */
void load_keep(char out[LOAD_ID], const char *text); /* NULL: empty */
int32_t load_today(void);
/* Of so many, which it sorts: 0.5 the median, 1 the longest. */
double load_percentile(double *values, size_t n, double fraction);

/* ---- people.c ---- */

/* Reads keys/README and opens a desk for each person; clients sit down at them. */
void load_people(struct load *l);
void load_sit(struct load *l);
size_t load_desk_of(
    const struct load *l, enum load_role role, const char *organisation);
/* The vacancies of all providers, as their owners list them. */
void load_read_places(struct load *l);
void load_path(char *out, size_t size, const struct load *l, const char *name);

/* ---- setup.c ---- */

/* Registers councils, providers, people, homes; writes keys/README last. */
void load_set_up(struct load *l);

/* ---- calls.c ---- */

struct load_line {
	struct bus_client *line;
	enum load_service to;
};
/* Opens one, calls and waits: the answer's body, in the arena; or the end. */
struct load_line load_line_open(struct load *l, enum load_service to,
    const uint8_t public_key[32], const uint8_t secret_key[32]);
const void *load_ask(struct load *l, const struct load_line *line, uint32_t method,
    const ProtobufCMessage *call);

/* Begins a command or a question of this client. */
void load_call(struct load *l, struct load_client *c, enum load_service to,
    uint32_t method, const char *about, const ProtobufCMessage *call);
/* Sends what is to be sent again and takes what came. */
void load_attend(struct load *l, struct load_client *c);

/* What came for a client's call: exactly one of them. */
struct load_answer {
	const ProtobufCMessage *body; /* a yes; NULL */
	const Envelope__Refusal *refusal;
};

/* ---- jobs.c ---- */

void load_push(struct load *l, size_t desk, enum load_verb verb, size_t journey,
    size_t bid, int64_t in_ms);
/* Finds something to do for a client that waits for nothing. */
void load_act(struct load *l, struct load_client *c);
void load_hear(struct load *l, struct load_client *c, const struct load_answer *answer);
void load_journey_over(struct load *l, struct load_journey *j);
struct load_journey *load_journey_new(struct load *l, size_t desk);

/* ---- who does what ---- */

void load_council_act(struct load *l, struct load_client *c);
void load_council_hear(
    struct load *l, struct load_client *c, const struct load_answer *answer);
void load_provider_act(struct load *l, struct load_client *c);
void load_provider_hear(
    struct load *l, struct load_client *c, const struct load_answer *answer);
void load_keep_house(struct load *l, struct load_client *c);
void load_keep_heard(
    struct load *l, struct load_client *c, const struct load_answer *answer);
void load_officer_act(struct load *l, struct load_client *c);

/* A need of so many children of that age. */
const ProtobufCMessage *load_need(
    struct load *l, uint32_t age_years, uint32_t children, bool is_emergency);

/* ---- flood.c ---- */

/* In place of people who act, for as long as was asked for; says what came of it. */
void load_flood(struct load *l);

/* ---- settle.c ---- */

/* Until nothing is owed anywhere and all have followed; false when it takes longer. */
bool load_settle(struct load *l, int64_t wait_ms);

#endif
