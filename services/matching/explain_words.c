#include <string.h>

#include "base/day.h"
#include "base/place.h"
#include "base/str.h"
#include "matching/explain.h"

#define NEEDS_SHOWN 4

static bool
has(const struct matching_home *home, enum matching_home_flag flag)
{
	return (home->flags & (unsigned)flag) != 0;
}

const char *
explain_care_type(uint8_t care_type)
{
	switch ((Common__CareType)care_type) {
	case COMMON__CARE_TYPE__CARE_TYPE_UNSPECIFIED: break;
	case COMMON__CARE_TYPE__CARE_TYPE_FOSTER: return "foster care";
	case COMMON__CARE_TYPE__CARE_TYPE_CHILDRENS_HOME: return "a children's home";
	case COMMON__CARE_TYPE__CARE_TYPE_SUPPORTED_ACCOMMODATION:
		return "supported accommodation";
	case COMMON__CARE_TYPE__CARE_TYPE_SECURE: return "a secure home";
	}
	return "a kind of care not known here";
}

/* "goes missing": the contract's own word for it, as people say it. */
static const char *
need_words(struct arena *a, int kind)
{
	const ProtobufCEnumValue *value =
	    protobuf_c_enum_descriptor_get_value(&common__need_kind__descriptor, kind);
	char *words;

	if (value == NULL || kind == COMMON__NEED_KIND__NEED_KIND_UNSPECIFIED)
		return "a need of a kind not known here";
	words = str_copy(a, value->name + strlen("NEED_KIND_"));
	for (char *at = words; at != NULL && *at != '\0'; at++)
		*at = *at == '_' ? ' ' : (char)(*at - 'A' + 'a');
	return words;
}

const char *
explain_needs(struct arena *a, uint32_t kinds)
{
	const char *list = "";
	unsigned shown = 0, n = (unsigned)__builtin_popcount(kinds);

	for (int kind = 0; kind < MATCHING_NEED_KINDS && shown < NEEDS_SHOWN; kind++) {
		if ((kinds >> kind & 1) == 0)
			continue;
		const char *name = need_words(a, kind);
		if (name == NULL)
			return NULL;
		list = shown++ == 0 ? name : str_format(a, "%s, %s", list, name);
		if (list == NULL)
			return NULL;
	}
	return n == shown ? list : str_format(a, "%s and %u more", list, n - shown);
}

static const char *
ages_words(struct arena *a, uint32_t from_years, uint32_t to_years)
{
	return from_years == to_years ? str_format(a, "%u", from_years)
	                              : str_format(a, "%u to %u", from_years, to_years);
}

static const char *
sexes_words(const struct matching_home *home)
{
	bool is_one = home->residents.n == 1;

	if (has(home, HOME_HAS_GIRLS) && has(home, HOME_HAS_BOYS))
		return "girls and boys";
	if (has(home, HOME_HAS_GIRLS))
		return is_one ? "a girl" : "girls";
	if (has(home, HOME_HAS_BOYS))
		return is_one ? "a boy" : "boys";
	return "of no recorded sex";
}

/* "3 live there, girls and boys, aged 10 to 17 by bands; risks: fire setting" */
static const char *
band_words(struct arena *a, const struct matching_home *home)
{
	const struct matching_residents *there = &home->residents;
	const char *risks = explain_needs(a, there->risks);
	const char *ages =
	    there->oldest_years < PLACE_ADULT_YEARS
		? ages_words(a, there->youngest_years, there->oldest_years)
		: str_format(a, "%u or over", there->youngest_years);

	if (ages == NULL || risks == NULL)
		return NULL;
	return str_format(a, "%u live%s there, %s, aged %s%s%s%s", there->n,
	    there->n == 1 ? "s" : "", sexes_words(home), ages,
	    there->age_bands == 0 ? "" : " by bands",
	    risks[0] == '\0' ? "" : "; risks: ", risks);
}

/* "1 girl and 2 boys": those alone who are there. */
static const char *
girls_and_boys(struct arena *a, unsigned girls, unsigned boys)
{
	const char *more_girls = girls == 1 ? "" : "s";
	const char *more_boys = boys == 1 ? "" : "s";

	if (boys == 0)
		return str_format(a, "%u girl%s", girls, more_girls);
	if (girls == 0)
		return str_format(a, "%u boy%s", boys, more_boys);
	return str_format(
	    a, "%u girl%s and %u boy%s", girls, more_girls, boys, more_boys);
}

const char *
explain_residents(struct arena *a, const struct matching_home *home)
{
	const struct matching_residents *there = &home->residents;

	if (!has(home, HOME_MIX_IS_KNOWN))
		return "unverified: who lives there is not recorded";
	if (there->n == 0)
		return "no children live there";
	if (home->care_type != COMMON__CARE_TYPE__CARE_TYPE_FOSTER ||
	    there->girls + there->boys == 0)
		return band_words(a, home);
	const char *ages = ages_words(a, there->youngest_years, there->oldest_years);
	const char *who = girls_and_boys(a, there->girls, there->boys);
	if (ages == NULL || who == NULL)
		return NULL;
	return str_format(a, "%s, aged %s, live%s there", who, ages,
	    there->girls + there->boys == 1 ? "s" : "");
}

const char *
explain_grade(struct arena *a, Members__Grade grade, int32_t grade_day)
{
	static const char *const words[] = {
	    [MEMBERS__GRADE__GRADE_UNSPECIFIED] = "not yet inspected",
	    [MEMBERS__GRADE__GRADE_OUTSTANDING] = "outstanding",
	    [MEMBERS__GRADE__GRADE_GOOD] = "good",
	    [MEMBERS__GRADE__GRADE_REQUIRES_IMPROVEMENT] = "requires improvement",
	    [MEMBERS__GRADE__GRADE_INADEQUATE] = "inadequate",
	};
	char day[DAY_TEXT_LEN + 1];

	if ((unsigned)grade >= sizeof(words) / sizeof(words[0]))
		return "a grade not known here";
	if (grade == MEMBERS__GRADE__GRADE_UNSPECIFIED)
		return words[grade];
	day_format(grade_day, day);
	return str_format(a, "%s on %s", words[grade], day);
}
