#include "requests/requests.h"

#include <assert.h>

#include "base/str.h"

#define ROW(no, sentence, clause, field)                                               \
	[(no)-REQUESTS_UNKNOWN] = {(no), (sentence), (clause), (field)}
#define REG_11 "Care Planning Regulations 2010, reg 11"
#define REG_27A "Care Planning Regulations 2010, regs 27A and 27C(1)"

static const struct refusal requests_refusals[] = {
    ROW(REQUESTS_UNKNOWN, "There is no such request for you.", NULL, "request_id"),
    ROW(REQUESTS_NOT_A_MEMBER,
	"Your council is not a member of the co-operative today, so it cannot ask for "
	"a placement here.",
	NULL, NULL),
    ROW(REQUESTS_URGENCY_MISSING, "Say whether this is an emergency or planned.", NULL,
	"urgency"),
    ROW(REQUESTS_NEEDED_BY_MISSING, "Say by which day a home is needed.", NULL,
	"needed_by_day"),
    ROW(REQUESTS_NEEDED_BY_PAST, "The day a home is needed by is already past.", NULL,
	"needed_by_day"),
    ROW(REQUESTS_NEEDED_BY_FAR,
	"The day a home is needed by is more than a year away; submit it nearer the "
	"time.",
	NULL, "needed_by_day"),
    ROW(REQUESTS_NEEDED_BY_NOT_EMERGENCY,
	"An emergency is for today or tomorrow; submit this one as planned.", NULL,
	"needed_by_day"),
    ROW(REQUESTS_EXPECTED_END,
	"The expected end must come after the day a home is needed by, and before the "
	"child is grown.",
	NULL, "expected_end_day"),
    ROW(REQUESTS_HOME_SECTOR_MISSING,
	"Say the postcode sector of home, such as M14 5; never a whole postcode.",
	"Children Act 1989, s22C(8)", "home_sector"),
    ROW(REQUESTS_HOME_SECTOR_UNKNOWN, "There is no such postcode sector.", NULL,
	"home_sector"),
    ROW(REQUESTS_SCHOOL_SECTOR_UNKNOWN, "There is no such postcode sector.", NULL,
	"school_sector"),
    ROW(REQUESTS_AVOID_SECTOR_UNKNOWN, "There is no such postcode sector.", NULL,
	"avoid_sectors"),
    ROW(REQUESTS_AVOID_SECTORS_MANY, "Name at most 20 sectors to avoid.", NULL,
	"avoid_sectors"),
    ROW(REQUESTS_CHILDREN_COUNT, "A request is for one child, or up to six siblings.",
	NULL, "children"),
    ROW(REQUESTS_NOT_SIBLINGS,
	"Several children in one request must be siblings who are to live together; "
	"submit one request for each of the others.",
	"Children Act 1989, s22C(8)", "are_siblings"),
    ROW(REQUESTS_CHILD_AGE_MISSING, "Say the child's age in completed years.", NULL,
	"children.age_years"),
    ROW(REQUESTS_CHILD_AGE, "A child is 0 to 17 years old.", NULL,
	"children.age_years"),
    ROW(REQUESTS_CHILD_AGE_DAY_MISSING, "Say on which day the age was counted.", NULL,
	"children.age_day"),
    ROW(REQUESTS_CHILD_AGE_DAY_AHEAD,
	"The day the age was counted on lies in the future.", NULL, "children.age_day"),
    ROW(REQUESTS_CHILD_AGE_DAY_OLD,
	"The age was counted more than a year ago; count it again.", NULL,
	"children.age_day"),
    ROW(REQUESTS_CHILD_SEX_MISSING, "Say the child's sex, or that it is unknown.", NULL,
	"children.sex"),
    ROW(REQUESTS_CHILD_NEED, "Every need has a kind and a level.", NULL,
	"children.needs"),
    ROW(REQUESTS_CHILD_NEED_TWICE, "A need is given twice for the same child.", NULL,
	"children.needs"),
    ROW(REQUESTS_CHILD_NOT_SAFE_WITH,
	"Say whom the child is not safe with, each once, or leave it out.", NULL,
	"children.not_safe_with"),
    ROW(REQUESTS_CHILD_LANGUAGE,
	"Languages are codes of two small letters, such as en or ur, each once, at "
	"most "
	"five.",
	NULL, "children.languages"),
    ROW(REQUESTS_CHILD_IDS_COUNT,
	"Give a reference for every child, or for none and they are made here.", NULL,
	"child_ids"),
    ROW(REQUESTS_CHILD_IDS_TWICE, "Two children have the same reference.", NULL,
	"child_ids"),
    ROW(REQUESTS_FAMILY_FIRST,
	"Say whether family and friends have been considered, and what came of it: a "
	"planned search comes after that.",
	"Children Act 1989, s22C(2) to (7)", "family_first"),
    ROW(REQUESTS_MILES,
	"The wish for a distance is 1 to 500 miles; leave it out for none.", NULL,
	"miles_max"),
    ROW(REQUESTS_EARLIER_PLACEMENTS,
	"The number of earlier placements is not believable (at most 100).", NULL,
	"earlier_placements"),
    ROW(REQUESTS_FAMILY_TIME, "Family time is counted in meetings a week, at most 14.",
	NULL, "family_time_a_week"),

    ROW(REQUESTS_NOT_CIRCULATED, "Circulate the request to providers first.", NULL,
	NULL),
    ROW(REQUESTS_DECIDED,
	"An offer has been chosen and its place is on the way; this is possible again "
	"if that place is lost.",
	NULL, NULL),
    ROW(REQUESTS_NOT_DECIDED, "No offer has been chosen yet.", NULL, NULL),
    ROW(REQUESTS_NOT_HELD,
	"The place is not held yet; its owner has still to answer. Try again shortly.",
	NULL, NULL),
    ROW(REQUESTS_ALREADY_CONFIRMED, "The provider's yes is already recorded.", NULL,
	NULL),
    ROW(REQUESTS_NOT_CONFIRMED,
	"The place is not confirmed yet: the provider has still to say yes.", NULL,
	NULL),
    ROW(REQUESTS_START_ORDERED,
	"The start has been ordered and the owner of the place has still to answer; "
	"once it has, the placement can be ended.",
	NULL, NULL),
    ROW(REQUESTS_STARTED, "The placement has started.", NULL, NULL),
    ROW(REQUESTS_NOT_STARTED, "The placement has not started.", NULL, NULL),
    ROW(REQUESTS_ENDED, "The placement has ended.", NULL, NULL),
    ROW(REQUESTS_WITHDRAWN, "The request was withdrawn.", NULL, NULL),
    ROW(REQUESTS_CLOSED, "The search for this request is over.", NULL, NULL),

    ROW(REQUESTS_VACANCIES_COUNT, "Choose 1 to 200 vacancies to ask.", NULL,
	"vacancy_ids"),
    ROW(REQUESTS_VACANCIES_MANY,
	"A request can be circulated to at most 500 vacancies.", NULL, "vacancy_ids"),
    ROW(REQUESTS_VACANCY_UNKNOWN, "There is no such vacancy here.", NULL,
	"vacancy_ids"),
    ROW(REQUESTS_VACANCY_CLOSED, "This vacancy is no longer open.", NULL,
	"vacancy_ids"),
    ROW(REQUESTS_VACANCY_TWICE, "A vacancy is named twice.", NULL, "vacancy_ids"),
    ROW(REQUESTS_VACANCY_CIRCULATED,
	"The request has already gone to all of these vacancies.", NULL, "vacancy_ids"),
    ROW(REQUESTS_ANSWER_MINUTES,
	"Providers get 15 minutes to 28 days (40,320 minutes) to answer.", NULL,
	"answer_minutes"),
    ROW(REQUESTS_VACANCY_OF_ANOTHER, "You have no such open vacancy.", NULL,
	"vacancy_id"),
    ROW(REQUESTS_FEE,
	"Say the fee for one week for all the children together, more than nothing "
	"and at most 50,000 pounds.",
	NULL, "fee_pence_week"),
    ROW(REQUESTS_EARLIEST_START,
	"Say the earliest day of a start: today or later, within 60 days.", NULL,
	"earliest_start_day"),
    ROW(REQUESTS_OFFER_STANDS,
	"Your offer of this vacancy stands; decline it before offering it anew.", NULL,
	"vacancy_id"),
    ROW(REQUESTS_OFFERS_MANY, "This request has had too many offers (200).", NULL,
	NULL),
    ROW(REQUESTS_DECLINE_REASON_MISSING, "Say why, by one of the published reasons.",
	NULL, "reason"),
    ROW(REQUESTS_PROVIDER_NOT_ASKED, "The request was not circulated to this provider.",
	NULL, "provider_id"),
    ROW(REQUESTS_LEVEL,
	"Level 2 or level 3 can be opened; level 1 comes with circulation.", NULL,
	"level"),
    ROW(REQUESTS_LEVEL_NO_INTEREST,
	"Level 2 is for a provider that has shown interest or made an offer.", NULL,
	"provider_id"),
    ROW(REQUESTS_LEVEL_NOT_CHOSEN,
	"Level 3 is for the chosen provider, once its place is held.", NULL,
	"provider_id"),

    ROW(REQUESTS_OFFER_UNKNOWN, "There is no such offer for you.", NULL, "offer_id"),
    ROW(REQUESTS_OFFER_LOST,
	"This offer no longer stands: the place was lost, or the provider declined.",
	NULL, "offer_id"),
    ROW(REQUESTS_DECISION_REASON_MISSING,
	"Say why this offer, by one of the published reasons.",
	"Children Act 1989, s22C(5)", "reason"),
    ROW(REQUESTS_NOT_CHOSEN, "This offer has not been chosen.", NULL, "offer_id"),
    ROW(REQUESTS_HOLD_OVER, "The time for which the place was held is over.", NULL,
	NULL),
    ROW(REQUESTS_START_DAY_MISSING, "Say on which day the placement starts.", NULL,
	"start_day"),
    ROW(REQUESTS_START_DAY_EARLY,
	"The start cannot come before the decision, nor before the earliest day of "
	"the offer.",
	NULL, "start_day"),
    ROW(REQUESTS_START_DAY_LATE,
	"The start comes after the last day for which the place was confirmed, or "
	"after the expected end.",
	NULL, "start_day"),
    ROW(REQUESTS_APPROVAL_OWED,
	"This placement is outside your council's area and must be approved before it "
	"starts.",
	REG_11 "(1)", NULL),
    ROW(REQUESTS_END_DAY_MISSING, "Say on which day the placement ended.", NULL,
	"end_day"),
    ROW(REQUESTS_END_DAY_EARLY, "The placement cannot end before it started.", NULL,
	"end_day"),
    ROW(REQUESTS_END_DAY_AHEAD, "The end lies in the future; record it when it comes.",
	NULL, "end_day"),
    ROW(REQUESTS_END_REASON_MISSING,
	"Say why the placement ended, by one of the published reasons.", NULL,
	"reason"),
    ROW(REQUESTS_WITHDRAW_REASON_MISSING,
	"Say why the request is withdrawn, by one of the published reasons.", NULL,
	"reason"),

    ROW(REQUESTS_APPROVAL_NEEDLESS, "This placement needs no approval of this kind.",
	REG_11, NULL),
    ROW(REQUESTS_DIRECTOR_NEEDED,
	"The placement is at a distance (outside the area and not in an adjoining "
	"one): the director of children's services approves it.",
	REG_11 "(1)(b)", NULL),
    ROW(REQUESTS_GROUND_WISHES,
	"The child's wishes and feelings must have been considered.", REG_11 "(2)(a)",
	"grounds.wishes_considered"),
    ROW(REQUESTS_GROUND_APPROPRIATE,
	"It must be the most appropriate placement available and fit the care plan.",
	REG_11 "(2)(b)", "grounds.most_appropriate"),
    ROW(REQUESTS_GROUND_RELATIVES,
	"The child's relatives must have been consulted, where appropriate.",
	REG_11 "(2)(c)", "grounds.relatives_consulted"),
    ROW(REQUESTS_GROUND_REVIEWING_OFFICER,
	"The independent reviewing officer must have been consulted.", REG_11 "(2)(e)",
	"grounds.reviewing_officer_consulted"),
    ROW(REQUESTS_GROUND_NOTIFIED,
	"The council of the area must have been notified of the placement.",
	REG_11 "(2)(d)(i)", "grounds.area_authority_notified"),
    ROW(REQUESTS_GROUND_CONSULTED,
	"The council of the area must have been consulted and given the care plan.",
	REG_11 "(2)(d)(ii)", "grounds.area_authority_consulted"),

    ROW(REQUESTS_CHILD_IDS_FORM,
	"A reference is one made here, given back for the same child; never a name or "
	"a number from elsewhere. Leave it out and one is made.",
	NULL, "child_ids"),
    ROW(REQUESTS_START_DAY_AHEAD,
	"The start lies in the future; record it when the child moves in. The place is "
	"kept until then.",
	NULL, "start_day"),
    ROW(REQUESTS_START_BEFORE_APPROVAL,
	"The start cannot come before the day on which the placement was approved.",
	REG_11 "(1)", "start_day"),
    ROW(REQUESTS_APPROVAL_OF_ANOTHER,
	"That placement is no longer the chosen one; look at the one that is before "
	"approving it.",
	REG_11, "placement_id"),
    ROW(REQUESTS_EARLIEST_START_AFTER_END,
	"The earliest day of a start comes after the day on which the placement is "
	"expected to end.",
	NULL, "earliest_start_day"),
    ROW(REQUESTS_CARE_TYPES,
	"Name each kind of care that would do, once: foster care, a children's home, "
	"supported accommodation.",
	NULL, "care_types"),
    ROW(REQUESTS_SECURE,
	"Secure beds are national and never a vacancy here: refer the child to the "
	"Secure Welfare Coordination Unit, and name here what would do until then or "
	"instead.",
	"Children Act 1989, s25", "care_types"),
    ROW(REQUESTS_ONLY_SUPPORTED,
	"Supported accommodation is only for 16 and 17 year olds; name another kind of "
	"care for a younger child.",
	REG_27A, "care_types"),
    ROW(REQUESTS_SPLIT_NOT_SIBLINGS,
	"Only brothers and sisters can live apart: this request is for one child.",
	NULL, "permitted_splits"),
    ROW(REQUESTS_SPLIT_PARTS, "A split has at least two parts.", NULL,
	"permitted_splits"),
    ROW(REQUESTS_SPLIT_CHILDREN,
	"A split names every child once, by the letters of the request: A is the first "
	"child.",
	NULL, "permitted_splits"),
    ROW(REQUESTS_SPLIT_TWICE, "The same split is given twice.", NULL,
	"permitted_splits"),
    ROW(REQUESTS_SPLITS_MANY, "Name at most 20 splits.", NULL, "permitted_splits"),
    ROW(REQUESTS_VACANCY_CARE_TYPE,
	"This vacancy is of a kind of care that the council does not consider here.",
	NULL, "vacancy_id"),
    ROW(REQUESTS_UNDER_16,
	"Supported accommodation is only for 16 and 17 year olds, and a child here is "
	"younger.",
	REG_27A, "vacancy_id"),
    ROW(REQUESTS_CHILD_REFS, "Name children by the letters of the request, each once.",
	NULL, "child_refs"),
    ROW(REQUESTS_OFFER_CHILDREN,
	"An offer is for all the children who wait for a home, or for one part of a "
	"split that the council permits.",
	NULL, "child_refs"),
    ROW(REQUESTS_CHILD_PLACED,
	"One of these children has a home by now; name only those who still wait for "
	"one.",
	NULL, "child_refs"),
    ROW(REQUESTS_OFFERS_OF_ONE_VACANCY,
	"Two of these offers are of the same vacancy; choose one offer for each part.",
	NULL, "further_offer_ids"),
    ROW(REQUESTS_CHILDREN_UNCOVERED,
	"These offers together are not for every child who still waits for a home, "
	"each "
	"once.",
	NULL, "further_offer_ids"),
    ROW(REQUESTS_SPLIT_NOT_PERMITTED,
	"The children would live apart in a way that this request does not permit.",
	"Children Act 1989, s22C(8)(c)", "further_offer_ids"),
    ROW(REQUESTS_SPLIT_REASON_MISSING,
	"Say why brothers and sisters are to live apart, by one of the published "
	"reasons.",
	"Children Act 1989, s22C(7)(b) and (8)(c)", "split_reason"),
    ROW(REQUESTS_PLACEMENT_MISSING,
	"There are several placements; say which one this is about.", NULL,
	"placement_id"),
    ROW(REQUESTS_PLACEMENT_UNKNOWN,
	"That is no placement of this request, or it was lost.", NULL, "placement_id"),
    ROW(REQUESTS_DRAFT_UNKNOWN,
	"There is no such draft for you: it has been sent or dropped, or nobody "
	"changed "
	"it for seven days.",
	NULL, "draft_id"),
    ROW(REQUESTS_DRAFT_MISSING, "Say what is to be kept, as far as it is known.", NULL,
	"draft"),
    ROW(REQUESTS_DRAFTS_MANY,
	"Your council has 200 drafts; send or drop some of them first.", NULL, NULL),
};

