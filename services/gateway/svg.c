#include "gateway/svg.h"

#include <inttypes.h>
#include <limits.h>

#include "base/str.h"
#include "gateway/boundary.h"
#include "gateway/markup.h"

#define INK "#0b0c0c"
#define GREY "#e4e6e8"
#define MAP_BYTES_MAX ((size_t)256 * 1024)
#define ROW_BYTES_MAX 1024
/* A map is at least so wide where it is shown, pixels: what is written on it is then
 * no smaller than WORDS of them. */
#define MAP_PIXELS 280
#define WORDS_PIXELS 13
/* An inset is wanted where the metropolitan councils take less than this of the map. */
#define INSET_PERCENT 40
#define INSET_COUNCILS 3
#define MARGIN_PERCENT 3

/* Sequential, of the palette for government charts: each against the next is at least
 * 1.4 to 1. */
static const char *const level_colours[SVG_LEVELS] = {
    "#e6eef6", "#b3cbe3", "#7aa4cf", "#3d75b0", "#12436d"};
/* Both at least 3 to 1 against white. */
static const char *const shape_colours[] = {
    [SVG_SQUARE] = "#12436d", [SVG_CIRCLE] = "#f46a25"};

const char *
svg_level_colour(int level)
{
	return level_colours[level];
}

const char *
svg_shape_colour(enum svg_shape shape)
{
	return shape_colours[shape];
}

uint32_t
svg_step(uint32_t most)
{
	static const uint32_t leads[] = {1, 2, 5};
	uint32_t tens = 1;
	size_t i = 0;

	/* The largest there is ends at 10 to the ninth. */
	while (most / SVG_LEVELS >= leads[i] * tens) {
		i = (i + 1) % (sizeof leads / sizeof leads[0]);
		tens *= i == 0 ? 10 : 1;
	}
	return leads[i] * tens;
}

int
svg_level(uint32_t value, uint32_t step)
{
	uint32_t level = value / step;

	return level < SVG_LEVELS ? (int)level : SVG_LEVELS - 1;
}

/* ---- the map ---- */

static bool
is_metropolitan(const char *council_id)
{
	return str_starts(council_id, "E08") || str_starts(council_id, "E09");
}

static struct boundary_box
box_of(const struct svg_map *map, bool metropolitan_alone, size_t *n)
{
	struct boundary_box box = BOUNDARY_NOWHERE;

	*n = 0;
	for (size_t i = 0; i < map->areas_n; i++) {
		const struct boundary *b = boundary_find(map->areas[i].council_id);
		if (b == NULL || (metropolitan_alone && !is_metropolitan(b->code)))
			continue;
		box = boundary_around(box, b->box);
		++*n;
	}
	return box;
}

bool
svg_map_has_inset(const struct svg_map *map)
{
	size_t n, small_n;
	struct boundary_box all = box_of(map, false, &n);
	struct boundary_box small = box_of(map, true, &small_n);
	int64_t whole, part;

	if (small_n < INSET_COUNCILS || small_n == n)
		return false;
	whole = (int64_t)(all.right - all.left) * (all.bottom - all.top);
	part = (int64_t)(small.right - small.left) * (small.bottom - small.top);
	return part * 100 < whole * INSET_PERCENT;
}

static bool
meet(struct boundary_box a, struct boundary_box b)
{
	return a.left < b.right && b.left < a.right && a.top < b.bottom &&
	       b.top < a.bottom;
}

static const struct svg_area *
area_of(const struct svg_map *map, const char *code)
{
	for (size_t i = 0; i < map->areas_n; i++) {
		if (str_equal(map->areas[i].council_id, code))
			return &map->areas[i];
	}
	return NULL;
}

/* One map being drawn. */
struct drawing {
	struct markup m;
	const struct svg_map *map;
	struct boundary_box view;
	const char *part; /* in ids: the whole or the inset */
};

/* `unit` of the drawing's own are a pixel. */
static void
put_hatching(struct markup *m, const char *id, const char *part, int32_t unit)
{
	int32_t side = 8 * unit;

	markup_put(m,
	    "<pattern id=\"%s-%s-hidden\" patternUnits=\"userSpaceOnUse\" "
	    "width=\"%" PRId32 "\" height=\"%" PRId32 "\">"
	    "<rect width=\"%" PRId32 "\" height=\"%" PRId32 "\" fill=\"#ffffff\"/>"
	    "<path d=\"M0 %" PRId32 "L%" PRId32 " 0\" stroke=\"#505a5f\" "
	    "stroke-width=\"%" PRId32 "\"/></pattern>",
	    id, part, side, side, side, side, side, side, unit);
}

/* So many of the drawing's own units are a pixel where it is smallest. */
static int32_t
pixel(const struct drawing *d)
{
	int32_t n = (d->view.right - d->view.left + MAP_PIXELS - 1) / MAP_PIXELS;

	return n < 1 ? 1 : n;
}

