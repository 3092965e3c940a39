#ifndef RCC_MATCHING_POLICY_H
#define RCC_MATCHING_POLICY_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

#include "matching.pb-c.h"

/*
 * The published policy behind the order of a shortlist: how many points each factor
 * can give at most, on what authority, and where the scales of distance and time end.
 * Points are tenths of a point: the maxima sum to 1,000.
 */

#define POLICY_POINTS 1000
#define POLICY_FACTORS                                                                 \
	(MATCHING__FACTOR__FACTOR_CONFIRMED + 1) /* 0 is not a factor                  \
	                                          */
#define POLICY_TEXT_SIZE 160
#define POLICY_HASH_BYTES 32
#define POLICY_FILE_BYTES_MAX 65536

struct policy {
	char name[POLICY_TEXT_SIZE];
	uint32_t version;
	char approved_by[POLICY_TEXT_SIZE];
	int32_t valid_from_day;
	uint32_t points_max[POLICY_FACTORS]; /* by matching.Factor */
	char source[POLICY_FACTORS][POLICY_TEXT_SIZE];
	uint32_t avoid_miles; /* nearer than this to a place to avoid is too near */
	uint32_t home_miles;  /* so far from home gives no points for being near */
	uint32_t school_miles;
	uint32_t adjoining_percent; /* of the points for the council's own area */
	uint32_t confirmed_days; /* a vacancy confirmed so long ago gives no points */
	uint8_t hash[POLICY_HASH_BYTES]; /* BLAKE2b of the file's bytes */
};

/*
 * Reads and checks a policy file. ERR_MALFORMED with one sentence in `problem` for a
 * file that cannot be read, a key that is missing, unknown or twice, a factor without
 * a source, or maxima that do not sum to 1,000.
 */
enum err policy_read(const char *path, struct policy *out, char *problem,
    size_t problem_size) MUST_CHECK;

/* "Regional shortlist policy, version 2"; NULL when the arena is full. */
char *policy_title(const struct policy *policy, struct arena *a);
/* As it is published; NULL when the arena is full. */
Matching__Policy *policy_message(const struct policy *policy, struct arena *a);

#endif
