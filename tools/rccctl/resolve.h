#ifndef RCC_RCCCTL_RESOLVE_H
#define RCC_RCCCTL_RESOLVE_H

#include "tool.h"

#define RESOLVE_PART_MIN 6

/*
 * Makes whole ids of the last parts of ids (6 characters or more) that a person
 * gave for a request, vacancy, provider, household, home or offer, by looking
 * in the list that the caller may see. Leaves alone what is not such a part: the
 * check names it. EXIT_USAGE where a part fits none, or more than one.
 */
enum exit_code resolve_ids(struct tool *t, ProtobufCMessage *message);

/*
 * The id in the list of `method`, at `path`, that this is, or that ends in it: NULL
 * where there is none. EXIT_USAGE, explained, where there is more than one; EXIT_FAULT,
 * not explained, where the list could not be had within a few seconds.
 */
enum exit_code resolve_in(struct tool *t, const char *method, const char *path,
    const char *part, const char **id);

/* Names for tables; empty when members is down, and then ids are shown. */
struct resolve_names {
	const char *const *ids;
	const char *const *names;
	size_t n;
};
void resolve_providers(struct tool *t, struct resolve_names *out);
void resolve_councils(struct tool *t, struct resolve_names *out);
/* The name, or the id itself where it is not known. */
const char *resolve_name(const struct resolve_names *names, const char *id);

#endif
