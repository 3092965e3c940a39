#ifndef RCC_RCCCTL_RESTORE_H
#define RCC_RCCCTL_RESTORE_H

#include "base/verify.h"

#include "backup.h"

/* Inside a store's folder, while its contents are being brought back. */
#define RESTORE_WORK ".restoring"

#define RESTORE_KNOWN_MAX 128

/* An entry of one service's journal that somebody else has seen. */
struct restore_known {
	const char *who; /* "requests", or the file it was written down in */
	bool is_stated;  /* by who restores: another chain than that is refused */
	struct verify_known known;
};

/* One service's store, on its way back. */
struct restored {
	const Backup__Part *part;
	const char *folder, *work; /* where it goes, and where it is made */
	int folder_fd;             /* the lock on it; -1 */
	bool is_folder_made;       /* by us, and goes again where we fail */
	bool is_work_made;
};

/* What all of them are compared with. */
struct restore_heads {
	struct restore_known list[RESTORE_KNOWN_MAX];
	size_t n;
};

/* restore_heads.c: the cursors of the other stores in the folder, and --heads FILE. */
enum exit_code restore_read_heads(struct tool *t, const char *stores,
    const Backup__Manifest *restored, struct restore_heads *out);

/*
 * restore_part.c: makes the store in r->work from the part's file, checked against the
 * manifest and against what others know of it, with a new incarnation and marked as
 * restored.
 */
enum exit_code restore_make(struct tool *t, const char *from, const struct restored *r,
    const struct restore_heads *heads);

/* restore_lines.c: the journal of a part in open form, into the empty folder. */
enum exit_code restore_lines(
    struct tool *t, const char *from, const struct restored *r);

#endif
