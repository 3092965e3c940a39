#include "requests/drafts.h"

#include "base/message.h"
#include "base/str.h"
#include "requests/clocks.h"
#include "requests/form.h"
#include "requests/line.h"
#include "requests/need.h"

/* Letters of children there may yet be: which of them there are is asked when it is
 * sent. */
static bool
are_letters(const Requests__Part *part)
{
	for (size_t i = 0; i < part->n_child_refs; i++) {
		const char *ref = part->child_refs[i];

		if (ref[0] < 'A' || ref[0] >= 'A' + REQUESTS_CHILDREN_MAX ||
		    ref[1] != '\0')
			return false;
	}
	return part->n_child_refs <= REQUESTS_CHILDREN_MAX;
}

static enum requests_refusal
check_splits(const Requests__Submit *draft)
{
	if (draft->n_permitted_splits > REQUESTS_SPLITS_MAX)
		return REQUESTS_SPLITS_MANY;
	for (size_t i = 0; i < draft->n_permitted_splits; i++) {
		const Requests__Split *split = draft->permitted_splits[i];

		if (split->n_parts > REQUESTS_CHILDREN_MAX)
			return REQUESTS_SPLIT_CHILDREN;
		for (size_t j = 0; j < split->n_parts; j++)
			if (!are_letters(split->parts[j]))
				return REQUESTS_SPLIT_CHILDREN;
	}
	return REQUESTS_OK;
}

enum requests_refusal
requests_check_draft(const Requests__Submit *draft, const struct requests_act *act,
    bool is_member, size_t *child)
{
	enum requests_refusal no;

	*child = draft->n_children;
	if (!is_member)
		return REQUESTS_NOT_A_MEMBER;
	if ((no = requests_form_sectors(draft)) != REQUESTS_OK)
		return no;
	if (draft->n_children > REQUESTS_CHILDREN_MAX)
		return REQUESTS_CHILDREN_COUNT;
	for (*child = 0; *child < draft->n_children; (*child)++)
		if ((no = requests_form_child(draft->children[*child])) != REQUESTS_OK)
			return no;
	if ((no = requests_form_child_ids(draft, act->now_ms)) != REQUESTS_OK ||
	    (no = requests_form_care_types(draft)) != REQUESTS_OK ||
	    (no = check_splits(draft)) != REQUESTS_OK)
		return no;
	return requests_form_numbers(draft);
}

bool
requests_is_own_draft(const Requests__DraftKept *kept, const char *council_id)
{
	return str_equal(kept->circulation->council_id, council_id);
}

Requests__DraftKept *
requests_draft_kept(struct arena *a, const Requests__Submit *draft,
    const struct requests_act *act, const char *draft_id)
{
	Requests__DraftKept *out = MESSAGE_NEW(a, requests__draft_kept);
	char *id = str_copy(a, draft_id);

	if (out == NULL || id == NULL)
		return NULL;
	out->circulation = requests_need_circulation(a, draft, act, id);
	out->detail = requests_need_detail(a, draft, id);
	if (draft->n_child_ids > 0) {
		out->identity = MESSAGE_NEW(a, requests__need_identity);
		if (out->identity == NULL)
			return NULL;
		out->identity->request_id = id;
		out->identity->n_child_ids = draft->n_child_ids;
		out->identity->child_ids = draft->child_ids;
	}
	out->saved_by_id = str_copy(a, act->person_id);
	SET(out, saved_time, act->now_ms);
	SET(out, drops_time, requests_draft_drops(act->now_ms));
	SET(out, members_copy_age_ms, act->copy_age_ms);
	return a->is_full ? NULL : out;
}

/* ---- what is missing ---- */

static void
need_answer(struct requests_answers *out, bool is_there, char *field)
{
	out->needed++;
	if (!is_there)
		out->missing[out->n++] = field;
}

/* A need without children yet is one for a child of whom nothing is said. */
static void
need_child(struct arena *a, const Requests__NeedCirculation *need, size_t i,
    struct requests_answers *out)
{
	static const Requests__ChildNeed nobody = REQUESTS__CHILD_NEED__INIT;
	const Requests__ChildNeed *child =
	    i < need->n_children ? need->children[i] : &nobody;

	need_answer(out, child->has_age_years && child->has_age_day,
	    str_format(a, "children[%zu].age_years", i));
	need_answer(out, child->sex != COMMON__SEX__SEX_UNSPECIFIED,
	    str_format(a, "children[%zu].sex", i));
}

bool
requests_draft_answers(
    struct arena *a, const Requests__DraftKept *kept, struct requests_answers *out)
{
	const Requests__NeedCirculation *need = kept->circulation;
	Requests__FamilyFirst family = kept->detail->family_first;

