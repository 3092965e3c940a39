#include <string.h>

#include "base/day.h"
#include "base/str.h"
#include "gateway/directory.h"
#include "gateway/fields.h"
#include "gateway/need.h"
#include "gateway/need_state.h"
#include "gateway/pages.h"
#include "gateway/routes.h"
#include "gateway/say.h"

#define STATE(name) REQUESTS__STATE__STATE_##name
#define OPTIONS_MAX 200

static void
put_too_late(struct page *p, enum need_act act, Requests__State state)
{
	const char *why = need_too_late(act, state);

	if (why != NULL)
		page_put(p, "too_late", json_string(why));
}

/* What the address or the form that was posted says. */
static const char *
named(struct page *p, const char *name)
{
	const char *value = page_query(p, name);

	return value == NULL ? NULL : str_copy(p->arena, value);
}

/* `began`: the day on which the placement began; NULL: it has not. */
static json_t *
offer_in_short(struct page *p, const Requests__Request *r,
    const Requests__OfferRow *offer, const int32_t *began)
{
	int32_t today = day_in_london(p->now_ms);
	int32_t day = began != NULL ? *began : offer->earliest_start_day;
	enum need_area area = need_area(p, r, offer->council_id);
	json_t *rows =
	    json_pack("[{s:s, s:s}, {s:s, s:s}, {s:s, s:s}, {s:s, s:s, s:o}]", "key",
		"For", "value",
		say_first_up(p->arena,
		    need_children(p, r, offer->child_refs, offer->n_child_refs)),
		"key", began != NULL ? "Started" : "Can start", "value",
		say_first_up(p->arena, say_day_near(p->arena, day, today)), "key",
		"Fee", "value", say_fee(p->arena, offer->fee_pence_week), "key", "Area",
		"value", directory_council_name(p->directory, offer->council_id), "tag",
		need_area_tag(area));

	return json_pack("{s:s, s:s, s:s, s:o}", "id", offer->offer_id, "provider",
	    directory_provider_name(p->directory, offer->provider_id), "kind",
	    str_format(p->arena, "%s, %s",
		say_enum(p->arena, &common__care_type__descriptor,
		    offer->has_care_type ? (int)offer->care_type
					 : (int)COMMON__CARE_TYPE__CARE_TYPE_FOSTER),
		need_place_name(p, offer->vacancy_id)),
	    "rows", rows);
}

/* ---- decide ---- */

/* Is the offer one of those for this part? */
static bool
is_for(const Requests__PartShown *part, const char *offer_id)
{
	for (size_t i = 0; i < part->n_offer_ids; i++)
		if (str_equal(part->offer_ids[i], offer_id))
			return true;
	return false;
}

static bool
is_listed(const struct field_option *options, size_t n, const char *value)
{
	for (size_t i = 0; i < n; i++)
		if (str_equal(options[i].value, value))
			return true;
	return false;
}

static bool
has_part_for(const Requests__SplitShown *split, const char *offer_id)
{
	for (size_t j = 0; j < split->n_parts; j++)
		if (is_for(split->parts[j], offer_id))
			return true;
	return false;
}

/* Adds the offers for this part that are not listed yet. */
static size_t
add_part(struct page *p, const Requests__Request *r, const Requests__PartShown *part,
    struct field_option *options, size_t n)
{
	const char *who = say_first_up(
	    p->arena, need_children(p, r, part->child_refs, part->n_child_refs));

	for (size_t k = 0; k < part->n_offer_ids && n < OPTIONS_MAX; k++) {
		const Requests__OfferRow *offer = need_offer(r, part->offer_ids[k]);
		if (offer == NULL || is_listed(options, n, offer->offer_id))
			continue;
		options[n++] = (struct field_option){
		    .value = offer->offer_id,
		    .label = str_format(p->arena, "%s: %s", who,
			directory_provider_name(p->directory, offer->provider_id)),
		    .hint = say_fee(p->arena, offer->fee_pence_week),
		};
	}
	return n;
}

/* The offers for the other parts of each split that has this one for a part. */
static size_t
others_for(struct page *p, const Requests__Request *r, const char *offer_id,
    struct field_option *options)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n_splits; i++) {
		const Requests__SplitShown *split = r->splits[i];
		for (size_t j = 0; has_part_for(split, offer_id) && j < split->n_parts;
		     j++)
			if (!is_for(split->parts[j], offer_id))
				n = add_part(p, r, split->parts[j], options, n);
	}
	return n;
}

static void
put_further(struct page *p, const Requests__Request *r, const Requests__OfferRow *offer)
{
	struct field_option *options =
	    arena_take(p->arena, OPTIONS_MAX * sizeof *options);
	size_t n;

	if (options == NULL || offer->n_child_refs == 0 ||
	    offer->n_child_refs == r->circulation->n_children)
		return;
	n = others_for(p, r, offer->offer_id, options);
	page_put(p, "is_part", json_true());
	page_put(p, "has_further", json_boolean(n > 0));
	page_put(p, "further",
	    fields_checkboxes(FIELDS_OF(p),
		&(struct field){.name = "further_offer_ids",
		    .label = "Which offers for the others?",
		    .hint =
			"One for each part. All places are held, and confirmed only "
			"together.",
		    .options = options,
		    .options_n = n,
		    .is_needed = true}));
	page_put(p, "split_reason",
	    fields_radios(FIELDS_OF(p), &(struct field){.name = "split_reason",
					    .label = "Why do they live apart?",
					    .type = &requests__split_reason__descriptor,
					    .is_needed = true}));
}

