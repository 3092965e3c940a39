#ifndef RCC_REGION_POST_H
#define RCC_REGION_POST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bus.h"
#include "base/id.h"

/* One command on its way to a service. */
struct post {
	size_t person; /* whose key it goes out with: index in the plan */
	uint32_t method;
	const ProtobufCMessage *body;
	const ProtobufCMessageDescriptor *answer; /* its first field is an id */
	char **made_id;                           /* out; NULL: nobody asks */
	struct id id; /* the same whenever the load is begun again */
};

/* What is told to the person who waits, from the third second on. */
struct progress {
	const char *what;
	size_t done, n; /* commands, of the whole load */
	int64_t began_us, told_us;
	int64_t first_us; /* when the first was answered */
};
void progress_tell(struct progress *p, size_t more);

/* The rules' noes: none is expected, and the first is told. */
struct refused {
	size_t n;
	char first[300];
};

/* One connection and what goes over it, in order. */
struct line {
	struct bus_client *client;
	struct post *list;
	size_t n;
};

/* Where what comes of the lines goes. */
struct posting {
	const char *service;
	struct arena *keep; /* ids made */
	struct progress *progress;
	struct refused *refused;
};

#define POST_LINES_MAX 64

/*
 * Sends all of them over all the lines at once, many at a time, each again with the
 * same id until it is answered. Ends the process with a sentence on a fault that does
 * not pass, and after half a minute without an answer.
 */
void post_all(const struct posting *posting, const struct line *lines, size_t n);

/* One question or command, answered: its body, unpacked in the arena. */
void *post_one(struct bus_client *client, const char *service, struct arena *a,
    uint32_t method, const ProtobufCMessage *body,
    const ProtobufCMessageDescriptor *answer);

#endif
