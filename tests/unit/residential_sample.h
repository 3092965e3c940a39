#ifndef RCC_TESTS_UNIT_RESIDENTIAL_SAMPLE_H
#define RCC_TESTS_UNIT_RESIDENTIAL_SAMPLE_H

/* A home to put rules to, written in a line: who lives there, is held for, is coming.
 *
 * Each person is a word: age, then g for a girl, b for a boy, u for unknown, then whom
 * they are not safe with: * any child, < younger, > older, G girls, B boys, P pets; and
 * of a sibling group its letter behind a dot. "14g<.A 9b.A" */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/day.h"
#include "base/message.h"
#include "base/str.h"
#include "residential/beds.h"
#include "residential/home.h"
#include "residential/mix.h"
#include "residential/residential.h"
#include "residential/vacancy.h"

#define TODAY 20778 /* 2026-11-21 */
#define NOW INT64_C(1795262400000)
#define AREA "E08000003"
#define ELSEWHERE "E08000009"
#define KIND(name) RESIDENTIAL__OCCUPANT_KIND__OCCUPANT_KIND_##name
#define CARE_TYPE(name) COMMON__CARE_TYPE__CARE_TYPE_##name
#define RESTRICTION(name) RESIDENTIAL__RESTRICTION_KIND__RESTRICTION_KIND_##name
#define BAND(name) COMMON__AGE_BAND__AGE_BAND_##name
#define WITH(name) COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_##name
#define SEX(name) COMMON__SEX__SEX_##name
#define ROWS_MAX 80

struct sample {
	struct arena arena;
	Residential__HomeShown *known;
	Residential__HoldRow *held, *coming; /* NULL: nobody */
	struct residential_house house;
};

static inline char *
said(struct sample *s, const char *text)
{
	char *copy = str_copy(&s->arena, text);

	assert_non_null(copy);
	return copy;
}

/* A children's home for four from 5 to 17, all beds staffed, open for 10 to 15. */
static inline void
sample_make(struct sample *s)
{
	Residential__Home *h;

	arena_reset(&s->arena);
	s->held = NULL;
	s->coming = NULL;
	s->known = MESSAGE_NEW(&s->arena, residential__home_shown);
	s->known->occupants = LIST_NEW(&s->arena, ROWS_MAX, Residential__Occupant *);
	s->known->closed = LIST_NEW(&s->arena, ROWS_MAX, Residential__ClosedBeds *);
	s->known->reservations =
	    LIST_NEW(&s->arena, ROWS_MAX, Residential__Reservation *);
	s->known->holds = LIST_NEW(&s->arena, ROWS_MAX, Residential__HoldRow *);
	s->known->vacancies = LIST_NEW(&s->arena, ROWS_MAX, Residential__Vacancy *);
	h = s->known->home = MESSAGE_NEW(&s->arena, residential__home);
	h->home_id = said(s, "home");
	h->provider_id = said(s, "provider");
	h->home_name = said(s, "Invented House");
	h->urn = said(s, "SC123456");
	SET(h, care_type, CARE_TYPE(CHILDRENS_HOME));
	SET(h, statement_version, 3);
	SET(h, statement_day, TODAY - 100);
	h->council_id = said(s, AREA);
	h->home_sector = said(s, "M14 5");
	SET(h, registered_places, 4);
	SET(h, staffed_beds, 4);
	SET(h, age_min_years, 5);
	SET(h, age_max_years, 17);
	SET(h, takes_girls, true);
	SET(h, takes_boys, true);
	SET(h, grade, MEMBERS__GRADE__GRADE_GOOD);
	SET(h, grade_day, TODAY - 300);
	SET(h, fee_pence_week, 520000);
}

static inline void
sample_open(struct sample *s, Common__AgeBand band)
{
	Residential__Vacancy *v = MESSAGE_NEW(&s->arena, residential__vacancy);

	v->vacancy_id = said(s, "vacancy");
	SET(v, age_band, band);
	SET(v, is_open, true);
	SET(v, opened_time, NOW);
	SET(v, confirmed_time, NOW);
	SET(v, available_from_day, TODAY);
	s->known->vacancies[s->known->n_vacancies++] = v;
}

/* ---- people ---- */

struct sample_person {
	uint32_t age;
	Common__Sex sex;
	Common__NotSafeWith *with;
	size_t with_n;
	char *group;
};

static inline Common__NotSafeWith
with_of(char letter)
{
	static const char letters[] = "?*<>GBP";
	const char *at = strchr(letters, letter);

	assert_non_null(at);
	return (Common__NotSafeWith)(at - letters);
}

/* Reads one word; where the next begins, NULL at the end. */
static inline const char *
sample_person(struct sample *s, const char *word, struct sample_person *out)
{
	char *end;

	memset(out, 0, sizeof *out);
	out->with = LIST_NEW(&s->arena, 8, Common__NotSafeWith);
	while (*word == ' ')
		word++;
	if (*word == '\0')
		return NULL;
	out->age = (uint32_t)strtoul(word, &end, 10);
	assert_true(end > word);
	out->sex = *end == 'g' ? SEX(FEMALE) : *end == 'b' ? SEX(MALE) : SEX(UNKNOWN);
	for (end++; *end != ' ' && *end != '\0' && *end != '.'; end++)
		out->with[out->with_n++] = with_of(*end);
	if (*end == '.') {
		char group[] = {end[1], '\0'};
		out->group = said(s, group);
		end += 2;
	}
	return end;
}

