#ifndef RCC_REQUESTS_H
#define RCC_REQUESTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/refusal.h"

#include "requests.pb-c.h"

/*
 * What every rule of a placement request shares: the limits, the refusals, and
 * which command may be given in which state. The rules themselves stand in
 *   need.h        what a request must say before it is recorded
 *   bidding.h     circulating it, interest, offers, declining, opening levels
 *   decision.h    the council's choice
 *   journey.h     the provider's yes, start, end, withdrawal
 *   weigh.h       what the owner's word, or time, does; what is lost with what
 *   approval.h    who must approve a placement outside the area, and on what
 *   group.h       which of the children: parts of a sibling group, permitted splits
 *   clocks.h      how long everybody has
 *   disclosure.h  who sees what
 *   shown.h       what an owner of places, restored, is shown of its own
 *   form.h        what is said is well formed, whatever is left out
 *   drafts.h      a need on its way, before it is sent
 *   line.h        one line of a list
 */

#define REQUESTS_CHILDREN_MAX 6
#define REQUESTS_CHILD_AGE_YEARS_MAX 17
#define REQUESTS_SUPPORTED_AGE_YEARS_MIN 16
#define REQUESTS_AGE_DAY_OLD_DAYS_MAX 366
/* No reference was made before 2020, nor, clocks being what they are, ahead of now. */
#define REQUESTS_CHILD_ID_TIME_MIN_MS INT64_C(1577836800000)
#define REQUESTS_CHILD_ID_AHEAD_MAX_MS INT64_C(300000)
#define REQUESTS_NEEDED_AHEAD_DAYS_MAX 366
#define REQUESTS_EXPECTED_END_AHEAD_DAYS_MAX (18 * 366)
#define REQUESTS_NEEDS_MAX 18
#define REQUESTS_NOT_SAFE_WITH_MAX 6
#define REQUESTS_LANGUAGES_MAX 5
#define REQUESTS_AVOID_SECTORS_MAX 20
#define REQUESTS_SPLITS_MAX 20
#define REQUESTS_MILES_MAX 500
#define REQUESTS_EARLIER_PLACEMENTS_MAX 100
#define REQUESTS_FAMILY_TIME_A_WEEK_MAX 14
#define REQUESTS_CIRCULATE_VACANCIES_MAX 200 /* in one call */
#define REQUESTS_DRAFTS_MAX 200              /* of one council */
#define REQUESTS_VACANCIES_MAX 500           /* of one request, over all its calls */
#define REQUESTS_OFFERS_MAX 200              /* of one request, lost ones included */
/* The dearest homes cost about half of it; beyond it is a slip of the keyboard. */
#define REQUESTS_FEE_PENCE_WEEK_MAX 5000000 /* 50,000 pounds */
/* With the 28 days after it, no longer than rcc-foster keeps a confirmed place. */
#define REQUESTS_EARLIEST_START_AHEAD_DAYS_MAX 60

