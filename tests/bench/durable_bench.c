/*
 * How fast are durable commands? rcc-foster's "confirm vacancy" (journal, inbox and
 * vacancy row; CURVE; key, role and message checked; hash chain) against PostgreSQL
 * running one prepared function that writes a journal, an inbox and a state row of
 * the same sizes (TCP without TLS, no chain, no roles). One harness: every client is
 * a connection with one command outstanding. Rounds are interleaved, medians count;
 * once on this disk, once with a millisecond added to every flush.
 */
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libpq-fe.h>

#include "base/clock.h"
#include "base/day.h"
#include "base/message.h"
#include "base/str.h"

#include "bench/support/bench.h"
#include "bench/support/postgres.h"

#include "foster.pb-c.h"

#define CLIENTS_MAX 128
#define ROUNDS 5
#define ROUND_US INT64_C(1500000)
#define SAMPLES_MAX 400000
#define EVENT_BYTES 300
#define TEXT(literal) ((char *)(uintptr_t)(literal))

static const size_t client_counts[] = {1, 32, 128};
#define COUNTS (sizeof client_counts / sizeof client_counts[0])

/* A system under measurement. */
struct peer {
	const char *name;
	void *state;
	void (*post)(void *state, size_t client);
	/* Waits, then marks with 1 who got an answer. */
	void (*collect)(void *state, size_t clients, uint8_t *answered);
};

struct round {
	double commands_s, p50_us, p99_us;
};

static double samples[SAMPLES_MAX];

static struct round
measure(const struct peer *p, size_t clients)
{
	int64_t sent_us[CLIENTS_MAX];
	uint8_t answered[CLIENTS_MAX];
	int64_t began = clock_ticks_us(), until = began + ROUND_US, now = began;
	size_t n = 0, outstanding = clients;
	struct round r;

	for (size_t i = 0; i < clients; i++) {
		sent_us[i] = clock_ticks_us();
		p->post(p->state, i);
	}
	while (outstanding > 0) {
		memset(answered, 0, clients);
		p->collect(p->state, clients, answered);
		now = clock_ticks_us();
		for (size_t i = 0; i < clients; i++) {
			if (!answered[i])
				continue;
			if (n < SAMPLES_MAX)
				samples[n++] = (double)(now - sent_us[i]);
			if (now >= until) {
				outstanding--;
				continue;
			}
			sent_us[i] = clock_ticks_us();
			p->post(p->state, i);
		}
	}
	r.commands_s = (double)n / ((double)(now - began) / 1e6);
	bench_sort(samples, n);
	r.p50_us = bench_percentile(samples, n, 0.5);
	r.p99_us = bench_percentile(samples, n, 0.99);
	return r;
}

/* ---- ours ---- */

struct ours {
	struct bench_region region;
	struct bus_client *clients[CLIENTS_MAX];
	char vacancies[CLIENTS_MAX][32];
	struct arena arena;
};

static void
ours_post(void *state, size_t i)
{
	struct ours *o = state;
	Envelope__Envelope e = ENVELOPE__ENVELOPE__INIT;
	Foster__ConfirmVacancy call = FOSTER__CONFIRM_VACANCY__INIT;
	struct id id = bus_new_id();
	struct bytes body, packed;

	arena_reset(&o->arena);
	call.vacancy_id = o->vacancies[i];
	if (message_pack(&o->arena, &call.base, &body) != ERR_NONE)
		bench_fail("no memory");
	e.message_id = id.text;
	SET(&e, method, 21);
	SET(&e, wait_ms, 10000);
	SET_BYTES(&e, body, body);
	if (message_pack(&o->arena, &e.base, &packed) != ERR_NONE ||
	    bus_client_post(o->clients[i], packed) != ERR_NONE)
		bench_fail("cannot send to foster (log in %s)", o->region.folder);
}

static void
ours_collect(void *state, size_t clients, uint8_t *answered)
{
	struct ours *o = state;

	bus_client_wait_any(o->clients, clients, 10000);
	for (size_t i = 0; i < clients; i++) {
		struct bytes in;
		ProtobufCMessage *m;
		Envelope__Envelope *e;

		if (bus_client_take(o->clients[i], 0, &in) != ERR_NONE)
			continue;
		arena_reset(&o->arena);
		if (message_unpack(
			&o->arena, &envelope__envelope__descriptor, in, &m) != ERR_NONE)
			bench_fail("an answer cannot be read");
		e = (Envelope__Envelope *)m;
		if (e->has_fault || e->refusal != NULL)
			bench_fail("foster said no: fault %d, %s", (int)e->fault,
			    e->refusal != NULL ? e->refusal->sentence : "");
		answered[i] = 1;
	}
}

