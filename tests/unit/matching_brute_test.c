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

#define PROVIDERS 64

struct expected {
	/* Whose the suitable are, and of them those with one near by. */
	size_t providers, providers_near;
	uint32_t places;
	struct {
		const char *id;
		bool is_near;
	} provider[PROVIDERS];
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

static void
expect_reached(
    const Requests__RequestSubmitted *r, struct scalar_vacancy v, struct expected *out)
{
	size_t i = 0;

	out->places += scalar_places(r, v);
	while (
	    i < out->providers && strcmp(out->provider[i].id, scalar_provider(v)) != 0)
		i++;
	assert_true(i < PROVIDERS);
	if (i == out->providers)
		out->provider[out->providers++].id = scalar_provider(v);
	if (scalar_is_near(r, v) && !out->provider[i].is_near) {
		out->provider[i].is_near = true;
		out->providers_near++;
	}
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
		expect_reached(r, v, out);
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
	uint32_t suitable = 0, checks = 0, apart = 0, each[MATCHING_RULES] = {0};

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
		assert_int_equal(list.providers, expected->providers);
		assert_int_equal(list.providers_near, expected->providers_near);
		assert_int_equal(list.places, expected->places);
		apart += list.providers_near < list.providers;
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
	assert_true(apart > 0);
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
		assert_int_equal(one.providers, two.providers);
		assert_int_equal(one.providers_near, two.providers_near);
		assert_int_equal(one.places, two.places);
		assert_int_equal(one.n, two.n);
		for (size_t i = 0; i < one.n; i++) {
			assert_int_equal(one.best[i].points, two.best[i].points);
			assert_string_equal(
			    one.best[i].home->vacancy_id, two.best[i].home->vacancy_id);
		}
	}
}

/* One suitable home, and as many like it as there are providers, and more. */
static void
providers_are_counted_up_to_a_limit(void **state)
{
	enum { N = SHORTLIST_PROVIDERS_MAX + 100 };
	struct world *w = *state;
	struct homes many[MATCHING_OWNERS];
	struct matching_need need;
	static struct shortlist list;
	struct matching_home home;

	need_of(w, 0, &need);
	for (enum matching_owner o = 0; o < MATCHING_OWNERS; o++)
		assert_int_equal(homes_open(&many[o], o, &w->arena), ERR_NONE);
	shortlist_make(&w->policy, &need, w->homes, &list);
	assert_true(list.n > 0);
	home = *list.best[0].home;
	for (unsigned i = 0; i < N; i++) {
		snprintf(home.vacancy_id, sizeof home.vacancy_id, "%026u", i);
		snprintf(home.provider_id, sizeof home.provider_id, "%026u", i);
		assert_int_equal(homes_put(&many[0], &home), ERR_NONE);
	}
	shortlist_make(&w->policy, &need, many, &list);
	assert_int_equal(list.suitable, N);
	assert_int_equal(list.providers, SHORTLIST_PROVIDERS_MAX);
	assert_int_equal(list.places, N * matching_places(&need, &home));
}

/* ---- drafts ---- */

/* A copy of the request with an answer taken out. */
static void
take_age(Requests__RequestSubmitted *r, Requests__ChildNeed *child)
{
	(void)r;
	child->has_age_years = 0;
	child->age_years = 0;
}

static void
take_sex(Requests__RequestSubmitted *r, Requests__ChildNeed *child)
{
	(void)r;
	child->has_sex = 0;
	child->sex = COMMON__SEX__SEX_UNSPECIFIED;
}

static void
take_home(Requests__RequestSubmitted *r, Requests__ChildNeed *child)
{
	(void)child;
	r->circulation->home_sector = NULL;
}

static void
take_urgency(Requests__RequestSubmitted *r, Requests__ChildNeed *child)
{
	(void)child;
	r->circulation->has_urgency = 0;
	r->circulation->urgency = REQUESTS__URGENCY__URGENCY_UNSPECIFIED;
}

static void
take_children(Requests__RequestSubmitted *r, Requests__ChildNeed *child)
{
	(void)child;
	r->circulation->n_children = 0;
}

static void
take_nothing(Requests__RequestSubmitted *r, Requests__ChildNeed *child)
{
	(void)r;
	(void)child;
}

static void
draft_of(struct world *w, unsigned r,
    void (*take)(Requests__RequestSubmitted *, Requests__ChildNeed *),
    struct matching_need *out)
{
	Requests__RequestSubmitted *draft =
	    message_copy(&w->arena, &w->request[r]->base);
	struct matching_question question = {.request = draft,
	    .council = w->council,
	    .today = TODAY,
	    .avoid_miles_tenths = w->policy.avoid_miles * 10,
	    .is_draft = true};

