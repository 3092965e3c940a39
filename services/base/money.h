#ifndef RCC_MONEY_H
#define RCC_MONEY_H

#include <stdbool.h>
#include <stdint.h>

#define MONEY_TEXT_LEN 31

/* Whole pence everywhere; never a float. */
void money_format(int64_t pence, char out[MONEY_TEXT_LEN + 1]); /* "£1,234.56" */
bool money_parse(
    const char *text, int64_t *out_pence); /* "950", "950.5", "£1,234.56" */
/* The price of some nights at a weekly price: seven nights a week, half a penny
 * rounds up, once at the end. */
int64_t money_for_nights(int64_t pence_week, uint32_t nights);

#endif
