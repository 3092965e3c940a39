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
#include "bench/support/confirming.h"
#include "bench/support/postgres.h"
#include "bench/support/rounds.h"

#include "foster.pb-c.h"

#define EVENT_BYTES 300

static const size_t client_counts[] = {1, 32, 128};
#define COUNTS (sizeof client_counts / sizeof client_counts[0])

/* ---- PostgreSQL ---- */

struct theirs {
	struct postgres server;
	PGconn *connections[BENCH_CLIENTS_MAX];
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
	struct pollfd fds[BENCH_CLIENTS_MAX];

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
	for (size_t i = 0; i < BENCH_CLIENTS_MAX; i++) {
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
	for (size_t i = 0; i < BENCH_CLIENTS_MAX; i++)
		PQfinish(t->connections[i]);
	postgres_close(&t->server);
}

/* ---- side by side ---- */

static void
say(const char *disk, size_t clients, const char *what, double value, const char *unit)
{
	char name[100];

	snprintf(name, sizeof name, "durable.%s%zu.%s", disk, clients, what);
	bench_figure(name, value, unit);
}

static void
say_count(const char *disk, bool is_slow, size_t clients,
    struct bench_round (*rounds)[BENCH_ROUNDS])
{
	static const char *const who[] = {"foster", "postgresql"};
	double rate[2], p50[2], p99[2];
	char what[60], name[100];

	for (size_t i = 0; i < 2; i++) {
		rate[i] = bench_of_rounds(rounds[i], BENCH_RATE);
		p50[i] = bench_of_rounds(rounds[i], BENCH_P50);
		p99[i] = bench_of_rounds(rounds[i], BENCH_P99);
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
	static struct bench_round rounds[COUNTS][2][BENCH_ROUNDS];
	static struct bench_confirming ours;
	static struct theirs theirs;
	struct bench_peer peers[] = {
	    {"foster", &ours, bench_confirm_post, bench_confirm_collect},
	    {"postgresql", &theirs, theirs_post, theirs_collect}};

	bench_confirming_open(&ours, preload);
	theirs_open(&theirs, preload);
	bench_machine(ours.region.folder);
	for (size_t i = 0; i < BENCH_ROUNDS; i++)
		for (size_t n = 0; n < COUNTS; n++)
			for (size_t p = 0; p < 2; p++)
				rounds[n][p][i] =
				    bench_measure(&peers[p], client_counts[n]);
	for (size_t n = 0; n < COUNTS; n++)
		say_count(disk, preload != NULL, client_counts[n], rounds[n]);
	theirs_close(&theirs);
	bench_confirming_close(&ours);
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
