/*
 * rcc-observatory: need beside supply, live, by council, type of care and age.
 *
 * Officers of the co-operative and people of its councils ask it. It follows who is
 * known (rcc-members), fostering households (rcc-foster), homes (rcc-residential) and
 * requests (rcc-requests), and keeps nothing of its own: all it holds may be thrown
 * away and followed again. It counts children and knows none: no reference to a child
 * reaches it. It decides nothing; what leaves the council whose children are counted
 * has small counts hidden.
 *
 * Read next: definition.c (what each figure counts), figures.h, suppression.h, wire.c.
 */
#include "base/run.h"
#include "observatory/wire.h"

int
main(int argc, char **argv)
{
	return run_service(&observatory_service, argc, argv);
}
