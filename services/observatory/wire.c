#include "observatory/wire.h"

#include <stdio.h>

#include "base/access.h"
#include "base/day.h"
#include "base/message.h"
#include "base/mirror.h"
#include "base/str.h"
#include "observatory/definition.h"
#include "observatory/figures.h"
#include "observatory/observatory.h"
#include "observatory/operations.h"
#include "observatory/outside.h"
#include "observatory/store.h"

#include "foster.pb-c.h"
#include "requests.pb-c.h"
#include "residential.pb-c.h"

#define CALL(name) OBSERVATORY__OBSERVATORY_CALL__CALL_##name
#define COOPERATIVE_OFFICER ROLE_BIT(MEMBERS__ROLE__ROLE_COOPERATIVE_OFFICER)
#define COUNCIL                                                                        \
	(ROLE_BIT(MEMBERS__ROLE__ROLE_COMMISSIONER) |                                  \
	    ROLE_BIT(MEMBERS__ROLE__ROLE_NOMINATED_OFFICER) |                          \
	    ROLE_BIT(MEMBERS__ROLE__ROLE_DIRECTOR))
#define SCRATCH_BYTES (4u << 20)
#define OPERATIONS_LINES 50
#define OPERATIONS_LINES_MAX 200

/* What this service keeps in memory while it runs. */
enum source { HOUSEHOLDS, HOMES, NEEDS };
#define SOURCES 3

static const struct {
	const char *service;
	const struct mirror_spec *spec;
} followed[SOURCES] = {
    [HOUSEHOLDS] = {"foster", &observatory_households},
    [HOMES] = {"residential", &observatory_homes},
    [NEEDS] = {"requests", &observatory_needs},
};

struct room {
	struct arena memory; /* this room itself, and the mirrors */
	struct mirror mirrors[SOURCES];
	struct mirror providers;
};

/* Brings all copies up to the store. */
static enum err
catch_up(struct room *room, struct kv_txn *txn, struct arena *scratch)
{
	enum err e = ERR_NONE;

	for (unsigned i = 0; i < SOURCES && e == ERR_NONE; i++) {
		const Journal__Cursor *cursor =
		    observatory_store_cursor(txn, scratch, followed[i].service);
		e = txn->err;
		if (e == ERR_NONE)
			e = mirror_catch_up(&room->mirrors[i], txn, scratch,
			    cursor == NULL ? 0 : cursor->number,
			    cursor == NULL ? 0 : cursor->incarnation);
	}
	return e;
}

/* ---- the answer ---- */

/* One answer being written. */
struct writing {
	struct svc_ask *ask;
	const struct observatory_view *view;
	const struct observatory_table *table;
	Observatory__Sufficiency *out;
};

static bool
is_own(const struct writing *w, const struct observatory_line *line)
{
	return line->area != NULL &&
	       str_equal(line->area->council.code, w->view->own_id);
}

/* Days are of all children together only, outside. */
static bool
fill_days(const struct writing *w, const struct observatory_line *line, bool is_outside,
    Observatory__Figure *out)
{
	uint32_t tenths;

	if (!observatory_median(line, &tenths))
		return false;
	if (is_outside && !observatory_may_median(w->table))
		SET(out, is_hidden, true);
	else
		SET(out, days_tenths, tenths);
	return true;
}

/* A count, a percentage or days; false where there is nothing to say. */
static bool
fill_figure(const struct writing *w, const struct observatory_line *line,
    Observatory__Metric metric, Observatory__Figure *out)
{
	bool is_outside = w->view->is_suppressed && !is_own(w, line);
	bool is_all = line->breakdown == OBSERVATORY__BREAKDOWN__BREAKDOWN_ALL;
	struct observatory_share share;

	if (is_outside && !observatory_definition(metric)->is_outside)
		return false;
	SET(out, metric, metric);
	if (observatory_is_count(metric)) {
		if (is_outside && (line->hidden >> metric & 1) != 0)
			SET(out, is_hidden, true);
		else
			SET(out, count, line->counts[metric]);
		return true;
	}
	if (is_outside && !is_all)
		return false;
	if (metric == OBSERVATORY__METRIC__METRIC_MEDIAN_DAYS)
		return fill_days(w, line, is_outside, out);
	if (!observatory_share(line->counts, metric, &share))
		return false;
	if (is_outside && !observatory_may_share(w->table, metric, &share))
		SET(out, is_hidden, true);
	else
		SET(out, percent, share.percent);
	return true;
}

