#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/json_names.h"
#include "base/str.h"
#include "gateway/csv.h"
#include "gateway/figures.h"
#include "gateway/say.h"

#define METRIC(name) OBSERVATORY__METRIC__METRIC_##name
#define BREAKDOWN(name) OBSERVATORY__BREAKDOWN__BREAKDOWN_##name
#define CSV_BYTES_MAX ((size_t)512 * 1024)

struct column {
	const char *code, *head;
	Observatory__Metric metric;
};

static const struct column columns[] = {
    {"waiting", "Children waiting", METRIC(SEARCHING)},
    {"late", "Past the day needed", METRIC(UNFILLED)},
    {"placed", "Placed", METRIC(PLACED)},
    {"approved", "Places approved", METRIC(APPROVED)},
    {"filled", "Filled", METRIC(FILLED)},
    {"free", "Free", METRIC(FREE)},
    {"not-free", "Held or not available", METRIC(NOT_FREE)},
};
#define COLUMNS (sizeof columns / sizeof columns[0])
#define BY_NAME "name"

/* Which column, and which way; NULL is by name. */
struct order {
	const struct column *column;
	bool is_down;
};

static struct order
order_of(const char *sort)
{
	struct order order = {NULL, sort != NULL && sort[0] == '-'};
	const char *code = order.is_down ? sort + 1 : sort;

	for (size_t i = 0; i < COLUMNS; i++) {
		if (str_equal(columns[i].code, code))
			order.column = &columns[i];
	}
	if (order.column == NULL && !str_equal(code, BY_NAME))
		order.is_down = false;
	return order;
}

struct row {
	const char *name;
	const Observatory__Line *line;
};

/* Hidden figures and none come last, whichever way. */
static bool
is_before(const struct row *a, const struct row *b, struct order order)
{
	struct finding_figure one, other;

	if (order.column == NULL)
		return order.is_down ? strcmp(a->name, b->name) > 0
		                     : strcmp(a->name, b->name) < 0;
	one = figures_value(a->line, order.column->metric);
	other = figures_value(b->line, order.column->metric);
	if (one.state != other.state)
		return one.state > other.state;
	if (one.state == FINDING_KNOWN && one.value != other.value)
		return order.is_down ? one.value > other.value
		                     : one.value < other.value;
	return strcmp(a->name, b->name) < 0;
}

/* A region has two dozen of them, England 153. */
static void
insert(struct row *rows, size_t n, struct row row, struct order order)
{
	size_t at = n;

	for (; at > 0 && is_before(&row, &rows[at - 1], order); at--)
		rows[at] = rows[at - 1];
	rows[at] = row;
}

/* ---- as the partial wants it ---- */

static json_t *
head_cell(const struct figures *f, const char *code, const char *text,
    const char *address, const struct order *order)
{
	bool is_it =
	    order != NULL &&
	    str_equal(code, order->column == NULL ? BY_NAME : order->column->code);
	json_t *cell = json_pack(
	    "{s:s, s:b}", "text", text, "is_number", !str_equal(code, BY_NAME));
	const char *href = order == NULL
	                       ? NULL
	                       : str_format(f->arena, "%ssort=%s%s", address,
				     is_it && !order->is_down ? "-" : "", code);

	if (href != NULL)
		json_object_set_new(cell, "href", json_string(href));
	if (is_it)
		json_object_set_new(cell, "sorted",
		    json_string(order->is_down ? "descending" : "ascending"));
	return cell;
}

static json_t *
heads(const struct figures *f, const char *first, const char *address,
    const struct order *order)
{
	json_t *list = json_array();

	json_array_append_new(list, head_cell(f, BY_NAME, first, address, order));
	for (size_t i = 0; i < COLUMNS; i++)
		json_array_append_new(list,
		    head_cell(f, columns[i].code, columns[i].head, address, order));
	return list;
}

static json_t *
table_row(const struct figures *f, const struct row *row)
{
	json_t *cells = json_array();

	json_array_append_new(
	    cells, json_pack("{s:s, s:b}", "text", row->name, "is_head", 1));
	for (size_t i = 0; i < COLUMNS; i++) {
		Observatory__Metric metric = columns[i].metric;
		bool is_hidden =
		    figures_value(row->line, metric).state == FINDING_HIDDEN;
		json_array_append_new(
		    cells, json_pack("{s:s, s:b, s:b}", "text",
			       figures_text(f->arena, row->line, metric), "is_number",
			       1, "is_hidden", is_hidden));
	}
	return json_pack("{s:o}", "cells", cells);
}

