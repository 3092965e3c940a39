/*
 * A target without libFuzzer, for every configuration and every `make test`: the whole
 * corpus, then so many mutations of it as the target says, the same ones each time.
 *
 *   build/release/tests/fuzz/base_conf_fuzz            all that
 *   build/release/tests/fuzz/base_conf_fuzz FILE...    these inputs alone
 *   ROUNDS=1000000 build/...                           so many mutations
 *
 * The inputs run in a child process: one that ends it, or takes ten seconds, is kept
 * in build/fuzz/found and named, with the command that replays it.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/str.h"
#include "fuzz/support/fuzz.h"

#define INPUTS_MAX 4096
#define INPUT_BYTES_MAX 65536
#define SECONDS_MAX 10
#define FOUND "build/fuzz/found"

/* What the child is at, which the parent reads when it has died of it. */
struct at_work {
	uint64_t inputs;
	size_t len;
	uint8_t data[INPUT_BYTES_MAX];
};

struct corpus {
	struct bytes list[INPUTS_MAX];
	size_t n;
};

static struct corpus corpus;
static uint64_t dice = 20261122;

static void
die(const char *what, const char *which)
{
	fprintf(stderr, "replay: %s %s: %s\n", what, which, strerror(errno));
	exit(2);
}

/* ---- the corpus ---- */

static void
add_file(const char *path)
{
	struct stat stat;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &stat) != 0)
		die("cannot read", path);
	size_t len = (size_t)stat.st_size;
	uint8_t *data = malloc(len + 1);
	if (data == NULL || read(fd, data, len) != (ssize_t)len)
		die("cannot read", path);
	close(fd);
	if (corpus.n == INPUTS_MAX || len > INPUT_BYTES_MAX) {
		errno = EFBIG;
		die("too much of a corpus", path);
	}
	corpus.list[corpus.n++] = (struct bytes){data, len};
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void
add_folder(const char *path)
{
	struct dirent **names;
	int n = scandir(path, &names, NULL, by_name);

	if (n < 0)
		die("cannot read the corpus", path);
	for (int i = 0; i < n; i++) {
		char file[512];

		if (names[i]->d_name[0] != '.') {
			snprintf(file, sizeof file, "%s/%s", path, names[i]->d_name);
			add_file(file);
		}
		free(names[i]);
	}
	free(names);
}

/* ---- mutations ---- */

/* xorshift64*, the same on every machine. */
static uint32_t
roll(uint32_t sides)
{
	dice ^= dice >> 12;
	dice ^= dice << 25;
	dice ^= dice >> 27;
	return sides == 0 ? 0
	                  : (uint32_t)((dice * 0x2545f4914f6cdd1dull) >> 32) % sides;
}

static uint8_t
odd_byte(void)
{
	static const uint8_t odd[] = {0, 1, 0x7f, 0x80, 0xff, '\n', '"', ' '};

	return roll(2) == 0 ? odd[roll(sizeof odd)] : (uint8_t)roll(256);
}

/* Opens or closes a gap of a few bytes. */
static size_t
stretch(uint8_t *data, size_t len, size_t most)
{
	size_t at = roll((uint32_t)len + 1), n = 1 + roll(8);

	if (roll(2) == 0 && len + n <= most) {
		memmove(data + at + n, data + at, len - at);
		for (size_t i = 0; i < n; i++)
			data[at + i] = odd_byte();
		return len + n;
	}
	if (n > len - at)
		n = len - at;
	memmove(data + at, data + at + n, len - at - n);
	return len - n;
}

/* A piece of another input over or behind a piece of this one. */
static size_t
graft(uint8_t *data, size_t len, size_t most)
{
	struct bytes other = corpus.list[roll((uint32_t)corpus.n)];

	if (other.len == 0)
		return len;
	size_t from = roll((uint32_t)other.len), at = roll((uint32_t)len + 1);
	size_t n = 1 + roll((uint32_t)(other.len - from));
	if (n > most - at)
		n = most - at;
	memcpy(data + at, other.data + from, n);
	return at + n > len || roll(2) == 0 ? at + n : len;
}

static size_t
mutate(uint8_t *data, size_t len, size_t most)
{
	switch (len == 0 ? 3 : roll(5)) {
	case 0: data[roll((uint32_t)len)] ^= (uint8_t)(1u << roll(8)); break;
	case 1: data[roll((uint32_t)len)] = odd_byte(); break;
	case 2: return graft(data, len, most);
	case 3: return stretch(data, len, most);
	case 4:
		for (uint32_t n = roll(16); n > 0; n--)
			data[roll((uint32_t)len)] = odd_byte();
		break;
	}
	return len;
}

