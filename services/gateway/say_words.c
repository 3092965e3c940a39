#include "say_words.h"

#include <stddef.h>

#include "common.pb-c.h"
#include "foster.pb-c.h"
#include "matching.pb-c.h"
#include "members.pb-c.h"
#include "observatory.pb-c.h"
#include "requests.pb-c.h"
#include "residential.pb-c.h"

#define WORDS(type, value, words, hint)                                                \
	{                                                                              \
		&type##__descriptor, value, words, hint                                \
	}

#define SEX(v) COMMON__SEX__SEX_##v
#define NEED(v) COMMON__NEED_KIND__NEED_KIND_##v
#define LEVEL(v) COMMON__LEVEL__LEVEL_##v
#define SAFE(v) COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_##v
#define ETHNICITY(v) COMMON__ETHNICITY__ETHNICITY_##v
#define RELIGION(v) COMMON__RELIGION__RELIGION_##v
#define CARE(v) COMMON__CARE_TYPE__CARE_TYPE_##v
#define BAND(v) COMMON__AGE_BAND__AGE_BAND_##v

static const struct say_words of_common[] = {
    WORDS(common__sex, SEX(FEMALE), "girl", NULL),
    WORDS(common__sex, SEX(MALE), "boy", NULL),
    WORDS(common__sex, SEX(UNKNOWN), "not known", NULL),
    WORDS(common__need_kind, NEED(PHYSICAL_DISABILITY), NULL,
	"Needs adaptations, equipment or help to move"),
    WORDS(common__need_kind, NEED(SENSORY_IMPAIRMENT), "sensory impairment",
	"Sight or hearing"),
    WORDS(common__need_kind, NEED(COMPLEX_HEALTH), "complex health needs",
	"Needs carers trained in a procedure, or nursing"),
    WORDS(common__need_kind, NEED(MENTAL_HEALTH), "mental health", NULL),
    WORDS(common__need_kind, NEED(SELF_HARM), "self-harm", NULL),
    WORDS(common__need_kind, NEED(TRAUMA), "trauma",
	"Abuse, neglect or loss that shows in how the child is now"),
    WORDS(common__need_kind, NEED(SUBSTANCE_MISUSE), "drugs or alcohol", NULL),
    WORDS(common__need_kind, NEED(CRIMINAL_EXPLOITATION), "criminal exploitation",
	"Known or suspected, county lines among it"),
    WORDS(common__need_kind, NEED(PHYSICAL_AGGRESSION), "hurts others", NULL),
    WORDS(common__need_kind, NEED(FIRE_SETTING), "sets fires", NULL),
    WORDS(common__need_kind, NEED(UNACCOMPANIED_ASYLUM_SEEKING),
	"alone in the country, seeking asylum", NULL),
    WORDS(common__need_kind, NEED(PARENT_AND_CHILD), "parent and child together",
	"A parent, who may be a child, is placed with their baby"),
    WORDS(common__level, LEVEL(LOW), "low", "Most carers can meet it"),
    WORDS(common__level, LEVEL(MEDIUM), "medium", "Takes experience or some support"),
    WORDS(common__level, LEVEL(HIGH), "high",
	"Only homes with evidence that they meet it are shown"),
    WORDS(common__not_safe_with, SAFE(ANY_CHILD), "any other child",
	"Must live as the only child"),
    WORDS(common__ethnicity, ETHNICITY(WHITE), "White", NULL),
    WORDS(common__ethnicity, ETHNICITY(MIXED), "Mixed or multiple ethnic groups", NULL),
    WORDS(common__ethnicity, ETHNICITY(ASIAN), "Asian or Asian British", NULL),
    WORDS(common__ethnicity, ETHNICITY(BLACK),
	"Black, Black British, Caribbean or African", NULL),
    WORDS(common__ethnicity, ETHNICITY(OTHER), "other ethnic group", NULL),
    WORDS(common__religion, RELIGION(NONE), "no religion", NULL),
    WORDS(common__religion, RELIGION(CHRISTIAN), "Christian", NULL),
    WORDS(common__religion, RELIGION(MUSLIM), "Muslim", NULL),
    WORDS(common__religion, RELIGION(JEWISH), "Jewish", NULL),
    WORDS(common__religion, RELIGION(HINDU), "Hindu", NULL),
    WORDS(common__religion, RELIGION(SIKH), "Sikh", NULL),
    WORDS(common__religion, RELIGION(BUDDHIST), "Buddhist", NULL),
    WORDS(common__religion, RELIGION(OTHER), "another religion", NULL),
    WORDS(
	common__care_type, CARE(FOSTER), "foster care", "With a family, in their home"),
    WORDS(common__care_type, CARE(CHILDRENS_HOME), "children\u2019s home",
	"A registered home with staff"),
    WORDS(common__care_type, CARE(SUPPORTED_ACCOMMODATION), "supported accommodation",
	"16 and 17 only: support rather than care"),
    WORDS(common__care_type, CARE(SECURE), "secure children\u2019s home",
	"Asked for through the Secure Welfare Coordination Unit"),
    WORDS(common__age_band, BAND(1_TO_4), "1 to 4", NULL),
    WORDS(common__age_band, BAND(5_TO_9), "5 to 9", NULL),
    WORDS(common__age_band, BAND(10_TO_15), "10 to 15", NULL),
    WORDS(common__age_band, BAND(16_TO_17), "16 to 17", NULL),
};

