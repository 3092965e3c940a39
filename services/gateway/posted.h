#ifndef RCC_GATEWAY_POSTED_H
#define RCC_GATEWAY_POSTED_H

#include <stdbool.h>

#include "gateway/page.h"

/*
 * What a reader sent along. A form is answered only if this gateway drew it, for this
 * session, organisation and page, in the last day, and it comes from a page of this
 * site: the token in it proves the first, the browser's Origin or Sec-Fetch-Site the
 * second.
 */

/* Reads the form, or the query, into p->form. False: p->end says why it is none. */
bool posted_read(struct page *p);
/* Answers the form of p->route: what it asks for is done and p->end is PAGE_GOES, or
 * the page's view is made again, with errors, and what was entered kept in p->form. */
void posted_answer(struct page *p);
/* The posted form as a message of this type; NULL: the page has its errors. */
ProtobufCMessage *posted_message(
    struct page *p, const ProtobufCMessageDescriptor *type);
/*
 * What a token of a form to `path` holds for: a page of a role is filled in for the
 * organisation acted for, and is not sent for another that was chosen meanwhile in
 * another tab. `who` NULL: nobody is signed in.
 */
const char *posted_bound(struct arena *a, const struct session *who, const char *path);
/* The hidden field that every form on the page needs, posted to `path`; in the arena.
 */
const char *posted_token(struct page *p, const char *path);

#endif