static void
name_line(const struct observatory_line *line, struct arena *a, Observatory__Line *out)
{
	SET(out, breakdown, line->breakdown);
	switch (line->breakdown) {
	case OBSERVATORY__BREAKDOWN__BREAKDOWN_COUNCIL:
		if (line->area != NULL)
			out->council_id = str_copy(a, line->area->council.code);
		return;
	case OBSERVATORY__BREAKDOWN__BREAKDOWN_CARE_TYPE:
		SET(out, care_type, (Common__CareType)line->code);
		return;
	case OBSERVATORY__BREAKDOWN__BREAKDOWN_AGE_BAND:
		SET(out, age_band, (Common__AgeBand)line->code);
		return;
	case OBSERVATORY__BREAKDOWN__BREAKDOWN_SECTOR:
		SET(out, sector, (Members__Sector)line->code);
		return;
	case OBSERVATORY__BREAKDOWN__BREAKDOWN_ALL:
	case OBSERVATORY__BREAKDOWN__BREAKDOWN_UNSPECIFIED: return;
	}
}

static bool
write_line(struct writing *w, const struct observatory_line *line)
{
	struct arena *a = w->ask->arena;
	Observatory__Line *out = MESSAGE_NEW(a, observatory__line);
	Observatory__Figure *figures =
	    LIST_NEW(a, OBSERVATORY_METRICS, Observatory__Figure);

	if (out == NULL || figures == NULL)
		return false;
	out->figures = LIST_NEW(a, OBSERVATORY_METRICS, Observatory__Figure *);
	if (out->figures == NULL)
		return false;
	name_line(line, a, out);
	for (unsigned i = 1; i < OBSERVATORY_METRICS; i++) {
		Observatory__Figure *figure = &figures[out->n_figures];
		observatory__figure__init(figure);
		if (fill_figure(w, line, (Observatory__Metric)i, figure))
			out->figures[out->n_figures++] = figure;
	}
	w->out->lines[w->out->n_lines++] = out;
	return !a->is_full;
}

/* A breakdown by what the question is narrowed to already would say it twice. */
static bool
is_narrowed(const struct observatory_view *view, Observatory__Breakdown breakdown)
{
	switch (breakdown) {
	case OBSERVATORY__BREAKDOWN__BREAKDOWN_COUNCIL: return view->council_id != NULL;
	case OBSERVATORY__BREAKDOWN__BREAKDOWN_CARE_TYPE: return view->care_type != 0;
	case OBSERVATORY__BREAKDOWN__BREAKDOWN_AGE_BAND: return view->age_band != 0;
	case OBSERVATORY__BREAKDOWN__BREAKDOWN_ALL:
	case OBSERVATORY__BREAKDOWN__BREAKDOWN_SECTOR:
	case OBSERVATORY__BREAKDOWN__BREAKDOWN_UNSPECIFIED: break;
	}
	return false;
}

static enum err
write_lines(struct writing *w, int32_t today)
{
	const struct observatory_table *table = w->table;
	bool is_suppressed = w->view->is_suppressed;

	w->out->lines = LIST_NEW(w->ask->arena, table->n, Observatory__Line *);
	if (w->out->lines == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < table->n; i++) {
		const struct observatory_line *line = &table->lines[i];
		if (!is_narrowed(w->view, line->breakdown) &&
		    observatory_is_shown(line, is_suppressed, today) &&
		    !write_line(w, line))
			return ERR_MEMORY;
	}
	return ERR_NONE;
}

/* ---- what all questions stand on ---- */

static const struct svc_source sources[] = {
    ACCESS_SOURCE,
    {
	.service = "foster",
	.event = &foster__foster_event__descriptor,
	.apply = observatory_store_apply_foster,
    },
    {
	.service = "residential",
	.event = &residential__residential_event__descriptor,
	.apply = observatory_store_apply_residential,
    },
    {
	.service = "requests",
	.event = &requests__requests_event__descriptor,
	.apply = observatory_store_apply_requests,
    },
};
#define SOURCES_N (sizeof(sources) / sizeof(sources[0]))

