#include <string.h>

#include "base/message.h"
#include "base/str.h"
#include "gateway/ours.h"
#include "gateway/pages.h"
#include "gateway/posted.h"
#include "gateway/say.h"

/*
 * What a provider has open to referral: how many of the really free places, one tap
 * more or less, one tap for no change. Every button says what shall be and not what
 * shall be done, so that pressing it twice, or after going back, is the same as once.
 */

#define PLACES_A_PAGE 12

/* ---- what is shown ---- */

enum showing { SHOW_CONFIRM, SHOW_OPEN, SHOW_CLOSED, SHOW_ALL, SHOWINGS };
static const struct {
	const char *value, *label, *nothing;
} showings[SHOWINGS] = {
    [SHOW_CONFIRM] = {"confirm", "To confirm", "Nothing needs to be confirmed."},
    [SHOW_OPEN] = {"open", "Open", "None of your places is open."},
    [SHOW_CLOSED] = {"closed", "Can be opened", "No free place is left to open."},
    [SHOW_ALL] = {"all", "All", "There are none."},
};

/* Of few all are shown; of many, those that are open, and all where none is. */
static enum showing
showing_of(const struct page *p, const struct ours *ours)
{
	const char *said = p->is_post ? NULL : page_query(p, "show");

	for (int i = 0; i < SHOWINGS; i++) {
		if (str_equal(showings[i].value, said))
			return (enum showing)i;
	}
	for (size_t i = 0; i < ours->vacancies_n; i++) {
		if (ours->vacancies[i].is_open && ours->places_n > PLACES_A_PAGE)
			return SHOW_OPEN;
	}
	return SHOW_ALL;
}

static bool
is_of(enum showing showing, const struct our_vacancy *v)
{
	switch (showing) {
	case SHOW_CONFIRM: return v->is_stale;
	case SHOW_OPEN: return v->is_open;
	case SHOW_CLOSED: return !v->is_open && v->can_open && v->free > 0;
	case SHOW_ALL:
	case SHOWINGS: break;
	}
	return true;
}

/* What of them is asked for: which, by what name, and which page of that. */
struct view {
	enum showing showing;
	const char *name; /* NULL: any */
	const char *said; /* of which something was just said; NULL: of none */
	size_t first;     /* of the places that there are then */
};

static struct view
view_of(const struct page *p, const struct ours *ours)
{
	const char *said = p->is_post ? NULL : page_query(p, "page");
	struct view out = {.showing = showing_of(p, ours),
	    .name = p->is_post ? NULL : page_query(p, "name"),
	    .said = p->is_post ? NULL : page_query(p, "said")};
	int64_t page = 1;

	if (said != NULL && str_to_i64(said, 1, OURS_MAX, &page))
		out.first = (size_t)(page - 1) * PLACES_A_PAGE;
	return out;
}

/* The element it stands in, where the page comes back to: by its id where it has one,
 * so that it is the same before and after. */
static const char *
anchor_of(struct arena *a, const struct our_vacancy *v)
{
	return str_format(a, "at-%s-%d", v->place->id, (int)v->age_band);
}

/* What was just closed stays where it was, or the tap would seem to have lost it. */
static bool
is_wanted(struct arena *a, const struct view *view, const struct our_vacancy *v)
{
	return is_of(view->showing, v) ||
	       (view->said != NULL && str_equal(anchor_of(a, v), view->said));
}

/* Has it this in its name, in letters of either size? */
static bool
is_named(const struct view *view, const struct our_place *place)
{
	return view->name == NULL ||
	       (place->name != NULL && strcasestr(place->name, view->name) != NULL);
}

/* ---- one vacancy ---- */

static void
put_text(json_t *object, const char *key, const char *text)
{
	if (text != NULL)
		json_object_set_new(object, key, json_string(text));
}

static const char *
confirmed_words(struct page *p, const struct our_vacancy *v)
{
	return str_format(p->arena, "%s %s",
	    v->is_stale ? "Not confirmed since" : "Confirmed",
	    say_time_within(p->arena, v->confirmed_ms, p->now_ms));
}

