/*
 * How fast is a shortlist, with its waterfall, over 5,000 and 50,000 vacancies of both
 * kinds? rcc-matching answers a question as rcc-requests asks it (packed bytes, by
 * svc_turn and through its socket; filtered, counted three ways, ranked, and the best
 * 50 explained in words). PostgreSQL has the same numbers in rows, its best indexes and
 * prepared statements, and says ids, points and counts: so much is compared with it,
 * answer by answer, and the ratio is of the time for just that job (ranked and
 * counted). The service's own time, with words and sockets on both sides, has a ratio
 * beside it. Rounds are interleaved, medians count.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/access.h"
#include "base/clock.h"
#include "base/message.h"
#include "base/row.h"
#include "base/str.h"
#include "matching/shortlist.h"
#include "matching/store.h"
#include "matching/wire.h"

#include "bench/shortlist/matching_theirs.h"
#include "bench/shortlist/supply.h"
#include "bench/support/bench.h"

#define POLICY "services/matching/policy.conf"
#define SEED UINT64_C(0x9e3779b97f4a7c15)
#define REQUESTS 100
#define ROUNDS 5
#define VACANCIES_MAX 50000
#define SHORTLIST MATCHING__MATCHING_CALL__CALL_SHORTLIST

struct world {
	struct arena arena, memory;
	struct policy policy;
	struct homes homes[MATCHING_OWNERS];
	Requests__RequestSubmitted *request[REQUESTS];
	Members__Council council; /* that of all the children */
	uint64_t entries[MATCHING_OWNERS];
};

static struct svc *
open_matching(struct bench_region *r, int64_t now_ms)
{
	static char path[200];
	char problem[300] = "";
	struct svc *svc;
	struct svc_options o = {.service = &matching_service,
	    .path = bench_store(r, BENCH_MATCHING, path, sizeof path),
	    .peers = &r->peers,
	    .no_sync = true,
	    .option = POLICY,
	    .incarnation = 7,
	    .now_ms = now_ms};

	if (svc_open(&svc, &o, problem, sizeof problem) != ERR_NONE)
		bench_fail("%s", problem);
	return svc;
}

static void
check(enum err e)
{
	if (e != ERR_NONE)
		bench_fail("the store does not take it: %s", err_name(e));
}

static void
put_cursor(struct kv_txn *txn, struct arena *a, const char *source, uint64_t number)
{
	Journal__Cursor row = JOURNAL__CURSOR__INIT;
	uint8_t hash[32] = {1};

	row.service = (char *)(uintptr_t)source;
	SET(&row, number, number);
	SET(&row, head_number, number);
	SET_BYTES(&row, hash, ((struct bytes){hash, sizeof hash}));
	SET(&row, incarnation, 7);
	SET(&row, fresh_time, SUPPLY_NOON_MS);
	row_put(txn, a, SVC_CURSORS, row_key(source), &row.base);
}

/* One vacancy into the store as an event of its owner's, and into homes as well. */
static void
put_vacancy(struct world *w, struct kv_txn *txn, struct supply *s, uint32_t i)
{
	struct svc_event e = {.time_ms = SUPPLY_NOON_MS};
	struct matching_home home;

	if (supply_is_foster(i)) {
		Foster__VacancyPublished p = FOSTER__VACANCY_PUBLISHED__INIT;
		p.vacancy = supply_foster(s, i);
		e.type = FOSTER__FOSTER_EVENT__EVENT_VACANCY_PUBLISHED;
		e.number = ++w->entries[MATCHING_FOSTER];
		e.message = &p.base;
		check(matching_store_apply_foster(txn, s->arena, &e));
		matching_home_of_foster(p.vacancy, &home);
		check(homes_put(&w->homes[MATCHING_FOSTER], &home));
	} else {
		Residential__VacancyPublished p = RESIDENTIAL__VACANCY_PUBLISHED__INIT;
		p.vacancy = supply_home(s, i);
		e.type = RESIDENTIAL__RESIDENTIAL_EVENT__EVENT_VACANCY_PUBLISHED;
		e.number = ++w->entries[MATCHING_RESIDENTIAL];
		e.message = &p.base;
		check(matching_store_apply_residential(txn, s->arena, &e));
		matching_home_of_residential(p.vacancy, &home);
		check(homes_put(&w->homes[MATCHING_RESIDENTIAL], &home));
	}
}