static inline Residential__Occupant *
sample_occupant(struct sample *s, const struct sample_person *p)
{
	Residential__Occupant *o = MESSAGE_NEW(&s->arena, residential__occupant);

	o->occupant_id = str_format(&s->arena, "occupant %zu", s->known->n_occupants);
	SET(o, kind, p->age < 18 ? KIND(PLACED_OUTSIDE) : KIND(OVER_18));
	SET(o, age_years, p->age);
	SET(o, age_day, TODAY);
	SET(o, sex, p->sex);
	o->not_safe_with = p->with;
	o->n_not_safe_with = p->with_n;
	o->sibling_group_id = p->group;
	SET(o, from_day, TODAY - 30);
	s->known->occupants[s->known->n_occupants++] = o;
	return o;
}

/* The row has one list of whom its children are not safe with, as the wire has. */
static inline Residential__HoldRow *
sample_hold(struct sample *s, const char *id, const char *words)
{
	Residential__HoldRow *row = MESSAGE_NEW(&s->arena, residential__hold_row);
	struct sample_person p;

	row->hold_id = said(s, id);
	row->home_id = said(s, "home");
	row->children = LIST_NEW(&s->arena, ROWS_MAX, Common__Child *);
	row->not_safe_with = LIST_NEW(&s->arena, ROWS_MAX, Common__NotSafeWith);
	SET(row, state, PLACE__HOLD_STATE__HOLD_STATE_HELD);
	while ((words = sample_person(s, words, &p)) != NULL) {
		Common__Child *c = MESSAGE_NEW(&s->arena, common__child);
		c->child_id = str_format(&s->arena, "%s %zu", id, row->n_children);
		SET(c, age_years, p.age);
		SET(c, age_day, TODAY);
		SET(c, sex, p.sex);
		row->children[row->n_children++] = c;
		for (size_t i = 0; i < p.with_n; i++)
			row->not_safe_with[row->n_not_safe_with++] = p.with[i];
		if (p.group != NULL)
			SET(row, are_siblings, true);
	}
	return row;
}

static inline void
sample_people(struct sample *s, const char *there, const char *held, const char *coming)
{
	struct sample_person p;

	while ((there = sample_person(s, there, &p)) != NULL)
		(void)sample_occupant(s, &p);
	if (held[0] != '\0') {
		s->held = sample_hold(s, "held", held);
		s->known->holds[s->known->n_holds++] = s->held;
	}
	if (coming[0] != '\0')
		s->coming = sample_hold(s, "coming", coming);
}

/* ---- beds ---- */

static inline void
sample_close(struct sample *s, uint32_t n, int32_t from_day, int32_t until_day)
{
	Residential__ClosedBeds *row = MESSAGE_NEW(&s->arena, residential__closed_beds);

	SET(row, beds, n);
	SET(row, from_day, from_day);
	if (until_day != 0)
		SET(row, until_day, until_day);
	s->known->closed[s->known->n_closed++] = row;
}

/* `councils`: codes with a space between. The reservation is named "bed N". */
static inline Residential__Reservation *
sample_reserve(struct sample *s, uint32_t bed_number, const char *councils)
{
	Residential__Reservation *r = MESSAGE_NEW(&s->arena, residential__reservation);
	char *rest = said(s, councils), *council;

	r->reservation_id = str_format(&s->arena, "bed %u", bed_number);
	SET(r, bed_number, bed_number);
	SET(r, from_day, TODAY - 10);
	r->council_ids = LIST_NEW(&s->arena, ROWS_MAX, char *);
	while ((council = strsep(&rest, " ")) != NULL)
		r->council_ids[r->n_council_ids++] = council;
	s->known->reservations[s->known->n_reservations++] = r;
	return r;
}

/* For the area alone, for a time; `until_day` 0: while it lasts. */
static inline void
sample_reserve_days(
    struct sample *s, uint32_t bed_number, int32_t from_day, int32_t until_day)
{
	Residential__Reservation *r = sample_reserve(s, bed_number, AREA);

	SET(r, from_day, from_day);
	if (until_day != 0)
		SET(r, until_day, until_day);
}

static inline struct residential_house *
house_of(struct sample *s)
{
	assert_int_equal(
	    residential_house_of(&s->arena, s->known, s->coming, TODAY, &s->house),
	    ERR_NONE);
	return &s->house;
}

static inline int
sample_set_up(void **state)
{
	static struct sample s;

	if (arena_open(&s.arena, 4 << 20) != ERR_NONE)
		return -1;
	*state = &s;
	return 0;
}

static inline int
sample_tear_down(void **state)
{
	struct sample *s = *state;

	arena_close(&s->arena);
	return 0;
}

#endif
