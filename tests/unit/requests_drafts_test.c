#include "requests/drafts.h"

#include "requests/clocks.h"
#include "requests_sample.h"

#define DRAFT "00000000000000000000000d01"
#define REFERENCE "01kak4b8000000000000000c0d"

static Requests__ChildNeed *
child(void)
{
	return MESSAGE_NEW(sample_arena(), requests__child_need);
}

static Requests__Submit *
nothing_said(void)
{
	return MESSAGE_NEW(sample_arena(), requests__submit);
}

static Requests__Submit *
of_children(size_t n)
{
	Requests__Submit *draft = nothing_said();

	draft->children = LIST_NEW(sample_arena(), n + 1, Requests__ChildNeed *);
	for (; draft->n_children < n; draft->n_children++)
		draft->children[draft->n_children] = child();
	return draft;
}

/* All that can be said, in a way that cannot be sent. */
static Requests__Submit *
everything_said(void)
{
	Requests__Submit *draft = of_children(2);

	SET(draft, urgency, REQUESTS__URGENCY__URGENCY_EMERGENCY);
	SET(draft, needed_by_day, 20000); /* long past */
	SET(draft, expected_end_day, 19000);
	draft->home_sector = text("M14 5");
	draft->school_sector = text("M14 6");
	draft->avoid_sectors = LIST_NEW(sample_arena(), 1, char *);
	draft->avoid_sectors[draft->n_avoid_sectors++] = text("M13 9");
	SET(draft, miles_max, 20);
	SET(draft, legal_status, REQUESTS__LEGAL_STATUS__LEGAL_STATUS_C2);
	SET(draft, care_plan_aim, REQUESTS__CARE_PLAN_AIM__CARE_PLAN_AIM_ASSESSMENT);
	SET(draft, earlier_placements, 3);
	SET(draft, family_time_a_week, 2);
	SET(draft, family_first, REQUESTS__FAMILY_FIRST__FAMILY_FIRST_NOT_YET);
	draft->care_types = LIST_NEW(sample_arena(), 1, Common__CareType);
	draft->care_types[draft->n_care_types++] = COMMON__CARE_TYPE__CARE_TYPE_FOSTER;
	draft->n_permitted_splits = sample_splits("A/C", &draft->permitted_splits);
	draft->child_ids = LIST_NEW(sample_arena(), 2, char *);
	draft->child_ids[draft->n_child_ids++] = text(REFERENCE);
	draft->child_ids[draft->n_child_ids++] = text("01kak4b8000000000000000c1d");
	draft->children[0]->child_ref = text("her name");
	SET(draft->children[0], age_years, 9);
	return draft;
}

static enum requests_refusal
checked_at(const Requests__Submit *draft, size_t *which)
{
	struct requests_act act = acting(MANCHESTER);

	return requests_check_draft(draft, &act, true, which);
}

/* ---- what may be kept ---- */

#define SPOIL(name, statement)                                                         \
	static void name(Requests__Submit *d)                                          \
	{                                                                              \
		statement;                                                             \
	}

static void
speak(Requests__Submit *d, const char *language)
{
	d->children[1]->languages = LIST_NEW(sample_arena(), 1, char *);
	d->children[1]->languages[d->children[1]->n_languages++] = text(language);
}

static void
need_of(Requests__Submit *d, Common__Level level)
{
	Common__Need *need = MESSAGE_NEW(sample_arena(), common__need);

	SET(need, kind, COMMON__NEED_KIND__NEED_KIND_AUTISM);
	SET(need, level, level);
	d->children[1]->needs = LIST_NEW(sample_arena(), 1, Common__Need *);
	d->children[1]->needs[d->children[1]->n_needs++] = need;
}

static void
apart(Requests__Submit *d, const char *splits)
{
	d->n_permitted_splits = sample_splits(splits, &d->permitted_splits);
}

static void
a_letter_is_a_word(Requests__Submit *d)
{
	d->permitted_splits[0]->parts[0]->child_refs[0] = text("Annie");
}

static void
a_part_of_seven(Requests__Submit *d)
{
	apart(d, "AAAAAAA/B");
}

static void
a_split_of_seven(Requests__Submit *d)
{
	apart(d, "A/B/C/D/E/F/A");
}

