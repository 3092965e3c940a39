#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/copy.h"
#include "base/str.h"

#include "args.h"
#include "command.h"
#include "restore.h"
#include "verbs.h"
#include "words.h"

#define SERVICES_MAX 16

static const struct flag flags[] = {
    {"--from", "DIR", "a backup, or a region in open form", NULL, NULL},
    {"--to", "DIR",
	"the folder of the stores: each service's is made in it, or there and empty",
	NULL, NULL},
    {"--service", "NAME...", "only this one; all of them unless told", NULL, NULL},
    {"--heads", "FILE",
	"entries as somebody wrote them down, one a line: foster 1204:HASH; says what "
	"is lost",
	NULL, NULL},
};

struct restore {
	const char *from, *to;
	const Backup__Manifest *manifest; /* of the parts wanted */
	struct restored list[SERVICES_MAX];
	size_t n;
	struct restore_heads heads;
	bool is_to_made;
};

/* ---- before anything is written ---- */

static bool
is_wanted(const struct tool *t, const char *service)
{
	bool is_any_named = false;

	for (size_t i = 0; i < t->args.n; i++) {
		if (!str_equal(t->args.list[i].flag->name, "--service"))
			continue;
		if (str_equal(t->args.list[i].value, service))
			return true;
		is_any_named = true;
	}
	return !is_any_named;
}

static enum exit_code
choose(const struct tool *t, Backup__Manifest *m)
{
	size_t n = 0;

	for (size_t i = 0; i < t->args.n; i++) {
		const struct arg *arg = &t->args.list[i];
		if (!str_equal(arg->flag->name, "--service") ||
		    backup_part(m, arg->value))
			continue;
		complain("%.40s is not in this backup", arg->value);
		return EXIT_USAGE;
	}
	for (size_t i = 0; i < m->n_parts; i++)
		if (is_wanted(t, m->parts[i]->service))
			m->parts[n++] = m->parts[i];
	m->n_parts = n;
	return EXIT_YES;
}

/* Every file there, and of its length? Its bytes are looked at while it is copied. */
static enum exit_code
check_files(struct tool *t, const struct restore *r)
{
	for (size_t i = 0; i < r->manifest->n_parts; i++) {
		const Backup__Part *part = r->manifest->parts[i];
		const char *path = backup_path(t, r->from, part->file);
		struct stat stat;
		if (lstat(path, &stat) != 0 || !S_ISREG(stat.st_mode)) {
			complain("the backup is not whole: %s is missing", path);
			return EXIT_BROKEN;
		}
		if ((uint64_t)stat.st_size != part->file_bytes) {
			complain("the backup is not whole: %s has %" PRIu64
				 " bytes, and %" PRIu64 " were written",
			    path, (uint64_t)stat.st_size, part->file_bytes);
			return EXIT_BROKEN;
		}
	}
	return EXIT_YES;
}

