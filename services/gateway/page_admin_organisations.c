/* /administration/councils and /administration/providers. */
#include <stdlib.h>
#include <string.h>

#include "base/day.h"
#include "base/message.h"
#include "base/str.h"
#include "gateway/admin.h"
#include "gateway/pages.h"
#include "gateway/say.h"

#include "members.pb-c.h"

#define MEMBERSHIPS_MAX 40 /* that a council may have */
#define COUNCILS_MAX 400

/* ---- asked afresh: what was just registered is there ---- */

static int
by_name_of_council(const void *a, const void *b)
{
	return strcmp((*(Members__Council *const *)a)->name,
	    (*(Members__Council *const *)b)->name);
}

static int
by_name_of_provider(const void *a, const void *b)
{
	return strcmp((*(Members__Provider *const *)a)->name,
	    (*(Members__Provider *const *)b)->name);
}

/* In order of their names; NULL: not yet, or the page is over. */
static const Members__Councils *
councils(struct page *p)
{
	Members__CouncilsAsked asked = MEMBERS__COUNCILS_ASKED__INIT;
	const Members__Councils *answer =
	    page_ask(p, "members", ADMIN_CALL(COUNCILS), &asked.base);

	if (answer != NULL && answer->n_councils > 0)
		qsort(answer->councils, answer->n_councils, sizeof(Members__Council *),
		    by_name_of_council);
	return answer;
}

static const Members__Providers *
providers(struct page *p)
{
	Members__ProvidersAsked asked = MEMBERS__PROVIDERS_ASKED__INIT;
	const Members__Providers *answer =
	    page_ask(p, "members", ADMIN_CALL(PROVIDERS), &asked.base);

	if (answer != NULL && answer->n_providers > 0)
		qsort(answer->providers, answer->n_providers,
		    sizeof(Members__Provider *), by_name_of_provider);
	return answer;
}

static const Members__Council *
council_of(const Members__Councils *list, const char *id)
{
	for (size_t i = 0; i < list->n_councils; i++) {
		if (str_equal(list->councils[i]->council_id, id))
			return list->councils[i];
	}
	return NULL;
}

/* ---- councils ---- */

/* "Member since 1 April 2026", "Member until ...", "Not a member". */
static const char *
membership(struct page *p, const Members__Council *c)
{
	int32_t today = day_in_london(p->now_ms);

	for (size_t i = 0; i < c->n_memberships; i++) {
		const Members__Membership *m = c->memberships[i];

		if (day_is_past(today, DAY_SPAN_OF(m)))
			continue;
		if (m->from_day > today)
			return str_format(
			    p->arena, "Member from %s", say_day(p->arena, m->from_day));
		if (m->has_until_day)
			return str_format(p->arena, "Member until %s",
			    say_day(p->arena, m->until_day));
		return str_format(
		    p->arena, "Member since %s", say_day(p->arena, m->from_day));
	}
	return "Not a member";
}

void
page_admin_councils_view(struct page *p)
{
	const Members__Councils *list = councils(p);
	struct admin_table t;

	admin_put_back(p, "/administration", "Administration");
	admin_put_action(p, "/administration/councils/new", "Register a council");
	if (list == NULL)
		return;
	admin_table_begin(&t, p, "Council|GSS code|Membership|Councils it adjoins>");
	for (size_t i = 0; i < list->n_councils; i++) {
		const Members__Council *c = list->councils[i];

		admin_table_row(&t);
		admin_table_cell(&t, c->name,
		    str_format(p->arena, "/administration/councils/%s", c->council_id));
		admin_table_cell(&t, c->council_id, NULL);
		admin_table_cell(&t, membership(p, c), NULL);
		admin_table_number(&t, c->n_adjoining_council_ids);
	}
	admin_table_put(&t, "Councils",
	    "No council is registered yet. Register the councils of the region first; "
	    "everybody else works for one of them, or for a provider.");
}

static bool
is_adjoining(const Members__Council *council, const char *id)
{
	for (size_t i = 0; council != NULL && i < council->n_adjoining_council_ids;
	     i++) {
		if (str_equal(council->adjoining_council_ids[i], id))
			return true;
	}
	return false;
}

static void
put_adjoining(
    struct page *p, const Members__Councils *list, const Members__Council *council)
{
	struct field_option options[COUNCILS_MAX];
	struct field field = {.name = "council.adjoining_council_ids",
	    .label = "Councils it adjoins",
	    .hint = "A placement in one of these is not \xe2\x80\x9c"
		    "at a distance\xe2\x80\x9d.",
	    .options = options,
	    .is_small = true};

