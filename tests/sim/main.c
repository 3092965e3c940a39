/*
 * The simulator: the six services, their people and an unkind world, from one
 * seed. A seed that fails says what broke and replays exactly:
 *   rcc-sim --seeds 200           seeds 1 to 200, two at a time
 *   rcc-sim --seed 17             that one, twice, to see that it replays
 *   rcc-sim --seed 17 --loud      and every entry of every journal as it is written
 *   rcc-sim --seeds 100 --until-failure    one after the other, none behind a failure
 * Read seed.c for what a seed lives through, model.h for what is checked.
 */
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/str.h"

#include "sim/seed.h"

#define WORKERS 2
#define SAID_PATH_BYTES 240
#define SAID_LINE_BYTES 400
#define SAID_BYTES_MAX 6000 /* the last of it */
#define WORKER_BYTES_MAX (4ULL << 30)
#define REPEAT_EVERY 10  /* each tenth seed is run twice, to see that it replays */
#define SEEDS_FOR_ALL 50 /* from so many on, everything must have happened */

struct worker {
	pid_t pid;
	uint64_t seed; /* at work on it; 0: on none */
	unsigned passed, failed;
	struct tally tally;
};

/* What the workers and their parent share. */
struct shared {
	atomic_ullong next_seed;
	uint64_t last_seed;
	bool is_one; /* asked for by its number */
	bool is_loud;
	bool ends_at_failure;
	struct worker workers[WORKERS];
};

static void
count_failure(struct shared *s, struct worker *w)
{
	w->failed++;
	if (s->ends_at_failure)
		atomic_store(&s->next_seed, s->last_seed + 1);
}

/* ---- what the services say ---- */

/* Their log, and a worker's last words, go to a file: they are full of the faults that
 * are simulated, and wanted only where a seed fails. */
static void
said_path(const struct shared *s, const struct worker *w, const char *root,
    char path[SAID_PATH_BYTES])
{
	snprintf(path, SAID_PATH_BYTES, "%s/said-%u", root, (unsigned)(w - s->workers));
}

static void
say_into(const struct shared *s, const struct worker *w, const char *root)
{
	char path[SAID_PATH_BYTES];
	int fd;

	if (s->is_loud)
		return;
	said_path(s, w, root, path);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
	if (fd < 0 || dup2(fd, STDERR_FILENO) < 0)
		perror(path);
	if (fd >= 0)
		close(fd);
}

static void
print_said(const struct shared *s, const struct worker *w, const char *root)
{
	char path[SAID_PATH_BYTES], line[SAID_LINE_BYTES];
	FILE *said;

	if (s->is_loud)
		return;
	said_path(s, w, root, path);
	said = fopen(path, "r");
	if (said == NULL)
		return;
	if (fseek(said, 0, SEEK_END) == 0 && ftell(said) > SAID_BYTES_MAX)
		fseek(said, -SAID_BYTES_MAX, SEEK_END);
	else
		rewind(said);
	while (fgets(line, sizeof line, said) != NULL)
		printf("  said: %s", line);
	fclose(said);
}

/* ---- a worker ---- */

static bool
run_checked(const struct shared *s, struct worker *w, const char *root)
{
	struct outcome first = seed_run(w->seed, root, s->is_loud);
	unsigned long long number = w->seed;
	char what[80];

	tally_add(&w->tally, &first.tally);
	if (!first.is_fine)
		print_said(s, w, root);
	if (s->is_one) {
		snprintf(what, sizeof what, "seed %llu, trace %016llx, %llu turns",
		    number, (unsigned long long)first.trace,
		    (unsigned long long)first.turns);
		tally_print(what, &first.tally);
	}
	if (first.is_fine && !s->ends_at_failure &&
	    (s->is_one || w->seed % REPEAT_EVERY == 0)) {
		struct outcome again = seed_run(w->seed, root, false);

		if (again.trace != first.trace || again.turns != first.turns) {
			printf("seed %llu FAILED: it did not replay\n", number);
			return false;
		}
	}
	return first.is_fine;
}

static void
work(struct shared *s, struct worker *w, const char *root)
{
	while ((w->seed = atomic_fetch_add(&s->next_seed, 1)) <= s->last_seed) {
		say_into(s, w, root);
		if (run_checked(s, w, root))
			w->passed++;
		else
			count_failure(s, w);
	}
	w->seed = 0;
}

/* ---- the parent ---- */

/* What breeds without end ends here, and not the machine. The sanitizer reserves more
 * than that for itself. */
static void
limit_memory(void)
{
#ifndef __SANITIZE_ADDRESS__
	const struct rlimit most = {WORKER_BYTES_MAX, WORKER_BYTES_MAX};

	if (setrlimit(RLIMIT_DATA, &most) != 0)
		perror("setrlimit");
#endif
}