#define ROWS (sizeof(requests_refusals) / sizeof(requests_refusals[0]))
static_assert(ROWS == REQUESTS_REFUSALS_END - REQUESTS_UNKNOWN, "one row a refusal");

const struct refusal *
requests_refusal(enum requests_refusal no)
{
	assert(no >= REQUESTS_UNKNOWN && no < REQUESTS_REFUSALS_END);
	return &requests_refusals[no - REQUESTS_UNKNOWN];
}

#define STATES (REQUESTS__STATE__STATE_WITHDRAWN + 1)
#define YES REQUESTS_OK
#define DECIDED REQUESTS_DECIDED
#define NO_BID REQUESTS_UNKNOWN
#define CLOSED REQUESTS_CLOSED
#define AFTER REQUESTS_STARTED, REQUESTS_ENDED, REQUESTS_WITHDRAWN

/*
 * Columns: unspecified (never stored), submitted, circulated, decided, held,
 * confirming, confirmed, starting, started, ended, withdrawn.
 *
 * The three rows of the bidding providers must not differ between circulated and
 * starting: who was not chosen may go on offering, in case the chosen place is
 * lost, and cannot tell from the answer that another was chosen. A withdrawal has
 * to wait for the owner's answer once the start was ordered: only the owner knows
 * whether the placement is running.
 */
