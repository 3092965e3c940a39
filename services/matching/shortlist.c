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

void
shortlist_make(const struct policy *policy, const struct matching_need *need,
    const struct homes *homes, struct shortlist *out)
{
	*out = (struct shortlist){.vacancies = (uint32_t)homes->n};
	for (size_t i = 0; i < homes->n; i++) {
		const struct matching_home *home = homes_at(homes, i);
		uint32_t mask = matching_mask(need, home);
		struct score score;
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
    const struct homes *homes, const struct matching_home *home)
{
	struct shortlist_place mine = {.home = home};
	struct score score;
	uint32_t before = 0;

	score_home(policy, need, home, &score);
	mine.points = score.points;
	for (size_t i = 0; i < homes->n; i++) {
		struct shortlist_place other = {.home = homes_at(homes, i)};
		if (MATCHING_FAILED(matching_mask(need, other.home)) != 0)
			continue;
		score_home(policy, need, other.home, &score);
		other.points = score.points;
		before += comes_before(&other, &mine);
	}
	return before + 1;
}
