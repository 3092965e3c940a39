#include "observatory/facts.h"

#include <string.h>

#include "base/day.h"
#include "base/place.h"
#include "base/str.h"

Common__AgeBand
observatory_band(uint32_t years)
{
	return place_band_of(years < PLACE_ADULT_YEARS ? years : PLACE_ADULT_YEARS - 1);
}

unsigned
observatory_bands(uint32_t min_years, uint32_t max_years)
{
	unsigned bands = 0;

	if (min_years > max_years)
		return 0;
	for (Common__AgeBand b = observatory_band(min_years);
	     b <= observatory_band(max_years); b++)
		bands |= OBSERVATORY_BIT(b);
	return bands;
}

/* Nothing where the text is absent or longer than any there is. */
static void
copy(char *out, size_t size, const char *text)
{
	size_t len = text == NULL ? 0 : strlen(text);

	if (len < size)
		memcpy(out, text == NULL ? "" : text, len + 1);
}

#define COPY(array, text) copy((array), sizeof(array), (text))

/* ---- places ---- */

static void
close_places(const Observatory__Closed *row, struct observatory_place *out)
{
	if (out->closed_n == OBSERVATORY_CLOSED_MAX)
		return;
	out->closed[out->closed_n++] = (struct observatory_closed){
	    .reason = row->reason,
	    .places = row->places,
	    .from_day = row->has_from_day ? row->from_day : DAY_MIN,
	    .until_day = row->has_until_day ? row->until_day : DAY_MAX,
	};
}

void
observatory_place_of(const Observatory__PlaceRow *row, struct observatory_place *out)
{
	COPY(out->id.text, row->place_id);
	COPY(out->provider.text, row->provider_id);
	COPY(out->council.code, row->council_id);
	out->care_type = row->care_type < OBSERVATORY_TYPES ? row->care_type : 0;
	if (row->has_age_max_years)
		out->bands = observatory_bands(row->age_min_years, row->age_max_years);
	out->is_apart = row->is_apart;
	out->point = geo_sector(row->home_sector);
	out->approved = row->approved;
	out->filled = row->filled;
	out->held = row->held;
	out->free = row->free;
	out->reserved = row->reserved;
	out->unstaffed = row->unstaffed;
	for (size_t i = 0; i < row->n_closed; i++)
		close_places(row->closed[i], out);
	for (size_t i = 0; i < row->n_openings; i++) {
		if (row->openings[i]->is_open &&
		    out->openings_n < OBSERVATORY_OPENINGS_MAX)
			out->confirmed_ms[out->openings_n++] =
			    row->openings[i]->confirmed_time;
	}
}

/* ---- needs ---- */

/* Bits of the children that these letters name; all where there are none. */
static unsigned
children_of(const Observatory__NeedRow *row, const Observatory__PlacementRow *placement)
{
	unsigned bits = 0;

	for (size_t i = 0; i < row->n_children && i < OBSERVATORY_CHILDREN_MAX; i++) {
		bool is_in = placement->n_child_refs == 0;
		for (size_t k = 0; k < placement->n_child_refs; k++)
			is_in = is_in || str_equal(placement->child_refs[k],
					     row->children[i]->child_ref);
		if (is_in)
			bits |= OBSERVATORY_BIT(i);
	}
	return bits;
}

/* A hold ends unless the provider says yes, then unless the child moves in. Of a group
 * whose other providers have still to say yes the hold goes on. */
static void
add_chosen(const Observatory__NeedRow *row, const Observatory__PlacementRow *placement,
    struct observatory_chosen *out)
{
	int64_t until_ms = placement->has_latest_start_time
	                       ? placement->latest_start_time
	                       : placement->hold_until_time;

	if (placement->is_lost || row->has_withdrawn_day)
		return;
	out->children |= children_of(row, placement);
	if (until_ms != 0 && (out->until_ms == 0 || until_ms < out->until_ms))
		out->until_ms = until_ms;
	if (placement->needs_approval && !placement->is_approved)
		out->needs_approval = true;
}

static void
add_placement(const Observatory__NeedRow *row,
    const Observatory__PlacementRow *placement, struct observatory_need *out)
{
	if (!placement->is_started)
		add_chosen(row, placement, &out->chosen);
	if (!placement->is_started || out->placements_n == OBSERVATORY_CHILDREN_MAX)
		return;
	struct observatory_placement *p = &out->placements[out->placements_n++];
	COPY(p->place.text, placement->place_id);
	COPY(p->provider.text, placement->provider_id);
	COPY(p->area.code, placement->area_council_id);
	p->care_type = placement->has_care_type ? placement->care_type
	                                        : COMMON__CARE_TYPE__CARE_TYPE_FOSTER;
	p->is_ended = placement->has_end_day;
	p->start_day = placement->start_day;
	p->end_day = placement->end_day;
	p->children = children_of(row, placement);
}

void
observatory_need_of(const Observatory__NeedRow *row, struct observatory_need *out)
{
	COPY(out->id.text, row->request_id);
	COPY(out->council.code, row->council_id);
	out->point = geo_sector(row->home_sector);
	out->overdue_ms = row->overdue_time;
	out->are_siblings = row->are_siblings;
	out->is_circulated = row->is_circulated;
	out->is_withdrawn = row->has_withdrawn_day;
	out->withdrawn_day = row->withdrawn_day;
	out->is_same_day = row->is_same_day;
	out->submitted_ms = row->submitted_time;
	out->circulated_ms = row->circulated_time;
	out->needed_by_day = row->needed_by_day;
	out->asked = (unsigned)row->n_asked;
	for (size_t i = 0; i < row->n_asked; i++)
		out->answered += row->asked[i]->has_answered != 0;
	for (size_t i = 0; i < row->n_offers; i++)
		out->offers += row->offers[i]->is_lost == 0;
	for (size_t i = 0; i < row->n_care_types; i++)
		out->types |= OBSERVATORY_BIT(row->care_types[i]);
	for (size_t i = 0; i < row->n_children && i < OBSERVATORY_CHILDREN_MAX; i++)
		out->children[out->children_n++] = (struct observatory_child){
		    row->children[i]->age_years, row->children[i]->age_day};
	for (size_t i = 0; i < row->n_placements; i++)
		add_placement(row, row->placements[i], out);
}