static const enum requests_refusal in_state[REQUESTS_COMMANDS][STATES] = {
    [REQUESTS_CIRCULATE] = {NO_BID, YES, YES, DECIDED, DECIDED, DECIDED, DECIDED,
	DECIDED, AFTER},
    [REQUESTS_SHOW_INTEREST] = {NO_BID, NO_BID, YES, YES, YES, YES, YES, YES, CLOSED,
	CLOSED, CLOSED},
    [REQUESTS_OFFER] = {NO_BID, NO_BID, YES, YES, YES, YES, YES, YES, CLOSED, CLOSED,
	CLOSED},
    [REQUESTS_DECLINE] = {NO_BID, NO_BID, YES, YES, YES, YES, YES, YES, CLOSED, CLOSED,
	CLOSED},
    [REQUESTS_OPEN] = {NO_BID, REQUESTS_NOT_CIRCULATED, YES, YES, YES, YES, YES, YES,
	YES, REQUESTS_ENDED, REQUESTS_WITHDRAWN},
    [REQUESTS_DECIDE] = {NO_BID, REQUESTS_NOT_CIRCULATED, YES, DECIDED, DECIDED,
	DECIDED, DECIDED, DECIDED, AFTER},
    [REQUESTS_APPROVE] = {NO_BID, REQUESTS_NOT_DECIDED, REQUESTS_NOT_DECIDED, YES, YES,
	YES, YES, YES, YES, REQUESTS_ENDED, REQUESTS_WITHDRAWN},
    [REQUESTS_CONFIRM_OFFER] = {NO_BID, REQUESTS_NOT_CHOSEN, REQUESTS_NOT_CHOSEN,
	REQUESTS_NOT_HELD, YES, REQUESTS_ALREADY_CONFIRMED, REQUESTS_ALREADY_CONFIRMED,
	REQUESTS_ALREADY_CONFIRMED, CLOSED, CLOSED, CLOSED},
    [REQUESTS_START] = {NO_BID, REQUESTS_NOT_DECIDED, REQUESTS_NOT_DECIDED,
	REQUESTS_NOT_CONFIRMED, REQUESTS_NOT_CONFIRMED, REQUESTS_NOT_CONFIRMED, YES,
	REQUESTS_START_ORDERED, AFTER},
    [REQUESTS_END] = {NO_BID, REQUESTS_NOT_STARTED, REQUESTS_NOT_STARTED,
	REQUESTS_NOT_STARTED, REQUESTS_NOT_STARTED, REQUESTS_NOT_STARTED,
	REQUESTS_NOT_STARTED, REQUESTS_NOT_STARTED, YES, REQUESTS_ENDED,
	REQUESTS_WITHDRAWN},
    [REQUESTS_WITHDRAW] = {NO_BID, YES, YES, YES, YES, YES, YES, REQUESTS_START_ORDERED,
	AFTER},
};

