#include "bench/shortlist/matching_theirs.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/support/bench.h"

#define FACTOR(name) MATCHING__FACTOR__FACTOR_##name
#define ARGUMENTS 32
#define SQL_BYTES 16384

static const char schema[] =
    "create table home (id text primary key, care int, open_to int, against int,"
    " age_min int, age_max int, takes int, free int, free_siblings int,"
    " free_reserved int, lives_with int, youngest int, oldest int, refuses int,"
    " from_years int, to_years int, high int, medium int, available int, east int,"
    " north int, radius int, council bigint, confirmed int, ethnicity int,"
    " religion int, languages int, reserved_for bigint, reserved_beds int);";

/* What is removed by no distance is found by the rest; nearly nothing without a place
 * or closed is ever suitable, so only the others are indexed. */
static const char indexes[] = "create index on home using gist (point(east, north))"
			      "  where open_to > 0 and (free > 0 or free_reserved > 0);"
			      "create index on home (age_min, age_max, available)"
			      "  where open_to > 0 and (free > 0 or free_reserved > 0);"
			      "create index on home (high) where open_to > 0"
			      "  and (free > 0 or free_reserved > 0);"
			      "vacuum analyze home;";

/* $1 care $2 open_to $3 age $4 sexes $5 not safe with $6 younger than $7 older below
 * $8 refused $9 high $10 medium $11 day $12 emergency $13 miles (-1: none) $14 east
 * $15 north $16 radius $17 avoids (0, 1) $18 east $19 north $20 radius $21 avoid miles
 * $22 council $23 school (0, 1) $24 language $25 ethnicity $26 religion $27 adjoining
 * $28 today $29 reach, in metres */
static const char *const rules[MATCHING_RULES] = {
    [STEP_CARE_TYPE] = "(care & $1) = 0",
    [STEP_RESTRICTED] = "(against & 1) <> 0",
    [STEP_OPEN] = "(open_to & $2) = 0",
    [STEP_APPROVAL_AGE] = "($3 < age_min or $3 > age_max)",
    [STEP_APPROVAL_SEX] = "($4 & ~takes) <> 0",
    [STEP_PLACES] = "(free < 1 and free_reserved < 1)",
    /* One text in two lines. NOLINTNEXTLINE(bugprone-suspicious-missing-comma) */
    [STEP_RESERVED] = "(free < 1 and free_reserved >= 1 and"
		      " not (reserved_for = $22 and free + reserved_beds >= 1))",
    [STEP_NEEDS] = "($9 & ~high) <> 0",
    [STEP_MIX_FOR_CHILD] = "((lives_with & $5) <> 0 or youngest < $6 or oldest > $7)",
    [STEP_MIX_FOR_HOME] = "((refuses & $8) <> 0 or $3 < from_years or $3 > to_years)",
    [STEP_AVOID_AREA] = "($17 = 1 and (east - $18)::bigint * (east - $18) +"
			" (north - $19)::bigint * (north - $19) <= 9000000000"
			" and " /* beyond 90 km no error reaches */
			"%TENTHS(18,19)% <= $21 + %ERROR(20)%)",
    [STEP_DISTANCE] = "($13 >= 0 and %TENTHS(14,15)% > $13 + %ERROR(16)%)",
    [STEP_AVAILABLE] = "available > $11",
    [STEP_EMERGENCY] = "($12 = 1 and (against & 4) <> 0)",
};

struct text {
	char at[SQL_BYTES];
	size_t n;
};

static void __attribute__((format(printf, 2, 3)))
add(struct text *t, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	t->n += (size_t)vsnprintf(t->at + t->n, sizeof t->at - t->n, format, args);
	va_end(args);
	if (t->n >= sizeof t->at)
		bench_fail("the statement is too long");
}

/* Tenths of a mile by the same formula, in whole numbers but for the root. */
static void
add_tenths(struct text *t, int east, int north)
{
	add(t,
	    "(floor(sqrt((((east - $%d)::bigint * (east - $%d) + (north - $%d)::bigint"
	    " * (north - $%d)) * 40000)::float8))::bigint / 16093 + 1) / 2",
	    east, east, north, north);
}

