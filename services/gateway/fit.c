#include "gateway/fit.h"

#include "base/day.h"
#include "base/geo.h"
#include "base/place.h"
#include "base/str.h"
#include "gateway/say.h"

#define SAFE(name) COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_##name
#define LEVEL(name) COMMON__LEVEL__LEVEL_##name

/* ---- a place ---- */

static void
meet(struct fit_place *out, const Common__Need *need, bool is_proved)
{
	unsigned kind = need == NULL ? 0 : (unsigned)need->kind;

	if (kind == 0 || kind >= FIT_NEEDS)
		return;
	out->met[kind] = need->level;
	out->is_proved[kind] = is_proved;
}

void
fit_of_household(const Foster__Household *row, const Foster__HouseholdStanding *now,
    int32_t today, struct fit_place *out)
{
	const Foster__Approval *terms = row->approval;

	*out = (struct fit_place){.care_type = COMMON__CARE_TYPE__CARE_TYPE_FOSTER,
	    .sector = row->home_sector,
	    .has_pets = row->has_pets,
	    .takes_emergencies = row->takes_emergencies,
	    .will_not_take = row->will_not_take_with,
	    .will_not_take_n = row->n_will_not_take_with,
	    .available_from_day = today};
	if (terms != NULL) {
		out->age_min_years = terms->age_min_years;
		out->age_max_years = terms->age_max_years;
		out->takes_girls = terms->takes_girls;
		out->takes_boys = terms->takes_boys;
	}
	for (size_t i = 0; i < row->n_skills; i++)
		meet(out, row->skills[i], true);
	for (size_t i = 0; i < row->n_own_children; i++) {
		const Foster__OwnChild *own = row->own_children[i];
		out->living +=
		    day_age_at(own->age_years, own->age_day, today) < PLACE_ADULT_YEARS;
	}
	if (now == NULL || now->places == NULL)
		return;
	out->free = now->places->free;
	out->free_for_siblings = now->places->free_for_siblings;
	out->living += now->places->filled;
	if (now->vacancy != NULL && now->vacancy->available_from_day > today)
		out->available_from_day = now->vacancy->available_from_day;
}

void
fit_of_home(const Residential__Home *row, const Residential__HomeStanding *now,
    int32_t today, struct fit_place *out)
{
	*out = (struct fit_place){.care_type = row->care_type,
	    .sector = row->home_sector,
	    .age_min_years = row->age_min_years,
	    .age_max_years = row->age_max_years,
	    .takes_girls = row->takes_girls,
	    .takes_boys = row->takes_boys,
	    .has_pets = row->has_pets,
	    .takes_emergencies = row->takes_emergencies,
	    .will_not_take = row->will_not_take_with,
	    .will_not_take_n = row->n_will_not_take_with,
	    .available_from_day = today};
	for (size_t i = 0; i < row->n_capabilities; i++)
		meet(out, row->capabilities[i]->need,
		    row->capabilities[i]->evidence >
			RESIDENTIAL__EVIDENCE__EVIDENCE_STATEMENT_OF_PURPOSE);
	if (now == NULL || now->beds == NULL)
		return;
	out->free = now->beds->free + now->beds->reserved;
	out->free_for_siblings = out->free;
	out->living = now->beds->occupied;
}

/* ---- the children asked for ---- */

struct asked {
	uint32_t n, age_min, age_max;
	bool has_girl, has_boy, has_unknown;
	uint32_t high;     /* bits, 1 << common.NeedKind */
	uint32_t not_with; /* bits, 1 << common.NotSafeWith */
};

static void
ask_for(struct asked *out, const Requests__ChildNeed *child, int32_t today)
{
	uint32_t age = day_age_at(child->age_years, child->age_day, today);

	if (out->n == 0 || age < out->age_min)
		out->age_min = age;
	if (out->n == 0 || age > out->age_max)
		out->age_max = age;
	out->n++;
	out->has_girl = out->has_girl || child->sex == COMMON__SEX__SEX_FEMALE;
	out->has_boy = out->has_boy || child->sex == COMMON__SEX__SEX_MALE;
	out->has_unknown = out->has_unknown || child->sex == COMMON__SEX__SEX_UNKNOWN;
	for (size_t i = 0; i < child->n_needs; i++) {
		const Common__Need *need = child->needs[i];
		if (need->level == LEVEL(HIGH) && (unsigned)need->kind < FIT_NEEDS)
			out->high |= UINT32_C(1) << (unsigned)need->kind;
	}
	for (size_t i = 0; i < child->n_not_safe_with; i++)
		out->not_with |= UINT32_C(1) << (unsigned)child->not_safe_with[i];
}

/* ---- lines ---- */

struct lines {
	struct arena *arena;
	struct fit_line *list;
	size_t n;
};

