/* Sufficiency: need beside supply, for officers of the co-operative and for councils;
 * its table as CSV; and what each figure counts. */
#include <string.h>

#include "base/day.h"
#include "base/json_names.h"
#include "base/message.h"
#include "base/str.h"
#include "gateway/directory.h"
#include "gateway/fields.h"
#include "gateway/figures.h"
#include "gateway/pages.h"
#include "gateway/routes.h"
#include "gateway/say.h"

#define CALL(name) OBSERVATORY__OBSERVATORY_CALL__CALL_##name
#define EVERY_COUNCIL "all"
#define COUNCILS_MAX 200

/* What the address asks for, as far as it makes sense. */
struct asking {
	const char *council_id; /* NULL: all councils */
	Common__CareType care_type;
	Common__AgeBand age_band;
	const struct figures_measure *measure;
	const char *sort;
	bool is_officer;
	bool is_published; /* as it may leave the co-operative */
};

/* Value of a name as JSON has it; 0 for anything else. */
static int
enum_of(const ProtobufCEnumDescriptor *type, const char *text)
{
	for (unsigned i = 0; text != NULL && i < type->n_values; i++) {
		char name[JSON_NAME_MAX];
		json_enum_name(type, &type->values[i], name);
		if (str_equal(name, text))
			return type->values[i].value;
	}
	return 0;
}

/* A council's people begin with their own; one they may not see is the observatory's to
 * refuse. */
static const char *
council_of(const struct page *p, bool is_officer)
{
	const char *said = page_query(p, "council_id");

	if (str_equal(said, EVERY_COUNCIL))
		return NULL;
	if (said == NULL && !is_officer)
		return p->who->organisation_id;
	return said;
}

static struct asking
asking_of(const struct page *p)
{
	struct asking q = {
	    .measure = figures_measure(page_query(p, "map")),
	    .sort = page_query(p, "sort"),
	    .is_officer = page_may(p, ROLE_OFFICER),
	    .is_published = str_equal(page_query(p, "edition"), "published"),
	};

	if (q.is_published)
		return q;
	q.council_id = council_of(p, q.is_officer);
	q.care_type = (Common__CareType)enum_of(
	    &common__care_type__descriptor, page_query(p, "care_type"));
	q.age_band = (Common__AgeBand)enum_of(
	    &common__age_band__descriptor, page_query(p, "age_band"));
	/* Figures of several councils are not narrowed for one of them. */
	if (!q.is_officer && q.council_id == NULL) {
		q.care_type = 0;
		q.age_band = 0;
	}
	return q;
}

/* ---- what is asked of the observatory ---- */

static const Observatory__Sufficiency *
ask(struct page *p, const struct asking *q, const char *council_id)
{
	Observatory__SufficiencyAsked asked = OBSERVATORY__SUFFICIENCY_ASKED__INIT;
	bool is_narrowed = council_id != NULL || q->is_officer;

	asked.council_id = str_copy(p->arena, council_id);
	if (is_narrowed && q->care_type != 0)
		SET(&asked, care_type, q->care_type);
	if (is_narrowed && q->age_band != 0)
		SET(&asked, age_band, q->age_band);
	if (q->is_published)
		SET(&asked, for_print, true);
	return page_ask(p, "observatory", CALL(SUFFICIENCY), &asked.base);
}

static const char *
council_name(const void *page, const char *council_id)
{
	const struct page *p = page;

	return directory_council_name(p->directory, council_id);
}

static bool
is_member(const void *page, const char *council_id)
{
	const struct page *p = page;

	/* While nobody has said who is, all are. */
	return !p->directory->is_known ||
	       directory_is_member(p->directory, council_id, day_in_london(p->now_ms));
}

static struct figures
figures_from(const struct page *p, const Observatory__Sufficiency *counted)
{
	return (struct figures){.arena = p->arena,
	    .counted = counted,
	    .council_name = council_name,
	    .is_member = is_member,
	    .of = p};
}

/* ---- the address of this page, with other words in it ---- */

static const char *
add_query(struct arena *a, const char *address, const char *name, const char *value)
{
	if (value == NULL)
		return address;
	return str_format(a, "%s%s=%s&", address, name, value);
}

static const char *
enum_name(struct arena *a, const ProtobufCEnumDescriptor *type, int value)
{
	const ProtobufCEnumValue *v = protobuf_c_enum_descriptor_get_value(type, value);
	char name[JSON_NAME_MAX];

	if (value == 0 || v == NULL)
		return NULL;
	json_enum_name(type, v, name);
	return str_copy(a, name);
}

