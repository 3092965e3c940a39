#ifndef RCC_GATEWAY_NEED_STATE_H
#define RCC_GATEWAY_NEED_STATE_H

#include "gateway/need.h"

/* How a need stands, in one sentence, and what comes next: one primary action. */

/* What a page of a form does to a need. */
enum need_act { NEED_CHOOSE, NEED_WITHDRAW, NEED_START, NEED_END };
/* Why it is too late for that, in a sentence: of a page that was left open, or come
 * back to. `state` is the need's, or for a start and an end the placement's. NULL: it
 * is not, as far as the state says. */
const char *need_too_late(enum need_act act, Requests__State state);

/* {sentence, more, next: {text, href}, others: [{text, href}]}; next and more may be
 * missing. */
json_t *need_step(struct page *p, const Requests__Request *r);

/* Each placement that was chosen: {children, provider, kind, area, state, sentence,
 * approval, actions: [{text, href}]}. */
json_t *need_placements(struct page *p, const Requests__Request *r);

/* What happened, the latest first: [{text, who, when}]. */
json_t *need_timeline(struct page *p, const Requests__Request *r,
    const Requests__RequestTimeline *timeline);

#endif