#define URGENCY(v) REQUESTS__URGENCY__URGENCY_##v
#define STATUS(v) REQUESTS__LEGAL_STATUS__LEGAL_STATUS_##v
#define AIM(v) REQUESTS__CARE_PLAN_AIM__CARE_PLAN_AIM_##v
#define FAMILY(v) REQUESTS__FAMILY_FIRST__FAMILY_FIRST_##v
#define STATE(v) REQUESTS__STATE__STATE_##v
#define APPROVER(v) REQUESTS__APPROVER__APPROVER_##v
#define DECLINE(v) REQUESTS__DECLINE_REASON__DECLINE_REASON_##v
#define DECISION(v) REQUESTS__DECISION_REASON__DECISION_REASON_##v
#define SPLIT(v) REQUESTS__SPLIT_REASON__SPLIT_REASON_##v
#define WITHDRAW(v) REQUESTS__WITHDRAW_REASON__WITHDRAW_REASON_##v
#define END(v) REQUESTS__END_REASON__END_REASON_##v
#define OUTCOME(v) REQUESTS__OUTCOME__OUTCOME_##v
#define DISCLOSURE(v) REQUESTS__DISCLOSURE__DISCLOSURE_##v

static const struct say_words of_needs[] = {
    WORDS(requests__urgency, URGENCY(EMERGENCY), "emergency", "A home is needed today"),
    WORDS(requests__legal_status, STATUS(C1), "C1: interim care order", NULL),
    WORDS(requests__legal_status, STATUS(C2), "C2: full care order", NULL),
    WORDS(requests__legal_status, STATUS(E1), "E1: placement order", NULL),
    WORDS(
	requests__legal_status, STATUS(V2), "V2: accommodated under section 20", NULL),
    WORDS(requests__legal_status, STATUS(J1), "J1: remanded", NULL),
    WORDS(requests__legal_status, STATUS(J2), "J2: detained under PACE", NULL),
    WORDS(requests__legal_status, STATUS(L1), "L1: police protection", NULL),
    WORDS(requests__legal_status, STATUS(L2), "L2: emergency protection order", NULL),
    WORDS(requests__legal_status, STATUS(L3), "L3: child assessment order", NULL),
    WORDS(requests__care_plan_aim, AIM(KINSHIP), "family or friends", NULL),
    WORDS(requests__family_first, FAMILY(CONSIDERED_NOT_SUITABLE),
	"considered, and not suitable", NULL),
    WORDS(requests__family_first, FAMILY(CONSIDERED_NOBODY_FOUND),
	"considered, and nobody was found", NULL),
    WORDS(requests__family_first, FAMILY(NOT_YET), "not yet",
	"In an emergency alone: it is owed afterwards"),
    WORDS(requests__state, STATE(SUBMITTED), "not sent yet", NULL),
    WORDS(requests__state, STATE(CIRCULATED), "with providers", NULL),
    WORDS(requests__state, STATE(DECIDED), "being held", NULL),
    WORDS(requests__state, STATE(HELD), "place held", NULL),
    WORDS(requests__state, STATE(CONFIRMING), "being confirmed", NULL),
    WORDS(requests__state, STATE(STARTING), "being started", NULL),
    WORDS(requests__approver, APPROVER(NONE), "nobody", NULL),
    WORDS(requests__approver, APPROVER(DIRECTOR),
	"director of children\u2019s services", NULL),
};