/* "/sufficiency?council_id=E08000003&"; of what was understood alone. */
static const char *
address_of(const struct page *p, const struct asking *q, const char *path)
{
	struct arena *a = p->arena;
	const char *address = str_format(a, "%s?", path);
	const char *council_id = q->council_id;

	if (q->is_published)
		return add_query(a, address, "edition", "published");
	if (council_id == NULL && !q->is_officer)
		council_id = EVERY_COUNCIL;
	if (directory_council(p->directory, q->council_id) != NULL ||
	    q->council_id == NULL)
		address = add_query(a, address, "council_id", council_id);
	address = add_query(a, address, "care_type",
	    enum_name(a, &common__care_type__descriptor, (int)q->care_type));
	address = add_query(a, address, "age_band",
	    enum_name(a, &common__age_band__descriptor, (int)q->age_band));
	return add_query(a, address, "map", q->measure->code);
}

/* ---- the filters ---- */

static json_t *
council_select(const struct page *p, const struct asking *q)
{
	const Members__Councils *councils = p->directory->councils;
	struct field_option options[COUNCILS_MAX + 1];
	struct field field = {.name = "council_id",
	    .label = "Council",
	    .value = q->council_id,
	    .options = options,
	    .is_small = true};
	int32_t today = day_in_london(p->now_ms);

	options[field.options_n++] =
	    (struct field_option){.value = EVERY_COUNCIL, .label = "All councils"};
	for (size_t i = 0; i < councils->n_councils; i++) {
		const char *id = councils->councils[i]->council_id;
		bool is_own = str_equal(id, p->who->organisation_id);
		if (!directory_is_member(p->directory, id, today) ||
		    !(q->is_officer || is_own) || field.options_n > COUNCILS_MAX)
			continue;
		options[field.options_n++] = (struct field_option){
		    .value = id, .label = councils->councils[i]->name};
	}
	return fields_select(FIELDS_OF(p), &field);
}

static json_t *
enum_select(const struct page *p, const char *name, const char *label,
    const char *blank, const ProtobufCEnumDescriptor *type)
{
	return fields_select(FIELDS_OF(p), &(struct field){.name = name,
					       .label = label,
					       .blank = blank,
					       .type = type,
					       .without_hints = true,
					       .is_small = true});
}

static json_t *
measure_select(const struct page *p)
{
	struct field_option options[8];
	struct field field = {
	    .name = "map", .label = "Map shows", .options = options, .is_small = true};

	for (; field.options_n < figures_measures_n; field.options_n++)
		options[field.options_n] = (struct field_option){
		    .value = figures_measures[field.options_n].code,
		    .label = figures_measures[field.options_n].label};
	return fields_select(FIELDS_OF(p), &field);
}

/* A question about several councils has the one filter alone. */
static void
put_filters(struct page *p, const struct asking *q)
{
	if (q->is_published)
		return;
	page_put(p, "council_filter", council_select(p, q));
	if (q->is_officer || q->council_id != NULL) {
		page_put(p, "type_filter",
		    enum_select(p, "care_type", "Type of care", "All types",
			&common__care_type__descriptor));
		page_put(p, "age_filter",
		    enum_select(p, "age_band", "Age", "All ages",
			&common__age_band__descriptor));
	}
	page_put(p, "map_filter", measure_select(p));
}

/* ---- the page ---- */

/* "Manchester, foster, 10 to 15" */
static const char *
scope_of(const struct page *p, const struct asking *q)
{
	struct arena *a = p->arena;
	const char *scope = q->council_id == NULL
	                        ? "All councils"
	                        : directory_council_name(p->directory, q->council_id);

	if (q->care_type != 0)
		scope = str_format(a, "%s, %s", scope,
		    say_enum_within(
			a, &common__care_type__descriptor, (int)q->care_type));
	if (q->age_band != 0)
		scope = str_format(a, "%s, aged %s", scope,
		    say_enum_within(
			a, &common__age_band__descriptor, (int)q->age_band));
	return scope;
}

static void
put_about(struct page *p, const struct asking *q, const Observatory__Sufficiency *s,
    const Observatory__Sufficiency *all)
{
	struct arena *a = p->arena;

	page_put(p, "scope", json_string(scope_of(p, q)));
	page_put(p, "as_at", say_when_within(a, s->as_at_time, p->now_ms));
	page_put(p, "as_at_day", say_when_day(a, s->until_day));
	page_put(p, "period_from", say_when_day(a, s->from_day));
	page_put(p, "period_until", say_when_day(a, s->until_day));
	page_put(p, "definitions_version", json_integer(s->definitions_version));
	page_put(p, "sources", figures_sources(a, s->sources, s->n_sources, p->now_ms));
	page_put(p, "csv", json_string(address_of(p, q, "/sufficiency.csv")));
	page_put(p, "is_published", json_boolean(q->is_published));
	page_put(p, "is_exact", json_boolean(!s->is_suppressed));
	page_put(p, "has_hidden", json_boolean(all->is_suppressed));
	page_put(p, "is_wider",
	    json_boolean(!q->is_officer && (q->care_type != 0 || q->age_band != 0)));
}

