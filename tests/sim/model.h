#ifndef RCC_SIM_MODEL_H
#define RCC_SIM_MODEL_H

#include "sim/world.h"

/*
 * A second opinion: what the journals say, kept by other code than the services'
 * own, and the promises checked against it (design.md section 8). It sees every
 * entry once, right after its commit, whoever hears of it later or never.
 *   model.c           reading journals; what is true of every entry
 *   model_members.c   who is who
 *   model_foster.c    homes, stays, holds: no bed promised twice
 *   model_requests.c  the order of a journey, who took each step, outcomes
 *   model_end.c       the dear ones: rebuilt tables, followed copies, all ended
 */

#define MODEL_ID 32
#define MODEL_CHILDREN 8
#define MODEL_NAMED 16

struct model_person {
	char id[MODEL_ID];
	char organisation[MODEL_ID];
	unsigned roles; /* bits, 1 << members.Role */
};

struct model_council {
	char id[MODEL_ID];
	char adjoining[4][MODEL_ID];
	unsigned adjoining_n;
};

struct model_provider {
	char id[MODEL_ID];
	char council[MODEL_ID]; /* whose own team it is; else empty */
};

struct model_home {
	char id[MODEL_ID];
	char provider[MODEL_ID];
	char council[MODEL_ID]; /* area */
	char vacancy[MODEL_ID];
	uint32_t children_max;
	bool has_moved;
	/* as last published */
	bool is_open;
	uint32_t filled, held;
};

struct model_withheld {
	char id[MODEL_ID];
	char home[MODEL_ID];
	uint32_t places;
	int32_t from_day, until_day;
};

struct model_exemption {
	char id[MODEL_ID];
	char home[MODEL_ID];
	char council[MODEL_ID];
	char named[MODEL_NAMED][MODEL_ID];
	size_t named_n;
	int32_t from_day, until_day;
};

/* Somebody in, or promised, a place: an occupant, or the children of a hold. */
struct model_stay {
	char id[MODEL_ID]; /* hold id, or occupant id */
	char home[MODEL_ID];
	char group[MODEL_ID]; /* siblings of each other share one; else empty */
	char request[MODEL_ID];
	char placement[MODEL_ID];
	char children[MODEL_CHILDREN][MODEL_ID];
	uint32_t children_n;
	bool is_adult;
	bool is_hold;
	int64_t ends_ms; /* holds: expiry, or latest start once confirmed */
};

enum model_hold_state {
	MODEL_HOLD_NONE,
	MODEL_HOLD_HELD,
	MODEL_HOLD_CONFIRMED,
	MODEL_HOLD_STARTED,
	MODEL_HOLD_OVER, /* released or expired; a release may have come first */
};

/* A hold, whatever became of it. */
struct model_hold {
	char id[MODEL_ID];
	char home[MODEL_ID];
	char request[MODEL_ID];
	char placement[MODEL_ID];
	uint64_t fencing_number;
	enum model_hold_state state;
	bool may_confirm, may_start; /* by what requests has recorded */
	bool is_ended;               /* the placement that it became */
};

struct model_bid {
	char provider[MODEL_ID];
	unsigned level; /* opened, ever */
	bool is_interested;
	bool was_chosen; /* ever decided on */
	unsigned outcome;
};

struct model_offer {
	char id[MODEL_ID];
	char provider[MODEL_ID];
	char vacancy[MODEL_ID];
	bool is_lost;
};

#define MODEL_BIDS 16
#define MODEL_OFFERS 48

struct model_request {
	char id[MODEL_ID];
	char council[MODEL_ID];
	unsigned children;
	bool is_emergency;
	struct model_bid bids[MODEL_BIDS];
	size_t bids_n;
	struct model_offer offers[MODEL_OFFERS];
	size_t offers_n;
	/* the journey under way */
	size_t chosen; /* index of the offer */
	char hold[MODEL_ID];
	char placement[MODEL_ID];
	unsigned approver; /* that the law asks for: requests.Approver */
	bool is_decided, is_held, is_confirmed_by_provider, is_confirmed, is_approved;
	bool is_start_ordered;
	bool owes_release; /* of that hold: it is owed by an event of its own */
	int64_t hold_ends_ms;
	/* for good */
	bool is_started, is_ended, is_freed, is_withdrawn;
};

