/*
 * rcc-members: who belongs to the co-operative, and what they may do in it.
 *
 * Administrators write here: councils with the days of their membership, providers,
 * people with their roles and keys. Everybody known may ask who else is here, but for
 * people, who see themselves. Every other service follows these events and admits or
 * turns away from its own copy, so that this one may be down. It knows nothing about
 * any child, and follows nobody.
 *
 * The first administrator is written by `rcc-members --first`, once.
 * Read next: members.h (the rules), wire.c (the messages), base/access.h (the tables).
 */
#include "base/clock.h"
#include "base/run.h"
#include "members/first.h"
#include "members/wire.h"

int
main(int argc, char **argv)
{
	if (members_is_first(argc, argv))
		return members_first_run(argc, argv, clock_now_ms());
	return run_service(&members_service, argc, argv);
}