/* Places lie in other councils' areas too. */
static const char *
council_row_name(const struct figures *f, const char *council_id)
{
	const char *name;

	if (council_id == NULL)
		return "Elsewhere";
	name = f->council_name(f->of, council_id);
	if (!f->is_member(f->of, council_id))
		name = str_format(f->arena, "%s (not a member)", name);
	return name == NULL ? "" : name;
}

json_t *
figures_by_council(const struct figures *f, const char *sort, const char *address)
{
	struct order order = order_of(sort);
	struct row *list = arena_take(f->arena, f->counted->n_lines * sizeof *list);
	struct row all = {"All councils", figures_line(f, NULL)};
	json_t *rows;
	size_t n = 0;

	if (list == NULL)
		return NULL;
	for (size_t i = 0; i < f->counted->n_lines; i++) {
		const Observatory__Line *line = f->counted->lines[i];
		if (line->breakdown != BREAKDOWN(COUNCIL))
			continue;
		struct row row = {council_row_name(f, line->council_id), line};
		insert(list, n++, row, order);
	}
	rows = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(rows, table_row(f, &list[i]));
	if (n > 0)
		json_array_append_new(rows, table_row(f, &all));
	return json_pack("{s:s, s:o, s:o}", "caption", "Need and supply by council",
	    "head", heads(f, "Council", address, &order), "rows", rows);
}

/* ---- by type and age, and what a line is called ---- */

static const char *
name_of(const struct figures *f, const Observatory__Line *line)
{
	struct arena *a = f->arena;

	switch (line->breakdown) {
	case BREAKDOWN(COUNCIL):
		return line->council_id == NULL
		           ? "Elsewhere"
		           : f->council_name(f->of, line->council_id);
	case BREAKDOWN(CARE_TYPE):
		return say_enum(
		    a, &common__care_type__descriptor, (int)line->care_type);
	case BREAKDOWN(AGE_BAND):
		return say_enum(a, &common__age_band__descriptor, (int)line->age_band);
	case BREAKDOWN(SECTOR):
		return say_enum(a, &members__sector__descriptor, (int)line->sector);
	case BREAKDOWN(ALL):
	case BREAKDOWN(UNSPECIFIED): break;
	}
	return "All";
}

json_t *
figures_by(
    const struct figures *f, Observatory__Breakdown breakdown, const char *caption)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < f->counted->n_lines; i++) {
		const Observatory__Line *line = f->counted->lines[i];
		struct row row = {NULL, line};
		if (line->breakdown != breakdown)
			continue;
		row.name = name_of(f, line);
		json_array_append_new(rows, table_row(f, &row));
	}
	return json_pack("{s:s, s:o, s:o}", "caption", caption, "head",
	    heads(
		f, breakdown == BREAKDOWN(AGE_BAND) ? "Age" : "Type of care", "", NULL),
	    "rows", rows);
}

/* ---- CSV ---- */

static void
put_code(struct csv *c, const Observatory__Line *line)
{
	csv_cell(c, line->breakdown == BREAKDOWN(COUNCIL) ? line->council_id : NULL);
}

static void
put_figure(struct csv *c, const Observatory__Line *line, Observatory__Metric metric)
{
	struct finding_figure figure = figures_value(line, metric);
	char tenths[24];

	if (figure.state != FINDING_KNOWN) {
		csv_cell(c, figure.state == FINDING_HIDDEN ? "c" : "z");
		return;
	}
	if (metric != METRIC(MEDIAN_DAYS)) {
		csv_number(c, figure.value);
		return;
	}
	snprintf(tenths, sizeof tenths, "%" PRIu32 ".%" PRIu32, figure.value / 10,
	    figure.value % 10);
	csv_cell(c, tenths);
}

static void
put_heads(struct csv *c)
{
	const ProtobufCEnumDescriptor *metrics = &observatory__metric__descriptor;
	static const char *const first[] = {"as_at", "period_from", "period_until",
	    "definitions_version", "is_suppressed", "breakdown", "council_code",
	    "name"};

	for (size_t i = 0; i < sizeof first / sizeof first[0]; i++)
		csv_cell(c, first[i]);
	for (unsigned i = 1; i < metrics->n_values; i++) {
		char name[JSON_NAME_MAX];
		json_enum_name(metrics, &metrics->values[i], name);
		csv_cell(c, name);
	}
	csv_line_end(c);
}

