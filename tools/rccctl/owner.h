#ifndef RCC_RCCCTL_OWNER_H
#define RCC_RCCCTL_OWNER_H

#include "tool.h"

/* One of the services that may own what the verb's word names. */
struct owner {
	const char *type;        /* what --type calls it: "foster" */
	const char *list, *path; /* where its ids stand: "foster.vacancies" */
	const char *call;
	const char *const *fields;
	void (*print)(struct tool *t, const ProtobufCMessage *answer);
};

#define OWNERS_N 2
#define OWNER_TYPE                                                                     \
	{                                                                              \
		"--type", "TYPE",                                                      \
		    "whose it is, foster or home: then nobody is asked which", NULL,   \
		    NULL                                                               \
	}

/*
 * Does the verb with the owner of its one word: the one in whose list the id, or the
 * one id that ends in it, stands; or the one that --type says. An id in nobody's list
 * goes to the first, whose no says what there is to say.
 */
enum exit_code owner_run(struct tool *t, const struct owner owners[OWNERS_N]);
/* Does the verb with this one. */
enum exit_code owner_run_as(struct tool *t, const struct owner *owner);

#endif
