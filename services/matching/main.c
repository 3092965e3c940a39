/*
 * rcc-matching: which vacancy suits which request, and why.
 *
 * rcc-requests asks it, passing on a question of the child's own council; anyone known
 * here may read the policy. It follows vacancies (rcc-foster), requests (rcc-requests)
 * and who is known (rcc-members), and keeps nothing of its own: all it holds may be
 * thrown away and followed again. It ranks and explains; it never chooses, promises
 * nothing, and learns nothing about a child from the past of other children.
 *
 * Read next: matching.h (the rules), score.h and policy.conf (the points), wire.c.
 */
#include "base/run.h"
#include "matching/wire.h"

int
main(int argc, char **argv)
{
	return run_service(&matching_service, argc, argv);
}
