#ifndef RCC_MATCHING_FACTS_H
#define RCC_MATCHING_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/geo.h"
#include "base/id.h"
#include "base/refusal.h"

#include "foster.pb-c.h"
#include "members.pb-c.h"
#include "requests.pb-c.h"

/*
 * A vacancy and a request, boiled down to the few numbers that rules and score look
 * at, so that tens of thousands of vacancies are judged in one pass. What is not
 * recorded stays recognisable: nothing is guessed here.
 */

#define MATCHING_CHILDREN_MAX 16
#define MATCHING_AVOID_MAX 32
/* A home or child with more languages on record is looked at for the first ones. */
#define MATCHING_LANGUAGES_MAX 20
#define MATCHING_ADJOINING_MAX 24
#define MATCHING_COUNCIL_LEN 9
#define MATCHING_NEED_KINDS (COMMON__NEED_KIND__NEED_KIND_PARENT_AND_CHILD + 1)

enum matching_refusal {
	MATCHING_OK = 0,
	MATCHING_REQUEST_UNKNOWN = 100,
	MATCHING_VACANCY_UNKNOWN,
	MATCHING_CHILDREN_COUNT,
	MATCHING_AVOID_MANY,
};

/* The row of a refusal; not for MATCHING_OK. */
const struct refusal *matching_refusal(enum matching_refusal no);

struct matching_languages {
	uint8_t n;
	char code[MATCHING_LANGUAGES_MAX][2]; /* ISO 639-1 */
};

/* What is recorded of a home, and what a home says yes to. */
enum matching_home_flag {
	HOME_IS_OPEN = 1 << 0,
	HOME_HAS_AGES = 1 << 1, /* both ends of the approved ages are recorded */
	HOME_TAKES_GIRLS = 1 << 2,
	HOME_TAKES_BOYS = 1 << 3,
	HOME_HAS_FREE = 1 << 4,
	HOME_HAS_FREE_FOR_SIBLINGS = 1 << 5,
	HOME_MIX_IS_KNOWN =
	    1 << 6, /* how many girls and boys live there, and their ages */
	HOME_PETS_ARE_KNOWN = 1 << 7,
	HOME_HAS_PETS = 1 << 8,
	HOME_IS_LOCATED = 1 << 9,
	HOME_HAS_AVAILABLE_DAY = 1 << 10,
	HOME_TAKES_EMERGENCIES = 1 << 11,
	HOME_HAS_CONFIRMED_DAY = 1 << 12,
};

/* A vacancy, boiled down. No pointers: it outlives the message it came from. */
struct matching_home {
	char vacancy_id[ID_LEN + 1];
	char council_id[MATCHING_COUNCIL_LEN + 1];
	uint16_t flags;
	uint8_t approval_kind; /* foster.ApprovalKind */
	uint8_t age_min_years, age_max_years;
	uint8_t free, free_for_siblings;
	uint8_t girls, boys, youngest_years, oldest_years; /* living there */
	uint8_t will_not_take_with; /* bits, 1 << common.NotSafeWith */
	uint8_t ethnicity, religion;
	uint32_t skills_medium; /* bits, 1 << common.NeedKind: met at medium or above */
	uint32_t skills_high;
	struct geo_point point;
	int32_t available_from_day;
	int32_t confirmed_day; /* London */
	struct matching_languages languages;
};

/* What the order of the list asks of one child; the rules ask all of them at once. */
struct matching_child {
	uint8_t ethnicity, religion;
	struct matching_languages languages;
};

/* A request, boiled down: all its children have to pass every rule. Ages are in
 * completed years on `day`. */
struct matching_need {
	int32_t today,
	    day; /* day: when the home is needed, or today where that passed */
	int32_t needed_by_day;
	uint32_t children_n;
	bool are_siblings;
	bool is_emergency;
	bool is_parent_and_child;
	bool ages_are_known;
	bool has_girls, has_boys, has_unknown_sex;
	bool has_detail; /* places to avoid are not known without it */
	bool is_located, has_school;
	bool has_miles_max;
	uint8_t age_min_years, age_max_years;
	uint8_t not_safe_with;      /* bits of all the children */
	uint8_t younger_than_years; /* of the oldest child not safe with younger ones */
	uint8_t older_than_years;   /* of the youngest child not safe with older ones */
	uint32_t needs_high;        /* bits; a need without a level is taken as high */
	uint8_t medium_n[MATCHING_NEED_KINDS], high_n[MATCHING_NEED_KINDS];
	uint32_t miles_max_tenths;
	uint32_t avoid_miles_tenths; /* how near to a place to avoid is too near */
	struct geo_point home, school;
	size_t avoid_n;
	struct geo_point avoid[MATCHING_AVOID_MAX];
	bool avoid_is_unknown; /* a sector to avoid is in no table */
	char council_id[MATCHING_COUNCIL_LEN + 1];
	bool adjoining_is_known;
	size_t adjoining_n;
	char adjoining[MATCHING_ADJOINING_MAX][MATCHING_COUNCIL_LEN + 1];
	struct matching_child child[MATCHING_CHILDREN_MAX];
};

void matching_home_of(const Foster__Vacancy *vacancy, struct matching_home *out);

/*
 * `council` is the row of the child's council, NULL where it is not known here.
 * MATCHING_CHILDREN_COUNT and MATCHING_AVOID_MANY where a request has none of the
 * first, or more of either than are looked at.
 */
enum matching_refusal matching_need_of(const Requests__RequestSubmitted *request,
    const Members__Council *council, int32_t today, uint32_t avoid_miles_tenths,
    struct matching_need *out);

/* Do they share a language? */
bool matching_share_language(
    const struct matching_languages *a, const struct matching_languages *b);
bool matching_adjoins(const struct matching_need *need, const char *council_id);

#endif
