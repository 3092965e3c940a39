#ifndef RCC_TESTS_UNIT_REQUESTS_SAMPLE_H
#define RCC_TESTS_UNIT_REQUESTS_SAMPLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/day.h"
#include "base/message.h"
#include "base/str.h"
#include "requests/requests.h"

/*
 * One request for the unit tests of rules: of Manchester, circulated to five
 * providers, of which the first was chosen (where the state has a journey):
 *   chosen     made the offer that was decided on
 *   offering   made another that stands
 *   keen       showed interest and offered nothing
 *   declining  said no
 *   silent     said nothing
 */
#define MANCHESTER "E08000003"
#define SALFORD "E08000006"
#define SAMPLE_NOW INT64_C(1795262400000) /* Saturday 2026-11-21, 12:00 in London */
#define HOUR_MS INT64_C(3600000)
#define N(list) (sizeof(list) / sizeof((list)[0]))

#define CHOSEN "00000000000000000000000p01"
#define OFFERING "00000000000000000000000p02"
#define KEEN "00000000000000000000000p03"
#define DECLINING "00000000000000000000000p04"
#define SILENT "00000000000000000000000p05"
#define STRANGER "00000000000000000000000p09"
#define OFFER_1 "00000000000000000000000f01"
#define OFFER_2 "00000000000000000000000f02"
#define HOLD_1 "00000000000000000000000h01"

/* One for the whole program: what is built lives until it ends. */
static inline struct arena *
sample_arena(void)
{
	static struct arena a;

	if (a.base == NULL)
		assert_int_equal(arena_open(&a, 64u << 20), ERR_NONE);
	return &a;
}

static inline char *
text(const char *t)
{
	return str_copy(sample_arena(), t);
}

static inline struct requests_act
acting(const char *organisation_id)
{
	return (struct requests_act){
	    .person_id = "000000000000000000000per01",
	    .organisation_id = organisation_id,
	    .now_ms = SAMPLE_NOW,
	    .today = day_in_london(SAMPLE_NOW),
	    .copy_age_ms = 5,
	};
}

static inline Requests__Bid *
sample_bid(const char *provider_id)
{
	Requests__Bid *bid = MESSAGE_NEW(sample_arena(), requests__bid);

	bid->provider_id = text(provider_id);
	bid->vacancy_ids = LIST_NEW(sample_arena(), 1, char *);
	bid->vacancy_ids[bid->n_vacancy_ids++] =
	    str_format(sample_arena(), "v%s", provider_id + 1);
	SET(bid, level, REQUESTS__DISCLOSURE__DISCLOSURE_L1);
	SET(bid, circulated_time, SAMPLE_NOW - 4 * HOUR_MS);
	return bid;
}

static inline Requests__OfferRow *
sample_offer(Requests__Bid *bid, const char *offer_id)
{
	Requests__OfferRow *offer = MESSAGE_NEW(sample_arena(), requests__offer_row);

	offer->offer_id = text(offer_id);
	offer->provider_id = bid->provider_id;
	offer->vacancy_id = bid->vacancy_ids[0];
	offer->council_id = text(SALFORD);
	SET(offer, fee_pence_week, 95000);
	SET(offer, earliest_start_day, day_in_london(SAMPLE_NOW) + 2);
	SET(offer, made_time, SAMPLE_NOW - 3 * HOUR_MS);
	if (bid->offer_ids == NULL)
		bid->offer_ids = LIST_NEW(sample_arena(), 8, char *);
	bid->offer_ids[bid->n_offer_ids++] = offer->offer_id;
	return offer;
}

static inline Requests__NeedCirculation *
sample_need(Requests__Urgency urgency)
{
	Requests__NeedCirculation *need =
	    MESSAGE_NEW(sample_arena(), requests__need_circulation);
	Requests__ChildNeed *child = MESSAGE_NEW(sample_arena(), requests__child_need);

	SET(child, age_years, 9);
	SET(child, age_day, day_in_london(SAMPLE_NOW));
	SET(child, sex, COMMON__SEX__SEX_FEMALE);
	need->council_id = text(MANCHESTER);
	need->home_sector = text("M14 5");
	SET(need, urgency, urgency);
	SET(need, needed_by_day, day_in_london(SAMPLE_NOW) + 1);
	need->children = LIST_NEW(sample_arena(), 1, Requests__ChildNeed *);
	need->children[need->n_children++] = child;
	return need;
}