static void
add_error(struct text *t, int radius)
{
	add(t,
	    "(floor(sqrt(((radius::bigint * radius + $%d::bigint * $%d)"
	    " * 40000)::float8))::bigint / 16093 + 1) / 2",
	    radius, radius);
}

static void
add_rule(struct text *t, const char *rule)
{
	while (*rule != '\0') {
		if (strncmp(rule, "%TENTHS(", 8) == 0) {
			int east = (int)strtol(rule + 8, NULL, 10);
			add(t, "(");
			add_tenths(t, east, east + 1);
			add(t, ")");
			rule = strchr(rule + 1, '%') + 1;
		} else if (strncmp(rule, "%ERROR(", 7) == 0) {
			add(t, "(");
			add_error(t, (int)strtol(rule + 7, NULL, 10));
			add(t, ")");
			rule = strchr(rule + 1, '%') + 1;
		} else {
			add(t, "%c", *rule++);
		}
	}
}

static void
add_nearness(struct text *t, uint32_t most, uint32_t far_miles)
{
	add(t, "greatest(0, %u * (%u - (", most, far_miles * 10);
	add_tenths(t, 14, 15);
	add(t, ")) / %u)", far_miles * 10);
}

static void
add_points(struct text *t, const struct policy *p)
{
	const uint32_t *most = p->points_max;

	add_nearness(t, most[FACTOR(NEAR_HOME)], p->home_miles);
	add(t, " + case when $23 = 1 then ");
	add_nearness(t, most[FACTOR(SCHOOL)], p->school_miles);
	add(t,
	    " else 0 end + case when $9 = 0 and $10 = 0 then %u else %u *"
	    " (bit_count((high & $9)::bit(32)) + bit_count((medium & $10)::bit(32))) /"
	    " (bit_count($9::bit(32)) + bit_count($10::bit(32))) end",
	    most[FACTOR(SKILLS)], most[FACTOR(SKILLS)]);
	add(t,
	    " + case when council = $22 then %u when council = any($27) then %u else 0"
	    " end",
	    most[FACTOR(OWN_AREA)],
	    most[FACTOR(OWN_AREA)] * p->adjoining_percent / 100);
	add(t,
	    " + case when (languages & $24) <> 0 then %u else 0 end + case when"
	    " ethnicity = $25 then %u else 0 end + case when religion = $26 then %u"
	    " else 0 end",
	    most[FACTOR(LANGUAGE)], most[FACTOR(ETHNICITY)], most[FACTOR(RELIGION)]);
	add(t,
	    " + case when available <= $28 then %u else %u * ($11 - available) /"
	    " ($11 - $28) end",
	    most[FACTOR(AVAILABLE)], most[FACTOR(AVAILABLE)]);
	add(t, " + greatest(0, %u * (%u - greatest(0, $28 - confirmed)) / %u)",
	    most[FACTOR(CONFIRMED)], p->confirmed_days, p->confirmed_days);
}

#define TYPES                                                                          \
	"(int,int,int,int,int,int,int,int,int,int,int,int,int,int,int,int,int,int,"    \
	"int,"                                                                         \
	"int,int,bigint,int,int,int,int,bigint[],int,float8)"

static void
execute(struct theirs *t, const char *sql)
{
	PGresult *r = PQexec(t->connection, sql);

	if (PQresultStatus(r) != PGRES_COMMAND_OK)
		bench_fail("PostgreSQL: %s", PQerrorMessage(t->connection));
	PQclear(r);
}

