/*
 * All of England on one machine: the invented England of rcc-region, loaded through the
 * services themselves.
 *   loaded      from nothing to the last follower
 *   memory      what the services keep for themselves (RssAnon), with England in them
 *               and after a burst of calls. The limit is a fifth of a machine with
 *               1 GiB, the smallest one rents: the rest is for the page cache, out of
 *               which the stores are read.
 *   caught_up   rcc-matching and rcc-observatory with empty stores, and rcc-requests
 *               with no cursors, until they have followed everything again: pulled over
 * CURVE, proved, applied and committed to disk visible     a vacancy is closed, or
 * opened, through rcc-foster's socket, until rcc-matching says so when it is asked why.
 * In the round-robin scheduling class; all before it in the ordinary one, as follow.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/kv.h"
#include "base/message.h"
#include "base/str.h"

#include "bench/support/bench.h"

#include "common.pb-c.h"
#include "foster.pb-c.h"
#include "matching.pb-c.h"
#include "requests.pb-c.h"

#define BURST 2000
#define SAMPLES 400
#define ROUNDS 3
#define LINE_MAX_BYTES 512
#define LOADED_S_MAX 180
#define MEMORY_MIB_MAX 200
#define VISIBLE_MS_MAX 50
#define CAUGHT_UP_S_MAX 5

#define FOSTER(name) FOSTER__FOSTER_CALL__CALL_##name
#define REQUESTS(name) REQUESTS__REQUESTS_CALL__CALL_##name
#define MATCHING(name) MATCHING__MATCHING_CALL__CALL_##name

static const enum bench_service owners[] = {
    BENCH_MEMBERS, BENCH_FOSTER, BENCH_RESIDENTIAL, BENCH_REQUESTS};
#define OWNERS (sizeof owners / sizeof owners[0])

/* ---- loading ---- */

static void
run_region(struct bench_region *r)
{
	char program[300], peers[300], log[300];
	int status;
	pid_t child;

	snprintf(program, sizeof program, "%s/rcc-region", getenv("BIN"));
	snprintf(peers, sizeof peers, "%s/peers.conf", r->folder);
	snprintf(log, sizeof log, "%s/region.log", r->folder);
	child = fork();
	if (child == 0) {
		int fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);

		dup2(fd, 1);
		dup2(fd, 2);
		execl(program, program, "--load", "--scale", "england", "--run",
		    r->folder, "--peers", peers, (char *)NULL);
		_exit(127);
	}
	if (waitpid(child, &status, 0) != child || status != 0)
		bench_fail("rcc-region did not load England: see %s", log);
}

/* Where rcc-region looks for the first administrator's key, and puts the others. */
static void
make_keys_folder(struct bench_region *r)
{
	char path[300], problem[200] = "";

	snprintf(path, sizeof path, "%s/keys", r->folder);
	if (mkdir(path, 0700) != 0)
		bench_fail("%s: %s", path, strerror(errno));
	snprintf(path, sizeof path, "%s/keys/administrator.key", r->folder);
	if (conf_write_key(path, r->administrator.public_key,
		r->administrator.secret_key, problem, sizeof problem) != ERR_NONE)
		bench_fail("%s", problem);
}

static bool
follows(struct bench_region *r, struct bus_client *c, const char *source)
{
	Common__HealthAsked asked = COMMON__HEALTH_ASKED__INIT;
	const Common__Health *h =
	    bench_call(r, c, 2, &asked.base, &common__health__descriptor);

	for (size_t i = 0; i < h->n_follows; i++)
		if (str_equal(h->follows[i]->service, source))
			return true;
	return false;
}

/* Until `s` has followed all that it follows; how many entries that is. */
static uint64_t
await_all(struct bench_region *r, enum bench_service s, const uint64_t heads[OWNERS])
{
	const struct bench_key *key =
	    &r->keys[s == BENCH_MEMBERS ? BENCH_FOSTER : BENCH_MEMBERS];
	struct bus_client *c = bench_client(r, s, key);
	uint64_t entries = 0;

	for (size_t i = 0; i < OWNERS; i++) {
		const char *source = bench_name(owners[i]);

		if (!follows(r, c, source))
			continue;
		bench_await_followed(r, c, source, heads[i]);
		entries += heads[i];
	}
	bus_client_close(c);
	return entries;
}

static void
load(struct bench_region *r, uint64_t heads[OWNERS])
{
	int64_t began;

	bench_first_administrator(r);
	make_keys_folder(r);
	for (unsigned s = 0; s < BENCH_SERVICES; s++)
		bench_start(r, s, NULL);
	began = clock_ticks_us();
	run_region(r);
	for (size_t i = 0; i < OWNERS; i++)
		heads[i] = bench_head(r, owners[i]);
	for (unsigned s = 0; s < BENCH_SERVICES; s++)
		(void)await_all(r, s, heads);
	bench_limit("england.loaded", (double)(clock_ticks_us() - began) / 1e6, "s", 0,
	    LOADED_S_MAX);
	for (size_t i = 0; i < OWNERS; i++) {
		char name[60];

		snprintf(name, sizeof name, "england.%s", bench_name(owners[i]));
		bench_figure(name, (double)heads[i], "entries");
	}
}