enum requests_refusal
requests_in_state(enum requests_command command, Requests__State state)
{
	assert(command < REQUESTS_COMMANDS && (unsigned)state < STATES);
	return in_state[command][state];
}

bool
requests_is_emergency(const Requests__Request *request)
{
	return request->circulation->urgency == REQUESTS__URGENCY__URGENCY_EMERGENCY;
}

bool
requests_is_open(Requests__State state)
{
	return state < REQUESTS__STATE__STATE_STARTED;
}

bool
requests_is_under_way(Requests__State state)
{
	return state >= REQUESTS__STATE__STATE_DECIDED &&
	       state <= REQUESTS__STATE__STATE_STARTING;
}

bool
requests_has_begun(Requests__State state)
{
	return state == REQUESTS__STATE__STATE_STARTED ||
	       state == REQUESTS__STATE__STATE_ENDED;
}

const Requests__Bid *
requests_bid_of(const Requests__Request *request, const char *provider_id)
{
	for (size_t i = 0; i < request->n_bids; i++)
		if (str_equal(request->bids[i]->provider_id, provider_id))
			return request->bids[i];
	return NULL;
}

const Requests__OfferRow *
requests_offer_of(const Requests__Request *request, const char *offer_id)
{
	for (size_t i = 0; i < request->n_offers; i++)
		if (str_equal(request->offers[i]->offer_id, offer_id))
			return request->offers[i];
	return NULL;
}