/* One line for each thing that follows from the decision. */
static void
put_follows(struct page *p, const Requests__Request *r, const Requests__OfferRow *offer)
{
	json_t *list = json_array();
	bool is_emergency =
	    r->circulation->urgency == REQUESTS__URGENCY__URGENCY_EMERGENCY;
	enum need_area area = need_area(p, r, offer->council_id);
	const char *provider =
	    directory_provider_name(p->directory, offer->provider_id);

	json_array_append_new(list,
	    json_string(str_format(p->arena,
		"The place is held at once, for %s. From then on it is promised to "
		"nobody else.",
		is_emergency ? "two hours" : "two working days")));
	json_array_append_new(list,
	    json_string(str_format(p->arena,
		"%s is asked for its yes. If it stays silent the place goes back, and "
		"the other offers stand.",
		provider)));
	if (area == NEED_AREA_ADJOINING)
		json_array_append_new(list,
		    json_string("The home is outside your area: a nominated officer "
				"approves it before the start, unless the provider is "
				"your own fostering team."));
	if (area == NEED_AREA_FAR)
		json_array_append_new(list,
		    json_string(
			"The home is at a distance: the director of children\u2019s "
			"services approves it before the start, unless the "
			"provider is your own fostering team."));
	json_array_append_new(list,
	    json_string(str_format(p->arena,
		"When the %s moved in, every other provider is told that it was not "
		"chosen.",
		r->circulation->n_children == 1 ? "child has" : "children have")));
	page_put(p, "follows", list);
}

/* One offer, why, and what follows from choosing it. */
void
page_decide_view(struct page *p)
{
	const Requests__Request *r = need_ask(p);
	const Requests__OfferRow *offer;

	if (r == NULL)
		return;
	offer = need_offer(r, named(p, "offer_id"));
	if (offer == NULL) {
		page_missing(p);
		return;
	}
	need_title(p, r, "Choose this offer");
	page_put(p, "offer", offer_in_short(p, r, offer, NULL));
	page_put(p, "is_lost", json_boolean(offer->is_lost));
	put_too_late(p, NEED_CHOOSE, r->state);
	page_put(p, "reason",
	    fields_radios(FIELDS_OF(p),
		&(struct field){.name = "reason",
		    .label = "Why this offer?",
		    .hint = "The reason is recorded with your name, and read by nobody "
			    "outside your council.",
		    .type = &requests__decision_reason__descriptor,
		    .is_needed = true}));
	put_further(p, r, offer);
	put_follows(p, r, offer);
}

/* ---- approve ---- */

/* Reg 11(2), in its order; who is asked for which of the two of (d) hangs on where. */
static const struct ground {
	const char *name, *label, *clause;
	bool of_adjoining, of_distance;
} grounds[] = {
    {"grounds.wishes_considered",
	"The child\u2019s wishes and feelings are known and were given due "
	"consideration",
	"Care Planning Regulations 2010, reg 11(2)(a)", true, true},
    {"grounds.most_appropriate",
	"It is the most appropriate placement available, and fits the care plan",
	"reg 11(2)(b)", true, true},
    {"grounds.relatives_consulted",
	"The child\u2019s relatives were consulted, where appropriate", "reg 11(2)(c)",
	true, true},
    {"grounds.area_authority_notified", "The council of the area was notified",
	"reg 11(2)(d)(i)", true, false},
    {"grounds.area_authority_consulted",
	"The council of the area was consulted, and has the care plan",
	"reg 11(2)(d)(ii)", false, true},
    {"grounds.reviewing_officer_consulted",
	"The independent reviewing officer was consulted", "reg 11(2)(e)", true, true},
};

static bool
is_given(const Requests__ApprovalGrounds *given, size_t i)
{
	if (given == NULL)
		return false;
	const int list[] = {given->wishes_considered, given->most_appropriate,
	    given->relatives_consulted, given->area_authority_notified,
	    given->area_authority_consulted, given->reviewing_officer_consulted};
	return list[i] != 0;
}

static void
put_grounds(struct page *p, const Requests__Journey *journey)
{
	bool is_far = journey->approver == REQUESTS__APPROVER__APPROVER_DIRECTOR;
	json_t *list = json_array();

	for (size_t i = 0; i < sizeof grounds / sizeof grounds[0]; i++) {
		const struct ground *ground = &grounds[i];
		const struct field_option yes = {"yes", ground->label, ground->clause,
		    is_given(journey->grounds, i)};
		if (is_far ? !ground->of_distance : !ground->of_adjoining)
			continue;
		json_array_append_new(list, fields_checkboxes(FIELDS_OF(p),
						&(struct field){.name = ground->name,
						    .label = ground->label,
						    .options = &yes,
						    .options_n = 1}));
	}
	page_put(p, "grounds", list);
}

