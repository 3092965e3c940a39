#ifndef RCC_GATEWAY_NEED_LINES_H
#define RCC_GATEWAY_NEED_LINES_H

#include <jansson.h>

#include "gateway/page.h"

#include "requests.pb-c.h"

/*
 * What a need says, as lines of a summary, by level of disclosure: the provider's card,
 * and the council's look at what a provider will read, are the same words. Each is a
 * new list of {key, values: [text, ...]} for the partial need_lines; NULL without
 * memory.
 */

/* Level 1: eight lines for one child; a few more for siblings. */
json_t *need_lines_circulation(struct page *p, const Requests__NeedCirculation *need);
/* Level 2: what a council opened to a provider. */
json_t *need_lines_detail(struct page *p, const Requests__NeedDetail *detail);
/* Level 3: references alone, until identities can be sealed. */
json_t *need_lines_identity(struct page *p, const Requests__NeedIdentity *identity);

/* "girl, 9", "girl 9 and boy 7": who it is for, as old as they are today. */
const char *need_lines_who(struct page *p, const Requests__NeedCirculation *need);
/* "A", "A and B": the letters of a part, with sex and age: "A (girl, 9)". */
const char *need_lines_part(struct page *p, const Requests__NeedCirculation *need,
    char *const *child_refs, size_t n);

#endif
