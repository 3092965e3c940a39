#ifndef RCC_GATEWAY_API_H
#define RCC_GATEWAY_API_H

#include <stdbool.h>

#include <jansson.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"
#include "gateway/page.h"

/*
 * The programming interface, /api/v1: for the systems of councils and providers. One
 * POST is one call of a service (api_table.h): JSON in and out by the contract's
 * descriptors, in the name of the key that the request bears. A cookie counts for
 * nothing here. A no is told as problem details (RFC 9457). /api/v1/openapi.json says
 * all of it.
 */
struct api {
	json_t *document; /* OpenAPI */
	struct arena memory;
	struct bytes text; /* the same as JSON */
};

enum err api_open(struct api *api) MUST_CHECK;
void api_close(struct api *api);

/* Is this path one of the interface's? Then a page with it is run and finished by
 * these. */
bool api_has(const char *path);
void api_run(struct page *p);
void api_finish(struct page *p);

#endif
