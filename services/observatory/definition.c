#include "observatory/definition.h"

#include <assert.h>

#include "base/message.h"
#include "base/str.h"
#include "observatory/figures.h"

#define CHILDREN OBSERVATORY__UNIT__UNIT_CHILDREN
#define PLACES OBSERVATORY__UNIT__UNIT_PLACES
#define PERCENT OBSERVATORY__UNIT__UNIT_PERCENT
#define DAYS OBSERVATORY__UNIT__UNIT_DAYS
#define OF(name) OBSERVATORY__METRIC__METRIC_##name

#define OURS "the co-operative's own"
#define OFSTED                                                                         \
	"Ofsted, fostering in England: places approved, filled, vacant, not available"
#define RETURN "Department for Education, children looked-after return (SSDA903)"
#define LAW                                                                            \
	"Care Planning, Placement and Case Review (England) Regulations 2010, reg 11"

/* In the order of the enum. */
static const struct observatory_definition definitions[] = {
    {OF(SEARCHING), CHILDREN, 0,
	"Children a home is being sought for now: requested, and neither placed "
	"through "
	"the request nor withdrawn. Counted under the child's council and age today, "
	"and "
	"under every type of care the council would consider; where it named none, "
	"foster "
	"and children's homes, and from 16 supported accommodation. So types add up to "
	"more than all.",
	OURS, true},
    {OF(OPEN), CHILDREN, OF(SEARCHING),
	"Of these, the request has not been circulated to any provider yet.", OURS,
	false},
    {OF(WAITING), CHILDREN, OF(SEARCHING),
	"Of these, circulated or decided, and the placement has not begun.", OURS,
	false},
    {OF(UNFILLED), CHILDREN, OF(SEARCHING),
	"Children still sought a home for when the time it was needed by has passed.",
	OURS ": unfilled searches", true},
    {OF(IN_TIME), CHILDREN, OF(SEARCHING),
	"Children a home is being sought for, the time it is needed by not yet passed.",
	OURS, true},
    {OF(PLACED), CHILDREN, 0,
	"Children whose placement through a request here has begun and not ended. "
	"Counted "
	"under the child's council and age today, and the type of the place. "
	"Placements "
	"older than a council's joining are filled places, not here.",
	RETURN ": an open placement", true},
    {OF(ENDED), CHILDREN, 0,
	"Children whose placement through a request here ended within the period and "
	"who "
	"are in no other of the same request.",
	RETURN ": placement end", true},
    {OF(WITHDRAWN), CHILDREN, 0,
	"Children whose request was withdrawn within the period before they were "
	"placed.",
	OURS, true},
    {OF(APPROVED), PLACES, 0,
	"Places approved for fostering (terms of approval, mainstream and parent and "
	"child) or registered (homes). Counted in the council whose area they lie in, "
	"under their type, and in every age band the approval or registration reaches: "
	"so age bands add up to more than all.",
	OFSTED, true},
    {OF(FILLED), PLACES, OF(APPROVED),
	"Places in which somebody lives, placed from here or elsewhere, up to the "
	"approved "
	"number. Staying put and over 18s take a place too.",
	OFSTED, true},
    {OF(FREE), PLACES, OF(APPROVED),
	"Places another child could have today: what approval, the foster limit and "
	"bedrooms, or staffed beds, leave when everybody there, held for and withheld "
	"is "
	"taken off. Whether the provider has opened them to referral or not.",
	OFSTED ": vacant", true},
    {OF(NOT_FREE), PLACES, OF(APPROVED), "Places held and places not available.", OURS,
	true},
    {OF(HELD), PLACES, OF(NOT_FREE),
	"Places held or confirmed for a child whose placement has not begun.", OURS,
	false},
    {OF(NOT_AVAILABLE), PLACES, OF(NOT_FREE),
	"Places neither filled, held nor free; by reason below.",
	OFSTED ": not available", false},
    {OF(CARER_BREAK), PLACES, OF(NOT_AVAILABLE), "The carer is taking a break.", OURS,
	false},
    {OF(NEEDS_OF_CHILD), PLACES, OF(NOT_AVAILABLE),
	"Kept empty for the needs of a child who lives there, also one placed alone.",
	OURS, false},
    {OF(AWAITING_EXEMPTION), PLACES, OF(NOT_AVAILABLE),
	"Waiting for an exemption from the foster limit.", OURS, false},
    {OF(ASSESSMENT), PLACES, OF(NOT_AVAILABLE), "The carer is being assessed.", OURS,
	false},
    {OF(SUSPENDED), PLACES, OF(NOT_AVAILABLE), "The carer is suspended.", OURS, false},
    {OF(ROOM_NOT_READY), PLACES, OF(NOT_AVAILABLE),
	"The room is not ready, or repaired.", OURS, false},
    {OF(OTHER_COMMITMENT), PLACES, OF(NOT_AVAILABLE),
	"Promised outside the co-operative.", OURS, false},
    {OF(UNSTAFFED), PLACES, OF(NOT_AVAILABLE),
	"Registered beds of a home for which there are no staff now.", OURS, false},
    {OF(RESTRICTED), PLACES, OF(NOT_AVAILABLE),
	"A notice of restriction, or the registration is suspended.", OURS, false},
    {OF(RESERVED), PLACES, OF(NOT_AVAILABLE),
	"Empty beds kept for named councils: free to those alone.", OURS, false},
    {OF(AT_LIMIT), PLACES, OF(NOT_AVAILABLE),
	"What no recorded reason explains: no bedroom left, the foster limit reached, "
	"or "
	"ages that do not go together.",
	OURS, false},
    {OF(ABOVE_APPROVED), PLACES, 0,
	"Children and young people living there beyond the approved number "
	"(exemptions, "
	"staying put). Not in filled.",
	OURS, false},
    {OF(APPROVED_APART), PLACES, 0,
	"Places approved for named children of family and friends, and for short "
	"breaks: "
	"never a vacancy, and in no other figure.",
	OFSTED ": mainstream only, kinship apart", false},
    {OF(HOMES), OBSERVATORY__UNIT__UNIT_HOMES, 0,
	"Fostering households and homes that these places are in.", OFSTED, false},
    {OF(VACANCIES), OBSERVATORY__UNIT__UNIT_VACANCIES, 0,
	"Vacancies open to referral: one a household, one a home and age band.", OURS,
	false},
    {OF(VACANCIES_STALE), OBSERVATORY__UNIT__UNIT_VACANCIES, 0,
	"Of these, not confirmed by the provider within 14 days.", OURS, false},
    {OF(OWN_AREA), CHILDREN, OF(PLACED),
	"Placed children whose home lies in their council's area, as recorded at the "
	"decision.",
	LAW, false},
    {OF(ADJOINING), CHILDREN, OF(PLACED),
	"In the area of a council that adjoins theirs, by the table of adjoining "
	"councils.",
	LAW, false},
    {OF(AT_A_DISTANCE), CHILDREN, OF(PLACED),
	"In neither: placed at a distance, whatever the miles.", LAW, false},
    {OF(AREA_UNKNOWN), CHILDREN, OF(PLACED), "No area was recorded.", LAW, false},
    {OF(MILES_TO_5), CHILDREN, OF(PLACED),
	"Placed children about 5 miles or less from home: an estimate between the "
	"centres "
	"of postcode sectors, never the return's own figure.",
	RETURN ": distance formula", false},
    {OF(MILES_TO_10), CHILDREN, OF(PLACED), "About 5 to 10 miles.", RETURN, false},
    {OF(MILES_TO_20), CHILDREN, OF(PLACED), "About 10 to 20 miles.", RETURN, false},
    {OF(MILES_OVER_20), CHILDREN, OF(PLACED), "More than about 20 miles.", RETURN,
	false},
    {OF(MILES_UNKNOWN), CHILDREN, OF(PLACED),
	"A sector is not known, so neither is the distance.", RETURN, false},
    {OF(NO_REQUEST), PLACES, 0,
	"Filled places whose child came by no request here: how far from home is not "
	"known, and they are in no distance.",
	OURS, false},
    {OF(TOGETHER), CHILDREN, 0,
	"Placed brothers and sisters of one request living with all the others of it.",
	OURS ": separated at start", false},
    {OF(APART), CHILDREN, 0,
	"Placed brothers and sisters of one request, asked for together, living "
	"without "
	"some of the others of it.",
	OURS ": plan together but apart", false},
    {OF(FILLED_IN_HOUSE), PLACES, OF(FILLED),
	"Filled places of councils' own fostering teams and homes.",
	"Ofsted: filled places by sector", false},
    {OF(FILLED_INDEPENDENT), PLACES, OF(FILLED),
	"Filled places of all other providers, private and voluntary.",
	"Ofsted: filled places by sector", false},
    {OF(PLACED_IN_HOUSE), CHILDREN, OF(PLACED),
	"Placed children living with a council's own team or in its own home.", OURS,
	false},
    {OF(PLACED_INDEPENDENT), CHILDREN, OF(PLACED),
	"Placed children living with any other provider.", OURS, false},
    {OF(SHARE_OWN_AREA), PERCENT, 0,
	"Placed children in their council's area, of those whose area is known.",
	RETURN ": per cent inside the council", true},
    {OF(SHARE_OVER_20), PERCENT, 0,
	"Placed children more than about 20 miles from home, of those whose distance "
	"is "
	"known.",
	RETURN ": per cent over 20 miles", true},
    {OF(SHARE_TOGETHER), PERCENT, 0,
	"Placed brothers and sisters living with all the others, of those asked for "
	"together.",
	OURS, true},
    {OF(SHARE_FILLED_IN_HOUSE), PERCENT, 0, "In-house places, of all filled places.",
	"Ofsted: filled places by sector", true},
    {OF(SHARE_PLACED_IN_HOUSE), PERCENT, 0,
	"Placed children living in-house, of all placed.", OURS, true},
    {OF(SHARE_FILLED), PERCENT, 0, "Filled places, of all approved.", OFSTED, false},
    {OF(SHARE_FILLED_OF_AVAILABLE), PERCENT, 0,
	"Filled places, of the approved less those not available.", OFSTED, false},
    {OF(SHARE_STALE), PERCENT, 0, "Stale vacancies, of the open ones.", OURS, false},
    {OF(SAME_DAY), CHILDREN, OF(SEARCHING),
	"Of these, the home is needed on the day of the request: an emergency.", OURS,
	false},
    {OF(PLANNED), CHILDREN, OF(SEARCHING), "Of these, all others.", OURS, false},
    {OF(STARTED), CHILDREN, 0,
	"Children whose first placement through their request began within the "
	"period, whatever became of it since.",
	OURS, false},
    {OF(MEDIAN_DAYS), DAYS, 0,
	"Days from the day of the request to the day of that first placement: half "
	"of these children waited so long or less. More than a year is counted as a "
	"year.",
	OURS, true},
};

