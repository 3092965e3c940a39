#ifndef RCC_GATEWAY_ASK_H
#define RCC_GATEWAY_ASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/conf.h"
#include "base/err.h"
#include "base/id.h"
#include "gateway/health.h"

struct bus;
struct run_options;

/* One service, and where its question of this round stands. */
struct gateway_asked {
	struct arena said; /* holds its answer */
	bool is_sent;
	bool is_answered;
};

/*
 * The question to every service: how are you? All are asked at once, in rounds of a
 * second. Whoever has not answered when its round ends is down until it does.
 */
struct gateway_ask {
	struct bus *bus;
	struct gateway_heard heard[CONF_PEERS_MAX]; /* for gateway_health_view */
	struct gateway_asked asked[CONF_PEERS_MAX];
	size_t n;
	struct id question;  /* of this round: what answers an earlier one is late */
	struct bytes packed; /* the same, in `round` */
	struct arena round;
	struct arena scratch;
	int64_t round_end_us; /* 0: none was begun */
	bool is_settled;      /* a first round is over, or was answered by all */
};

/* Connects to every peer that has an endpoint; their names in `o` are borrowed. */
enum err gateway_ask_open(struct gateway_ask *ask, const struct run_options *o,
    char *problem, size_t problem_size) MUST_CHECK;
void gateway_ask_close(struct gateway_ask *ask);

/* Ends a round that is over, begins the next, and asks whom it could not reach before.
 * *wait_us: how long there is nothing more of that to do. */
enum err gateway_ask_go_on(struct gateway_ask *ask, int64_t *wait_us) MUST_CHECK;
/* Waits for answers, or for `fd`, and takes those that came. */
enum err gateway_ask_wait(struct gateway_ask *ask, int64_t wait_us, int fd) MUST_CHECK;

#endif
