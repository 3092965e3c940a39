/*
 * rcc-requests: placement requests and all that happens to one.
 *
 * A commissioner of a council submits a need; this process records it, brings it to
 * the providers the council chooses, keeps their offers, records who decided and why,
 * and drives the chosen placement to its start: hold, the provider's yes, confirm,
 * start. The places are not its own. It owes calls to their owner (rcc-foster or
 * rcc-residential) and sends them until they are answered, so that a crash of either
 * resumes where it was. Siblings for whom no one home has room go to several, together.
 * Every step is an event in its journal, and every time limit becomes one.
 *
 * It takes an emergency with every other service dead. It never chooses an offer,
 * never closes an unfilled request by itself, and never shows a provider more than
 * the child's council opened to it.
 *
 * Read next: requests.c (refusals, and which command in which state), then weigh.c
 * (what the owner's answers do), then wire.c (who may ask what).
 */
#include "base/run.h"
#include "requests/wire.h"

int
main(int argc, char **argv)
{
	return run_service(&requests_service, argc, argv);
}
