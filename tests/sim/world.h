#ifndef RCC_SIM_WORLD_H
#define RCC_SIM_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/run_batch.h"
#include "base/svc.h"

#include "sim/random.h"
#include "sim/tally.h"

/*
 * The whole co-operative in one process: the real services on real stores, with a
 * simulated network, clock and power, all from one seed. What a seed does it does
 * again, to the byte. Who the clients are is not the world's business.
 *   world.c    turns, and what happens
 *   node.c     each node's clock and power
 *   network.c  what is on its way, and what happens to it there
 *   disk.c     disks that fill
 *   retell.c   the last things that happened, told where something breaks
 *   power.c    power that goes in the middle of a turn
 */

enum node_name {
	NODE_MEMBERS,
	NODE_FOSTER,
	NODE_RESIDENTIAL,
	NODE_REQUESTS,
	NODE_MATCHING,
	NODE_OBSERVATORY,
	NODES
};

#define CLIENTS_MAX 40
#define PARTIES (NODES + CLIENTS_MAX)
#define BATCH_MAX RUN_INPUTS_MAX

/* How unkind the world is. */
struct weather {
	uint32_t drop; /* of a thousand messages; and so the next two */
	uint32_t duplicate;
	uint32_t late;
	uint32_t busy;             /* of a thousand calls */
	uint32_t crash_after_turn; /* of ten thousand turns */
	uint32_t power_cut; /* of ten thousand turns: before, or between, commits */
	uint32_t delay_ms_max;
	uint32_t late_ms_max;
	uint32_t batch_ms; /* what comes within this is taken in one turn */
	/* A node is woken no more often than this, however soon something is due; what
	 * comes in, or is hinted at, has its turn at once. */
	uint32_t wake_every_ms;
};

struct node {
	const struct service *service;
	struct svc *svc; /* NULL while it is down */
	char path[256];
	uint8_t key[32];
	int64_t skew_ms;         /* its clock against the world's */
	int64_t wake_ms;         /* the earliest scheduled wake; INT64_MAX: none */
	int64_t woken_ms;        /* last */
	int64_t paused_until_ms; /* stopped, with all it remembers, and goes on then */
	uint64_t disk_bytes;     /* of its store, for now; 0: enough */
	int64_t full_for_ms;     /* how long there is no more, once that is used up */
	int64_t full_until_ms;   /* 0: it is not */
};

/* Something that will happen. */
struct item {
	int64_t at_ms;
	uint64_t order; /* ties happen in the order they were planned */
	enum {
		ITEM_CALL,
		ITEM_ANSWER,
		ITEM_HINT,
		ITEM_TO_CLIENT,
		ITEM_WAKE_NODE,
		ITEM_WAKE_CLIENT,
		ITEM_RESTART,
	} kind;
	unsigned from, to; /* parties: nodes, then clients */
	uint64_t number;
	uint8_t *data; /* malloc'd */
	size_t len;
};

struct world {
	uint64_t seed;
	struct random random;
	struct weather weather;
	struct tally tally;
	int64_t now_ms;
	int64_t began_ms;
	struct conf_peers peers;
	struct node nodes[NODES];
	struct arena arena;
	struct run_batch *batch; /* what a node takes in one turn, as run gathers it */
	struct item *heap;
	size_t heap_n, heap_size;
	uint64_t order;
	uint64_t cut[PARTIES]; /* bit set: these two cannot talk */
	uint64_t trace;        /* a hash of everything that happened */
	uint64_t turns;
	struct retelling *retelling;
	void *model;  /* what the journals say: struct model */
	bool is_over; /* an invariant failed; `failure` says which */
	char failure[400];
	uint8_t client_keys[CLIENTS_MAX][32];
	void *people; /* who they are: struct actors */
	void (*on_client)(struct world *w, unsigned client, struct bytes envelope);
	void (*on_client_wake)(struct world *w, unsigned client);
	void (*on_turn)(struct world *w, unsigned node); /* after each commit */
	void (*on_crash)(struct world *w, unsigned node);
	/* Before the weather has its way with it: one service to another. */
	void (*on_send)(
	    struct world *w, unsigned from, unsigned to, struct bytes envelope);
	void (*on_open)(struct world *w, unsigned node); /* it starts, from its store */
};

/* `root`: an empty folder for the stores. */
void world_open(struct world *w, uint64_t seed, const char *root);
void world_close(struct world *w);

/* Lets everything that is due before `until_ms` happen. */
void world_run(struct world *w, int64_t until_ms);
void world_send_call(
    struct world *w, unsigned client, enum node_name to, struct bytes envelope);
void world_wake_client(struct world *w, unsigned client, int64_t at_ms);

void world_crash(struct world *w, unsigned node, int64_t down_ms);
/* It neither turns nor answers, what comes for it waits, and then it goes on with what
 * it knew: a process stopped, or its machine. */
void world_pause(struct world *w, unsigned node, int64_t for_ms);
/* From its next start on its disk has room for so many more bytes; when they are used
 * up it ends, and ends again at each start until there is room, so much later. */
void world_fill_disk(
    struct world *w, unsigned node, uint64_t left_bytes, int64_t full_for_ms);
/* There is enough on all disks, and who had too little starts anew. */
void world_make_room(struct world *w);
/* Everybody's clock goes forward at once; what was on its way arrives late. */
void world_jump(struct world *w, int64_t by_ms);
/* One node's clock goes wrong by this much more; it stays within a few seconds. */
void world_drift(struct world *w, unsigned node, int64_t by_ms);
void world_cut(struct world *w, unsigned a, unsigned b, bool is_cut);
/* Nothing comes from a to b; the other way all is well. world_cut mends it. */
void world_silence(struct world *w, unsigned a, unsigned b);
/* The node restarts with a cursor that the source does not know, and follows anew. */
void world_estrange(struct world *w, unsigned node, unsigned source);
/* The node restarts from a copy of its store, made that moment: all is there, and under
 * another incarnation. */
void world_restore(struct world *w, unsigned node);
/* Good weather, everybody reachable. */
void world_heal(struct world *w);

/* Does every node run? */
bool world_is_up(const struct world *w);
/* What this node's clock says. */
int64_t world_now_at(const struct world *w, unsigned node);
unsigned world_node_named(const struct world *w, const char *name);
/* Records the first broken promise and ends the run. */
void world_fail(struct world *w, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* ---- between world.c, node.c and network.c ---- */

/* `wake_ms` is by the node's own clock. */
void node_plan_wake(struct world *w, unsigned node, int64_t wake_ms);
void node_open(struct world *w, unsigned node);
/* Is this for one that is stopped? Then it waits until that goes on. */
bool node_is_paused_for(struct world *w, struct item *item);

void network_plan(struct world *w, struct item item);
/* The next thing to happen before `until_ms`, and what else comes to the same node
 * with it; how many. Each item's data is the caller's to free. */
size_t network_take(struct world *w, int64_t until_ms, struct item batch[BATCH_MAX]);
/* Puts it on its way, if the weather lets it. */
void network_carry(struct world *w, struct item item, struct bytes data);
void network_carry_all(struct world *w, unsigned from, const struct svc_sends *sends);
void network_close(struct world *w);

#endif