static void
put_fill(struct drawing *d, int level)
{
	if (level >= SVG_LEVEL_0 && level < SVG_LEVELS)
		markup_put(&d->m, "fill=\"%s\"", level_colours[level]);
	else if (level == SVG_HIDDEN)
		markup_put(&d->m, "fill=\"url(#%s-%s-hidden)\"", d->map->id, d->part);
	else
		markup_put(&d->m, "fill=\"#ffffff\"");
}

static void
put_neighbours(struct drawing *d)
{
	markup_put(
	    &d->m, "<g fill=\"" GREY "\" stroke=\"#ffffff\" stroke-width=\"1\">");
	for (size_t i = 0; i < boundary_table_rows; i++) {
		const struct boundary *b = &boundary_table[i];
		if (meet(b->box, d->view) && area_of(d->map, b->code) == NULL)
			markup_put(&d->m,
			    "<path vector-effect=\"non-scaling-stroke\" d=\"%s\"/>",
			    b->outline);
	}
	markup_put(&d->m, "</g>");
}

static void
put_area(struct drawing *d, const struct svg_area *area, const struct boundary *b)
{
	markup_put(&d->m, "<path ");
	put_fill(d, area->level);
	markup_put(&d->m, " vector-effect=\"non-scaling-stroke\" d=\"%s\"><title>",
	    b->outline);
	markup_text(&d->m, area->words != NULL ? area->words : area->council_id);
	markup_put(&d->m, "</title></path>");
}

/* All of them twice: a dark edge around the region, white lines within. */
static void
put_areas(struct drawing *d)
{
	const char *id = d->map->id;

	markup_put(&d->m,
	    "<g stroke=\"" INK "\" stroke-width=\"3\">"
	    "<use href=\"#%s-%s-areas\"/></g>"
	    "<g stroke=\"#ffffff\" stroke-width=\"1\"><g id=\"%s-%s-areas\">",
	    id, d->part, id, d->part);
	for (size_t i = 0; i < d->map->areas_n; i++) {
		const struct svg_area *area = &d->map->areas[i];
		const struct boundary *b = boundary_find(area->council_id);
		if (b != NULL && meet(b->box, d->view))
			put_area(d, area, b);
	}
	markup_put(&d->m, "</g></g>");
}

static void
put_selected(struct drawing *d)
{
	const struct boundary *b = boundary_find(d->map->selected_id);

	if (b == NULL || area_of(d->map, b->code) == NULL || !meet(b->box, d->view))
		return;
	markup_put(&d->m,
	    "<g fill=\"none\" stroke-linejoin=\"round\">"
	    "<path stroke=\"#ffffff\" stroke-width=\"7\" "
	    "vector-effect=\"non-scaling-stroke\" d=\"%s\"/>"
	    "<path stroke=\"" INK "\" stroke-width=\"4\" "
	    "vector-effect=\"non-scaling-stroke\" d=\"%s\"/></g>",
	    b->outline, b->outline);
}

/* "[c]" where there is room for it. */
static void
put_marks(struct drawing *d)
{
	int32_t size = WORDS_PIXELS * pixel(d);

	markup_put(&d->m,
	    "<g fill=\"" INK "\" stroke=\"#ffffff\" stroke-width=\"%" PRId32 "\" "
	    "paint-order=\"stroke\" font-family=\"Helvetica, Arial, sans-serif\" "
	    "font-weight=\"bold\" font-size=\"%" PRId32 "\" text-anchor=\"middle\">",
	    3 * pixel(d), size);
	for (size_t i = 0; i < d->map->areas_n; i++) {
		const struct boundary *b = boundary_find(d->map->areas[i].council_id);
		if (b == NULL || d->map->areas[i].level != SVG_HIDDEN ||
		    !meet(b->box, d->view) || b->box.right - b->box.left < 2 * size)
			continue;
		markup_put(&d->m,
		    "<text x=\"%" PRId32 "\" y=\"%" PRId32 "\">[c]</text>", b->label.x,
		    b->label.y + size / 3);
	}
	markup_put(&d->m, "</g>");
}

static void
put_head(struct drawing *d)
{
	const char *id = d->map->id;

	markup_put(&d->m,
	    "<svg class=\"map\" role=\"img\" aria-labelledby=\"%s-%s-title "
	    "%s-%s-words\" viewBox=\"%" PRId32 " %" PRId32 " %" PRId32 " %" PRId32
	    "\" preserveAspectRatio=\"xMidYMid meet\" focusable=\"false\">"
	    "<title id=\"%s-%s-title\">",
	    id, d->part, id, d->part, d->view.left, d->view.top,
	    d->view.right - d->view.left, d->view.bottom - d->view.top, id, d->part);
	markup_text(&d->m, d->map->title);
	markup_put(&d->m, "</title><desc id=\"%s-%s-words\">", id, d->part);
	markup_text(&d->m, d->map->words);
	markup_put(&d->m, "</desc><defs>");
	put_hatching(&d->m, id, d->part, pixel(d));
	markup_put(&d->m, "</defs>");
}

