/* rcc-foster, given whatever comes: see support/turn.h. */
#include "foster/wire.h"
#include "fuzz/support/fuzz.h"
#include "fuzz/support/turn.h"

static void
begin(void)
{
	turn_open(&foster_service, NULL);
}

const struct fuzz_target fuzz_target = {.rounds = 200,
    .bytes_max = 4096,
    .open = begin,
    .one = turn_one,
    .close = turn_close};
