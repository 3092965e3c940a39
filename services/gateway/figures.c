#include "gateway/figures.h"

#include <inttypes.h>
#include <string.h>

#include "base/message.h"
#include "base/str.h"
#include "gateway/boundary.h"
#include "gateway/say.h"
#include "gateway/svg.h"

#define METRIC(name) OBSERVATORY__METRIC__METRIC_##name
#define BREAKDOWN(name) OBSERVATORY__BREAKDOWN__BREAKDOWN_##name
#define HIDDEN "[c]"
#define NONE "\u2013"

/* ---- one figure ---- */

const Observatory__Line *
figures_line(const struct figures *f, const char *council_id)
{
	for (size_t i = 0; i < f->counted->n_lines; i++) {
		const Observatory__Line *line = f->counted->lines[i];
		bool is_it = council_id == NULL
		                 ? line->breakdown == BREAKDOWN(ALL)
		                 : line->breakdown == BREAKDOWN(COUNCIL) &&
		                       str_equal(line->council_id, council_id);
		if (is_it)
			return line;
	}
	return NULL;
}

static const Observatory__Figure *
figure_of(const Observatory__Line *line, Observatory__Metric metric)
{
	for (size_t i = 0; line != NULL && i < line->n_figures; i++) {
		if (line->figures[i]->metric == metric)
			return line->figures[i];
	}
	return NULL;
}

struct finding_figure
figures_value(const Observatory__Line *line, Observatory__Metric metric)
{
	const Observatory__Figure *f = figure_of(line, metric);

	if (f == NULL)
		return (struct finding_figure){FINDING_NONE, 0};
	if (f->has_is_hidden && f->is_hidden)
		return (struct finding_figure){FINDING_HIDDEN, 0};
	if (f->has_percent)
		return (struct finding_figure){FINDING_KNOWN, f->percent};
	if (f->has_days_tenths)
		return (struct finding_figure){FINDING_KNOWN, f->days_tenths};
	return (struct finding_figure){FINDING_KNOWN, f->count};
}

static const char *
or_nothing(const char *text)
{
	return text != NULL ? text : "";
}

static const char *
days_text(struct arena *a, uint32_t tenths)
{
	const char *whole = say_number(a, tenths / 10);

	if (tenths % 10 != 0)
		return or_nothing(
		    str_format(a, "%s.%" PRIu32 " days", whole, tenths % 10));
	return or_nothing(str_format(a, "%s %s", whole, tenths == 10 ? "day" : "days"));
}

const char *
figures_text(struct arena *a, const Observatory__Line *line, Observatory__Metric metric)
{
	const Observatory__Figure *f = figure_of(line, metric);
	struct finding_figure value = figures_value(line, metric);

	if (value.state == FINDING_NONE)
		return NONE;
	if (value.state == FINDING_HIDDEN)
		return HIDDEN;
	if (f->has_percent)
		return or_nothing(str_format(a, "%" PRIu32 "%%", value.value));
	if (f->has_days_tenths)
		return days_text(a, value.value);
	return say_number(a, value.value);
}

/* ---- headline ---- */

/* "6 needed today", "1 child placed in the period"; NULL where the figure is not told.
 */
static const char *
clause(const struct figures *f, const Observatory__Line *line,
    Observatory__Metric metric, const char *one, const char *several)
{
	struct finding_figure value = figures_value(line, metric);

	if (value.state == FINDING_NONE)
		return NULL;
	return or_nothing(
	    str_format(f->arena, "%s %s", figures_text(f->arena, line, metric),
		value.state == FINDING_KNOWN && value.value == 1 ? one : several));
}

static void
add_headline(json_t *list, const char *number, const char *label, const char *one,
    const char *other)
{
	json_t *more = json_array();

	if (one != NULL)
		json_array_append_new(more, json_string(one));
	if (other != NULL)
		json_array_append_new(more, json_string(other));
	json_array_append_new(list, json_pack("{s:s, s:s, s:o}", "number", number,
					"label", label, "more", more));
}

json_t *
figures_headline(const struct figures *f, const Observatory__Line *line)
{
	struct arena *a = f->arena;
	bool has_days = figures_value(line, METRIC(MEDIAN_DAYS)).state != FINDING_NONE;
	bool has_miles =
	    figures_value(line, METRIC(SHARE_OVER_20)).state != FINDING_NONE;
	json_t *list = json_array();

	add_headline(list, figures_text(a, line, METRIC(SEARCHING)),
	    "children waiting for a home",
	    clause(f, line, METRIC(SAME_DAY), "needed today", "needed today"),
	    clause(f, line, METRIC(UNFILLED), "past the day needed",
		"past the day needed"));
	add_headline(list, figures_text(a, line, METRIC(FREE)), "places free",
	    clause(f, line, METRIC(VACANCIES), "vacancy open to referral",
		"vacancies open to referral"),
	    clause(f, line, METRIC(VACANCIES_STALE), "not confirmed for two weeks",
		"not confirmed for two weeks"));
	add_headline(list, figures_text(a, line, METRIC(MEDIAN_DAYS)),
	    "from need to placement (median)",
	    has_days ? clause(f, line, METRIC(STARTED), "child placed in the period",
			   "children placed in the period")
		     : "nobody was placed in the period",
	    NULL);
	add_headline(list, figures_text(a, line, METRIC(SHARE_OVER_20)),
	    "of placed children live over 20 miles from home",
	    has_miles ? "estimated between postcode sectors"
		      : "nobody is placed whose distance is known",
	    clause(f, line, METRIC(SHARE_OWN_AREA), "in their own council\u2019s area",
		"in their own council\u2019s area"));
	return list;
}

