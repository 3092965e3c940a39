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
 * time, from the messages themselves, in the words of the rules. Thousands of random
 * vacancies of both kinds by a hundred random requests, with facts missing here and
 * there.
 */
#define FOSTER 2200
#define RESIDENTIAL 1500
#define VACANCIES (FOSTER + RESIDENTIAL)
#define REQUESTS 100
#define TODAY INVENT_TODAY
#define POLICY "services/matching/policy.conf"

struct world {
	struct arena arena;
	struct scalar scalar;
	struct policy policy;
	struct homes homes[MATCHING_OWNERS], other[MATCHING_OWNERS];
	struct scalar_vacancy vacancy[VACANCIES];
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
    struct scalar_vacancy v, struct expected *out)
{
	uint32_t mask = scalar_mask(&w->scalar, r, v);
	unsigned first = mask == 0 ? 0 : (unsigned)__builtin_ctz(mask);

	if (mask == 0) {
		out->ranked[out->suitable].points = scalar_points(&w->scalar, r, v);
		out->ranked[out->suitable++].id = scalar_id(v);
	} else {
		out->removed[first]++;
		/* Relaxing this rule alone would let it in. */
		out->only[first] += mask == 1u << first;
	}
	return mask;
}

static void
need_of(const struct world *w, unsigned r, struct matching_need *out)
{
	assert_int_equal(
	    matching_need_of(&(struct matching_question){.request = w->request[r],
				 .council = w->council,
				 .today = TODAY,
				 .avoid_miles_tenths = w->policy.avoid_miles * 10},
		out),
	    MATCHING_OK);
}

static const struct matching_home *
home_of(const struct world *w, unsigned v)
{
	return v < FOSTER ? &w->homes[MATCHING_FOSTER].home[v]
	                  : &w->homes[MATCHING_RESIDENTIAL].home[v - FOSTER];
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
			uint32_t mask = matching_mask(&need, home_of(w, v));
			assert_int_equal(MATCHING_FAILED(mask),
			    expect_one(w, w->request[r], w->vacancy[v], expected));
			checks += MATCHING_FAILED(mask) == 0 && mask != 0;
		}
		shortlist_make(&w->policy, &need, w->homes, &list);
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
			assert_int_equal(shortlist_rank(&w->policy, &need, w->homes,
					     list.best[i].home),
			    i + 1);
		}
		suitable += list.suitable;
	}
	free(expected);
	for (unsigned i = 0; i < MATCHING_RULES; i++)
		assert_int_equal(matching_waterfall[i], scalar_waterfall[i]);
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

	for (unsigned r = 0; r < REQUESTS; r++) {
		struct matching_need need;
		struct shortlist one, two;
		need_of(w, r, &need);
		shortlist_make(&w->policy, &need, w->homes, &one);
		shortlist_make(&w->policy, &need, w->other, &two);
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

/* However they came, each is found by its id, and put over itself it is no new one. */
static void
homes_are_found_by_id(void **state)
{
	struct world *w = *state;

	for (unsigned v = 0; v < VACANCIES; v++) {
		struct homes *homes =
		    &w->other[v < FOSTER ? MATCHING_FOSTER : MATCHING_RESIDENTIAL];
		const char *id = home_of(w, v)->vacancy_id;
		const struct matching_home *found = homes_find(homes, id);
		size_t n = homes->n;
		assert_non_null(found);
		assert_string_equal(found->vacancy_id, id);
		assert_int_equal(homes_put(homes, home_of(w, v)), ERR_NONE);
		assert_int_equal(homes->n, n);
	}
	assert_null(homes_find(&w->other[0], "01jd5r0000aaaaaaaaaaaaaaaa"));
	assert_null(homes_find(&w->other[0], ""));
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
			struct homes some[MATCHING_OWNERS] = {w->homes[0], w->homes[1]};
			struct shortlist list;
			some[0].n = n < FOSTER ? n : FOSTER;
			some[1].n = n < FOSTER ? 0 : n - FOSTER;
			shortlist_make(&w->policy, &need, some, &list);
			assert_true(list.suitable >= suitable);
			assert_true(list.n == 0 || list.best[0].points >= best);
			suitable = list.suitable;
			best = list.n == 0 ? best : list.best[0].points;
		}
	}
}

/* ---- the world ---- */

static void
put(const struct world *w, struct homes homes[MATCHING_OWNERS], unsigned v)
{
	const struct scalar_vacancy *vacancy = &w->vacancy[v];
	struct matching_home home;

	if (vacancy->foster != NULL) {
		matching_home_of_foster(vacancy->foster, &home);
		assert_int_equal(homes_put(&homes[MATCHING_FOSTER], &home), ERR_NONE);
	} else {
		matching_home_of_residential(vacancy->home, &home);
		assert_int_equal(
		    homes_put(&homes[MATCHING_RESIDENTIAL], &home), ERR_NONE);
	}
}

static int
make(void **state)
{
	struct world *w = calloc(1, sizeof *w);
	struct invent invent = {&w->arena, UINT64_C(0x9e3779b97f4a7c15)};
	char problem[300] = "";
	char **adjoining;

	assert_non_null(w);
	*state = w;
	assert_int_equal(
	    arena_open(&w->arena, 4 * HOMES_BYTES + (64u << 20)), ERR_NONE);
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
	adjoining = LIST_NEW(&w->arena, 1, char *);
	assert_non_null(adjoining);
	adjoining[0] = invent_councils[1];
	w->council = MESSAGE_NEW(&w->arena, members__council);
	assert_non_null(w->council);
	w->council->adjoining_council_ids = adjoining;
	w->council->n_adjoining_council_ids = 1;
	for (enum matching_owner o = 0; o < MATCHING_OWNERS; o++) {
		assert_int_equal(homes_open(&w->homes[o], o, &w->arena), ERR_NONE);
		assert_int_equal(homes_open(&w->other[o], o, &w->arena), ERR_NONE);
	}
	for (unsigned v = 0; v < VACANCIES; v++) {
		if (v < FOSTER)
			w->vacancy[v].foster = invent_vacancy(&invent, v);
		else
			w->vacancy[v].home = invent_home_vacancy(&invent, v);
		put(w, w->homes, v);
	}
	for (unsigned v = 0; v < VACANCIES; v++)
		put(w, w->other, (v * 1009 + 7) % VACANCIES);
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
	    cmocka_unit_test(homes_are_found_by_id),
	    cmocka_unit_test(one_more_never_lowers),
	};

	return cmocka_run_group_tests_name("matching_brute", tests, make, clear);
}