SPOIL(nothing_wrong, (void)d)
SPOIL(no_such_home, d->home_sector = text("ZZ1 1"))
SPOIL(no_such_school, d->school_sector = text("ZZ1 1"))
SPOIL(no_such_place_to_avoid, d->avoid_sectors[0] = text("ZZ1 1"))
SPOIL(everywhere_to_avoid, d->n_avoid_sectors = REQUESTS_AVOID_SECTORS_MAX + 1)
SPOIL(seven_children, d->n_children = 7)
SPOIL(grown_up, SET(d->children[1], age_years, 18))
SPOIL(a_language_in_words, speak(d, "she speaks Urdu"))
SPOIL(a_language, speak(d, "ur"))
SPOIL(a_need_without_level, need_of(d, COMMON__LEVEL__LEVEL_UNSPECIFIED))
SPOIL(a_need, need_of(d, COMMON__LEVEL__LEVEL_HIGH))
SPOIL(a_reference_for_one, d->n_child_ids = 1)
SPOIL(a_case_number, d->child_ids[0] = text("00000000000000000000012345"))
SPOIL(a_secure_bed, d->care_types[0] = COMMON__CARE_TYPE__CARE_TYPE_SECURE)
SPOIL(no_distance, d->miles_max = 0)
SPOIL(apart_below_A, apart(d, "@/B"))
SPOIL(apart_with_a_seventh, apart(d, "A/G"))
SPOIL(apart_in_no_way, apart(d, "AB"))
SPOIL(apart_in_many_ways, d->n_permitted_splits = REQUESTS_SPLITS_MAX + 1)

static void
what_is_there_is_well_formed(void **state)
{
	static const struct {
		void (*spoil)(Requests__Submit *d);
		enum requests_refusal no;
		size_t child;
	} rows[] = {
	    {nothing_wrong, REQUESTS_OK, 2},
	    {no_such_home, REQUESTS_HOME_SECTOR_UNKNOWN, 2},
	    {no_such_school, REQUESTS_SCHOOL_SECTOR_UNKNOWN, 2},
	    {no_such_place_to_avoid, REQUESTS_AVOID_SECTOR_UNKNOWN, 2},
	    {everywhere_to_avoid, REQUESTS_AVOID_SECTORS_MANY, 2},
	    {seven_children, REQUESTS_CHILDREN_COUNT, 7},
	    {grown_up, REQUESTS_CHILD_AGE, 1},
	    {a_language_in_words, REQUESTS_CHILD_LANGUAGE, 1},
	    {a_language, REQUESTS_OK, 2},
	    {a_need_without_level, REQUESTS_CHILD_NEED, 1},
	    {a_need, REQUESTS_OK, 2},
	    {a_reference_for_one, REQUESTS_CHILD_IDS_COUNT, 2},
	    {a_case_number, REQUESTS_CHILD_IDS_FORM, 2},
	    {a_secure_bed, REQUESTS_SECURE, 2},
	    {no_distance, REQUESTS_MILES, 2},
	    {a_letter_is_a_word, REQUESTS_SPLIT_CHILDREN, 2},
	    {a_part_of_seven, REQUESTS_SPLIT_CHILDREN, 2},
	    {a_split_of_seven, REQUESTS_SPLIT_CHILDREN, 2},
	    {apart_below_A, REQUESTS_SPLIT_CHILDREN, 2},
	    {apart_with_a_seventh, REQUESTS_SPLIT_CHILDREN, 2},
	    {apart_in_no_way, REQUESTS_OK, 2}, /* not yet */
	    {apart_in_many_ways, REQUESTS_SPLITS_MANY, 2},
	};

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		Requests__Submit *draft = everything_said();
		size_t which;
		enum requests_refusal no;

		rows[i].spoil(draft);
		no = checked_at(draft, &which);
		if (no != rows[i].no || which != rows[i].child)
			fail_msg("row %zu: %d of child %zu", i, (int)no, which);
	}
}

static void
nothing_need_be_there(void **state)
{
	struct requests_act act = acting(MANCHESTER);
	size_t which;

	(void)state;
	assert_int_equal(checked_at(nothing_said(), &which), REQUESTS_OK);
	assert_int_equal(checked_at(of_children(6), &which), REQUESTS_OK);
	assert_int_equal(requests_check_draft(nothing_said(), &act, false, &which),
	    REQUESTS_NOT_A_MEMBER);
}

/* ---- what is kept ---- */

static struct bytes
packed(const ProtobufCMessage *m)
{
	struct bytes out;

	assert_int_equal(message_pack(sample_arena(), m, &out), ERR_NONE);
	return out;
}

