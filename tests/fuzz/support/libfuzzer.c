/* What libFuzzer calls. Nothing else does: under other configurations replay.c drives.
 */
#include "fuzz/support/fuzz.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	fuzz_begin();
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size <= fuzz_target.bytes_max)
		fuzz_take(data, size);
	return 0;
}
