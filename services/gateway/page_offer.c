#include "base/day.h"
#include "base/message.h"
#include "base/str.h"
#include "gateway/fields.h"
#include "gateway/need_lines.h"
#include "gateway/ours.h"
#include "gateway/pages.h"
#include "gateway/referral.h"
#include "gateway/say.h"

/*
 * An offer, filled in from the household or home: which place, for whom, at what fee
 * and from when; and beside it what the need asks and what the place's own records say.
 */

#define CHOICES_MAX 20
#define OTHERS_IN_SIGHT 3 /* more of them are shown when asked for */

/* What can be offered: first where the need was shown to us for, then what else is
 * open. */
struct choices {
	const struct our_vacancy *list[CHOICES_MAX];
	size_t n;
	const struct our_vacancy *chosen;
	bool is_all;
};

static void
add(struct choices *c, const struct our_vacancy *v)
{
	for (size_t i = 0; i < c->n; i++) {
		if (c->list[i] == v)
			return;
	}
	if (v != NULL && v->is_open && c->n < CHOICES_MAX)
		c->list[c->n++] = v;
}

/* Those it was shown to; others too where they are asked for, or none of those is open.
 */
static struct choices
choices_of(struct page *p, const struct ours *ours, const Requests__Referral *r)
{
	const char *said = page_query(p, "vacancy_id");
	struct choices c = {.n = 0};

	for (size_t i = 0; i < r->bid->n_vacancy_ids; i++)
		add(&c, ours_vacancy(ours, r->bid->vacancy_ids[i]));
	c.is_all = c.n == 0 || str_equal(page_query(p, "show"), "all");
	add(&c, ours_vacancy(ours, said));
	for (size_t i = 0; c.is_all && i < ours->vacancies_n; i++) {
		if (ours->vacancies[i].free > 0)
			add(&c, &ours->vacancies[i]);
	}
	c.chosen = c.n > 0 ? c.list[0] : NULL;
	for (size_t i = 0; i < c.n; i++) {
		if (str_equal(c.list[i]->id, said))
			c.chosen = c.list[i];
	}
	return c;
}

/* ---- which of the children ---- */

/* Those who still wait for a home, as bits. */
static uint32_t
waiting_of(const Requests__Referral *r)
{
	const Requests__NeedCirculation *need = r->circulation;
	uint32_t children = 0;

	for (size_t i = 0; i < need->n_children && i < 32; i++) {
		bool is_waiting = r->n_waiting_child_refs == 0;

		for (size_t k = 0; k < r->n_waiting_child_refs; k++)
			is_waiting = is_waiting || str_equal(r->waiting_child_refs[k],
						       need->children[i]->child_ref);
		children |= (uint32_t)is_waiting << i;
	}
	return children;
}

/* Only where the council permits siblings to live apart is there anything to choose. */
static void
put_children(struct page *p, const Requests__Referral *r)
{
	const Requests__NeedCirculation *need = r->circulation;
	struct field_option options[6];
	uint32_t waiting = waiting_of(r);
	size_t n = 0;

	if (need->n_permitted_splits == 0)
		return;
	for (size_t i = 0; i < need->n_children && n < 6; i++) {
		char *ref = need->children[i]->child_ref;

		if ((waiting >> i & 1) != 0)
			options[n++] = (struct field_option){.value = ref,
			    .label = need_lines_part(p, need, &ref, 1),
			    .is_checked = true};
	}
	page_put(p, "children",
	    fields_checkboxes(FIELDS_OF(p),
		&(const struct field){.name = "child_refs",
		    .label = "For which of the children",
		    .hint =
			"All together is best. The council permits a part only as the "
			"need says.",
		    .options = options,
		    .options_n = n}));
}

/* The children an offer as it stands in the form is for. */
static uint32_t
offered_of(const struct page *p, const Requests__Referral *r)
{
	const Requests__NeedCirculation *need = r->circulation;
	uint32_t waiting = waiting_of(r), children = 0;

	for (size_t i = 0; i < need->n_children && i < 32; i++)
		children |= (uint32_t)form_has(
				p->form, "child_refs", need->children[i]->child_ref)
		            << i;
	return (children & waiting) == 0 ? waiting : children & waiting;
}

/* ---- fit ---- */

static json_t *
line_of(const struct fit_line *line)
{
	static const struct {
		const char *text, *colour;
	} words[] = {[FIT_YES] = {"Yes", "green"},
	    [FIT_NO] = {"No", "red"},
	    [FIT_CHECK] = {"Check", "orange"}};

	return json_pack("{s:s, s:s, s:{s:s, s:s}}", "asked", line->asked, "fact",
	    line->fact, "tag", "text", words[line->fit].text, "colour",
	    words[line->fit].colour);
}

/* "7 of 9 met, 1 not, 1 to check" */
static const char *
fit_sentence(struct arena *a, const struct fit_line *lines, size_t n)
{
	size_t yes = 0, no = 0;

	for (size_t i = 0; i < n; i++) {
		yes += lines[i].fit == FIT_YES;
		no += lines[i].fit == FIT_NO;
	}
	size_t check = n - yes - no;
	return str_format(a, "%zu of %zu met%s%s", yes, n,
	    no == 0 ? "" : str_format(a, ", %zu not", no),
	    check == 0 ? "" : str_format(a, ", %zu to check", check));
}

