#ifndef RCC_GATEWAY_REFERRAL_H
#define RCC_GATEWAY_REFERRAL_H

#include "gateway/page.h"

#include "requests.pb-c.h"

/* What the pages about a need share, as a provider sees it. */

/* The need of the path's ":id"; NULL: not known yet, or the page is over. Whoever was
 * not asked, and a council, has no such page. */
const Requests__Referral *referral_ask(struct page *p);
/* Reference, heading, urgency, and the page's title, which begins with `before`. */
void referral_put_head(struct page *p, const Requests__Referral *r, const char *before);

/* "girl, 9": who a line of a list is for. */
const char *referral_line_who(struct page *p, const Requests__RequestLine *line);

/* How it ended for this provider, in a sentence. */
const char *referral_outcome(const Requests__Bid *bid, Requests__State state);

#endif