const char *
figures_say(const struct figures *f, const Observatory__Line *line)
{
	return or_nothing(str_format(f->arena, "%s children waiting, %s places free",
	    figures_text(f->arena, line, METRIC(SEARCHING)),
	    figures_text(f->arena, line, METRIC(FREE))));
}

/* ---- the map ---- */

const struct figures_measure figures_measures[] = {
    {"free", "Share of places that are free", METRIC(FREE), METRIC(APPROVED), "%"},
    {"waiting", "Children waiting for a home", METRIC(SEARCHING), 0, ""},
    {"filled", "Share of places that are filled", METRIC(FILLED), METRIC(APPROVED),
	"%"},
    {"far", "Placed children over 20 miles from home", METRIC(SHARE_OVER_20), 0, "%"},
};
const size_t figures_measures_n = sizeof figures_measures / sizeof figures_measures[0];

const struct figures_measure *
figures_measure(const char *code)
{
	for (size_t i = 0; i < figures_measures_n; i++) {
		if (str_equal(figures_measures[i].code, code))
			return &figures_measures[i];
	}
	return &figures_measures[0];
}

/* A share is of two figures that are both told. */
static struct finding_figure
measured(const Observatory__Line *line, const struct figures_measure *measure)
{
	struct finding_figure part = figures_value(line, measure->metric);
	struct finding_figure whole;

	if (measure->whole == 0 || part.state == FINDING_NONE)
		return part;
	whole = figures_value(line, measure->whole);
	if (whole.state != FINDING_KNOWN || part.state == FINDING_HIDDEN)
		return (struct finding_figure){
		    whole.state == FINDING_NONE ? FINDING_NONE : FINDING_HIDDEN, 0};
	if (whole.value == 0)
		return (struct finding_figure){FINDING_NONE, 0};
	part.value = (uint32_t)(((uint64_t)part.value * 200 + whole.value) /
				((uint64_t)whole.value * 2));
	return part;
}

/* The members that have a line, with one figure or two. */
struct councils {
	struct finding_row *rows;
	const Observatory__Line **lines;
	size_t n;
	uint32_t most; /* of what is known */
	size_t hidden, none;
};

static void
count_state(struct councils *c, struct finding_figure figure)
{
	c->hidden += figure.state == FINDING_HIDDEN;
	c->none += figure.state == FINDING_NONE;
	if (figure.state == FINDING_KNOWN && figure.value > c->most)
		c->most = figure.value;
}

static bool
take_councils(const struct figures *f, struct councils *out)
{
	size_t most = f->counted->n_lines;

	*out = (struct councils){.rows = LIST_NEW(f->arena, most, struct finding_row),
	    .lines = LIST_NEW(f->arena, most, const Observatory__Line *)};
	if (out->rows == NULL || out->lines == NULL)
		return false;
	for (size_t i = 0; i < most; i++) {
		const Observatory__Line *line = f->counted->lines[i];
		if (line->breakdown != BREAKDOWN(COUNCIL) || line->council_id == NULL ||
		    !f->is_member(f->of, line->council_id))
			continue;
		out->lines[out->n] = line;
		out->rows[out->n++].name = f->council_name(f->of, line->council_id);
	}
	return true;
}

static const char *
with_unit(struct arena *a, uint32_t value, const char *unit)
{
	return or_nothing(str_format(a, "%s%s", say_number(a, value), unit));
}

static const char *
value_text(struct arena *a, struct finding_figure figure, const char *unit)
{
	if (figure.state == FINDING_HIDDEN)
		return HIDDEN;
	return figure.state == FINDING_NONE ? "no figure"
	                                    : with_unit(a, figure.value, unit);
}

static int
level_of(struct finding_figure figure, uint32_t step)
{
	if (figure.state == FINDING_HIDDEN)
		return SVG_HIDDEN;
	return figure.state == FINDING_NONE ? SVG_NO_DATA
	                                    : svg_level(figure.value, step);
}

static void
add_key(struct arena *a, json_t *list, int level, const char *text)
{
	json_array_append_new(
	    list, json_pack("{s:s, s:s}", "swatch", or_nothing(svg_swatch(a, level)),
		      "text", or_nothing(text)));
}

/* "5 to 9%", "20% or more", "3" where a class is of one number. */
static const char *
class_text(struct arena *a, int level, uint32_t step, const char *unit)
{
	uint32_t from = (uint32_t)level * step;

	if (level == SVG_LEVELS - 1)
		return str_format(a, "%s or more", with_unit(a, from, unit));
	if (step == 1)
		return with_unit(a, from, unit);
	return str_format(
	    a, "%s to %s", say_number(a, from), with_unit(a, from + step - 1, unit));
}

