#ifndef RCC_GATEWAY_NEED_DRAFT_H
#define RCC_GATEWAY_NEED_DRAFT_H

#include <stdbool.h>

#include "gateway/page.h"

#include "matching.pb-c.h"
#include "requests.pb-c.h"

/* What the two pages of a draft share: the draft the path names, and whom it would
 * reach. */

/* NULL: it is not there yet, or the page is over. */
const Requests__DraftShown *need_draft_ask(struct page *p);

/* The same for a page that can do without: PAGE_NO in *state is that it is gone. */
const Requests__DraftShown *need_draft_try(struct page *p, enum page_state *state);

/* NULL while it is not there, or with *is_down where matching cannot say. */
const Matching__Shortlist *need_draft_shortlist(
    struct page *p, const char *draft_id, bool *is_down);

/* {sentence, near, places, why, is_down}: what the page says of it; new. */
json_t *need_draft_reach(struct page *p, const Matching__Shortlist *list, bool is_down);

/* [{href, text}] of what it cannot be sent without; `base` is the page of its form, ""
 * where that is this one. */
json_t *need_draft_missing(
    struct page *p, const Requests__DraftShown *draft, const char *base);

#endif
