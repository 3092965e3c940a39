#ifndef RCC_FOSTER_HOUSEHOLD_H
#define RCC_FOSTER_HOUSEHOLD_H

#include <stdbool.h>
#include <stdint.h>

#include "foster/limits.h"
#include "foster/refusals.h"

#include "foster.pb-c.h"

/*
 * What a household's own records must be before they are written down: the row
 * itself, who lives there, places withheld, exemptions, the vacancy. Days are London
 * days from 1970-01-01. What is true is recorded even where it breaks a limit (a
 * fourth child placed from outside): the limits stand in the way of holds and
 * starts, never of the record.
 */

#define FOSTER_CHILDREN_MAX 6
#define FOSTER_BEDROOMS_MAX 8
#define FOSTER_NAME_CHARACTERS_MAX 80
#define FOSTER_STAYING_PUT_YEARS_MAX 25
#define FOSTER_PARENT_YEARS_MAX 25
#define FOSTER_FEE_PENCE_WEEK_MAX 2000000
#define FOSTER_SKILLS_MAX 20
#define FOSTER_OWN_CHILDREN_MAX 12
#define FOSTER_LANGUAGES_MAX 20
/* Of each kind of row (occupants, withheld, exemptions) in one household. */
#define FOSTER_ROWS_EACH_MAX 12
#define FOSTER_VACANCY_DAYS_AHEAD_MAX 366

/* The row, to register or to amend with; ids and the council's being known are the
 * caller's to look at. Source: Fostering Services (England) Regulations 2011, reg 27.
 */
enum foster_refusal foster_check_household(const Foster__Household *row, int32_t day);

/*
 * May this row take the place of the home's? Not below who lives there and is held
 * for, and no approval of family or friends while a vacancy is open or held.
 */
enum foster_refusal foster_may_amend(const Foster__HouseholdShown *known,
    const struct foster_home *home, const Foster__Household *row);

/* Somebody who lives there, and was not placed through a request. */
enum foster_refusal foster_may_record(
    const Foster__HouseholdShown *known, const Foster__Occupant *o, int32_t day);
enum foster_refusal foster_may_end_occupant(
    const Foster__Occupant *o, const Foster__EndOccupant *call, int32_t day);

/* A first day left out is today; *from_day is the one that counts. */
enum foster_refusal foster_may_withhold(const Foster__HouseholdShown *known,
    const Foster__WithholdPlaces *call, int32_t day, int32_t *from_day);

/*
 * Only for the council in whose area the household lives.
 * Source: Children Act 1989, Sch 7 para 4; quoted in household.c.
 */
enum foster_refusal foster_may_exempt(const Foster__HouseholdShown *known,
    const Foster__GrantExemption *call, const char *council_id, int32_t day,
    int32_t *from_day);
/* *until_day is the one that counts: the call's, or today. */
enum foster_refusal foster_may_end_exemption(const Foster__Exemption *x,
    const Foster__EndExemption *call, const char *council_id, int32_t day,
    int32_t *until_day);

/* A first day left out is today. */
enum foster_refusal foster_may_open(const Foster__Household *row,
    const Foster__OpenVacancy *call, int32_t day, int32_t *available_from_day);
/* May so many places be open at a time? Never more than are free are offered anyhow. */
enum foster_refusal foster_may_set_open_places(
    const Foster__Household *row, const Foster__SetOpenPlaces *call);

/*
 * May a provider of this kind have fostering households? Beds of children's homes
 * and supported accommodation are residential's, and secure beds are national, so
 * neither can be here. A low inspection grade is shown beside a vacancy and refuses
 * nothing: whether to use the home is the council's decision.
 */
bool foster_is_fostering(int provider_kind);

#endif
