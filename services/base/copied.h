#ifndef RCC_COPIED_H
#define RCC_COPIED_H

#include "base/arena.h"
#include "base/err.h"
#include "base/journal.h"

#include "common.pb-c.h"

/*
 * When was a store last copied? Whoever copied it, and found the copy whole, leaves
 * word beside the store: a common.Copied as JSON. Its service reads it there, so it
 * hears of copies that were made while it was down, and writes nothing.
 */
#define COPIED_FILE "copied.json"

/* Replaces what stood there, at once and to last. ERR_STORAGE, ERR_FULL where the
 * folder cannot be written; then the old word stands. */
enum err copied_write(
    struct arena *a, const char *store, const Common__Copied *copied) MUST_CHECK;
/*
 * In the arena. NULL where there is no word, none that can be read, or one of another
 * journal than the one with this head: a store that was restored has no copy yet.
 */
Common__Copied *copied_read(
    struct arena *a, const char *store, const struct journal_head *head);

#endif
