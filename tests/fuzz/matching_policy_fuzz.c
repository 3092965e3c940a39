/* The policy file: what is read is a policy that can be published, or the file and the
 * reason are named and nothing is. */
#include "fuzz/support/fuzz.h"

#include <string.h>

#include "base/check.h"
#include "base/message.h"
#include "matching/policy.h"

static void
is_a_policy(const struct policy *p)
{
	struct check_problem why;
	struct bytes packed = BYTES_NONE;
	Matching__Policy *m = policy_message(p, &fuzz_arena);
	uint32_t sum = 0;

	for (size_t f = 1; f < POLICY_FACTORS; f++) {
		FUZZ_CHECK(p->source[f][0] != '\0', "factor %zu has no source", f);
		sum += p->points_max[f];
	}
	FUZZ_CHECK(sum == POLICY_POINTS, "%u points", sum);
	FUZZ_CHECK(p->home_miles > 0 && p->school_miles > 0 && p->confirmed_days > 0 &&
		       p->adjoining_percent <= 100,
	    "scales that cannot be divided by");
	FUZZ_CHECK(
	    m != NULL && message_pack(&fuzz_arena, &m->base, &packed) == ERR_NONE,
	    "it cannot be said");
	FUZZ_CHECK(
	    check_message(&m->base, packed, &why), "%s %s", why.field, why.reason);
}

static void
one(struct bytes input)
{
	struct policy policy, untouched;
	char problem[300] = "";
	enum err e;

	memset(&policy, 0x5a, sizeof policy);
	untouched = policy;
	e = policy_read(fuzz_file(input), &policy, problem, sizeof problem);
	FUZZ_CHECK(e == ERR_NONE || e == ERR_MALFORMED, "%s", err_name(e));
	FUZZ_CHECK(memchr(problem, 0, sizeof problem) != NULL, "a problem without end");
	FUZZ_CHECK(
	    (e == ERR_NONE) == (problem[0] == '\0'), "%s: '%s'", err_name(e), problem);
	if (e == ERR_NONE)
		is_a_policy(&policy);
	else
		FUZZ_CHECK(memcmp(&policy, &untouched, sizeof policy) == 0,
		    "refused, and yet something was written");
}

const struct fuzz_target fuzz_target = {.rounds = 3000, .bytes_max = 4096, .one = one};