static json_t *
vacancy_of(struct page *p, const struct our_vacancy *v)
{
	struct arena *a = p->arena;
	json_t *out = json_pack("{s:s, s:s, s:s, s:s, s:b, s:b, s:b, s:i, s:i}",
	    "anchor", anchor_of(a, v), "name", ours_name(a, v), "place_id",
	    v->place->id, "token", posted_token(p, "/vacancies"), "is_open", v->is_open,
	    "is_stale", v->is_stale, "is_full", v->free == 0, "free", (int)v->free,
	    "open", (int)v->open);

	if (out == NULL)
		return NULL;
	if (v->place->home != NULL) {
		put_text(out, "ages",
		    say_enum_within(
			a, &common__age_band__descriptor, (int)v->age_band));
		json_object_set_new(out, "age_band", json_integer((int)v->age_band));
	}
	put_text(out, "vacancy_id", v->id);
	if (v->is_open) {
		put_text(out, "confirmed", confirmed_words(p, v));
		if (v->open > 1)
			json_object_set_new(
			    out, "less", json_integer((int)v->open - 1));
		if (v->open < v->free && v->open < v->most)
			json_object_set_new(
			    out, "more", json_integer((int)v->open + 1));
	} else if (!v->can_open) {
		json_object_set_new(out, "is_shut", json_true());
	} else if (v->free > 0) {
		json_object_set_new(out, "can_open", json_true());
		put_text(out, "open_words",
		    v->free == 1 ? "Open 1 place"
				 : str_format(a, "Open all %u places", v->free));
		if (v->free > 1)
			json_object_set_new(out, "can_open_one", json_true());
	}
	return out;
}

/* ---- one household or home ---- */

static const char *
ages_and_sexes(struct arena *a, const struct fit_place *fit)
{
	return str_format(a, "ages %u to %u, %s", fit->age_min_years,
	    fit->age_max_years,
	    fit->takes_girls && fit->takes_boys ? "girls and boys"
	    : fit->takes_girls                  ? "girls"
						: "boys");
}

/* "3 approved: 2 filled, 1 free": what there is none of is not said, but free. */
struct counts {
	struct arena *arena;
	const char *text;
};

static void
count(struct counts *c, uint32_t n, const char *what)
{
	if (n > 0)
		c->text = str_format(c->arena, "%s%u %s, ", c->text, n, what);
}

static const char *
places_words(struct arena *a, const Foster__Places *now)
{
	struct counts c = {a, str_format(a, "%u approved: ", now->approved)};

	count(&c, now->filled, "filled");
	count(&c, now->held, "held");
	count(&c, now->not_available, "not available");
	return str_format(a, "%s%u free%s", c.text, now->free,
	    now->free_for_siblings > now->free
		? str_format(a, " (%u for one sibling group)", now->free_for_siblings)
		: "");
}

static const char *
beds_words(struct arena *a, const Residential__Beds *now)
{
	struct counts c = {a, str_format(a, "%u registered: ", now->registered)};

	if (now->staffed < now->registered)
		c.text = str_format(
		    a, "%u registered, %u staffed: ", now->registered, now->staffed);
	count(&c, now->occupied, "occupied");
	count(&c, now->held, "held");
	count(&c, now->closed, "closed");
	count(&c, now->reserved, "kept for councils");
	return str_format(a, "%s%u free", c.text, now->free);
}

static json_t *
place_of(struct page *p, const struct our_place *place)
{
	struct arena *a = p->arena;
	const char *kind =
	    say_enum(a, &common__care_type__descriptor, (int)place->care_type);
	json_t *out = json_pack("{s:s, s:s, s:s, s:s, s:[]}", "id", place->id, "name",
	    place->name == NULL ? "Without a name" : place->name, "terms",
	    str_format(a, "%s, %s", kind, ages_and_sexes(a, &place->fit)), "counts",
	    place->household != NULL ? places_words(a, place->household_now->places)
				     : beds_words(a, place->home_now->beds),
	    "vacancies");

	if (out != NULL)
		put_text(out, "cannot_open", place->cannot_open);
	return out;
}

/* The vacancies of one place that are asked for, in its row; NULL: none is. A home that
 * can open nothing has no vacancy, and says why. */
static json_t *
row_of(struct page *p, const struct ours *ours, const struct view *view,
    const struct our_place *place)
{
	bool has_any = ours_has_vacancy(ours, place);
	json_t *row = NULL;

	if (!is_named(view, place))
		return NULL;
	if (!has_any && view->showing == SHOW_ALL)
		return place_of(p, place);
	for (size_t i = 0; has_any && i < ours->vacancies_n; i++) {
		const struct our_vacancy *v = &ours->vacancies[i];

		if (v->place != place || !is_wanted(p->arena, view, v))
			continue;
		if (row == NULL)
			row = place_of(p, place);
		if (v->free > 0 || v->is_open || !v->can_open)
			json_array_append_new(
			    json_object_get(row, "vacancies"), vacancy_of(p, v));
		else /* once, for all ages */
			json_object_set_new(row, "is_full", json_true());
	}
	return row;
}

/* Is any of the place's vacancies asked for? */
static bool
is_shown(struct arena *a, const struct ours *ours, const struct view *view,
    const struct our_place *place)
{
	if (!is_named(view, place))
		return false;
	for (size_t i = 0; i < ours->vacancies_n; i++) {
		if (ours->vacancies[i].place == place &&
		    is_wanted(a, view, &ours->vacancies[i]))
			return true;
	}
	return view->showing == SHOW_ALL;
}