static void
put_requests(struct world *w, struct kv_txn *txn)
{
	struct supply s = {&w->arena, SEED + 1};
	struct svc_event e = {.time_ms = SUPPLY_NOON_MS,
	    .type = REQUESTS__REQUESTS_EVENT__EVENT_REQUEST_SUBMITTED};

	for (uint32_t i = 0; i < REQUESTS; i++) {
		w->request[i] = supply_request(&s, i);
		w->request[i]->circulation->council_id = w->council.council_id;
		e.number = i + 1;
		e.message = &w->request[i]->base;
		check(matching_store_apply_requests(txn, &w->arena, &e));
	}
}

static void
put_council(struct world *w, struct kv_txn *txn)
{
	static char own[] = "E08000003", next[] = "E08000004", name[] = "Council";
	static char *adjoining[] = {next};
	Members__CouncilRegistered registered = MEMBERS__COUNCIL_REGISTERED__INIT;
	struct svc_event e = {.number = 1,
	    .time_ms = SUPPLY_NOON_MS,
	    .type = MEMBERS__MEMBERS_EVENT__EVENT_COUNCIL_REGISTERED,
	    .message = &registered.base};

	members__council__init(&w->council);
	w->council.council_id = own;
	w->council.name = name;
	w->council.adjoining_council_ids = adjoining;
	w->council.n_adjoining_council_ids = 1;
	registered.council = &w->council;
	check(access_apply(txn, &w->arena, &e));
}

/* What following England would have left in matching's store. */
static void
fill(struct world *w, struct bench_region *r, uint32_t vacancies)
{
	struct svc *svc = open_matching(r, SUPPLY_NOON_MS);
	struct supply s = {&w->arena, SEED};
	struct kv_txn txn;

	kv_begin(svc_kv(svc), &txn, true);
	put_council(w, &txn);
	put_requests(w, &txn);
	for (uint32_t i = 0; i < vacancies; i++) {
		size_t mark = w->arena.used;
		put_vacancy(w, &txn, &s, i);
		arena_release(&w->arena, mark);
	}
	put_cursor(&txn, &w->arena, "members", 1);
	put_cursor(&txn, &w->arena, "requests", REQUESTS);
	for (enum matching_owner o = 0; o < MATCHING_OWNERS; o++)
		put_cursor(&txn, &w->arena, matching_store_owner(o), w->entries[o]);
	check(kv_end(&txn));
	svc_close(svc);
}

/* ---- the same answers ---- */

static void
need_of(const struct world *w, unsigned r, int32_t today, struct matching_need *out)
{
	const struct matching_question question = {.request = w->request[r],
	    .council = &w->council,
	    .today = today,
	    .avoid_miles_tenths = w->policy.avoid_miles * 10};

	if (matching_need_of(&question, out) != MATCHING_OK)
		bench_fail("request %u is refused", r);
}

static void
compare(const struct world *w, struct theirs *t)
{
	static struct shortlist ours;
	static struct theirs_answer other;
	unsigned suitable = 0;

	for (unsigned r = 0; r < REQUESTS; r++) {
		struct matching_need need;
		need_of(w, r, SUPPLY_TODAY, &need);
		shortlist_make(&w->policy, &need, w->homes, &ours);
		theirs_ask(t, &need, &other);
		suitable += ours.suitable;
		if (ours.n != other.n ||
		    memcmp(ours.removed, other.removed, sizeof ours.removed) != 0 ||
		    memcmp(ours.only, other.only, sizeof ours.only) != 0)
			bench_fail("request %u: the counts differ", r);
		for (size_t i = 0; i < ours.n; i++)
			if (ours.best[i].points != other.best[i].points ||
			    !str_equal(ours.best[i].home->vacancy_id,
				other.best[i].vacancy_id))
				bench_fail("request %u: place %zu differs", r, i + 1);
	}
	printf("same answers to %d requests; %u vacancies suit one on average\n",
	    REQUESTS, suitable / REQUESTS);
}

