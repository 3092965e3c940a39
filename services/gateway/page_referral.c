#include "base/day.h"
#include "base/json_names.h"
#include "base/message.h"
#include "base/str.h"
#include "gateway/need_lines.h"
#include "gateway/ours.h"
#include "gateway/pages.h"
#include "gateway/posted.h"
#include "gateway/referral.h"
#include "gateway/say.h"

/*
 * A need as a provider may see it, and its answer: yes, ask, no. The parts that are
 * kept fresh (where it stands, what was opened) hold no form; the forms stand between
 * them.
 */

#define STATE(name) REQUESTS__STATE__STATE_##name
#define LEVEL(name) REQUESTS__DISCLOSURE__DISCLOSURE_##name
#define REASON(name) REQUESTS__DECLINE_REASON__DECLINE_REASON_##name

/* ---- where it stands ---- */

/* A place of ours on its way that waits for our yes; NULL. */
static const Requests__Journey *
awaited(const Requests__Referral *r)
{
	for (size_t i = 0; i < r->n_journeys; i++) {
		const Requests__Journey *j = r->journeys[i];
		if (j->state == STATE(HELD) && !j->has_agreed_time)
			return j;
	}
	return NULL;
}

static const Requests__OfferRow *
offer_of(const Requests__Referral *r, const char *offer_id)
{
	for (size_t i = 0; i < r->n_offers; i++) {
		if (str_equal(r->offers[i]->offer_id, offer_id))
			return r->offers[i];
	}
	return NULL;
}

static size_t
standing(const Requests__Referral *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n_offers; i++)
		n += !r->offers[i]->is_lost;
	return n;
}

static const char *
place_name(struct page *p, const struct ours *ours, const Requests__OfferRow *offer)
{
	const struct our_vacancy *v =
	    offer == NULL ? NULL : ours_vacancy(ours, offer->vacancy_id);

	return v == NULL ? "one of your places" : ours_name(p->arena, v);
}

static const char *
answered_words(struct page *p, const Requests__Referral *r)
{
	struct arena *a = p->arena;
	const Requests__Bid *bid = r->bid;

	if (standing(r) > 0)
		return "You offered. The council decides, and you hear here either "
		       "way.";
	if (bid->has_declined)
		return str_format(a,
		    "You said no: %s. If that has changed, you can "
		    "still offer.",
		    say_enum_within(
			a, &requests__decline_reason__descriptor, (int)bid->declined));
	if (bid->is_interested && bid->level >= LEVEL(L2))
		return "You asked for more detail, and the council opened level 2 to "
		       "you. Say yes or no.";
	if (bid->is_interested)
		return "You asked for more detail. The council sees that, and may open "
		       "level 2 to you. You can offer without it.";
	if (!r->has_answer_by_time)
		return "The council waits for your answer.";
	if (r->answer_by_time <= p->now_ms)
		return "The time to answer is over. The council may still take an "
		       "offer.";
	return str_format(a, "Answer by %s (%s).",
	    say_time_within(a, r->answer_by_time, p->now_ms),
	    say_left(a, r->answer_by_time, p->now_ms));
}

/* Of a place of ours that is on its way or begun. */
static const char *
journey_words(struct page *p, const struct ours *ours, const Requests__Referral *r,
    const Requests__Journey *j)
{
	struct arena *a = p->arena;
	const char *name = place_name(p, ours, offer_of(r, j->offer_id));

	switch (j->state) {
	case STATE(DECIDED):
		return str_format(
		    a, "The council chose %s. The place is being held.", name);
	case STATE(HELD):
		if (j->has_agreed_time)
			return str_format(a,
			    "You said yes for %s. The other homes of "
			    "this family have still to.",
			    name);
		return str_format(a,
		    "The council chose %s. The place is held until %s (%s).", name,
		    say_time_within(a, j->hold_expires_time, p->now_ms),
		    say_left(a, j->hold_expires_time, p->now_ms));
	case STATE(CONFIRMING):
		return str_format(
		    a, "You said yes for %s. It is being confirmed.", name);
	case STATE(CONFIRMED):
		return str_format(a,
		    "Agreed: %s. The place is kept until %s. The "
		    "council says the day of the start.",
		    name, say_time_within(a, j->latest_start_time, p->now_ms));
	case STATE(STARTING):
	case STATE(STARTED):
		return str_format(
		    a, "Placed at %s from %s.", name, say_day(a, j->start_day));
	case STATE(ENDED):
		return str_format(a, "The placement at %s ended on %s.", name,
		    say_day(a, j->end_day));
	case STATE(UNSPECIFIED):
	case STATE(SUBMITTED):
	case STATE(CIRCULATED):
	case STATE(WITHDRAWN): break;
	}
	return NULL;
}

