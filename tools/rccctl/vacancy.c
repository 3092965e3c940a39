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
vacancy_beds(struct arena *a, const Residential__Beds *b)
{
	const char *text;

	if (!b)
		return "not said";
	text = str_format(a,
	    "%u registered, %u staffed, %u occupied, %u held, %u reserved, %u closed: "
	    "%u free",
	    b->registered, b->staffed, b->occupied, b->held, b->reserved, b->closed,
	    b->free);
	return text ? text : "?";
}

const char *
vacancy_type(Common__CareType type)
{
	switch (type) {
	case COMMON__CARE_TYPE__CARE_TYPE_UNSPECIFIED: break;
	case COMMON__CARE_TYPE__CARE_TYPE_FOSTER: return "foster";
	case COMMON__CARE_TYPE__CARE_TYPE_CHILDRENS_HOME: return "home";
	case COMMON__CARE_TYPE__CARE_TYPE_SUPPORTED_ACCOMMODATION: return "supported";
	case COMMON__CARE_TYPE__CARE_TYPE_SECURE: return "secure";
	}
	return "?";
}

const char *
vacancy_takes(
    struct arena *a, bool girls, bool boys, uint32_t age_min, uint32_t age_max)
{
	const char *who = girls && boys ? "girls and boys"
	                  : girls       ? "girls"
	                  : boys        ? "boys"
	                                : "nobody";

	who = str_format(a, "%s of %u to %u", who, age_min, age_max);
	return who ? who : "?";
}

const char *
vacancy_takes_short(
    struct arena *a, bool girls, bool boys, uint32_t age_min, uint32_t age_max)
{
	const char *who = girls && boys ? "both" : girls ? "girls" : boys ? "boys" : "";
	const char *text = str_format(a, "%u-%u %s", age_min, age_max, who);

	return text ? text : "?";
}

struct vacancy
vacancy_of_household(struct tool *t, const Foster__Vacancy *v)
{
	const Foster__Approval *p = v->approval;
	struct arena *a = &t->arena;

	return (struct vacancy){
	    .vacancy_id = v->vacancy_id,
	    .provider_id = v->provider_id,
	    .sector = v->home_sector,
	    .place = "Household",
	    .place_id = v->household_id,
	    .type = "foster",
	    .takes = p ? vacancy_takes(a, p->takes_girls, p->takes_boys,
			     p->age_min_years, p->age_max_years)
	               : "not said",
	    .takes_short = p ? vacancy_takes_short(a, p->takes_girls, p->takes_boys,
				   p->age_min_years, p->age_max_years)
	                     : "",
	    .places = vacancy_places(a, v->places),
	    .free = v->places ? words_number(a, v->places->free) : NULL,
	    .fee = v->has_fee_pence_week ? words_money(a, v->fee_pence_week) : NULL,
	    .from =
		v->has_available_from_day ? words_day(a, v->available_from_day) : NULL,
	    .confirmed = v->has_confirmed_time
	                     ? words_time(a, v->confirmed_time, t->now_ms)
	                     : NULL,
	    .open = v->has_open_places ? words_number(a, v->open_places) : NULL,
	    .is_open = v->is_open,
	};
}

struct vacancy
vacancy_of_home(struct tool *t, const Residential__Vacancy *v)
{
	struct arena *a = &t->arena;

	return (struct vacancy){
	    .vacancy_id = v->vacancy_id,
	    .provider_id = v->provider_id,
	    .sector = v->home_sector,
	    .place = "Home",
	    .place_id = v->home_id,
	    .type = vacancy_type(v->care_type),
	    .takes = vacancy_takes(
		a, v->takes_girls, v->takes_boys, v->age_min_years, v->age_max_years),
	    .takes_short = vacancy_takes_short(
		a, v->takes_girls, v->takes_boys, v->age_min_years, v->age_max_years),
	    .places = vacancy_beds(a, v->beds),
	    .free = v->beds ? words_number(a, v->beds->free) : NULL,
	    .fee = v->has_fee_pence_week ? words_money(a, v->fee_pence_week) : NULL,
	    .from =
		v->has_available_from_day ? words_day(a, v->available_from_day) : NULL,
	    .confirmed = v->has_confirmed_time
	                     ? words_time(a, v->confirmed_time, t->now_ms)
	                     : NULL,
	    .open = v->has_open_places ? words_number(a, v->open_places) : NULL,
	    .is_open = v->is_open,
	};
}

static void
print(struct tool *t, struct vacancy v)
{
	struct arena *a = &t->arena;

	(void)printf("Vacancy    %s (%s)\n", words_safe(a, v.vacancy_id),
	    v.is_open ? "open" : "closed");
	(void)printf("%-9s  %s\n", v.place, words_safe(a, v.place_id));
	(void)printf("Takes      %s\n", v.takes);
	(void)printf("Places     %s\n", v.places);
	if (v.open)
		(void)printf("Open       at most %s at a time\n", v.open);
	if (v.from)
		(void)printf("From       %s\n", v.from);
	if (v.confirmed)
		(void)printf("Confirmed  %s\n", v.confirmed);
	(void)puts(NOTICE);
}

void
vacancy_print_household(struct tool *t, const ProtobufCMessage *answer)
{
	print(t, vacancy_of_household(t, (const void *)answer));
}

void
vacancy_print_home(struct tool *t, const ProtobufCMessage *answer)
{
	print(t, vacancy_of_home(t, (const void *)answer));
}

void
vacancy_add_hold(struct tool *t, struct table *table, const char *hold_id,
    Place__HoldState state, size_t children, int64_t until_ms)
{
	struct arena *a = &t->arena;

	table_cell(table, hold_id);
	table_cell(table, words_enum(a, &place__hold_state__descriptor, (int)state));
	table_cell(table, words_number(a, children));
	table_cell(table, until_ms != 0 ? words_time(a, until_ms, t->now_ms) : "");
}
