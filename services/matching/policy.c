#include "matching/policy.h"

#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "base/conf.h"
#include "base/day.h"
#include "base/message.h"
#include "base/str.h"

static const char *const factor_names[POLICY_FACTORS] = {
    [MATCHING__FACTOR__FACTOR_NEAR_HOME] = "near_home",
    [MATCHING__FACTOR__FACTOR_SKILLS] = "skills",
    [MATCHING__FACTOR__FACTOR_SCHOOL] = "school",
    [MATCHING__FACTOR__FACTOR_OWN_AREA] = "own_area",
    [MATCHING__FACTOR__FACTOR_LANGUAGE] = "language",
    [MATCHING__FACTOR__FACTOR_ETHNICITY] = "ethnicity",
    [MATCHING__FACTOR__FACTOR_RELIGION] = "religion",
    [MATCHING__FACTOR__FACTOR_AVAILABLE] = "available",
    [MATCHING__FACTOR__FACTOR_CONFIRMED] = "confirmed",
};

/* What the file said, before it is a policy. */
enum number {
	NUMBER_VERSION,
	NUMBER_AVOID_MILES,
	NUMBER_HOME_MILES,
	NUMBER_SCHOOL_MILES,
	NUMBER_ADJOINING_PERCENT,
	NUMBER_CONFIRMED_DAYS,
	NUMBERS,
};

static const struct {
	const char *section, *name;
	int64_t min, max;
} number_keys[NUMBERS] = {
    [NUMBER_VERSION] = {"policy", "version", 1, 1000000},
    [NUMBER_AVOID_MILES] = {"scales", "avoid_miles", 0, 50},
    [NUMBER_HOME_MILES] = {"scales", "home_miles", 1, 500},
    [NUMBER_SCHOOL_MILES] = {"scales", "school_miles", 1, 500},
    [NUMBER_ADJOINING_PERCENT] = {"scales", "adjoining_percent", 0, 100},
    [NUMBER_CONFIRMED_DAYS] = {"scales", "confirmed_days", 1, 366},
};

#define TEXTS 3
#define KEYS (TEXTS + NUMBERS + 2 * (POLICY_FACTORS - 1))
#define NOT_SAID (-1)

struct draft {
	char valid_from[DAY_TEXT_LEN + 2]; /* one too many shows as too long */
	int64_t numbers[NUMBERS];
	int64_t points[POLICY_FACTORS];
};

static enum err
read_file(const char *path, struct draft *draft, struct policy *out, char *problem,
    size_t problem_size)
{
	size_t n = TEXTS;
	struct conf_key keys[KEYS] = {
	    {"policy", "name", CONF_TEXT, 0, 0, out->name, sizeof(out->name), NULL},
	    {"policy", "approved_by", CONF_TEXT, 0, 0, out->approved_by,
		sizeof(out->approved_by), NULL},
	    {"policy", "valid_from", CONF_TEXT, 0, 0, draft->valid_from,
		sizeof(draft->valid_from), NULL},
	};

	for (size_t i = 0; i < NUMBERS; i++) {
		draft->numbers[i] = NOT_SAID;
		keys[n++] = (struct conf_key){number_keys[i].section,
		    number_keys[i].name, CONF_NUMBER, number_keys[i].min,
		    number_keys[i].max, NULL, 0, &draft->numbers[i]};
	}
	for (size_t f = 1; f < POLICY_FACTORS; f++) {
		draft->points[f] = NOT_SAID;
		keys[n++] = (struct conf_key){"points", factor_names[f], CONF_NUMBER, 0,
		    POLICY_POINTS, NULL, 0, &draft->points[f]};
		keys[n++] = (struct conf_key){"sources", factor_names[f], CONF_TEXT, 0,
		    0, out->source[f], sizeof(out->source[f]), NULL};
	}
	return conf_read(path, keys, n, problem, problem_size);
}

/* The first key that the file must say and does not; NULL when it says all. */
static const char *
missing_key(const struct draft *draft, const struct policy *policy)
{
	if (policy->name[0] == '\0')
		return "[policy] name";
	if (policy->approved_by[0] == '\0')
		return "[policy] approved_by";
	if (draft->valid_from[0] == '\0')
		return "[policy] valid_from";
	for (size_t i = 0; i < NUMBERS; i++) {
		if (draft->numbers[i] == NOT_SAID)
			return number_keys[i].name;
	}
	return NULL;
}

/* It is published, and what is published is text. */
static bool
is_text(const struct policy *p)
{
	bool is = str_is_utf8(p->name, strlen(p->name)) &&
	          str_is_utf8(p->approved_by, strlen(p->approved_by));

	for (size_t f = 1; f < POLICY_FACTORS; f++)
		is = is && str_is_utf8(p->source[f], strlen(p->source[f]));
	return is;
}

