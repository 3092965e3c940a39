#include "foster/refusals.h"

#include <assert.h>
#include <stddef.h>

#define SCHEDULE_7 "Children Act 1989, Schedule 7, "
#define TERMS "Fostering Services (England) Regulations 2011, regulation 27(5)"
#define STANDARD_10 "Fostering Services: National Minimum Standards 2011, standard 10.6"

#define ROW(no, ...) [(no)-FOSTER_ROW_MISSING] = {(no), __VA_ARGS__}
static const struct refusal foster_refusals[] = {
    ROW(FOSTER_ROW_MISSING, "Nothing to record was sent.", NULL, NULL),
    ROW(FOSTER_PROVIDER_KIND,
	"Only a council's own fostering team or a fostering agency has fostering "
	"households.",
	NULL, NULL),
    ROW(FOSTER_ID_GIVEN, "This service gives the ids; leave them out.", NULL, NULL),
    ROW(FOSTER_HOUSEHOLD_UNKNOWN,
	"There is no such household here that is yours to see.", NULL, "household_id"),
    ROW(FOSTER_NAME_MISSING, "Give the carer a name.", NULL, "household.carer_name"),
    ROW(FOSTER_COUNCIL_MISSING, "Say in which council's area the household lives.",
	NULL, "household.council_id"),
    ROW(FOSTER_COUNCIL_UNKNOWN, "This council is not registered here.", NULL,
	"council_id"),
    ROW(FOSTER_SECTOR_MISSING, "Say in which postcode sector the household lives.",
	NULL, "household.home_sector"),
    ROW(FOSTER_APPROVAL_MISSING, "Give the terms of approval.", TERMS,
	"household.approval"),
    ROW(FOSTER_APPROVAL_KIND_MISSING, "Say what kind of approval this is.", TERMS,
	"household.approval.kind"),
    ROW(FOSTER_CHILDREN_MAX_RANGE, "An approval is for one to six children.", TERMS,
	"household.approval.children_max"),
    ROW(FOSTER_AGES_MISSING, "Say from which age to which age the approval goes.",
	TERMS, "household.approval.age_min_years"),
    ROW(FOSTER_AGES_TURNED, "The youngest age approved is above the oldest.", TERMS,
	"household.approval.age_min_years"),
    ROW(FOSTER_AGE_ADULT,
	"A fostered child is at most 17; only with a parent-and-child approval may the "
	"parent be up to 25.",
	TERMS, "household.approval.age_max_years"),
    ROW(FOSTER_SEX_MISSING, "Say whether the approval is for girls, boys or both.",
	TERMS, "household.approval.takes_girls"),
    ROW(FOSTER_APPROVED_DAY, "Give the day of the approval, today at the latest.",
	TERMS, "household.approval.approved_day"),
    ROW(FOSTER_NAMED_MISSING,
	"An approval of family or friends is for named children: name at least one, "
	"and "
	"none twice.",
	TERMS, "household.approval.named_child_ids"),
    ROW(FOSTER_NAMED_NEEDLESS,
	"Only an approval of family or friends is for named children.", TERMS,
	"household.approval.named_child_ids"),
    ROW(FOSTER_BEDROOMS_RANGE, "Say how many bedrooms there are for children, 1 to 8.",
	STANDARD_10, "household.bedrooms"),
    ROW(FOSTER_SKILL_INCOMPLETE, "Each skill needs its kind and its level.", NULL,
	"household.skills"),
    ROW(FOSTER_SKILL_TWICE, "A skill is given twice.", NULL, "household.skills"),
    ROW(FOSTER_OWN_CHILD,
	"Give the age of each of the carer's own children, the day it was counted on, "
	"not ahead, and the sex.",
	NULL, "household.own_children"),
    ROW(FOSTER_LANGUAGE,
	"A language is two small letters of ISO 639-1, such as en or ur, none twice.",
	NULL, "household.languages"),
    ROW(FOSTER_FEE, "A weekly fee lies between £0 and £20,000.", NULL,
	"household.fee_pence_week"),
    ROW(FOSTER_ROWS_MANY, "There are more of these than one household can have.", NULL,
	NULL),
    ROW(FOSTER_BELOW_PLACES,
	"More children live there or are held for than this approval would allow.",
	TERMS, "household.approval.children_max"),
    ROW(FOSTER_BELOW_BEDROOMS,
	"Those who live there or are held for need more bedrooms than this.",
	STANDARD_10, "household.bedrooms"),
    ROW(FOSTER_KINSHIP_OPEN,
	"Close the vacancy and let its holds end first: an approval of family or "
	"friends "
	"is for named children.",
	TERMS, "household.approval.kind"),

    ROW(FOSTER_OCCUPANT_KIND,
	"Say who this is: placed from outside, privately fostered "
	"or staying put.",
	NULL, "occupant.kind"),
    ROW(FOSTER_OCCUPANT_PLACED_HERE,
	"A child placed through a request is recorded, and ended, by that request.",
	NULL, NULL),
    ROW(FOSTER_OCCUPANT_AGE,
	"Give the age, the day it was counted on, not ahead, and the sex.", NULL,
	"occupant.age_years"),
    ROW(FOSTER_OCCUPANT_ADULT, "Somebody staying put is 18 to 25.", NULL,
	"occupant.age_years"),
    ROW(FOSTER_OCCUPANT_CHILD, "A fostered child is at most 17.", NULL,
	"occupant.age_years"),
    ROW(FOSTER_OCCUPANT_DAYS,
	"Say from which day, not ahead nor before birth, and expect no end before it.",
	NULL, "occupant.from_day"),
    ROW(FOSTER_OCCUPANT_UNKNOWN, "There is no such person in a household of yours.",
	NULL, "occupant_id"),
    ROW(FOSTER_OCCUPANT_THERE, "This child is recorded there already.", NULL,
	"occupant.child_id"),
    ROW(FOSTER_END_DAY_MISSING, "Say on which day this ended.", NULL, "end_day"),
    ROW(FOSTER_END_DAY_AHEAD, "That day lies ahead; record the end when it has come.",
	NULL, "end_day"),
    ROW(FOSTER_END_DAY_EARLY, "It cannot have ended before it began.", NULL, "end_day"),

    ROW(FOSTER_WITHHELD_PLACES,
	"Withhold at least one place, and in all no more than are approved.", NULL,
	"places"),
    ROW(FOSTER_WITHHELD_REASON, "Say why the places are not available.", NULL,
	"reason"),
    ROW(FOSTER_WITHHELD_UNKNOWN, "No such places are withheld in a household of yours.",
	NULL, "withheld_id"),
    ROW(FOSTER_PERIOD, "The last day must come after the first, and after today.", NULL,
	"until_day"),
    ROW(FOSTER_NOT_AREA_COUNCIL,
	"Only the council in whose area the carer lives can exempt, or end an "
	"exemption.",
	SCHEDULE_7 "paragraph 4(1)", NULL),
    ROW(FOSTER_EXEMPTION_CHILDREN,
	"An exemption names every child the carer may foster, none twice, twelve at "
	"most.",
	SCHEDULE_7 "paragraph 4(3)", "child_ids"),
    ROW(FOSTER_EXEMPTION_UNKNOWN, "There is no such exemption.", NULL, "exemption_id"),
    ROW(FOSTER_EXEMPTION_END,
	"An exemption ends today or later, and not after its own last day.",
	SCHEDULE_7 "paragraph 4(4)", "until_day"),

    ROW(FOSTER_VACANCY_KINSHIP,
	"An approval of family or friends is for named children and is never a "
	"vacancy.",
	TERMS, NULL),
    ROW(FOSTER_VACANCY_UNKNOWN, "There is no such vacancy.", NULL, "vacancy_id"),
    ROW(FOSTER_VACANCY_CLOSED, "This vacancy is closed.", NULL, "vacancy_id"),
    ROW(FOSTER_VACANCY_DAY, "A vacancy is opened for a day within the coming year.",
	NULL, "available_from_day"),

    ROW(FOSTER_REQUEST_MISSING, "Say for which request.", NULL, "request_id"),
    ROW(FOSTER_HOLD_CHILDREN, "A hold is for one to six children.", NULL, "children"),
    ROW(FOSTER_HOLD_CHILD_INCOMPLETE,
	"Each child needs a reference, an age, the day it was counted on, not ahead, "
	"and "
	"a sex.",
	NULL, "children"),
    ROW(FOSTER_HOLD_CHILD_ADULT, "A fostered child is at most 17.", NULL, "children"),
    ROW(FOSTER_HOLD_CHILD_TWICE, "A child is in this hold twice.", NULL, "children"),
    ROW(FOSTER_HOLD_MINUTES, "A hold lasts from one minute to seven days.", NULL,
	"hold_minutes"),
    ROW(FOSTER_HOLD_RELEASED_FIRST, "This hold was released before it came.", NULL,
	NULL),
    ROW(FOSTER_HOLD_ID_USED, "A hold of this name was granted before.", NULL, NULL),
    ROW(FOSTER_HOLD_CHILD_THERE,
	"One of these children has a place in this household already.", NULL,
	"children"),

    ROW(FOSTER_TERMS_KIND, "The household is approved for other, named children.",
	TERMS, NULL),
    ROW(FOSTER_TERMS_NUMBER,
	"The household has no approved place left for this request.", TERMS, NULL),
    ROW(FOSTER_TERMS_AGE, "A child's age is outside the household's terms of approval.",
	TERMS, NULL),
    ROW(FOSTER_TERMS_SEX, "A child's sex is outside the household's terms of approval.",
	TERMS, NULL),
    ROW(FOSTER_USUAL_LIMIT,
	"More than three fostered children would live there; for that they are all "
	"siblings or the council where the carer lives exempts by name.",
	SCHEDULE_7 "paragraph 2", NULL),
    ROW(FOSTER_NOT_ALL_SIBLINGS,
	"More than three fostered children would live there, and they are not all "
	"siblings of each other; the council where the carer lives may exempt by name.",
	SCHEDULE_7 "paragraph 3", NULL),
    ROW(FOSTER_NO_EXEMPTION,
	"More than three fostered children would live there, and there is no "
	"exemption.",
	SCHEDULE_7 "paragraph 4", NULL),
    ROW(FOSTER_EXEMPTION_ELSEWHERE,
	"The exemption is not from the council in whose area the carer lives now.",
	SCHEDULE_7 "paragraph 4(1)", NULL),
    ROW(FOSTER_EXEMPTION_MISSES_CHILD,
	"The exemption does not name every child who would be fostered there.",
	SCHEDULE_7 "paragraphs 4(3) and 5(1)", NULL),
    ROW(FOSTER_BEDROOMS, "There are not enough bedrooms for these children.",
	STANDARD_10, NULL),
    ROW(FOSTER_PLACES_WITHHELD, "The places left there are not available now.", NULL,
	NULL),

    ROW(FOSTER_HOLD_UNKNOWN, "There is no such hold.", NULL, "hold_id"),
    ROW(FOSTER_FENCING, "The number of this hold is another one.", NULL,
	"fencing_number"),
    ROW(FOSTER_HOLD_RELEASED, "This hold was released.", NULL, "hold_id"),
    ROW(FOSTER_HOLD_EXPIRED, "The time of this hold is over.", NULL, "hold_id"),
    ROW(FOSTER_HOLD_STARTED,
	"The placement under this hold has started; it can only be ended.", NULL,
	"hold_id"),
    ROW(FOSTER_HOLD_NOT_CONFIRMED, "The provider has not confirmed this hold.", NULL,
	"hold_id"),
    ROW(FOSTER_CONFIRMED_OTHERWISE,
	"This hold was confirmed with another latest start.", NULL,
	"latest_start_time"),
    ROW(FOSTER_LATEST_START, "The latest start lies ahead, within 92 days.", NULL,
	"latest_start_time"),
    ROW(FOSTER_PLACEMENT_MISSING, "Say which placement.", NULL, "placement_id"),
    ROW(FOSTER_PLACEMENT_TAKEN, "Another placement has this id.", NULL, "placement_id"),
    ROW(FOSTER_START_DAYS, "Give the day of the start, and expect no end before it.",
	NULL, "start_day"),
    ROW(FOSTER_PLACEMENT_UNKNOWN, "There is no such placement here.", NULL,
	"placement_id"),

    ROW(FOSTER_NAME_LONG, "The carer's name is longer than 80 characters.", NULL,
	"household.carer_name"),
    ROW(FOSTER_WILL_NOT_TAKE,
	"Say whom the household will not take alongside, each once, or leave it out.",
	NULL, "household.will_not_take_with"),
    ROW(FOSTER_OPEN_PLACES_NONE, "To have no place open, close the vacancy.", NULL,
	"open_places"),
    ROW(FOSTER_OPEN_PLACES_MANY, "The household is not approved for so many places.",
	TERMS, "open_places"),
};

