#include <stdio.h>

#include "base/str.h"

#include "home.h"
#include "owner.h"
#include "table.h"
#include "vacancy.h"
#include "verbs.h"
#include "words.h"

static void
print_occupants(struct tool *t, const Foster__HouseholdShown *shown)
{
	struct arena *a = &t->arena;
	struct table table;

	if (shown->n_occupants == 0)
		return;
	(void)puts("\nWho lives there");
	table_begin(&table, a, "kind|age>|sex|from|expected end|placement");
	for (size_t i = 0; i < shown->n_occupants; i++) {
		const Foster__Occupant *o = shown->occupants[i];
		table_cell(&table,
		    words_enum(a, &foster__occupant_kind__descriptor, (int)o->kind));
		table_cell(
		    &table, o->has_age_years ? words_number(a, o->age_years) : "");
		table_cell(
		    &table, words_enum(a, &common__sex__descriptor, (int)o->sex));
		table_cell(&table, o->has_from_day ? words_day(a, o->from_day) : "");
		table_cell(&table,
		    o->has_expected_end_day ? words_day(a, o->expected_end_day) : "");
		table_cell(&table, o->placement_id);
	}
	table_print(&table, stdout);
}

static void
print_holds(struct tool *t, const Foster__HouseholdShown *shown)
{
	struct table table;

	if (shown->n_holds == 0)
		return;
	(void)puts("\nHeld for others");
	table_begin(&table, &t->arena, VACANCY_HOLD_HEADS);
	for (size_t i = 0; i < shown->n_holds; i++) {
		const Foster__HoldRow *h = shown->holds[i];
		vacancy_add_hold(t, &table, h->hold_id, h->state, h->n_children,
		    h->state == PLACE__HOLD_STATE__HOLD_STATE_HELD
			? h->expires_time
			: h->latest_start_time);
	}
	table_print(&table, stdout);
}

static void
print(struct tool *t, const ProtobufCMessage *answer)
{
	const Foster__HouseholdShown *shown = (const void *)answer;
	const Foster__Household *h = shown->household;
	struct arena *a = &t->arena;

	if (h) {
		(void)printf("Household  %s, %s\n", words_safe(a, h->household_id),
		    h->home_sector ? words_safe(a, h->home_sector) : "no sector");
		if (h->approval)
			(void)printf("Takes      %s\n",
			    vacancy_takes(a, h->approval->takes_girls,
				h->approval->takes_boys, h->approval->age_min_years,
				h->approval->age_max_years));
	}
	(void)printf("Places     %s\n", vacancy_places(a, shown->places));
	if (shown->vacancy)
		(void)printf("Vacancy    %s (%s)\n",
		    words_safe(a, shown->vacancy->vacancy_id),
		    shown->vacancy->is_open ? "open" : "closed");
	print_occupants(t, shown);
	print_holds(t, shown);
	(void)puts(NOTICE);
}

static const struct flag flags[] = {OWNER_TYPE};

static const struct owner owners[OWNERS_N] = {
    {"foster", "foster.households", "households[].household_id", "foster.household",
	FIELDS("household_id"), print},
    {"home", "residential.homes", "homes[].home_id", "residential.home",
	FIELDS("home_id"), home_print},
};

static enum exit_code
run(struct tool *t)
{
	return owner_run(t, owners);
}

const struct verb verb_vacancy_show = {
    .name = "vacancy show",
    .takes = "HOUSEHOLD|HOME",
    .summary = "how one household's or home's places stand, and why",
    .text = "By a placement officer of its provider.",
    .example = "rccctl vacancy show e3k8mm",
    FLAGS(flags),
    .words_min = 1,
    .words_max = 1,
    .run = run,
};
