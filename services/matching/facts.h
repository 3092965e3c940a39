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
#include "residential.pb-c.h"

/*
 * A vacancy and a request, boiled down to the few numbers that rules and score look
 * at, so that tens of thousands of vacancies are judged in one pass. What is not
 * recorded stays recognisable: nothing is guessed here.
 */

#define MATCHING_CHILDREN_MAX 16
#define MATCHING_AVOID_MAX 32
/* A home or child with more languages on record is looked at for the first ones. */
#define MATCHING_LANGUAGES_MAX 20
/* A home with beds kept for more councils is looked at for the first ones. */
#define MATCHING_RESERVED_MAX 16
#define MATCHING_ADJOINING_MAX 24
#define MATCHING_NEED_KINDS (COMMON__NEED_KIND__NEED_KIND_PARENT_AND_CHILD + 1)

enum matching_refusal {
	MATCHING_OK = 0,
	MATCHING_REQUEST_UNKNOWN = 100,
	MATCHING_VACANCY_UNKNOWN,
	MATCHING_CHILDREN_COUNT,
	MATCHING_AVOID_MANY,
	MATCHING_CHILD_UNKNOWN,
};

/* The row of a refusal; not for MATCHING_OK. */
const struct refusal *matching_refusal(enum matching_refusal no);

/* A council's code as a number; 0 for what is not the code of one. */
uint32_t matching_council(const char *council_id);

struct matching_languages {
	uint8_t n;
	char code[MATCHING_LANGUAGES_MAX][2]; /* ISO 639-1 */
};

/* ---- what the rules look at: the same few bytes for both kinds of care ---- */

enum matching_sex {
	MATCHING_GIRLS = 1 << 0,
	MATCHING_BOYS = 1 << 1,
};

/* What a vacancy is open to, and what is asked for: one bit. */
enum matching_opening {
	OPEN_TO_CHILDREN = 1 << 0,
	OPEN_TO_PARENT_AND_CHILD = 1 << 1,
};

/* What stands against a home, and may matter to a need. */
enum matching_against {
	AGAINST_RESTRICTED = 1 << 0,
	AGAINST_NOT_LOCATED = 1 << 1,
	AGAINST_NO_EMERGENCIES = 1 << 2,
};

/* Whom a home will not have, of its own will or for the sake of who lives there. */
enum matching_refuses {
	REFUSES_ALL = 1 << 0,
	REFUSES_GIRLS = 1 << 1,
	REFUSES_BOYS = 1 << 2,
	REFUSES_SEVERAL = 1 << 3,
	REFUSES_UNKNOWN_AGES = 1
	                       << 4, /* it has limits of age beyond its registration */
};

/* A fact that is not recorded has the value that passes no rule. */
struct matching_facts {
	uint8_t care_type; /* bit, 1 << common.CareType; 0: never the answer */
	uint8_t open_to;   /* bits, matching_opening */
	uint8_t against;   /* bits, matching_against */
	uint8_t age_min_years, age_max_years; /* approved or registered for */
	uint8_t takes;                        /* bits, matching_sex */
	uint8_t free, free_for_siblings;
	uint8_t free_with_reserved; /* with beds kept for councils; 0: there are none */
	/* Bits, 1 << common.NotSafeWith: whom a child would live with. An age that is
	 * not recorded is a bit; one that is, is compared. */
	uint8_t with;
	uint8_t youngest_years; /* who may live there; UINT8_MAX: nobody */
	uint8_t oldest_below;   /* one more than the oldest who may; 0: nobody */
	uint8_t refuses;        /* bits, matching_refuses */
	uint8_t will_take_from_years, will_take_to_years;
	/* National Grid, in units of 100 m, rounded down; the radius rounded up. */
	int16_t east, north, radius;
	uint32_t skills_high; /* bits, 1 << common.NeedKind */
	int32_t available_from_day;
};

/* ---- a vacancy ---- */

/* What is recorded of a home, for score and words. */
enum matching_home_flag {
	HOME_IS_OPEN = 1 << 0,
	HOME_HAS_AGES = 1 << 1, /* both ends of the ages it is for */
	HOME_HAS_FREE = 1 << 2,
	HOME_HAS_FREE_FOR_SIBLINGS = 1 << 3,
	HOME_MIX_IS_KNOWN = 1 << 4, /* who lives there, and their ages */
	HOME_HAS_GIRLS = 1 << 5,
	HOME_HAS_BOYS = 1 << 6,
	HOME_PETS_ARE_KNOWN = 1 << 7,
	HOME_HAS_PETS = 1 << 8,
	HOME_HAS_AVAILABLE_DAY = 1 << 9,
	HOME_HAS_CONFIRMED_DAY = 1 << 10,
	HOME_OPENS_FEWER = 1 << 11, /* than are free, by its provider's word */
};

/* Who lives in a home. Of a foster home the ages are exact; of any other they are those
 * of bands, so that somebody may be so young or so old. */
struct matching_residents {
	uint8_t n, girls, boys; /* girls and boys are counted in foster homes alone */
	uint8_t age_bands;      /* bits, 1 << common.AgeBand; not of a foster home */
	uint8_t youngest_years, oldest_years;
	uint8_t not_safe_with; /* bits, of any of them */
	uint32_t risks;        /* bits, 1 << common.NeedKind */
};

