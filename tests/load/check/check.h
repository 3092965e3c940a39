#ifndef RCC_LOAD_CHECK_H
#define RCC_LOAD_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/kv.h"
#include "load/check/ids.h"
#include "load/history/history.h"

#include "journal.pb-c.h"

/*
 * A history beside the journals of the stores it was made against, once these are
 * stopped: what was acknowledged is there, once, in the order of the clock; no place
 * was promised twice; every journey ended or is open for a reason.
 *   ops.c       the history, command by command
 *   journals.c  every entry of a journal, shown to those below
 *   commands.c  acknowledged means present, as answered; no command twice
 *   order.c     who was answered before another asked stands before them
 *   places.c    households and homes: holds, confirms, releases, starts, ends
 *   journeys.c  the same, as requests has it; and both beside each other
 * Nothing here shares a rule with the services.
 */

enum check_service {
	CHECK_MEMBERS,
	CHECK_FOSTER,
	CHECK_RESIDENTIAL,
	CHECK_REQUESTS,
	CHECK_SERVICES
};

/* A command, or a question. */
struct check_op {
	char id[ID_LEN + 1];
	char method[HISTORY_WORD];
	enum check_service service;
	bool is_question;
	unsigned client;
	int64_t asked_us, answered_us;
	bool is_yes, is_no; /* neither: never answered */
	bool has_number;
	uint64_t number;
	char detail[HISTORY_WORD];
	/* in the journal: its entries, 0 where there are none */
	uint64_t first, last;
	bool is_recorded; /* with its answer */
	char digest[HISTORY_DIGEST];
	uint32_t refused;
};

enum check_hold_state {
	CHECK_HOLD_NONE, /* a release came first */
	CHECK_HOLD_HELD,
	CHECK_HOLD_CONFIRMED,
	CHECK_HOLD_STARTED,
	CHECK_HOLD_OVER, /* released or expired */
	CHECK_HOLD_ENDED,
};

struct check_hold {
	char id[ID_LEN + 1];
	enum check_service owner;
	size_t place;
	uint32_t children;
	uint64_t fencing_number;
	enum check_hold_state state;
};

/* A household, or a home. */
struct check_place {
	char id[ID_LEN + 1];
	enum check_service owner;
	uint32_t most_held;  /* approved children; staffed beds */
	uint32_t most_there; /* approved children; registered places */
	uint32_t held, there;
};

struct check_stay {
	char id[ID_LEN + 1];
	size_t place;
	uint32_t counted; /* 0: a grown-up in a household */
	bool is_over;
};

struct check_withheld {
	char id[ID_LEN + 1];
	size_t place;
	uint32_t places;
	int32_t from_day, until_day;
};

enum check_step {
	CHECK_DECIDED,
	CHECK_HELD,
	CHECK_YES,
	CHECK_CONFIRMED,
	CHECK_ORDERED,
	CHECK_STARTED,
	CHECK_ENDED,
	CHECK_FREED,
	CHECK_LOST, /* or given back */
};

struct check_journey {
	char hold[ID_LEN + 1], placement[ID_LEN + 1], request[ID_LEN + 1];
	char confirm[ID_LEN + 1], start[ID_LEN + 1], end[ID_LEN + 1];
	enum check_service owner;
	enum check_step step;
	uint64_t fencing_number;
};

#define CHECK_LIST(type, name)                                                         \
	struct type *name;                                                             \
	size_t name##_n, name##_room

struct check {
	FILE *out;       /* what is wrong, a line each */
	bool is_settled; /* nothing was owed when the services were stopped */
	const char
	    *by_hand; /* id of a hold that requests never asked for; NULL: none */
	uint64_t wrong;
	struct arena arena; /* of one entry */
	CHECK_LIST(check_op, ops);
	struct ids ops_by_id;
	uint64_t lines, entries, commands, answered, journeys_open;
	/* the journal that is being read */
	struct ids seen[CHECK_SERVICES];
	char last_id[CHECK_SERVICES][ID_LEN + 1];
	bool last_has_record[CHECK_SERVICES];
	CHECK_LIST(check_hold, holds);
	CHECK_LIST(check_place, places);
	CHECK_LIST(check_stay, stays);
	CHECK_LIST(check_withheld, withheld);
	CHECK_LIST(check_journey, journeys);
	struct ids holds_by_id, places_by_id, stays_by_id, placements_by_id;
	struct ids withheld_by_id;
	struct ids journeys_by_hold, journeys_by_placement, journeys_by_end;
};

/* An entry of a journal. */
struct check_entry {
	enum check_service service;
	uint64_t number;
	int64_t time_ms;
	uint32_t type;
	const char *command_id;
	const Journal__CommandRecord *command; /* NULL */
	const void *event; /* NULL: of no type that this build knows */
};

void check_open(struct check *c, FILE *out);
void check_close(struct check *c);
/* ERR of the file's: a line that is none is one thing wrong. */
void check_history(struct check *c, FILE *history);
/* Every entry of the journal in this folder. */
void check_journal(struct check *c, enum check_service service, const char *store);
/* All that can be said once everything has been read; the number of things wrong. */
uint64_t check_end(struct check *c);

const char *check_service_name(enum check_service s);

/*
 * ---- copies, in tables.c ----
 * A service that follows others has tables that are theirs. Emptied, with the cursors,
 * they are made again from the owners' journals by the service itself; then they must
 * be what they were.
 */
/* Empties these tables of a stopped store; false, with a sentence on stderr. */
bool check_empty(const char *store, char *const *tables, size_t n);
/* Every table of both but the journal's own and the cursors, row by row; how many rows.
 */
uint64_t check_same(struct check *c, const char *kept, const char *fresh);

/* ---- between the files ---- */

void check_wrong(struct check *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void *check_add(void **list, size_t *n, size_t *room, size_t size);
#define CHECK_ADD(c, name)                                                             \
	check_add(                                                                     \
	    (void **)&(c)->name, &(c)->name##_n, &(c)->name##_room, sizeof *(c)->name)
void check_keep(char out[ID_LEN + 1], const char *text);

void check_see_command(struct check *c, const struct check_entry *e);
void check_see_foster(struct check *c, const struct check_entry *e);
void check_see_residential(struct check *c, const struct check_entry *e);
void check_see_requests(struct check *c, const struct check_entry *e);
void check_commands(struct check *c);
void check_order(struct check *c);
void check_journeys(struct check *c);

/* ---- of either owner: in places.c ---- */

struct check_place *check_place(
    struct check *c, const struct check_entry *e, const char *id);
void check_grant(struct check *c, const struct check_entry *e, const char *hold,
    const char *place, size_t children, uint64_t fencing_number);
void check_move(struct check *c, const struct check_entry *e, const char *hold,
    enum check_hold_state to);
void check_start(struct check *c, const struct check_entry *e, const char *hold,
    const char *placement);
void check_stop(struct check *c, const struct check_entry *e, const char *placement);
void check_stay(struct check *c, const struct check_entry *e, const char *occupant,
    const char *place, uint32_t counted);
void check_leave(struct check *c, const struct check_entry *e, const char *occupant);
void check_withhold(struct check *c, const struct check_entry *e,
    const struct check_withheld *row, const char *place);
void check_restore(struct check *c, const struct check_entry *e, const char *withheld);

#endif
