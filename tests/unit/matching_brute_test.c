#include "matching/shortlist.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/message.h"
#include "support/invent.h"
#include "support/scalar.h"

/*
 * The scan against a checker that knows nothing of it: one vacancy and one child at a
 * time, from the messages themselves, in the words of the rules. Two thousand random
 * vacancies by a hundred random requests, with facts missing here and there.
 */
#define VACANCIES 2200
#define REQUESTS 100
#define TODAY INVENT_TODAY
#define POLICY "services/matching/policy.conf"

struct world {
	struct arena arena;
	struct scalar scalar;
	struct policy policy;
	struct homes homes;
	struct matching_home *spare; /* one block, for homes in another order */
	Foster__Vacancy *vacancy[VACANCIES];
	Requests__RequestSubmitted *request[REQUESTS];
	Members__Council *council;
};

/* ---- both ---- */

struct expected {
	uint32_t suitable, removed[MATCHING_RULES], only[MATCHING_RULES];
	struct {
		uint32_t points;
		const char *id;
	} ranked[VACANCIES];
};

static int
by_points(const void *a, const void *b)
{
	const uint32_t *left = a, *right = b;
	const char *const *left_id = (const void *)((const char *)a + sizeof(char *));
	const char *const *right_id = (const void *)((const char *)b + sizeof(char *));

	if (*left != *right)
		return *left > *right ? -1 : 1;
	return strcmp(*left_id, *right_id);
}

static uint32_t
expect_one(const struct world *w, const Requests__RequestSubmitted *r,
    const Foster__Vacancy *v, struct expected *out)
{
	uint32_t mask = 0;
	unsigned failed = 0, first = 0;

	for (unsigned i = MATCHING_RULES; i-- > 0;) {
		if (scalar_passes(&w->scalar, (Matching__Rule)(i + 1), r, v))
			continue;
		mask |= 1u << i;
		first = i;
		failed++;
	}
	if (failed == 0) {
		out->ranked[out->suitable].points = scalar_points(&w->scalar, r, v);
		out->ranked[out->suitable++].id = v->vacancy_id;
	} else {
		out->removed[first]++;
	}
	/* Relaxing one rule alone lets it in: it was the only one. */
	for (unsigned i = 0; i < MATCHING_RULES; i++)
		out->only[i] += failed == 1 && first == i;
	return mask;
}

static void
need_of(const struct world *w, unsigned r, struct matching_need *out)
{
	assert_int_equal(matching_need_of(w->request[r], w->council, TODAY,
			     w->policy.avoid_miles * 10, out),
	    MATCHING_OK);
}

static void
the_scan_is_the_checker(void **state)
{
	struct world *w = *state;
	struct expected *expected = malloc(sizeof *expected);
	uint32_t suitable = 0, checks = 0, each[MATCHING_RULES] = {0};

	assert_non_null(expected);
	for (unsigned r = 0; r < REQUESTS; r++) {
		struct matching_need need;
		struct shortlist list;
		uint32_t sum = 0;
		memset(expected, 0, sizeof *expected);
		need_of(w, r, &need);
		for (unsigned v = 0; v < VACANCIES; v++) {
			uint32_t mask = matching_mask(&need, homes_at(&w->homes, v));
			assert_int_equal(MATCHING_FAILED(mask),
			    expect_one(w, w->request[r], w->vacancy[v], expected));
			checks += MATCHING_FAILED(mask) == 0 && mask != 0;
		}
		shortlist_make(&w->policy, &need, &w->homes, &list);
		assert_int_equal(list.vacancies, VACANCIES);
		assert_int_equal(list.suitable, expected->suitable);
		for (unsigned i = 0; i < MATCHING_RULES; i++) {
			assert_int_equal(list.removed[i], expected->removed[i]);
			assert_int_equal(list.only[i], expected->only[i]);
			sum += list.removed[i];
			each[i] += list.only[i];
		}
		assert_int_equal(sum + list.suitable, VACANCIES);
		qsort(expected->ranked, expected->suitable, sizeof expected->ranked[0],
		    by_points);
		assert_int_equal(list.n, expected->suitable < SHORTLIST_MAX
					     ? expected->suitable
					     : SHORTLIST_MAX);
		for (size_t i = 0; i < list.n; i++) {
			assert_int_equal(
			    list.best[i].points, expected->ranked[i].points);
			assert_string_equal(
			    list.best[i].home->vacancy_id, expected->ranked[i].id);
			assert_int_equal(shortlist_rank(&w->policy, &need, &w->homes,
					     list.best[i].home),
			    i + 1);
		}
		suitable += list.suitable;
	}
	free(expected);
	/* The world is one in which everything happens. */
	assert_true(suitable > REQUESTS);
	assert_true(checks > 0);
	for (unsigned i = 0; i < MATCHING_RULES; i++)
		assert_true(each[i] > 0);
}

