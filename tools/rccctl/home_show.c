#include <stdio.h>

#include "base/str.h"

#include "home.h"
#include "table.h"
#include "vacancy.h"
#include "verbs.h"
#include "words.h"

#include "residential.pb-c.h"

static const char *
day_or_none(struct arena *a, protobuf_c_boolean is_said, int32_t day)
{
	return is_said ? words_day(a, day) : "";
}

static void
print_vacancies(struct tool *t, const Residential__HomeShown *shown)
{
	struct arena *a = &t->arena;
	struct table table;

	if (shown->n_vacancies == 0)
		return;
	(void)puts("\nVacancies");
	table_begin(&table, a, "vacancy|ages|state|confirmed");
	for (size_t i = 0; i < shown->n_vacancies; i++) {
		const Residential__Vacancy *v = shown->vacancies[i];
		table_cell(&table, v->vacancy_id);
		table_cell(&table,
		    words_enum(a, &common__age_band__descriptor, (int)v->age_band));
		table_cell(&table, v->is_open ? "open" : "closed");
		table_cell(&table, v->has_confirmed_time
				       ? words_time(a, v->confirmed_time, t->now_ms)
				       : "");
	}
	table_print(&table, stdout);
}

static void
print_occupants(struct tool *t, const Residential__HomeShown *shown)
{
	struct arena *a = &t->arena;
	struct table table;

	if (shown->n_occupants == 0)
		return;
	(void)puts("\nWho lives there");
	table_begin(&table, a, "person|kind|age>|sex|from|expected end");
	for (size_t i = 0; i < shown->n_occupants; i++) {
		const Residential__Occupant *o = shown->occupants[i];
		table_cell(&table, o->occupant_id);
		table_cell(
		    &table, words_enum(a, &residential__occupant_kind__descriptor,
				(int)o->kind));
		table_cell(
		    &table, o->has_age_years ? words_number(a, o->age_years) : "");
		table_cell(
		    &table, words_enum(a, &common__sex__descriptor, (int)o->sex));
		table_cell(&table, day_or_none(a, o->has_from_day, o->from_day));
		table_cell(&table,
		    day_or_none(a, o->has_expected_end_day, o->expected_end_day));
	}
	table_print(&table, stdout);
}

static void
print_closed(struct tool *t, const Residential__HomeShown *shown)
{
	struct arena *a = &t->arena;
	struct table table;

	if (shown->n_closed == 0)
		return;
	(void)puts("\nClosed beds");
	table_begin(&table, a, "closed|beds>|reason|from|until");
	for (size_t i = 0; i < shown->n_closed; i++) {
		const Residential__ClosedBeds *c = shown->closed[i];
		table_cell(&table, c->closed_id);
		table_cell(&table, words_number(a, c->beds));
		table_cell(
		    &table, words_enum(a, &residential__closed_reason__descriptor,
				(int)c->reason));
		table_cell(&table, day_or_none(a, c->has_from_day, c->from_day));
		table_cell(&table,
		    c->has_until_day ? words_day(a, c->until_day) : "reopened by hand");
	}
	table_print(&table, stdout);
}

static void
print_reservations(struct tool *t, const Residential__HomeShown *shown)
{
	struct arena *a = &t->arena;
	struct table table;

	if (shown->n_reservations == 0)
		return;
	(void)puts("\nReserved beds");
	table_begin(&table, a, "reservation|bed>|councils~|from|until");
	for (size_t i = 0; i < shown->n_reservations; i++) {
		const Residential__Reservation *r = shown->reservations[i];
		const char *councils = "";
		for (size_t j = 0; councils && j < r->n_council_ids; j++)
			councils = str_format(a, "%s%s%s", councils, j > 0 ? ", " : "",
			    r->council_ids[j]);
		table_cell(&table, r->reservation_id);
		table_cell(&table, words_number(a, r->bed_number));
		table_cell(&table, councils);
		table_cell(&table, day_or_none(a, r->has_from_day, r->from_day));
		table_cell(&table, day_or_none(a, r->has_until_day, r->until_day));
	}
	table_print(&table, stdout);
}

static void
print_holds(struct tool *t, const Residential__HomeShown *shown)
{
	struct table table;

	if (shown->n_holds == 0)
		return;
	(void)puts("\nHeld for others");
	table_begin(&table, &t->arena, VACANCY_HOLD_HEADS);
	for (size_t i = 0; i < shown->n_holds; i++) {
		const Residential__HoldRow *h = shown->holds[i];
		vacancy_add_hold(t, &table, h->hold_id, h->state, h->n_children,
		    h->state == PLACE__HOLD_STATE__HOLD_STATE_HELD
			? h->expires_time
			: h->latest_start_time);
	}
	table_print(&table, stdout);
}

static void
print_home(struct tool *t, const Residential__Home *h)
{
	struct arena *a = &t->arena;

	(void)printf("Home       %s, %s\n", words_safe(a, h->home_id),
	    words_safe(a, h->home_name));
	(void)printf("Type       %s, URN %s, %s in %s\n",
	    words_enum(a, &common__care_type__descriptor, (int)h->care_type),
	    words_safe(a, h->urn), words_safe(a, h->home_sector),
	    words_safe(a, h->council_id));
	(void)printf("Takes      %s\n", vacancy_takes(a, h->takes_girls, h->takes_boys,
					    h->age_min_years, h->age_max_years));
	if (h->has_grade)
		(void)printf("Ofsted     %s%s%s\n",
		    words_enum(a, &members__grade__descriptor, (int)h->grade),
		    h->has_grade_day ? " on " : "",
		    h->has_grade_day ? words_day(a, h->grade_day) : "");
	if (h->restriction !=
	    RESIDENTIAL__RESTRICTION_KIND__RESTRICTION_KIND_UNSPECIFIED)
		(void)printf("Restricted %s\n",
		    words_enum(a, &residential__restriction_kind__descriptor,
			(int)h->restriction));
}

void
home_print(struct tool *t, const ProtobufCMessage *answer)
{
	const Residential__HomeShown *shown = (const void *)answer;

	if (shown->home)
		print_home(t, shown->home);
	(void)printf("Beds       %s\n", vacancy_beds(&t->arena, shown->beds));
	print_vacancies(t, shown);
	print_occupants(t, shown);
	print_closed(t, shown);
	print_reservations(t, shown);
	print_holds(t, shown);
	(void)puts(NOTICE);
}

const struct verb verb_home_show = {
    .name = "home show",
    .takes = "HOME",
    .summary = "a home: its beds, who lives there, what is closed, reserved and held",
    .text = "By a placement officer of its provider.",
    .example = "rccctl home show 7q2d9x",
    .words_min = 1,
    .words_max = 1,
    .call = "residential.home",
    .fields = FIELDS("home_id"),
    .print = home_print,
};
