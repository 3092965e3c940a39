#include "matching/shortlist.h"

#include <stdbool.h>
#include <string.h>

#include "matching/score.h"

static bool
comes_before(const struct shortlist_place *a, const struct shortlist_place *b)
{
	if (a->points != b->points)
		return a->points > b->points;
	return strcmp(a->home->vacancy_id, b->home->vacancy_id) < 0;
}

/* Into its place among the best; the last falls off the end. */
static void
keep_best(struct shortlist *list, const struct shortlist_place *place)
{
	size_t i = list->n;

	if (i == SHORTLIST_MAX) {
		if (!comes_before(place, &list->best[i - 1]))
			return;
		i--;
	} else {
		list->n++;
	}
	for (; i > 0 && comes_before(place, &list->best[i - 1]); i--)
		list->best[i] = list->best[i - 1];
	list->best[i] = *place;
}

/* Where this home's provider stands among those found, or where there is room for it;
 * NULL where there is none left. An id ends with its random part. */
static struct shortlist_provider *
provider_of(struct shortlist *list, const struct matching_home *home)
{
	uint32_t at = 0;

	for (size_t i = 0; i < ID_LEN; i++)
		at = at * 31 + (unsigned char)home->provider_id[i];
	for (;; at++) {
		struct shortlist_provider *provider =
		    &list->provider[at % SHORTLIST_PROVIDERS_ROOM];
		if (provider->home == NULL)
			return list->providers < SHORTLIST_PROVIDERS_MAX ? provider
			                                                 : NULL;
		if (memcmp(provider->home->provider_id, home->provider_id,
			sizeof(home->provider_id)) == 0)
			return provider;
	}
}

static void
count_reached(struct shortlist *list, const struct matching_need *need,
    const struct matching_home *home, const struct score *score)
{
	struct shortlist_provider *provider = provider_of(list, home);

	list->places += matching_places(need, home);
	if (provider == NULL)
		return;
	list->providers += provider->home == NULL;
	provider->home = home;
	if (provider->is_near || !score->has_home_distance ||
	    geo_miles_tenths(&need->home, &home->point) > SHORTLIST_NEAR_MILES_TENTHS)
		return;
	provider->is_near = true;
	list->providers_near++;
}

/* From how many homes fail exactly these rules: under the first of them, and under the
 * only one. */
static void
count_removed(struct shortlist *list)
{
	for (uint32_t failed = 1; failed < 1u << MATCHING_RULES; failed++) {
		unsigned first = (unsigned)__builtin_ctz(failed);
		list->removed[first] += list->failing[failed];
		if ((failed & (failed - 1)) == 0)
			list->only[first] = list->failing[failed];
	}
}

/* ---- one pass over all homes ---- */

struct pass {
	const struct matching_need *need;
	const struct homes *homes; /* by owner */
	unsigned owner;
	size_t i;
	uint16_t looked[MATCHING_LANES];
};

/* Asks for the memory of the homes that will be looked at: it comes while the first of
 * them are. Most of a shortlist's time would be waiting for it. */
static inline void
fetch(const struct pass *p, const struct matching_home *homes, size_t n)
{
	for (size_t i = 0; i < n && i < MATCHING_LANES; i++) {
		if (MATCHING_FAILED(p->looked[i]) != 0)
			continue;
		__builtin_prefetch(&homes[i]);
		__builtin_prefetch((const char *)&homes[i] + 64);
	}
}

/* The next home, and which rules remove it; NULL when there are no more. */
static inline const struct matching_home *
next_home(struct pass *p, uint32_t *mask)
{
	for (; p->owner < MATCHING_OWNERS; p->owner++, p->i = 0) {
		const struct homes *homes = &p->homes[p->owner];
		const struct matching_home *home = &homes->home[p->i];
		unsigned lane = (unsigned)(p->i % MATCHING_LANES);
		if (p->i == homes->n)
			continue;
		if (lane == 0) {
			matching_scan(
			    p->need, &homes->lanes[p->i / MATCHING_LANES], p->looked);
			fetch(p, home, homes->n - p->i);
		}
		*mask = p->looked[lane];
		if ((*mask & MATCHING_UNSETTLED) != 0)
			*mask = matching_settle(p->need, home, *mask);
		p->i++;
		return home;
	}
	return NULL;
}

void
shortlist_make(const struct policy *policy, const struct matching_need *need,
    const struct homes homes[MATCHING_OWNERS], struct shortlist *out)
{
	struct pass pass = {.need = need, .homes = homes};
	const struct matching_home *home;
	struct score score;
	uint32_t mask;

	memset(out, 0, sizeof(*out));
	for (unsigned o = 0; o < MATCHING_OWNERS; o++)
		out->vacancies += (uint32_t)homes[o].n;
	while ((home = next_home(&pass, &mask)) != NULL) {
		out->failing[MATCHING_FAILED(mask)]++;
		if (MATCHING_FAILED(mask) != 0)
			continue;
		score_home(policy, need, home, &score);
		keep_best(out, &(struct shortlist_place){home, score.points, mask});
		count_reached(out, need, home, &score);
	}
	out->suitable = out->failing[0];
	count_removed(out);
}

uint32_t
shortlist_rank(const struct policy *policy, const struct matching_need *need,
    const struct homes homes[MATCHING_OWNERS], const struct matching_home *home)
{
	struct pass pass = {.need = need, .homes = homes};
	struct shortlist_place mine = {.home = home}, other = {.home = NULL};
	struct score score;
	uint32_t before = 0;

	score_home(policy, need, home, &score);
	mine.points = score.points;
	while ((other.home = next_home(&pass, &other.mask)) != NULL) {
		if (MATCHING_FAILED(other.mask) != 0)
			continue;
		score_home(policy, need, other.home, &score);
		other.points = score.points;
		before += comes_before(&other, &mine);
	}
	return before + 1;
}
