#ifndef RCC_SIM_ACTORS_H
#define RCC_SIM_ACTORS_H

#include "sim/model.h"
#include "sim/world.h"

/*
 * The people: an administrator, commissioners, directors and placement officers
 * who ask, offer, decide and change their minds at random, and who send a command
 * again with the same id until they have heard an answer.
 */

enum persona { PERSONA_ADMINISTRATOR, PERSONA_COMMISSIONER, PERSONA_DIRECTOR,
	PERSONA_PLACEMENT_OFFICER };

#define KNOWN_MAX 512

struct known {
	char id[MODEL_ID];
	char parent[MODEL_ID]; /* of an offer: its request; of a vacancy: its household */
	char owner[MODEL_ID]; /* organisation */
};

struct known_list {
	struct known items[KNOWN_MAX];
	size_t n;
};

struct actor {
	enum persona persona;
	char organisation[MODEL_ID];
	char person[MODEL_ID];
	/* What it is waiting for; sent again until answered. */
	bool is_waiting;
	enum node_name to;
	uint32_t method;
	struct id id;
	uint8_t call[8192];
	size_t call_len;
	unsigned tries;
	int64_t next_send_ms;
	char about[MODEL_ID]; /* the request the call is about */
	char offer[MODEL_ID], bidder[MODEL_ID]; /* of a decision */
};

struct ledger_row {
	enum node_name node;
	uint32_t method;
	struct id id;
};

struct actors {
	struct world *world;
	struct model *model;
	struct arena arena;
	struct actor list[CLIENTS_MAX];
	size_t n;
	struct known_list households, vacancies, requests, offers;
	struct known_list decided; /* id: request; parent: offer; owner: provider */
	struct ledger_row *acknowledged;
	size_t acknowledged_n, acknowledged_size;
	bool is_resting; /* finish what is under way, begin nothing */
	unsigned answers, refusals, faults;
	/* The last synchronous answer, for setting up. */
	bool got;
	struct bytes answer;
	uint8_t answer_bytes[SVC_MESSAGE_BYTES_MAX];
};

/* Registers councils, providers, people and households in fair weather. */
void actors_open(struct actors *a, struct world *w, struct model *m);
void actors_close(struct actors *a);
void actors_go(struct actors *a);
/* Every command an actor was told "yes" to is in a journal. */
void actors_check_acknowledged(struct actors *a);
/* Is nobody waiting for an answer? */
bool actors_are_idle(const struct actors *a);

#endif