static void
put_placement(
    struct page *p, const Requests__Request *r, const Requests__Journey *journey)
{
	const Requests__OfferRow *offer = need_offer(r, journey->offer_id);

	page_put(p, "placement_id", json_string(journey->placement_id));
	if (offer != NULL)
		page_put(p, "offer",
		    offer_in_short(p, r, offer,
			journey->has_start_day ? &journey->start_day : NULL));
	page_put(p, "chosen",
	    json_string(str_format(p->arena, "Chosen by %s, %s, because: %s.",
		directory_person_name(p->directory, journey->decided_by_id),
		say_time_within(p->arena, journey->decided_time, p->now_ms),
		say_enum_within(p->arena, &requests__decision_reason__descriptor,
		    (int)journey->reason))));
}

/* The placement that the address names, or the only one; NULL: the page is over. */
static const Requests__Journey *
placement_named(struct page *p, const Requests__Request *r)
{
	const char *id = named(p, "placement_id");
	const Requests__Journey *found = need_placement(r, id);
	size_t n = 0;

	for (size_t i = 0; id == NULL && i < r->n_journeys; i++) {
		if (!need_is_chosen(r->journeys[i]))
			continue;
		found = r->journeys[i];
		n++;
	}
	if (found != NULL && !need_is_chosen(found)) {
		p->end = PAGE_REFUSED;
		p->sentence =
		    "This placement did not come about: its place was lost "
		    "or given back. The page of the need says what comes next.";
		return NULL;
	}
	if (found == NULL || n > 1) {
		page_missing(p);
		return NULL;
	}
	return found;
}

static const char *
rule_of(Requests__Approver approver)
{
	switch (approver) {
	case REQUESTS__APPROVER__APPROVER_UNSPECIFIED:
	case REQUESTS__APPROVER__APPROVER_NONE:
		return "This placement needs no approval of this kind.";
	case REQUESTS__APPROVER__APPROVER_NOMINATED_OFFICER:
		return "The home is outside your area, in an adjoining one. A "
		       "nominated "
		       "officer approves it before it starts.";
	case REQUESTS__APPROVER__APPROVER_DIRECTOR:
		return "The home is at a distance: outside your area, and not in an "
		       "adjoining one. The director of children\u2019s services "
		       "approves it "
		       "before it starts.";
	}
	return "";
}

/* Reg 11: by a nominated officer, or the director, of the child's own council, of just
 * the placement that was looked at. */
void
page_approve_view(struct page *p)
{
	const Requests__Request *r = need_ask(p);
	const Requests__Journey *journey;
	bool is_emergency;

	if (r == NULL)
		return;
	journey = placement_named(p, r);
	if (journey == NULL)
		return;
	is_emergency = r->circulation->urgency == REQUESTS__URGENCY__URGENCY_EMERGENCY;
	need_title(p, r, "Approve a placement outside the area");
	put_placement(p, r, journey);
	put_grounds(p, journey);
	page_put(p, "is_owed", json_boolean(need_awaits_approval(journey)));
	page_put(p, "is_emergency", json_boolean(is_emergency));
	page_put(p, "rule", json_string(rule_of(journey->approver)));
	page_put(p, "may_not",
	    json_boolean(journey->approver == REQUESTS__APPROVER__APPROVER_DIRECTOR &&
			 !page_may(p, ROLE_DIRECTOR)));
}

/* ---- start and end ---- */

static json_t *
day_field(struct page *p, const char *name, const char *label, const char *hint)
{
	return fields_day(
	    FIELDS_OF(p), &(struct field){.name = name,
			      .label = label,
			      .hint = hint,
			      .value = say_iso_day(p->arena, day_in_london(p->now_ms)),
			      .is_needed = true});
}

/* The placement that the page is about; false: not yet, or the page says why not. */
static bool
put_named(struct page *p, enum need_act act, const char *title)
{
	const Requests__Request *r = need_ask(p);
	const Requests__Journey *journey = r == NULL ? NULL : placement_named(p, r);

	if (journey == NULL)
		return false;
	need_title(p, r, title);
	put_placement(p, r, journey);
	put_too_late(p, act, journey->state);
	return true;
}

void
page_placement_start_view(struct page *p)
{
	if (!put_named(p, NEED_START, "Record the start"))
		return;
	page_put(p, "start_day",
	    day_field(p, "start_day", "On which day did the placement start?",
		"Today or earlier"));
}

void
page_placement_end_view(struct page *p)
{
	if (!put_named(p, NEED_END, "Record the end"))
		return;
	page_put(p, "end_day",
	    day_field(p, "end_day", "On which day did the placement end?",
		"Today or earlier"));
	page_put(p, "reason",
	    fields_radios(FIELDS_OF(p), &(struct field){.name = "reason",
					    .label = "Why did it end?",
					    .type = &requests__end_reason__descriptor,
					    .is_needed = true}));
}
