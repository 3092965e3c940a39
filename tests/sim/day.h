#ifndef RCC_SIM_DAY_H
#define RCC_SIM_DAY_H

#include "sim/actors.h"
#include "sim/world.h"

/*
 * A day as it is lived: 24 hours, with the pulse of a real one and a world that is
 * mostly kind, and now and then for some minutes is not.
 *   day.c      the hours, and what must be in each day
 *   weather.c  what the world does to everybody
 */

/* From the time it is now to the same time a day, or some days, later: clocks jump
 * while it storms. Fails where too little happened, or nobody asked for a minute. */
void day_live(struct actors *a);

/* ---- weather.c ---- */

/* Everything goes wrong, and everybody is in a hurry. */
void weather_storm(struct world *w, int64_t busy_ms);
/* Little goes wrong by itself. */
void weather_be_calm(struct world *w);
/* One thing goes wrong in fair weather, or none. */
void weather_trouble(struct world *w);
/* Members cannot be reached for more than a day, and people go on. */
void weather_without_members(struct actors *a);

#endif