/* A store is brought back only where none is, and none is served. */
static enum exit_code
check_free(struct restored *r)
{
	r->folder_fd = open(r->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (r->folder_fd >= 0 && flock(r->folder_fd, LOCK_EX | LOCK_NB) != 0 &&
	    errno == EWOULDBLOCK) {
		complain("rcc-%s serves the store %s now: nothing is restored over a "
			 "living store",
		    r->part->service, r->folder);
		return EXIT_REFUSED;
	}
	if (!backup_is_free(r->folder)) {
		complain("there is something in %s already: nothing is restored over "
			 "it; move it away first",
		    r->folder);
		return EXIT_REFUSED;
	}
	return EXIT_YES;
}

static enum exit_code
check(struct tool *t, struct restore *r)
{
	enum exit_code code = check_files(t, r);

	for (size_t i = 0; i < r->manifest->n_parts && code == EXIT_YES; i++) {
		struct restored *one = &r->list[r->n++];
		*one = (struct restored){.part = r->manifest->parts[i],
		    .folder = backup_path(t, r->to, r->manifest->parts[i]->service),
		    .folder_fd = -1};
		one->work = backup_path(t, one->folder, RESTORE_WORK);
		code = check_free(one);
	}
	return code == EXIT_YES ? restore_read_heads(t, r->to, r->manifest, &r->heads)
	                        : code;
}

/* ---- making them ---- */

static enum exit_code
cannot(const char *doing, const char *path)
{
	complain("%s cannot be %s: %s", path, doing, strerror(errno));
	return EXIT_FAULT;
}

static enum exit_code
make_folders(struct restored *r)
{
	r->is_folder_made = mkdir(r->folder, 0700) == 0;
	if (!r->is_folder_made && errno != EEXIST)
		return cannot("made", r->folder);
	if (r->folder_fd < 0)
		r->folder_fd = open(r->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (r->folder_fd < 0 || flock(r->folder_fd, LOCK_EX | LOCK_NB) != 0)
		return cannot("locked", r->folder);
	/* A service may have come and gone before it was locked. */
	if (!backup_is_free(r->folder)) {
		errno = EEXIST;
		return cannot("restored into", r->folder);
	}
	backup_remove(r->work); /* what one that was cut short left */
	r->is_work_made = mkdir(r->work, 0700) == 0;
	return r->is_work_made ? EXIT_YES : cannot("made", r->work);
}

/* Who restores as root does it for whoever owns the folder. */
static enum exit_code
hand_over(const struct restored *r, const char *path)
{
	struct stat stat;

	if (geteuid() != 0)
		return EXIT_YES;
	if (fstat(r->folder_fd, &stat) != 0 ||
	    lchown(path, stat.st_uid, stat.st_gid) != 0)
		return cannot("handed over", path);
	return EXIT_YES;
}

static enum exit_code
put_in_place(struct tool *t, struct restored *r)
{
	const char *made = backup_path(t, r->work, BACKUP_STORE);
	const char *place = backup_path(t, r->folder, BACKUP_STORE);
	enum exit_code code = hand_over(r, made);

	if (code != EXIT_YES)
		return code;
	if (rename(made, place) != 0)
		return cannot("put in its place", made);
	backup_remove(r->work);
	r->is_work_made = r->is_folder_made = false;
	if (copy_sync_folder(r->folder) != ERR_NONE)
		return cannot("made to last", r->folder);
	return EXIT_YES;
}

static void
undo(const struct restore *r)
{
	for (size_t i = 0; i < r->n; i++) {
		if (r->list[i].is_work_made)
			backup_remove(r->list[i].work);
		if (r->list[i].is_folder_made)
			(void)rmdir(r->list[i].folder);
		if (r->list[i].folder_fd >= 0)
			close(r->list[i].folder_fd);
	}
	if (r->is_to_made)
		(void)rmdir(r->to);
}

static enum exit_code
make(struct tool *t, struct restore *r)
{
	enum exit_code code = EXIT_YES;

	r->is_to_made = mkdir(r->to, 0700) == 0;
	if (!r->is_to_made && errno != EEXIST)
		return cannot("made", r->to);
	for (size_t i = 0; i < r->n && code == EXIT_YES; i++) {
		code = make_folders(&r->list[i]);
		if (code == EXIT_YES)
			code = restore_make(t, r->from, &r->list[i], &r->heads);
	}
	for (size_t i = 0; i < r->n && code == EXIT_YES; i++)
		code = put_in_place(t, &r->list[i]);
	if (code == EXIT_YES && copy_sync_folder(r->to) != ERR_NONE)
		code = cannot("made to last", r->to);
	if (code == EXIT_YES && r->is_to_made &&
	    copy_sync_folder(backup_path(t, r->to, "..")) != ERR_NONE)
		code = cannot("made to last", r->to);
	return code;
}

/* ---- what may be lost ---- */

static void
say_lost(struct tool *t, const struct restore *r, const Backup__Part *part)
{
	struct arena *a = &t->arena;

	for (size_t i = 0; i < r->heads.n; i++) {
		const struct restore_known *k = &r->heads.list[i];
		uint64_t number = k->known.head.number;
		if (!str_equal(k->known.service, part->service) ||
		    number <= part->head_number)
			continue;
		(void)printf("  %s has seen entry %s: at least the last %s are lost.\n",
		    words_safe(a, k->who), words_number(a, number),
		    words_number(a, number - part->head_number));
	}
}

static void
print_people(struct tool *t, const struct restore *r)
{
	struct arena *a = &t->arena;

	for (size_t i = 0; i < r->n; i++) {
		const Backup__Part *p = r->list[i].part;
		(void)printf(
		    "%s: %s entries", p->service, words_number(a, p->head_number));
		if (p->head_number > 0)
			(void)printf(
			    ", the last of %s", words_time(a, p->head_time, t->now_ms));
		(void)printf(". Lost is what it acknowledged after %s:%02d.\n",
		    words_time(a, p->begun_time, t->now_ms),
		    (int)(p->begun_time / 1000 % 60));
		say_lost(t, r, p);
	}
	words_wrap(stdout,
	    "Whatever was done since those times was done, whether it is recorded here "
	    "or not: children moved in, places were promised and given up. Ask the "
	    "councils and providers for it and enter it again before new places are "
	    "promised. Every follower of these services will now follow them again "
	    "from "
	    "the beginning.",
	    0, 0);
	(void)puts(NOTICE);
}

/* ---- the verb ---- */

static enum exit_code
restore(struct tool *t, struct restore *r)
{
	Backup__Manifest *m = NULL;
	enum exit_code code = backup_read_manifest(t, r->from, &m);

	if (code == EXIT_YES)
		code = choose(t, m);
	r->manifest = m;
	if (code == EXIT_YES)
		code = check(t, r);
	(void)fflush(stdout);
	if (code == EXIT_YES)
		code = make(t, r);
	undo(r);
	return code;
}

static enum exit_code
run(struct tool *t)
{
	struct restore r = {
	    .from = args_value(t, "--from"), .to = args_value(t, "--to")};
	enum exit_code code;

	if (!r.from || !r.to)
		return complain_usage(
		    t, "say from where to where: --from DIR --to DIR");
	code = restore(t, &r);
	if (code == EXIT_YES && !command_is_shown(t, &r.manifest->base, &code))
		print_people(t, &r);
	return code;
}

const struct verb verb_restore = {
    .name = "restore",
    .summary = "bring stores back from a backup, or a region from its open form",
    .text = "Into empty folders only: a store that is there, or served, is never "
	    "written over, and where anything is wrong with the backup nothing is "
	    "changed. What comes back is a new life of the same journal: those who "
	    "followed the old one follow again from the beginning. It says what may be "
	    "lost. Run it as who owns the stores (or as root), with the services "
	    "stopped.",
    .example = "rccctl restore --from /var/backups/rcc/2026-11-21 --to /var/lib/rcc",
    FLAGS(flags),
    .run = run,
};
