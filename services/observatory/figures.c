#include "observatory/figures.h"

#include <stdlib.h>
#include <string.h>

#include "base/access.h"
#include "base/day.h"
#include "base/message.h"
#include "observatory/observatory.h"

#define METRIC(name) OBSERVATORY__METRIC__METRIC_##name
#define DAY_MS INT64_C(86400000)

/* One answer being counted. */
struct counting {
	const struct observatory_known *known;
	const struct observatory_question *question;
	struct arena *arena;
	struct observatory_table *table;
	uint32_t
	    *by_request[2]; /* children placed by request, in each household, home */
};

/* ---- where a count goes ---- */

#define LINES_MAX (4 + OBSERVATORY_BANDS + OBSERVATORY_TYPES)

struct lines {
	struct observatory_line *list[LINES_MAX];
	size_t n;
};

static void
count(const struct lines *lines, Observatory__Metric metric, uint32_t n)
{
	for (size_t i = 0; n > 0 && i < lines->n; i++)
		lines->list[i]->counts[metric] += n;
}

/* Those of `bits` that the question is about: all, or the one it names. */
static unsigned
asked(unsigned bits, int code)
{
	return code == 0 ? bits : bits & OBSERVATORY_BIT(code);
}

static void
add_lines(struct lines *lines, struct observatory_line *from, unsigned bits, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (bits & OBSERVATORY_BIT(i))
			lines->list[lines->n++] = &from[i];
	}
}

static int
compare_area(const void *code, const void *area)
{
	return strcmp(code, ((const struct observatory_area *)area)->council.code);
}

const struct observatory_area *
observatory_area(const struct observatory_known *known, const char *council_id)
{
	return bsearch(council_id, known->areas, known->areas_n,
	    sizeof(known->areas[0]), compare_area);
}

static struct observatory_line *
area_line(const struct counting *c, const struct observatory_area *area)
{
	size_t i = area == NULL ? c->known->areas_n : (size_t)(area - c->known->areas);

	return &c->table->areas[i];
}

static const struct observatory_provider *
provider_of(const struct counting *c, const struct id *provider)
{
	size_t i = mirror_find(c->known->providers, provider);

	return i == SIZE_MAX ? NULL : mirror_at(c->known->providers, i);
}

static struct observatory_line *
sector_line(const struct counting *c, const struct observatory_provider *provider)
{
	return &c->table->sectors[provider == NULL ? 0 : provider->sector];
}

/* ---- places ---- */

/* At most this much of what is left. */
static uint32_t
take(uint32_t *left, uint32_t wanted)
{
	uint32_t taken = wanted < *left ? wanted : *left;

	*left -= taken;
	return taken;
}

/* What is neither filled, held nor free, by reason, as far as reasons are recorded;
 * the rest is a limit of bedrooms, ages or numbers. */
static void
count_reasons(const struct counting *c, const struct lines *lines,
    const struct observatory_place *place, uint32_t left)
{
	int32_t today = c->question->today;

	count(lines, METRIC(NOT_AVAILABLE), left);
	count(lines, METRIC(UNSTAFFED), take(&left, place->unstaffed));
	for (unsigned i = 0; i < place->closed_n; i++) {
		const struct observatory_closed *closed = &place->closed[i];
		if (closed->from_day <= today && today < closed->until_day)
			count(lines, closed->reason, take(&left, closed->places));
	}
	count(lines, METRIC(RESERVED), take(&left, place->reserved));
	count(lines, METRIC(AT_LIMIT), left);
}

static void
count_places(const struct counting *c, const struct lines *lines,
    const struct observatory_place *place, bool is_in_house)
{
	uint32_t left = place->approved;
	uint32_t filled = take(&left, place->filled);
	uint32_t held = take(&left, place->held);
	uint32_t free = take(&left, place->free);

	count(lines, METRIC(APPROVED), place->approved);
	count(lines, METRIC(FILLED), filled);
	count(lines, is_in_house ? METRIC(FILLED_IN_HOUSE) : METRIC(FILLED_INDEPENDENT),
	    filled);
	count(lines, METRIC(HELD), held);
	count(lines, METRIC(FREE), free);
	count(lines, METRIC(NOT_FREE), held + left);
	count_reasons(c, lines, place, left);
	count(lines, METRIC(ABOVE_APPROVED), place->filled - filled);
}

static void
count_vacancies(const struct counting *c, const struct lines *lines,
    const struct observatory_place *place)
{
	int64_t stale_ms = c->question->now_ms - OBSERVATORY_STALE_DAYS * DAY_MS;

	count(lines, METRIC(VACANCIES), place->openings_n);
	for (unsigned i = 0; i < place->openings_n; i++)
		count(lines, METRIC(VACANCIES_STALE),
		    place->confirmed_ms[i] < stale_ms ? 1 : 0);
}

