/* Fields by path: what an option fills, and what --field prints. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/day.h"
#include "base/message.h"
#include "base/str.h"
#include "rccctl/path.h"

#include "matching.pb-c.h"
#include "requests.pb-c.h"

static struct arena a;

static int
set_up(void **state)
{
	(void)state;
	return arena_open(&a, 1 << 20) == ERR_NONE ? 0 : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_close(&a);
	return 0;
}

static bool
set(ProtobufCMessage *m, const char *path, const char *text)
{
	struct check_problem why;
	bool ok = path_set(&a, m, path, text, day_make(2026, 11, 21), &why);

	assert_true(ok || why.reason[0] != '\0');
	return ok;
}

static void
options_fill_fields(void **state)
{
	Requests__Submit submit = REQUESTS__SUBMIT__INIT;
	Requests__Offer offer = REQUESTS__OFFER__INIT;

	(void)state;
	assert_true(set(&submit.base, "urgency", "emergency"));
	assert_true(set(&submit.base, "needed_by_day", "today"));
	assert_true(set(&submit.base, "are_siblings", "yes"));
	assert_true(set(&submit.base, "miles_max", "20"));
	assert_true(set(&submit.base, "avoid_sectors", "M14 5"));
	assert_true(set(&submit.base, "avoid_sectors", "BL1 4"));
	assert_true(set(&offer.base, "fee_pence_week", "1,234.50"));
	assert_true(
	    submit.has_urgency && submit.has_needed_by_day && submit.has_miles_max);
	assert_int_equal(REQUESTS__URGENCY__URGENCY_EMERGENCY, submit.urgency);
	assert_int_equal(day_make(2026, 11, 21), submit.needed_by_day);
	assert_true(submit.are_siblings);
	assert_int_equal(20, submit.miles_max);
	assert_int_equal(2, submit.n_avoid_sectors);
	assert_string_equal("M14 5", submit.avoid_sectors[0]);
	assert_string_equal("BL1 4", submit.avoid_sectors[1]);
	assert_int_equal(123450, offer.fee_pence_week);
}

static void
a_field_inside_another_is_made(void **state)
{
	Requests__Approve approve = REQUESTS__APPROVE__INIT;

	(void)state;
	assert_true(set(&approve.base, "grounds.wishes_considered", "true"));
	assert_true(set(&approve.base, "grounds.most_appropriate", "true"));
	assert_non_null(approve.grounds);
	assert_true(
	    approve.grounds->wishes_considered && approve.grounds->most_appropriate);
	assert_false(approve.grounds->has_relatives_consulted);
}

static void
wrong_values_are_refused(void **state)
{
	Requests__Submit submit = REQUESTS__SUBMIT__INIT;
	Requests__Offer offer = REQUESTS__OFFER__INIT;

	(void)state;
	assert_false(set(&submit.base, "urgency", "soon"));
	assert_false(set(&submit.base, "needed_by_day", "2026-02-30"));
	assert_false(set(&submit.base, "are_siblings", "perhaps"));
	assert_false(set(&submit.base, "miles_max", "-1"));
	assert_false(set(&submit.base, "miles_max", "20 miles"));
	assert_false(set(&submit.base, "miles_max", "4294967296"));
	assert_false(set(&offer.base, "fee_pence_week", "a lot"));
}

static Matching__Shortlist *
shortlist(size_t n)
{
	Matching__Shortlist *s = MESSAGE_NEW(&a, matching__shortlist);

	assert_non_null(s);
	s->candidates = LIST_NEW(&a, n, Matching__Candidate *);
	for (size_t i = 0; i < n; i++) {
		Matching__Candidate *c = MESSAGE_NEW(&a, matching__candidate);
		c->vacancy_id = str_format(&a, "v%zu", i);
		SET(c, own_area, i == 0);
		SET(c, confirmed_time, 1784642705000);
		s->candidates[s->n_candidates++] = c;
	}
	s->request_id = str_copy(&a, "r");
	SET(s, vacancies, 7);
	return s;
}

/* Joins what stands at the path with commas; NULL where there is no such field. */
static const char *
at(const ProtobufCMessage *m, const char *path)
{
	struct path_texts out = {0};
	const char *text = "";

	if (!path_texts(&a, m, path, &out))
		return NULL;
	for (size_t i = 0; i < out.n; i++)
		text = str_format(&a, "%s%s%s", text, i > 0 ? "," : "", out.list[i]);
	return text;
}

static void
fields_are_found_by_path(void **state)
{
	const ProtobufCMessage *m = &shortlist(3)->base;

	(void)state;
	assert_string_equal("r", at(m, "request_id"));
	assert_string_equal("7", at(m, "vacancies"));
	assert_string_equal("", at(m, "policy"));
	assert_string_equal("v1", at(m, "candidates[1].vacancy_id"));
	assert_string_equal("v0,v1,v2", at(m, "candidates[].vacancy_id"));
	assert_string_equal("v0,v1,v2", at(m, "candidates.vacancy_id"));
	assert_string_equal("true,false,false", at(m, "candidates[].own_area"));
	assert_string_equal(
	    "2026-07-21T14:05:05.000Z", at(m, "candidates[0].confirmed_time"));
	assert_string_equal("", at(m, "candidates[3].vacancy_id"));
	assert_null(at(m, "nothing"));
	assert_null(at(m, "request_id.more"));
	assert_null(at(m, "candidates[x].vacancy_id"));
	assert_null(at(m, "candidates[1"));
	assert_null(at(m, "candidates[].nothing"));
	assert_null(at(m, ""));
	assert_null(at(m, "candidates[]."));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(options_fill_fields),
	    cmocka_unit_test(a_field_inside_another_is_made),
	    cmocka_unit_test(wrong_values_are_refused),
	    cmocka_unit_test(fields_are_found_by_path),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
