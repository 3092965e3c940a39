#include "carer_facts.h"

#include "base/message.h"

#include "take.h"

#define COUNT(list) (sizeof(list) / sizeof(list)[0])
#define ETHNICITIES 6
#define OWN_CHILDREN_MAX 3

static const char *const ethnicity_items[ETHNICITIES] = {NULL, "white",
    "mixed_or_multiple_ethnic_groups", "asian_or_asian_british",
    "black_african_caribbean_or_black_british", "other_ethnic_group"};

Common__Ethnicity
carer_ethnicity(const struct data *d, size_t council, struct chance *c)
{
	uint32_t weights[ETHNICITIES] = {0}, sum = 0;

	for (size_t i = 1; i < ETHNICITIES; i++) {
		weights[i] = (uint32_t)data_figure(d, "looked_after",
		    d->councils[council].code, "ethnicity", ethnicity_items[i]);
		sum += weights[i];
	}
	if (sum == 0) /* all of them suppressed */
		return COMMON__ETHNICITY__ETHNICITY_WHITE;
	return (Common__Ethnicity)chance_weighted(c, weights, ETHNICITIES);
}

Common__Religion
carer_religion(Common__Ethnicity ethnicity, struct chance *c)
{
	/* By ethnicity, then in the order of Common__Religion. Ours, not a figure. */
	static const uint32_t weights[ETHNICITIES][9] = {
	    {0, 1, 1, 0, 0, 0, 0, 0, 0},
	    {0, 48, 48, 1, 1, 0, 0, 1, 1},
	    {0, 52, 38, 6, 0, 1, 1, 1, 1},
	    {0, 8, 8, 62, 0, 12, 7, 2, 1},
	    {0, 16, 66, 16, 0, 0, 0, 0, 2},
	    {0, 20, 28, 44, 2, 1, 2, 2, 1},
	};

	return (Common__Religion)chance_weighted(c, weights[ethnicity], 9);
}

const char *
carer_language(Common__Ethnicity ethnicity, struct chance *c)
{
	static const char *const languages[ETHNICITIES][6] = {
	    {"en", "en", "en", "en", "en", "en"},
	    {"pl", "ro", "cs", "es", "pt", "cy"},
	    {"fr", "pt", "ur", "ar", "es", "so"},
	    {"ur", "pa", "bn", "gu", "hi", "zh"},
	    {"yo", "so", "fr", "am", "sw", "ti"},
	    {"ar", "fa", "ku", "tr", "vi", "ps"},
	};
	static const uint32_t per_mille[ETHNICITIES] = {0, 60, 180, 720, 300, 700};

	if (!chance_per_mille(c, per_mille[ethnicity]))
		return NULL;
	return languages[ethnicity][chance_below(c, 6)];
}

static void
give_skills(struct arena *a, Foster__Household *row, bool is_agency, struct chance *c)
{
	/* By Common__NeedKind, per mille of in-house homes; agencies half as many
	 * again. */
	static const uint32_t per_mille[] = {0, 90, 160, 190, 70, 60, 170, 100, 420, 70,
	    120, 90, 60, 40, 120, 15, 80, 110, 25};
	uint32_t more = is_agency ? 15 : 10;

	row->skills = TAKE_LIST(a, COUNT(per_mille), Common__Need *);
	for (size_t kind = 1; kind < COUNT(per_mille); kind++) {
		static const uint32_t levels[] = {35, 45, 20};
		if (!chance_per_mille(c, per_mille[kind] * more / 10))
			continue;
		Common__Need *skill = TAKE_MESSAGE(a, common__need);
		SET(skill, kind, (Common__NeedKind)kind);
		SET(skill, level,
		    (Common__Level)(COMMON__LEVEL__LEVEL_LOW +
				    (int)chance_weighted(c, levels, COUNT(levels))));
		row->skills[row->n_skills++] = skill;
	}
}

static void
give_own_children(
    struct arena *a, Foster__Household *row, int32_t day, struct chance *c)
{
	static const uint32_t weights[OWN_CHILDREN_MAX + 1] = {62, 20, 13, 5};
	size_t n = chance_weighted(c, weights, OWN_CHILDREN_MAX + 1);

	row->own_children = TAKE_LIST(a, n, Foster__OwnChild *);
	for (size_t i = 0; i < n; i++) {
		Foster__OwnChild *own = TAKE_MESSAGE(a, foster__own_child);
		SET(own, age_years, 1 + chance_below(c, 20));
		SET(own, age_day, day - (int32_t)chance_below(c, 300));
		SET(own, sex,
		    chance_below(c, 2) == 0 ? COMMON__SEX__SEX_FEMALE
					    : COMMON__SEX__SEX_MALE);
		row->own_children[row->n_own_children++] = own;
	}
}

static void
give_languages(struct arena *a, Foster__Household *row, struct chance *c)
{
	const char *other = carer_language(row->ethnicity, c);

	row->languages = TAKE_LIST(a, 2, char *);
	row->languages[row->n_languages++] = take_text(a, "en");
	if (other != NULL)
		row->languages[row->n_languages++] = take_text(a, other);
}

static void
give_wishes(struct arena *a, Foster__Household *row, struct chance *c)
{
	static const Common__NotSafeWith wishes[] = {
	    COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_ANY_CHILD,
	    COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_YOUNGER_CHILDREN,
	    COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_PETS,
	};

	if (!chance_per_mille(c, 90))
		return;
	row->will_not_take_with = TAKE_LIST(a, 1, Common__NotSafeWith);
	row->will_not_take_with[0] = wishes[chance_below(c, COUNT(wishes))];
	row->n_will_not_take_with = 1;
}

void
carer_facts(struct arena *a, const struct plan *p, struct plan_home *home,
    bool is_agency, struct chance *c)
{
	Foster__Household *row = home->row;

	SET(row, ethnicity, carer_ethnicity(p->data, home->council, c));
	SET(row, religion, carer_religion(row->ethnicity, c));
	SET(row, has_pets, chance_per_mille(c, 380));
	SET(row, takes_emergencies, !home->is_kinship && chance_per_mille(c, 350));
	give_languages(a, row, c);
	give_own_children(a, row, p->options.day, c);
	if (home->is_kinship)
		return;
	give_skills(a, row, is_agency, c);
	give_wishes(a, row, c);
}