/* ---- placements ---- */

static bool
lives(const Requests__Journey *journey)
{
	return requests_is_under_way(journey->state) ||
	       requests_has_begun(journey->state);
}

/* `id` is the field of a journey that lies so many bytes into it. */
static Requests__Journey *
find(const Requests__Request *request, size_t offset, const char *id)
{
	for (size_t i = 0; id != NULL && i < request->n_journeys; i++) {
		const uint8_t *journey = (const void *)request->journeys[i];

		if (lives(request->journeys[i]) &&
		    str_equal(*(char *const *)(const void *)(journey + offset), id))
			return request->journeys[i];
	}
	return NULL;
}

Requests__Journey *
requests_journey_of_offer(const Requests__Request *request, const char *offer_id)
{
	return find(request, offsetof(Requests__Journey, offer_id), offer_id);
}

Requests__Journey *
requests_journey_of_hold(const Requests__Request *request, const char *hold_id)
{
	return find(request, offsetof(Requests__Journey, hold_id), hold_id);
}

enum requests_refusal
requests_pick(const Requests__Request *request, enum requests_command command,
    const char *placement_id, Requests__Journey **out)
{
	*out = find(request, offsetof(Requests__Journey, placement_id), placement_id);
	if (placement_id != NULL)
		return *out == NULL ? REQUESTS_PLACEMENT_UNKNOWN
		                    : requests_in_state(command, (*out)->state);
	for (size_t i = 0; i < request->n_journeys; i++) {
		if (requests_in_state(command, request->journeys[i]->state) !=
		    REQUESTS_OK)
			continue;
		if (*out != NULL)
			return REQUESTS_PLACEMENT_MISSING;
		*out = request->journeys[i];
	}
	return *out != NULL ? REQUESTS_OK : requests_in_state(command, request->state);
}

bool
requests_is_with(const Requests__Request *request, const Requests__Journey *journey,
    const char *provider_id)
{
	const Requests__OfferRow *offer = requests_offer_of(request, journey->offer_id);

	return lives(journey) && offer != NULL &&
	       str_equal(offer->provider_id, provider_id);
}

bool
requests_is_chosen(const Requests__Request *request, const char *provider_id)
{
	for (size_t i = 0; i < request->n_journeys; i++)
		if (requests_is_with(request, request->journeys[i], provider_id))
			return true;
	return false;
}