/* The classes up to the highest there is, and what has no class. */
static json_t *
map_key(struct arena *a, const struct councils *c, uint32_t step, const char *unit)
{
	const struct finding_figure most = {.state = FINDING_KNOWN, .value = c->most};
	bool has_known = c->hidden + c->none < c->n;
	json_t *list = json_array();

	for (int level = 0; has_known && level <= level_of(most, step); level++)
		add_key(a, list, level, class_text(a, level, step, unit));
	if (c->hidden > 0)
		add_key(a, list, SVG_HIDDEN, HIDDEN " hidden");
	if (c->none > 0)
		add_key(a, list, SVG_NO_DATA, "no figure");
	return list;
}

static bool
fill_areas(const struct figures *f, const struct councils *c, uint32_t step,
    const char *unit, struct svg_area *areas)
{
	for (size_t i = 0; i < c->n; i++) {
		struct finding_figure figure = c->rows[i].figure;
		areas[i] = (struct svg_area){.council_id = c->lines[i]->council_id,
		    .words = str_format(f->arena, "%s: %s", c->rows[i].name,
			value_text(f->arena, figure, unit)),
		    .level = level_of(figure, step)};
	}
	return !f->arena->is_full;
}

static void
put_drawing(json_t *object, const char *name, const char *svg)
{
	if (svg != NULL)
		json_object_set_new(object, name, json_string(svg));
}

json_t *
figures_map(const struct figures *f, const struct figures_measure *measure,
    const char *selected)
{
	struct arena *a = f->arena;
	struct councils c;
	struct svg_area *areas;
	struct svg_map map = {
	    .id = "map", .title = measure->label, .selected_id = selected};
	json_t *out;

	if (!take_councils(f, &c))
		return NULL;
	for (size_t i = 0; i < c.n; i++) {
		c.rows[i].figure = measured(c.lines[i], measure);
		count_state(&c, c.rows[i].figure);
	}
	areas = arena_take(a, c.n * sizeof *areas);
	if (areas == NULL || !fill_areas(f, &c, svg_step(c.most), measure->unit, areas))
		return NULL;
	map.words = finding_extremes(a, c.rows, c.n, measure->unit);
	map.areas = areas;
	map.areas_n = c.n;
	out = json_pack("{s:s, s:s, s:o, s:s}", "title", measure->label, "finding",
	    map.words, "key", map_key(a, &c, svg_step(c.most), measure->unit),
	    "attribution", BOUNDARY_ATTRIBUTION);
	put_drawing(out, "whole", svg_map(a, &map, false));
	if (svg_map_has_inset(&map))
		put_drawing(out, "inset", svg_map(a, &map, true));
	return out;
}

/* ---- supply beside need ---- */

static json_t *
cover_row(const struct figures *f, const struct finding_row *row, uint32_t most,
    bool is_selected)
{
	struct arena *a = f->arena;
	struct svg_mark marks[] = {
	    {SVG_SQUARE, row->beside.value, row->beside.state != FINDING_KNOWN},
	    {SVG_CIRCLE, row->figure.value, row->figure.state != FINDING_KNOWN},
	};
	bool is_hidden =
	    row->figure.state == FINDING_HIDDEN || row->beside.state == FINDING_HIDDEN;

	return json_pack("{s:s, s:s, s:s, s:b, s:b}", "name", row->name, "words",
	    or_nothing(str_format(a, "%s free, %s waiting",
		value_text(a, row->beside, ""), value_text(a, row->figure, ""))),
	    "dots", or_nothing(svg_dots(a, marks, 2, most)), "is_hidden", is_hidden,
	    "is_selected", is_selected);
}

json_t *
figures_cover(const struct figures *f, const char *selected)
{
	struct arena *a = f->arena;
	struct councils c;
	json_t *rows = json_array();
	uint32_t top;

	if (!take_councils(f, &c)) {
		json_decref(rows);
		return NULL;
	}
	for (size_t i = 0; i < c.n; i++) {
		struct finding_row *row = &c.rows[i];
		row->figure = figures_value(c.lines[i], METRIC(SEARCHING));
		row->beside = figures_value(c.lines[i], METRIC(FREE));
		count_state(&c, row->figure);
		count_state(&c, row->beside);
	}
	top = svg_step(c.most) * SVG_LEVELS;
	for (size_t i = 0; i < c.n; i++)
		json_array_append_new(
		    rows, cover_row(f, &c.rows[i], top,
			      str_equal(c.lines[i]->council_id, selected)));
	return json_pack("{s:s, s:s, s:[{s:s, s:s}, {s:s, s:s}], s:o}", "finding",
	    finding_cover(a, c.rows, c.n), "scale",
	    or_nothing(str_format(a, "Scale 0 to %s.", say_number(a, top))), "key",
	    "mark", or_nothing(svg_key(a, SVG_SQUARE)), "text",
	    "Free places in the council\u2019s area (square)", "mark",
	    or_nothing(svg_key(a, SVG_CIRCLE)), "text",
	    "The council\u2019s children waiting (circle)", "rows", rows);
}