/* ---- measuring ---- */

struct samples {
	double us[ROUNDS * REQUESTS];
	size_t n;
};

static void
keep(struct samples *s, int64_t began)
{
	s->us[s->n++] = (double)(clock_ticks_us() - began);
}

static double
at(struct samples *s, double fraction)
{
	bench_sort(s->us, s->n);
	return bench_percentile(s->us, s->n, fraction);
}

static struct bytes
packed_call(struct world *w, struct arena *a, unsigned r)
{
	Matching__ShortlistAsked body = MATCHING__SHORTLIST_ASKED__INIT;
	Envelope__Envelope e = ENVELOPE__ENVELOPE__INIT;
	struct id id = bus_new_id();
	struct bytes packed;

	body.request_id = w->request[r]->circulation->request_id;
	SET(&body, at_least_number, 1);
	check(message_pack(a, &body.base, &packed));
	e.message_id = id.text;
	SET(&e, method, SHORTLIST);
	SET(&e, wait_ms, 10000);
	SET_BYTES(&e, body, packed);
	check(message_pack(a, &e.base, &packed));
	return packed;
}

/* By svc_turn: what a service costs without the sockets. */
static void
ask_machine(struct world *w, struct bench_region *r, struct samples *s)
{
	struct svc *svc = open_matching(r, clock_now_ms());
	uint8_t seed[32] = {9};

	for (unsigned i = 0; i < ROUNDS * REQUESTS; i++) {
		size_t mark = w->arena.used;
		struct svc_input in = {.token = 1};
		struct svc_sends sends;
		memcpy(in.key, r->keys[BENCH_REQUESTS].public_key, 32);
		in.envelope = packed_call(w, &w->arena, i % REQUESTS);
		int64_t began = clock_ticks_us();
		check(svc_turn(svc, clock_now_ms(), seed, &in, 1, &sends));
		keep(s, began);
		if (sends.n != 1 || sends.list[0].envelope.len < 1000)
			bench_fail("no shortlist came");
		arena_release(&w->arena, mark);
	}
	svc_close(svc);
}

static void
ask_service(struct world *w, struct bench_region *r, struct bus_client *c, unsigned i,
    struct samples *s)
{
	Matching__ShortlistAsked body = MATCHING__SHORTLIST_ASKED__INIT;
	size_t mark = r->arena.used;
	int64_t began = clock_ticks_us();

	body.request_id = w->request[i]->circulation->request_id;
	SET(&body, at_least_number, 1);
	const Matching__Shortlist *list =
	    bench_call(r, c, SHORTLIST, &body.base, &matching__shortlist__descriptor);
	keep(s, began);
	if (list->vacancies != w->homes[0].n + w->homes[1].n)
		bench_fail("%u vacancies were looked at", list->vacancies);
	arena_release(&r->arena, mark);
}

static void
ask_theirs(struct world *w, struct theirs *t, unsigned i, struct samples *s)
{
	static struct theirs_answer answer;
	struct matching_need need;
	int64_t began;

	need_of(w, i, SUPPLY_TODAY, &need);
	began = clock_ticks_us();
	theirs_ask(t, &need, &answer);
	keep(s, began);
}

static void
measure_filter(struct world *w, unsigned i, struct samples *filter, struct samples *all)
{
	static struct shortlist list;
	uint16_t looked[MATCHING_LANES];
	struct matching_need need;
	unsigned sum = 0;
	int64_t began;

	need_of(w, i, SUPPLY_TODAY, &need);
	began = clock_ticks_us();
	for (unsigned o = 0; o < MATCHING_OWNERS; o++)
		for (size_t at = 0; at < w->homes[o].n; at += MATCHING_LANES) {
			matching_scan(
			    &need, &w->homes[o].lanes[at / MATCHING_LANES], looked);
			sum += looked[0];
		}
	keep(filter, began);
	if (sum == 0)
		bench_fail("the filter removed nothing");
	began = clock_ticks_us();
	shortlist_make(&w->policy, &need, w->homes, &list);
	keep(all, began);
}

