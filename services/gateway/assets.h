#ifndef RCC_GATEWAY_ASSETS_H
#define RCC_GATEWAY_ASSETS_H

#include <stddef.h>

#include "base/bytes.h"

/*
 * A file that stands in the binary: "assets/portal.css", "templates/layout.mustache".
 * The table is made at build time by tools/assets, sorted by path.
 */
struct gateway_asset {
	const char *path;
	const char *type; /* a Content-Type */
	struct bytes body;
	const char *tag; /* 16 hex digits of its SHA-256: another body, another tag */
	struct bytes
	    packed; /* the same by gzip where that is worth it, or BYTES_NONE */
};

extern const struct gateway_asset gateway_assets[];
extern const size_t gateway_assets_n;
/* The same of all of them together: it changes when any of them does. */
extern const char gateway_assets_tag[];

/* The file of that path; NULL where there is none. */
const struct gateway_asset *gateway_asset_find(const char *path);

#endif
