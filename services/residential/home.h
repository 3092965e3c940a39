#ifndef RCC_RESIDENTIAL_HOME_H
#define RCC_RESIDENTIAL_HOME_H

#include <stdbool.h>
#include <stdint.h>

#include "residential/house.h"
#include "residential/refusals.h"

#include "members.pb-c.h"

/*
 * What a home's own records must be before they are written down: the row itself, who
 * lives there, beds closed, beds reserved, the vacancy. Days are London days from
 * 1970-01-01. Who lives there is recorded even where there is no bed for them (a child
 * placed from outside over the number): the limits stand in the way of holds and
 * starts, never of what is so.
 */

#define RESIDENTIAL_PLACES_MAX 60
#define RESIDENTIAL_NAME_CHARACTERS_MAX 80
#define RESIDENTIAL_STAYING_YEARS_MAX 25
#define RESIDENTIAL_FEE_PENCE_WEEK_MAX 5000000
#define RESIDENTIAL_CAPABILITIES_MAX 20
#define RESIDENTIAL_LANGUAGES_MAX 20
#define RESIDENTIAL_COUNCILS_MAX 12
/* Of each kind of row (occupants, closed, reservations) in one home. */
#define RESIDENTIAL_ROWS_EACH_MAX 72
#define RESIDENTIAL_VACANCY_DAYS_AHEAD_MAX 366

/* Does this kind of provider keep this kind of home? */
bool residential_fits_provider(
    Common__CareType care_type, Members__ProviderKind provider_kind);

/*
 * The row, to register or to amend with; ids, who has the URN and the council's being
 * known are the caller's to look at.
 * Source: Children's Homes (England) Regulations 2015, reg 16 and Sch 1; Care Standards
 * Act 2000, s11; Care Planning, Placement and Case Review (England) Regulations 2010,
 * regs 27A and 27C. Quoted in home.c.
 */
enum residential_refusal residential_check_home(
    const Residential__Home *row, int32_t day);

/* May this row take the place of the home's? Not another kind of care, no earlier
 * statement of purpose, nor fewer places or beds than are lived in and kept. */
enum residential_refusal residential_may_amend(const Residential__HomeShown *known,
    const struct residential_house *house, const Residential__Home *row);

/* Somebody who lives there, and was not placed through a request. */
enum residential_refusal residential_may_record(
    const Residential__HomeShown *known, const Residential__Occupant *o, int32_t day);
enum residential_refusal residential_may_end_occupant(
    const Residential__Occupant *o, const Residential__EndOccupant *call, int32_t day);

/* A first day left out is today; *from_day is the one that counts. */
enum residential_refusal residential_may_close_beds(const Residential__HomeShown *known,
    const struct residential_house *house, const Residential__CloseBeds *call,
    int32_t *from_day);
enum residential_refusal residential_may_reserve(const Residential__HomeShown *known,
    const struct residential_house *house, const Residential__ReserveBed *call,
    int32_t *from_day);

/* A first day left out is today. */
enum residential_refusal residential_may_open(const Residential__Home *row,
    const Residential__OpenVacancy *call, int32_t day, int32_t *available_from_day);
/* May so many beds be open at a time? Never more than are free are offered anyhow. */
enum residential_refusal residential_may_set_open_places(
    const Residential__Home *row, const Residential__SetOpenPlaces *call);

#endif