	assert_non_null(draft);
	for (size_t i = 0; i < draft->circulation->n_children; i++)
		take(draft, draft->circulation->children[i]);
	assert_int_equal(matching_need_of(&question, out), MATCHING_OK);
}

/* Without an answer a draft is held against no rule that asks for it, and against every
 * other as it was; and the more is said, the fewer remain. */
static void
a_draft_is_asked_only_what_it_says(void **state)
{
	static const struct {
		void (*take)(Requests__RequestSubmitted *, Requests__ChildNeed *);
		uint32_t never;  /* removes nothing */
		uint32_t others; /* may remove less */
	} rows[] = {
	    {take_nothing, 0, 0},
	    {take_age, MATCHING_BIT(APPROVAL_AGE),
		MATCHING_BIT(CARE_TYPE) | MATCHING_BIT(MIX_FOR_CHILD) |
		    MATCHING_BIT(MIX_FOR_HOME)},
	    {take_sex, MATCHING_BIT(APPROVAL_SEX), MATCHING_BIT(MIX_FOR_HOME)},
	    {take_home, MATCHING_BIT(DISTANCE), 0},
	    {take_urgency, MATCHING_BIT(EMERGENCY), 0},
	    {take_children,
		MATCHING_BIT(APPROVAL_AGE) | MATCHING_BIT(APPROVAL_SEX) |
		    MATCHING_BIT(NEEDS) | MATCHING_BIT(MIX_FOR_CHILD),
		MATCHING_BIT(CARE_TYPE) | MATCHING_BIT(MIX_FOR_HOME) |
		    MATCHING_BIT(PLACES) | MATCHING_BIT(RESERVED) | MATCHING_BIT(OPEN)},
	};
	uint32_t gained[sizeof rows / sizeof rows[0]] = {0};
	struct world *w = *state;

	for (unsigned r = 0; r < REQUESTS; r += 4) {
		struct matching_need full, less;
		draft_of(w, r, take_nothing, &full);
		for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
			draft_of(w, r, rows[i].take, &less);
			for (unsigned v = 0; v < VACANCIES; v += 3) {
				uint32_t was = MATCHING_FAILED(
				    matching_mask(&full, home_of(w, v)));
				uint32_t is = MATCHING_FAILED(
				    matching_mask(&less, home_of(w, v)));
				uint32_t free = rows[i].never | rows[i].others;
				assert_int_equal(is & rows[i].never, 0);
				assert_int_equal(is | free, was | free);
				if (rows[i].take != take_children)
					assert_int_equal(is & ~was, 0);
				gained[i] += was != 0 && is == 0;
			}
		}
	}
	for (unsigned i = 1; i < sizeof rows / sizeof rows[0]; i++)
		assert_true(gained[i] > 0);
}

/* All of it said, it is the request that it becomes. */
static void
a_draft_that_says_all_is_its_request(void **state)
{
	struct world *w = *state;
	unsigned whole = 0;

	for (unsigned r = 0; r < REQUESTS; r++) {
		const Requests__NeedCirculation *asked = w->request[r]->circulation;
		struct matching_need sent, draft;
		bool is_whole = asked->home_sector != NULL && asked->has_urgency &&
		                (asked->are_siblings || asked->n_children == 1);
		for (size_t i = 0; i < asked->n_children; i++)
			is_whole =
			    is_whole && asked->children[i]->has_age_years &&
			    asked->children[i]->has_age_day &&
			    asked->children[i]->has_sex &&
			    asked->children[i]->sex != COMMON__SEX__SEX_UNSPECIFIED;
		if (!is_whole)
			continue;
		whole++;
		need_of(w, r, &sent);
		draft_of(w, r, take_nothing, &draft);
		for (unsigned v = 0; v < VACANCIES; v++)
			assert_int_equal(matching_mask(&sent, home_of(w, v)),
			    matching_mask(&draft, home_of(w, v)));
	}
	assert_true(whole > REQUESTS / 2);
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
	    arena_open(&w->arena, 6 * HOMES_BYTES + (64u << 20)), ERR_NONE);
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
	    cmocka_unit_test(providers_are_counted_up_to_a_limit),
	    cmocka_unit_test(a_draft_is_asked_only_what_it_says),
	    cmocka_unit_test(a_draft_that_says_all_is_its_request),
	    cmocka_unit_test(homes_are_found_by_id),
	    cmocka_unit_test(one_more_never_lowers),
	};

	return cmocka_run_group_tests_name("matching_brute", tests, make, clear);
}
