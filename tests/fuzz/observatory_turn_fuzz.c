/* rcc-observatory, given whatever comes: see support/turn.h. */
#include "fuzz/support/fuzz.h"
#include "fuzz/support/turn.h"
#include "observatory/wire.h"

static void
begin(void)
{
	turn_open(&observatory_service, NULL);
}

const struct fuzz_target fuzz_target = {.rounds = 20,
    .bytes_max = 4096,
    .open = begin,
    .one = turn_one,
    .close = turn_close};