/* The numbers are on the wire and never move; a new one goes to the end. */
enum requests_refusal {
	REQUESTS_OK = 0,
	REQUESTS_UNKNOWN = 100,
	/* the need */
	REQUESTS_NOT_A_MEMBER,
	REQUESTS_URGENCY_MISSING,
	REQUESTS_NEEDED_BY_MISSING,
	REQUESTS_NEEDED_BY_PAST,
	REQUESTS_NEEDED_BY_FAR,
	REQUESTS_NEEDED_BY_NOT_EMERGENCY,
	REQUESTS_EXPECTED_END,
	REQUESTS_HOME_SECTOR_MISSING,
	REQUESTS_HOME_SECTOR_UNKNOWN,
	REQUESTS_SCHOOL_SECTOR_UNKNOWN,
	REQUESTS_AVOID_SECTOR_UNKNOWN,
	REQUESTS_AVOID_SECTORS_MANY,
	REQUESTS_CHILDREN_COUNT,
	REQUESTS_NOT_SIBLINGS,
	REQUESTS_CHILD_AGE_MISSING,
	REQUESTS_CHILD_AGE,
	REQUESTS_CHILD_AGE_DAY_MISSING,
	REQUESTS_CHILD_AGE_DAY_AHEAD,
	REQUESTS_CHILD_AGE_DAY_OLD,
	REQUESTS_CHILD_SEX_MISSING,
	REQUESTS_CHILD_NEED,
	REQUESTS_CHILD_NEED_TWICE,
	REQUESTS_CHILD_NOT_SAFE_WITH,
	REQUESTS_CHILD_LANGUAGE,
	REQUESTS_CHILD_IDS_COUNT,
	REQUESTS_CHILD_IDS_TWICE,
	REQUESTS_FAMILY_FIRST,
	REQUESTS_MILES,
	REQUESTS_EARLIER_PLACEMENTS,
	REQUESTS_FAMILY_TIME,
	/* the state it is in */
	REQUESTS_NOT_CIRCULATED,
	REQUESTS_DECIDED,
	REQUESTS_NOT_DECIDED,
	REQUESTS_NOT_HELD,
	REQUESTS_ALREADY_CONFIRMED,
	REQUESTS_NOT_CONFIRMED,
	REQUESTS_START_ORDERED,
	REQUESTS_STARTED,
	REQUESTS_NOT_STARTED,
	REQUESTS_ENDED,
	REQUESTS_WITHDRAWN,
	REQUESTS_CLOSED,
	/* circulating and answering */
	REQUESTS_VACANCIES_COUNT,
	REQUESTS_VACANCIES_MANY,
	REQUESTS_VACANCY_UNKNOWN,
	REQUESTS_VACANCY_CLOSED,
	REQUESTS_VACANCY_TWICE,
	REQUESTS_VACANCY_CIRCULATED,
	REQUESTS_ANSWER_MINUTES,
	REQUESTS_VACANCY_OF_ANOTHER,
	REQUESTS_FEE,
	REQUESTS_EARLIEST_START,
	REQUESTS_OFFER_STANDS,
	REQUESTS_OFFERS_MANY,
	REQUESTS_DECLINE_REASON_MISSING,
	REQUESTS_PROVIDER_NOT_ASKED,
	REQUESTS_LEVEL,
	REQUESTS_LEVEL_NO_INTEREST,
	REQUESTS_LEVEL_NOT_CHOSEN,
	/* the journey */
	REQUESTS_OFFER_UNKNOWN,
	REQUESTS_OFFER_LOST,
	REQUESTS_DECISION_REASON_MISSING,
	REQUESTS_NOT_CHOSEN,
	REQUESTS_HOLD_OVER,
	REQUESTS_START_DAY_MISSING,
	REQUESTS_START_DAY_EARLY,
	REQUESTS_START_DAY_LATE,
	REQUESTS_APPROVAL_OWED,
	REQUESTS_END_DAY_MISSING,
	REQUESTS_END_DAY_EARLY,
	REQUESTS_END_DAY_AHEAD,
	REQUESTS_END_REASON_MISSING,
	REQUESTS_WITHDRAW_REASON_MISSING,
	/* the approval */
	REQUESTS_APPROVAL_NEEDLESS,
	REQUESTS_DIRECTOR_NEEDED,
	REQUESTS_GROUND_WISHES,
	REQUESTS_GROUND_APPROPRIATE,
	REQUESTS_GROUND_RELATIVES,
	REQUESTS_GROUND_REVIEWING_OFFICER,
	REQUESTS_GROUND_NOTIFIED,
	REQUESTS_GROUND_CONSULTED,
	/* later ones, of all kinds */
	REQUESTS_CHILD_IDS_FORM,
	REQUESTS_START_DAY_AHEAD,
	REQUESTS_START_BEFORE_APPROVAL,
	REQUESTS_APPROVAL_OF_ANOTHER,
	REQUESTS_EARLIEST_START_AFTER_END,
	REQUESTS_CARE_TYPES,
	REQUESTS_SECURE,
	REQUESTS_ONLY_SUPPORTED,
	REQUESTS_SPLIT_NOT_SIBLINGS,
	REQUESTS_SPLIT_PARTS,
	REQUESTS_SPLIT_CHILDREN,
	REQUESTS_SPLIT_TWICE,
	REQUESTS_SPLITS_MANY,
	REQUESTS_VACANCY_CARE_TYPE,
	REQUESTS_UNDER_16,
	REQUESTS_CHILD_REFS,
	REQUESTS_OFFER_CHILDREN,
	REQUESTS_CHILD_PLACED,
	REQUESTS_OFFERS_OF_ONE_VACANCY,
	REQUESTS_CHILDREN_UNCOVERED,
	REQUESTS_SPLIT_NOT_PERMITTED,
	REQUESTS_SPLIT_REASON_MISSING,
	REQUESTS_PLACEMENT_MISSING,
	REQUESTS_PLACEMENT_UNKNOWN,
	REQUESTS_DRAFT_UNKNOWN,
	REQUESTS_DRAFT_MISSING,
	REQUESTS_DRAFTS_MANY,
	REQUESTS_REFUSALS_END,
};

