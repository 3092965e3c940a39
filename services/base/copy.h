#ifndef RCC_COPY_H
#define RCC_COPY_H

#include <stdint.h>

#include "base/err.h"

#define COPY_HASH_BYTES 32

/*
 * One file copied, and what its bytes were. `to` must not be there yet; it is on the
 * disk when the copy returns, and gone again where the copy failed, with one sentence
 * in `problem`. `more` (may be NULL) is called every so often with the bytes so far.
 */
struct copy {
	const char *from, *to;
	void (*more)(void *context, uint64_t bytes);
	void *context;
	uint64_t bytes;
	uint8_t hash[COPY_HASH_BYTES]; /* BLAKE2b-256 */
	char problem[300];
};

/*
 * The store in the folder `from`, as its last commit left it, into the file `to`; its
 * service may go on writing. Read in a process of its own (base/apart). A page that is
 * damaged is copied as it is: verify_store of the copy says whether there is one.
 * ERR_CORRUPT where it cannot be opened, or reading it crashed or halted; ERR_FULL,
 * ERR_STORAGE where `to` cannot be written.
 */
enum err copy_store(struct copy *c) MUST_CHECK;
/* A plain file; with no `to` it is only read, for its length and hash. */
enum err copy_file(struct copy *c) MUST_CHECK;
/* Makes what was made, renamed or removed in a folder last. */
enum err copy_sync_folder(const char *path) MUST_CHECK;

#endif
