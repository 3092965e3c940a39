/*
 * The small things that people and files say in text: days, times, money, ids, whole
 * numbers, hexadecimal, UTF-8, postcode sectors. What is read is written as it was, and
 * what is written is read as it was.
 */
#include "fuzz/support/fuzz.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/day.h"
#include "base/geo.h"
#include "base/id.h"
#include "base/money.h"
#include "base/str.h"

#define DAY_MS INT64_C(86400000)
#define PENCE_MAX INT64_C(1000000000)

/* ---- what text says ---- */

static void
days(const char *text)
{
	char again[DAY_TEXT_LEN + 1], time[TIME_TEXT_LEN + 1];
	int64_t ms, same_ms;
	int32_t day;

	if (day_parse(text, &day)) {
		day_format(day, again);
		FUZZ_CHECK(str_equal(text, again), "%s became %s", text, again);
		FUZZ_CHECK(day >= DAY_MIN && day <= DAY_MAX, "day %d", day);
	}
	if (time_parse(text, &ms)) {
		time_format(ms, time);
		FUZZ_CHECK(time_parse(time, &same_ms) && same_ms == ms, "%s became %s",
		    text, time);
		FUZZ_CHECK(strncmp(text, time, 19) == 0, "%s became %s", text, time);
	}
}

/* The digits that mean something, and the point where there is one. */
static const char *
bare(const char *text)
{
	char *out = arena_take(&fuzz_arena, strlen(text) + 1), *to = out;

	FUZZ_CHECK(out != NULL, "no room");
	for (; *text != '\0'; text++)
		if (*text == '.' || (*text >= '1' && *text <= '9') ||
		    (*text == '0' && to > out))
			*to++ = *text;
	while (strchr(out, '.') != NULL && (to[-1] == '0' || to[-1] == '.'))
		*--to = '\0';
	return out;
}

static void
money(const char *text)
{
	char again[MONEY_TEXT_LEN + 1];
	int64_t pence, same;

	if (!money_parse(text, &pence))
		return;
	money_format(pence, again);
	FUZZ_CHECK(pence >= 0 && money_parse(again, &same) && same == pence,
	    "%s became %s", text, again);
	FUZZ_CHECK(str_equal(bare(text), bare(again)), "%s became %s", text, again);
}

static void
whole_number(const char *text)
{
	char again[32];
	const char *digits = text;
	int64_t n;

	if (!str_to_i64(text, -1000000, INT64_MAX, &n))
		return;
	snprintf(again, sizeof again, "%" PRId64, n < 0 ? -n : n);
	digits += *digits == '-';
	digits += strspn(digits, "0");
	FUZZ_CHECK(n == 0 ? *digits == '\0' : str_equal(digits, again), "%s became %s",
	    text, again);
	FUZZ_CHECK(n >= -1000000 && (n < 0) == (text[0] == '-' && n != 0), "%s", text);
}

static void
ids(const char *text)
{
	if (id_is_well_formed(text))
		FUZZ_CHECK(strlen(text) == ID_LEN && id_time_ms(text) >= 0 &&
			       id_time_ms(text) < INT64_C(1) << 48,
		    "%s", text);
	if (id_is_urn(text))
		FUZZ_CHECK(strlen(text) == 7 + (text[0] == 'S'), "%s", text);
}

static void
hexadecimal(const char *text)
{
	size_t len = strlen(text) / 2;
	uint8_t *data = arena_take(&fuzz_arena, len + 1);
	char *again = arena_take(&fuzz_arena, 2 * len + 1);

	if (!bytes_from_hex(text, data, len))
		return;
	bytes_to_hex((struct bytes){data, len}, again);
	FUZZ_CHECK(strcasecmp(text, again) == 0, "%s became %s", text, again);
}

static void
sectors(const char *text)
{
	const struct geo_point *at = geo_sector(text), *middle = geo_sector("M14 5");
	struct geo_distance there, back;

	if (geo_sector_is_well_formed(text))
		FUZZ_CHECK(strlen(text) >= 4 && strlen(text) <= 6, "'%s'", text);
	if (at == NULL)
		return;
	there = geo_between(at, middle);
	back = geo_between(middle, at);
	FUZZ_CHECK(there.miles_tenths == back.miles_tenths &&
		       there.error_tenths == back.error_tenths &&
		       geo_miles_tenths(at, at) == 0 && there.miles_tenths < 10000,
	    "%s", text);
}

/* ---- UTF-8, read another way ---- */