static void
put_title(struct page *p, const struct asking *q, const Observatory__Sufficiency *s)
{
	const char *title = str_format(p->arena, "Sufficiency overview: %s, as at %s",
	    scope_of(p, q), say_day(p->arena, s->until_day));

	page_put(p, "page",
	    json_pack("{s:s, s:s}", "path", p->path, "title",
		title == NULL ? "Sufficiency overview" : title));
}

/* `all` has a line for each council; `one` is of the council that was asked for, or of
 * all, and has the types and ages. */
static void
put_figures(struct page *p, const struct asking *q, const Observatory__Sufficiency *all,
    const Observatory__Sufficiency *one)
{
	struct figures councils = figures_from(p, all), scope = figures_from(p, one);
	const Observatory__Line *line = figures_line(&scope, NULL);

	page_put(p, "headline", figures_headline(&scope, line));
	page_put(p, "say",
	    json_pack("{s:s}", "sufficiency_figures", figures_say(&scope, line)));
	page_put(p, "map", figures_map(&councils, q->measure, q->council_id));
	page_put(p, "cover", figures_cover(&councils, q->council_id));
	page_put(p, "by_council",
	    figures_by_council(&councils, q->sort, address_of(p, q, "/sufficiency")));
	if (q->care_type == 0)
		page_put(p, "by_type",
		    figures_by(&scope, OBSERVATORY__BREAKDOWN__BREAKDOWN_CARE_TYPE,
			"Need and supply by type of care"));
	if (q->age_band == 0)
		page_put(p, "by_age",
		    figures_by(&scope, OBSERVATORY__BREAKDOWN__BREAKDOWN_AGE_BAND,
			"Need and supply by age"));
}

void
page_sufficiency_view(struct page *p)
{
	Observatory__DefinitionsAsked words = OBSERVATORY__DEFINITIONS_ASKED__INIT;
	struct asking q = asking_of(p);
	const Observatory__Sufficiency *all = ask(p, &q, NULL);
	const Observatory__Sufficiency *one =
	    q.council_id == NULL ? all : ask(p, &q, q.council_id);
	const Observatory__Definitions *definitions =
	    page_ask(p, "observatory", CALL(DEFINITIONS), &words.base);

	if (all == NULL || one == NULL || definitions == NULL)
		return;
	put_title(p, &q, one);
	put_about(p, &q, one, all);
	put_filters(p, &q);
	put_figures(p, &q, all, one);
	page_put(
	    p, "shown_definitions", figures_definitions(p->arena, definitions, true));
}

/* ---- the same as a file ---- */

void
page_sufficiency_csv_view(struct page *p)
{
	struct asking q = asking_of(p);
	const Observatory__Sufficiency *counted = ask(p, &q, q.council_id);
	struct figures figures = figures_from(p, counted);
	const char *name;

	if (counted == NULL)
		return;
	name = str_format(p->arena, "sufficiency_%s_%s%s_v%u.csv",
	    say_iso_day(p->arena, counted->until_day),
	    q.council_id == NULL ? "all" : q.council_id,
	    counted->is_suppressed ? "_suppressed" : "", counted->definitions_version);
	page_text(p, "text/csv; charset=utf-8", name, figures_csv(&figures));
}

void
page_definitions_view(struct page *p)
{
	Observatory__DefinitionsAsked asked = OBSERVATORY__DEFINITIONS_ASKED__INIT;
	const Observatory__Definitions *answer =
	    page_ask(p, "observatory", CALL(DEFINITIONS), &asked.base);

	if (answer == NULL)
		return;
	if (p->who != NULL && (p->who->roles & (ROLE_OFFICER | ROLE_COUNCIL)) != 0)
		page_put(p, "back",
		    json_pack("{s:s, s:s}", "href", "/sufficiency", "text",
			"Sufficiency overview"));
	page_put(p, "version", json_integer(answer->version));
	page_put(p, "from", say_when_day(p->arena, answer->from_day));
	page_put(p, "every", figures_definitions(p->arena, answer, false));
}
