#ifndef RCC_SIM_WORLD_H
#define RCC_SIM_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/svc.h"

/*
 * The whole co-operative in one process: the real services on real stores, with a
 * simulated network, clock and power, all from one seed. What a seed does it does
 * again, to the byte.
 */

enum node_name { NODE_MEMBERS, NODE_FOSTER, NODE_REQUESTS, NODE_MATCHING, NODES };

#define CLIENTS_MAX 32
#define PARTIES (NODES + CLIENTS_MAX)

struct random {
	uint64_t state;
};

uint64_t random_next(struct random *r);
uint32_t random_below(struct random *r, uint32_t n); /* 0 .. n - 1 */
bool random_one_in(struct random *r, uint32_t n);

/* How unkind the world is, in so many in a thousand. */
struct weather {
	uint32_t drop;
	uint32_t duplicate;
	uint32_t crash_after_turn;
	uint32_t delay_ms_max;
};

struct node {
	const struct service *service;
	struct svc *svc; /* NULL while it is down */
	char path[256];
	uint8_t key[32];
	int64_t skew_ms;
	int64_t wake_ms; /* the earliest scheduled wake; INT64_MAX: none */
	unsigned crashes;
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
	int64_t now_ms;
	struct conf_peers peers;
	struct node nodes[NODES];
	struct item *heap;
	size_t heap_n, heap_size;
	uint64_t order;
	uint64_t cut[PARTIES]; /* partitions: bit set means these two cannot talk */
	uint64_t trace; /* a hash of everything that happened */
	uint64_t turns;
	const char *root;
	bool is_over; /* an invariant failed; `failure` says which */
	char failure[400];
	/* Who the clients are is not the world's business. */
	void (*on_client)(struct world *w, unsigned client, struct bytes envelope);
	void (*on_client_wake)(struct world *w, unsigned client);
	void (*on_turn)(struct world *w, unsigned node); /* after each commit */
	void (*on_crash)(struct world *w, unsigned node);
	uint8_t client_keys[CLIENTS_MAX][32];
};

/* `root`: an empty folder for the stores. */
void world_open(struct world *w, uint64_t seed, const char *root);
void world_close(struct world *w);

void world_send_call(struct world *w, unsigned client, enum node_name to,
    struct bytes envelope);
void world_wake_client(struct world *w, unsigned client, int64_t in_ms);
/* Lets everything that is due before `until_ms` happen. */
void world_run(struct world *w, int64_t until_ms);
void world_crash(struct world *w, enum node_name n, int64_t down_ms);
void world_jump(struct world *w, int64_t by_ms);
void world_partition(struct world *w, unsigned a, unsigned b, bool cut);
void world_heal(struct world *w);
/* Records the first broken invariant and ends the run. */
void world_fail(struct world *w, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
