#ifndef RCC_REGION_LOAD_H
#define RCC_REGION_LOAD_H

#include "base/arena.h"
#include "base/conf.h"

#include "plan.h"

/* What the command line says of a load. */
struct load_options {
	const char *run;          /* the folder of the running system */
	const char *peers;        /* the peers file */
	const char *data;         /* the folder of the tables; NULL: those inside */
	struct plan_options plan; /* what is made when nothing was begun */
	bool is_seed_said, is_size_said;
};

/*
 * Writes the region through the services, with the keys of its people, or goes on with
 * a load that was begun; prints how close it came. The exit status.
 */
int load_region(struct arena *a, const struct load_options *o);

#endif