static void
count_place(const struct counting *c, const struct observatory_place *place,
    uint32_t by_request)
{
	const struct observatory_question *q = c->question;
	const struct observatory_area *area =
	    observatory_area(c->known, place->council.code);
	const struct observatory_provider *provider = provider_of(c, &place->provider);
	unsigned bands = asked(place->bands, (int)q->age_band);
	struct lines lines = {0};

	if ((q->area != NULL && area != q->area) ||
	    (q->care_type != 0 && place->care_type != q->care_type) ||
	    (q->age_band != 0 && bands == 0))
		return;
	lines.list[lines.n++] = c->table->all;
	lines.list[lines.n++] = area_line(c, area);
	lines.list[lines.n++] = sector_line(c, provider);
	lines.list[lines.n++] = &c->table->types[place->care_type];
	add_lines(&lines, c->table->bands, bands, OBSERVATORY_BANDS);
	if (place->is_apart) {
		count(&lines, METRIC(APPROVED_APART), place->approved);
		return;
	}
	count(&lines, METRIC(HOMES), 1);
	count_places(c, &lines, place, provider != NULL && provider->is_in_house);
	uint32_t filled =
	    place->filled < place->approved ? place->filled : place->approved;
	count(
	    &lines, METRIC(NO_REQUEST), filled > by_request ? filled - by_request : 0);
	count_vacancies(c, &lines, place);
}

/* ---- needs ---- */

/* Kinds that may be considered for the child: those asked for, or any that suits. */
static unsigned
wanted_types(const struct observatory_need *need, uint32_t age_years)
{
	unsigned any = OBSERVATORY_BIT(COMMON__CARE_TYPE__CARE_TYPE_FOSTER) |
	               OBSERVATORY_BIT(COMMON__CARE_TYPE__CARE_TYPE_CHILDRENS_HOME);

	if (need->types != 0)
		return need->types;
	if (observatory_band(age_years) == COMMON__AGE_BAND__AGE_BAND_16_TO_17)
		any |= OBSERVATORY_BIT(
		    COMMON__CARE_TYPE__CARE_TYPE_SUPPORTED_ACCOMMODATION);
	return any;
}

/* The placement that the child is in, or was in last; NULL: none has begun. */
static const struct observatory_placement *
placement_of(const struct observatory_need *need, unsigned child)
{
	const struct observatory_placement *last = NULL;

	for (unsigned i = 0; i < need->placements_n; i++) {
		if (need->placements[i].children & OBSERVATORY_BIT(child))
			last = &need->placements[i];
	}
	return last;
}

static const struct observatory_place *
place_of(const struct counting *c, const struct observatory_placement *p)
{
	unsigned kind = p->care_type == COMMON__CARE_TYPE__CARE_TYPE_FOSTER ? 0 : 1;
	const struct mirror *places =
	    kind == 0 ? c->known->households : c->known->homes;
	size_t i = mirror_find(places, &p->place);

	if (i == SIZE_MAX)
		return NULL;
	c->by_request[kind][i]++;
	return mirror_at(places, i);
}

static Observatory__Metric
where(const struct observatory_area *own, const struct observatory_placement *p)
{
	if (p->area.code[0] == '\0' || own == NULL)
		return METRIC(AREA_UNKNOWN);
	if (strcmp(p->area.code, own->council.code) == 0)
		return METRIC(OWN_AREA);
	return access_councils_adjoin(own->row, p->area.code) ? METRIC(ADJOINING)
	                                                      : METRIC(AT_A_DISTANCE);
}

static Observatory__Metric
miles(const struct observatory_need *need, const struct observatory_place *place)
{
	if (need->point == NULL || place == NULL || place->point == NULL)
		return METRIC(MILES_UNKNOWN);
	uint32_t tenths = geo_between(need->point, place->point).miles_tenths;
	if (tenths > 200)
		return METRIC(MILES_OVER_20);
	if (tenths > 100)
		return METRIC(MILES_TO_20);
	return tenths > 50 ? METRIC(MILES_TO_10) : METRIC(MILES_TO_5);
}

static void
count_placed(const struct counting *c, const struct lines *lines,
    const struct observatory_need *need, const struct observatory_area *area,
    const struct observatory_placement *p, const struct observatory_place *place)
{
	const struct observatory_provider *provider = provider_of(c, &p->provider);
	bool is_in_house = provider != NULL && provider->is_in_house;

	count(lines, METRIC(PLACED), 1);
	count(lines, where(area, p), 1);
	count(lines, miles(need, place), 1);
	count(lines, is_in_house ? METRIC(PLACED_IN_HOUSE) : METRIC(PLACED_INDEPENDENT),
	    1);
	if (need->are_siblings && need->children_n > 1) {
		bool is_with_all = p->children == OBSERVATORY_BIT(need->children_n) - 1;
		count(lines, is_with_all ? METRIC(TOGETHER) : METRIC(APART), 1);
	}
}

