#include "base/day.h"
#include "base/message.h"
#include "base/str.h"
#include "observatory/observatory.h"
#include "observatory/operations.h"

static unsigned
bits_of(unsigned set)
{
	unsigned n = 0;

	for (; set != 0; set &= set - 1)
		n++;
	return n;
}

static bool
write_lists(struct arena *a, const struct observatory_open *open, int32_t today,
    Observatory__NeedOpen *out)
{
	const struct observatory_need *need = open->need;
	unsigned without = observatory_waiting(need) | need->chosen.children;

	out->ages_years = LIST_NEW(a, OBSERVATORY_CHILDREN_MAX, uint32_t);
	out->concerns = LIST_NEW(a, OBSERVATORY_CONCERNS, Observatory__Concern);
	if (out->ages_years == NULL || out->concerns == NULL)
		return false;
	for (unsigned i = 0; i < need->children_n; i++) {
		const struct observatory_child *child = &need->children[i];
		if (without & OBSERVATORY_BIT(i))
			out->ages_years[out->n_ages_years++] =
			    day_age_at(child->age_years, child->age_day, today);
	}
	for (unsigned c = 1; c < OBSERVATORY_CONCERNS; c++) {
		if (open->concerns & OBSERVATORY_BIT(c))
			out->concerns[out->n_concerns++] = (Observatory__Concern)c;
	}
	return true;
}

static Observatory__NeedOpen *
need_shown(struct arena *a, const struct observatory_open *open, int32_t today)
{
	const struct observatory_need *need = open->need;
	Observatory__NeedOpen *out = MESSAGE_NEW(a, observatory__need_open);

	if (out == NULL || !write_lists(a, open, today, out))
		return NULL;
	out->request_id = str_format(a, "%.*s", ID_LEN, need->id.text);
	if (need->council.code[0] != '\0')
		out->council_id = str_copy(a, need->council.code);
	SET(out, is_same_day, need->is_same_day);
	SET(out, children, need->children_n);
	if (need->needed_by_day != 0)
		SET(out, needed_by_day, need->needed_by_day);
	if (need->submitted_ms != 0)
		SET(out, submitted_time, need->submitted_ms);
	if (need->circulated_ms != 0)
		SET(out, circulated_time, need->circulated_ms);
	SET(out, asked, need->asked);
	SET(out, answered, need->answered);
	SET(out, offers_standing, need->offers);
	SET(out, chosen, bits_of(need->chosen.children));
	if (need->chosen.until_ms != 0)
		SET(out, step_due_time, need->chosen.until_ms);
	return out;
}

static Observatory__Unconfirmed *
unconfirmed_shown(struct arena *a, const struct observatory_unconfirmed *from)
{
	Observatory__Unconfirmed *out = MESSAGE_NEW(a, observatory__unconfirmed);

	if (out == NULL)
		return NULL;
	out->provider_id = str_format(a, "%.*s", ID_LEN, from->provider->text);
	SET(out, vacancies, from->vacancies);
	SET(out, oldest_confirmed_time, from->oldest_ms);
	return out;
}

static bool
write_counts(struct arena *a, const struct observatory_operations *from,
    Observatory__Operations *out)
{
	uint32_t open = (uint32_t)from->needs_n;

	SET(out, open, open);
	SET(out, same_day, from->same_day);
	SET(out, planned, open - from->same_day);
	SET(out, unconfirmed_providers, (uint32_t)from->unconfirmed_n);
	SET(out, unconfirmed_vacancies, from->vacancies_stale);
	SET(out, vacancies, from->vacancies);
	SET(out, waiting_minutes, OBSERVATORY_WAITING_MINUTES);
	SET(out, ending_minutes, OBSERVATORY_ENDING_MINUTES);
	SET(out, stale_days, OBSERVATORY_STALE_DAYS);
	out->concerns = LIST_NEW(a, OBSERVATORY_CONCERNS, Observatory__ConcernCount *);
	for (unsigned c = 1; c < OBSERVATORY_CONCERNS && out->concerns != NULL; c++) {
		Observatory__ConcernCount *row =
		    MESSAGE_NEW(a, observatory__concern_count);
		if (row == NULL)
			return false;
		SET(row, concern, (Observatory__Concern)c);
		SET(row, needs, from->by_concern[c]);
		out->concerns[out->n_concerns++] = row;
	}
	return out->concerns != NULL;
}

Observatory__Operations *
observatory_operations_shown(struct arena *a, const struct observatory_operations *from,
    uint32_t limit, int64_t now_ms)
{
	Observatory__Operations *out = MESSAGE_NEW(a, observatory__operations);
	size_t needs = from->needs_n < limit ? from->needs_n : limit;
	size_t providers = from->unconfirmed_n < limit ? from->unconfirmed_n : limit;
	int32_t today = day_in_london(now_ms);

	if (out == NULL || !write_counts(a, from, out))
		return NULL;
	SET(out, as_at_time, now_ms);
	out->needs = LIST_NEW(a, needs, Observatory__NeedOpen *);
	out->unconfirmed = LIST_NEW(a, providers, Observatory__Unconfirmed *);
	if (out->needs == NULL || out->unconfirmed == NULL)
		return NULL;
	for (size_t i = 0; i < needs; i++)
		out->needs[out->n_needs++] = need_shown(a, &from->needs[i], today);
	for (size_t i = 0; i < providers; i++)
		out->unconfirmed[out->n_unconfirmed++] =
		    unconfirmed_shown(a, &from->unconfirmed[i]);
	return a->is_full ? NULL : out;
}