/* Another order of the same homes is the same list, to the byte. */
static void
order_does_not_matter(void **state)
{
	struct world *w = *state;
	struct homes other = {.n = VACANCIES, .block = {w->spare}};

	for (unsigned v = 0; v < VACANCIES; v++)
		w->spare[v] = *homes_at(&w->homes, (v * 1009 + 7) % VACANCIES);
	for (unsigned r = 0; r < REQUESTS; r++) {
		struct matching_need need;
		struct shortlist one, two;
		need_of(w, r, &need);
		shortlist_make(&w->policy, &need, &w->homes, &one);
		shortlist_make(&w->policy, &need, &other, &two);
		assert_int_equal(one.suitable, two.suitable);
		assert_memory_equal(one.removed, two.removed, sizeof one.removed);
		assert_memory_equal(one.only, two.only, sizeof one.only);
		assert_int_equal(one.n, two.n);
		for (size_t i = 0; i < one.n; i++) {
			assert_int_equal(one.best[i].points, two.best[i].points);
			assert_string_equal(
			    one.best[i].home->vacancy_id, two.best[i].home->vacancy_id);
		}
	}
}

/* One vacancy more never takes another's suitability away, nor a better place. */
static void
one_more_never_lowers(void **state)
{
	struct world *w = *state;

	for (unsigned r = 0; r < REQUESTS; r += 10) {
		struct matching_need need;
		uint32_t suitable = 0, best = 0;
		need_of(w, r, &need);
		for (unsigned n = 1; n <= VACANCIES; n += 37) {
			struct homes some = w->homes;
			struct shortlist list;
			some.n = n;
			shortlist_make(&w->policy, &need, &some, &list);
			assert_true(list.suitable >= suitable);
			assert_true(list.n == 0 || list.best[0].points >= best);
			suitable = list.suitable;
			best = list.n == 0 ? best : list.best[0].points;
		}
	}
}

/* ---- the world ---- */

static int
make(void **state)
{
	struct world *w = calloc(1, sizeof *w);
	struct invent invent = {&w->arena, UINT64_C(0x9e3779b97f4a7c15)};
	char problem[300] = "";
	char **adjoining;

	assert_non_null(w);
	*state = w;
	assert_int_equal(arena_open(&w->arena, 64u << 20), ERR_NONE);
	if (policy_read(POLICY, &w->policy, problem, sizeof problem) != ERR_NONE)
		fail_msg("%s", problem);
	w->scalar = (struct scalar){.today = TODAY,
	    .now_ms = INVENT_NOON_MS,
	    .points_max = w->policy.points_max,
	    .avoid_miles = w->policy.avoid_miles,
	    .home_miles = w->policy.home_miles,
	    .school_miles = w->policy.school_miles,
	    .confirmed_days = w->policy.confirmed_days,
	    .adjoining_id = invent_councils[1]};
	assert_int_equal(w->policy.adjoining_percent, 50);
	w->homes.memory = &w->arena;
	w->spare = LIST_NEW(&w->arena, HOMES_A_BLOCK, struct matching_home);
	adjoining = LIST_NEW(&w->arena, 1, char *);
	assert_non_null(w->spare);
	assert_non_null(adjoining);
	adjoining[0] = invent_councils[1];
	w->council = MESSAGE_NEW(&w->arena, members__council);
	assert_non_null(w->council);
	w->council->adjoining_council_ids = adjoining;
	w->council->n_adjoining_council_ids = 1;
	for (unsigned v = 0; v < VACANCIES; v++) {
		struct matching_home home;
		enum err e;
		w->vacancy[v] = invent_vacancy(&invent, v);
		matching_home_of(w->vacancy[v], &home);
		assert_true(homes_put(&w->homes, &home, &e));
		assert_int_equal(e, ERR_NONE);
	}
	for (unsigned r = 0; r < REQUESTS; r++)
		w->request[r] = invent_request(&invent, r);
	return 0;
}

static int
clear(void **state)
{
	struct world *w = *state;

	arena_close(&w->arena);
	free(w);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_scan_is_the_checker),
	    cmocka_unit_test(order_does_not_matter),
	    cmocka_unit_test(one_more_never_lowers),
	};

	return cmocka_run_group_tests_name("matching_brute", tests, make, clear);
}