/* Where the child came first within the request, if that was within the period: when it
 * ended since is another figure. */
static void
count_started(const struct counting *c, const struct lines *lines,
    const struct observatory_need *need, unsigned child)
{
	const struct observatory_placement *first = NULL;
	int32_t days;

	for (unsigned i = 0; i < need->placements_n && first == NULL; i++) {
		if (need->placements[i].children & OBSERVATORY_BIT(child))
			first = &need->placements[i];
	}
	if (first == NULL || first->start_day < c->question->from_day ||
	    first->start_day > c->question->today || need->submitted_ms == 0)
		return;
	days = first->start_day - day_in_london(need->submitted_ms);
	if (days < 0)
		days = 0;
	if (days > OBSERVATORY_DAYS_MAX)
		days = OBSERVATORY_DAYS_MAX;
	count(lines, METRIC(STARTED), 1);
	for (size_t i = 0; i < lines->n; i++) {
		struct observatory_line *line = lines->list[i];
		if (line->waited == NULL)
			line->waited =
			    LIST_NEW(c->arena, OBSERVATORY_DAYS_MAX + 1, uint32_t);
		if (line->waited != NULL)
			line->waited[days]++;
	}
}

static void
count_searching(const struct counting *c, const struct lines *lines,
    const struct observatory_need *need)
{
	bool is_late = need->overdue_ms > 0 && need->overdue_ms <= c->question->now_ms;

	count(lines, METRIC(SEARCHING), 1);
	count(lines, need->is_circulated ? METRIC(WAITING) : METRIC(OPEN), 1);
	count(lines, is_late ? METRIC(UNFILLED) : METRIC(IN_TIME), 1);
	count(lines, need->is_same_day ? METRIC(SAME_DAY) : METRIC(PLANNED), 1);
}

static void
count_child(const struct counting *c, const struct observatory_need *need,
    const struct observatory_area *area, unsigned child)
{
	const struct observatory_question *q = c->question;
	const struct observatory_placement *p = placement_of(need, child);
	bool is_placed = p != NULL && !p->is_ended;
	/* Whoever asks about what: the place is taken. */
	const struct observatory_place *place = is_placed ? place_of(c, p) : NULL;
	uint32_t age = day_age_at(
	    need->children[child].age_years, need->children[child].age_day, q->today);
	unsigned band = OBSERVATORY_BIT(observatory_band(age));
	unsigned types =
	    p != NULL ? OBSERVATORY_BIT(p->care_type) : wanted_types(need, age);
	struct lines lines = {0};

	if ((q->area != NULL && area != q->area) ||
	    asked(band, (int)q->age_band) == 0 || asked(types, (int)q->care_type) == 0)
		return;
	lines.list[lines.n++] = c->table->all;
	lines.list[lines.n++] = area_line(c, area);
	if (p != NULL)
		lines.list[lines.n++] = sector_line(c, provider_of(c, &p->provider));
	add_lines(&lines, c->table->bands, band, OBSERVATORY_BANDS);
	add_lines(&lines, c->table->types, asked(types, (int)q->care_type),
	    OBSERVATORY_TYPES);
	count_started(c, &lines, need, child);
	if (is_placed)
		count_placed(c, &lines, need, area, p, place);
	else if (p != NULL)
		count(&lines, METRIC(ENDED), p->end_day >= q->from_day ? 1 : 0);
	else if (need->is_withdrawn)
		count(&lines, METRIC(WITHDRAWN),
		    need->withdrawn_day >= q->from_day ? 1 : 0);
	else
		count_searching(c, &lines, need);
}

/* ---- all of it ---- */

static struct observatory_line *
new_lines(struct observatory_table *table, Observatory__Breakdown breakdown, size_t n)
{
	struct observatory_line *first = table->lines + table->n;

	for (size_t i = 0; i < n; i++) {
		first[i].breakdown = breakdown;
		first[i].code = (int)i;
	}
	table->n += n;
	return first;
}

static bool
new_table(struct arena *a, const struct observatory_known *known,
    struct observatory_table *out)
{
	size_t n = 1 + known->areas_n + 1 + OBSERVATORY_TYPES + OBSERVATORY_BANDS +
	           OBSERVATORY_SECTORS;

