#ifndef RCC_TESTS_SUPPORT_CHAIN_H
#define RCC_TESTS_SUPPORT_CHAIN_H

#include "base/arena.h"
#include "base/journal.h"
#include "base/kv.h"
#include "support/folder.h"

#define CHAIN_INCARNATION UINT64_C(0x0102030405060708)
#define CHAIN_TIME_MS INT64_C(1795262400000)

/*
 * A store with a journal in a folder of its own, for tests of what is journalled.
 * Everything in an entry follows from its number.
 */
struct chain {
	char folder[FOLDER_PATH_MAX], path[FOLDER_PATH_MAX];
	struct kv_options options;
	struct kv *kv;
	struct arena arena;
};

void chain_open(struct chain *c);
void chain_close(struct chain *c);

/* The id, caller's key and event (of `len` bytes) of the entry of this number. */
const char *chain_id(uint64_t number);
struct bytes chain_key(uint64_t number);
struct bytes chain_event(uint64_t number, size_t len);

/* Appends `n` commands of one entry each, `a_commit` to a commit. */
void chain_append(struct chain *c, uint64_t n, uint64_t a_commit, size_t event_len);
struct journal_head chain_head(struct chain *c);

#endif