/* The row of a refusal; not for REQUESTS_OK. */
const struct refusal *requests_refusal(enum requests_refusal no);

/* What is done to a request by people. */
enum requests_command {
	REQUESTS_CIRCULATE,
	REQUESTS_SHOW_INTEREST,
	REQUESTS_OFFER,
	REQUESTS_DECLINE,
	REQUESTS_OPEN,
	REQUESTS_DECIDE,
	REQUESTS_APPROVE,
	REQUESTS_CONFIRM_OFFER,
	REQUESTS_START,
	REQUESTS_END,
	REQUESTS_WITHDRAW,
	REQUESTS_COMMANDS,
};

/*
 * May this command be given in this state: of the placement, where it is about one
 * (approve, confirm, start, end), or else of the request? The one table of the journey;
 * who gives it and with what is asked elsewhere. A provider is answered alike in every
 * state in which another provider's business goes on.
 */
enum requests_refusal requests_in_state(
    enum requests_command command, Requests__State state);

/* Who acts, when, and how old the copy of members was that let them in. */
struct requests_act {
	const char *person_id;
	const char *organisation_id;
	int64_t now_ms;
	int32_t today; /* London */
	int64_t copy_age_ms;
};

bool requests_is_emergency(const Requests__Request *request);
/* Not started, ended or withdrawn. */
bool requests_is_open(Requests__State state);
/* Of a placement: on its way, decided, and neither started nor lost? */
bool requests_is_under_way(Requests__State state);
/* Of a placement: started, and maybe ended since? */
bool requests_has_begun(Requests__State state);

/* NULL where there is none. */
const Requests__Bid *requests_bid_of(
    const Requests__Request *request, const char *provider_id);
const Requests__OfferRow *requests_offer_of(
    const Requests__Request *request, const char *offer_id);

/* The placement of that offer, hold or id, under way or begun; NULL where there is
 * none: a lost one is none. */
Requests__Journey *requests_journey_of_offer(
    const Requests__Request *request, const char *offer_id);
Requests__Journey *requests_journey_of_hold(
    const Requests__Request *request, const char *hold_id);

/*
 * The placement that such a command (approve, start, end) is about: the one named, or
 * the only one that it can be given for. Refuses where it cannot be given, for any of
 * them or for that one.
 */
enum requests_refusal requests_pick(const Requests__Request *request,
    enum requests_command command, const char *placement_id, Requests__Journey **out);

/* Is this placement one of that provider's places? */
bool requests_is_with(const Requests__Request *request,
    const Requests__Journey *journey, const char *provider_id);
/* Is any of its places chosen: on its way, or begun? */
bool requests_is_chosen(const Requests__Request *request, const char *provider_id);

#endif