static enum err
write_sources(struct svc_ask *ask, Observatory__Source ***list, size_t *n)
{
	*list = LIST_NEW(ask->arena, SOURCES_N, Observatory__Source *);
	for (size_t i = 0; i < SOURCES_N && *list != NULL; i++) {
		Observatory__Source *out = MESSAGE_NEW(ask->arena, observatory__source);
		const Journal__Cursor *cursor =
		    observatory_store_cursor(ask->txn, ask->arena, sources[i].service);
		if (out == NULL)
			return ERR_MEMORY;
		out->service = str_copy(ask->arena, sources[i].service);
		SET(out, number, cursor == NULL ? 0 : cursor->number);
		if (cursor != NULL && cursor->fresh_time > 0)
			SET_FROM(out, fresh_time, cursor, fresh_time);
		(*list)[(*n)++] = out;
	}
	return ask->arena->is_full ? ERR_MEMORY : ask->txn->err;
}

/* All that was followed, as it is in the question's own transaction. A part of the
 * events would make wrong figures: ERR_BUSY until something has come from each source.
 */
static enum err
know(struct svc_ask *ask, struct observatory_known *out)
{
	struct room *room = svc_context(ask->svc);
	enum err e;

	for (size_t i = 0; i < SOURCES_N; i++)
		if (!svc_has_copy(ask, sources[i].service))
			return ERR_BUSY;
	*out = (struct observatory_known){.households = &room->mirrors[HOUSEHOLDS],
	    .homes = &room->mirrors[HOMES],
	    .needs = &room->mirrors[NEEDS],
	    .providers = &room->providers};
	e = catch_up(room, ask->txn, ask->arena);
	if (e == ERR_NONE)
		e = observatory_store_providers(ask->txn, ask->arena, &room->providers);
	return e != ERR_NONE ? e : observatory_store_areas(ask->txn, ask->arena, out);
}

/* ---- the questions ---- */

static enum err
count(struct svc_ask *ask, const struct observatory_view *view, int32_t today,
    struct observatory_table *out)
{
	struct observatory_known known;
	struct observatory_question question = {.care_type = view->care_type,
	    .age_band = view->age_band,
	    .from_day = view->from_day,
	    .today = today,
	    .now_ms = ask->now_ms};
	enum err e = know(ask, &known);

	if (e != ERR_NONE)
		return e;
	if (view->council_id != NULL) {
		question.area = observatory_area(&known, view->council_id);
		if (question.area == NULL)
			return ERR_NONE;
	}
	e = observatory_count(ask->arena, &known, &question, out);
	if (e == ERR_NONE && view->is_suppressed)
		e = observatory_hide(ask->arena, out, today);
	return e;
}

static enum err
on_sufficiency(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Observatory__SufficiencyAsked *asked = (const void *)call;
	struct observatory_asker asker = {
	    .is_cooperative = (ask->caller.roles & COOPERATIVE_OFFICER) != 0,
	    .council_id =
		(ask->caller.roles & COUNCIL) != 0 ? ask->caller.organisation_id : NULL,
	    .today = day_in_london(ask->now_ms)};
	struct observatory_view view;
	struct observatory_table table = {0};
	struct writing w = {
	    ask, &view, &table, MESSAGE_NEW(ask->arena, observatory__sufficiency)};
	enum observatory_refusal no = observatory_may_ask(&asker, asked, &view);

	if (no != OBSERVATORY_OK) {
		svc_refuse(ask, observatory_refusal(no), NULL);
		return ask->txn->err;
	}
	if (w.out == NULL)
		return ERR_MEMORY;
	enum err e = count(ask, &view, asker.today, &table);
	if (e == ERR_NONE && table.n == 0) {
		svc_refuse(ask, observatory_refusal(OBSERVATORY_COUNCIL_UNKNOWN), NULL);
		return ask->txn->err;
	}
	if (e == ERR_NONE)
		e = write_lines(&w, asker.today);
	if (e == ERR_NONE)
		e = write_sources(ask, &w.out->sources, &w.out->n_sources);
	if (e != ERR_NONE)
		return e;
	SET(w.out, definitions_version, OBSERVATORY_DEFINITIONS_VERSION);
	SET(w.out, as_at_time, ask->now_ms);
	SET(w.out, from_day, view.from_day);
	SET(w.out, until_day, asker.today);
	SET(w.out, is_suppressed, view.is_suppressed);
	SET(w.out, stale_days, OBSERVATORY_STALE_DAYS);
	svc_answer(ask, &w.out->base);
	return ask->txn->err;
}

