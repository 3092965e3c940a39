/* The invented region before anything is sent: what the self-check claims of it, that
 * those claims can fail, that England comes out at its published size, and what becomes
 * of tables and words that are wrong. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/day.h"
#include "base/message.h"
#include "region/calibrate.h"
#include "region/options.h"
#include "region/self_check.h"
#include "support/folder.h"

#define ARENA_BYTES (1024ul * 1024 * 1024)
#define NOT_SAFE(who) COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_##who

static struct arena arena;
static char said[400];

static int
setup(void **state)
{
	(void)state;
	assert_int_equal(arena_open(&arena, ARENA_BYTES), ERR_NONE);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_close(&arena);
	return 0;
}

static struct plan
made(enum data_scope scope, size_t households, size_t homes, struct data *d)
{
	struct plan_options o = {
	    .seed = 5,
	    .scope = scope,
	    .households = households,
	    .residences = homes,
	    .requests = 20,
	    .day = day_make(2026, 11, 21),
	};
	struct plan p;

	o.time_ms = day_start_in_london(o.day);
	data_read(&arena, NULL, scope, d);
	plan_make(&arena, d, &o, &p);
	return p;
}

static void
no_region_breaks_a_claim(void **state)
{
	(void)state;
	assert_int_equal(self_check(&arena, NULL), 0);
}

/* ---- the claims can fail ---- */

/* The first home with so many living there; at the end of the list, the last. */
static struct plan_residence *
home_with(struct plan *p, size_t residents, bool is_supported)
{
	size_t i = 0;

	while (
	    i + 1 < p->residences_n && (p->residences[i].is_supported != is_supported ||
					   p->residences[i].occupants_n != residents))
		i++;
	assert_int_equal(p->residences[i].occupants_n, residents);
	return &p->residences[i];
}

static void
breaks(struct plan *p, const char *words)
{
	said[0] = '\0';
	assert_true(self_check_plan(&arena, p, said, sizeof said) > 0);
	if (strstr(said, words) == NULL)
		fail_msg("'%s' was expected, not: %s", words, said);
}

static void
what_residential_refuses_is_found(void **state)
{
	struct data d;
	struct plan p = made(DATA_REGION, 300, 60, &d);
	struct plan_residence *two = home_with(&p, 2, false);
	struct plan_residence *older = home_with(&p, 1, true);
	const Residential__Home row = *two->row;
	const Residential__Occupant first = *two->occupants[0];
	const Residential__Occupant grown = *older->occupants[0];
	Common__NotSafeWith any = NOT_SAFE(ANY_CHILD);

	(void)state;
	assert_int_equal(self_check_plan(&arena, &p, said, sizeof said), 0);

	SET(two->row, staffed_beds, two->row->registered_places + 1);
	breaks(&p, "more staffed than registered");
	*two->row = row;

	two->row->urn = p.residences[p.residences_n - 1].row->urn;
	breaks(&p, "Ofsted numbers: two are called");
	*two->row = row;

	SET(two->row, grade, MEMBERS__GRADE__GRADE_GOOD);
	SET(two->row, grade_day, p.options.day + 1);
	breaks(&p, "a grade without its day");
	*two->row = row;

	SET(older->occupants[0], age_years, 15);
	breaks(&p, "somebody of 15 outside its ages");
	*older->occupants[0] = grown;

	two->occupants_n = 1;
	breaks(&p, "not as many live there as beds are filled");
	two->occupants_n = 2;

	two->occupants[0]->not_safe_with = &any;
	two->occupants[0]->n_not_safe_with = 1;
	two->occupants[0]->sibling_group_id = NULL;
	breaks(&p, "two who are not safe together");
	*two->occupants[0] = first;

	assert_int_equal(self_check_plan(&arena, &p, said, sizeof said), 0);
}