static json_t *
standing_lines(struct page *p, const struct ours *ours, const Requests__Referral *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->n_journeys; i++) {
		const char *text = journey_words(p, ours, r, r->journeys[i]);
		if (text != NULL)
			json_array_append_new(list, json_string(text));
	}
	if (json_array_size(list) > 0)
		return list;
	if (r->state == STATE(CIRCULATED))
		json_array_append_new(list, json_string(answered_words(p, r)));
	else
		json_array_append_new(
		    list, json_string(referral_outcome(r->bid, r->state)));
	return list;
}

/* ---- why it came here ---- */

static json_t *
asked_place(
    struct page *p, const Requests__NeedCirculation *need, const struct our_vacancy *v)
{
	struct arena *a = p->arena;
	uint32_t miles = 0;
	bool is_to_check = false;
	bool is_known = fit_miles(need, v->place->fit.sector, &miles, &is_to_check);

	return json_pack("{s:s, s:s}", "name", ours_name(a, v), "facts",
	    str_format(a, "%s, %s",
		v->is_open
		    ? str_format(a, "%s open", say_count(a, v->open, "place", "places"))
		    : "not open any more",
		is_known ? say_miles(a, miles, is_to_check) : "how far is not known"));
}

static json_t *
why_of(struct page *p, const struct ours *ours, const Requests__Referral *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->bid->n_vacancy_ids; i++) {
		const struct our_vacancy *v =
		    ours_vacancy(ours, r->bid->vacancy_ids[i]);
		if (v != NULL)
			json_array_append_new(list, asked_place(p, r->circulation, v));
	}
	return list;
}

/* ---- no, and why ---- */

/* Those said most, first; the rest behind one tap more. */
static const Requests__DeclineReason reasons[] = {REASON(NO_VACANCY),
    REASON(MIX_WITH_CURRENT_CHILDREN), REASON(OUTSIDE_APPROVAL), REASON(SKILLS_GAP),
    REASON(STAFFING_GAP), REASON(DISTANCE), REASON(CARER_DECLINED),
    REASON(LOCATION_RISK), REASON(EDUCATION_UNAVAILABLE),
    REASON(INSUFFICIENT_INFORMATION), REASON(OFFERED_ELSEWHERE), REASON(FEE_NOT_AGREED),
    REASON(GRADE_CONCERN), REASON(TOO_LATE)};
#define REASONS_N (sizeof reasons / sizeof reasons[0])
#define REASONS_FIRST 6

static json_t *
reasons_of(struct page *p, size_t from, size_t to)
{
	const ProtobufCEnumDescriptor *type = &requests__decline_reason__descriptor;
	json_t *list = json_array();

	for (size_t i = from; i < to; i++) {
		char name[JSON_NAME_MAX];

		json_enum_name(type,
		    protobuf_c_enum_descriptor_get_value(type, (int)reasons[i]), name);
		json_array_append_new(
		    list, json_pack("{s:s, s:s}", "value", name, "label",
			      say_enum(p->arena, type, (int)reasons[i])));
	}
	return list;
}

static void
put_no(struct page *p, const char *path)
{
	page_form(p, "decline_token", str_format(p->arena, "%s/decline", path));
	page_put(p, "reasons", reasons_of(p, 0, REASONS_FIRST));
	page_put(p, "more_reasons", reasons_of(p, REASONS_FIRST, REASONS_N));
}