static void
add(struct lines *l, enum fit fit, const char *asked, const char *fact)
{
	if (l->n == FIT_LINES_MAX)
		return;
	l->list[l->n++] = (struct fit_line){
	    fit, asked == NULL ? "" : asked, fact == NULL ? "" : fact};
}

static enum fit
yes_if(bool is_so)
{
	return is_so ? FIT_YES : FIT_NO;
}

static bool
is_foster(const struct fit_place *place)
{
	return place->care_type == COMMON__CARE_TYPE__CARE_TYPE_FOSTER;
}

static void
add_care(struct lines *l, const Requests__NeedCirculation *need,
    const struct fit_place *place)
{
	const char *words[8];
	bool is_asked = false;
	size_t n = 0;

	for (size_t i = 0; i < need->n_care_types && n < 8; i++) {
		words[n++] = say_enum_within(
		    l->arena, &common__care_type__descriptor, (int)need->care_types[i]);
		is_asked = is_asked || need->care_types[i] == place->care_type;
	}
	if (n > 0)
		add(l, yes_if(is_asked),
		    say_first_up(l->arena, say_list(l->arena, words, n)),
		    say_enum(l->arena, &common__care_type__descriptor,
			(int)place->care_type));
}

static void
add_ages(struct lines *l, const struct asked *asked, const struct fit_place *place)
{
	struct arena *a = l->arena;
	const char *of = is_foster(place) ? "Approved" : "Registered";

	add(l,
	    yes_if(asked->age_min >= place->age_min_years &&
		   asked->age_max <= place->age_max_years),
	    asked->age_min == asked->age_max
		? str_format(a, "Age %u", asked->age_min)
		: str_format(a, "Ages %u to %u", asked->age_min, asked->age_max),
	    str_format(
		a, "%s for %u to %u", of, place->age_min_years, place->age_max_years));
}

static void
add_sexes(struct lines *l, const struct asked *asked, const struct fit_place *place)
{
	bool needs_girls = asked->has_girl || asked->has_unknown;
	bool needs_boys = asked->has_boy || asked->has_unknown;
	bool is_met =
	    (!needs_girls || place->takes_girls) && (!needs_boys || place->takes_boys);

	add(l, yes_if(is_met),
	    asked->has_unknown                  ? "A child whose sex is not known"
	    : asked->has_girl && asked->has_boy ? "Girls and boys"
	    : asked->has_girl                   ? (asked->n > 1 ? "Girls" : "A girl")
						: (asked->n > 1 ? "Boys" : "A boy"),
	    place->takes_girls && place->takes_boys ? "Takes girls and boys"
	    : place->takes_girls                    ? "Takes girls"
	    : place->takes_boys                     ? "Takes boys"
						    : "Takes nobody");
}

static void
add_places(struct lines *l, const struct asked *asked,
    const Requests__NeedCirculation *need, const struct fit_place *place)
{
	struct arena *a = l->arena;
	bool is_group = need->are_siblings && asked->n > 1;
	uint32_t free = is_group ? place->free_for_siblings : place->free;

	add(l, yes_if(free >= asked->n),
	    is_group ? str_format(a, "%u places, together", asked->n)
		     : say_count(a, asked->n, "place", "places"),
	    is_group ? str_format(a, "%u free for one sibling group", free)
		     : str_format(a, "%u free now", free));
}

static void
add_needs(struct lines *l, const struct asked *asked, const struct fit_place *place)
{
	for (unsigned kind = 1; kind < FIT_NEEDS; kind++) {
		Common__Level met = place->met[kind];
		enum fit fit = FIT_NO;
		const char *fact = "Not recorded";

		if ((asked->high >> kind & 1) == 0)
			continue;
		if (met == LEVEL(HIGH)) {
			fit = place->is_proved[kind] ? FIT_YES : FIT_CHECK;
			fact = place->is_proved[kind] ? "Recorded at a high level"
			                              : "Claimed, with no evidence but "
			                                "the home\u2019s own word";
		} else if (met != LEVEL(UNSPECIFIED)) {
			fact = str_format(l->arena, "Recorded at a %s level",
			    say_enum_within(
				l->arena, &common__level__descriptor, (int)met));
		}
		add(l, fit,
		    str_format(l->arena, "%s, at a high level",
			say_enum(l->arena, &common__need_kind__descriptor, (int)kind)),
		    fact);
	}
}