static void
say(uint32_t vacancies, const char *what, double value, const char *unit)
{
	char name[100];

	snprintf(name, sizeof name, "shortlist.%u.%s", vacancies, what);
	bench_figure(name, value, unit);
}

static void
say_all(struct world *w, uint32_t n, struct samples s[5])
{
	size_t homes = w->homes[0].n + w->homes[1].n;
	char name[60];

	say(n, "filter", at(&s[0], 0.5), "us");
	say(n, "ranked_and_counted", at(&s[1], 0.5), "us");
	say(n, "svc_turn.p50", at(&s[2], 0.5), "us");
	say(n, "service.p50", at(&s[3], 0.5), "us");
	say(n, "postgresql.p50", at(&s[4], 0.5), "us");
	say(n, "postgresql.p99", at(&s[4], 0.99), "us");
	say(n, "memory",
	    (double)homes *
		(sizeof(struct matching_home) + sizeof(uint32_t) +
		    (double)sizeof(struct matching_lanes) / MATCHING_LANES) /
		1048576,
	    "MiB");
	snprintf(name, sizeof name, "shortlist.%u.svc_turn.p99", n);
	bench_limit(name, at(&s[2], 0.99) / 1000, "ms", 0, 5);
	snprintf(name, sizeof name, "shortlist.%u.service.p99", n);
	bench_limit(name, at(&s[3], 0.99) / 1000, "ms", 0, 5);
	snprintf(name, sizeof name, "shortlist_vs_postgresql_%u", n);
	bench_limit(name, at(&s[4], 0.5) / at(&s[1], 0.5), "x",
	    n == VACANCIES_MAX ? 50 : 0, 1e9);
	say(n, "service_vs_postgresql", at(&s[4], 0.5) / at(&s[3], 0.5), "x");
}

static void
side_by_side(struct world *w, struct theirs *t, uint32_t vacancies)
{
	static struct bench_region r;
	static struct samples s[5];
	struct bus_client *c;

	memset(s, 0, sizeof s);
	memset(w->entries, 0, sizeof w->entries);
	w->homes[0].n = w->homes[1].n = 0;
	bench_region_open(&r);
	fill(w, &r, vacancies);
	theirs_load(t, w->homes);
	compare(w, t);
	ask_machine(w, &r, &s[2]);
	bench_start(&r, BENCH_MATCHING, NULL);
	c = bench_client(&r, BENCH_MATCHING, &r.keys[BENCH_REQUESTS]);
	for (unsigned round = 0; round < ROUNDS; round++) {
		for (unsigned i = 0; i < REQUESTS; i++)
			ask_service(w, &r, c, i, &s[3]);
		for (unsigned i = 0; i < REQUESTS; i++)
			ask_theirs(w, t, i, &s[4]);
		for (unsigned i = 0; i < REQUESTS; i++)
			measure_filter(w, i, &s[0], &s[1]);
	}
	bus_client_close(c);
	bench_machine(r.folder);
	say_all(w, vacancies, s);
	bench_region_close(&r);
}

int
main(void)
{
	static struct world w;
	static struct theirs t;
	char problem[300] = "";

	bench_quiet();
	if (arena_open(&w.arena, 64u << 20) != ERR_NONE ||
	    arena_open(&w.memory, MATCHING_OWNERS * HOMES_BYTES) != ERR_NONE)
		bench_fail("no memory");
	for (enum matching_owner o = 0; o < MATCHING_OWNERS; o++)
		check(homes_open(&w.homes[o], o, &w.memory));
	if (policy_read(POLICY, &w.policy, problem, sizeof problem) != ERR_NONE)
		bench_fail("%s", problem);
	theirs_open(&t, &w.policy);
	side_by_side(&w, &t, 5000);
	side_by_side(&w, &t, VACANCIES_MAX);
	theirs_close(&t);
	return bench_exit();
}