static const struct say_words of_answers[] = {
    WORDS(requests__decline_reason, DECLINE(NO_VACANCY), "no vacancy any more", NULL),
    WORDS(requests__decline_reason, DECLINE(OUTSIDE_APPROVAL),
	"outside our approval or registration", NULL),
    WORDS(requests__decline_reason, DECLINE(MIX_WITH_CURRENT_CHILDREN),
	"not a match with the children who live there", NULL),
    WORDS(requests__decline_reason, DECLINE(SKILLS_GAP),
	"needs skills that we do not have", NULL),
    WORDS(requests__decline_reason, DECLINE(STAFFING_GAP), "not enough staff", NULL),
    WORDS(requests__decline_reason, DECLINE(LOCATION_RISK),
	"the area is a risk for this child", NULL),
    WORDS(requests__decline_reason, DECLINE(DISTANCE), "too far away", NULL),
    WORDS(requests__decline_reason, DECLINE(EDUCATION_UNAVAILABLE), "no school place",
	NULL),
    WORDS(requests__decline_reason, DECLINE(CARER_DECLINED), "the carer said no", NULL),
    WORDS(requests__decline_reason, DECLINE(INSUFFICIENT_INFORMATION),
	"too little is known", NULL),
    WORDS(requests__decline_reason, DECLINE(TOO_LATE), "too late to answer", NULL),
    WORDS(requests__decline_reason, DECLINE(FEE_NOT_AGREED), "the fee", NULL),
    WORDS(requests__decline_reason, DECLINE(GRADE_CONCERN),
	"a concern about our inspection grade", NULL),
    WORDS(requests__decline_reason, DECLINE(OFFERED_ELSEWHERE),
	"the place was offered elsewhere", NULL),
    WORDS(requests__decision_reason, DECISION(BEST_MEETS_NEEDS),
	"best meets the child\u2019s needs", NULL),
    WORDS(requests__decision_reason, DECISION(SIBLINGS_TOGETHER),
	"keeps brothers and sisters together", NULL),
    WORDS(requests__decision_reason, DECISION(CLOSE_TO_HOME_AND_SCHOOL),
	"close to home and school", NULL),
    WORDS(requests__decision_reason, DECISION(CHILDS_WISH), "the child\u2019s wish",
	NULL),
    WORDS(requests__decision_reason, DECISION(ONLY_OFFER), "the only offer", NULL),
    WORDS(requests__split_reason, SPLIT(NO_HOME_FOR_ALL),
	"no home can take all of them", NULL),
    WORDS(requests__split_reason, SPLIT(NOT_SAFE_TOGETHER),
	"they are not safe together", NULL),
    WORDS(requests__split_reason, SPLIT(NEEDS_DIFFER), "their needs differ", NULL),
    WORDS(requests__split_reason, SPLIT(CHILDRENS_WISH), "the children\u2019s wish",
	NULL),
    WORDS(requests__withdraw_reason, WITHDRAW(RETURNED_HOME), "the child went home",
	NULL),
    WORDS(requests__withdraw_reason, WITHDRAW(FAMILY_OR_FRIENDS),
	"lives with family or friends", NULL),
    WORDS(requests__withdraw_reason, WITHDRAW(PLACED_ELSEWHERE),
	"placed outside this system", NULL),
    WORDS(requests__end_reason, END(CARE_PLAN), "as the care plan has it",
	"SSDA903 code CARPL"),
    WORDS(requests__end_reason, END(RETURNED_HOME), "went home",
	"SSDA903 codes E4A or E4B"),
    WORDS(requests__end_reason, END(CARER_ASKED_BEHAVIOUR),
	"the carer asked, because of behaviour", "SSDA903 code CREQB"),
    WORDS(requests__end_reason, END(CARER_ASKED_OTHER),
	"the carer asked, for another reason", "SSDA903 code CREQO"),
    WORDS(requests__end_reason, END(CHILD_ASKED), "the child asked",
	"SSDA903 code CHILD"),
    WORDS(requests__end_reason, END(COUNCIL_ASKED), "the council asked",
	"SSDA903 code LAREQ"),
    WORDS(requests__end_reason, END(ALLEGATION), "an allegation", "SSDA903 code ALLEG"),
    WORDS(requests__end_reason, END(STANDARDS), "the standard of care",
	"SSDA903 code STAND"),
    WORDS(requests__end_reason, END(CLOSURE), "the home closed", "SSDA903 code CLOSE"),
    WORDS(requests__end_reason, END(TURNED_18), "turned 18", NULL),
    WORDS(requests__outcome, OUTCOME(NO_RESPONSE), "no answer", NULL),
    WORDS(
	requests__outcome, OUTCOME(REQUEST_WITHDRAWN), "the need was withdrawn", NULL),
    WORDS(requests__outcome, OUTCOME(LAPSED), "lost before the start", NULL),
    WORDS(requests__disclosure, DISCLOSURE(L1), "the need",
	"What every provider that was asked may read"),
    WORDS(requests__disclosure, DISCLOSURE(L2), "the detail",
	"School, places to avoid, legal status and care plan"),
    WORDS(requests__disclosure, DISCLOSURE(L3), "who the child is",
	"A reference alone: the council says who it is outside this system"),
};