static void
who_may_live_together(void **state)
{
	static const struct {
		Common__NotSafeWith who;
		uint32_t years;
		Common__Sex sex;
		bool is_safe;
	} rows[] = {
	    {NOT_SAFE(ANY_CHILD), 12, COMMON__SEX__SEX_MALE, false},
	    {NOT_SAFE(YOUNGER_CHILDREN), 11, COMMON__SEX__SEX_MALE, false},
	    {NOT_SAFE(YOUNGER_CHILDREN), 12, COMMON__SEX__SEX_MALE, true},
	    {NOT_SAFE(OLDER_CHILDREN), 13, COMMON__SEX__SEX_MALE, false},
	    {NOT_SAFE(OLDER_CHILDREN), 12, COMMON__SEX__SEX_MALE, true},
	    {NOT_SAFE(GIRLS), 12, COMMON__SEX__SEX_FEMALE, false},
	    {NOT_SAFE(GIRLS), 12, COMMON__SEX__SEX_MALE, true},
	    {NOT_SAFE(BOYS), 12, COMMON__SEX__SEX_MALE, false},
	    {NOT_SAFE(BOYS), 12, COMMON__SEX__SEX_FEMALE, true},
	    {NOT_SAFE(PETS), 12, COMMON__SEX__SEX_MALE, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		Residential__Occupant one = RESIDENTIAL__OCCUPANT__INIT;
		Residential__Occupant other = RESIDENTIAL__OCCUPANT__INIT;
		char group[] = "group";
		SET(&one, age_years, 12);
		SET(&one, sex, COMMON__SEX__SEX_MALE);
		SET(&other, age_years, rows[i].years);
		SET(&other, sex, rows[i].sex);
		assert_int_equal(
		    mix_is_safe(&one, rows[i].who, &other), rows[i].is_safe);
		one.sibling_group_id = other.sibling_group_id = group;
		assert_true(mix_is_safe(&one, rows[i].who, &other));
	}
}

/* ---- England ---- */

static void
england_is_of_its_published_size(void **state)
{
	struct data d;
	struct plan p = made(DATA_ENGLAND, 45000, 3946, &d);
	size_t fostered = 0, in_homes = 0, supported = 0;
	bool has_team[DATA_COUNCILS_MAX] = {false};

	(void)state;
	assert_int_equal(d.members_n, 153);
	assert_int_equal(d.councils_n, 153);
	for (size_t i = 0; i < p.homes_n; i++) {
		fostered += p.homes[i].filled;
		has_team[p.providers[p.homes[i].provider].council] = true;
	}
	for (size_t i = 0; i < p.residences_n; i++)
		*(p.residences[i].is_supported ? &supported : &in_homes) +=
		    p.residences[i].occupants_n;
	for (size_t i = 0; i < d.members_n; i++)
		assert_true(has_team[i]);
	assert_int_equal(p.homes_n, 45000);
	assert_int_equal(p.childrens_n, 3946);
	assert_in_range(fostered, 56400, 57600); /* 57,020 in 2023 */
	assert_in_range(in_homes, 9300, 9600);   /* 9,480 in 2025 */
	assert_in_range(supported, 7400, 8100);  /* 7,520 in 2025, and over-18s */
}

static void
same_seed_same_digest(void **state)
{
	char once[PLAN_DIGEST_LEN + 1], again[PLAN_DIGEST_LEN + 1];
	struct data d;
	struct plan p = made(DATA_ENGLAND, 900, 100, &d);
	struct plan q = made(DATA_ENGLAND, 900, 100, &d);

	(void)state;
	plan_digest(&arena, &p, once);
	plan_digest(&arena, &q, again);
	assert_string_equal(once, again);
	SET(q.residences[7].occupants[0], age_day, 1);
	plan_digest(&arena, &q, again);
	assert_string_not_equal(once, again);
}

/* ---- tables and words that are wrong ---- */

/* What a process of its own says when it reads the tables of `folder`; its status. */
static int
reading(const char *folder)
{
	int ends[2], status;
	size_t len = 0;
	ssize_t n;

	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct data d;
		(void)dup2(ends[1], STDERR_FILENO);
		data_read(&arena, folder, DATA_REGION, &d);
		_exit(0);
	}
	(void)close(ends[1]);
	while ((n = read(ends[0], said + len, sizeof said - 1 - len)) > 0)
		len += (size_t)n;
	said[len] = '\0';
	(void)close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
put(const char *folder, const char *name, const char *text)
{
	char path[FOLDER_PATH_MAX];

	folder_file(path, folder, name);
	folder_write(path, text, strlen(text));
}

static void
a_table_that_is_wrong_is_named(void **state)
{
	static const struct {
		const char *text, *words;
	} rows[] = {
	    {"", "councils.csv has no column 'code'"},
	    {"code,name,region,ring\n", "councils.csv has a header and nothing more"},
	    {"code,name,ring,region\nE1,A,member,E2\n", "has no column 'region'"},
	    {"code,name,region,ring\nE1,A,E2\n", "line 2, has other columns"},
	    {"code,name,region,ring\nE1,A,E2,far\n", "line 2, says no ring"},
	    {"code,name,region,ring\nE1,A,E2,beyond\n", "no council that joins"},
	    {"code,name,region,ring\nE1,\"A\"x,E2,member\n", "line 2, is damaged"},
	};
	char folder[FOLDER_PATH_MAX];

	(void)state;
	folder_make(folder);
	assert_int_equal(reading(folder), 1);
	assert_non_null(strstr(said, "councils.csv cannot be read: No such file"));
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		put(folder, "councils.csv", rows[i].text);
		assert_int_equal(reading(folder), 1);
		if (strstr(said, rows[i].words) == NULL)
			fail_msg("'%s' was expected, not: %s", rows[i].words, said);
	}
	put(folder, "councils.csv", "code,name,region,ring\nE1,A,E2,member\n");
	put(folder, "adjacency.csv", "code,adjoining_code\nE1,E3\n");
	put(folder, "sectors.csv", "sector,code,postcodes\nM1 1,E1,many\n");
	assert_int_equal(reading(folder), 1);
	assert_non_null(strstr(said, "sectors.csv, line 2, has 'many' for a number"));
	put(folder, "sectors.csv", "sector,code,postcodes\nM1 1,E1,9\n");
	put(folder, "providers.csv", "kind,code,sector,places,owner\nH,E1,P,0,1\n");
	assert_int_equal(reading(folder), 1);
	assert_non_null(strstr(said, "line 2, is a home without a place"));
	folder_remove(folder);
}

