#include "matching/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/folder.h"

#define POLICY "services/matching/policy.conf"

struct room {
	char folder[FOLDER_PATH_MAX], path[FOLDER_PATH_MAX];
	char text[8192], changed[8192 + 256];
	struct policy policy;
	char problem[300];
};

static int
make(void **state)
{
	struct room *room = calloc(1, sizeof *room);

	assert_non_null(room);
	*state = room;
	folder_make(room->folder);
	folder_file(room->path, room->folder, "policy.conf");
	room->text[folder_read(POLICY, room->text, sizeof room->text - 1)] = '\0';
	return 0;
}

static int
clear(void **state)
{
	struct room *room = *state;

	folder_remove(room->folder);
	free(room);
	return 0;
}

static enum err
read_text(struct room *room, const char *text)
{
	room->problem[0] = '\0';
	folder_write(room->path, text, strlen(text));
	return policy_read(
	    room->path, &room->policy, room->problem, sizeof room->problem);
}

/* The published policy with its first `from` become `to`. */
static enum err
read_changed(struct room *room, const char *from, const char *to)
{
	const char *at = strstr(room->text, from);
	size_t before, after = strlen(to);

	assert_non_null(at);
	before = (size_t)(at - room->text);
	memcpy(room->changed, room->text, before);
	memcpy(room->changed + before, to, after);
	memcpy(room->changed + before + after, at + strlen(from),
	    strlen(at) - strlen(from) + 1);
	return read_text(room, room->changed);
}

static void
the_published_policy_sums(void **state)
{
	struct room *room = *state;
	const struct policy *policy = &room->policy;
	uint32_t sum = 0;

	if (policy_read(POLICY, &room->policy, room->problem, sizeof room->problem) !=
	    ERR_NONE)
		fail_msg("%s", room->problem);
	for (size_t f = 1; f < POLICY_FACTORS; f++) {
		sum += policy->points_max[f];
		assert_true(policy->points_max[f] > 0);
		assert_true(strlen(policy->source[f]) > 10);
	}
	assert_int_equal(sum, POLICY_POINTS);
	assert_int_equal(policy->version, 2);
	assert_true(strlen(policy->approved_by) > 0);
	/* Culture and faith order a child's own list; they never decide it. */
	assert_true(policy->points_max[MATCHING__FACTOR__FACTOR_ETHNICITY] +
			policy->points_max[MATCHING__FACTOR__FACTOR_RELIGION] <=
		    100);
}

static void
what_is_not_a_policy_is_refused_by_name(void **state)
{
	struct room *room = *state;
	const struct {
		const char *from, *to, *named;
	} rows[] = {
	    {"near_home = 250", "near_home = 251", "1001"},
	    {"near_home = 250", "near_home = 249", "999"},
	    {"near_home = 250", "", "near_home"},
	    {"near_home = 250", "near_home = 25.0", "near_home"},
	    {"near_home = 250", "near_home = -250", "near_home"},
	    {"near_home = 250", "near_hme = 250", "near_hme"},
	    {"near_home = 250", "near_home = 250\nfee = 0", "fee"},
	    {"near_home = 250", "near_home = 250\nnear_home = 250", "near_home"},
	    {"religion = Children", "; religion = Children", "religion"},
	    {"version = 2", "version = 0", "version"},
	    {"version = 2", "", "version"},
	    {"name = Regional", "; name = Regional", "name"},
	    {"approved_by = ", "; approved_by = ", "approved_by"},
	    {"valid_from = 2026-04-01", "valid_from = 2026-04-31", "valid_from"},
	    {"valid_from = 2026-04-01", "valid_from = 2026-04-011", "valid_from"},
	    {"home_miles = 20", "home_miles = 0", "home_miles"},
	    {"confirmed_days = 28", "", "confirmed_days"},
	    {"[scales]", "[scale]", "scale"},
	    {"school = Children", "school = Child\xffren", "UTF-8"},
	};

	assert_int_equal(read_text(room, room->text), ERR_NONE);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_int_not_equal(
		    read_changed(room, rows[i].from, rows[i].to), ERR_NONE);
		if (strstr(room->problem, rows[i].named) == NULL)
			fail_msg(
			    "\"%s\" does not name %s", room->problem, rows[i].named);
	}
	assert_int_not_equal(read_text(room, ""), ERR_NONE);
	assert_int_not_equal(policy_read("nowhere/policy.conf", &room->policy,
				 room->problem, sizeof room->problem),
	    ERR_NONE);
	assert_non_null(strstr(room->problem, "nowhere/policy.conf"));
}

/* The hash is of the bytes: a comment more is another policy. */
static void
the_hash_is_of_every_byte(void **state)
{
	struct room *room = *state;
	uint8_t hash[POLICY_HASH_BYTES];

	assert_int_equal(read_text(room, room->text), ERR_NONE);
	memcpy(hash, room->policy.hash, sizeof hash);
	assert_int_equal(read_text(room, room->text), ERR_NONE);
	assert_memory_equal(hash, room->policy.hash, sizeof hash);
	assert_int_equal(
	    read_changed(room, "; Weights are", "; The weights are"), ERR_NONE);
	assert_memory_not_equal(hash, room->policy.hash, sizeof hash);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(the_published_policy_sums, make, clear),
	    cmocka_unit_test_setup_teardown(
		what_is_not_a_policy_is_refused_by_name, make, clear),
	    cmocka_unit_test_setup_teardown(the_hash_is_of_every_byte, make, clear),
	};

	return cmocka_run_group_tests_name("matching_policy", tests, NULL, NULL);
}
