#ifndef RCC_RUN_OPTIONS_H
#define RCC_RUN_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/conf.h"
#include "base/log.h"
#include "base/svc.h"

#define RUN_VERSION "0.1"
#define RUN_NOTICE "invented children only: no real child's details may be entered here"
#define RUN_PATH_MAX 512
#define RUN_PROBLEM_MAX 1024

/*
 * What a service was told on its command line and in the files that it names. One that
 * nobody calls (no `call` in its description: the gateway) has no store and no
 * endpoint.
 */
struct run_options {
	const char *config;
	bool is_check;
	const char *copies; /* --verify-tables; NULL: to serve */
	char store[RUN_PATH_MAX];
	char peers_path[RUN_PATH_MAX];
	char key_path[RUN_PATH_MAX];
	char option[RUN_PATH_MAX];
	char log[16];
	enum log_level log_level;
	int64_t room_mib;
	struct conf_peers peers;
	const struct conf_peer *self; /* in peers */
	uint8_t public_key[32], secret_key[32];
};

/* What to do with the process now. */
enum run_next { RUN_GO_ON, RUN_END_WELL, RUN_END_USAGE };

enum run_next run_options_parse(
    struct run_options *o, const struct service *service, int argc, char **argv);
/* Reads the files. `problem` gets one sentence. */
enum err run_options_read(struct run_options *o, const struct service *service,
    char *problem, size_t problem_size) MUST_CHECK;
/*
 * The store for this process alone, as long as *fd is open (-1: nothing is locked): a
 * second one would write over what the first keeps in memory. ERR_BUSY where another
 * has it; `problem` gets one sentence.
 */
enum err run_options_lock(const struct run_options *o, int *fd, char *problem,
    size_t problem_size) MUST_CHECK;
/* Says what was read, and no secret. */
void run_options_print(const struct run_options *o, const struct service *service);

#endif
