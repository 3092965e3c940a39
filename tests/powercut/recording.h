#ifndef RCC_POWERCUT_RECORDING_H
#define RCC_POWERCUT_RECORDING_H

#include <stdint.h>

/*
 * What the recorder writes, one file a process, and the replayer reads: a head, then
 * `len` bytes, again and again, in the order in which the process did it. A write, a
 * flush or a change of a folder stands there once it was done; what the process sent,
 * once it was on its way. The last record of a process that was killed may be cut off.
 *
 * Paths are relative to the folder that is watched, and without a zero at their end. A
 * file is called by the handle it was opened under, which counts from 1 in each
 * process.
 */
enum record_kind {
	RECORD_BEGIN = 1, /* a process */
	RECORD_END,       /* it ended by itself */
	RECORD_MADE_FOLDER,
	RECORD_REMOVED, /* a file or folder: path */
	RECORD_RENAMED, /* from, a zero, to */
	RECORD_OPENED,  /* handle, path; `at`: RECORD_NEW where it was not there before
	                 */
	RECORD_FOUND,   /* handle: a file that was there is `at` bytes long; then ... */
	RECORD_FOUND_PAGE,     /* ... handle, at, a page of it that is not all zeros */
	RECORD_WROTE,          /* handle, at, the bytes */
	RECORD_WROTE_DURABLY,  /* the same on a descriptor opened O_DSYNC or O_SYNC */
	RECORD_SIZED,          /* handle, `at`: the length it was given */
	RECORD_FLUSHED,        /* handle */
	RECORD_FLUSHED_FOLDER, /* path; empty: the folder that is watched */
	RECORD_SENT,   /* the last part of a message; `at`: how many parts it had */
	RECORD_UNKNOWN /* what: it changes a file in a way that is not modelled */
};

#define RECORD_NEW 1
#define RECORD_PAGE_BYTES 4096

struct record_head {
	uint32_t kind;
	uint32_t handle;
	uint64_t at;
	uint64_t len;
};

#endif