/* Who lives there the provider knows best: it is asked to look. */
static void
add_company(struct lines *l, const struct asked *asked, const struct fit_place *place)
{
	static const struct {
		Common__NotSafeWith with;
		const char *asked;
	} rows[] = {
	    {SAFE(ANY_CHILD), "With no other child"},
	    {SAFE(YOUNGER_CHILDREN), "Not with younger children"},
	    {SAFE(OLDER_CHILDREN), "Not with older children"},
	    {SAFE(GIRLS), "Not with girls"},
	    {SAFE(BOYS), "Not with boys"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		bool is_alone = rows[i].with == SAFE(ANY_CHILD);
		if ((asked->not_with >> (unsigned)rows[i].with & 1) == 0)
			continue;
		if (place->living == 0)
			add(l, FIT_YES, rows[i].asked, "No child lives there now");
		else
			add(l, is_alone ? FIT_NO : FIT_CHECK, rows[i].asked,
			    str_format(l->arena, "%s there now%s",
				say_count(l->arena, place->living, "child lives",
				    "children live"),
				is_alone ? "" : ": look who they are"));
	}
	if ((asked->not_with >> (unsigned)SAFE(PETS) & 1) != 0)
		add(l, yes_if(!place->has_pets), "Not with pets",
		    place->has_pets ? "There are pets" : "No pets");
}

/* What the place itself has said whom it will not take. */
static void
add_wishes(struct lines *l, const struct asked *asked, const struct fit_place *place)
{
	for (size_t i = 0; i < place->will_not_take_n; i++) {
		Common__NotSafeWith with = place->will_not_take[i];
		bool is_there = place->living > 0;

		if (with == SAFE(GIRLS) && asked->has_girl)
			add(l, FIT_NO, "A girl", "You said: no girls");
		else if (with == SAFE(BOYS) && asked->has_boy)
			add(l, FIT_NO, "A boy", "You said: no boys");
		else if (with == SAFE(ANY_CHILD) && (is_there || asked->n > 1))
			add(l, FIT_NO, "Living with others",
			    "You said: one child alone");
		else if ((with == SAFE(YOUNGER_CHILDREN) ||
			     with == SAFE(OLDER_CHILDREN)) &&
			 is_there)
			add(l, FIT_CHECK, "Beside who lives there",
			    with == SAFE(YOUNGER_CHILDREN) ? "You said: nobody younger"
							   : "You said: nobody older");
	}
}

static void
add_when(struct lines *l, const Requests__NeedCirculation *need,
    const struct fit_place *place, int32_t today)
{
	struct arena *a = l->arena;
	int32_t by = need->has_needed_by_day && need->needed_by_day > today
	                 ? need->needed_by_day
	                 : today;

	add(l, yes_if(place->available_from_day <= by),
	    str_format(a, "By %s", say_day_near(a, by, today)),
	    str_format(a, "Available from %s",
		say_day_near(a, place->available_from_day, today)));
	if (need->urgency == REQUESTS__URGENCY__URGENCY_EMERGENCY)
		add(l, yes_if(place->takes_emergencies), "In an emergency",
		    place->takes_emergencies ? "Takes emergencies"
					     : "Not recorded as taking emergencies");
}

bool
fit_miles(const Requests__NeedCirculation *need, const char *sector,
    uint32_t *miles_tenths, bool *is_to_check)
{
	const struct geo_point *home =
	    need->home_sector == NULL ? NULL : geo_sector(need->home_sector);
	const struct geo_point *there = sector == NULL ? NULL : geo_sector(sector);

	if (home == NULL || there == NULL)
		return false;
	struct geo_distance d = geo_between(home, there);
	uint32_t limit = need->miles_max * 10;
	*miles_tenths = d.miles_tenths;
	*is_to_check = need->has_miles_max &&
	               d.miles_tenths <= limit + d.error_tenths &&
	               d.miles_tenths + d.error_tenths > limit;
	return true;
}

static void
add_distance(struct lines *l, const Requests__NeedCirculation *need,
    const struct fit_place *place)
{
	struct arena *a = l->arena;
	uint32_t miles = 0;
	bool is_to_check = false;

	if (!need->has_miles_max)
		return;
	const char *asked =
	    str_format(a, "Within %s", say_count(a, need->miles_max, "mile", "miles"));
	if (!fit_miles(need, place->sector, &miles, &is_to_check))
		add(l, FIT_CHECK, asked, "How far it is, is not known here");
	else
		add(l, is_to_check ? FIT_CHECK : yes_if(miles <= need->miles_max * 10),
		    asked, say_first_up(a, say_miles(a, miles, false)));
}

size_t
fit_lines(struct arena *a, const Requests__NeedCirculation *need, uint32_t children,
    const struct fit_place *place, int32_t today, struct fit_line out[FIT_LINES_MAX])
{
	struct lines l = {a, out, 0};
	struct asked asked = {0};

	for (size_t i = 0; i < need->n_children && i < 32; i++) {
		if ((children >> i & 1) != 0)
			ask_for(&asked, need->children[i], today);
	}
	if (asked.n == 0)
		return 0;
	add_care(&l, need, place);
	add_ages(&l, &asked, place);
	add_sexes(&l, &asked, place);
	add_places(&l, &asked, need, place);
	add_when(&l, need, place, today);
	add_distance(&l, need, place);
	add_needs(&l, &asked, place);
	add_company(&l, &asked, place);
	add_wishes(&l, &asked, place);
	return l.n;
}