/* A vacancy, boiled down. No pointers: it outlives the message it came from. What the
 * score reads stands at the front. */
struct matching_home {
	struct matching_facts facts;
	uint32_t council;       /* in whose area */
	uint32_t skills_medium; /* bits, 1 << common.NeedKind: met at medium or above */
	struct geo_point point;
	int32_t confirmed_day; /* London */
	uint16_t flags;
	uint8_t ethnicity, religion;
	struct matching_languages languages;
	char vacancy_id[ID_LEN + 1];
	uint8_t care_type;          /* common.CareType */
	uint8_t approval_kind;      /* foster.ApprovalKind; 0 but for a foster home */
	uint8_t restriction;        /* residential.RestrictionKind */
	uint8_t will_not_take_with; /* bits, 1 << common.NotSafeWith */
	uint32_t skills_claimed;    /* met at high level by its own word alone */
	struct matching_residents residents;
	/* Beds that stand empty for a council, beyond those free to everybody. */
	uint8_t reserved_n, reserved_beds[MATCHING_RESERVED_MAX];
	uint32_t reserved_for[MATCHING_RESERVED_MAX];
	char provider_id[ID_LEN + 1]; /* "" where it is none of an id's length */
};

void matching_home_of_foster(const Foster__Vacancy *vacancy, struct matching_home *out);
void matching_home_of_residential(
    const Residential__Vacancy *vacancy, struct matching_home *out);

/* Beds that this council may have beyond those free to everybody. */
unsigned matching_reserved_beds(const struct matching_home *home, uint32_t council);

/* ---- a request ---- */

/* What the order of the list asks of one child; the rules ask all of them at once. */
struct matching_child {
	uint8_t ethnicity, religion;
	struct matching_languages languages;
};

/* What lies farther from its middle than `reach` and the radius of a home is beyond for
 * certain, and nearer than `within` without that radius for certain not; what lies
 * between is measured. Units of 100 m of the National Grid. */
struct matching_circle {
	int32_t east, north, reach, within;
};

/* What a home's facts are held against. */
struct matching_terms {
	uint8_t care_types; /* bits: would be considered, and lawful at these ages */
	uint8_t open_to;    /* one bit */
	bool is_emergency;
	bool ages_are_known;
	uint8_t age_min_years, age_max_years;
	uint8_t sexes; /* bits; a child whose sex is not known is both */
	/* How many are asked for; and the same as siblings who may exceed a foster
	 * home's usual limit, or as others: one of the two is 0. */
	uint8_t beds, places, places_for_siblings;
	uint8_t not_safe_with;      /* bits of all the children */
	uint8_t younger_than_years; /* of the oldest child not safe with younger ones */
	uint8_t older_below; /* one more than the youngest not safe with older ones */
	uint8_t refused;     /* bits, matching_refuses: who these children are */
	bool has_miles_max;
	bool is_located;               /* where the children come from is known */
	struct matching_circle around; /* too far outside */
	uint32_t needs_high; /* bits; a need without a level is taken as high */
	int32_t day;         /* when the home is needed, or today where that passed */
};

/* A request, boiled down: all the children asked for have to pass every rule. Ages are
 * in completed years on `day`. */
struct matching_need {
	struct matching_terms terms;
	int32_t today, needed_by_day;
	uint32_t children_n;
	uint8_t considered; /* bits, 1 << common.CareType: what the council would
	                       consider */
	bool has_unknown_sex;
	bool has_detail; /* places to avoid are not known without it */
	bool has_school;
	uint32_t
	    kinds; /* bits, of needs at medium or high level; how many there are: */
	uint8_t medium_n[MATCHING_NEED_KINDS], high_n[MATCHING_NEED_KINDS];
	uint32_t miles_max_tenths;
	uint32_t avoid_miles_tenths; /* how near to a place to avoid is too near */
	struct geo_point home, school;
	size_t avoid_n;
	struct geo_point avoid[MATCHING_AVOID_MAX];
	struct matching_circle
	    avoid_around[MATCHING_AVOID_MAX]; /* far enough outside */
	bool avoid_is_unknown;                /* a sector to avoid is in no table */
	uint32_t council;
	bool adjoining_is_known;
	size_t adjoining_n;
	uint32_t adjoining[MATCHING_ADJOINING_MAX];
	struct matching_child child[MATCHING_CHILDREN_MAX];
};

/* What is asked about a request: whose it is, which of its children (none: all), and
 * on which day. */
struct matching_question {
	const Requests__RequestSubmitted *request;
	const Members__Council *council; /* NULL where it is not known here */
	char *const *child_refs;
	size_t n_child_refs;
	int32_t today;
	uint32_t avoid_miles_tenths;
	bool is_draft; /* what it does not say yet is not asked about */
};

/*
 * MATCHING_CHILDREN_COUNT and MATCHING_AVOID_MANY where a request has none of the
 * first, or more of either than are looked at; MATCHING_CHILD_UNKNOWN where a letter
 * is none of the request's.
 */
enum matching_refusal matching_need_of(
    const struct matching_question *question, struct matching_need *out);

/* How many places of this home these children could have. */
uint32_t matching_places(
    const struct matching_need *need, const struct matching_home *home);
/* Do they share a language? */
bool matching_share_language(
    const struct matching_languages *a, const struct matching_languages *b);
bool matching_adjoins(const struct matching_need *need, uint32_t council);

#endif
