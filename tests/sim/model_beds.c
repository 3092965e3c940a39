/* How a home stands on a day, by all that was journalled of it. */
#include "sim/model.h"

#include <string.h>

#include "base/day.h"
#include "base/str.h"

#define WITH_ANY_CHILD (1U << COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_ANY_CHILD)

bool
model_is_kept_on(const struct model_reservation *r, int32_t day)
{
	return r->from_day <= day && day < r->until_day;
}

/* By whoever lives there or is held for, but for `coming`. */
bool
model_is_used(
    const struct model *m, const char *reservation, const struct model_stay *coming)
{
	for (size_t i = 0; i < m->stays_n; i++) {
		const struct model_stay *s = &m->stays[i];

		if (s != coming &&
		    MODEL_FIND(s->reservations, s->reservations_n, reservation) != NULL)
			return true;
	}
	return false;
}

/* Beds kept for this council (NULL: for any) that day, that nobody has. */
uint32_t
model_beds_kept(const struct model *m, const struct model_home *h, const char *council,
    const struct model_stay *coming, int32_t day)
{
	uint32_t n = 0;

	for (size_t i = 0; i < m->reservations_n; i++) {
		const struct model_reservation *r = &m->reservations[i];

		n += str_equal(r->home, h->id) && model_is_kept_on(r, day) &&
		     !model_is_used(m, r->id, coming) &&
		     (council == NULL ||
			 MODEL_FIND(r->councils, r->councils_n, council) != NULL);
	}
	return n;
}

/* Staffed, not closed, and nobody's. */
uint32_t
model_beds_left(const struct model_home *h, uint32_t people, uint32_t closed)
{
	uint32_t used = people + closed;

	return h->care.staffed > used ? h->care.staffed - used : 0;
}

/* Who lives there, in bands; true where somebody there or held for must be alone. */
bool
model_count_people(const struct model *m, const struct model_home *h, int32_t day,
    struct model_shown *out)
{
	bool is_alone = false;

	for (size_t i = 0; i < m->stays_n; i++) {
		const struct model_stay *s = &m->stays[i];

		if (!str_equal(s->home, h->id))
			continue;
		is_alone |= (s->not_safe_with & WITH_ANY_CHILD) != 0;
		if (s->is_hold) {
			out->beds.held += s->children_n;
			continue;
		}
		out->beds.occupied += s->children_n;
		out->age_bands |= 1U << model_band(model_age(&s->children[0], day));
		out->has_girls |= model_may_be_girl(&s->children[0]);
		out->has_boys |= model_may_be_boy(&s->children[0]);
		out->risks |= s->risks;
		out->not_safe_with |= s->not_safe_with;
	}
	out->age_bands &= ~1U; /* grown up: of no band */
	out->count = out->beds.occupied;
	return is_alone;
}

struct model_shown
model_stands(const struct model *m, const struct model_home *h, int32_t day)
{
	struct model_shown out = {.count = 0};
	bool is_shut = model_count_people(m, h, day, &out) || h->care.is_restricted;
	uint32_t closed = model_withheld_on(m, h->id, day);
	uint32_t left = model_beds_left(h, out.beds.occupied + out.beds.held, closed);
	uint32_t kept = model_beds_kept(m, h, NULL, NULL, day);

	out.beds.registered = h->care.registered;
	out.beds.staffed = h->care.staffed;
	out.beds.closed = closed + (is_shut ? left : 0);
	if (is_shut)
		return out;
	out.beds.reserved = kept < left ? kept : left;
	out.beds.free = left - out.beds.reserved;
	for (size_t i = 0; i < m->councils_n && out.beds.reserved > 0; i++) {
		uint32_t own = model_beds_kept(m, h, m->councils[i].id, NULL, day);

		out.reserved_free[i] =
		    own < out.beds.reserved ? own : out.beds.reserved;
	}
	return out;
}

/* Everything said is still so: what changes a home says so in the same turn. */
void
model_check_homes(struct model *m)
{
	int32_t day = day_in_london(m->homes_seen_ms);

	if (m->is_restored[NODE_RESIDENTIAL])
		return; /* its days stand still too */
	for (size_t i = 0; i < m->homes_n; i++) {
		const struct model_home *h = &m->homes[i];
		struct model_shown is;

		if (h->owner != NODE_RESIDENTIAL)
			continue;
		is = model_stands(m, h, day);
		if (memcmp(&is.beds, &h->care.counted, sizeof is.beds) != 0)
			world_fail(
			    m->world, "the beds of home %s are not as counted", h->id);
		for (size_t k = 0; k < m->vacancies_n; k++)
			if (m->vacancies[k].is_open &&
			    str_equal(m->vacancies[k].home, h->id) &&
			    memcmp(&is, &m->vacancies[k].shown, sizeof is) != 0)
				world_fail(m->world,
				    "vacancy %s of home %s is not as published",
				    m->vacancies[k].id, h->id);
	}
}