	*out = (struct requests_answers){0};
	need_answer(out, need->urgency != REQUESTS__URGENCY__URGENCY_UNSPECIFIED,
	    str_copy(a, "urgency"));
	need_answer(out, need->has_needed_by_day, str_copy(a, "needed_by_day"));
	need_answer(out, need->home_sector != NULL, str_copy(a, "home_sector"));
	for (size_t i = 0; i == 0 || i < need->n_children; i++)
		need_child(a, need, i, out);
	if (need->n_children > 1)
		need_answer(out, need->are_siblings, str_copy(a, "are_siblings"));
	if (need->urgency != REQUESTS__URGENCY__URGENCY_EMERGENCY)
		need_answer(out,
		    family != REQUESTS__FAMILY_FIRST__FAMILY_FIRST_UNSPECIFIED &&
			family != REQUESTS__FAMILY_FIRST__FAMILY_FIRST_NOT_YET,
		    str_copy(a, "family_first"));
	return !a->is_full;
}

/* ---- shown ---- */

static Requests__Submit *
as_submit(struct arena *a, const Requests__DraftKept *kept)
{
	const Requests__NeedCirculation *need = kept->circulation;
	const Requests__NeedDetail *detail = kept->detail;
	Requests__Submit *out = MESSAGE_NEW(a, requests__submit);

	if (out == NULL)
		return NULL;
	SET_FROM(out, urgency, need, urgency);
	SET_FROM(out, needed_by_day, need, needed_by_day);
	SET_FROM(out, expected_end_day, need, expected_end_day);
	out->home_sector = need->home_sector;
	out->n_children = need->n_children;
	out->children = need->children;
	SET_FROM(out, are_siblings, need, are_siblings);
	SET_FROM(out, miles_max, need, miles_max);
	out->school_sector = detail->school_sector;
	out->n_avoid_sectors = detail->n_avoid_sectors;
	out->avoid_sectors = detail->avoid_sectors;
	SET_FROM(out, legal_status, detail, legal_status);
	SET_FROM(out, care_plan_aim, detail, care_plan_aim);
	SET_FROM(out, earlier_placements, detail, earlier_placements);
	SET_FROM(out, family_time_a_week, detail, family_time_a_week);
	SET_FROM(out, family_first, detail, family_first);
	if (kept->identity != NULL) {
		out->n_child_ids = kept->identity->n_child_ids;
		out->child_ids = kept->identity->child_ids;
	}
	out->n_care_types = need->n_care_types;
	out->care_types = need->care_types;
	out->n_permitted_splits = need->n_permitted_splits;
	out->permitted_splits = need->permitted_splits;
	return out;
}

Requests__DraftShown *
requests_draft_shown(struct arena *a, const Requests__DraftKept *kept)
{
	Requests__DraftShown *out = MESSAGE_NEW(a, requests__draft_shown);
	struct requests_answers answers;

	if (out == NULL || !requests_draft_answers(a, kept, &answers))
		return NULL;
	out->draft_id = kept->circulation->request_id;
	out->draft = as_submit(a, kept);
	SET_FROM(out, saved_time, kept, saved_time);
	out->saved_by_id = kept->saved_by_id;
	SET_FROM(out, drops_time, kept, drops_time);
	SET(out, answers_needed, answers.needed);
	out->missing_fields = LIST_NEW(a, answers.n + 1, char *);
	for (size_t i = 0; i < answers.n && out->missing_fields != NULL; i++)
		out->missing_fields[out->n_missing_fields++] = answers.missing[i];
	return a->is_full ? NULL : out;
}

Requests__DraftLine *
requests_draft_line(struct arena *a, const Requests__DraftKept *kept)
{
	const Requests__NeedCirculation *need = kept->circulation;
	Requests__DraftLine *out = MESSAGE_NEW(a, requests__draft_line);
	struct requests_answers answers;

	if (out == NULL || !requests_draft_answers(a, kept, &answers))
		return NULL;
	out->draft_id = need->request_id;
	SET_FROM(out, urgency, need, urgency);
	SET_FROM(out, needed_by_day, need, needed_by_day);
	out->home_sector = need->home_sector;
	out->child_lines = requests_child_lines(a, need, &out->n_child_lines);
	SET_FROM(out, saved_time, kept, saved_time);
	out->saved_by_id = kept->saved_by_id;
	SET_FROM(out, drops_time, kept, drops_time);
	SET(out, answers_missing, (uint32_t)answers.n);
	SET(out, answers_needed, answers.needed);
	return a->is_full ? NULL : out;
}
