/*
 * rcc-region: an invented region, so that the system can be seen at work without one
 * real child, carer or agency in it.
 *
 * From one seed and the public data of tools/region/data it makes the ten councils of
 * Greater Manchester, what lies around them, agencies, households, who lives there and
 * who needs a home (plan.h), as close to the published figures as whole numbers go
 * (calibrate.h), and writes all of it through the services with the keys of its people
 * (load.h). It has no right of its own: every command is one that the person could have
 * given. It never reads a store. Read plan.h next.
 */
#include <sodium.h>

#include "options.h"
#include "take.h"

#define ARENA_BYTES (1024ul * 1024 * 1024)

int
main(int argc, char **argv)
{
	struct arena arena;
	struct options o;
	int status = options_read(argc, argv, &o);

	if (status >= 0)
		return status;
	if (sodium_init() < 0)
		fail("libsodium cannot be used here");
	if (arena_open(&arena, ARENA_BYTES) != ERR_NONE)
		fail("there is no memory to work in");
	status = o.run(&arena, &o);
	arena_close(&arena);
	return status;
}