static enum err
check(const char *path, const struct draft *draft, struct policy *out, char *problem,
    size_t problem_size)
{
	const char *missing = missing_key(draft, out);
	int64_t sum = 0;

	if (missing != NULL) {
		snprintf(problem, problem_size, "%s: the policy does not say %s", path,
		    missing);
		return ERR_MALFORMED;
	}
	if (!day_parse(draft->valid_from, &out->valid_from_day)) {
		snprintf(problem, problem_size,
		    "%s: valid_from is not a day like 2026-11-21", path);
		return ERR_MALFORMED;
	}
	for (size_t f = 1; f < POLICY_FACTORS; f++) {
		if (draft->points[f] == NOT_SAID || out->source[f][0] == '\0') {
			snprintf(problem, problem_size, "%s: the factor %s has no %s",
			    path, factor_names[f],
			    draft->points[f] == NOT_SAID ? "points" : "source");
			return ERR_MALFORMED;
		}
		sum += draft->points[f];
	}
	if (!is_text(out)) {
		snprintf(problem, problem_size, "%s: the policy is not UTF-8", path);
		return ERR_MALFORMED;
	}
	if (sum != POLICY_POINTS) {
		snprintf(problem, problem_size,
		    "%s: the points of all factors sum to %lld, and must sum to %d",
		    path, (long long)sum, POLICY_POINTS);
		return ERR_MALFORMED;
	}
	return ERR_NONE;
}

static void
fill(const struct draft *draft, struct policy *out)
{
	out->version = (uint32_t)draft->numbers[NUMBER_VERSION];
	out->avoid_miles = (uint32_t)draft->numbers[NUMBER_AVOID_MILES];
	out->home_miles = (uint32_t)draft->numbers[NUMBER_HOME_MILES];
	out->school_miles = (uint32_t)draft->numbers[NUMBER_SCHOOL_MILES];
	out->adjoining_percent = (uint32_t)draft->numbers[NUMBER_ADJOINING_PERCENT];
	out->confirmed_days = (uint32_t)draft->numbers[NUMBER_CONFIRMED_DAYS];
	for (size_t f = 1; f < POLICY_FACTORS; f++)
		out->points_max[f] = (uint32_t)draft->points[f];
}

static enum err
hash_file(const char *path, uint8_t hash[POLICY_HASH_BYTES], char *problem,
    size_t problem_size)
{
	crypto_generichash_state state;
	uint8_t block[4096];
	size_t n, all = 0;
	FILE *file = fopen(path, "rb");

	if (file == NULL) {
		snprintf(
		    problem, problem_size, "%s: the policy cannot be opened", path);
		return ERR_MALFORMED;
	}
	crypto_generichash_init(&state, NULL, 0, POLICY_HASH_BYTES);
	while ((n = fread(block, 1, sizeof(block), file)) > 0) {
		crypto_generichash_update(&state, block, n);
		if ((all += n) > POLICY_FILE_BYTES_MAX)
			break;
	}
	bool failed = ferror(file) != 0;
	fclose(file);
	if (failed || all > POLICY_FILE_BYTES_MAX) {
		snprintf(problem, problem_size, "%s: the policy %s", path,
		    failed ? "cannot be read" : "is larger than any policy");
		return ERR_MALFORMED;
	}
	crypto_generichash_final(&state, hash, POLICY_HASH_BYTES);
	return ERR_NONE;
}

enum err
policy_read(const char *path, struct policy *out, char *problem, size_t problem_size)
{
	struct policy policy = {0};
	struct draft draft = {0};
	enum err e = hash_file(path, policy.hash, problem, problem_size);

	if (e != ERR_NONE)
		return e;
	e = read_file(path, &draft, &policy, problem, problem_size);
	if (e != ERR_NONE)
		return e;
	e = check(path, &draft, &policy, problem, problem_size);
	if (e != ERR_NONE)
		return e;
	fill(&draft, &policy);
	*out = policy;
	return ERR_NONE;
}

char *
policy_title(const struct policy *policy, struct arena *a)
{
	return str_format(a, "%s, version %u", policy->name, policy->version);
}

Matching__Policy *
policy_message(const struct policy *policy, struct arena *a)
{
	Matching__Policy *out = MESSAGE_NEW(a, matching__policy);
	Matching__Weight **weights = LIST_NEW(a, POLICY_FACTORS, Matching__Weight *);

	if (out == NULL || weights == NULL)
		return NULL;
	out->name = str_copy(a, policy->name);
	out->approved_by = str_copy(a, policy->approved_by);
	SET(out, version, policy->version);
	SET(out, valid_from_day, policy->valid_from_day);
	SET_BYTES(out, hash, ((struct bytes){policy->hash, POLICY_HASH_BYTES}));
	out->weights = weights;
	for (unsigned f = 1; f < POLICY_FACTORS; f++) {
		Matching__Weight *weight = MESSAGE_NEW(a, matching__weight);
		if (weight == NULL)
			return NULL;
		SET(weight, factor, (Matching__Factor)f);
		SET(weight, points_max, policy->points_max[f]);
		weight->source = str_copy(a, policy->source[f]);
		weights[out->n_weights++] = weight;
	}
	return a->is_full ? NULL : out;
}