static int
scaled(const char *scale, struct options *o)
{
	static char words[4][16] = {"rcc-region", "--plan-only", "--scale"};
	char *argv[] = {words[0], words[1], words[2], words[3], NULL};

	(void)snprintf(words[3], sizeof words[3], "%s", scale);
	return options_read(4, argv, o);
}

static void
a_scale_that_is_none_is_refused(void **state)
{
	static const char *const wrong[] = {
	    "wales", "England", "0", "0.0", "2", "-1", "0.1234", "0.5x", "0.", ""};
	static const struct {
		const char *text;
		int64_t scope, per_mille;
	} right[] = {{"region", DATA_REGION, 1000}, {"1", DATA_REGION, 1000},
	    {"0.5", DATA_REGION, 500}, {"0.05", DATA_REGION, 50},
	    {"0.125", DATA_REGION, 125}, {"england", DATA_ENGLAND, 1000}};
	struct options o;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_int_equal(scaled(wrong[i], &o), 2);
	for (size_t i = 0; i < sizeof right / sizeof right[0]; i++) {
		assert_int_equal(scaled(right[i].text, &o), -1);
		assert_int_equal(o.scope, right[i].scope);
		assert_int_equal(o.per_mille, right[i].per_mille);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(no_region_breaks_a_claim),
	    cmocka_unit_test(what_residential_refuses_is_found),
	    cmocka_unit_test(who_may_live_together),
	    cmocka_unit_test(england_is_of_its_published_size),
	    cmocka_unit_test(same_seed_same_digest),
	    cmocka_unit_test(a_table_that_is_wrong_is_named),
	    cmocka_unit_test(a_scale_that_is_none_is_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
