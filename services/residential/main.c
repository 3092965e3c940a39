/*
 * rcc-residential keeps the children's homes and supported accommodation of the
 * co-operative: what each is registered for, who lives there in so far as it decides
 * who else may, which beds are closed or reserved, and so how many are free. Providers
 * tell it; rcc-requests holds, confirms, starts and ends; all that follow its events
 * know of a home only its published vacancies and its counted beds.
 *
 * It never promises one bed twice, never chooses a child or a home, never counts a bed
 * that somebody typed, and never offers a secure bed: those are national.
 *
 * The conversation is in proto/residential.proto. Read beds.c and mix.c next: a bed is
 * free only beside those who live there. Then store.h for what is kept, and wire_hold.c
 * for the life of a hold.
 */
#include "base/run.h"
#include "residential/wire.h"

int
main(int argc, char **argv)
{
	return run_service(&residential_service, argc, argv);
}
