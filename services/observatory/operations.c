#include "observatory/operations.h"

#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "observatory/observatory.h"

#define CONCERN(name) OBSERVATORY__CONCERN__CONCERN_##name
#define MINUTE_MS INT64_C(60000)
#define DAY_MS INT64_C(86400000)

/* ---- needs ---- */

static unsigned
begun(const struct observatory_need *need)
{
	unsigned children = 0;

	for (unsigned i = 0; i < need->placements_n; i++)
		children |= need->placements[i].children;
	return children;
}

static unsigned
all_of(const struct observatory_need *need)
{
	return OBSERVATORY_BIT(need->children_n) - 1;
}

unsigned
observatory_waiting(const struct observatory_need *need)
{
	return all_of(need) & ~begun(need) & ~need->chosen.children;
}

bool
observatory_is_open(const struct observatory_need *need)
{
	return !need->is_withdrawn && (all_of(need) & ~begun(need)) != 0;
}

static bool
is_long_ago(int64_t then_ms, int64_t now_ms)
{
	return then_ms + OBSERVATORY_WAITING_MINUTES * MINUTE_MS <= now_ms;
}

unsigned
observatory_concerns(const struct observatory_need *need, int64_t now_ms)
{
	const struct observatory_chosen *chosen = &need->chosen;
	bool is_waiting = observatory_waiting(need) != 0;
	bool is_late = need->overdue_ms > 0 && need->overdue_ms <= now_ms;
	bool is_ending =
	    chosen->until_ms != 0 &&
	    chosen->until_ms - OBSERVATORY_ENDING_MINUTES * MINUTE_MS <= now_ms;
	unsigned bits = 0;

	if (is_waiting && need->is_same_day && need->offers == 0)
		bits |= OBSERVATORY_BIT(CONCERN(SAME_DAY_NO_OFFER));
	if (is_waiting && is_late)
		bits |= OBSERVATORY_BIT(CONCERN(OVERDUE));
	if (is_ending)
		bits |= OBSERVATORY_BIT(CONCERN(HOLD_ENDING));
	if (is_waiting && need->is_circulated && need->answered == 0 &&
	    is_long_ago(need->circulated_ms, now_ms))
		bits |= OBSERVATORY_BIT(CONCERN(UNANSWERED));
	if (is_waiting && !need->is_circulated &&
	    is_long_ago(need->submitted_ms, now_ms))
		bits |= OBSERVATORY_BIT(CONCERN(NOT_SENT));
	if (chosen->needs_approval)
		bits |= OBSERVATORY_BIT(CONCERN(APPROVAL_WAITING));
	if (is_waiting && need->offers > 0)
		bits |= OBSERVATORY_BIT(CONCERN(DECISION_WAITING));
	return bits;
}

/* The lowest concern is the worst; none is after all of them. */
static unsigned
worst(const struct observatory_open *open)
{
	unsigned bit = 1;

	while (bit < OBSERVATORY_CONCERNS && !(open->concerns & OBSERVATORY_BIT(bit)))
		bit++;
	return bit;
}

static int
compare_numbers(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int
compare_open(const void *a, const void *b)
{
	const struct observatory_open *one = a, *other = b;
	int order = compare_numbers(worst(one), worst(other));

	if (order == 0)
		order = other->need->is_same_day - one->need->is_same_day;
	if (order == 0)
		order =
		    compare_numbers(one->need->submitted_ms, other->need->submitted_ms);
	return order != 0 ? order : strcmp(one->need->id.text, other->need->id.text);
}

static enum err
count_needs(struct arena *a, const struct mirror *needs, int64_t now_ms,
    struct observatory_operations *out)
{
	size_t n = 0;

	for (size_t i = 0; i < needs->n; i++)
		n += observatory_is_open(mirror_at(needs, i));
	out->needs = LIST_NEW(a, n, struct observatory_open);
	if (out->needs == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < needs->n; i++) {
		const struct observatory_need *need = mirror_at(needs, i);
		if (!observatory_is_open(need))
			continue;
		struct observatory_open *open = &out->needs[out->needs_n++];
		*open =
		    (struct observatory_open){need, observatory_concerns(need, now_ms)};
		out->same_day += need->is_same_day;
		for (unsigned c = 1; c < OBSERVATORY_CONCERNS; c++)
			out->by_concern[c] +=
			    (open->concerns & OBSERVATORY_BIT(c)) != 0;
	}
	qsort(out->needs, out->needs_n, sizeof(out->needs[0]), compare_open);
	return ERR_NONE;
}

/* ---- vacancies ---- */

/* Where the provider stands among those counted; one that is not known here has the
 * last place, with all the others like it. */
static struct observatory_unconfirmed *
provider_of(const struct observatory_known *known,
    const struct observatory_place *place, struct observatory_unconfirmed *list)
{
	size_t i = mirror_find(known->providers, &place->provider);

	return &list[i == SIZE_MAX ? known->providers->n : i];
}

static void
count_place(const struct observatory_known *known,
    const struct observatory_place *place, int64_t stale_ms,
    struct observatory_operations *out)
{
	for (unsigned i = 0; i < place->openings_n; i++) {
		int64_t confirmed_ms = place->confirmed_ms[i];
		out->vacancies++;
		if (confirmed_ms >= stale_ms)
			continue;
		struct observatory_unconfirmed *of =
		    provider_of(known, place, out->unconfirmed);
		out->vacancies_stale++;
		if (of->vacancies++ == 0 || confirmed_ms < of->oldest_ms)
			of->oldest_ms = confirmed_ms;
		of->provider = &place->provider;
	}
}

static int
compare_unconfirmed(const void *a, const void *b)
{
	const struct observatory_unconfirmed *one = a, *other = b;
	int order = compare_numbers(one->oldest_ms, other->oldest_ms);

	return order != 0 ? order : strcmp(one->provider->text, other->provider->text);
}

static enum err
count_vacancies(struct arena *a, const struct observatory_known *known, int64_t now_ms,
    struct observatory_operations *out)
{
	const struct mirror *places[] = {known->households, known->homes};
	size_t most = known->providers->n + 1;
	int64_t stale_ms = now_ms - OBSERVATORY_STALE_DAYS * DAY_MS;

	out->unconfirmed = LIST_NEW(a, most, struct observatory_unconfirmed);
	if (out->unconfirmed == NULL)
		return ERR_MEMORY;
	for (size_t k = 0; k < sizeof(places) / sizeof(places[0]); k++) {
		for (size_t i = 0; i < places[k]->n; i++)
			count_place(known, mirror_at(places[k], i), stale_ms, out);
	}
	for (size_t i = 0; i < most; i++) {
		if (out->unconfirmed[i].vacancies > 0)
			out->unconfirmed[out->unconfirmed_n++] = out->unconfirmed[i];
	}
	qsort(out->unconfirmed, out->unconfirmed_n, sizeof(out->unconfirmed[0]),
	    compare_unconfirmed);
	return ERR_NONE;
}

enum err
observatory_operations(struct arena *a, const struct observatory_known *known,
    int64_t now_ms, struct observatory_operations *out)
{
	enum err e;

	*out = (struct observatory_operations){0};
	e = count_needs(a, known->needs, now_ms, out);
	return e != ERR_NONE ? e : count_vacancies(a, known, now_ms, out);
}
