#ifndef RCC_VERIFY_H
#define RCC_VERIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/journal.h"

/* A place in the chain as somebody else wrote it down: a witness, or a person. */
struct verify_head {
	uint64_t number;
	uint8_t hash[JOURNAL_HASH_BYTES];
};

enum verify_verdict {
	VERIFY_UNREADABLE, /* `what` says why; nothing is known of what was not read */
	VERIFY_HOLDS,      /* every entry, up to the head */
	VERIFY_BAD_ENTRY,  /* `bad_number` is the first; `what` is wrong with it */
	VERIFY_OTHER_HEAD, /* every entry holds, but it is not the chain expected */
};

struct verify_report {
	enum verify_verdict verdict;
	uint64_t entries;     /* that hold, from 1 */
	uint64_t head_number; /* where the last of them stands */
	uint8_t head_hash[JOURNAL_HASH_BYTES];
	int64_t head_time_ms; /* when it was written */
	uint64_t incarnation;
	uint64_t bad_number;
	char what[240]; /* a clause for a person; empty where the verdict is "holds" */
};

/* How a long reading is looked after. */
struct verify_watch {
	int silent_ms; /* without a word for so long, it has come to a halt */
	void (*more)(void *context, uint64_t entries); /* so far; may be NULL */
	void *context;
};

/*
 * Is the journal in this folder (a service's store, or a copy of one) what was
 * written? Reads every entry in a child process, since LMDB may crash or hang on
 * damaged pages: a child that dies, or gets nowhere for APART_SILENT_MS, is
 * reported as unreadable. The other tables are not looked at. `expected` may be
 * NULL; else the entry of that number must have that hash.
 *
 * ERR_NONE whatever the verdict; ERR_INTERNAL where no child could be started. The
 * folder must be writable, for LMDB's lock file, and this process must not have
 * the same store open.
 */
enum err verify_store(const char *path, const struct verify_head *expected,
    struct verify_report *out) MUST_CHECK;
enum err verify_store_watched(const char *path, const struct verify_head *expected,
    const struct verify_watch *watch, struct verify_report *out) MUST_CHECK;

#define VERIFY_KNOWN_MAX 16

/* An entry of another service's journal that this store has seen. */
struct verify_known {
	char service[24];
	struct verify_head head;
};

/*
 * How far this store has followed each of its sources: a chain of theirs that lacks
 * such an entry has lost it. Read in a child too; what cannot be read is not known.
 */
enum err verify_what_is_known(
    const char *path, struct verify_known out[VERIFY_KNOWN_MAX], size_t *n) MUST_CHECK;

/* What another service's journal says of this one. */
enum verify_said {
	VERIFY_SAID_UNREADABLE, /* the witness's journal: `what` says why */
	VERIFY_SAID_NOTHING,    /* it never witnessed this one */
	VERIFY_SAID_THE_SAME,   /* wherever it had seen it */
	VERIFY_SAID_RESTORED,   /* the same, but for what a restore since has lost */
	VERIFY_SAID_OTHERWISE,  /* another hash: this journal was rewritten */
};

struct verify_witness {
	enum verify_said said;
	uint64_t entries; /* of the witness's journal that hold, and were looked at */
	uint64_t times;   /* it witnessed this one in them */
	uint64_t last_number; /* the furthest that agrees; 0: none */
	/* Entries it saw that a restore has lost, first and last; 0: none. */
	uint64_t lost_from, lost_to;
	/* Where it first says otherwise, and both hashes. */
	uint64_t number;
	uint8_t witnessed_hash[JOURNAL_HASH_BYTES];
	uint8_t found_hash[JOURNAL_HASH_BYTES];
	bool is_missing; /* nothing was found: the journal ends before */
	char what[240];
};

/*
 * Is the journal of `service` in the folder `path`, which holds by itself, the one that
 * the owner of the store `witness` followed? Its own journal is proved as it is read,
 * in a child process; what is said after an entry that does not hold is not believed.
 * A restore is no forgery: the journal bears another incarnation since, and what it no
 * longer has is told as lost. Takes and returns what verify_store does.
 */
enum err verify_witnessed(const char *path, const char *service, const char *witness,
    struct verify_witness *out) MUST_CHECK;

#endif