	for (size_t i = 0; i < list->n_councils && field.options_n < COUNCILS_MAX;
	     i++) {
		const Members__Council *other = list->councils[i];

		if (council != NULL &&
		    str_equal(other->council_id, council->council_id))
			continue;
		options[field.options_n++] = (struct field_option){
		    .value = other->council_id,
		    .label = other->name,
		    .is_checked = is_adjoining(council, other->council_id),
		};
	}
	/* One that is known by its code alone is not lost by saving the rest. */
	for (size_t i = 0; council != NULL && i < council->n_adjoining_council_ids &&
			   field.options_n < COUNCILS_MAX;
	     i++) {
		const char *id = council->adjoining_council_ids[i];

		if (council_of(list, id) == NULL)
			options[field.options_n++] = (struct field_option){
			    .value = id, .label = id, .is_checked = true};
	}
	if (field.options_n > 0)
		admin_put_field(p, "checkboxes", &field);
}

static const char *
iso_or_none(struct page *p, bool has_day, int32_t day)
{
	return has_day ? say_iso_day(p->arena, day) : NULL;
}

/* One for each membership there is, and one more for the next. */
static void
put_memberships(struct page *p, const Members__Council *council)
{
	size_t n = council == NULL ? 0 : council->n_memberships;

	for (size_t i = 0; i <= n && i < MEMBERSHIPS_MAX; i++) {
		const Members__Membership *m = i < n ? council->memberships[i] : NULL;
		const char *which = n == 0 ? "" : i < n ? "" : "Another membership: ";
		struct field from = {
		    .name = str_format(p->arena, "council.memberships.%zu.from_day", i),
		    .label = str_format(p->arena, "%sMember from", which),
		    .hint = n == 0 ? "Leave empty for a neighbour that is not a member."
		                   : NULL,
		    .value = iso_or_none(p, m != NULL, m == NULL ? 0 : m->from_day),
		};
		struct field until = {
		    .name =
			str_format(p->arena, "council.memberships.%zu.until_day", i),
		    .label = str_format(p->arena, "%sMember until", which),
		    .hint = "The first day it is no longer a member. Leave empty while "
			    "it lasts.",
		    .value = iso_or_none(
			p, m != NULL && m->has_until_day, m == NULL ? 0 : m->until_day),
		};

		admin_put_field(p, "day", &from);
		admin_put_field(p, "day", &until);
	}
}

void
page_admin_council_view(struct page *p)
{
	const Members__Councils *list = councils(p);
	const char *id = page_param(p, "id");
	const Members__Council *council = NULL;

	admin_put_back(p, "/administration/councils", "Councils");
	if (list == NULL)
		return;
	if (id != NULL && (council = council_of(list, id)) == NULL) {
		page_missing(p);
		return;
	}
	admin_put_field(p, id == NULL ? "text" : "hidden",
	    &(struct field){.name = "council.council_id",
		.label = "GSS code",
		.hint = "Such as E08000003.",
		.value = id,
		.width = 10,
		.is_needed = true});
	admin_put_field(p, "text",
	    &(struct field){.name = "council.name",
		.label = "Name",
		.value = council == NULL ? NULL : council->name,
		.is_needed = true});
	put_memberships(p, council);
	put_adjoining(p, list, council);
	if (council != NULL)
		page_put(p, "page",
		    json_pack("{s:s, s:s}", "path", p->path, "title", council->name));
	admin_put_button(
	    p, id == NULL ? "Register" : "Save", "/administration/councils");
}

/* ---- providers ---- */

static bool
is_chosen(const struct page *p, const Members__Provider *row)
{
	const char *words = page_query(p, "words");

	return words == NULL || (row->name != NULL && strcasestr(row->name, words)) ||
	       (row->urn != NULL && strcasestr(row->urn, words)) ||
	       (row->owner_name != NULL && strcasestr(row->owner_name, words));
}

static void
put_filter(struct page *p, const char *label)
{
	page_put(p, "filter",
	    fields_text(FIELDS_OF(p),
		&(struct field){.name = "words", .label = label, .width = 20}));
}

void
page_admin_providers_view(struct page *p)
{
	const Members__Providers *list = providers(p);
	struct admin_table t;

	admin_put_back(p, "/administration", "Administration");
	admin_put_action(p, "/administration/providers/new", "Register a provider");
	put_filter(p, "Name, owner or Ofsted number");
	if (list == NULL)
		return;
	admin_table_begin(&t, p, "Provider|Kind|Ofsted number|Owner|Grade");
	for (size_t i = 0; i < list->n_providers; i++) {
		const Members__Provider *row = list->providers[i];

		if (!is_chosen(p, row))
			continue;
		admin_table_row(&t);
		admin_table_cell(&t, row->name,
		    str_format(
			p->arena, "/administration/providers/%s", row->provider_id));
		admin_table_cell(&t,
		    say_enum(
			p->arena, &members__provider_kind__descriptor, (int)row->kind),
		    NULL);
		admin_table_cell(&t, row->urn, NULL);
		admin_table_cell(&t, row->owner_name, NULL);
		admin_table_cell(&t,
		    say_enum(p->arena, &members__grade__descriptor, (int)row->grade),
		    NULL);
	}
	admin_table_put(&t, "Providers",
	    page_query(p, "words") == NULL
		? "No provider is registered yet."
		: "No provider has that in its name, owner or number.");
}

