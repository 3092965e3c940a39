#ifndef RCC_MANAGER_H
#define RCC_MANAGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * Whoever starts and stops this process (systemd, deploy/keep): its signal to stop, as
 * something to poll, and what it is told in return.
 */
struct manager {
	int stop_fd; /* readable once SIGTERM or SIGINT has come; -1: not open */
	int64_t watchdog_us; /* 0: nobody watches */
	int64_t watchdog_told_us;
	bool is_told_ready;
};

/* Before ZeroMQ starts its thread, so that it too leaves the signals alone. */
enum err manager_open(struct manager *m, char *problem, size_t problem_size) MUST_CHECK;
void manager_close(struct manager *m);

bool manager_says_stop(const struct manager *m);
void manager_tell_ready(struct manager *m); /* the first time; later: nothing */
void manager_tell_alive(struct manager *m); /* as often as it wants to hear it */
void manager_tell_stopping(struct manager *m);

#endif
