#ifndef RCC_RCCCTL_RESOLVE_H
#define RCC_RCCCTL_RESOLVE_H

#include "tool.h"

#define RESOLVE_PART_MIN 6

/*
 * Makes whole ids of the last parts of ids (6 characters or more) that a person
 * gave for a request, a vacancy, a provider, a household or an offer, by looking
 * in the list that the caller may see. Leaves alone what is not such a part: the
 * check names it. EXIT_USAGE where a part fits none, or more than one.
 */
enum exit_code resolve_ids(struct tool *t, ProtobufCMessage *message);

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
