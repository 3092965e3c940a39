#ifndef RCC_GATEWAY_NEED_SAID_H
#define RCC_GATEWAY_NEED_SAID_H

#include <jansson.h>

#include "gateway/page.h"

#include "requests.pb-c.h"

/* What was answered in a need's form, to be checked before it is sent. */

/* A row for each answer that is there: {key, value, id, href}, the last leading back to
 * its control on the page `edit`; an error of the field leads to the id. New. */
json_t *need_said_rows(struct page *p, const Requests__Submit *need, const char *edit);

/* Puts what a provider will read of it, as the provider's own page has it. */
void need_said_preview(struct page *p, const Requests__DraftShown *draft);

#endif
