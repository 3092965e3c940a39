#include "requests/group.h"

#include "base/day.h"
#include "base/message.h"
#include "base/str.h"

#define SUPPORTED COMMON__CARE_TYPE__CARE_TYPE_SUPPORTED_ACCOMMODATION

/* ---- sets of children ---- */

uint32_t
requests_children_all(size_t n_children)
{
	return (UINT32_C(1) << n_children) - 1;
}

bool
requests_children(size_t n_children, char *const *refs, size_t n_refs, uint32_t *out)
{
	uint32_t children = 0;

	for (size_t i = 0; i < n_refs; i++) {
		size_t which = (size_t)(unsigned char)refs[i][0] - 'A';

		if (refs[i][0] < 'A' || which >= n_children || refs[i][1] != '\0' ||
		    (children & UINT32_C(1) << which) != 0)
			return false;
		children |= UINT32_C(1) << which;
	}
	*out = n_refs == 0 ? requests_children_all(n_children) : children;
	return true;
}

uint32_t
requests_children_in(
    const Requests__NeedCirculation *need, char *const *refs, size_t n_refs)
{
	uint32_t children = 0;

	/* They were checked when they were recorded. */
	(void)requests_children(need->n_children, refs, n_refs, &children);
	return children;
}

static uint32_t
children_of(const Requests__Request *request, const Requests__Journey *journey)
{
	return requests_children_in(
	    request->circulation, journey->child_refs, journey->n_child_refs);
}

uint32_t
requests_children_begun(const Requests__Request *request)
{
	uint32_t children = 0;

	for (size_t i = 0; i < request->n_journeys; i++)
		if (requests_has_begun(request->journeys[i]->state))
			children |= children_of(request, request->journeys[i]);
	return children;
}

uint32_t
requests_children_waiting(const Requests__Request *request)
{
	uint32_t children = requests_children_all(request->circulation->n_children) &
	                    ~requests_children_begun(request);

	for (size_t i = 0; i < request->n_journeys; i++)
		if (requests_is_under_way(request->journeys[i]->state))
			children &= ~children_of(request, request->journeys[i]);
	return children;
}

uint32_t
requests_children_listed(const Requests__Request *request)
{
	uint32_t all = requests_children_all(request->circulation->n_children);
	uint32_t waiting = requests_children_waiting(request);
	uint32_t rest = all & ~requests_children_begun(request);

	if (waiting != 0)
		return waiting;
	return rest != 0 ? rest : all;
}

uint32_t
requests_children_with(const Requests__Request *request, const char *provider_id)
{
	uint32_t children = 0;

	for (size_t i = 0; i < request->n_journeys; i++) {
		const Requests__Journey *journey = request->journeys[i];

		if (journey->state >= REQUESTS__STATE__STATE_HELD &&
		    journey->state <= REQUESTS__STATE__STATE_STARTED &&
		    requests_is_with(request, journey, provider_id))
			children |= children_of(request, journey);
	}
	return children;
}

uint32_t
requests_children_known(const Requests__Request *request, const Requests__Bid *bid)
{
	if (bid->level < REQUESTS__DISCLOSURE__DISCLOSURE_L3)
		return 0;
	return requests_children_with(request, bid->provider_id) &
	       requests_children_in(request->circulation, bid->identity_child_refs,
		   bid->n_identity_child_refs);
}

char **
requests_children_refs(struct arena *a, uint32_t children, size_t *n)
{
	char **refs = LIST_NEW(a, REQUESTS_CHILDREN_MAX, char *);

	*n = 0;
	for (int i = 0; refs != NULL && i < REQUESTS_CHILDREN_MAX; i++)
		if ((children & UINT32_C(1) << i) != 0)
			refs[(*n)++] = str_format(a, "%c", 'A' + i);
	return a->is_full ? NULL : refs;
}

/* ---- splits ---- */

static bool
part_children(const Requests__Part *part, size_t n_children, uint32_t *out)
{
	return part->n_child_refs > 0 &&
	       requests_children(n_children, part->child_refs, part->n_child_refs, out);
}

/* Are the sets, in whatever order, the parts of this split that lie within `within`,
 * and is no part of it half within? */
static bool
are_parts(const Requests__Split *split, size_t n_children, uint32_t within,
    const uint32_t *parts, size_t n)
{
	size_t found = 0;

	for (size_t i = 0; i < split->n_parts; i++) {
		uint32_t part = 0;
		size_t at = 0;

		(void)part_children(split->parts[i], n_children, &part);
		if ((part & within) == 0)
			continue;
		while (at < n && parts[at] != part)
			at++;
		if (at == n)
			return false;
		found++;
	}
	return found == n;
}

static enum requests_refusal
check_split(const Requests__Split *split, size_t n_children, uint32_t *parts)
{
	uint32_t seen = 0;

	if (split->n_parts < 2)
		return REQUESTS_SPLIT_PARTS;
	if (split->n_parts > n_children)
		return REQUESTS_SPLIT_CHILDREN;
	for (size_t i = 0; i < split->n_parts; i++) {
		if (!part_children(split->parts[i], n_children, &parts[i]) ||
		    (seen & parts[i]) != 0)
			return REQUESTS_SPLIT_CHILDREN;
		seen |= parts[i];
	}
	return seen == requests_children_all(n_children) ? REQUESTS_OK
	                                                 : REQUESTS_SPLIT_CHILDREN;
}

