#ifndef RCC_BENCH_ROUNDS_H
#define RCC_BENCH_ROUNDS_H

#include <stddef.h>
#include <stdint.h>

#define BENCH_CLIENTS_MAX 128
#define BENCH_ROUNDS 5

/* A system under measurement: every client is a connection with one command
 * outstanding. */
struct bench_peer {
	const char *name;
	void *state;
	void (*post)(void *state, size_t client);
	/* Waits, then marks with 1 who got an answer. */
	void (*collect)(void *state, size_t clients, uint8_t *answered);
};

struct bench_round {
	double commands_s, p50_us, p99_us;
};

/* A second and a half of commands, by so many clients at once. */
struct bench_round bench_measure(const struct bench_peer *p, size_t clients);

enum bench_of_round { BENCH_RATE, BENCH_P50, BENCH_P99 };
/* The median of one figure of BENCH_ROUNDS rounds. */
double bench_of_rounds(
    const struct bench_round rounds[BENCH_ROUNDS], enum bench_of_round which);

#endif