static void
prepare(struct theirs *t, const struct policy *policy)
{
	static struct text best, counts;

	add(&counts,
	    "prepare counts " TYPES " as select mask, count(*) from (select 0");
	for (int i = 0; i < MATCHING_RULES; i++) {
		add(&counts, " | case when ");
		add_rule(&counts, rules[i]);
		add(&counts, " then %d else 0 end", 1 << i);
	}
	add(&counts, " as mask from home) m group by mask");
	execute(t, counts.at);
	for (int within = 0; within < 2; within++) {
		best.n = 0;
		add(&best, "prepare best%d " TYPES " as select id, (", within);
		add_points(&best, policy);
		add(&best, ")::int as points from home where open_to > 0"
			   " and (free > 0 or free_reserved > 0)");
		if (within)
			add(&best, " and point(east, north) <@ box(point($14 - $29,"
				   " $15 - $29), point($14 + $29, $15 + $29))");
		for (int i = 0; i < MATCHING_RULES; i++) {
			add(&best, " and not ");
			add_rule(&best, rules[i]);
		}
		add(&best, " order by points desc, id limit %d", SHORTLIST_MAX);
		execute(t, best.at);
	}
}

void
theirs_open(struct theirs *t, const struct policy *policy)
{
	char conninfo[200];

	postgres_open(&t->server, NULL);
	postgres_conninfo(&t->server, conninfo, sizeof conninfo);
	for (int i = 0; i < 200; i++) {
		t->connection = PQconnectdb(conninfo);
		if (PQstatus(t->connection) == CONNECTION_OK)
			break;
		PQfinish(t->connection);
		t->connection = NULL;
		usleep(50000);
	}
	if (t->connection == NULL)
		bench_fail("PostgreSQL does not answer");
	execute(t, "set jit = off"); /* faster for it without, at this size */
	execute(t, schema);
	prepare(t, policy);
}

void
theirs_close(struct theirs *t)
{
	PQfinish(t->connection);
	postgres_close(&t->server);
}

static int
language_bits(const struct matching_languages *languages)
{
	static const char codes[][3] = {"en", "ur", "pl", "ar", "bn"};
	int bits = 0;

	for (unsigned i = 0; i < languages->n; i++)
		for (int j = 0; j < 5; j++)
			bits |= (memcmp(languages->code[i], codes[j], 2) == 0) << j;
	return bits;
}

static void
copy_row(struct theirs *t, const struct matching_home *h)
{
	const struct matching_facts *f = &h->facts;
	char row[600];
	int n = snprintf(row, sizeof row,
	    "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d"
	    "\t%d\t%d\t%d\t%u\t%d\t%d\t%d\t%d\t%u\t%d\n",
	    h->vacancy_id, f->care_type, f->open_to, f->against, f->age_min_years,
	    f->age_max_years, f->takes, f->free, f->free_for_siblings,
	    f->free_with_reserved, f->with, f->youngest_years, f->oldest_below,
	    f->refuses, f->will_take_from_years, f->will_take_to_years,
	    (int)f->skills_high, (int)h->skills_medium, f->available_from_day,
	    h->point.easting, h->point.northing, h->point.radius_p90_m, h->council,
	    h->confirmed_day, h->ethnicity, h->religion, language_bits(&h->languages),
	    h->reserved_n > 0 ? h->reserved_for[0] : 0,
	    h->reserved_n > 0 ? h->reserved_beds[0] : 0);

	if (PQputCopyData(t->connection, row, n) != 1)
		bench_fail("PostgreSQL: %s", PQerrorMessage(t->connection));
}

void
theirs_load(struct theirs *t, const struct homes homes[MATCHING_OWNERS])
{
	PGresult *r;

	execute(t, "truncate home");
	PQclear(PQexec(t->connection, "copy home from stdin"));
	for (unsigned o = 0; o < MATCHING_OWNERS; o++)
		for (size_t i = 0; i < homes[o].n; i++)
			copy_row(t, &homes[o].home[i]);
	PQputCopyEnd(t->connection, NULL);
	while ((r = PQgetResult(t->connection)) != NULL)
		PQclear(r);
	for (const char *at = indexes; *at != '\0';) {
		char one[300];
		size_t n = strcspn(at, ";") + 1;
		snprintf(one, sizeof one, "%.*s", (int)n, at);
		execute(t, one);
		at += n;
	}
}

/* ---- asking ---- */

struct arguments {
	size_t n;
	char text[ARGUMENTS][400];
	const char *at[ARGUMENTS];
};