static size_t
lines_of(struct page *p, const Requests__Referral *r, const struct our_vacancy *v,
    struct fit_line lines[FIT_LINES_MAX])
{
	return fit_lines(p->arena, r->circulation, offered_of(p, r), &v->place->fit,
	    day_in_london(p->now_ms), lines);
}

static void
put_fit(struct page *p, const Requests__Referral *r, const struct our_vacancy *v)
{
	struct fit_line lines[FIT_LINES_MAX];
	size_t n = lines_of(p, r, v, lines);
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, line_of(&lines[i]));
	page_put(p, "fit",
	    json_pack("{s:s, s:s, s:o}", "name", ours_name(p->arena, v), "sentence",
		fit_sentence(p->arena, lines, n), "lines", list));
}

/* ---- the fields ---- */

static const char *
choice_hint(struct page *p, const Requests__Referral *r, const struct our_vacancy *v)
{
	struct arena *a = p->arena;
	uint32_t miles = 0;
	bool is_to_check = false;
	bool is_known =
	    fit_miles(r->circulation, v->place->fit.sector, &miles, &is_to_check);

	struct fit_line lines[FIT_LINES_MAX];
	size_t n = lines_of(p, r, v, lines);

	return str_format(a, "%s, %s; %s",
	    say_count(a, v->open, "place open", "places open"),
	    is_known ? say_miles(a, miles, is_to_check) : "how far is not known",
	    fit_sentence(a, lines, n));
}

static void
put_places(struct page *p, const Requests__Referral *r, const struct choices *c)
{
	struct field_option options[CHOICES_MAX];
	json_t *others = json_array();

	for (size_t i = 0; i < c->n; i++) {
		options[i] = (struct field_option){.value = c->list[i]->id,
		    .label = ours_name(p->arena, c->list[i]),
		    .hint = choice_hint(p, r, c->list[i]),
		    .is_checked = c->list[i] == c->chosen};
		if (c->list[i] != c->chosen)
			json_array_append_new(others,
			    json_pack("{s:s, s:s}", "href",
				str_format(p->arena, "%s?vacancy_id=%s%s#fit", p->path,
				    c->list[i]->id, c->is_all ? "&show=all" : ""),
				"name", ours_name(p->arena, c->list[i])));
	}
	page_put(p, "has_many_others",
	    json_boolean(json_array_size(others) > OTHERS_IN_SIGHT));
	page_put(p, "others", others);
	if (!c->is_all)
		page_put(p, "more_places",
		    json_string(str_format(p->arena, "%s?show=all", p->path)));
	page_put(p, "place",
	    fields_radios(FIELDS_OF(p), &(const struct field){.name = "vacancy_id",
					    .label = "Which place",
					    .options = options,
					    .options_n = c->n,
					    .is_needed = true}));
}

/* As it is typed: "516", "516.50"; NULL: not known. */
static const char *
pounds(struct arena *a, int64_t pence)
{
	if (pence <= 0)
		return NULL;
	return pence % 100 == 0 ? str_format(a, "%lld", (long long)(pence / 100))
	                        : str_format(a, "%lld.%02lld", (long long)(pence / 100),
				      (long long)(pence % 100));
}

static void
put_terms(struct page *p, const Requests__Referral *r, const struct our_vacancy *v)
{
	uint32_t children = (uint32_t)__builtin_popcount(offered_of(p, r));
	int64_t fee = v->place->fee_pence_week * children;
	char day[DAY_TEXT_LEN + 1];

	day_format(v->place->fit.available_from_day, day);
	page_put(p, "fee",
	    fields_money(FIELDS_OF(p),
		&(const struct field){.name = "fee_pence_week",
		    .label = "Fee in pounds a week",
		    .hint = children > 1 ? "For all the children of this offer together"
	                                 : NULL,
		    .value = pounds(p->arena, fee),
		    .suffix = "a week",
		    .is_needed = true}));
	page_put(p, "start",
	    fields_day(FIELDS_OF(p), &(const struct field){.name = "earliest_start_day",
					 .label = "Earliest day somebody could move in",
					 .value = day,
					 .is_needed = true}));
}

void
page_offer_view(struct page *p)
{
	const Requests__Referral *r = referral_ask(p);
	struct ours ours;
	bool has_ours = ours_ask(p, &ours);

	if (r == NULL || !has_ours)
		return;
	struct choices c = choices_of(p, &ours, r);
	referral_put_head(p, r, "Offer for ");
	page_put(p, "back",
	    json_pack("{s:s, s:s}", "href",
		str_format(p->arena, "/referrals/%s", r->circulation->request_id),
		"text", "The need"));
	page_put(
	    p, "is_over", json_boolean(r->state != REQUESTS__STATE__STATE_CIRCULATED));
	page_put(p, "is_down", json_boolean(ours.down != NULL));
	if (c.chosen == NULL)
		return;
	put_places(p, r, &c);
	put_children(p, r);
	put_terms(p, r, c.chosen);
	put_fit(p, r, c.chosen);
}