	*out = (struct observatory_table){
	    .lines = LIST_NEW(a, n, struct observatory_line)};
	if (out->lines == NULL)
		return false;
	out->all = new_lines(out, OBSERVATORY__BREAKDOWN__BREAKDOWN_ALL, 1);
	out->areas = new_lines(
	    out, OBSERVATORY__BREAKDOWN__BREAKDOWN_COUNCIL, known->areas_n + 1);
	for (size_t i = 0; i < known->areas_n; i++)
		out->areas[i].area = &known->areas[i];
	out->types = new_lines(
	    out, OBSERVATORY__BREAKDOWN__BREAKDOWN_CARE_TYPE, OBSERVATORY_TYPES);
	out->bands = new_lines(
	    out, OBSERVATORY__BREAKDOWN__BREAKDOWN_AGE_BAND, OBSERVATORY_BANDS);
	out->sectors = new_lines(
	    out, OBSERVATORY__BREAKDOWN__BREAKDOWN_SECTOR, OBSERVATORY_SECTORS);
	return true;
}

enum err
observatory_count(struct arena *a, const struct observatory_known *known,
    const struct observatory_question *question, struct observatory_table *out)
{
	struct counting c = {known, question, a, out,
	    {LIST_NEW(a, known->households->n, uint32_t),
		LIST_NEW(a, known->homes->n, uint32_t)}};
	const struct mirror *places[2] = {known->households, known->homes};

	if (!new_table(a, known, out) || c.by_request[0] == NULL ||
	    c.by_request[1] == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < known->needs->n; i++) {
		const struct observatory_need *need = mirror_at(known->needs, i);
		const struct observatory_area *area =
		    observatory_area(known, need->council.code);
		for (unsigned k = 0; k < need->children_n; k++)
			count_child(&c, need, area, k);
	}
	for (unsigned kind = 0; kind < 2; kind++) {
		for (size_t i = 0; i < places[kind]->n; i++)
			count_place(
			    &c, mirror_at(places[kind], i), c.by_request[kind][i]);
	}
	return a->is_full ? ERR_MEMORY : ERR_NONE;
}

/* ---- percentages and days ---- */

#define SHARES (METRIC(SHARE_STALE) - METRIC(SHARE_OWN_AREA) + 1)

/* What it is taken of: one count and another, less a third. Zero: none. */
static const struct {
	Observatory__Metric of, whole, and, less;
} shares[SHARES] = {
#define AT(name) [METRIC(SHARE_##name) - METRIC(SHARE_OWN_AREA)]
    AT(OWN_AREA) = {METRIC(OWN_AREA), METRIC(PLACED), 0, METRIC(AREA_UNKNOWN)},
    AT(OVER_20) = {METRIC(MILES_OVER_20), METRIC(PLACED), 0, METRIC(MILES_UNKNOWN)},
    AT(TOGETHER) = {METRIC(TOGETHER), METRIC(TOGETHER), METRIC(APART), 0},
    AT(FILLED_IN_HOUSE) = {METRIC(FILLED_IN_HOUSE), METRIC(FILLED), 0, 0},
    AT(PLACED_IN_HOUSE) = {METRIC(PLACED_IN_HOUSE), METRIC(PLACED), 0, 0},
    AT(FILLED) = {METRIC(FILLED), METRIC(APPROVED), 0, 0},
    AT(FILLED_OF_AVAILABLE) = {METRIC(FILLED), METRIC(APPROVED), 0,
	METRIC(NOT_AVAILABLE)},
    AT(STALE) = {METRIC(VACANCIES_STALE), METRIC(VACANCIES), 0, 0},
#undef AT
};

bool
observatory_is_count(Observatory__Metric metric)
{
	return (unsigned)metric > 0 && (unsigned)metric < OBSERVATORY_METRICS &&
	       (metric < METRIC(SHARE_OWN_AREA) || metric > METRIC(SHARE_STALE)) &&
	       metric != METRIC(MEDIAN_DAYS);
}

bool
observatory_share(const uint32_t counts[OBSERVATORY_METRICS],
    Observatory__Metric metric, struct observatory_share *out)
{
	if ((unsigned)metric < METRIC(SHARE_OWN_AREA) || metric > METRIC(SHARE_STALE))
		return false;
	unsigned i = (unsigned)metric - METRIC(SHARE_OWN_AREA);
	out->of = counts[shares[i].of];
	/* Counts of metric zero are never written. */
	out->whole =
	    counts[shares[i].whole] + counts[shares[i].and ] - counts[shares[i].less];
	if (out->whole == 0)
		return false;
	out->percent = (uint32_t)(((uint64_t)out->of * 200 + out->whole) /
				  ((uint64_t)out->whole * 2));
	return true;
}

/* The days that the one at this place of the order waited, from 0. */
static uint32_t
waited_at(const uint32_t *waited, uint32_t place)
{
	uint32_t day = 0, so_far = waited[0];

	while (so_far <= place)
		so_far += waited[++day];
	return day;
}

bool
observatory_median(const struct observatory_line *line, uint32_t *days_tenths)
{
	uint32_t n = line->counts[METRIC(STARTED)];

	if (n == 0)
		return false;
	*days_tenths =
	    5 * (waited_at(line->waited, (n - 1) / 2) + waited_at(line->waited, n / 2));
	return true;
}
