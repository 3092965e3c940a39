#include "requests/wire.h"

#include <string.h>

#include "base/access.h"
#include "requests/wire_inside.h"

#include "foster.pb-c.h"
#include "matching.pb-c.h"
#include "residential.pb-c.h"

#define CALL(name) REQUESTS__REQUESTS_CALL__CALL_##name
#define COMMISSIONER ROLE_BIT(MEMBERS__ROLE__ROLE_COMMISSIONER)
#define PLACEMENT_OFFICER ROLE_BIT(MEMBERS__ROLE__ROLE_PLACEMENT_OFFICER)
#define COOPERATIVE_OFFICER ROLE_BIT(MEMBERS__ROLE__ROLE_COOPERATIVE_OFFICER)
#define APPROVERS                                                                      \
	(ROLE_BIT(MEMBERS__ROLE__ROLE_NOMINATED_OFFICER) |                             \
	    ROLE_BIT(MEMBERS__ROLE__ROLE_DIRECTOR))
#define COUNCIL (COMMISSIONER | APPROVERS)
#define STEP SVC_COMMAND_ANY_COPY /* of an emergency; wire_need.c looks at the rest */

static const struct svc_method requests_methods[] = {
    {CALL(SUBMIT), COMMISSIONER, NULL, STEP, requests_on_submit},
    /* The evidence holds distances from level 2, so only for the child's council. */
    {CALL(SHORTLIST), COUNCIL, NULL, SVC_QUESTION, requests_on_shortlist_asked},
    {CALL(WHY), COUNCIL, NULL, SVC_QUESTION, requests_on_why_asked},
    {CALL(CIRCULATE), COMMISSIONER, NULL, STEP, requests_on_circulate},
    {CALL(SHOW_INTEREST), PLACEMENT_OFFICER, NULL, STEP, requests_on_show_interest},
    {CALL(OFFER), PLACEMENT_OFFICER, NULL, STEP, requests_on_offer},
    {CALL(DECLINE), PLACEMENT_OFFICER, NULL, STEP, requests_on_decline},
    {CALL(OPEN), COMMISSIONER, NULL, STEP, requests_on_open},
    {CALL(DECIDE), COMMISSIONER, NULL, STEP, requests_on_decide},
    {CALL(APPROVE), APPROVERS, NULL, STEP, requests_on_approve},
    {CALL(CONFIRM_OFFER), PLACEMENT_OFFICER, NULL, STEP, requests_on_confirm_offer},
    {CALL(START), COMMISSIONER, NULL, STEP, requests_on_start},
    {CALL(END), COMMISSIONER, NULL, STEP, requests_on_end},
    {CALL(WITHDRAW), COMMISSIONER, NULL, STEP, requests_on_withdraw},
    {CALL(KEEP_DRAFT), COMMISSIONER, NULL, STEP, requests_on_keep_draft},
    {CALL(DROP_DRAFT), COMMISSIONER, NULL, STEP, requests_on_drop_draft},
    {CALL(DRAFT), COMMISSIONER, NULL, SVC_QUESTION, requests_on_draft_asked},
    {CALL(DRAFTS), COMMISSIONER, NULL, SVC_QUESTION, requests_on_drafts_asked},
    {CALL(TIMELINE), COUNCIL, NULL, SVC_QUESTION, requests_on_timeline_asked},
    {CALL(REQUEST), COUNCIL | PLACEMENT_OFFICER | COOPERATIVE_OFFICER, NULL,
	SVC_QUESTION, requests_on_request_asked},
    {CALL(REQUESTS), COUNCIL | PLACEMENT_OFFICER | COOPERATIVE_OFFICER, NULL,
	SVC_QUESTION, requests_on_requests_asked},
    {CALL(JOURNEYS), 0, "foster residential", SVC_QUESTION, requests_on_journeys_asked},
};

/*
 * Matching needs what its rules and points look at, of level 2 the school and the
 * places to avoid, and whether the search goes on; who the need is about, who wrote
 * it down, who bid and what came of it is no business of a list.
 */
static const char *const of_the_need_for_a_list[] = {"identity", "submitted_by_id",
    "members_copy_age_ms", "detail.legal_status", "detail.care_plan_aim",
    "detail.earlier_placements", "detail.family_time_a_week", "detail.family_first",
    NULL};
