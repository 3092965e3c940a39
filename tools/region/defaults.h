#ifndef RCC_REGION_DEFAULTS_H
#define RCC_REGION_DEFAULTS_H

/* What is invented when nothing is said: a region at six tenths of its size, or all
 * England at its own (Ofsted 2025: 3,946 children's homes). Of fewer households there
 * are fewer homes in the same proportion. */
#define DEFAULT_SEED 1
#define DEFAULT_HOUSEHOLDS 2000
#define DEFAULT_RESIDENCES 220
#define DEFAULT_REQUESTS 48
#define ENGLAND_COUNCILS 153
#define ENGLAND_HOUSEHOLDS 45000
#define ENGLAND_RESIDENCES 3946
#define ENGLAND_REQUESTS 1000
#define DEFAULT_DAY "2026-11-21" /* --print: says the same on every day */

#endif
