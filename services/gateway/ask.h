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
#include "gateway/calls.h"
#include "gateway/health.h"

/* Where the question of this round stands with one service. */
struct gateway_asked {
	struct arena said; /* holds its answer */
	bool is_answered;  /* with yes, no, or not at all */
};

/*
 * The question to every service: how are you? All are asked at once, in rounds of a
 * second. Whoever has not answered when its round ends is down until it does.
 */
struct gateway_ask {
	struct calls *calls;
	struct gateway_heard heard[CONF_PEERS_MAX]; /* for gateway_health_view */
	struct gateway_asked asked[CONF_PEERS_MAX];
	size_t n;
	struct arena round;   /* the question, packed */
	int64_t round_end_us; /* 0: none was begun */
	bool is_settled;      /* a first round is over, or was answered by all */
};

/* Asks every peer of `calls`, which must outlive it. */
enum err gateway_ask_open(struct gateway_ask *ask, struct calls *calls) MUST_CHECK;
void gateway_ask_close(struct gateway_ask *ask);

/* Ends a round that is over and begins the next. *wait_us: how long there is nothing
 * more of that to do. */
enum err gateway_ask_go_on(struct gateway_ask *ask, int64_t *wait_us) MUST_CHECK;

#endif
