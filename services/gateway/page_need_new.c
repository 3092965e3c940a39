#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "base/str.h"
#include "gateway/directory.h"
#include "gateway/need_draft.h"
#include "gateway/need_form.h"
#include "gateway/pages.h"
#include "gateway/say.h"

/*
 * A new need on one page. Every button of it keeps the draft first, so nothing that was
 * typed is lost: Save, another child, one child less, and on to check and send.
 */

#define CALL(name) REQUESTS__REQUESTS_CALL__CALL_##name
#define REMOVE "remove-"

/* ---- shown ---- */

static const char *
path_of(struct page *p, const char *draft_id)
{
	return draft_id == NULL ? "/needs/new"
	                        : str_format(p->arena, "/needs/draft/%s", draft_id);
}

/* Saved when and by whom, whom it would reach, what is missing. */
static void
put_aside(struct page *p, const Requests__DraftShown *draft)
{
	struct arena *a = p->arena;
	bool is_down;
	const Matching__Shortlist *list =
	    need_draft_shortlist(p, draft->draft_id, &is_down);
	uint32_t there = draft->answers_needed - (uint32_t)draft->n_missing_fields;

	if (list == NULL && !is_down)
		return;
	page_put(p, "reach", need_draft_reach(p, list, is_down));
	page_put(p, "missing", need_draft_missing(p, draft, ""));
	page_put(p, "has_missing", json_boolean(draft->n_missing_fields > 0));
	page_put(p, "answers",
	    json_string(str_format(
		a, "%u of %u needed answers", there, draft->answers_needed)));
	page_put(p, "saved_by",
	    json_string(
		str_equal(draft->saved_by_id, p->who->person_id)
		    ? "by you"
		    : str_format(a, "by %s",
			  directory_person_name(p->directory, draft->saved_by_id))));
	page_put(p, "saved", say_when_within(a, draft->saved_time, p->now_ms));
	page_put(p, "drops", say_when_within(a, draft->drops_time, p->now_ms));
	page_put(p, "say",
	    json_pack("{s:s}", "draft_aside",
		list == NULL
		    ? ""
		    : str_format(a, "Would reach %s",
			  say_count(a, list->providers, "provider", "providers"))));
}

static size_t
children_asked(const struct page *p)
{
	const char *asked = p->is_post ? NULL : page_query(p, "children");
	int64_t n = 0;

	if (asked == NULL || !str_to_i64(asked, 1, NEED_CHILDREN_MAX, &n))
		return 0;
	return (size_t)n;
}

static void
put_form(struct page *p, const struct form *form, const char *path)
{
	need_form_put(p, form, children_asked(p));
	page_put(p, "form_path", json_string(path));
	page_form(p, "token", path);
}

void
page_need_new_view(struct page *p)
{
	put_form(p, p->form, "/needs/new");
}

/* The draft that was typed in is gone, sent by a colleague or dropped: what is on the
 * screen can still be kept, as a new one. */
static bool
is_gone(struct page *p)
{
	enum page_state state;

	if (!p->is_post)
		return false;
	(void)need_draft_try(p, &state);
	return state == PAGE_NO;
}

void
page_need_draft_view(struct page *p)
{
	const Requests__DraftShown *draft;
	const struct form *form;

	if (is_gone(p)) {
		put_form(p, p->form, "/needs/new");
		return;
	}
	draft = need_draft_ask(p);
	if (draft == NULL)
		return;
	form = p->is_post ? p->form : need_form_of(p, draft->draft);
	if (form == NULL)
		return;
	put_form(p, form, path_of(p, draft->draft_id));
	page_put(p, "is_draft", json_true());
	page_put(p, "seen",
	    json_string(str_format(p->arena, "%" PRId64, draft->saved_time)));
	page_put(p, "draft_id", json_string(draft->draft_id));
	page_put(p, "reference", json_string(say_reference(p->arena, draft->draft_id)));
	put_aside(p, draft);
}

/* ---- kept ---- */

/* The child whose button was pressed; SIZE_MAX. */
static size_t
child_to_remove(const char *button)
{
	int64_t n;

	if (button == NULL || !str_starts(button, REMOVE) ||
	    !str_to_i64(button + strlen(REMOVE), 0, NEED_CHILDREN_MAX - 1, &n))
		return SIZE_MAX;
	return (size_t)n;
}

static void
go_on(struct page *p, const char *draft_id, const char *button)
{
	size_t children = need_form_children(p->form);

	if (str_equal(button, "check"))
		page_go(p, "/needs/draft/%s/check", draft_id);
	else if (str_equal(button, "add") && children < NEED_CHILDREN_MAX)
		page_go(p, "/needs/draft/%s?children=%zu#child-%zu", draft_id,
		    children + 1, children);
	else if (button != NULL && str_starts(button, "save-"))
		page_go(p, "/needs/draft/%s#%s", draft_id, button + strlen("save-"));
	else
		page_go(p, "/needs/draft/%s", draft_id);
}

/* Has somebody else saved it since this form was opened? Each save is of the whole
 * page, so theirs would be gone. Once it is said, saving again is meant. */
static bool
is_overtaken(struct page *p)
{
	enum page_state state;
	const Requests__DraftShown *draft = need_draft_try(p, &state);
	const char *seen = form_first(p->form, "seen");
	int64_t seen_ms;

	if (draft == NULL || str_equal(draft->saved_by_id, p->who->person_id) ||
	    seen == NULL || !str_to_i64(seen, 0, INT64_MAX, &seen_ms) ||
	    seen_ms == draft->saved_time)
		return state == PAGE_WAITS;
	page_error(p, NULL,
	    "%s saved this draft %s, after you opened it. What stands here is yours "
	    "and is not saved. Save it again to put it in the place of theirs, or open "
	    "the draft anew to see what they entered.",
	    directory_person_name(p->directory, draft->saved_by_id),
	    say_time_within(p->arena, draft->saved_time, p->now_ms));
	return true;
}

void
page_need_draft_act(struct page *p)
{
	Requests__KeepDraft keep = REQUESTS__KEEP_DRAFT__INIT;
	const char *button = page_query(p, "button");
	const void *answer;

	keep.draft_id = str_copy(p->arena, page_param(p, "id"));
	keep.draft = need_form_read(p, child_to_remove(button));
	if (keep.draft == NULL || (keep.draft_id != NULL && is_overtaken(p)))
		return;
	if (page_do(p, 0, "requests", CALL(KEEP_DRAFT), &keep.base, &answer) ==
	    PAGE_YES)
		go_on(p, ((const Common__Done *)answer)->id, button);
}

/* ---- dropped ---- */

/* Asked once more, with what it means. */
void
page_need_drop_view(struct page *p)
{
	const Requests__DraftShown *draft = need_draft_ask(p);

	if (draft == NULL)
		return;
	page_put(p, "reference", json_string(say_reference(p->arena, draft->draft_id)));
	page_put(p, "draft_id", json_string(draft->draft_id));
	page_put(p, "saved", say_when_within(p->arena, draft->saved_time, p->now_ms));
}