static void
begin_worker(struct shared *s, struct worker *w, const char *root)
{
	pid_t parent = getpid(), pid;
	sigset_t none;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		perror("fork");
	if (pid != 0) {
		w->pid = pid;
		return;
	}
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	limit_memory();
	work(s, w, root);
	fflush(stdout);
	_exit(0);
}

/* A worker that fell over counts for the seed it was at; another goes on. */
static void
end_worker(struct shared *s, struct worker *w, int status, const char *root)
{
	w->pid = 0;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return;
	printf("seed %llu FAILED: the process ended with %s %d\n"
	       "  replay: rcc-sim --seed %llu\n",
	    (unsigned long long)w->seed, WIFSIGNALED(status) ? "signal" : "code",
	    WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status),
	    (unsigned long long)w->seed);
	print_said(s, w, root);
	count_failure(s, w);
	if (atomic_load(&s->next_seed) <= s->last_seed)
		begin_worker(s, w, root);
}

/* Who ended is seen to; false once nobody is left. */
static bool
reap(struct shared *s, const char *root)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (unsigned i = 0; i < WORKERS; i++)
			if (s->workers[i].pid == pid)
				end_worker(s, &s->workers[i], status, root);
	return pid == 0;
}

/* Until all is done, or a signal, which is returned: 0 for none. */
static int
run_workers(struct shared *s, const char *root)
{
	uint64_t seeds = s->last_seed + 1 - atomic_load(&s->next_seed);
	unsigned workers = s->ends_at_failure ? 1 : WORKERS;
	sigset_t signals;
	int number;

	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGHUP);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	for (unsigned i = 0; i < workers && i < seeds; i++)
		begin_worker(s, &s->workers[i], root);
	while (reap(s, root)) {
		number = sigwaitinfo(&signals, NULL);
		if (number < 0 || number == SIGCHLD)
			continue;
		for (unsigned i = 0; i < WORKERS; i++)
			if (s->workers[i].pid > 0)
				kill(s->workers[i].pid, SIGKILL);
		while (waitpid(-1, NULL, 0) > 0)
			continue;
		return number;
	}
	return 0;
}

/* The closing lines, and the exit code. */
static int
conclude(struct shared *s)
{
	struct tally tally = {0};
	unsigned passed = 0, failed = 0;
	uint64_t days;

	for (unsigned i = 0; i < WORKERS; i++) {
		passed += s->workers[i].passed;
		failed += s->workers[i].failed;
		tally_add(&tally, &s->workers[i].tally);
	}
	days = tally.n[TALLY_DAYS] > 0 ? tally.n[TALLY_DAYS] : 1;
	if (!s->is_one)
		tally_print("in all", &tally);
	if (passed >= SEEDS_FOR_ALL && !s->ends_at_failure && !tally_is_whole(&tally))
		failed++;
	printf("%u passed, %u failed: %llu commands and %llu polls a simulated day\n",
	    passed, failed, (unsigned long long)(tally.n[TALLY_COMMANDS] / days),
	    (unsigned long long)(tally.n[TALLY_POLLS] / days));
	return failed == 0 && passed > 0 ? 0 : 1;
}

static int
simulate(struct shared *s)
{
	char root[200];
	int stopped_by;

	snprintf(root, sizeof root, "%s/rcc-sim-XXXXXX",
	    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	if (mkdtemp(root) == NULL) {
		perror(root);
		return 1;
	}
	stopped_by = run_workers(s, root);
	seed_remove_folder(root);
	return stopped_by != 0 ? 128 + stopped_by : conclude(s);
}

int
main(int argc, char **argv)
{
	static const struct option options[] = {{"seeds", required_argument, NULL, 'n'},
	    {"seed", required_argument, NULL, 's'}, {"loud", no_argument, NULL, 'l'},
	    {"until-failure", no_argument, NULL, 'u'}, {NULL, 0, NULL, 0}};
	struct shared *s = mmap(
	    NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int64_t seeds = 50, seed = 0;
	int c;

	if (s == MAP_FAILED) {
		perror("mmap");
		return 1;
	}
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		bool is_fine =
		    c == 'l' || c == 'u' ||
		    (c == 'n' && str_to_i64(optarg, 1, 1000000, &seeds)) ||
		    (c == 's' && str_to_i64(optarg, 1, INT64_MAX - 1, &seed));

		if (!is_fine) {
			fprintf(stderr, "usage: rcc-sim [--seeds N [--until-failure] | "
					"--seed K [--loud]]\n");
			return 2;
		}
		s->is_loud |= c == 'l';
		s->ends_at_failure |= c == 'u';
	}
	s->is_one = seed != 0;
	atomic_init(&s->next_seed, seed != 0 ? (unsigned long long)seed : 1);
	s->last_seed = (uint64_t)(seed != 0 ? seed : seeds);
	setvbuf(stdout, NULL, _IOLBF, 0);
	log_open("sim", s->is_loud ? LOG_LEVEL_WARN : LOG_LEVEL_ERROR);
	return simulate(s);
}