#define RULE(v) MATCHING__RULE__RULE_##v
#define FACTOR(v) MATCHING__FACTOR__FACTOR_##v

static const struct say_words of_matching[] = {
    WORDS(matching__rule, RULE(OPEN), "not open to referrals", NULL),
    WORDS(matching__rule, RULE(APPROVAL_AGE), "not approved for this age", NULL),
    WORDS(matching__rule, RULE(APPROVAL_SEX), "not approved for this sex", NULL),
    WORDS(matching__rule, RULE(PLACES), "too few free places", NULL),
    WORDS(matching__rule, RULE(NEEDS), "a high need is not met", NULL),
    WORDS(matching__rule, RULE(MIX_FOR_CHILD),
	"the child is not safe with who lives there", NULL),
    WORDS(matching__rule, RULE(MIX_FOR_HOME),
	"who lives there is not safe with the child", NULL),
    WORDS(matching__rule, RULE(AVOID_AREA), "in an area to avoid", NULL),
    WORDS(matching__rule, RULE(DISTANCE), "farther away than you allow", NULL),
    WORDS(matching__rule, RULE(AVAILABLE), "not free by the day needed", NULL),
    WORDS(matching__rule, RULE(EMERGENCY), "does not take emergencies", NULL),
    WORDS(matching__rule, RULE(CARE_TYPE), "a kind of care you did not ask for", NULL),
    WORDS(matching__rule, RULE(RESTRICTED), "restricted or suspended", NULL),
    WORDS(
	matching__rule, RULE(RESERVED), "free beds are kept for other councils", NULL),
    WORDS(matching__factor, FACTOR(NEAR_HOME), "near home", NULL),
    WORDS(matching__factor, FACTOR(SCHOOL), "near school", NULL),
    WORDS(matching__factor, FACTOR(OWN_AREA), "in your own area", NULL),
    WORDS(matching__factor, FACTOR(AVAILABLE), "free when needed", NULL),
    WORDS(matching__factor, FACTOR(CONFIRMED), "confirmed lately", NULL),
};