const struct refusal *
foster_refusal(enum foster_refusal no)
{
	static_assert(sizeof foster_refusals / sizeof foster_refusals[0] ==
			  FOSTER_REFUSALS_END - FOSTER_ROW_MISSING,
	    "every refusal has its row");
	assert(no >= FOSTER_ROW_MISSING && no < FOSTER_REFUSALS_END);
	return &foster_refusals[no - FOSTER_ROW_MISSING];
}

enum foster_refusal
foster_of_place(enum place_no no)
{
	static const enum foster_refusal of_place[PLACE_NOES] = {
	    [PLACE_OK] = FOSTER_OK,
	    [PLACE_REQUEST_MISSING] = FOSTER_REQUEST_MISSING,
	    [PLACE_VACANCY_MISSING] = FOSTER_VACANCY_UNKNOWN,
	    [PLACE_CHILDREN] = FOSTER_HOLD_CHILDREN,
	    [PLACE_CHILD_INCOMPLETE] = FOSTER_HOLD_CHILD_INCOMPLETE,
	    [PLACE_CHILD_ADULT] = FOSTER_HOLD_CHILD_ADULT,
	    [PLACE_CHILD_TWICE] = FOSTER_HOLD_CHILD_TWICE,
	    [PLACE_MINUTES] = FOSTER_HOLD_MINUTES,
	    [PLACE_RELEASED_FIRST] = FOSTER_HOLD_RELEASED_FIRST,
	    [PLACE_ID_USED] = FOSTER_HOLD_ID_USED,
	    [PLACE_HOLD_UNKNOWN] = FOSTER_HOLD_UNKNOWN,
	    [PLACE_FENCING] = FOSTER_FENCING,
	    [PLACE_HOLD_RELEASED] = FOSTER_HOLD_RELEASED,
	    [PLACE_HOLD_EXPIRED] = FOSTER_HOLD_EXPIRED,
	    [PLACE_HOLD_STARTED] = FOSTER_HOLD_STARTED,
	    [PLACE_HOLD_NOT_CONFIRMED] = FOSTER_HOLD_NOT_CONFIRMED,
	    [PLACE_CONFIRMED_OTHERWISE] = FOSTER_CONFIRMED_OTHERWISE,
	    [PLACE_LATEST_START] = FOSTER_LATEST_START,
	    [PLACE_PLACEMENT_MISSING] = FOSTER_PLACEMENT_MISSING,
	    [PLACE_PLACEMENT_TAKEN] = FOSTER_PLACEMENT_TAKEN,
	    [PLACE_START_DAYS] = FOSTER_START_DAYS,
	    [PLACE_PLACEMENT_UNKNOWN] = FOSTER_PLACEMENT_UNKNOWN,
	    [PLACE_END_DAY_MISSING] = FOSTER_END_DAY_MISSING,
	    [PLACE_END_DAY_AHEAD] = FOSTER_END_DAY_AHEAD,
	};

	return of_place[no];
}
