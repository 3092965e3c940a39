/* /administration: where an administrator begins, and how the services stand. */
#include "base/message.h"
#include "base/str.h"
#include "gateway/admin.h"
#include "gateway/backbone.h"
#include "gateway/pages.h"
#include "gateway/say.h"

#include "common.pb-c.h"
#include "members.pb-c.h"

#define METHOD_HEALTH 2 /* of every service */
#define NEARLY_FULL_PERCENT 80
#define COPY_OLD_MS (INT64_C(36) * 3600 * 1000) /* a night's copy was missed */

/* How a service stands, as it says of itself; NULL: it did not answer, or not yet. */
static const Common__Health *
health_of(struct page *p, const char *service, enum page_state *state)
{
	Common__HealthAsked asked = COMMON__HEALTH_ASKED__INIT;

	return page_ask_own(p, service, METHOD_HEALTH, &asked.base, state);
}

/* ---- the start ---- */

void
page_admin_view(struct page *p)
{
	unsigned up = 0;
	enum page_state state;

	for (size_t i = 0; i < backbone_services_n; i++)
		up += health_of(p, backbone_services[i].name, &state) != NULL;
	page_put(p, "is_well", json_boolean(up == backbone_services_n));
	page_put(p, "services",
	    json_string(str_format(
		p->arena, "%u of %zu services answer", up, backbone_services_n)));
}

/* ---- health ---- */

static void
put_follows(struct admin_table *t, const Common__Health *h)
{
	const char *worst = "Up to date";
	uint64_t behind = 0;

	for (size_t i = 0; i < h->n_follows; i++) {
		const Common__FollowHealth *f = h->follows[i];

		if (f->stopped != NULL) {
			admin_table_tag(t,
			    str_format(t->p->arena, "Stopped following %s: %s",
				f->service, f->stopped),
			    "red");
			return;
		}
		if (f->head_number > f->number && f->head_number - f->number > behind) {
			behind = f->head_number - f->number;
			worst = str_format(t->p->arena, "%s behind %s",
			    say_count(t->p->arena, behind, "event", "events"),
			    f->service);
		}
	}
	admin_table_cell(t, h->n_follows == 0 ? "Follows nobody" : worst, NULL);
}

static void
put_owed(struct admin_table *t, const Common__Health *h, int64_t now_ms)
{
	struct arena *a = t->p->arena;

	if (h->owed_calls == 0)
		admin_table_cell(t, "None", NULL);
	else
		admin_table_cell(t,
		    str_format(a, "%s, the oldest since %s",
			say_count(a, h->owed_calls, "call", "calls"),
			say_time(a, h->oldest_owed_time, now_ms)),
		    NULL);
}

static bool
needs_copy(const Common__Health *h, int64_t now_ms)
{
	return h->copied == NULL || now_ms - h->copied->begun_time > COPY_OLD_MS;
}

static void
put_copied(struct admin_table *t, const Common__Health *h, int64_t now_ms)
{
	struct arena *a = t->p->arena;
	const char *text;

	if (h->copied == NULL) {
		admin_table_tag(t, "Never copied", "orange");
		return;
	}
	text = str_format(a, "%s, %s since", say_time(a, h->copied->begun_time, now_ms),
	    say_count(a, h->head_number - h->copied->number, "entry", "entries"));
	if (needs_copy(h, now_ms))
		admin_table_tag(t, text, "orange");
	else
		admin_table_cell(t, text, NULL);
}

/* Which services there is too old a copy of, or none, where there is such. */
static void
put_uncopied(struct page *p)
{
	const char **names = LIST_NEW(p->arena, backbone_services_n, const char *);
	enum page_state state;
	size_t n = 0;

	for (size_t i = 0; names != NULL && i < backbone_services_n; i++) {
		const Common__Health *h =
		    health_of(p, backbone_services[i].name, &state);

		if (h != NULL && needs_copy(h, p->now_ms))
			names[n++] = backbone_services[i].name;
	}
	if (n > 0)
		page_put(p, "uncopied", json_string(say_list(p->arena, names, n)));
}

static void
put_service(struct admin_table *t, const char *name)
{
	struct page *p = t->p;
	enum page_state state;
	const Common__Health *h = health_of(p, name, &state);

	admin_table_row(t);
	admin_table_cell(t, name, NULL);
	if (h == NULL) {
		admin_table_tag(t, "Does not answer", "red");
		for (int i = 0; i < 6; i++)
			admin_table_cell(t, "", NULL);
		return;
	}
	admin_table_tag(
	    t, h->ready ? "Up" : "Not ready yet", h->ready ? "green" : "orange");
	put_owed(t, h, p->now_ms);
	put_follows(t, h);
	const char *used = str_format(p->arena, "%u%%", h->store_used_percent);
	if (h->store_used_percent >= NEARLY_FULL_PERCENT)
		admin_table_tag(t, used, "red");
	else
		admin_table_cell(t, used, NULL);
	admin_table_number(t, h->head_number);
	put_copied(t, h, p->now_ms);
	admin_table_cell(t, say_time(p->arena, h->started_time, p->now_ms), NULL);
}

void
page_admin_health_view(struct page *p)
{
	struct admin_table t;

	admin_put_back(p, "/administration", "Administration");
	admin_table_begin(&t, p,
	    "Service|State|Calls it owes|Following others|Store "
	    "used|Entries>|Last copied|Started");
	for (size_t i = 0; i < backbone_services_n; i++)
		put_service(&t, backbone_services[i].name);
	admin_table_put(&t, "Health of the services", "");
	put_uncopied(p);
	page_put(p, "asked", say_when_within(p->arena, p->now_ms, p->now_ms));
}
