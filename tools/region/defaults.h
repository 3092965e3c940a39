#ifndef RCC_REGION_DEFAULTS_H
#define RCC_REGION_DEFAULTS_H

/* What is invented when nothing is said. */
#define DEFAULT_SEED 1
#define DEFAULT_HOUSEHOLDS 2000
#define DEFAULT_REQUESTS 48
#define DEFAULT_DAY "2026-11-21" /* --print: says the same on every day */

#endif