static void
put_line(struct csv *c, const struct figures *f, const Observatory__Line *line)
{
	const ProtobufCEnumDescriptor *metrics = &observatory__metric__descriptor;
	const ProtobufCEnumValue *breakdown = protobuf_c_enum_descriptor_get_value(
	    &observatory__breakdown__descriptor, (int)line->breakdown);
	char name[JSON_NAME_MAX] = "";

	if (breakdown != NULL)
		json_enum_name(&observatory__breakdown__descriptor, breakdown, name);
	csv_cell(c, say_iso(f->arena, f->counted->as_at_time));
	csv_cell(c, say_iso_day(f->arena, f->counted->from_day));
	csv_cell(c, say_iso_day(f->arena, f->counted->until_day));
	csv_number(c, f->counted->definitions_version);
	csv_cell(c, f->counted->is_suppressed ? "yes" : "no");
	csv_cell(c, name);
	put_code(c, line);
	csv_cell(c, name_of(f, line));
	for (unsigned i = 1; i < metrics->n_values; i++)
		put_figure(c, line, (Observatory__Metric)metrics->values[i].value);
	csv_line_end(c);
}

struct bytes
figures_csv(const struct figures *f)
{
	struct csv c;

	csv_begin(&c, f->arena, CSV_BYTES_MAX, true);
	put_heads(&c);
	for (size_t i = 0; i < f->counted->n_lines; i++)
		put_line(&c, f, f->counted->lines[i]);
	return csv_end(&c);
}

/* ---- what they mean, and how fresh they are ---- */

/* Those of the tables, and these of the headline. */
static bool
is_on_the_page(Observatory__Metric metric)
{
	static const Observatory__Metric headline[] = {METRIC(SAME_DAY),
	    METRIC(VACANCIES), METRIC(VACANCIES_STALE), METRIC(STARTED),
	    METRIC(MEDIAN_DAYS), METRIC(SHARE_OVER_20), METRIC(SHARE_OWN_AREA)};

	for (size_t i = 0; i < COLUMNS; i++) {
		if (columns[i].metric == metric)
			return true;
	}
	for (size_t i = 0; i < sizeof headline / sizeof headline[0]; i++) {
		if (headline[i] == metric)
			return true;
	}
	return false;
}

json_t *
figures_definitions(struct arena *a, const Observatory__Definitions *d, bool is_shown)
{
	json_t *list = json_array();

	for (size_t i = 0; i < d->n_definitions; i++) {
		const Observatory__Definition *row = d->definitions[i];
		if (is_shown && !is_on_the_page(row->metric))
			continue;
		json_array_append_new(list,
		    json_pack("{s:s, s:s, s:s, s:s}", "term",
			say_enum(a, &observatory__metric__descriptor, (int)row->metric),
			"unit",
			say_enum_within(
			    a, &observatory__unit__descriptor, (int)row->unit),
			"words", row->words == NULL ? "" : row->words, "source",
			row->source == NULL ? "" : row->source));
	}
	return json_pack("{s:o}", "definitions", list);
}

/* What a service keeps, in words for people. */
static const char *
records_of(const char *service)
{
	static const struct {
		const char *service, *records;
	} kept[] = {{"members", "Councils, providers and people"},
	    {"requests", "Needs and placements"}, {"foster", "Fostering households"},
	    {"residential", "Children\u2019s homes and supported accommodation"}};

	for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
		if (str_equal(kept[i].service, service))
			return kept[i].records;
	}
	return service == NULL ? "" : service;
}

json_t *
figures_sources(
    struct arena *a, Observatory__Source *const *sources, size_t n, int64_t now_ms)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++) {
		const char *when =
		    sources[i]->has_fresh_time
			? str_format(a, "up to %s",
			      say_time_within(a, sources[i]->fresh_time, now_ms))
			: "nothing heard yet";
		json_array_append_new(list,
		    json_pack("{s:s, s:s}", "service", records_of(sources[i]->service),
			"when", when == NULL ? "" : when));
	}
	return list;
}
