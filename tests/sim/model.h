#ifndef RCC_SIM_MODEL_H
#define RCC_SIM_MODEL_H

#include "sim/world.h"

/*
 * A second opinion: what the journals say, kept by other code than the services'
 * own, and the promises checked against it (design.md section 8).
 */

#define MODEL_ID 32

struct model_home {
	char id[MODEL_ID];
	uint32_t children_max;
};

/* Somebody in, or promised, a place. */
struct model_stay {
	char id[MODEL_ID]; /* hold id, or occupant id */
	char home[MODEL_ID];
	char group[MODEL_ID]; /* siblings of each other share one; else empty */
	char request[MODEL_ID];
	char placement[MODEL_ID];
	uint32_t children;
	bool is_hold;
	bool is_confirmed;
	int64_t ends_ms; /* holds: expiry, or latest start once confirmed */
};

struct model_opening {
	char request[MODEL_ID];
	char provider[MODEL_ID];
	unsigned level;
};

struct model_request {
	char id[MODEL_ID];
	unsigned children;
	bool is_decided;
	unsigned approver; /* requests.Approver of the journey under way */
	bool is_approved;
	bool is_started, is_freed, is_withdrawn;
};

struct model {
	uint64_t seen[NODES]; /* journal number read so far */
	struct arena arena;
	struct model_home *homes;
	size_t homes_n;
	struct model_stay *stays;
	size_t stays_n;
	struct model_opening *openings;
	size_t openings_n;
	struct model_request *requests;
	size_t requests_n;
	unsigned holds_granted, holds_expired, placements, losses;
};

void model_open(struct model *m);
void model_close(struct model *m);
/* Reads what a node has journalled since, and checks the cheap promises. */
void model_follow(struct model *m, struct world *w, unsigned node);
/* May this provider see this level of this request, by the journal? */
bool model_is_opened(const struct model *m, const char *request, const char *provider,
    unsigned level);
/* The dear ones: rebuilt tables equal the tables; journals prove themselves. */
void model_check_rebuild(struct model *m, struct world *w, unsigned node);
/* Every journey has ended, nothing is held for nobody, nothing is owed. */
void model_check_end(struct model *m, struct world *w);

/* The ids of all commands in a node's journal; `ids` is the caller's to free. */
struct model_commands {
	char (*ids)[MODEL_ID];
	size_t n, size;
};
void model_read_commands(struct model_commands *c, struct world *w, unsigned node,
    struct arena *a);
bool model_has_command(const struct model_commands *c, const char *id);

#endif
