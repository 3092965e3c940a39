#ifndef RCC_TESTS_UNIT_FOSTER_HOME_H
#define RCC_TESTS_UNIT_FOSTER_HOME_H

/* A household to put rules to, written in a line: who is there, held for, coming. */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/day.h"
#include "base/message.h"
#include "base/str.h"
#include "foster/foster.h"
#include "foster/household.h"
#include "foster/places.h"
#include "support/memory.h"

#define TODAY 20778 /* 2026-11-21 */
#define AREA "E08000003"
#define PEOPLE_MAX 16
#define KIND(name) FOSTER__OCCUPANT_KIND__OCCUPANT_KIND_##name
#define APPROVAL(name) FOSTER__APPROVAL_KIND__APPROVAL_KIND_##name
#define SEX(name) COMMON__SEX__SEX_##name

struct test_home {
	Foster__HouseholdShown shown;
	Foster__Household household;
	Foster__Approval approval;
	Foster__Occupant occupants[PEOPLE_MAX], *occupants_list[PEOPLE_MAX];
	Foster__HoldRow held, coming, *holds_list[1];
	Common__Child children[2 * PEOPLE_MAX], *children_list[2 * PEOPLE_MAX];
	Foster__Withheld withheld, *withheld_list[1];
	Foster__Exemption exemption, *exemptions_list[1];
	char *named[2 * PEOPLE_MAX];
	char texts[4 * PEOPLE_MAX][8];
	size_t texts_n, children_n;
};

static inline char *
test_text(struct test_home *t, char kind, size_t i)
{
	char *text = t->texts[t->texts_n++];

	snprintf(text, sizeof t->texts[0], "%c%zu", kind, i);
	return text;
}

static inline void
test_make(struct test_home *t)
{
	memset(t, 0, sizeof *t);
	arena_reset(&arena);
	foster__household_shown__init(&t->shown);
	foster__household__init(&t->household);
	foster__approval__init(&t->approval);
	t->shown.household = &t->household;
	t->household.household_id = str_copy(&arena, "household");
	t->household.provider_id = str_copy(&arena, "provider");
	t->household.carer_name = str_copy(&arena, "Invented Carer");
	t->household.council_id = str_copy(&arena, AREA);
	t->household.home_sector = str_copy(&arena, "M14 5");
	t->household.approval = &t->approval;
	SET(&t->household, bedrooms, 8);
	SET(&t->approval, kind, APPROVAL(MAINSTREAM));
	SET(&t->approval, children_max, 6);
	SET(&t->approval, age_min_years, 0);
	SET(&t->approval, age_max_years, 17);
	SET(&t->approval, takes_girls, true);
	SET(&t->approval, takes_boys, true);
	SET(&t->approval, approved_day, TODAY - 400);
}

/* '.' a child placed, 'o' placed from outside, 'p' privately fostered, 's' staying
 * put at 18, 'b' a baby placed, and 'A' to 'F' a child of that sibling group. */
static inline void
test_occupant(struct test_home *t, char letter)
{
	size_t i = t->shown.n_occupants++;
	Foster__Occupant *o = &t->occupants[i];

	foster__occupant__init(o);
	t->occupants_list[i] = o;
	t->shown.occupants = t->occupants_list;
	o->child_id = test_text(t, 't', i);
	SET(o, kind, KIND(PLACED_HERE));
	SET(o, age_years, 9);
	SET(o, age_day, TODAY);
	SET(o, sex, SEX(FEMALE));
	if (letter == 'o')
		SET(o, kind, KIND(PLACED_OUTSIDE));
	if (letter == 'p')
		SET(o, kind, KIND(PRIVATELY_FOSTERED));
	if (letter == 's') {
		SET(o, kind, KIND(STAYING_PUT));
		SET(o, age_years, 18);
	}
	if (letter == 'b')
		SET(o, age_years, 1);
	if (letter >= 'A' && letter <= 'F') {
		o->sibling_group_id = t->texts[t->texts_n++];
		o->sibling_group_id[0] = letter;
	}
}

/* 'g' a girl of five, 'm' a boy of five, 'u' of unknown sex, 'b' a baby girl. */
static inline void
test_children(struct test_home *t, Foster__HoldRow *row, char kind, const char *letters)
{
	foster__hold_row__init(row);
	row->hold_id = str_copy(&arena, kind == 'h' ? "held" : "coming");
	row->household_id = str_copy(&arena, "household");
	row->children = &t->children_list[t->children_n];
	SET(row, state, PLACE__HOLD_STATE__HOLD_STATE_HELD);
	for (; letters[row->n_children] != '\0'; row->n_children++) {
		char letter = letters[row->n_children];
		Common__Child *c = &t->children[t->children_n];
		common__child__init(c);
		t->children_list[t->children_n++] = c;
		c->child_id = test_text(t, kind, row->n_children);
		SET(c, age_years, letter == 'b' ? 1 : 5);
		SET(c, age_day, TODAY);
		SET(c, sex, letter == 'm' ? SEX(MALE) : SEX(FEMALE));
		if (letter == 'u')
			SET(c, sex, SEX(UNKNOWN));
	}
}

static inline void
test_people(
    struct test_home *t, const char *there, const char *held, const char *coming)
{
	for (; *there != '\0'; there++)
		test_occupant(t, *there);
	test_children(t, &t->held, 'h', held);
	test_children(t, &t->coming, 'c', coming);
	t->holds_list[0] = &t->held;
	t->shown.holds = t->holds_list;
	t->shown.n_holds = held[0] != '\0';
}

/* Names all there, held for and coming, but the one at `left_out`, in that order. */
static inline void
test_exempt(struct test_home *t, size_t left_out)
{
	size_t n = 0;
	Foster__Exemption *x = &t->exemption;

	foster__exemption__init(x);
	x->council_id = str_copy(&arena, AREA);
	x->child_ids = t->named;
	SET(x, from_day, TODAY - 10);
	for (size_t i = 0; i < t->shown.n_occupants; i++)
		if (n++ != left_out)
			t->named[x->n_child_ids++] = t->occupants[i].child_id;
	for (size_t i = 0; i < t->children_n; i++)
		if (n++ != left_out)
			t->named[x->n_child_ids++] = t->children[i].child_id;
	t->exemptions_list[0] = x;
	t->shown.exemptions = t->exemptions_list;
	t->shown.n_exemptions = 1;
}

static inline void
test_withhold(struct test_home *t, uint32_t places)
{
	foster__withheld__init(&t->withheld);
	SET(&t->withheld, places, places);
	SET(&t->withheld, from_day, TODAY);
	t->withheld_list[0] = &t->withheld;
	t->shown.withheld = t->withheld_list;
	t->shown.n_withheld = 1;
}

#define EVERYBODY SIZE_MAX

#endif
