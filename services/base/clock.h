#ifndef RCC_CLOCK_H
#define RCC_CLOCK_H

#include <stdint.h>

/* The only file that asks the machine for the time. */
int64_t clock_now_ms(void);    /* since 1970 UTC */
int64_t clock_ticks_us(void);  /* monotonic, for measuring and waiting */
int64_t clock_worked_us(void); /* what this thread has had of the processor */

#endif
