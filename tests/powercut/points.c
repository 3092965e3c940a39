#include "powercut/points.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "powercut/check.h"
#include "powercut/choose.h"

#define CHECK_S 30    /* longer is a halt */
#define DEEP_EVERY 20 /* points */
#define BAD_SHOWN 5   /* of a recording */
#define LOCK_BYTES 8192

/* A job at work. */
struct trial {
	const struct job *job;
	const struct where *where;
	struct recorded recorded;
	struct told told;
	struct disk *disk;
	size_t taken;           /* records */
	uint64_t restored_head; /* a restore's, once it is done */
	char store[2 * DISK_PATH_MAX];
	struct job_tally *tally;
	const char *problem;
};

/* What the child says of its point. */
struct word {
	struct checked checked;
	struct cut_tally cut;
	bool is_absent;
	bool is_cut; /* the store could be made */
};

const char *
points_mode_name(enum cut_mode mode)
{
	static const char *const names[CUT_MODES] = {
	    [CUT_NOTHING] = "nothing",
	    [CUT_SOME] = "some",
	    [CUT_TORN] = "torn",
	    [CUT_ONE_MISSING] = "one-missing",
	    [CUT_ONE_ALONE] = "one-alone",
	    [CUT_EVERYTHING] = "everything",
	};

	return names[mode];
}

/* ---- one point ---- */

static int
remove_one(const char *path, const struct stat *stat, int kind, struct FTW *place)
{
	(void)stat;
	(void)kind;
	(void)place;
	return remove(path);
}