/* The same need for so many siblings, lettered. */
static inline Requests__NeedCirculation *
sample_siblings(size_t n)
{
	Requests__NeedCirculation *need =
	    sample_need(REQUESTS__URGENCY__URGENCY_PLANNED);

	need->children =
	    LIST_NEW(sample_arena(), REQUESTS_CHILDREN_MAX, Requests__ChildNeed *);
	for (need->n_children = 0; need->n_children < n; need->n_children++) {
		Requests__ChildNeed *child =
		    sample_need(REQUESTS__URGENCY__URGENCY_PLANNED)->children[0];

		child->child_ref =
		    str_format(sample_arena(), "%c", 'A' + (int)need->n_children);
		need->children[need->n_children] = child;
	}
	SET(need, are_siblings, n > 1);
	return need;
}

static inline Requests__Part *
sample_part(const char *letters, size_t n)
{
	Requests__Part *part = MESSAGE_NEW(sample_arena(), requests__part);

	part->child_refs = LIST_NEW(sample_arena(), n + 1, char *);
	for (; part->n_child_refs < n; part->n_child_refs++)
		part->child_refs[part->n_child_refs] =
		    str_format(sample_arena(), "%c", letters[part->n_child_refs]);
	return part;
}

/* "AB/C A/BC": two splits of three children. How many there are. */
static inline size_t
sample_splits(const char *splits, Requests__Split ***out)
{
	size_t n = 0;

	*out = LIST_NEW(sample_arena(), 32, Requests__Split *);
	while (*splits != '\0') {
		Requests__Split *split = MESSAGE_NEW(sample_arena(), requests__split);

		split->parts = LIST_NEW(sample_arena(), 16, Requests__Part *);
		for (;; splits++) {
			size_t letters = strcspn(splits, "/ ");

			split->parts[split->n_parts++] = sample_part(splits, letters);
			splits += letters;
			if (*splits != '/')
				break;
		}
		splits += strspn(splits, " ");
		(*out)[n++] = split;
	}
	return n;
}

/* The splits that the council permits. */
static inline void
sample_permit(Requests__NeedCirculation *need, const char *splits)
{
	need->n_permitted_splits = sample_splits(splits, &need->permitted_splits);
}

static inline Requests__Journey *
sample_journey(Requests__State state)
{
	Requests__Journey *journey = MESSAGE_NEW(sample_arena(), requests__journey);

	journey->offer_id = text(OFFER_1);
	journey->placement_id = text("000000000000000000000p1ace");
	journey->hold_id = text(HOLD_1);
	journey->decided_by_id = text("000000000000000000000per02");
	SET(journey, fencing_number, 41);
	SET(journey, hold_expires_time, SAMPLE_NOW + HOUR_MS);
	SET(journey, decided_time, SAMPLE_NOW - HOUR_MS);
	SET(journey, latest_start_time, SAMPLE_NOW + 24 * HOUR_MS * 28);
	SET(journey, approver, REQUESTS__APPROVER__APPROVER_NONE);
	SET(journey, start_day, day_in_london(SAMPLE_NOW) - 30);
	SET(journey, state, state);
	return journey;
}

/* One placement more, in this state; it becomes the request's only one of its offer. */
static inline Requests__Journey *
sample_place(Requests__Request *r, Requests__State state)
{
	if (r->journeys == NULL)
		r->journeys = LIST_NEW(
		    sample_arena(), REQUESTS_CHILDREN_MAX, Requests__Journey *);
	r->journeys[r->n_journeys] = sample_journey(state);
	return r->journeys[r->n_journeys++];
}

