/* rcc-members, given whatever comes: see support/turn.h. */
#include "fuzz/support/fuzz.h"
#include "fuzz/support/turn.h"
#include "members/wire.h"

static void
begin(void)
{
	turn_open(&members_service, "sign-in-links");
}

const struct fuzz_target fuzz_target = {.rounds = 200,
    .bytes_max = 4096,
    .open = begin,
    .one = turn_one,
    .close = turn_close};
