/*
 * rcc-foster keeps the fostering households of the co-operative: what each is
 * approved for, who lives there, which places are not available, which exemptions
 * hold, and so how many places are free. Providers tell it; the council in whose area
 * a carer lives gives exemptions; rcc-requests holds, confirms, starts and ends; all
 * that follow its events know of a household only its published vacancy.
 *
 * It never promises one place twice, never chooses a child or a home, and never
 * counts a place that somebody typed. It knows the carer's name and keeps it.
 *
 * The conversation is in proto/foster.proto. Read limits.c next: it is the law. Then
 * store.h for what is kept, and wire_hold.c for the life of a hold.
 */
#include "base/run.h"
#include "foster/wire.h"

int
main(int argc, char **argv)
{
	return run_service(&foster_service, argc, argv);
}