/* ---- memory ---- */

static double
anonymous_mib(pid_t pid)
{
	char path[64], line[200];
	double kib = -1;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
	f = fopen(path, "r");
	while (f != NULL && fgets(line, sizeof line, f) != NULL)
		if (strncmp(line, "RssAnon:", 8) == 0)
			kib = strtod(line + 8, NULL);
	if (f != NULL)
		fclose(f);
	if (kib < 0)
		bench_fail("process %d has gone", (int)pid);
	return kib / 1024;
}

static void
memory(struct bench_region *r)
{
	double sum = 0;

	for (unsigned s = 0; s < BENCH_SERVICES; s++) {
		char name[60];
		double mib;
		size_t mark = r->arena.used;

		for (unsigned i = 0; i < BURST; i++) {
			(void)bench_head(r, s);
			arena_release(&r->arena, mark);
		}
		mib = anonymous_mib(r->pids[s]);
		snprintf(name, sizeof name, "england.memory.%s", bench_name(s));
		bench_figure(name, mib, "MiB");
		sum += mib;
	}
	bench_limit("england.memory.sum", sum, "MiB", 0, MEMORY_MIB_MAX);
}

/* ---- catching up ---- */

static void
remove_store(struct bench_region *r, enum bench_service s)
{
	char store[200], path[220];

	snprintf(
	    path, sizeof path, "%s/data.mdb", bench_store(r, s, store, sizeof store));
	if (unlink(path) != 0)
		bench_fail("%s stays", path);
}

/* It has a journal of its own: it only forgets how far it had followed. */
static void
forget_cursors(struct bench_region *r, enum bench_service s)
{
	static const char *const tables[] = {"cursors"};
	char path[200], problem[200] = "";
	const struct kv_options o = {.path = bench_store(r, s, path, sizeof path),
	    .tables = tables,
	    .tables_n = 1};
	struct kv_txn txn;
	struct kv *kv;

	if (kv_open(&kv, &o, problem, sizeof problem) != ERR_NONE)
		bench_fail("%s", problem);
	kv_begin(kv, &txn, true);
	kv_clear(&txn, 0);
	if (kv_end(&txn) != ERR_NONE)
		bench_fail("%s: its cursors stay", path);
	kv_close(kv);
}

static void
caught_up(struct bench_region *r, enum bench_service s,
    void (*forget)(struct bench_region *r, enum bench_service s))
{
	double rates[ROUNDS], seconds[ROUNDS];
	uint64_t heads[OWNERS];
	char name[60];

	bench_stop(r, s, SIGTERM);
	for (unsigned i = 0; i < ROUNDS; i++) {
		int64_t began;
		uint64_t entries;

		forget(r, s);
		began = clock_ticks_us();
		bench_spawn(r, s, NULL);
		for (size_t k = 0; k < OWNERS; k++)
			heads[k] = owners[k] == s ? 0 : bench_head(r, owners[k]);
		entries = await_all(r, s, heads);
		seconds[i] = (double)(clock_ticks_us() - began) / 1e6;
		rates[i] = (double)entries / seconds[i];
		bench_stop(r, s, SIGTERM);
	}
	bench_start(r, s, NULL);
	snprintf(name, sizeof name, "england.followed.%s", bench_name(s));
	bench_figure(name, bench_median(rates, ROUNDS), "events/s");
	snprintf(name, sizeof name, "england.caught_up.%s", bench_name(s));
	bench_limit(name, bench_median(seconds, ROUNDS), "s", 0, CAUGHT_UP_S_MAX);
}

/* ---- a change of supply, seen by matching ---- */

/* Somebody with a key, from the list that rcc-region leaves with the keys. */
struct somebody {
	struct bench_key key;
	char organisation_id[64];
};

/* The n-th with this role; false where there are no more. */
static bool
find_somebody(
    struct bench_region *r, const char *role, unsigned n, struct somebody *out)
{
	char path[600], line[LINE_MAX_BYTES], problem[200] = "";
	char *rest, *fields[3];
	FILE *f;

	snprintf(path, sizeof path, "%s/keys/README", r->folder);
	f = fopen(path, "r");
	if (f == NULL)
		bench_fail("%s: %s", path, strerror(errno));
	for (bool is_it = false; !is_it;) {
		if (fgets(line, sizeof line, f) == NULL) {
			fclose(f);
			return false;
		}
		rest = line;
		for (unsigned i = 0; i < 3; i++)
			fields[i] = strsep(&rest, "\t");
		is_it = fields[2] != NULL && strcmp(fields[1], role) == 0 && n-- == 0;
	}
	fclose(f);
	snprintf(out->organisation_id, sizeof out->organisation_id, "%s", fields[2]);
	snprintf(path, sizeof path, "%s/keys/%s", r->folder, fields[0]);
	if (conf_read_key(path, out->key.public_key, out->key.secret_key, problem,
		sizeof problem) != ERR_NONE)
		bench_fail("%s", problem);
	return true;
}

