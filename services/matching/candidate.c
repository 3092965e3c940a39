#include "matching/candidate.h"

#include "base/message.h"
#include "base/str.h"
#include "matching/explain.h"
#include "matching/matching.h"
#include "matching/score.h"

/* Both vacancies use these words, and share no type. */
#define FILL_SHARED(out, vacancy)                                                      \
	do {                                                                           \
		(out)->vacancy_id = (vacancy)->vacancy_id;                             \
		(out)->provider_id = (vacancy)->provider_id;                           \
		(out)->council_id = (vacancy)->council_id;                             \
		SET_FROM((out), fee_pence_week, (vacancy), fee_pence_week);            \
		SET_FROM((out), confirmed_time, (vacancy), confirmed_time);            \
	} while (0)

static void
fill_grade(Matching__Candidate *out, struct arena *a, Members__Grade grade, int32_t day)
{
	out->grade = str_copy(a, explain_grade(a, grade, day));
}

static void
fill_foster(
    Matching__Candidate *out, const struct candidate *candidate, struct arena *a)
{
	const Foster__Vacancy *vacancy = candidate->vacancy;

	FILL_SHARED(out, vacancy);
	if (candidate->agency != NULL)
		fill_grade(
		    out, a, candidate->agency->grade, candidate->agency->grade_day);
}

static void
fill_residential(
    Matching__Candidate *out, const struct candidate *candidate, struct arena *a)
{
	const Residential__Vacancy *vacancy = candidate->vacancy;

	FILL_SHARED(out, vacancy);
	fill_grade(out, a, vacancy->grade, vacancy->grade_day);
}

Matching__Candidate *
candidate_message(const struct candidate *candidate, struct arena *a)
{
	const struct matching_home *home = candidate->home;
	Matching__Candidate *out = MESSAGE_NEW(a, matching__candidate);
	struct score score;

	if (out == NULL)
		return NULL;
	score_home(candidate->policy, candidate->need, home, &score);
	if (!score_explain(&score, candidate->policy, candidate->need, home, a, out))
		return NULL;
	if (home->care_type == COMMON__CARE_TYPE__CARE_TYPE_FOSTER)
		fill_foster(out, candidate, a);
	else
		fill_residential(out, candidate, a);
	SET(out, places, matching_places(candidate->need, home));
	SET(out, care_type, (Common__CareType)home->care_type);
	SET(out, check_distance, (candidate->mask & MATCHING_CHECK_DISTANCE) != 0);
	out->residents = str_copy(a, explain_residents(a, home));
	return a->is_full ? NULL : out;
}
