#ifndef RCC_GATEWAY_OPENAPI_H
#define RCC_GATEWAY_OPENAPI_H

#include <jansson.h>

/*
 * The programming interface as a document: OpenAPI 3.1, made from the table of
 * operations, the contracts' descriptors and what they say in comments. NULL: no
 * memory. A new reference.
 */
json_t *openapi_document(void);

#endif