static void
what_is_kept_can_be_gone_on_with(void **state)
{
	struct requests_act act = acting(MANCHESTER);
	Requests__Submit *drafts[] = {
	    everything_said(), nothing_said(), of_children(3)};

	(void)state;
	for (size_t i = 0; i < N(drafts); i++) {
		Requests__DraftKept *kept =
		    requests_draft_kept(sample_arena(), drafts[i], &act, DRAFT);
		Requests__DraftShown *shown =
		    requests_draft_shown(sample_arena(), kept);

		assert_true(requests_is_own_draft(kept, MANCHESTER));
		assert_false(requests_is_own_draft(kept, SALFORD));
		assert_string_equal(shown->draft_id, DRAFT);
		assert_string_equal(shown->saved_by_id, act.person_id);
		assert_int_equal(shown->saved_time, SAMPLE_NOW);
		assert_int_equal(shown->drops_time,
		    SAMPLE_NOW + REQUESTS_DRAFT_DAYS * (24 * HOUR_MS));
		/* What the caller called the children is not kept: letters are. */
		for (size_t k = 0; k < drafts[i]->n_children; k++)
			drafts[i]->children[k]->child_ref =
			    str_format(sample_arena(), "%c", (int)('A' + k));
		assert_true(
		    bytes_equal(packed(&shown->draft->base), packed(&drafts[i]->base)));
	}
}

/* ---- what is missing ---- */

static void
answer_child(Requests__ChildNeed *c)
{
	SET(c, age_years, 9);
	SET(c, age_day, day_in_london(SAMPLE_NOW));
	SET(c, sex, COMMON__SEX__SEX_UNKNOWN);
}

static void
assert_missing(const Requests__Submit *draft, uint32_t needed, const char *missing)
{
	struct requests_act act = acting(MANCHESTER);
	Requests__DraftKept *kept =
	    requests_draft_kept(sample_arena(), draft, &act, DRAFT);
	Requests__DraftShown *shown = requests_draft_shown(sample_arena(), kept);
	Requests__DraftLine *line = requests_draft_line(sample_arena(), kept);
	const char *all = "";

	for (size_t i = 0; i < shown->n_missing_fields; i++)
		all =
		    str_format(sample_arena(), "%s%s ", all, shown->missing_fields[i]);
	assert_string_equal(all, missing);
	assert_int_equal(shown->answers_needed, needed);
	assert_int_equal(line->answers_needed, needed);
	assert_int_equal(line->answers_missing, shown->n_missing_fields);
}

static void
what_it_cannot_be_sent_without(void **state)
{
	Requests__Submit *draft = nothing_said();

	(void)state;
	assert_missing(draft, 6,
	    "urgency needed_by_day home_sector children[0].age_years children[0].sex "
	    "family_first ");
	draft = of_children(2);
	SET(draft, urgency, REQUESTS__URGENCY__URGENCY_EMERGENCY);
	SET(draft->children[1], age_years, 4); /* and when was that? */
	assert_missing(draft, 8,
	    "needed_by_day home_sector children[0].age_years children[0].sex "
	    "children[1].age_years children[1].sex are_siblings ");
	answer_child(draft->children[0]);
	answer_child(draft->children[1]);
	SET(draft, are_siblings, true);
	SET(draft, needed_by_day, day_in_london(SAMPLE_NOW));
	draft->home_sector = text("M14 5");
	assert_missing(draft, 8, "");
	SET(draft, urgency, REQUESTS__URGENCY__URGENCY_PLANNED);
	SET(draft, family_first, REQUESTS__FAMILY_FIRST__FAMILY_FIRST_NOT_YET);
	assert_missing(draft, 9, "family_first ");
	SET(draft, family_first,
	    REQUESTS__FAMILY_FIRST__FAMILY_FIRST_CONSIDERED_NOBODY_FOUND);
	assert_missing(draft, 9, "");
}

static void
a_line_says_who_it_is_about(void **state)
{
	struct requests_act act = acting(MANCHESTER);
	Requests__DraftLine *line = requests_draft_line(sample_arena(),
	    requests_draft_kept(sample_arena(), everything_said(), &act, DRAFT));

	(void)state;
	assert_string_equal(line->draft_id, DRAFT);
	assert_int_equal(line->urgency, REQUESTS__URGENCY__URGENCY_EMERGENCY);
	assert_int_equal(line->needed_by_day, 20000);
	assert_string_equal(line->home_sector, "M14 5");
	assert_int_equal(line->n_child_lines, 2);
	assert_string_equal(line->child_lines[0]->child_ref, "A");
	assert_int_equal(line->child_lines[0]->age_years, 9);
	assert_false(line->child_lines[1]->has_age_years);
	assert_string_equal(line->saved_by_id, act.person_id);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_there_is_well_formed),
	    cmocka_unit_test(nothing_need_be_there),
	    cmocka_unit_test(what_is_kept_can_be_gone_on_with),
	    cmocka_unit_test(what_it_cannot_be_sent_without),
	    cmocka_unit_test(a_line_says_who_it_is_about),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
