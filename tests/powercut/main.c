/*
 * Cuts the power of a store thousands of times, where and how it hurts, from a
 * recording of what the service wrote, flushed and said; each time the store is opened
 * as the service does and must hold all that was acknowledged. rcc-powercut FOLDER
 * [--points 3600]      the recordings in it (tests/powercut/record) rcc-powercut FOLDER
 * --point NAME:SERVICE:STEP:MODE:SEED     one point again Read disk.h for what a disk
 * may do to writes, check.h for what is looked at.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/str.h"

#include "foster/wire.h"
#include "matching/wire.h"
#include "members/wire.h"
#include "observatory/wire.h"
#include "requests/wire.h"
#include "residential/wire.h"

#include "powercut/points.h"
#include "powercut/report.h"

#define POINTS_DEFAULT 3600
#define POINTS_FAULTY 200 /* in each world that the checks must notice */
#define SERVICES 6
#define JOBS_MAX 40
#define WORKERS 2

static const struct service *const services[SERVICES] = {&members_service,
    &foster_service, &residential_service, &requests_service, &matching_service,
    &observatory_service};

struct plan {
	struct job jobs[JOBS_MAX];
	char names[JOBS_MAX][40];
	size_t n;
};

/* ---- what is tried ---- */

static bool
is_recorded(const struct where *w, const char *name)
{
	char path[600];

	snprintf(path, sizeof path, "%s/%s.000", w->recordings, name);
	return access(path, R_OK) == 0;
}

static void
add_job(struct plan *plan, const struct where *w, const char *name, size_t service,
    size_t points_n)
{
	struct job *j = &plan->jobs[plan->n];
	const struct service *s = services[service];

	if (!is_recorded(w, name) || plan->n == JOBS_MAX)
		return;
	snprintf(plan->names[plan->n], sizeof plan->names[0], "%s", name);
	*j = (struct job){.recording = plan->names[plan->n],
	    .service = s,
	    .option = s == &matching_service ? "services/matching/policy.conf" : NULL,
	    .points_n = points_n,
	    .is_restore = str_equal(name, "restore")};
	plan->n++;
}

/* Shares of the points: of a store, the same served again after a restore, and the
 * restore itself. */
#define SHARES 6
#define SHARES_RESTORED 2
#define SHARES_RESTORE 1

static void
make_plan(struct plan *plan, const struct where *w, size_t points)
{
	char restored[40];
	size_t shares = 0;

	for (size_t i = 0; i < SERVICES; i++) {
		snprintf(restored, sizeof restored, "restored-%s", services[i]->name);
		add_job(plan, w, services[i]->name, i, SHARES);
		add_job(plan, w, restored, i, SHARES_RESTORED);
		add_job(plan, w, "restore", i, SHARES_RESTORE);
	}
	for (size_t i = 0; i < plan->n; i++)
		shares += plan->jobs[i].points_n;
	for (size_t i = 0; i < plan->n; i++)
		plan->jobs[i].points_n =
		    (plan->jobs[i].points_n * points + shares - 1) / shares;
	points = points / 10 < POINTS_FAULTY ? points / 10 : POINTS_FAULTY;
	for (int world = WORLD_HONEST + 1; world < WORLDS; world++) {
		add_job(plan, w, "requests", 3, points);
		plan->jobs[plan->n - 1].world = (enum world)world;
	}
}

/* ---- the workers ---- */

static pid_t
begin(const struct job *j, const struct where *w, struct job_tally *tally)
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid != 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	points_try(j, w, tally);
	fflush(stdout);
	_exit(0);
}

