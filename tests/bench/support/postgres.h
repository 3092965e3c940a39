#ifndef RCC_BENCH_POSTGRES_H
#define RCC_BENCH_POSTGRES_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * A PostgreSQL server of the bench's own, in a temporary folder, with the
 * distribution's defaults (fsync and synchronous_commit on), on TCP without TLS.
 */
struct postgres {
	char folder[128];
	pid_t pid;
	int port;
};

void postgres_open(struct postgres *p, const char *preload);
void postgres_close(struct postgres *p);
/* For PQconnectdb. */
const char *postgres_conninfo(const struct postgres *p, char *out, size_t size);

#endif