static void
open_vacancy(struct ours *o, struct bus_client *c, size_t i)
{
	Foster__RegisterHousehold call = FOSTER__REGISTER_HOUSEHOLD__INIT;
	Foster__Household h = FOSTER__HOUSEHOLD__INIT;
	Foster__Approval a = FOSTER__APPROVAL__INIT;
	Foster__OpenVacancy open = FOSTER__OPEN_VACANCY__INIT;
	char *languages[] = {TEXT("en")};
	int32_t today = day_in_london(clock_now_ms());
	const Common__Done *done;
	const Foster__Vacancy *v;

	h.carer_name = TEXT("Invented Carer");
	h.council_id = TEXT("E08000003");
	h.home_sector = TEXT("M14 5");
	SET(&a, kind, FOSTER__APPROVAL_KIND__APPROVAL_KIND_MAINSTREAM);
	SET(&a, children_max, 2);
	SET(&a, age_min_years, 0);
	SET(&a, age_max_years, 17);
	SET(&a, takes_girls, true);
	SET(&a, takes_boys, true);
	SET(&a, approved_day, today - 100);
	h.approval = &a;
	SET(&h, bedrooms, 2);
	SET(&h, siblings_may_share, true);
	SET(&h, takes_emergencies, true);
	SET(&h, fee_pence_week, 90000);
	h.languages = languages;
	h.n_languages = 1;
	call.household = &h;
	done = bench_call(&o->region, c, 10, &call.base, &common__done__descriptor);
	open.household_id = done->id;
	SET(&open, available_from_day, today);
	v = bench_call(&o->region, c, 20, &open.base, &foster__vacancy__descriptor);
	snprintf(o->vacancies[i], sizeof o->vacancies[i], "%s", v->vacancy_id);
}

static void
ours_open(struct ours *o, const char *preload)
{
	bench_region_open(&o->region);
	if (arena_open(&o->arena, 1u << 20) != ERR_NONE)
		bench_fail("no memory");
	bench_people(&o->region, preload);
	for (size_t i = 0; i < CLIENTS_MAX; i++) {
		o->clients[i] =
		    bench_client(&o->region, BENCH_FOSTER, &o->region.officer);
		open_vacancy(o, o->clients[i], i);
		arena_reset(&o->region.arena);
	}
}

static void
ours_close(struct ours *o)
{
	for (size_t i = 0; i < CLIENTS_MAX; i++)
		bus_client_close(o->clients[i]);
	arena_close(&o->arena);
	bench_region_close(&o->region);
}

/* ---- PostgreSQL ---- */

struct theirs {
	struct postgres server;
	PGconn *connections[CLIENTS_MAX];
	uint8_t row[EVENT_BYTES];
	uint8_t small[32];
};

static const char schema[] =
    "create table journal (number bigint generated always as identity primary key,"
    "  time timestamptz not null, type int not null, incarnation bigint not null,"
    "  command_id text not null, event bytea not null, caller bytea not null,"
    "  digest bytea not null, answer bytea not null);"
    "create table inbox (command_id text, caller bytea, digest bytea not null,"
    "  number bigint not null, primary key (command_id, caller));"
    "create table vacancy (vacancy_id text primary key, row bytea not null);"
    "create function confirm(p_id text, p_caller bytea, p_digest bytea, p_vacancy text,"
    "  p_row bytea) returns bigint language plpgsql as $$"
    "declare n bigint; d bytea;"
    "begin"
    "  select i.number, i.digest into n, d from inbox i"
    "    where i.command_id = p_id and i.caller = p_caller;"
    "  if found then"
    "    if d <> p_digest then raise exception 'other body'; end if;"
    "    return n;"
    "  end if;"
    "  insert into journal (time, type, incarnation, command_id, event, caller, digest,"
    "    answer) values (now(), 20, 1, p_id, p_row, p_caller, p_digest, p_digest)"
    "    returning number into n;"
    "  insert into inbox values (p_id, p_caller, p_digest, n);"
    "  insert into vacancy values (p_vacancy, p_row)"
    "    on conflict (vacancy_id) do update set row = excluded.row;"
    "  return n;"
    "end $$;";

static void
theirs_post(void *state, size_t i)
{
	struct theirs *t = state;
	struct id id = bus_new_id();
	char vacancy[32];
	const char *values[] = {id.text, (const char *)t->small, (const char *)t->small,
	    vacancy, (const char *)t->row};
	const int lengths[] = {
	    0, (int)sizeof t->small, (int)sizeof t->small, 0, (int)sizeof t->row};
	const int formats[] = {0, 1, 1, 0, 1};

	snprintf(vacancy, sizeof vacancy, "vacancy-%018zu", i);
	if (PQsendQueryPrepared(
		t->connections[i], "confirm", 5, values, lengths, formats, 1) != 1)
		bench_fail("PostgreSQL: %s", PQerrorMessage(t->connections[i]));
}

static bool
theirs_answered(PGconn *c)
{
	PGresult *r;

	if (PQconsumeInput(c) != 1)
		bench_fail("PostgreSQL: %s", PQerrorMessage(c));
	if (PQisBusy(c))
		return false;
	while ((r = PQgetResult(c)) != NULL) {
		if (PQresultStatus(r) != PGRES_TUPLES_OK)
			bench_fail("PostgreSQL: %s", PQerrorMessage(c));
		PQclear(r);
	}
	return true;
}

