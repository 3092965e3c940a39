#ifndef RCC_RCCCTL_VACANCY_H
#define RCC_RCCCTL_VACANCY_H

#include "table.h"
#include "tool.h"

#include "foster.pb-c.h"
#include "residential.pb-c.h"

/* A vacancy of either owner, in words. */
struct vacancy {
	const char *vacancy_id, *provider_id, *sector;
	const char *place, *place_id; /* "Household" or "Home", and its id */
	const char *type;             /* "foster", "home" or "supported" */
	const char *takes;            /* "girls and boys of 5 to 12" */
	const char *takes_short;      /* "5-12 both", for a table */
	const char *places;           /* how they stand, all told */
	const char *free, *fee;
	const char *from, *confirmed; /* NULL: not said */
	const char *open;             /* how many at a time; NULL: all that are free */
	bool is_open;
};
struct vacancy vacancy_of_household(struct tool *t, const Foster__Vacancy *v);
struct vacancy vacancy_of_home(struct tool *t, const Residential__Vacancy *v);

/* One vacancy in a few lines: the answers of open, confirm and close. */
void vacancy_print_household(struct tool *t, const ProtobufCMessage *answer);
void vacancy_print_home(struct tool *t, const ProtobufCMessage *answer);

/* "3 approved, 1 filled, 0 held, 0 not available: 2 free" */
const char *vacancy_places(struct arena *a, const Foster__Places *p);
/* "4 registered, 3 staffed, 1 occupied, 0 held, 0 reserved, 1 closed: 1 free" */
const char *vacancy_beds(struct arena *a, const Residential__Beds *b);
/* "foster", "home", "supported", "secure" */
const char *vacancy_type(Common__CareType type);
/* "girls and boys of 5 to 12" */
const char *vacancy_takes(
    struct arena *a, bool girls, bool boys, uint32_t age_min, uint32_t age_max);
/* "0-17 both", for a table */
const char *vacancy_takes_short(
    struct arena *a, bool girls, bool boys, uint32_t age_min, uint32_t age_max);

/* A hold as a row of a table with these heads; until_ms 0: not said. */
#define VACANCY_HOLD_HEADS "hold|state|children>|until"
void vacancy_add_hold(struct tool *t, struct table *table, const char *hold_id,
    Place__HoldState state, size_t children, int64_t until_ms);

#endif