#define ROLE(v) MEMBERS__ROLE__ROLE_##v
#define KIND(v) MEMBERS__PROVIDER_KIND__PROVIDER_KIND_##v
#define HERE(v) FOSTER__OCCUPANT_KIND__OCCUPANT_KIND_##v
#define HOUSED(v) RESIDENTIAL__OCCUPANT_KIND__OCCUPANT_KIND_##v
#define WITHHELD(v) FOSTER__WITHHELD_REASON__WITHHELD_REASON_##v
#define CLOSED(v) RESIDENTIAL__CLOSED_REASON__CLOSED_REASON_##v
#define RESTRICTION(v) RESIDENTIAL__RESTRICTION_KIND__RESTRICTION_KIND_##v
#define BASIS(v) RESIDENTIAL__CONTRACT_BASIS__CONTRACT_BASIS_##v
#define GRADE(v) MEMBERS__GRADE__GRADE_##v

static const struct say_words of_homes[] = {
    WORDS(members__role, ROLE(DIRECTOR), "director of children\u2019s services", NULL),
    WORDS(members__role, ROLE(COOPERATIVE_OFFICER), "co\xe2\x80\x91operative officer",
	NULL),
    WORDS(members__provider_kind, KIND(COUNCIL_FOSTERING),
	"a council\u2019s own fostering team", NULL),
    WORDS(members__provider_kind, KIND(FOSTERING_AGENCY),
	"independent fostering agency", NULL),
    WORDS(members__provider_kind, KIND(CHILDRENS_HOMES), "children\u2019s homes", NULL),
    WORDS(members__grade, GRADE(UNSPECIFIED), "not yet inspected", NULL),
    WORDS(foster__occupant_kind, HERE(PLACED_HERE), "placed through this system", NULL),
    WORDS(foster__occupant_kind, HERE(PLACED_OUTSIDE), "placed in another way", NULL),
    WORDS(foster__occupant_kind, HERE(STAYING_PUT), "staying put, 18 or over", NULL),
    WORDS(residential__occupant_kind, HOUSED(PLACED_HERE), "placed through this system",
	NULL),
    WORDS(residential__occupant_kind, HOUSED(PLACED_OUTSIDE), "placed in another way",
	NULL),
    WORDS(residential__occupant_kind, HOUSED(OVER_18), "stays on, 18 or over", NULL),
    WORDS(
	foster__withheld_reason, WITHHELD(CARER_BREAK), "the carer has a break", NULL),
    WORDS(foster__withheld_reason, WITHHELD(NEEDS_OF_CHILD_IN_PLACEMENT),
	"needs of a child who lives there", NULL),
    WORDS(foster__withheld_reason, WITHHELD(AWAITING_EXEMPTION),
	"waiting for an exemption", NULL),
    WORDS(foster__withheld_reason, WITHHELD(OTHER_COMMITMENT),
	"promised outside this system", NULL),
    WORDS(residential__closed_reason, CLOSED(NEEDS_OF_CHILD_IN_PLACEMENT),
	"needs of a child who lives there", NULL),
    WORDS(residential__closed_reason, CLOSED(OTHER_COMMITMENT),
	"promised outside this system", NULL),
    WORDS(residential__restriction_kind, RESTRICTION(UNSPECIFIED), "none", NULL),
    WORDS(residential__restriction_kind, RESTRICTION(ACCOMMODATION),
	"no child may be newly accommodated", NULL),
    WORDS(residential__contract_basis, BASIS(IN_HOUSE), "in house", NULL),
    WORDS(residential__contract_basis, BASIS(BLOCK), "block contract", NULL),
    WORDS(residential__contract_basis, BASIS(SPOT), "spot purchase", NULL),
};

