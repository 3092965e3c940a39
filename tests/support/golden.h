#ifndef RCC_TESTS_SUPPORT_GOLDEN_H
#define RCC_TESTS_SUPPORT_GOLDEN_H

#include <stdint.h>

#include "base/svc.h"

/*
 * The journals of released builds, kept for ever, and what becomes of them when they
 * are replayed. tests/golden/README.md says how the next release's are made.
 *
 *   tests/golden/<release>/<service>.journal  every entry: its length (4 bytes,
 *                                             big-endian), its journal.Record
 *   tests/golden/<release>/<service>.dump     a line for each layout of its tables:
 *                                             layout, entries, hash of the dump
 */

/* Replays every release's journal of this service, and compares the dump. */
void golden_check(const struct service *service);

/* Puts the entries of such a journal into an empty store, which is to be opened anew
 * then: that makes its tables. How many there were. */
uint64_t golden_fill(struct svc *svc, const char *journal);

/*
 * Writes this service's journal and its dump's line into the folder of a new release.
 * Fails the test where the journal lacks one of the service's event types, or the
 * folder holds one already.
 */
void golden_write(struct svc *svc, const struct service *service, const char *folder);

/* The folder to write to, from GOLDEN_WRITE; NULL: check instead. */
const char *golden_folder(void);

/* A choice below n, from a sequence that is always the same. */
uint32_t golden_draw(uint64_t *state, uint32_t n);

#endif