static void
put(struct arguments *a, int64_t value)
{
	if (a->n == ARGUMENTS)
		bench_fail("too many arguments");
	snprintf(a->text[a->n], sizeof a->text[0], "%lld", (long long)value);
	a->at[a->n] = a->text[a->n];
	a->n++;
}

/* The needs at medium level, of one child with one need of a kind. */
static uint32_t
medium_bits(const struct matching_need *need)
{
	uint32_t bits = 0;

	for (unsigned i = 0; i < MATCHING_NEED_KINDS; i++)
		bits |= (uint32_t)(need->medium_n[i] > 0) << i;
	return bits;
}

static void
put_adjoining(struct arguments *a, const struct matching_need *need)
{
	size_t n = 1;
	char *text = a->text[a->n];

	text[0] = '{';
	for (size_t i = 0; i < need->adjoining_n; i++)
		n += (size_t)snprintf(text + n, sizeof a->text[0] - n, "%s%u",
		    i == 0 ? "" : ",", need->adjoining[i]);
	snprintf(text + n, sizeof a->text[0] - n, "}");
	a->at[a->n++] = text;
}

static void
fill(struct arguments *a, const struct matching_need *need)
{
	const struct matching_terms *t = &need->terms;
	const struct geo_point *avoid = &need->avoid[0];

	put(a, t->care_types);
	put(a, t->open_to);
	put(a, t->age_min_years);
	put(a, t->sexes);
	put(a, t->not_safe_with);
	put(a, t->younger_than_years);
	put(a, t->older_below);
	put(a, t->refused);
	put(a, t->needs_high);
	put(a, medium_bits(need));
	put(a, t->day);
	put(a, t->is_emergency);
	put(a, t->has_miles_max ? (int64_t)need->miles_max_tenths : -1);
	put(a, need->home.easting);
	put(a, need->home.northing);
	put(a, need->home.radius_p90_m);
	put(a, (int64_t)need->avoid_n);
	put(a, avoid->easting);
	put(a, avoid->northing);
	put(a, avoid->radius_p90_m);
	put(a, need->avoid_miles_tenths);
	put(a, need->council);
	put(a, need->has_school);
	put(a, language_bits(&need->child[0].languages));
	put(a, need->child[0].ethnicity);
	put(a, need->child[0].religion);
	put_adjoining(a, need);
	put(a, need->today);
	/* No sector's radius is over 20 km. */
	put(a, (int64_t)t->around.reach * 100 + 20000);
}

static PGresult *
run(struct theirs *t, const char *name, const struct arguments *a)
{
	PGresult *r =
	    PQexecPrepared(t->connection, name, (int)a->n, a->at, NULL, NULL, 0);

	if (PQresultStatus(r) != PGRES_TUPLES_OK)
		bench_fail("PostgreSQL: %s", PQerrorMessage(t->connection));
	return r;
}

void
theirs_ask(
    struct theirs *t, const struct matching_need *need, struct theirs_answer *out)
{
	struct arguments a = {.n = 0};
	PGresult *r;

	memset(out, 0, sizeof *out);
	fill(&a, need);
	r = run(t, need->terms.has_miles_max ? "best1" : "best0", &a);
	for (int i = 0; i < PQntuples(r); i++) {
		snprintf(out->best[i].vacancy_id, sizeof out->best[i].vacancy_id, "%s",
		    PQgetvalue(r, i, 0));
		out->best[i].points = (uint32_t)strtoul(PQgetvalue(r, i, 1), NULL, 10);
		out->n++;
	}
	PQclear(r);
	r = run(t, "counts", &a);
	for (int i = 0; i < PQntuples(r); i++) {
		uint32_t mask = (uint32_t)strtoul(PQgetvalue(r, i, 0), NULL, 10);
		uint32_t n = (uint32_t)strtoul(PQgetvalue(r, i, 1), NULL, 10);
		if (mask == 0)
			continue;
		out->removed[__builtin_ctz(mask)] += n;
		if ((mask & (mask - 1)) == 0)
			out->only[__builtin_ctz(mask)] += n;
	}
	PQclear(r);
}
