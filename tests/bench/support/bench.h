#ifndef RCC_BENCH_H
#define RCC_BENCH_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/bus.h"
#include "base/conf.h"

#include "envelope.pb-c.h"

/*
 * What every bench needs: figures on stdout, the machine they were taken on, and
 * real services in a folder of their own. A bench that cannot go on says why and
 * exits; nothing here returns an error.
 */

/* "figure <name> <value> <unit>", the one form that programs read. */
void bench_figure(const char *name, double value, const char *unit);
/* Checks a limit and says so; a missed limit makes bench_exit return 1. */
void bench_limit(
    const char *name, double value, const char *unit, double least, double most);
int bench_exit(void);
/*
 * Puts this process, and all it starts, into the round-robin scheduling class where
 * that is allowed: or on a busy machine every wake-up waits for a tick and the figures
 * are the scheduler's. Both sides of a comparison always run in the same class.
 */
void bench_quiet(void);
/* Cores, memory, kernel, scheduling class, and how long a flush takes in this folder.
 */
void bench_machine(const char *folder);
double bench_median(double *values, size_t n); /* sorts them */
double bench_percentile(double *sorted, size_t n, double fraction);
void bench_sort(double *values, size_t n);
void bench_fail(const char *format, ...)
    __attribute__((format(printf, 1, 2), noreturn));

enum bench_service {
	BENCH_MEMBERS,
	BENCH_FOSTER,
	BENCH_RESIDENTIAL,
	BENCH_REQUESTS,
	BENCH_MATCHING,
	BENCH_OBSERVATORY,
	BENCH_SERVICES
};

struct bench_key {
	uint8_t public_key[32], secret_key[32];
};

struct bench_region {
	char folder[128];
	struct conf_peers peers;
	struct bench_key keys[BENCH_SERVICES];
	struct bench_key administrator;
	struct bench_key officer; /* placement officer of the one provider */
	struct bench_key gateway;
	char provider_id[32];
	pid_t pids[BENCH_SERVICES];
	pid_t gateway_pid;
	int gateway_port;   /* of 127.0.0.1 */
	char front[160];    /* the gateway's other door, a unix socket */
	struct arena arena; /* for whoever builds calls */
};

const char *bench_name(enum bench_service s);
/* Folder, keys, peers and configuration; starts nothing. */
void bench_region_open(struct bench_region *r);
void bench_region_close(struct bench_region *r); /* stops all, removes the folder */
const char *bench_store(
    struct bench_region *r, enum bench_service s, char *out, size_t size);
/* `preload` (may be NULL) goes into LD_PRELOAD. Waits until it answers health. */
void bench_start(struct bench_region *r, enum bench_service s, const char *preload);
void bench_spawn(struct bench_region *r, enum bench_service s, const char *preload);
void bench_stop(struct bench_region *r, enum bench_service s, int signal);
/* While members is not running yet. */
void bench_first_administrator(struct bench_region *r);
/* First administrator, one council, one provider and its officer; members and
 * foster are started with `preload`. */
void bench_people(struct bench_region *r, const char *preload);

/* At a port of its own, and for a web server in front that knows BENCH_SECRET. Waits
 * until it takes connections. */
#define BENCH_SECRET "0123456789abcdef0123456789abcdef"
void bench_start_gateway(struct bench_region *r);
/* To 127.0.0.1, or a unix socket; -1 where nobody listens. */
int bench_connect(int port);
int bench_connect_unix(const char *path);

struct bus_client *bench_client(
    struct bench_region *r, enum bench_service s, const struct bench_key *key);
/* Calls and waits; the answer of that type, or the end of the bench. */
const void *bench_call(struct bench_region *r, struct bus_client *c, uint32_t method,
    const ProtobufCMessage *call, const ProtobufCMessageDescriptor *type);
/* Of a service that runs. */
uint64_t bench_head(struct bench_region *r, enum bench_service s);
/* Health until `number` of `source` has been followed by the service. */
void bench_await_followed(
    struct bench_region *r, struct bus_client *c, const char *source, uint64_t number);

#endif
