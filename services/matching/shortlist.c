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

static void
count_removed(struct shortlist *list, uint32_t failed)
{
	unsigned first = (unsigned)__builtin_ctz(failed);

	list->removed[first]++;
	if ((failed & (failed - 1)) == 0)
		list->only[first]++;
}

/* ---- one pass over all homes ---- */

struct pass {
	const struct matching_need *need;
	const struct homes *homes; /* by owner */
	unsigned owner;
	size_t i;
	uint16_t looked[MATCHING_LANES];
};

/* The next home, and which rules remove it; NULL when there are no more. */
static const struct matching_home *
next_home(struct pass *p, uint32_t *mask)
{
	for (; p->owner < MATCHING_OWNERS; p->owner++, p->i = 0) {
		const struct homes *homes = &p->homes[p->owner];
		const struct matching_home *home = &homes->home[p->i];
		unsigned lane = (unsigned)(p->i % MATCHING_LANES);
		if (p->i == homes->n)
			continue;
		if (lane == 0)
			matching_scan(
			    p->need, &homes->lanes[p->i / MATCHING_LANES], p->looked);
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

	*out = (struct shortlist){0};
	while ((home = next_home(&pass, &mask)) != NULL) {
		out->vacancies++;
		if (MATCHING_FAILED(mask) != 0) {
			count_removed(out, MATCHING_FAILED(mask));
			continue;
		}
		out->suitable++;
		score_home(policy, need, home, &score);
		keep_best(out, &(struct shortlist_place){home, score.points, mask});
	}
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
