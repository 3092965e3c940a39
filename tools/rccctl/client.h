#ifndef RCC_RCCCTL_CLIENT_H
#define RCC_RCCCTL_CLIENT_H

#include "tool.h"

/* One call to a service. */
struct ask {
	const char *method; /* "requests.decide" */
	const ProtobufCMessage *body;
	int64_t wait_ms; /* 0: the tool's own */
	bool is_command; /* carries the id of --id */
	bool is_quiet;   /* nothing is said when it fails: it was only for show */
};

/*
 * Makes the call, again and again with the same id while the service is down, busy
 * or behind, until its time is up. EXIT_YES with the answer in the arena (an empty
 * one of its type where it carries nothing); any other code has been explained on
 * stderr, and a refusal, under --json, on stdout too.
 */
enum exit_code client_ask(struct tool *t, const struct ask *ask, void **answer);

/*
 * Asks page after page while the answer has a next_id, and joins their rows into
 * the first answer, `most` of them at the most (what is left is said by next_id).
 * `question` has after_id and limit; its first list is what is joined.
 */
enum exit_code client_list(
    struct tool *t, const struct ask *question, size_t most, void **answer);

/* Reads peers and key; called by client_ask where nobody did before. */
enum exit_code client_prepare(struct tool *t);
void client_close(struct tool *t);

/* Sleeps; ends early on a signal. */
void client_pause(int64_t ms);

#endif
