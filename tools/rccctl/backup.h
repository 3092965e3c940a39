#ifndef RCC_RCCCTL_BACKUP_H
#define RCC_RCCCTL_BACKUP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/verify.h"

#include "method.h"
#include "tool.h"

#include "backup.pb-c.h"

/*
 * A set of copies in a folder: one file a service, and beside them the manifest, which
 * is written last and says what each file must be. Of proto/backup.proto.
 */
#define BACKUP_LAYOUT 1
#define BACKUP_MANIFEST "manifest.json"
#define BACKUP_STORE                                                                   \
	"data.mdb" /* as LMDB names it, in a folder of the service's name */

/* ---- backup_manifest.c ---- */

/* Writes it with its check, and makes it last. */
enum exit_code backup_write_manifest(
    struct tool *t, const char *folder, Backup__Manifest *m);
/* EXIT_BROKEN with one sentence where it is missing, not whole, or of a later release.
 */
enum exit_code backup_read_manifest(
    struct tool *t, const char *folder, Backup__Manifest **out);
const Backup__Part *backup_part(const Backup__Manifest *m, const char *service);

/* ---- backup_set.c: how both a backup and an export are made ---- */

/* One service's journal, copied to `store` (a folder) and checked, becomes the part's
 * file in `folder`; NULL: the copy itself is what is wanted. */
typedef enum exit_code backup_turn(
    struct tool *t, const char *folder, const char *store, Backup__Part *part);

/*
 * Copies every store that the words, or this option, name into the folder --to:
 * followers before those they follow, each checked. All is made under another name
 * and becomes --to at the end, whole, or is removed again. EXIT_REFUSED where
 * something is there already. Of a backup (no turn) each service is left word beside
 * its store.
 */
enum exit_code backup_make_set(
    struct tool *t, const char *option, backup_turn *turn, Backup__Manifest **out);
void backup_print_set(struct tool *t, const Backup__Manifest *m, const char *what);

/* ---- backup_files.c ---- */

/* "folder/name", in the arena; NULL where it is full. */
const char *backup_path(struct tool *t, const char *folder, const char *name);
bool backup_is_file(const char *path);
/* Is the folder absent, or empty but for what a restore that was cut short left? */
bool backup_is_free(const char *folder);
/* The folder with the files in it; no folder below. */
void backup_remove(const char *folder);

#endif
