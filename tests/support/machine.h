#ifndef RCC_TESTS_SUPPORT_MACHINE_H
#define RCC_TESTS_SUPPORT_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/svc.h"
#include "support/folder.h"

#include "envelope.pb-c.h"

/*
 * Services as machines, for tests: packed bytes in and out of svc_turn, one LMDB each
 * in a temporary folder, a clock that the test holds, and letters carried at once.
 */
#define MACHINES_MAX 6
#define MACHINE_TIME_MS INT64_C(1795262400000) /* 2026-11-21 12:00 in London */

struct machine {
	const struct service *service;
	struct svc *svc;
	const char *option;
	unsigned lives; /* before this one */
	char path[FOLDER_PATH_MAX];
};

struct machines {
	char folder[FOLDER_PATH_MAX];
	struct conf_peers peers;
	struct machine list[MACHINES_MAX];
	size_t n;
	int64_t now_ms;
	uint64_t drawn;     /* ids and seeds so far */
	struct arena arena; /* answers live here until machines_close */
};

void machines_open(struct machines *m);
void machines_close(struct machines *m);
/* Opens a service; all must be added before the first turn. */
void machines_add(
    struct machines *m, const struct service *service, const char *option);
struct svc *machines_svc(struct machines *m, const char *service);
/* Closes and opens its store again, as after a crash. */
void machines_restart(struct machines *m, const char *service);
/* Its store is lost: it begins again with an empty one, as another incarnation. */
void machines_begin_anew(struct machines *m, const char *service);

/* Keeps a copy of its store as it is now; and brings that copy back, as a restore does:
 * what came since is lost, and it lives on as another incarnation. */
void machines_copy(struct machines *m, const char *service);
void machines_restore(struct machines *m, const char *service);

/* The key of a peer, or of whoever is given a number above the peers'. */
void machine_key(unsigned number, uint8_t out[32]);
void machine_peer_key(const struct machines *m, const char *service, uint8_t out[32]);

struct machine_call {
	const char *service;
	uint8_t key[32];
	const char *message_id; /* NULL: a new one */
	const char *user_id, *organisation_id;
	uint32_t method;
	const ProtobufCMessage *body;
};

/* The answer's envelope. */
Envelope__Envelope *machines_call(struct machines *m, const struct machine_call *call);
/* The answer itself; fails the test where there was a fault or a refusal. */
void *machines_ask(struct machines *m, const struct machine_call *call,
    const ProtobufCMessageDescriptor *type);
/* The number of the refusal; fails the test where there was none. */
uint32_t machines_refused(struct machines *m, const struct machine_call *call);
/* The fault; FAULT_UNSPECIFIED where there was none. */
Envelope__Fault machines_fault(struct machines *m, const struct machine_call *call);

/* Writes an event straight into a service's journal. */
void machines_decide(struct machines *m, const char *service, uint32_t type,
    const ProtobufCMessage *event);
/* Carries letters between the services until there are none: all have followed. */
void machines_settle(struct machines *m);

/* A new id by the machines' clock, in the arena. */
char *machines_id(struct machines *m);

/* Does a service's ordered dump come out the same after a rebuild? */
void machines_check_rebuild(struct machines *m, const char *service);

#endif
