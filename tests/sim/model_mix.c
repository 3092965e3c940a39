/* Who may live with whom in a home, both ways, by exact ages. */
#include "sim/model.h"

#include "base/day.h"
#include "base/str.h"

#define WITH(who) (1U << COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_##who)

unsigned
model_with(const Common__NotSafeWith *list, size_t n)
{
	unsigned bits = 0;

	for (size_t i = 0; i < n; i++)
		bits |= 1U << (unsigned)list[i];
	return bits;
}

uint32_t
model_age(const struct model_child *c, int32_t day)
{
	return day_age_at(c->age_years, c->age_day, day);
}

unsigned
model_band(uint32_t age_years)
{
	static const uint32_t first_after[] = {0, 1, 5, 10, 16, 18};

	for (unsigned band = 1; band < sizeof first_after / sizeof *first_after; band++)
		if (age_years < first_after[band])
			return band;
	return 0;
}

bool
model_may_be_girl(const struct model_child *c)
{
	return c->sex != COMMON__SEX__SEX_MALE;
}

bool
model_may_be_boy(const struct model_child *c)
{
	return c->sex != COMMON__SEX__SEX_FEMALE;
}

/* What of `with`, said of somebody of this age, does this other one meet? */
static unsigned
meets(const struct model_child *other, uint32_t age, int32_t day)
{
	uint32_t others = model_age(other, day);

	return WITH(ANY_CHILD) | (others < age ? WITH(YOUNGER_CHILDREN) : 0) |
	       (others > age ? WITH(OLDER_CHILDREN) : 0) |
	       (model_may_be_girl(other) ? WITH(GIRLS) : 0) |
	       (model_may_be_boy(other) ? WITH(BOYS) : 0);
}

static bool
are_safe(const struct model_stay *a, const struct model_stay *b, int32_t day)
{
	if (a->group[0] != '\0' && str_equal(a->group, b->group))
		return true;
	for (uint32_t i = 0; i < a->children_n; i++)
		for (uint32_t k = 0; k < b->children_n; k++) {
			const struct model_child *x = &a->children[i];
			const struct model_child *y = &b->children[k];

			if ((a->not_safe_with & meets(y, model_age(x, day), day)) !=
				0 ||
			    (b->not_safe_with & meets(x, model_age(y, day), day)) != 0)
				return false;
		}
	return true;
}

/* Its own wishes, of those coming to those there. */
static bool
are_wanted(const struct model_stay *coming, const struct model_stay *there,
    unsigned unwanted, int32_t day)
{
	const unsigned asked = unwanted & (WITH(ANY_CHILD) | WITH(YOUNGER_CHILDREN) |
					      WITH(OLDER_CHILDREN));

	for (uint32_t i = 0; i < coming->children_n; i++)
		for (uint32_t k = 0; k < there->children_n; k++)
			if ((asked & meets(&coming->children[i],
					 model_age(&there->children[k], day), day)) !=
			    0)
				return false;
	return true;
}

void
model_check_mix(struct model *m, const struct model_home *h,
    const struct model_stay *coming, bool with_held, int32_t day)
{
	if (h->care.has_pets && (coming->not_safe_with & WITH(PETS)) != 0)
		world_fail(m->world, "%s is not safe with pets and was given home %s",
		    coming->id, h->id);
	for (size_t i = 0; i < m->stays_n; i++) {
		const struct model_stay *s = &m->stays[i];

		if (s == coming || !str_equal(s->home, h->id) ||
		    (s->is_hold && !with_held))
			continue;
		if (!are_safe(coming, s, day))
			world_fail(m->world,
			    "%s was given home %s, and is not safe with %s or the "
			    "other way",
			    coming->id, h->id, s->id);
		if (with_held && !are_wanted(coming, s, h->care.unwanted, day))
			world_fail(m->world,
			    "%s was given home %s, which does not take such beside %s",
			    coming->id, h->id, s->id);
	}
}
