#ifndef RCC_REGION_AGES_H
#define RCC_REGION_AGES_H

#include <stdint.h>

#include "chance.h"
#include "data.h"

/* The age bands of the published tables: under 1, 1 to 4, 5 to 9, 10 to 15, 16 to 17.
 */
#define AGES_BANDS 5

/* The words for a band, and the band of an age. */
extern const char *const ages_words[AGES_BANDS];
uint32_t ages_band(uint32_t years);
uint32_t ages_in_band(struct chance *c, uint32_t band);

/* Children in children's homes by band, per mille: ours, for none are published. */
extern const uint32_t ages_in_homes[AGES_BANDS];
/*
 * Members' children in foster care by band. Only the ages of all looked-after children
 * are published; those in supported accommodation, which is for 16 and 17, those placed
 * for adoption, taken to be 1 to 4, and those in homes are left out.
 */
void ages_fostered(const struct data *d, uint32_t out[AGES_BANDS]);
/* Members' children starting to be looked after in the year, by band. */
void ages_starting(const struct data *d, uint32_t out[AGES_BANDS]);

#endif
