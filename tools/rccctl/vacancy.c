#include "vacancy.h"

#include <stdio.h>

#include "base/str.h"

#include "words.h"

const char *
vacancy_places(struct arena *a, const Foster__Places *p)
{
	const char *text;

	if (!p)
		return "not said";
	text =
	    str_format(a, "%u approved, %u filled, %u held, %u not available: %u free",
		p->approved, p->filled, p->held, p->not_available, p->free);
	if (text && p->has_free_for_siblings && p->free_for_siblings != p->free)
		text = str_format(
		    a, "%s (%u for one group of siblings)", text, p->free_for_siblings);
	return text ? text : "?";
}

const char *
vacancy_takes(struct arena *a, const Foster__Approval *p)
{
	const char *who;

	if (!p)
		return "not said";
	who = p->takes_girls && p->takes_boys ? "girls and boys"
	      : p->takes_girls                ? "girls"
	      : p->takes_boys                 ? "boys"
	                                      : "nobody";
	who = str_format(a, "%s of %u to %u", who, p->age_min_years, p->age_max_years);
	return who ? who : "?";
}

const char *
vacancy_takes_short(struct arena *a, const Foster__Approval *p)
{
	const char *text;

	if (!p)
		return "";
	text = str_format(a, "%s%s%s %u-%u", p->takes_girls ? "girls" : "",
	    p->takes_girls && p->takes_boys ? ", " : "", p->takes_boys ? "boys" : "",
	    p->age_min_years, p->age_max_years);
	return text ? text : "?";
}

void
vacancy_print(struct tool *t, const ProtobufCMessage *answer)
{
	const Foster__Vacancy *v = (const void *)answer;
	struct arena *a = &t->arena;

	(void)printf("Vacancy    %s (%s)\n", words_safe(a, v->vacancy_id),
	    v->is_open ? "open" : "closed");
	(void)printf("Household  %s\n", words_safe(a, v->household_id));
	(void)printf("Takes      %s\n", vacancy_takes(a, v->approval));
	(void)printf("Places     %s\n", vacancy_places(a, v->places));
	if (v->has_available_from_day)
		(void)printf("From       %s\n", words_day(a, v->available_from_day));
	if (v->has_confirmed_time)
		(void)printf(
		    "Confirmed  %s\n", words_time(a, v->confirmed_time, t->now_ms));
	(void)puts(NOTICE);
}