/* ---- what can be answered now ---- */

static void
put_answers(struct page *p, const struct ours *ours, const Requests__Referral *r)
{
	const char *path =
	    str_format(p->arena, "/referrals/%s", r->circulation->request_id);
	const Requests__Journey *j = awaited(r);

	page_put(p, "path", json_string(path));
	if (j != NULL) {
		page_form(p, "yes_token", str_format(p->arena, "%s/yes", path));
		page_put(p, "yes",
		    json_pack("{s:s, s:s}", "offer_id", j->offer_id, "name",
			place_name(p, ours, offer_of(r, j->offer_id))));
		put_no(p, path);
		return;
	}
	if (r->state != STATE(CIRCULATED))
		return;
	page_put(p, "can_offer", json_true());
	page_put(p, "has_offered", json_boolean(standing(r) > 0));
	page_put(p, "is_unanswered",
	    json_boolean(standing(r) == 0 && !r->bid->has_declined));
	if (!r->bid->is_interested && standing(r) == 0) {
		page_put(p, "can_ask", json_true());
		page_form(p, "ask_token", str_format(p->arena, "%s/interest", path));
	}
	if (!r->bid->has_declined)
		put_no(p, path);
}

/* ---- offers made ---- */

static json_t *
offers_of(struct page *p, const struct ours *ours, const Requests__Referral *r)
{
	struct arena *a = p->arena;
	json_t *list = json_array();

	for (size_t i = 0; i < r->n_offers; i++) {
		const Requests__OfferRow *o = r->offers[i];
		json_t *offer = json_pack("{s:s, s:s, s:b}", "name",
		    place_name(p, ours, o), "facts",
		    str_format(a, "%s, from %s", say_fee(a, o->fee_pence_week),
			say_day(a, o->earliest_start_day)),
		    "is_lost", o->is_lost);

		if (offer != NULL && o->n_child_refs > 0)
			json_object_set_new(offer, "part",
			    json_string(need_lines_part(
				p, r->circulation, o->child_refs, o->n_child_refs)));
		json_array_append_new(list, offer);
	}
	return list;
}

/* ---- levels ---- */

static const char *
level_sentence(Requests__Disclosure level)
{
	switch (level) {
	case LEVEL(L2):
		return "You see levels 1 and 2. The council opened level 2 to you "
		       "because you asked; other providers do not see it.";
	case LEVEL(L3):
		return "You see levels 1, 2 and 3, because a place of yours was "
		       "chosen.";
	case LEVEL(UNSPECIFIED):
	case LEVEL(L1): break;
	}
	return "You see level 1: what every provider that was asked may read.";
}

static void
put_levels(struct page *p, const Requests__Referral *r)
{
	page_put(p, "level_sentence", json_string(level_sentence(r->bid->level)));
	if (r->detail != NULL)
		page_put(p, "detail",
		    json_pack("{s:o}", "lines", need_lines_detail(p, r->detail)));
	if (r->identity != NULL)
		page_put(p, "identity",
		    json_pack("{s:o}", "lines", need_lines_identity(p, r->identity)));
}

void
page_referral_view(struct page *p)
{
	const Requests__Referral *r = referral_ask(p);
	struct ours ours;
	bool has_ours = ours_ask(p, &ours);
	json_t *state;

	if (r == NULL || !has_ours)
		return;
	referral_put_head(p, r, "");
	page_put(p, "back", json_pack("{s:s, s:s}", "href", "/today", "text", "Today"));
	state = standing_lines(p, &ours, r);
	page_put(
	    p, "say", json_pack("{s:O?}", "referral_state", json_array_get(state, 0)));
	page_put(p, "state", state);
	page_put(p, "is_awaited", json_boolean(awaited(r) != NULL));
	page_put(p, "lines", need_lines_circulation(p, r->circulation));
	page_put(p, "why", why_of(p, &ours, r));
	page_put(p, "offers", offers_of(p, &ours, r));
	put_levels(p, r);
	put_answers(p, &ours, r);
}
