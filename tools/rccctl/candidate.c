#include "candidate.h"

#include <stdio.h>

#include "base/str.h"

#include "table.h"
#include "words.h"

void
candidate_print_points(struct tool *t, const Matching__Candidate *c)
{
	struct arena *a = &t->arena;
	struct table table;

	table_begin(&table, a, "  for|points>|of>|because~");
	for (size_t i = 0; i < c->n_factors; i++) {
		const Matching__Points *p = c->factors[i];
		table_cell(&table,
		    str_format(a, "  %s",
			words_enum(a, &matching__factor__descriptor, (int)p->factor)));
		table_cell(&table, words_tenths(a, p->points));
		table_cell(&table, words_tenths(a, p->points_max));
		table_cell(&table, p->evidence);
	}
	table_print(&table, stdout);
}

const char *
candidate_care(const Matching__Candidate *c)
{
	switch (c->care_type) {
	case COMMON__CARE_TYPE__CARE_TYPE_UNSPECIFIED:
	case COMMON__CARE_TYPE__CARE_TYPE_SECURE: break;
	case COMMON__CARE_TYPE__CARE_TYPE_FOSTER: return "foster";
	case COMMON__CARE_TYPE__CARE_TYPE_CHILDRENS_HOME: return "home";
	case COMMON__CARE_TYPE__CARE_TYPE_SUPPORTED_ACCOMMODATION: return "supported";
	}
	return "?";
}

void
candidate_print_home(struct tool *t, const Matching__Candidate *c)
{
	struct arena *a = &t->arena;
	const char *text = str_format(
	    a, "%s place%s", words_number(a, c->places), c->places == 1 ? "" : "s");

	if (text && c->residents)
		text = str_format(a, "%s; %s", text, words_safe(a, c->residents));
	if (text && c->grade)
		text = str_format(a, "%s; graded %s", text, words_safe(a, c->grade));
	words_wrap(stdout, text ? text : "?", 2, 2);
}

const char *
candidate_miles(struct arena *a, const Matching__Candidate *c)
{
	if (!c->has_miles_tenths)
		return "?";
	return str_format(a, "%s%s", words_tenths(a, c->miles_tenths),
	    c->has_check_distance && c->check_distance ? " check" : "");
}

const char *
candidate_area(const Matching__Candidate *c)
{
	if (c->has_own_area && c->own_area)
		return "own";
	return c->has_adjoining && c->adjoining ? "adjoining" : "further";
}

const char *
rule_word(struct arena *a, Matching__Rule rule)
{
	switch (rule) {
	case MATCHING__RULE__RULE_UNSPECIFIED: return "a rule not said";
	case MATCHING__RULE__RULE_OPEN: return "not open to referral";
	case MATCHING__RULE__RULE_APPROVAL_AGE: return "age outside approval";
	case MATCHING__RULE__RULE_APPROVAL_SEX: return "sex outside approval";
	case MATCHING__RULE__RULE_PLACES: return "not enough places";
	case MATCHING__RULE__RULE_NEEDS: return "a high need not met";
	case MATCHING__RULE__RULE_MIX_FOR_CHILD: return "not safe with who lives there";
	case MATCHING__RULE__RULE_MIX_FOR_HOME: return "will not be taken alongside";
	case MATCHING__RULE__RULE_AVOID_AREA: return "in an area to avoid";
	case MATCHING__RULE__RULE_DISTANCE: return "too far";
	case MATCHING__RULE__RULE_AVAILABLE: return "not free by the day";
	case MATCHING__RULE__RULE_EMERGENCY: return "takes no emergencies";
	case MATCHING__RULE__RULE_CARE_TYPE: return "another kind of care";
	case MATCHING__RULE__RULE_RESTRICTED: return "restricted by Ofsted";
	case MATCHING__RULE__RULE_RESERVED: return "reserved to other councils";
	}
	return words_enum(a, &matching__rule__descriptor, (int)rule);
}