/* The character here, or -1; a table of what each first byte may begin. */
static int32_t
character(const uint8_t *at, size_t left, size_t *len)
{
	static const struct {
		uint8_t mask, is;
		int32_t least;
	} kinds[] = {{0x80, 0x00, 1}, {0xe0, 0xc0, 0x80}, {0xf0, 0xe0, 0x800},
	    {0xf8, 0xf0, 0x10000}};

	for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
		int32_t c = at[0] & ~kinds[k].mask & 0xff;
		if ((at[0] & kinds[k].mask) != kinds[k].is)
			continue;
		*len = k + 1;
		for (size_t i = 1; i <= k; i++) {
			if (i >= left || (at[i] & 0xc0) != 0x80)
				return -1;
			c = c << 6 | (at[i] & 0x3f);
		}
		return c < kinds[k].least || c > 0x10ffff || (c >= 0xd800 && c < 0xe000)
		           ? -1
		           : c;
	}
	return -1;
}

static void
utf8(struct bytes input)
{
	size_t n = 0, len = 1;
	bool is_text = true;

	for (size_t i = 0; i < input.len && is_text; i += len, n++)
		is_text = character(input.data + i, input.len - i, &len) > 0;
	FUZZ_CHECK(is_text == str_is_utf8((const char *)input.data, input.len),
	    "UTF-8: %d", is_text);
	if (is_text)
		FUZZ_CHECK(str_characters(fuzz_text(input)) == n, "%zu characters", n);
}

/* ---- what numbers become ---- */

static void
written_day(int32_t day)
{
	char text[DAY_TEXT_LEN + 1];
	int32_t again;

	day_format(day, text);
	bool is_day = day >= DAY_MIN && day <= DAY_MAX;
	FUZZ_CHECK(day_parse(text, &again) == is_day && (!is_day || again == day),
	    "day %d became %s", day, text);
	if (!is_day)
		return;
	int64_t start_ms = day_start_in_london(day);
	FUZZ_CHECK(day_in_london(start_ms) == day &&
		       day_minute_in_london(start_ms) == 0 &&
		       (day == DAY_MIN || day_in_london(start_ms - 1) == day - 1),
	    "%s does not begin when it begins", text);
}

static void
written_time(int64_t ms)
{
	char text[TIME_TEXT_LEN + 1], clock[6];
	int64_t again;
	bool is_time = ms >= DAY_MIN * DAY_MS && ms < (DAY_MAX + 1) * DAY_MS;

	time_format(ms, text);
	FUZZ_CHECK(time_parse(text, &again) == is_time && (!is_time || again == ms),
	    "%" PRId64 " became %s", ms, text);
	if (!is_time)
		return;
	day_clock_in_london(ms, clock);
	FUZZ_CHECK(clock[2] == ':' && clock[5] == '\0', "%s", clock);
	if (day_in_london(ms) < DAY_MAX - 60) {
		int64_t one = day_working_deadline(ms, 1);
		FUZZ_CHECK(one > ms && day_working_deadline(ms, 2) > one &&
			       day_is_working(day_in_london(one)),
		    "a working day after %s", text);
	}
}

static void
written_money(int64_t pence, uint32_t nights)
{
	char text[MONEY_TEXT_LEN + 1];
	int64_t again;

	pence = (int64_t)((uint64_t)pence % (uint64_t)PENCE_MAX);
	money_format(pence, text);
	FUZZ_CHECK(money_parse(text, &again) && again == pence, "%" PRId64 " is %s",
	    pence, text);
	nights %= 40000;
	FUZZ_CHECK(
	    money_for_nights(pence, 7 * (nights / 7)) == pence * (int64_t)(nights / 7),
	    "%u nights", nights);
	FUZZ_CHECK(
	    money_for_nights(pence, nights + 1) >= money_for_nights(pence, nights),
	    "%u nights cost more than one more", nights);
}

static void
written_id(int64_t ms, struct bytes input)
{
	uint8_t random[ID_RANDOM_BYTES];
	struct id id, later;

	memcpy(random, input.data, sizeof random);
	ms = (int64_t)((uint64_t)ms % ((UINT64_C(1) << 48) - 1));
	id = id_make(ms, random);
	FUZZ_CHECK(
	    id_is_well_formed(id.text) && id_time_ms(id.text) == ms, "%s", id.text);
	memset(random, 0, sizeof random);
	later = id_make(ms + 1, random);
	FUZZ_CHECK(
	    strcmp(id.text, later.text) < 0, "%s is after %s", id.text, later.text);
}

static void
one(struct bytes input)
{
	const char *text = fuzz_text(input);

	days(text);
	money(text);
	whole_number(text);
	ids(text);
	hexadecimal(text);
	sectors(text);
	utf8(input);
	if (input.len < 16)
		return;
	uint64_t number = bytes_get_u64(input.data);
	written_day((int32_t)bytes_get_u32(input.data));
	written_day((int32_t)(number % 120000) - 30000);
	written_time((int64_t)number);
	written_time((int64_t)(number % (UINT64_C(1) << 43)));
	written_money((int64_t)(number >> 1), bytes_get_u32(input.data + 8));
	written_id((int64_t)(number >> 1), input);
}

const struct fuzz_target fuzz_target = {.rounds = 20000, .bytes_max = 256, .one = one};
