#ifndef RCC_GATEWAY_ANSWER_H
#define RCC_GATEWAY_ANSWER_H

#include "gateway/assets.h"
#include "gateway/http.h"
#include "gateway/page.h"

/*
 * How a page is told: HTML for people; for a reader that asks for application/json the
 * view as it is, and every no as problem details (RFC 9457).
 */
void answer_page(struct page *p);

/* A file of the binary: kept by the reader for a year where the address carries its tag
 * ("?v="), else asked after by its tag. */
void answer_asset(const struct gateway_request *request,
    const struct gateway_asset *asset, struct gateway_reply *out);

#endif