static enum err
on_operations(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Observatory__OperationsAsked *asked = (const void *)call;
	uint32_t limit = asked->limit == 0 ? OPERATIONS_LINES : asked->limit;
	struct observatory_known known;
	struct observatory_operations operations;
	Observatory__Operations *out;
	enum err e = know(ask, &known);

	if (e == ERR_NONE)
		e = observatory_operations(
		    ask->arena, &known, ask->now_ms, &operations);
	if (e != ERR_NONE)
		return e;
	if (limit > OPERATIONS_LINES_MAX)
		limit = OPERATIONS_LINES_MAX;
	out = observatory_operations_shown(ask->arena, &operations, limit, ask->now_ms);
	if (out == NULL)
		return ERR_MEMORY;
	svc_answer(ask, &out->base);
	return write_sources(ask, &out->sources, &out->n_sources);
}

static enum err
on_definitions(struct svc_ask *ask, const ProtobufCMessage *call)
{
	Observatory__Definitions *out = observatory_definitions(ask->arena);

	(void)call;
	if (out == NULL)
		return ERR_MEMORY;
	svc_answer(ask, &out->base);
	return ask->txn->err;
}

/* ---- the service ---- */

static void
close_room(void *context)
{
	struct room *room = context;
	struct arena memory = room->memory; /* the room lies in its own memory */

	arena_close(&memory);
}

/* Reads all there is once, so that the first question need not. */
static enum err
fill_room(struct room *room, struct svc *svc)
{
	struct arena scratch;
	struct kv_txn txn;
	enum err e =
	    mirror_open(&room->providers, &observatory_providers, &room->memory);

	for (unsigned i = 0; i < SOURCES && e == ERR_NONE; i++)
		e = mirror_open(&room->mirrors[i], followed[i].spec, &room->memory);
	if (e == ERR_NONE)
		e = arena_open(&scratch, SCRATCH_BYTES);
	if (e != ERR_NONE)
		return e;
	kv_begin(svc_kv(svc), &txn, false);
	e = catch_up(room, &txn, &scratch);
	kv_abort(&txn);
	arena_close(&scratch);
	return e;
}

static enum err
opened(struct svc *svc, const char *option, char *problem, size_t problem_size)
{
	struct arena memory;
	size_t bytes = sizeof(struct room) + 4096 + mirror_room(&observatory_providers);
	enum err e;

	(void)option;
	for (unsigned i = 0; i < SOURCES; i++)
		bytes += mirror_room(followed[i].spec);
	e = arena_open(&memory, bytes);
	if (e != ERR_NONE)
		return e;
	struct room *room = arena_take(&memory, sizeof(*room));
	if (room == NULL) {
		arena_close(&memory);
		return ERR_MEMORY;
	}
	room->memory = memory;
	e = fill_room(room, svc);
	if (e != ERR_NONE) {
		snprintf(problem, problem_size, "what was followed cannot be read: %s",
		    err_name(e));
		close_room(room);
		return e;
	}
	svc_set_context(svc, room, close_room);
	return ERR_NONE;
}

static const struct svc_method methods[] = {
    {CALL(SUFFICIENCY), COOPERATIVE_OFFICER | COUNCIL, NULL, SVC_QUESTION,
	on_sufficiency},
    {CALL(OPERATIONS), COOPERATIVE_OFFICER, NULL, SVC_QUESTION, on_operations},
    {CALL(DEFINITIONS), SVC_ANYONE, NULL, SVC_QUESTION, on_definitions},
};

const struct service observatory_service = {
    .name = "observatory",
    .layout = 2,
    .call = &observatory__observatory_call__descriptor,
    .answer = &observatory__observatory_answer__descriptor,
    .event = &observatory__observatory_event__descriptor,
    .methods = methods,
    .methods_n = sizeof(methods) / sizeof(methods[0]),
    .tables = observatory_store_tables,
    .tables_n = OBSERVATORY_TABLES_N,
    .apply = observatory_store_apply,
    .sources = sources,
    .sources_n = SOURCES_N,
    .opened = opened,
};