#define DEFINITIONS (sizeof(definitions) / sizeof(definitions[0]))

static_assert(DEFINITIONS == OBSERVATORY_METRICS - 1,
    "every metric but the one not said is defined");

const struct observatory_definition *
observatory_definition(Observatory__Metric metric)
{
	if ((unsigned)metric == 0 || (unsigned)metric > DEFINITIONS)
		return NULL;
	return &definitions[metric - 1];
}

Observatory__Definitions *
observatory_definitions(struct arena *a)
{
	Observatory__Definitions *out = MESSAGE_NEW(a, observatory__definitions);

	if (out == NULL)
		return NULL;
	out->definitions = LIST_NEW(a, DEFINITIONS, Observatory__Definition *);
	for (size_t i = 0; i < DEFINITIONS && out->definitions != NULL; i++) {
		const struct observatory_definition *from = &definitions[i];
		Observatory__Definition *row = MESSAGE_NEW(a, observatory__definition);
		if (row == NULL)
			return NULL;
		SET(row, metric, from->metric);
		SET(row, unit, from->unit);
		if (from->part_of != 0)
			SET(row, part_of, from->part_of);
		row->words = str_copy(a, from->words);
		row->source = str_copy(a, from->source);
		out->definitions[out->n_definitions++] = row;
	}
	SET(out, version, OBSERVATORY_DEFINITIONS_VERSION);
	SET(out, from_day, OBSERVATORY_DEFINITIONS_FROM_DAY);
	return a->is_full ? NULL : out;
}
