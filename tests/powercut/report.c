#include "powercut/report.h"

#include <inttypes.h>
#include <stdio.h>

#define STORES_MIN 6
#define STORES_SHORT_MIN 4
#define ROOT_LOST_PERCENT_MIN 20

#define NUMBER "%" PRIu64

static void
add_up(const struct job_tally *t, struct job_tally *sum)
{
	sum->points += t->points;
	sum->bad += t->bad;
	sum->hung += t->hung;
	sum->crashed += t->crashed;
	sum->answers += t->answers;
	sum->told += t->told;
	sum->entries += t->entries;
	sum->rows += t->rows;
	sum->deep += t->deep;
	sum->in_write += t->in_write;
	sum->absent += t->absent;
	for (size_t i = 0; i < CUT_MODES; i++)
		sum->modes[i] += t->modes[i];
	sum->found += t->found;
	sum->records += t->records;
	sum->processes += t->processes;
	sum->killed += t->killed;
	if (sum->answers_of_commit < t->answers_of_commit)
		sum->answers_of_commit = t->answers_of_commit;
	sum->cut.pages_lost += t->cut.pages_lost;
	sum->cut.pages_kept += t->cut.pages_kept;
	sum->cut.pages_older += t->cut.pages_older;
	sum->cut.pages_torn += t->cut.pages_torn;
	sum->cut.changes_lost += t->cut.changes_lost;
	sum->is_broken = sum->is_broken || t->is_broken;
}

/* ---- worlds that are not honest ---- */

static bool
judge_world(const struct job *j, const struct job_tally *t)
{
	static const char *const names[WORLDS] = {
	    [WORLD_NO_FLUSH] = "ignoring flushes",
	    [WORLD_NO_ROOT_FLUSH] = "the root page not flushed",
	    [WORLD_NO_FOLDER_FLUSH] = "folders not flushed",
	    [WORLD_ANSWERS_TOO_SOON] = "answers before the commit",
	};
	bool is_all = j->world != WORLD_NO_ROOT_FLUSH;
	uint64_t least = is_all ? t->points : t->points * ROOT_LOST_PERCENT_MIN / 100;
	bool is_seen = t->points > 0 && !t->is_broken && t->bad >= least;

	printf("%s: " NUMBER " of " NUMBER " bad, %s\n", names[j->world], t->bad,
	    t->points,
	    is_seen ? "as it must be"
		    : "and more of them must be: the checks are blind");
	return is_seen;
}

/* ---- the honest one ---- */

static void
print_job(const char *name, const struct job_tally *t)
{
	printf("%-21s " NUMBER " points in " NUMBER " records of " NUMBER
	       " processes, at most " NUMBER " answers a commit: " NUMBER " bad\n",
	    name, t->points, t->records, t->processes, t->answers_of_commit, t->bad);
}

static void
print_sum(const struct job_tally *t)
{
	printf("under way were " NUMBER " pages that came, " NUMBER " lost, " NUMBER
	       " torn, " NUMBER " in an older state, and " NUMBER
	       " changes of folders lost\n",
	    t->cut.pages_kept, t->cut.pages_lost, t->cut.pages_torn, t->cut.pages_older,
	    t->cut.changes_lost);
	printf("a root page was being written " NUMBER
	       " times; no store was there yet " NUMBER " times; " NUMBER
	       " processes had been killed, and left " NUMBER " pages unrecorded\n",
	    t->in_write, t->absent, t->killed, t->found);
	printf("looked for: " NUMBER " answers, " NUMBER " entries, " NUMBER
	       " rows of both trees; " NUMBER " times all tables made anew; " NUMBER
	       " times it crashed and " NUMBER " times it hung\n",
	    t->answers, t->entries, t->rows, t->deep, t->crashed, t->hung);
}

/* A run in which something never happened proves nothing about it. */
static bool
is_enough(const struct job_tally *t, size_t stores, bool is_short)
{
	bool is_fine = t->answers > 0 && t->told > 0 && t->deep > 0 &&
	               t->in_write > 0 && t->cut.pages_lost > 0 &&
	               t->cut.pages_kept > 0 && t->cut.pages_torn > 0 &&
	               t->cut.changes_lost > 0 && t->absent > 0;

	for (size_t i = 0; i < CUT_MODES; i++)
		is_fine = is_fine && t->modes[i] > 0;
	if (is_short)
		return is_fine && stores >= STORES_SHORT_MIN;
	return is_fine && t->points >= REPORT_POINTS_MIN && stores >= STORES_MIN &&
	       t->killed > 0 && t->answers_of_commit > 1;
}

int
report(const struct job *jobs, const struct job_tally *tallies, size_t n, bool is_short)
{
	struct job_tally sum = {.points = 0}, restores = {.points = 0};
	bool is_seen = true, is_tried;
	size_t stores = 0;

	for (size_t i = 0; i < n; i++) {
		if (jobs[i].world != WORLD_HONEST)
			continue;
		if (jobs[i].is_restore)
			add_up(&tallies[i], &restores);
		else
			print_job(jobs[i].recording, &tallies[i]);
		stores += !jobs[i].is_restore;
		add_up(&tallies[i], &sum);
	}
	if (restores.points > 0)
		printf("%-21s " NUMBER " points: " NUMBER " bad\n", "while restoring",
		    restores.points, restores.bad);
	print_sum(&sum);
	for (size_t i = 0; i < n; i++)
		if (jobs[i].world != WORLD_HONEST)
			is_seen = judge_world(&jobs[i], &tallies[i]) && is_seen;
	is_tried = !sum.is_broken && is_enough(&sum, stores, is_short);
	if (!is_tried)
		puts("too little happened for this to prove anything");
	printf(NUMBER " crash points in %zu stores: " NUMBER " bad\n", sum.points,
	    stores, sum.bad);
	return sum.bad == 0 && is_seen && is_tried ? 0 : 1;
}