void
points_remove(const char *path)
{
	(void)nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* What LMDB keeps in its lock file is of no use after a cut, and must do no harm. */
static void
leave_lock(const char *store, uint64_t chance)
{
	uint64_t junk[LOCK_BYTES / sizeof(uint64_t)];
	char path[3 * DISK_PATH_MAX];
	int fd;

	if (chance % 3 == 0)
		return;
	for (size_t i = 0; i < LOCK_BYTES / sizeof(uint64_t); i++)
		junk[i] = disk_mix(&chance);
	snprintf(path, sizeof path, "%s/lock.mdb", store);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	if (write(fd, junk, chance % 3 == 1 ? sizeof junk : sizeof junk / 3) < 0)
		perror(path);
	close(fd);
}

static bool
has_store(const char *store)
{
	char path[3 * DISK_PATH_MAX];

	snprintf(path, sizeof path, "%s/data.mdb", store);
	return access(path, F_OK) == 0;
}

static bool
is_done(const struct trial *t, const struct point *p)
{
	return t->recorded.list[p->step / 2].head.kind == RECORD_END &&
	       p->step % 2 == 1;
}

static void
try_in_child(
    const struct trial *t, const struct point *p, bool is_deep, struct word *out)
{
	struct check c = {
	    .service = t->job->service,
	    .folder = t->store,
	    .option = t->job->option,
	    .told = &t->told,
	    .answers_n = told_answers(&t->told, p->answered_by),
	    .head_number = told_head(&t->told, p->answered_by),
	    .is_deep = is_deep,
	};

	out->is_cut =
	    disk_cut(t->disk, t->job->service->name, &p->cut, t->store, &out->cut);
	if (!out->is_cut) {
		snprintf(out->checked.what, sizeof out->checked.what,
		    "the store cannot be written to be looked at: %s", strerror(errno));
		return;
	}
	out->is_absent = !has_store(t->store);
	if (t->job->is_restore && is_done(t, p))
		c.head_number = t->restored_head;
	leave_lock(t->store, p->cut.seed);
	check_store(&c, &out->checked);
}

static void
be_expendable(void)
{
	const struct rlimit none = {0, 0};
	int quiet = open("/dev/null", O_WRONLY | O_CLOEXEC);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setrlimit(RLIMIT_CORE, &none);
	if (quiet >= 0)
		dup2(quiet, STDERR_FILENO);
	alarm(CHECK_S);
}

/* In a process of its own: damaged pages make LMDB crash, or go round for ever. */
static void
try_point(struct trial *t, const struct point *p, bool is_deep, struct word *out)
{
	struct word word = {.checked = {.is_fine = false}};
	int ends[2], status = 0;
	pid_t child;

	*out = word;
	fflush(stdout);
	child = pipe2(ends, O_CLOEXEC) == 0 ? fork() : -1;
	if (child < 0) {
		snprintf(
		    out->checked.what, sizeof out->checked.what, "no process to do it");
		return;
	}
	if (child == 0) {
		be_expendable();
		try_in_child(t, p, is_deep, &word);
		_exit(write(ends[1], &word, sizeof word) == sizeof word ? 0 : 1);
	}
	close(ends[1]);
	if (read(ends[0], &word, sizeof word) == sizeof word)
		*out = word;
	close(ends[0]);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		continue;
	if (WIFSIGNALED(status))
		snprintf(out->checked.what, sizeof out->checked.what,
		    WTERMSIG(status) == SIGALRM ? "looking at it came to a halt (%d)"
						: "looking at it crashed (signal %d)",
		    WTERMSIG(status));
	t->tally->hung += WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM;
	t->tally->crashed += WIFSIGNALED(status) && WTERMSIG(status) != SIGALRM;
	points_remove(t->store);
}

/* ---- following the recording ---- */

static bool
follow_to(struct trial *t, size_t step)
{
	const struct record *list = t->recorded.list;

	for (; t->taken <= step / 2; t->taken++) {
		if (t->taken > 0)
			disk_settle(t->disk, &list[t->taken - 1]);
		if (!disk_take(t->disk, &list[t->taken], &t->problem))
			return false;
	}
	if (step % 2 == 1)
		disk_settle(t->disk, &list[step / 2]);
	return true;
}

/* The most answers that went out after one commit, and before the next. */
static uint64_t
most_answers(const struct trial *t)
{
	uint64_t most = 0;
	size_t commit_at = 0, of_commit = 0, next = 0;

	for (size_t i = 0; i < t->told.answers_n; i++) {
		for (; next < t->told.answers[i].at; next++)
			if (t->recorded.list[next].head.kind == RECORD_WROTE_DURABLY)
				commit_at = next;
		of_commit =
		    i > 0 && t->told.answers[i - 1].at > commit_at ? of_commit + 1 : 1;
		if (of_commit > most)
			most = of_commit;
	}
	return most;
}

static bool
open_trial(struct trial *t)
{
	static const struct disk_faults faults[WORLDS] = {
	    [WORLD_NO_FLUSH] = {.no_flush = true, .no_durable_write = true},
	    [WORLD_NO_ROOT_FLUSH] = {.no_durable_write = true},
	    [WORLD_NO_FOLDER_FLUSH] = {.no_folder_flush = true},
	};

	t->problem = "there is no such recording, or it is damaged";
	if (!recorded_read(t->where->recordings, t->job->recording, &t->recorded))
		return false;
	t->problem = "what was sent cannot be read";
	if (!told_read(&t->recorded, t->job->service, &t->told))
		return false;
	t->problem = "there is no memory";
	t->disk = disk_new(&faults[t->job->world]);
	snprintf(t->store, sizeof t->store, "%s/%d", t->where->scratch, (int)getpid());
	t->tally->records = t->recorded.n;
	t->tally->processes = t->recorded.processes;
	t->tally->killed = t->recorded.killed;
	t->tally->answers_of_commit = most_answers(t);
	return t->disk != NULL;
}

static void
close_trial(struct trial *t)
{
	t->tally->found = t->disk != NULL ? disk_found(t->disk) : 0;
	if (t->problem == NULL)
		return;
	t->tally->is_broken = true;
	printf("%s: %s\n", t->job->recording, t->problem);
}

/* How far the journal is that a restore leaves. */
static void
look_at_restored(struct trial *t)
{
	const struct point end = {
	    .step = 2 * t->recorded.n - 1, .cut = {CUT_EVERYTHING, 0}};
	struct disk *kept = t->disk;
	struct word word;

	t->disk = disk_new(&(struct disk_faults){.no_flush = false});
	if (t->disk == NULL || !follow_to(t, end.step))
		return;
	try_point(t, &end, false, &word);
	t->restored_head = word.checked.entries;
	if (word.checked.entries == 0)
		t->problem = "the restored store has no journal";
	t->disk = kept;
	t->taken = 0;
}

/* ---- trying ---- */

static int
by_step(const void *a, const void *b)
{
	const struct point *x = a, *y = b;

	return (x->step > y->step) - (x->step < y->step);
}

static void
count(struct job_tally *tally, const struct trial *t, const struct point *p,
    const struct word *w, bool is_deep)
{
	tally->points++;
	tally->bad += !w->checked.is_fine;
	tally->answers += told_answers(&t->told, p->answered_by);
	tally->told += told_head(&t->told, p->answered_by) > 0;
	tally->entries += w->checked.entries;
	tally->rows += w->checked.rows;
	tally->deep += is_deep;
	tally->in_write +=
	    p->step % 2 == 0 &&
	    t->recorded.list[p->step / 2].head.kind == RECORD_WROTE_DURABLY;
	tally->absent += w->is_absent;
	tally->modes[p->cut.mode]++;
	tally->cut.pages_lost += w->cut.pages_lost;
	tally->cut.pages_kept += w->cut.pages_kept;
	tally->cut.pages_older += w->cut.pages_older;
	tally->cut.pages_torn += w->cut.pages_torn;
	tally->cut.changes_lost += w->cut.changes_lost;
}

static void
show_bad(const struct trial *t, const struct point *p, const struct word *w)
{
	if (t->job->world != WORLD_HONEST || t->tally->bad > BAD_SHOWN)
		return;
	printf("BAD  %s, step %zu, %s of what was under way: %s\n"
	       "     replay: %s %s --point %s:%s:%zu:%s:%" PRIu64 "\n",
	    t->job->recording, p->step, points_mode_name(p->cut.mode), w->checked.what,
	    t->where->program, t->where->recordings, t->job->recording,
	    t->job->service->name, p->step, points_mode_name(p->cut.mode), p->cut.seed);
}

static void
try_all(struct trial *t)
{
	size_t n = t->job->points_n;
	struct point *points = calloc(n, sizeof *points);
	uint64_t chance = t->recorded.n + (uint64_t)t->job->world;
	const struct chooser chooser = {&t->recorded, &t->told, t->job->world};
	struct word word;

	if (points == NULL ||
	    (t->job->world != WORLD_HONEST && t->told.answers_n == 0)) {
		t->problem = "it holds no answers";
		free(points);
		return;
	}
	for (size_t i = 0; i < n; i++)
		choose(&chooser, &chance, &points[i]);
	qsort(points, n, sizeof *points, by_step);
	for (size_t i = 0; i < n && follow_to(t, points[i].step); i++) {
		bool is_deep = t->job->world == WORLD_HONEST && i % DEEP_EVERY == 0;

		try_point(t, &points[i], is_deep, &word);
		count(t->tally, t, &points[i], &word, is_deep);
		if (!word.checked.is_fine)
			show_bad(t, &points[i], &word);
	}
	free(points);
}

void
points_try(const struct job *j, const struct where *w, struct job_tally *out)
{
	struct trial t = {.job = j, .where = w, .tally = out};

	if (open_trial(&t)) {
		t.problem = NULL;
		if (j->is_restore)
			look_at_restored(&t);
		if (t.problem == NULL)
			try_all(&t);
	}
	close_trial(&t);
}

bool
points_try_one(const struct job *j, const struct where *w, const struct point *p)
{
	struct job_tally tally = {.points = 0};
	struct trial t = {.job = j, .where = w, .tally = &tally};
	struct word word = {.is_cut = false};

	if (open_trial(&t)) {
		t.problem = NULL;
		if (j->is_restore)
			look_at_restored(&t);
		if (p->step >= 2 * t.recorded.n)
			t.problem = "the recording has no such step";
		else if (t.problem == NULL && follow_to(&t, p->step))
			try_point(&t, p, true, &word);
	}
	close_trial(&t);
	if (t.problem != NULL)
		return false;
	printf("%zu of %zu records; under way: %" PRIu64 " pages lost, %" PRIu64
	       " kept, %" PRIu64 " in an older state, %" PRIu64 " torn, %" PRIu64
	       " changes of folders lost\n%zu answers sent, head %" PRIu64
	       " told; %" PRIu64 " entries found%s\n%s%s\n",
	    t.taken, t.recorded.n, word.cut.pages_lost, word.cut.pages_kept,
	    word.cut.pages_older, word.cut.pages_torn, word.cut.changes_lost,
	    told_answers(&t.told, p->answered_by), told_head(&t.told, p->answered_by),
	    word.checked.entries, word.is_absent ? "; there was no store" : "",
	    word.checked.is_fine ? "good" : "BAD: ", word.checked.what);
	return word.checked.is_fine;
}