static inline Requests__Request *
sample_request(Requests__State state, Requests__Urgency urgency)
{
	static const char *const providers[] = {
	    CHOSEN, OFFERING, KEEN, DECLINING, SILENT};
	Requests__Request *r = MESSAGE_NEW(sample_arena(), requests__request);

	r->request_id = text("00000000000000000000000r01");
	r->council_id = text(MANCHESTER);
	SET(r, version, 1);
	SET(r, state, state);
	SET(r, answer_by_time, SAMPLE_NOW + HOUR_MS);
	r->circulation = sample_need(urgency);
	r->detail = MESSAGE_NEW(sample_arena(), requests__need_detail);
	r->identity = MESSAGE_NEW(sample_arena(), requests__need_identity);
	r->identity->child_ids = LIST_NEW(sample_arena(), 1, char *);
	r->identity->child_ids[r->identity->n_child_ids++] =
	    text("00000000000000000000000c01");
	if (state >= REQUESTS__STATE__STATE_DECIDED)
		(void)sample_place(r, state);
	if (state == REQUESTS__STATE__STATE_SUBMITTED)
		return r;
	r->bids = LIST_NEW(sample_arena(), N(providers), Requests__Bid *);
	for (size_t i = 0; i < N(providers); i++)
		r->bids[r->n_bids++] = sample_bid(providers[i]);
	r->offers = LIST_NEW(sample_arena(), 2, Requests__OfferRow *);
	r->offers[r->n_offers++] = sample_offer(r->bids[0], OFFER_1);
	r->offers[r->n_offers++] = sample_offer(r->bids[1], OFFER_2);
	SET(r->bids[2], is_interested, 1);
	SET(r->bids[3], declined, REQUESTS__DECLINE_REASON__DECLINE_REASON_NO_VACANCY);
	return r;
}

#define OFFER_ALL "00000000000000000000000f03"
#define HOLD_2 "00000000000000000000000h02"
#define PLACE_1 "000000000000000000000p1ace"
#define PLACE_2 "000000000000000000000p2ace"

static inline void
sample_letters(char ***refs, size_t *n, const char *letters)
{
	Requests__Part *part = sample_part(letters, strlen(letters));

	*refs = part->child_refs;
	*n = part->n_child_refs;
}

/*
 * Three siblings who may live apart as AB/C, A/BC or A/B/C. Offers stand: of CHOSEN for
 * AB, of OFFERING for C, of KEEN for all three. In a state with a journey the first two
 * were chosen together, and both are in it.
 */
static inline Requests__Request *
sample_group(Requests__State state)
{
	Requests__Request *r =
	    sample_request(state, REQUESTS__URGENCY__URGENCY_PLANNED);
	Requests__OfferRow **offers = LIST_NEW(sample_arena(), 8, Requests__OfferRow *);

	r->circulation = sample_siblings(3);
	sample_permit(r->circulation, "AB/C A/BC A/B/C");
	r->identity->child_ids = LIST_NEW(sample_arena(), 3, char *);
	for (r->identity->n_child_ids = 0; r->identity->n_child_ids < 3;
	     r->identity->n_child_ids++)
		r->identity->child_ids[r->identity->n_child_ids] =
		    str_format(sample_arena(), "00000000000000000000000c%02zu",
			r->identity->n_child_ids + 1);
	offers[0] = r->offers[0];
	offers[1] = r->offers[1];
	offers[2] = sample_offer(r->bids[2], OFFER_ALL);
	r->offers = offers;
	r->n_offers = 3;
	sample_letters(&offers[0]->child_refs, &offers[0]->n_child_refs, "AB");
	sample_letters(&offers[1]->child_refs, &offers[1]->n_child_refs, "C");
	if (r->n_journeys == 0)
		return r;
	(void)sample_place(r, state);
	r->journeys[1]->offer_id = text(OFFER_2);
	r->journeys[1]->hold_id = text(HOLD_2);
	r->journeys[1]->placement_id = text(PLACE_2);
	for (size_t i = 0; i < 2; i++) {
		SET(r->journeys[i], parts, 2);
		r->journeys[i]->child_refs = offers[i]->child_refs;
		r->journeys[i]->n_child_refs = offers[i]->n_child_refs;
	}
	return r;
}

static inline Requests__Request *
planned(Requests__State state)
{
	return sample_request(state, REQUESTS__URGENCY__URGENCY_PLANNED);
}

static inline Requests__Request *
emergency(Requests__State state)
{
	return sample_request(state, REQUESTS__URGENCY__URGENCY_EMERGENCY);
}

#endif