static const char *const of_the_draft[] = {"identity", "saved_by_id", "saved_time",
    "drops_time", "members_copy_age_ms", "detail.legal_status", "detail.care_plan_aim",
    "detail.earlier_placements", "detail.family_time_a_week", "detail.family_first",
    NULL};
static const char *const of_the_drafts_end[] = {
    "end", "dropped_by_id", "time", "members_copy_age_ms", NULL};
static const char *const of_the_start[] = {
    "start_id", "start_day", "outcomes", "placement_id", NULL};
static const char *const of_the_withdrawal[] = {"reason", "outcomes", "withdrawn_by_id",
    "hold_id", "release_id", "members_copy_age_ms", NULL};

/* The observatory counts what happens to children and knows none of them. */
static const char *const of_the_need[] = {"identity", "submitted_by_id", NULL};
static const char *const of_the_decision[] = {"children", "not_safe_with", NULL};

static const struct svc_release requests_releases[] = {
    {"matching", EVENT(REQUEST_SUBMITTED), of_the_need_for_a_list},
    {"matching", EVENT(DRAFT_KEPT), of_the_draft},
    {"matching", EVENT(DRAFT_DROPPED), of_the_drafts_end},
    {"matching", EVENT(PLACEMENT_STARTED), of_the_start},
    {"matching", EVENT(REQUEST_WITHDRAWN), of_the_withdrawal},

    {"observatory", EVENT(REQUEST_SUBMITTED), of_the_need},
    {"observatory", EVENT(REQUEST_CIRCULATED), NULL},
    {"observatory", EVENT(INTEREST_SHOWN), NULL},
    {"observatory", EVENT(OFFER_MADE), NULL},
    {"observatory", EVENT(OFFER_DECLINED), NULL},
    {"observatory", EVENT(LEVEL_OPENED), NULL},
    {"observatory", EVENT(PLACEMENT_DECIDED), of_the_decision},
    {"observatory", EVENT(PLACE_HELD), NULL},
    {"observatory", EVENT(PLACE_LOST), NULL},
    {"observatory", EVENT(PLACEMENT_APPROVED), NULL},
    {"observatory", EVENT(OFFER_CONFIRMED), NULL},
    {"observatory", EVENT(HOLD_CONFIRMED), NULL},
    {"observatory", EVENT(START_ORDERED), NULL},
    {"observatory", EVENT(PLACEMENT_STARTED), NULL},
    {"observatory", EVENT(PLACEMENT_ENDED), NULL},
    {"observatory", EVENT(PLACE_FREED), NULL},
    {"observatory", EVENT(REQUEST_WITHDRAWN), NULL},
    {"observatory", EVENT(RELEASE_OWED), NULL},
    {"observatory", EVENT(HOLD_RELEASED), NULL},
    {"observatory", EVENT(CLOCK_PASSED), NULL},
    {"observatory", EVENT(CALL_CLOSED), NULL},
    {"observatory", EVENT(PROVIDER_AGREED), NULL},
    {"observatory", EVENT(GROUP_BROKEN), NULL},
};

static const ProtobufCMessageDescriptor *
answer_of(const char *service)
{
	if (strcmp(service, "foster") == 0)
		return &foster__foster_answer__descriptor;
	if (strcmp(service, "residential") == 0)
		return &residential__residential_answer__descriptor;
	return &matching__matching_answer__descriptor;
}

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static const struct svc_source requests_sources[] = {
    ACCESS_SOURCE,
    {"foster", &foster__foster_event__descriptor, requests_store_follow_foster,
	requests_on_foster_event},
    {"residential", &residential__residential_event__descriptor,
	requests_store_follow_residential, requests_on_residential_event},
};

const struct service requests_service = {
    .name = "requests",
    .layout = REQUESTS_LAYOUT,
    .call = &requests__requests_call__descriptor,
    .answer = &requests__requests_answer__descriptor,
    .event = &requests__requests_event__descriptor,
    .methods = requests_methods,
    .methods_n = COUNT(requests_methods),
    .tables = requests_store_tables,
    .tables_n = REQUESTS_TABLES_N,
    .apply = requests_store_apply,
    .sources = requests_sources,
    .sources_n = COUNT(requests_sources),
    .releases = requests_releases,
    .releases_n = COUNT(requests_releases),
    .replied = requests_on_reply,
    .timer = requests_on_timer,
    .answer_of = answer_of,
};