static void
theirs_collect(void *state, size_t clients, uint8_t *answered)
{
	struct theirs *t = state;
	struct pollfd fds[CLIENTS_MAX];

	for (size_t i = 0; i < clients; i++)
		fds[i] = (struct pollfd){PQsocket(t->connections[i]), POLLIN, 0};
	poll(fds, clients, 10000);
	for (size_t i = 0; i < clients; i++)
		if (fds[i].revents != 0)
			answered[i] = theirs_answered(t->connections[i]);
}

static PGconn *
connect_patiently(const char *conninfo)
{
	for (int i = 0; i < 200; i++) {
		PGconn *c = PQconnectdb(conninfo);

		if (PQstatus(c) == CONNECTION_OK)
			return c;
		PQfinish(c);
		usleep(50000);
	}
	bench_fail("PostgreSQL does not answer");
}

static void
theirs_open(struct theirs *t, const char *preload)
{
	char conninfo[200];

	memset(t->row, 'r', sizeof t->row);
	memset(t->small, 's', sizeof t->small);
	postgres_open(&t->server, preload);
	postgres_conninfo(&t->server, conninfo, sizeof conninfo);
	for (size_t i = 0; i < CLIENTS_MAX; i++) {
		PGconn *c = connect_patiently(conninfo);

		t->connections[i] = c;
		if (i == 0)
			PQclear(PQexec(c, schema));
		PQclear(PQprepare(
		    c, "confirm", "select confirm($1, $2, $3, $4, $5)", 5, NULL));
	}
}

static void
theirs_close(struct theirs *t)
{
	for (size_t i = 0; i < CLIENTS_MAX; i++)
		PQfinish(t->connections[i]);
	postgres_close(&t->server);
}

/* ---- side by side ---- */

static double
median_of(struct round (*rounds)[ROUNDS], size_t which, size_t offset)
{
	double values[ROUNDS];

	for (size_t i = 0; i < ROUNDS; i++)
		memcpy(&values[i], (const char *)&rounds[which][i] + offset,
		    sizeof values[i]);
	return bench_median(values, ROUNDS);
}

static void
say(const char *disk, size_t clients, const char *what, double value, const char *unit)
{
	char name[100];

	snprintf(name, sizeof name, "durable.%s%zu.%s", disk, clients, what);
	bench_figure(name, value, unit);
}

static void
say_count(
    const char *disk, bool is_slow, size_t clients, struct round (*rounds)[ROUNDS])
{
	static const char *const who[] = {"foster", "postgresql"};
	double rate[2], p50[2], p99[2];
	char what[60], name[100];

	for (size_t i = 0; i < 2; i++) {
		rate[i] = median_of(rounds, i, offsetof(struct round, commands_s));
		p50[i] = median_of(rounds, i, offsetof(struct round, p50_us));
		p99[i] = median_of(rounds, i, offsetof(struct round, p99_us));
		snprintf(what, sizeof what, "%s.rate", who[i]);
		say(disk, clients, what, rate[i], "commands/s");
		snprintf(what, sizeof what, "%s.p50", who[i]);
		say(disk, clients, what, p50[i], "us");
		snprintf(what, sizeof what, "%s.p99", who[i]);
		say(disk, clients, what, p99[i], "us");
	}
	snprintf(name, sizeof name, "durable.%s%zu.vs_postgresql", disk, clients);
	if (clients == 1) {
		bench_figure(name, rate[0] / rate[1], "ratio");
		snprintf(name, sizeof name, "durable.%s1.p50_vs_postgresql", disk);
		bench_limit(name, p50[0] / p50[1], "ratio", 0, 2.5);
	} else {
		bench_limit(name, rate[0] / rate[1], "ratio",
		    clients == 128 ? 1.2
		    : is_slow      ? 0.75
				   : 0.85,
		    1e9);
	}
}

static void
side_by_side(const char *disk, const char *preload)
{
	static struct round rounds[COUNTS][2][ROUNDS];
	static struct ours ours;
	static struct theirs theirs;
	struct peer peers[] = {{"foster", &ours, ours_post, ours_collect},
	    {"postgresql", &theirs, theirs_post, theirs_collect}};

	ours_open(&ours, preload);
	theirs_open(&theirs, preload);
	bench_machine(ours.region.folder);
	for (size_t i = 0; i < ROUNDS; i++)
		for (size_t n = 0; n < COUNTS; n++)
			for (size_t p = 0; p < 2; p++)
				rounds[n][p][i] = measure(&peers[p], client_counts[n]);
	for (size_t n = 0; n < COUNTS; n++)
		say_count(disk, preload != NULL, client_counts[n], rounds[n]);
	theirs_close(&theirs);
	ours_close(&ours);
}

int
main(void)
{
	char preload[300], absolute[4096];
	const char *bin = getenv("BIN");

	if (bin == NULL)
		bench_fail("BIN is not set: run this through make bench");
	snprintf(preload, sizeof preload, "%s/slow_disk.so", bin);
	if (realpath(preload, absolute) == NULL)
		bench_fail("%s is not built", preload);
	bench_quiet();
	side_by_side("", NULL);
	printf("from here on each flush takes 1 ms longer\n");
	side_by_side("slow.", absolute);
	return bench_exit();
}
