#include "matching/facts.h"

#include <assert.h>
#include <string.h>

#include "base/str.h"
#include "matching/facts_inside.h"

/* The numbers are on the wire and never move; a new one goes to the end. */
#define ROW(no, ...) [(no)-MATCHING_REQUEST_UNKNOWN] = {(no), __VA_ARGS__}
static const struct refusal refusals[] = {
    ROW(MATCHING_REQUEST_UNKNOWN,
	"No open request by this id is known here: placed, withdrawn, or never made",
	NULL, "request_id"),
    ROW(MATCHING_VACANCY_UNKNOWN, "No vacancy by this id is known here", NULL,
	"vacancy_id"),
    ROW(MATCHING_CHILDREN_COUNT, "The request has no children, or more than 16", NULL,
	"request_id"),
    ROW(MATCHING_AVOID_MANY, "The request has more than 32 places to avoid", NULL,
	"request_id"),
    ROW(MATCHING_CHILD_UNKNOWN,
	"No child of this request has that letter: the first child is A", NULL,
	"child_refs"),
};

const struct refusal *
matching_refusal(enum matching_refusal no)
{
	size_t i = (size_t)no - MATCHING_REQUEST_UNKNOWN;

	assert(no >= MATCHING_REQUEST_UNKNOWN);
	assert(i < sizeof(refusals) / sizeof(refusals[0]));
	return &refusals[i];
}

static_assert(MATCHING_NEED_KINDS <= 32, "a need kind is a bit of a uint32_t");
static_assert(
    COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_PETS < 8, "these are bits of a uint8_t");
static_assert(
    COMMON__CARE_TYPE__CARE_TYPE_SECURE < 8 && COMMON__AGE_BAND__AGE_BAND_16_TO_17 < 8,
    "these are bits of a uint8_t");

/* "E08000003": a letter in the upper five bits, eight digits in the others. */
uint32_t
matching_council(const char *council_id)
{
	int64_t digits;

	if (council_id == NULL || strlen(council_id) != 9 || council_id[0] < 'A' ||
	    council_id[0] > 'Z' || !str_to_i64(council_id + 1, 0, 99999999, &digits))
		return 0;
	return (uint32_t)(council_id[0] - 'A' + 1) << 27 | (uint32_t)digits;
}

/* ---- what both have in common ---- */

uint8_t
matching_with_bits(const Common__NotSafeWith *codes, size_t n)
{
	unsigned bits = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned code = (unsigned)codes[i];
		bits |= code <= COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_PETS
		            ? 1u << code
		            : WITH(UNSPECIFIED);
	}
	return (uint8_t)bits;
}

void
matching_copy_languages(
    struct matching_languages *out, char *const *languages, size_t n)
{
	for (size_t i = 0; i < n && out->n < MATCHING_LANGUAGES_MAX; i++) {
		if (strlen(languages[i]) == 2)
			memcpy(out->code[out->n++], languages[i], 2);
	}
}

bool
matching_locate(const char *sector, struct geo_point *out)
{
	const struct geo_point *point = sector == NULL ? NULL : geo_sector(sector);

	if (point != NULL)
		*out = *point;
	return point != NULL;
}

/*
 * A tenth of a mile is 160.93 m; two tenths are for rounding, and both radii together
 * are more than the error of the estimate. 142 m are for both points, each rounded down
 * to 100 m. Nothing in the grid is 2,000 km from anything: beyond that all is within.
 */
struct matching_circle
matching_circle(const struct geo_point *middle, uint32_t miles_tenths)
{
	int64_t out =
	    ((int64_t)miles_tenths + 2) * 161 + middle->radius_p90_m + 142 + 99;
	int64_t in = ((int64_t)miles_tenths - 2) * 160 - middle->radius_p90_m - 142;

	return (struct matching_circle){
	    .east = middle->easting / 100,
	    .north = middle->northing / 100,
	    .reach = out > 2000000 ? 20000 : (int32_t)(out / 100),
	    .within = in < 0         ? 0
	              : in > 2000000 ? 20000
	                             : (int32_t)(in / 100),
	};
}

/* ---- comparing ---- */

bool
matching_share_language(
    const struct matching_languages *a, const struct matching_languages *b)
{
	for (unsigned i = 0; i < a->n; i++) {
		for (unsigned j = 0; j < b->n; j++) {
			if (memcmp(a->code[i], b->code[j], 2) == 0)
				return true;
		}
	}
	return false;
}

bool
matching_adjoins(const struct matching_need *need, uint32_t council)
{
	for (size_t i = 0; i < need->adjoining_n; i++) {
		if (council != 0 && need->adjoining[i] == council)
			return true;
	}
	return false;
}

unsigned
matching_reserved_beds(const struct matching_home *home, uint32_t council)
{
	for (unsigned i = 0; i < home->reserved_n; i++) {
		if (council != 0 && home->reserved_for[i] == council)
			return home->reserved_beds[i];
	}
	return 0;
}

uint32_t
matching_places(const struct matching_need *need, const struct matching_home *home)
{
	if (home->care_type == COMMON__CARE_TYPE__CARE_TYPE_FOSTER &&
	    need->terms.places_for_siblings > 0)
		return home->facts.free_for_siblings;
	return home->facts.free + matching_reserved_beds(home, need->council);
}