/* One entry of a journal, as it was committed. */
struct model_entry {
	uint64_t number;
	int64_t time_ms;
	uint32_t type;
	const void *event;
};

/* A command that was answered, by whom it came from. */
struct model_command {
	char id[MODEL_ID];
	uint8_t caller[16]; /* of key and user */
};

#define MODEL_LIST(type, name, max)                                                    \
	struct type name[max];                                                         \
	size_t name##_n

struct model {
	struct world *world;
	struct arena arena;
	bool is_loud;           /* each entry on standard output */
	uint64_t seen[NODES];   /* journal number read so far */
	size_t causes_n[NODES]; /* entries that react to a followed one */
	MODEL_LIST(model_person, people, 64);
	MODEL_LIST(model_council, councils, 8);
	MODEL_LIST(model_provider, providers, 16);
	MODEL_LIST(model_home, homes, 64);
	MODEL_LIST(model_withheld, withheld, 512);
	MODEL_LIST(model_exemption, exemptions, 256);
	MODEL_LIST(model_stay, stays, 512);
	MODEL_LIST(model_hold, holds, 1024);
	MODEL_LIST(model_request, requests, 256);
	size_t commands_n[NODES];
	struct model_command commands[NODES][16384];
	char caused[NODES][2048][MODEL_ID];
};

void model_open(struct model *m, struct world *w, bool is_loud);
void model_close(struct model *m);
/* Reads what a node has journalled since, and checks the cheap promises. */
void model_follow(struct model *m, unsigned node);
/* The dear one at a crash: rebuilt tables equal the tables. */
void model_check_rebuild(struct model *m, unsigned node);
/* Everybody has been answered and all is in order: nothing is owed, and nothing is held
 * for a journey that has moved on. */
void model_check_settled(struct model *m);
/* Every journey has ended, nothing is held for nobody, nothing is owed, and every
 * copy is what it is a copy of. */
void model_check_end(struct model *m);

/* NULL where there is none. */
const struct model_request *model_request(const struct model *m, const char *id);
const struct model_bid *model_bid(const struct model_request *r, const char *provider);
bool model_has_command(const struct model *m, unsigned node, const char *id);

/* ---- between the files of the model ---- */

void model_see_members(struct model *m, const struct model_entry *e);
void model_see_foster(struct model *m, const struct model_entry *e);
void model_see_requests(struct model *m, const struct model_entry *e);
void model_check_observatory(struct model *m);
void model_check_holds(struct model *m); /* none outlives its expiry */
/* What is published of a home is so. */
void model_check_places(struct model *m, const struct model_home *h);

void model_keep(char out[MODEL_ID], const char *text); /* NULL: empty */
/* The row of a list that begins with this id; NULL. */
#define MODEL_FIND(list, list_n, wanted)                                               \
	model_find(list, list_n, sizeof(list)[0], wanted)
void *model_find(const void *list, size_t n, size_t size, const char *id);
/* A zeroed row at the end of a list, with this id. */
#define MODEL_ADD(m, list, list_n, id)                                                 \
	model_add(list, &(list_n), sizeof(list) / sizeof(list)[0], sizeof(list)[0], id)
void *model_add(void *list, size_t *n, size_t max, size_t size, const char *id);
struct model_hold *model_hold(struct model *m, const char *id);
const struct model_home *model_home_of_vacancy(
    const struct model *m, const char *vacancy);
/* Has this person one of these roles for this organisation? */
bool model_may(const struct model *m, const char *person, const char *organisation,
    unsigned roles);
/* Who has to approve a home in that area, of that provider's, for this council. */
unsigned model_approver(
    const struct model *m, const char *council, const char *area, const char *provider);

#endif
