#ifndef RCC_MEMBERS_WIRE_H
#define RCC_MEMBERS_WIRE_H

#include "base/svc.h"

/* The machine that is rcc-members: its methods, tables and releases. */
extern const struct service members_service;

/* Who the first administrator will be. */
struct members_first {
	const char *name;
	uint8_t public_key[32];
	const struct refusal *no; /* out: why not; NULL when it was done */
};

/*
 * Decides the first administrator, for svc_first: a person, the role from today on
 * and a key. `context` is a struct members_first. Refuses where anything at all
 * was ever written here.
 */
enum err members_first(struct svc_ask *ask, void *context);

#endif