const char *
svg_map(struct arena *a, const struct svg_map *map, bool is_inset)
{
	size_t n;
	struct drawing d = {.map = map,
	    .view = box_of(map, is_inset, &n),
	    .part = is_inset ? "inset" : "whole"};
	int32_t margin;

	if (n == 0)
		return NULL;
	margin = (d.view.right - d.view.left) * MARGIN_PERCENT / 100 + 1;
	d.view.left -= margin;
	d.view.top -= margin;
	d.view.right += margin;
	d.view.bottom += margin;
	markup_begin(&d.m, a, MAP_BYTES_MAX);
	put_head(&d);
	put_neighbours(&d);
	put_areas(&d);
	put_selected(&d);
	put_marks(&d);
	markup_put(&d.m, "</svg>");
	return markup_end(&d.m);
}

/* ---- rows of a chart, and keys ---- */

#define DRAWN "aria-hidden=\"true\" focusable=\"false\""

const char *
svg_swatch(struct arena *a, int level)
{
	struct markup m;

	markup_begin(&m, a, ROW_BYTES_MAX);
	markup_put(&m, "<svg class=\"swatch\" width=\"20\" height=\"20\" " DRAWN ">");
	markup_put(&m,
	    "<rect x=\"1\" y=\"1\" width=\"18\" height=\"18\" fill=\"%s\" "
	    "stroke=\"" INK "\"/>",
	    level >= SVG_LEVEL_0 && level < SVG_LEVELS ? level_colours[level]
						       : "#ffffff");
	if (level == SVG_HIDDEN)
		markup_put(&m, "<path d=\"M1 10L10 1M1 19L19 1M10 19L19 10\" "
			       "stroke=\"#505a5f\"/>");
	markup_put(&m, "</svg>");
	return markup_end(&m);
}

/* Hundredths of a percent of the width: what is smallest and largest is seen whole. */
static uint32_t
along(uint32_t value, uint32_t most)
{
	uint64_t part = most == 0 ? 0 : (uint64_t)value * 9400 / most;

	return 300 + (uint32_t)(part > 9400 ? 9400 : part);
}

static void
put_shape(struct markup *m, enum svg_shape shape, const char *x, const char *by)
{
	const char *colour = shape_colours[shape];

	switch (shape) {
	case SVG_SQUARE:
		markup_put(m,
		    "<rect x=\"%s\" y=\"4\" width=\"12\" height=\"12\" fill=\"%s\" "
		    "stroke=\"#ffffff\" transform=\"translate(%s 0)\"/>",
		    x, colour, by);
		return;
	case SVG_CIRCLE:
		markup_put(m,
		    "<circle cx=\"%s\" cy=\"10\" r=\"5.5\" fill=\"%s\" "
		    "stroke=\"#ffffff\"/>",
		    x, colour);
		return;
	}
}

static const char *
percent(struct arena *a, uint32_t hundredths)
{
	const char *text = str_format(
	    a, "%" PRIu32 ".%02" PRIu32 "%%", hundredths / 100, hundredths % 100);

	return text == NULL ? "0" : text;
}

const char *
svg_dots(struct arena *a, const struct svg_mark *marks, size_t n, uint32_t most)
{
	struct markup m;

	markup_begin(&m, a, ROW_BYTES_MAX);
	markup_put(&m,
	    "<svg class=\"dots\" width=\"100%%\" height=\"20\" " DRAWN ">"
	    "<line x1=\"0\" x2=\"100%%\" y1=\"10\" y2=\"10\" stroke=\"#b1b4b6\"/>");
	for (size_t i = 0; i < n; i++) {
		if (!marks[i].is_absent)
			put_shape(&m, marks[i].shape,
			    percent(a, along(marks[i].value, most)), "-6");
	}
	markup_put(&m, "</svg>");
	return markup_end(&m);
}

const char *
svg_bar(struct arena *a, const struct svg_mark *mark, uint32_t most)
{
	struct markup m;
	uint32_t wide =
	    most == 0 ? 0 : (uint32_t)((uint64_t)mark->value * 10000 / most);

	markup_begin(&m, a, ROW_BYTES_MAX);
	markup_put(&m,
	    "<svg class=\"bar\" width=\"100%%\" height=\"20\" " DRAWN ">"
	    "<line x1=\"0.5\" x2=\"0.5\" y1=\"0\" y2=\"20\" stroke=\"#505a5f\"/>");
	if (!mark->is_absent)
		markup_put(&m,
		    "<rect x=\"0\" y=\"3\" width=\"%s\" height=\"14\" fill=\"%s\"/>",
		    percent(a, wide > 10000 ? 10000 : wide),
		    shape_colours[mark->shape]);
	markup_put(&m, "</svg>");
	return markup_end(&m);
}

const char *
svg_key(struct arena *a, enum svg_shape shape)
{
	struct markup m;

	markup_begin(&m, a, ROW_BYTES_MAX);
	markup_put(&m, "<svg class=\"swatch\" width=\"20\" height=\"20\" " DRAWN ">");
	put_shape(&m, shape, shape == SVG_SQUARE ? "4" : "10", "0");
	markup_put(&m, "</svg>");
	return markup_end(&m);
}
