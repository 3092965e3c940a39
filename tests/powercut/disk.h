#ifndef RCC_POWERCUT_DISK_H
#define RCC_POWERCUT_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "powercut/recorded.h"

/*
 * A disk as the processes of one recording left it: what is on it for certain, and what
 * is still on its way. A flush of a file brings all of it there; a write on an O_DSYNC
 * descriptor brings its own pages there and none of the others. That a file is in its
 * folder is certain only once the folder was flushed after it came.
 *
 * When the power goes, of what is on its way each page may be there in any of the
 * states it had since it was last certain, or, torn, each of its sectors in another of
 * them; a file may have any length between; the changes of folders are there up to one
 * of them and not after it. A sector of 512 bytes is written whole or not at all: the
 * disks we know promise that, and LMDB's root page (120 bytes) depends on it.
 */
struct disk;

#define DISK_SECTOR_BYTES 512
#define DISK_PATH_MAX 200

/* What a disk may be told not to do, to see that the checks notice. */
struct disk_faults {
	bool no_flush;         /* of files */
	bool no_durable_write; /* O_DSYNC is an ordinary write */
	bool no_folder_flush;
};

struct disk *disk_new(const struct disk_faults *faults);

/* Does what the record says. False with a problem (borrowed, constant) where the
 * recording cannot be followed. A durable write is on its way, until disk_settle. */
bool disk_take(struct disk *d, const struct record *r, const char **problem);
void disk_settle(struct disk *d, const struct record *r);

/* Of what is on its way, what is there when the power is back. */
enum cut_mode {
	CUT_NOTHING,
	CUT_SOME,
	CUT_TORN,
	CUT_ONE_MISSING,
	CUT_ONE_ALONE,
	CUT_EVERYTHING, /* as after a kill */
	CUT_MODES
};

struct cut {
	enum cut_mode mode;
	uint64_t seed;
};

/* What became of what was on its way. */
struct cut_tally {
	uint64_t pages_lost, pages_kept, pages_older, pages_torn;
	uint64_t changes_lost; /* of folders */
};

/*
 * Writes the files below the folder `name` as the cut leaves them, into the folder
 * `to`, which is made where `name` is there. False: they cannot be written.
 */
bool disk_cut(const struct disk *d, const char *name, const struct cut *cut,
    const char *to, struct cut_tally *tally);

/* Pages found by a process other than the recording had left them: what one that was
 * killed had written, and could not say. */
uint64_t disk_found(const struct disk *d);
/* A number from another, as good as any. */
uint64_t disk_mix(uint64_t *state);

#endif