/* A field of the row, as a form would have it; NULL without a row. */
static const char *
typed_of(const struct form *form, const char *name)
{
	return form == NULL ? NULL : form_first(form, name);
}

static void
put_provider_fields(struct page *p, const struct form *row)
{
	admin_put_field(p, "text",
	    &(struct field){.name = "provider.name",
		.label = "Name",
		.value = typed_of(row, "provider.name"),
		.is_needed = true});
	admin_put_field(p, "radios",
	    &(struct field){.name = "provider.kind",
		.label = "Kind",
		.type = &members__provider_kind__descriptor,
		.value = typed_of(row, "provider.kind"),
		.is_needed = true});
	admin_put_field(p, "text",
	    &(struct field){.name = "provider.urn",
		.label = "Ofsted number",
		.hint = "SC and six digits, or seven digits.",
		.value = typed_of(row, "provider.urn"),
		.width = 10});
	admin_put_field(p, "radios",
	    &(struct field){.name = "provider.sector",
		.label = "Sector",
		.type = &members__sector__descriptor,
		.value = typed_of(row, "provider.sector"),
		.is_needed = true});
	admin_put_field(p, "text",
	    &(struct field){.name = "provider.owner_name",
		.label = "Owner",
		.hint = "Whoever owns it in the end, such as a group.",
		.value = typed_of(row, "provider.owner_name")});
}

static void
put_provider_council(
    struct page *p, const struct form *row, const Members__Councils *list)
{
	struct field_option options[COUNCILS_MAX];
	struct field field = {.name = "provider.council_id",
	    .label = "Council it belongs to",
	    .hint = "Only for a local authority\xe2\x80\x99s own provider.",
	    .blank = "None",
	    .value = typed_of(row, "provider.council_id"),
	    .options = options};

	for (size_t i = 0; i < list->n_councils && field.options_n < COUNCILS_MAX; i++)
		options[field.options_n++] =
		    (struct field_option){.value = list->councils[i]->council_id,
			.label = list->councils[i]->name};
	admin_put_field(p, "select", &field);
	admin_put_field(p, "select",
	    &(struct field){.name = "provider.grade",
		.label = "Ofsted grade",
		.type = &members__grade__descriptor,
		.blank = "Not yet inspected",
		.value = typed_of(row, "provider.grade")});
	admin_put_field(p, "day",
	    &(struct field){.name = "provider.grade_day",
		.label = "Graded on",
		.value = typed_of(row, "provider.grade_day")});
}

static const Members__Provider *
provider_of(const Members__Providers *list, const char *id)
{
	for (size_t i = 0; i < list->n_providers; i++) {
		if (str_equal(list->providers[i]->provider_id, id))
			return list->providers[i];
	}
	return NULL;
}

/* The row as the form that would make it. */
static const struct form *
form_of(struct page *p, const Members__Provider *row)
{
	Members__RegisterProvider call = MEMBERS__REGISTER_PROVIDER__INIT;
	Members__Provider copy = *row;
	struct form *form = arena_take(p->arena, sizeof *form);

	call.provider = &copy;
	if (form == NULL || form_from_message(p->arena, &call.base, form) != ERR_NONE)
		return NULL;
	return form;
}

void
page_admin_provider_view(struct page *p)
{
	const Members__Councils *all = councils(p);
	const Members__Providers *list = providers(p);
	const char *id = page_param(p, "id");
	const Members__Provider *row = NULL;
	const struct form *form = NULL;

	admin_put_back(p, "/administration/providers", "Providers");
	if (all == NULL || list == NULL)
		return;
	if (id != NULL && (row = provider_of(list, id)) == NULL) {
		page_missing(p);
		return;
	}
	if (row != NULL) {
		form = form_of(p, row);
		admin_put_field(p, "hidden",
		    &(struct field){.name = "provider.provider_id", .value = id});
		page_put(p, "page",
		    json_pack("{s:s, s:s}", "path", p->path, "title", row->name));
	}
	put_provider_fields(p, form);
	put_provider_council(p, form, all);
	admin_put_button(
	    p, id == NULL ? "Register" : "Save", "/administration/providers");
}