#define CONCERN(v) OBSERVATORY__CONCERN__CONCERN_##v
#define METRIC(v) OBSERVATORY__METRIC__METRIC_##v

static const struct say_words of_figures[] = {
    WORDS(observatory__concern, CONCERN(SAME_DAY_NO_OFFER), "today, no offer", NULL),
    WORDS(observatory__concern, CONCERN(OVERDUE), "past the day needed", NULL),
    WORDS(observatory__concern, CONCERN(HOLD_ENDING), "place soon lost", NULL),
    WORDS(observatory__concern, CONCERN(UNANSWERED), "no answer for 2 hours", NULL),
    WORDS(observatory__concern, CONCERN(NOT_SENT), "not sent for 2 hours", NULL),
    WORDS(
	observatory__concern, CONCERN(APPROVAL_WAITING), "waiting for approval", NULL),
    WORDS(observatory__concern, CONCERN(DECISION_WAITING), "waiting for a decision",
	NULL),
    WORDS(observatory__metric, METRIC(SEARCHING), "children waiting for a home", NULL),
    WORDS(observatory__metric, METRIC(OPEN), "waiting, not sent yet", NULL),
    WORDS(observatory__metric, METRIC(WAITING), "waiting, sent or chosen", NULL),
    WORDS(observatory__metric, METRIC(UNFILLED), "past the day needed", NULL),
    WORDS(observatory__metric, METRIC(IN_TIME), "still in time", NULL),
    WORDS(observatory__metric, METRIC(PLACED), "children placed", NULL),
    WORDS(observatory__metric, METRIC(ENDED), "placements ended", NULL),
    WORDS(observatory__metric, METRIC(WITHDRAWN), "requests withdrawn", NULL),
    WORDS(observatory__metric, METRIC(APPROVED), "places approved", NULL),
    WORDS(observatory__metric, METRIC(FILLED), "places filled", NULL),
    WORDS(observatory__metric, METRIC(FREE), "places free", NULL),
    WORDS(observatory__metric, METRIC(NOT_FREE), "places held or not available", NULL),
    WORDS(observatory__metric, METRIC(HELD), "places held", NULL),
    WORDS(observatory__metric, METRIC(NOT_AVAILABLE), "places not available", NULL),
    WORDS(observatory__metric, METRIC(AT_LIMIT), "at their limit", NULL),
    WORDS(
	observatory__metric, METRIC(NO_REQUEST), "filled without a request here", NULL),
    WORDS(
	observatory__metric, METRIC(VACANCIES_STALE), "vacancies not confirmed", NULL),
    WORDS(observatory__metric, METRIC(SAME_DAY), "needed today", NULL),
    WORDS(observatory__metric, METRIC(PLANNED), "planned", NULL),
    WORDS(observatory__metric, METRIC(STARTED), "children placed in the period", NULL),
    WORDS(
	observatory__metric, METRIC(MEDIAN_DAYS), "days from need to placement", NULL),
};

static const struct say_words *
find(const struct say_words *table, size_t n, const ProtobufCEnumDescriptor *type,
    int value)
{
	for (size_t i = 0; i < n; i++)
		if (table[i].type == type && table[i].value == value)
			return &table[i];
	return NULL;
}

#define IN(table)                                                                      \
	{                                                                              \
		table, sizeof(table) / sizeof((table)[0])                              \
	}

const struct say_words *
say_words_of(const ProtobufCEnumDescriptor *type, int value)
{
	static const struct {
		const struct say_words *table;
		size_t n;
	} all[] = {IN(of_common), IN(of_needs), IN(of_answers), IN(of_matching),
	    IN(of_homes), IN(of_figures)};

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		const struct say_words *found =
		    find(all[i].table, all[i].n, type, value);
		if (found != NULL)
			return found;
	}
	return NULL;
}
