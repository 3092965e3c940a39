#ifndef RCC_SIM_POWER_H
#define RCC_SIM_POWER_H

#include <stdbool.h>

/*
 * Power that goes in the middle of a turn: after so many more commits none is written,
 * whatever the service does next. Wrapped around kv_end when rcc-sim is linked.
 */
void power_goes_after(unsigned commits);
/* Puts it back; was anything not written for want of it? */
bool power_was_gone(void);

#endif