/* A page of them, and how many there are. */
static json_t *
places_of(struct page *p, const struct ours *ours, const struct view *view, size_t *n)
{
	json_t *list = json_array();

	*n = 0;
	for (size_t i = 0; i < ours->places_n; i++) {
		if (!is_shown(p->arena, ours, view, &ours->places[i]))
			continue;
		if (*n >= view->first && *n < view->first + PLACES_A_PAGE)
			json_array_append_new(
			    list, row_of(p, ours, view, &ours->places[i]));
		(*n)++;
	}
	return list;
}

/* ---- the page ---- */

static json_t *
showings_of(const struct ours *ours, enum showing showing)
{
	json_t *list = json_array();

	for (int i = 0; i < SHOWINGS; i++) {
		int n = 0;

		for (size_t k = 0; k < ours->vacancies_n; k++)
			n += is_of((enum showing)i, &ours->vacancies[k]);
		json_array_append_new(
		    list, json_pack("{s:s, s:s, s:i, s:b}", "value", showings[i].value,
			      "label", showings[i].label, "n", n, "current",
			      i == (int)showing));
	}
	return list;
}

static json_t *
page_link(struct page *p, const struct view *view, size_t first, size_t n)
{
	size_t last = first + PLACES_A_PAGE < n ? first + PLACES_A_PAGE : n;

	return json_pack("{s:s, s:s}", "href",
	    str_format(p->arena, "/vacancies?show=%s&page=%zu%s%s",
		showings[view->showing].value, first / PLACES_A_PAGE + 1,
		view->name == NULL ? "" : "&name=",
		view->name == NULL ? "" : form_escape(p->arena, view->name)),
	    "label", str_format(p->arena, "%zu to %zu of %zu", first + 1, last, n));
}

static void
put_pagination(struct page *p, const struct view *view, size_t n)
{
	json_t *links = json_object();

	if (view->first > 0)
		json_object_set_new(links, "previous",
		    page_link(p, view, view->first - PLACES_A_PAGE, n));
	if (view->first + PLACES_A_PAGE < n)
		json_object_set_new(
		    links, "next", page_link(p, view, view->first + PLACES_A_PAGE, n));
	if (json_object_size(links) > 0)
		page_put(p, "pagination", links);
	else
		json_decref(links);
}

static const char *
finding(struct page *p, const struct ours *ours)
{
	struct arena *a = p->arena;
	size_t stale = ours_stale(ours);
	uint32_t open = 0;

	for (size_t i = 0; i < ours->vacancies_n; i++)
		open += ours->vacancies[i].is_open;
	return str_format(a, "%s open. %s",
	    say_first_up(a, say_count(a, open, "vacancy", "vacancies")),
	    stale == 0 ? "All are confirmed."
		       : str_format(a, "%s to be confirmed.",
			     say_count(a, stale, "needs", "need")));
}

/* Where one was just said: the sentence beside it. */
static void
mark_said(const struct view *view, json_t *places)
{
	size_t i, k;
	json_t *place, *v;

	json_array_foreach(places, i, place)
	{
		json_array_foreach(json_object_get(place, "vacancies"), k, v)
		{
			if (str_equal(json_string_value(json_object_get(v, "anchor")),
				view->said))
				json_object_set_new(v, "is_said", json_true());
		}
	}
}

void
page_vacancies_view(struct page *p)
{
	struct ours ours;
	json_t *places;
	size_t n;

	if (!ours_ask(p, &ours))
		return;
	struct view view = view_of(p, &ours);
	places = places_of(p, &ours, &view, &n);
	mark_said(&view, places);
	page_put(p, "has_places", json_boolean(ours.places_n > 0));
	page_put(p, "has_many", json_boolean(ours.places_n > PLACES_A_PAGE));
	page_put(p, "is_nothing_shown", json_boolean(json_array_size(places) == 0));
	page_put(p, "places", places);
	put_pagination(p, &view, n);
	page_put(p, "nothing",
	    json_string(view.name == NULL || view.name[0] == '\0'
			    ? showings[view.showing].nothing
			    : "No place here has that in its name."));
	page_put(p, "showings", showings_of(&ours, view.showing));
	page_put(p, "show", json_string(showings[view.showing].value));
	page_put(p, "named", json_string(view.name == NULL ? "" : view.name));
	page_put(
	    p, "at_page", json_integer((json_int_t)(view.first / PLACES_A_PAGE) + 1));
	page_put(p, "finding", json_string(finding(p, &ours)));
	page_put(p, "is_cut", json_boolean(ours.is_cut));
	page_put(p, "is_down", json_boolean(ours.down != NULL));
}
