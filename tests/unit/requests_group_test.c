#include "requests/group.h"

#include <string.h>

#include "requests_sample.h"

#define STATE(name) REQUESTS__STATE__STATE_##name
#define TODAY day_in_london(SAMPLE_NOW)
#define KIND(name) COMMON__CARE_TYPE__CARE_TYPE_##name

/* ---- letters ---- */

static void
letters_are_sets_of_children(void **state)
{
	static const struct {
		const char *letters; /* one text a child */
		size_t n_children;
		bool is_good;
		uint32_t children;
	} rows[] = {
	    {"", 3, true, 7},
	    {"A", 1, true, 1},
	    {"CA", 3, true, 5},
	    {"ABCDEF", 6, true, 63},
	    {"D", 3, false, 0},
	    {"AA", 3, false, 0},
	    {"a", 3, false, 0},
	    {"@", 3, false, 0},
	};

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		char *refs[REQUESTS_CHILDREN_MAX];
		size_t n = strlen(rows[i].letters);
		uint32_t children = 0;

		for (size_t k = 0; k < n; k++)
			refs[k] = str_format(sample_arena(), "%c", rows[i].letters[k]);
		if (requests_children(rows[i].n_children, refs, n, &children) !=
			rows[i].is_good ||
		    children != rows[i].children)
			fail_msg("'%s': %x", rows[i].letters, (unsigned)children);
	}
}

static void
a_letter_is_one_character(void **state)
{
	char *two[] = {text("AB")}, *none[] = {text("")};
	uint32_t children;
	size_t n;
	char **refs;

	(void)state;
	assert_false(requests_children(3, two, 1, &children));
	assert_false(requests_children(3, none, 1, &children));
	refs = requests_children_refs(sample_arena(), 5, &n);
	assert_int_equal(n, 2);
	assert_string_equal(refs[0], "A");
	assert_string_equal(refs[1], "C");
}

/* ---- splits ---- */

static const struct {
	const char *splits;
	size_t n_children;
	enum requests_refusal no;
} splits[] = {
    {"", 1, REQUESTS_OK},
    {"A/B", 2, REQUESTS_OK},
    {"A/B", 1, REQUESTS_SPLIT_NOT_SIBLINGS},
    {"AB", 2, REQUESTS_SPLIT_PARTS},
    {"AB/C A/BC", 3, REQUESTS_OK},
    {"A/B/C", 3, REQUESTS_OK},
    {"A/B", 3, REQUESTS_SPLIT_CHILDREN},
    {"A/BC/A", 3, REQUESTS_SPLIT_CHILDREN},
    {"A/BD", 3, REQUESTS_SPLIT_CHILDREN},
    {"AA/BC", 3, REQUESTS_SPLIT_CHILDREN},
    {"ABC/", 3, REQUESTS_SPLIT_CHILDREN},
    {"A/B/C/D", 3, REQUESTS_SPLIT_CHILDREN},
    {"AB/C C/BA", 3, REQUESTS_SPLIT_TWICE},
    {"AB/C A/BC A/B/C BC/A", 3, REQUESTS_SPLIT_TWICE},
};

static void
splits_are_checked(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(splits); i++) {
		Requests__NeedCirculation *need = sample_siblings(splits[i].n_children);
		enum requests_refusal got;

		sample_permit(need, splits[i].splits);
		got = requests_check_splits(need->permitted_splits,
		    need->n_permitted_splits, splits[i].n_children);
		if (got != splits[i].no)
			fail_msg("'%s': %d", splits[i].splits, (int)got);
	}
}

/* The letters of the six but for two. */
static const char *
rest(int i, int j)
{
	const char *letters = "";

	for (int k = 0; k < 6; k++)
		if (k != i && k != j)
			letters = str_format(sample_arena(), "%s%c", letters, 'A' + k);
	return letters;
}

static void
so_many_splits_and_no_more(void **state)
{
	Requests__NeedCirculation *need = sample_siblings(6);
	const char *all = "";

	(void)state;
	/* Two of six apart from the rest, in every way, and five of the ways for one.
	 */
	for (int i = 0; i < 6; i++)
		for (int j = i + 1; j < 6; j++)
			all = str_format(sample_arena(), "%s%c%c/%s ", all, 'A' + i,
			    'A' + j, rest(i, j));
	all = str_format(
	    sample_arena(), "%sA/BCDEF B/ACDEF C/ABDEF D/ABCEF E/ABCDF", all);
	sample_permit(need, all);
	assert_int_equal(need->n_permitted_splits, REQUESTS_SPLITS_MAX);
	assert_int_equal(
	    requests_check_splits(need->permitted_splits, need->n_permitted_splits, 6),
	    REQUESTS_OK);
	all = str_format(sample_arena(), "%s F/ABCDE", all);
	sample_permit(need, all);
	assert_int_equal(
	    requests_check_splits(need->permitted_splits, need->n_permitted_splits, 6),
	    REQUESTS_SPLITS_MANY);
}