/* False where a worker fell over. */
static bool
run(const struct plan *plan, const struct where *w, struct job_tally *tallies)
{
	size_t next = 0, at_work = 0;
	bool is_fine = true;
	int status;

	while (next < plan->n || at_work > 0) {
		if (next < plan->n && at_work < WORKERS) {
			is_fine =
			    begin(&plan->jobs[next], w, &tallies[next]) > 0 && is_fine;
			next++;
			at_work++;
			continue;
		}
		if (waitpid(-1, &status, 0) < 0) {
			if (errno == EINTR)
				continue;
			return false;
		}
		at_work--;
		is_fine = is_fine && WIFEXITED(status) && WEXITSTATUS(status) == 0;
	}
	return is_fine;
}

/* ---- one again ---- */

static bool
read_point(char *text, struct job *j, struct point *p)
{
	char *part[5], *end;
	size_t n = 0;

	for (char *at = text; n < 5 && at != NULL; n++) {
		part[n] = strsep(&at, ":");
		if (n == 4 && at != NULL)
			return false;
	}
	if (n < 5)
		return false;
	j->recording = part[0];
	j->is_restore = str_equal(part[0], "restore");
	for (size_t i = 0; i < SERVICES; i++)
		if (str_equal(services[i]->name, part[1]))
			j->service = services[i];
	if (j->service == &matching_service)
		j->option = "services/matching/policy.conf";
	p->step = strtoull(part[2], &end, 10);
	p->answered_by = p->step / 2 + p->step % 2;
	p->cut.mode = CUT_MODES;
	for (int mode = 0; mode < CUT_MODES; mode++)
		if (str_equal(points_mode_name((enum cut_mode)mode), part[3]))
			p->cut.mode = (enum cut_mode)mode;
	p->cut.seed = strtoull(part[4], NULL, 10);
	return j->service != NULL && p->cut.mode != CUT_MODES && *end == '\0';
}

static int
run_one(char *text, const struct where *w)
{
	struct job j = {.recording = NULL};
	struct point p = {.step = 0};

	if (!read_point(text, &j, &p)) {
		fputs("rcc-powercut: a point is NAME:SERVICE:STEP:MODE:SEED\n", stderr);
		return 2;
	}
	return points_try_one(&j, w, &p) ? 0 : 1;
}

static int
run_all(const struct where *w, size_t points)
{
	static struct plan plan;
	struct job_tally *tallies = mmap(NULL, JOBS_MAX * sizeof *tallies,
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int code;

	if (tallies == MAP_FAILED) {
		perror("rcc-powercut");
		return 1;
	}
	make_plan(&plan, w, points);
	if (!run(&plan, w, tallies)) {
		puts("a worker fell over");
		tallies[0].is_broken = true;
	}
	code = report(plan.jobs, tallies, plan.n, points < REPORT_POINTS_MIN);
	munmap(tallies, JOBS_MAX * sizeof *tallies);
	return code;
}

int
main(int argc, char **argv)
{
	static const struct option longs[] = {
	    {"points", required_argument, NULL, 'n'},
	    {"point", required_argument, NULL, 'p'},
	    {NULL, 0, NULL, 0},
	};
	char memory[] = "/dev/shm/rcc-powercut.XXXXXX",
	     disk[] = "/tmp/rcc-powercut.XXXXXX";
	struct where w = {.program = argv[0]};
	size_t points = POINTS_DEFAULT;
	char *point = NULL;
	int c, code;

	while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		if (c == 'n')
			points = strtoull(optarg, NULL, 10);
		else if (c == 'p')
			point = optarg;
		else
			return 2;
	}
	if (optind + 1 != argc || points == 0) {
		fputs("usage: rcc-powercut FOLDER [--points N | --point POINT]\n",
		    stderr);
		return 2;
	}
	w.recordings = argv[optind];
	w.scratch = mkdtemp(memory);
	if (w.scratch == NULL)
		w.scratch = mkdtemp(disk);
	if (w.scratch == NULL) {
		perror(disk);
		return 1;
	}
	log_open("powercut", LOG_LEVEL_ERROR);
	code = point != NULL ? run_one(point, &w) : run_all(&w, points);
	points_remove(w.scratch);
	return code;
}