static size_t
invent(uint8_t *data, size_t most)
{
	struct bytes from = corpus.list[roll((uint32_t)corpus.n)];
	size_t len = from.len < most ? from.len : most;

	if (roll(8) == 0) { /* noise */
		len = roll(most < 256 ? (uint32_t)most : 256);
		for (size_t i = 0; i < len; i++)
			data[i] = (uint8_t)roll(256);
		return len;
	}
	if (len > 0)
		memcpy(data, from.data, len);
	for (uint32_t times = 1 + roll(6); times > 0; times--)
		len = mutate(data, len, most);
	return len;
}

/* ---- the child ---- */

static void
take(struct at_work *work, size_t len)
{
	/* A block of its own, so that sanitizers see its end. */
	uint8_t *data = len == 0 ? NULL : malloc(len);

	if (len > 0 && data == NULL)
		die("no memory for", "an input");
	work->len = len;
	if (len > 0)
		memcpy(data, work->data, len);
	alarm(SECONDS_MAX);
	fuzz_take(data, len);
	free(data);
	work->inputs++;
}

static int
run_all(struct at_work *work, unsigned rounds, bool is_loud)
{
	size_t most = fuzz_target.bytes_max;
	int nowhere;

	fuzz_begin();
	/* Nobody wants to read what every refused input was told. */
	nowhere = is_loud ? STDERR_FILENO : open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (nowhere < 0 || dup2(nowhere, STDERR_FILENO) < 0)
		return 2;
	for (size_t i = 0; i < corpus.n; i++) {
		if (corpus.list[i].len > 0)
			memcpy(work->data, corpus.list[i].data, corpus.list[i].len);
		take(work, corpus.list[i].len);
	}
	for (; rounds > 0; rounds--)
		take(work, invent(work->data, most));
	fuzz_end();
	return 0;
}

/* ---- the parent ---- */

static const char *
name_of(const char *program)
{
	const char *slash = strrchr(program, '/');

	return slash == NULL ? program : slash + 1;
}

/* Keeps the input that ended the child, and says how. */
static void
keep(const char *program, const struct at_work *work, int status)
{
	char path[256], why[64];
	uint32_t digest = 2166136261u;
	FILE *file;

	for (size_t i = 0; i < work->len; i++)
		digest = (digest ^ work->data[i]) * 16777619u;
	(void)mkdir("build", 0777);
	(void)mkdir("build/fuzz", 0777);
	(void)mkdir(FOUND, 0777);
	snprintf(path, sizeof path, FOUND "/%s-%08" PRIx32, name_of(program), digest);
	file = fopen(path, "we");
	if (file == NULL || fwrite(work->data, 1, work->len, file) != work->len ||
	    fclose(file) != 0)
		die("cannot keep", path);
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
		snprintf(why, sizeof why, "took over %d s", SECONDS_MAX);
	else if (WIFSIGNALED(status))
		snprintf(why, sizeof why, "was ended by signal %d", WTERMSIG(status));
	else
		snprintf(why, sizeof why, "left with %d", WEXITSTATUS(status));
	printf("It %s, at input %" PRIu64 " of %zu bytes. Again: %s %s\n", why,
	    work->inputs + 1, work->len, program, path);
}

static unsigned
wanted_rounds(void)
{
	int64_t n = fuzz_target.rounds;

	(void)str_to_i64(getenv("ROUNDS"), 0, INT32_MAX, &n);
	return (unsigned)n;
}

int
main(int argc, char **argv)
{
	char folder[256];
	unsigned rounds = argc > 1 ? 0 : wanted_rounds();
	struct at_work *work = mmap(NULL, sizeof *work, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status = 0;
	pid_t child;

	if (work == MAP_FAILED || fuzz_target.bytes_max > INPUT_BYTES_MAX)
		die("no room for", "an input");
	for (int i = 1; i < argc; i++)
		add_file(argv[i]);
	snprintf(folder, sizeof folder, "tests/fuzz/corpus/%s", name_of(argv[0]));
	if (argc <= 1)
		add_folder(folder);
	if (corpus.n == 0)
		die("there is no corpus in", folder);
	child = fork();
	if (child == 0)
		exit(run_all(work, rounds, argc > 1));
	if (child < 0 || waitpid(child, &status, 0) != child)
		die("no child", "process");
	if (status != 0) {
		keep(argv[0], work, status);
		printf("[  FAILED  ] 1 test(s).\n");
		return 1;
	}
	printf("%" PRIu64 " inputs, %zu of the corpus\n", work->inputs, corpus.n);
	printf("[  PASSED  ] 1 test(s).\n");
	return 0;
}