static void
parts_and_splits_are_found(void **state)
{
	static const uint32_t as_permitted[] = {4, 3}, reversed[] = {3, 4};
	static const uint32_t mixed[] = {1, 2, 4}, half[] = {3};
	Requests__NeedCirculation *need = sample_siblings(3);

	(void)state;
	sample_permit(need, "AB/C A/BC");
	assert_true(requests_is_part(need, 3));
	assert_true(requests_is_part(need, 1));
	assert_false(requests_is_part(need, 2));
	assert_false(requests_is_part(need, 7));
	assert_true(requests_is_split(need, 7, as_permitted, 2));
	assert_true(requests_is_split(need, 7, reversed, 2));
	assert_false(requests_is_split(need, 7, mixed, 3));
	assert_false(requests_is_split(need, 7, half, 1));
	/* The rest of it, where one part has a home. */
	assert_true(requests_is_split(need, 3, half, 1));
	assert_false(requests_is_split(need, 6, mixed + 1, 2));
	sample_permit(need, "A/B/C");
	assert_true(requests_is_split(need, 6, mixed + 1, 2));
}

/* ---- kinds of home ---- */

static void
kinds_of_home_are_the_council_s_and_the_law_s(void **state)
{
	Requests__NeedCirculation *need = sample_siblings(2);
	Common__CareType homes[] = {
	    KIND(CHILDRENS_HOME), KIND(SUPPORTED_ACCOMMODATION)};

	(void)state;
	need->children[1]->age_years = 16;
	assert_int_equal(
	    requests_check_care_type(need, 3, KIND(FOSTER), TODAY), REQUESTS_OK);
	assert_int_equal(
	    requests_check_care_type(need, 3, KIND(SUPPORTED_ACCOMMODATION), TODAY),
	    REQUESTS_UNDER_16);
	assert_int_equal(
	    requests_check_care_type(need, 2, KIND(SUPPORTED_ACCOMMODATION), TODAY),
	    REQUESTS_OK);
	assert_int_equal(
	    requests_children_for(need, KIND(SUPPORTED_ACCOMMODATION), TODAY), 2);
	assert_int_equal(requests_children_for(need, KIND(CHILDRENS_HOME), TODAY), 3);
	need->care_types = homes;
	need->n_care_types = 2;
	assert_int_equal(requests_check_care_type(need, 1, KIND(FOSTER), TODAY),
	    REQUESTS_VACANCY_CARE_TYPE);
	assert_int_equal(requests_children_for(need, KIND(FOSTER), TODAY), 0);
	assert_int_equal(requests_check_care_type(need, 3, KIND(CHILDRENS_HOME), TODAY),
	    REQUESTS_OK);
}

/* A and B together, and C: in these states; for whom a list is made. */
static const struct {
	Requests__State ab, c;
	uint32_t listed;
} lists[] = {
    {STATE(CIRCULATED), STATE(CIRCULATED), 7},
    {STATE(HELD), STATE(HELD), 7},
    {STATE(STARTED), STATE(HELD), 4},
    {STATE(STARTED), STATE(CIRCULATED), 4},
    {STATE(ENDED), STATE(CIRCULATED), 4},
    {STATE(STARTING), STATE(CIRCULATED), 4}, /* ordered to start: none of the search */
    {STATE(CIRCULATED), STATE(STARTING), 3},
    {STATE(STARTED), STATE(STARTED), 7},
};

static void
a_list_is_for_those_who_wait(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(lists); i++) {
		Requests__Request *r = sample_group(STATE(HELD));

		SET(r->journeys[0], state, lists[i].ab);
		SET(r->journeys[1], state, lists[i].c);
		if (requests_children_listed(r) != lists[i].listed)
			fail_msg("row %zu: %u", i, requests_children_listed(r));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(letters_are_sets_of_children),
	    cmocka_unit_test(a_letter_is_one_character),
	    cmocka_unit_test(splits_are_checked),
	    cmocka_unit_test(so_many_splits_and_no_more),
	    cmocka_unit_test(parts_and_splits_are_found),
	    cmocka_unit_test(a_list_is_for_those_who_wait),
	    cmocka_unit_test(kinds_of_home_are_the_council_s_and_the_law_s),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
