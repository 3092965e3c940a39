#include "remake.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/apart.h"
#include "base/clock.h"
#include "base/copy.h"
#include "base/json.h"
#include "base/str.h"

#include "args.h"
#include "backup.h"
#include "progress.h"

#define ANSWER_BYTES_MAX 4096
#define LIMIT_MS 600000
#define LOOK_EVERY_MS 500

struct work {
	const char *service;
	const char *folder, *kept, *rebuilt; /* scratch */
	const char *binary;
};

/* ---- where the service is ---- */

/* Beside this tool, or where `make install` puts the services. */
static const char *
find_binary(struct tool *t, const char *service)
{
	static const char *const places[] = {".", "../libexec/rcc"};
	const char *given = args_value(t, "--bin");
	char self[1024];
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	if (given)
		return str_format(&t->arena, "%s/rcc-%s", given, service);
	self[len > 0 ? len : 0] = '\0';
	slash = strrchr(self, '/');
	for (size_t i = 0; slash && i < sizeof(places) / sizeof(places[0]); i++) {
		const char *path = str_format(&t->arena, "%.*s/%s/rcc-%s",
		    (int)(slash - self), self, places[i], service);
		if (path && access(path, X_OK) == 0)
			return path;
	}
	return NULL;
}

/* ---- the copies ---- */

static enum exit_code
copy_twice(struct tool *t, const char *store, struct work *w)
{
	struct progress progress =
	    progress_begin(w->service, "MiB copied", UINT64_C(1) << 20);
	struct copy one = {.from = store,
	    .to = backup_path(t, w->kept, BACKUP_STORE),
	    .more = progress_more,
	    .context = &progress};
	struct copy two = {
	    .from = one.to, .to = backup_path(t, w->rebuilt, BACKUP_STORE)};

	if (mkdir(w->kept, 0700) != 0 || mkdir(w->rebuilt, 0700) != 0) {
		complain("%s cannot be written: %s", w->folder, strerror(errno));
		return EXIT_FAULT;
	}
	if (copy_store(&one) == ERR_NONE && copy_file(&two) == ERR_NONE)
		return EXIT_YES;
	complain("%s", one.problem[0] ? one.problem : two.problem);
	return EXIT_FAULT;
}

/* ---- the service's work ---- */

static int
become_service(const void *context, int pipe)
{
	const struct work *w = context;

	if (dup2(pipe, STDOUT_FILENO) >= 0)
		(void)execl(
		    w->binary, w->binary, "--verify-tables", w->folder, (char *)NULL);
	return 1;
}

/* All it says until it ends; false where the time is up. */
static bool
hear(const struct apart *a, const struct work *w, int64_t limit_ms,
    char answer[ANSWER_BYTES_MAX])
{
	struct progress progress = progress_begin(
	    w->service, "seconds so far, rebuilding its tables", 1000000);
	int64_t began_us = clock_ticks_us();
	size_t len = 0;
	ssize_t n = 1;

	while (n > 0 && len < ANSWER_BYTES_MAX - 1) {
		int64_t so_far_us = clock_ticks_us() - began_us;
		if (so_far_us / 1000 > limit_ms)
			return false;
		progress_more(&progress, (uint64_t)so_far_us);
		if (apart_wait(a, LOOK_EVERY_MS) == 0)
			continue;
		n = read(a->pipe, answer + len, ANSWER_BYTES_MAX - 1 - len);
		len += n > 0 ? (size_t)n : 0;
	}
	answer[len] = '\0';
	return true;
}

static enum exit_code
have_it_done(struct tool *t, const struct work *w, const Journal__TablesVerified **out)
{
	int64_t limit_ms = t->is_wait_given ? t->wait_ms : LIMIT_MS;
	char answer[ANSWER_BYTES_MAX];
	struct check_problem why;
	ProtobufCMessage *m = NULL;
	struct apart a;
	bool is_in_time;
	int status;

	if (apart_begin(&a, become_service, w) != ERR_NONE) {
		complain("no process could be started for rcc-%s", w->service);
		return EXIT_FAULT;
	}
	is_in_time = hear(&a, w, limit_ms, answer);
	status = apart_end(&a, !is_in_time);
	if (!is_in_time) {
		complain("rcc-%s did not rebuild its tables within the time (--wait)",
		    w->service);
		return EXIT_FAULT;
	}
	if (WIFSIGNALED(status)) {
		complain(
		    "rcc-%s crashed while it read the store: its pages are damaged",
		    w->service);
		return EXIT_BROKEN;
	}
	if (WEXITSTATUS(status) != 0 ||
	    json_to_message(&t->arena, &journal__tables_verified__descriptor, answer,
		&m, &why) != ERR_NONE) {
		complain("%s could not make tables from this journal", w->binary);
		return EXIT_BROKEN;
	}
	*out = (const Journal__TablesVerified *)m;
	return EXIT_YES;
}

enum exit_code
remake_tables(struct tool *t, const char *store, const char *service,
    const Journal__TablesVerified **out)
{
	const char *parent = getenv("TMPDIR");
	char *folder =
	    str_format(&t->arena, "%s/rcc-tables.XXXXXX", parent ? parent : "/var/tmp");
	struct work w = {.service = service, .binary = find_binary(t, service)};
	enum exit_code code;

	if (!w.binary) {
		complain("rcc-%s is not where this tool is: say where with --bin DIR",
		    service);
		return EXIT_FAULT;
	}
	if (!folder || !mkdtemp(folder)) {
		complain("no scratch folder can be made in %s: %s",
		    parent ? parent : "/var/tmp", strerror(errno));
		return EXIT_FAULT;
	}
	w.folder = folder;
	w.kept = backup_path(t, folder, "kept");
	w.rebuilt = backup_path(t, folder, "rebuilt");
	(void)fflush(stdout);
	code = copy_twice(t, store, &w);
	if (code == EXIT_YES)
		code = have_it_done(t, &w, out);
	backup_remove(w.kept);
	backup_remove(w.rebuilt);
	(void)rmdir(folder);
	return code;
}