/* An open vacancy, and the connection of the officer whose it is. */
static const Foster__Vacancy *
find_vacancy(struct bench_region *r, struct bus_client **officer)
{
	Foster__VacanciesAsked asked = FOSTER__VACANCIES_ASKED__INIT;
	struct somebody who;

	SET(&asked, limit, 1);
	for (unsigned n = 0; find_somebody(r, "placement officer", n, &who); n++) {
		const Foster__Vacancies *list;

		*officer = bench_client(r, BENCH_FOSTER, &who.key);
		asked.provider_id = who.organisation_id;
		list = bench_call(r, *officer, FOSTER(VACANCIES), &asked.base,
		    &foster__vacancies__descriptor);
		if (list->n_vacancies > 0)
			return list->vacancies[0];
		bus_client_close(*officer);
	}
	bench_fail("nobody in England has a vacancy");
}

static const char *
find_request(struct bench_region *r)
{
	Requests__RequestsAsked asked = REQUESTS__REQUESTS_ASKED__INIT;
	struct somebody who;

	SET(&asked, limit, 1);
	for (unsigned n = 0; find_somebody(r, "commissioner", n, &who); n++) {
		struct bus_client *c = bench_client(r, BENCH_REQUESTS, &who.key);
		const Requests__Requests *list = bench_call(r, c, REQUESTS(REQUESTS),
		    &asked.base, &requests__requests__descriptor);

		bus_client_close(c);
		if (list->n_requests > 0)
			return list->requests[0]->request_id;
	}
	bench_fail("nobody in England asks for a place");
}

static void
set_open(struct bench_region *r, struct bus_client *officer, const Foster__Vacancy *v,
    bool is_open)
{
	Foster__OpenVacancy open = FOSTER__OPEN_VACANCY__INIT;
	Foster__CloseVacancy close = FOSTER__CLOSE_VACANCY__INIT;

	open.household_id = v->household_id;
	close.vacancy_id = v->vacancy_id;
	bench_call(r, officer, is_open ? FOSTER(OPEN_VACANCY) : FOSTER(CLOSE_VACANCY),
	    is_open ? &open.base : &close.base, &foster__vacancy__descriptor);
}

static bool
is_open_to_matching(
    struct bench_region *r, struct bus_client *c, const Matching__WhyAsked *asked)
{
	const Matching__Why *why =
	    bench_call(r, c, MATCHING(WHY), &asked->base, &matching__why__descriptor);

	for (size_t i = 0; i < why->n_failures; i++)
		if (why->failures[i]->rule == MATCHING__RULE__RULE_OPEN)
			return false;
	return true;
}

/* The same services in the scheduling class of bench_quiet. */
static void
restart_quietly(struct bench_region *r)
{
	for (unsigned s = 0; s < BENCH_SERVICES; s++)
		bench_stop(r, s, SIGTERM);
	bench_quiet();
	bench_machine(r->folder);
	for (unsigned s = 0; s < BENCH_SERVICES; s++)
		bench_start(r, s, NULL);
}

static void
visible(struct bench_region *r)
{
	static double times[SAMPLES];
	struct bus_client *officer, *c;
	const Foster__Vacancy *vacancy;
	Matching__WhyAsked asked = MATCHING__WHY_ASKED__INIT;

	restart_quietly(r);
	c = bench_client(r, BENCH_MATCHING, &r->keys[BENCH_REQUESTS]);
	vacancy = find_vacancy(r, &officer);
	asked.request_id = (char *)(uintptr_t)find_request(r);
	asked.vacancy_id = vacancy->vacancy_id;
	for (unsigned i = 0; i < SAMPLES; i++) {
		bool is_open = i % 2 == 1;
		size_t mark = r->arena.used;
		int64_t began;

		usleep(3000 + 1000 * (i % 7)); /* wherever its timers stand */
		began = clock_ticks_us();
		set_open(r, officer, vacancy, is_open);
		while (is_open_to_matching(r, c, &asked) != is_open)
			arena_release(&r->arena, mark);
		times[i] = (double)(clock_ticks_us() - began) / 1000;
		arena_release(&r->arena, mark);
	}
	bench_sort(times, SAMPLES);
	bench_figure(
	    "england.visible.p50", bench_percentile(times, SAMPLES, 0.5), "ms");
	bench_limit("england.visible.p99", bench_percentile(times, SAMPLES, 0.99), "ms",
	    0, VISIBLE_MS_MAX);
	bus_client_close(c);
	bus_client_close(officer);
}

int
main(void)
{
	static struct bench_region r;
	uint64_t heads[OWNERS];

	bench_region_open(&r);
	bench_machine(r.folder);
	load(&r, heads);
	memory(&r);
	caught_up(&r, BENCH_MATCHING, remove_store);
	caught_up(&r, BENCH_OBSERVATORY, remove_store);
	caught_up(&r, BENCH_REQUESTS, forget_cursors);
	visible(&r);
	bench_region_close(&r);
	return bench_exit();
}
