#include "base/money.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define NIGHTS_A_WEEK INT64_C(7)
#define WEEK_PENCE_END 2000000000LL /* far above any price, far below overflow */
#define POUND "\xc2\xa3"
#define DIGITS_MAX 15

void
money_format(int64_t pence, char out[MONEY_TEXT_LEN + 1])
{
	/* The least int64 has no positive twin of its own type. */
	uint64_t size = pence < 0 ? 0 - (uint64_t)pence : (uint64_t)pence;
	char digits[24];
	int n =
	    snprintf(digits, sizeof digits, "%llu", (unsigned long long)(size / 100));
	char *p =
	    out + snprintf(out, MONEY_TEXT_LEN + 1, "%s" POUND, pence < 0 ? "-" : "");

	for (int i = 0; i < n; i++) {
		if (i > 0 && (n - i) % 3 == 0)
			*p++ = ',';
		*p++ = digits[i];
	}
	*p++ = '.';
	*p++ = (char)('0' + size % 100 / 10);
	*p++ = (char)('0' + size % 10);
	*p = '\0';
}

/* Pounds with or without commas, which where there are any must all be there. */
static bool
parse_pounds(const char **text, int64_t *out)
{
	const char *p = *text;
	int64_t pounds = 0;
	int digits = 0, since_comma = 0;
	bool has_comma = false;

	for (;; p++) {
		if (*p >= '0' && *p <= '9' && digits < DIGITS_MAX) {
			pounds = pounds * 10 + (*p - '0');
			digits++;
			since_comma++;
		} else if (*p == ',' && since_comma > 0 &&
			   (has_comma ? since_comma == 3 : since_comma <= 3)) {
			has_comma = true;
			since_comma = 0;
		} else {
			break;
		}
	}
	if (digits == 0 || (has_comma && since_comma != 3))
		return false;
	*text = p;
	*out = pounds;
	return true;
}

bool
money_parse(const char *text, int64_t *out_pence)
{
	int64_t pounds, pence = 0;
	const char *p = text;

	if (p == NULL)
		return false;
	if (strncmp(p, POUND, strlen(POUND)) == 0)
		p += strlen(POUND);
	if (!parse_pounds(&p, &pounds))
		return false;
	if (*p == '.') {
		int digits = 0;
		for (p++; *p >= '0' && *p <= '9' && digits < 2; p++, digits++)
			pence = pence * 10 + (*p - '0');
		if (digits == 0)
			return false;
		if (digits == 1)
			pence *= 10;
	}
	if (*p != '\0')
		return false;
	*out_pence = pounds * 100 + pence;
	return true;
}

int64_t
money_for_nights(int64_t pence_week, uint32_t nights)
{
	assert(pence_week > -WEEK_PENCE_END && pence_week < WEEK_PENCE_END);
	/* Twice the sum, so that the half is whole; down to the floor, so that it
	 * rounds up on both sides of nothing. */
	int64_t doubled = 2 * (pence_week * (nights % NIGHTS_A_WEEK)) + NIGHTS_A_WEEK;
	int64_t rest = doubled / (2 * NIGHTS_A_WEEK);

	if (doubled % (2 * NIGHTS_A_WEEK) < 0)
		rest--;
	return pence_week * (nights / NIGHTS_A_WEEK) + rest;
}