enum requests_refusal
requests_check_splits(Requests__Split *const *splits, size_t n, size_t n_children)
{
	if (n > 0 && n_children < 2)
		return REQUESTS_SPLIT_NOT_SIBLINGS;
	if (n > REQUESTS_SPLITS_MAX)
		return REQUESTS_SPLITS_MANY;
	for (size_t i = 0; i < n; i++) {
		uint32_t parts[REQUESTS_CHILDREN_MAX];
		enum requests_refusal no = check_split(splits[i], n_children, parts);

		if (no != REQUESTS_OK)
			return no;
		for (size_t j = 0; j < i; j++)
			if (are_parts(splits[j], n_children,
				requests_children_all(n_children), parts,
				splits[i]->n_parts))
				return REQUESTS_SPLIT_TWICE;
	}
	return REQUESTS_OK;
}

bool
requests_is_part(const Requests__NeedCirculation *need, uint32_t children)
{
	for (size_t i = 0; i < need->n_permitted_splits; i++) {
		const Requests__Split *split = need->permitted_splits[i];

		for (size_t j = 0; j < split->n_parts; j++) {
			uint32_t part = 0;

			if (part_children(split->parts[j], need->n_children, &part) &&
			    part == children)
				return true;
		}
	}
	return false;
}

bool
requests_is_split(const Requests__NeedCirculation *need, uint32_t waiting,
    const uint32_t *parts, size_t n)
{
	for (size_t i = 0; i < need->n_permitted_splits; i++)
		if (are_parts(
			need->permitted_splits[i], need->n_children, waiting, parts, n))
			return true;
	return false;
}

/* ---- what is free to choose ---- */

static bool
fill_part(struct arena *a, Requests__PartShown *out, const Requests__Request *request,
    uint32_t children)
{
	out->child_refs = requests_children_refs(a, children, &out->n_child_refs);
	out->offer_ids = LIST_NEW(a, request->n_offers + 1, char *);
	if (out->child_refs == NULL || out->offer_ids == NULL)
		return false;
	for (size_t i = 0; i < request->n_offers; i++) {
		const Requests__OfferRow *offer = request->offers[i];

		if (!offer->is_lost &&
		    requests_children_in(request->circulation, offer->child_refs,
			offer->n_child_refs) == children)
			out->offer_ids[out->n_offer_ids++] = offer->offer_id;
	}
	return true;
}

/* The parts of the split that wait; none where it cuts through a placement that is
 * begun or on its way. */
static bool
fill_split(struct arena *a, Requests__SplitShown *out, const Requests__Request *request,
    const Requests__Split *split)
{
	uint32_t waiting = requests_children_waiting(request);

	out->parts = LIST_NEW(a, split->n_parts, Requests__PartShown *);
	if (out->parts == NULL)
		return false;
	SET(out, is_covered, 1);
	for (size_t i = 0; i < split->n_parts; i++) {
		uint32_t part = requests_children_in(request->circulation,
		    split->parts[i]->child_refs, split->parts[i]->n_child_refs);
		Requests__PartShown *shown = MESSAGE_NEW(a, requests__part_shown);

		if (shown == NULL || !fill_part(a, shown, request, part))
			return false;
		if ((part & waiting) == 0)
			continue;
		if ((part & ~waiting) != 0) {
			out->n_parts = 0;
			return true;
		}
		out->is_covered &= shown->n_offer_ids > 0;
		out->parts[out->n_parts++] = shown;
	}
	return true;
}

Requests__SplitShown **
requests_splits_shown(struct arena *a, const Requests__Request *request, size_t *n)
{
	const Requests__NeedCirculation *need = request->circulation;
	Requests__SplitShown **list =
	    LIST_NEW(a, need->n_permitted_splits + 1, Requests__SplitShown *);

	*n = 0;
	for (size_t i = 0; list != NULL && i < need->n_permitted_splits; i++) {
		Requests__SplitShown *shown = MESSAGE_NEW(a, requests__split_shown);

		if (shown == NULL ||
		    !fill_split(a, shown, request, need->permitted_splits[i]))
			return NULL;
		/* One part alone is no split: it is all who wait. */
		if (shown->n_parts > 1)
			list[(*n)++] = shown;
	}
	return list;
}

/* ---- kinds of home ---- */

static bool
is_considered(const Requests__NeedCirculation *need, Common__CareType care_type)
{
	for (size_t i = 0; i < need->n_care_types; i++)
		if (need->care_types[i] == care_type)
			return true;
	return need->n_care_types == 0;
}

/*
 * Law: Care Planning Regulations 2010, reg 27A: "A responsible authority may only place
 * a child under 16 in accommodation in accordance with other arrangements under section
 * 22C(6)(d), where the accommodation is—" of a list that supported accommodation is not
 * on.
 * Law: Care Planning Regulations 2010, reg 27C(1): "a child who is 16 or 17 years old
 * in accommodation in accordance with other arrangements under section 22C(6)(d), where
 * the accommodation— (a) is supported accommodation"
 */
uint32_t
requests_children_for(
    const Requests__NeedCirculation *need, Common__CareType care_type, int32_t today)
{
	uint32_t children = 0;

	if (!is_considered(need, care_type))
		return 0;
	for (size_t i = 0; i < need->n_children; i++) {
		const Requests__ChildNeed *child = need->children[i];
		uint32_t years = day_age_at(child->age_years, child->age_day, today);

		if (care_type != SUPPORTED || years >= REQUESTS_SUPPORTED_AGE_YEARS_MIN)
			children |= UINT32_C(1) << i;
	}
	return children;
}

enum requests_refusal
requests_check_care_type(const Requests__NeedCirculation *need, uint32_t children,
    Common__CareType care_type, int32_t today)
{
	if (!is_considered(need, care_type))
		return REQUESTS_VACANCY_CARE_TYPE;
	if ((children & ~requests_children_for(need, care_type, today)) != 0)
		return REQUESTS_UNDER_16;
	return REQUESTS_OK;
}
