#ifndef RCC_GATEWAY_GUARD_H
#define RCC_GATEWAY_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

/*
 * Whatever stands in front of the gateway reads a request as the gateway does, or it is
 * not read: libmicrohttpd 0.9.75 lets much pass that two readers read in two ways, even
 * when it is strict. All of this reads its arguments alone.
 */

/* What the headers that say where a request ends, and for whom it is, come to. */
struct gateway_guard {
	unsigned seen; /* headers, all told */
	unsigned hosts, lengths, encodings, expectations;
	bool is_bad;     /* can be read in two ways */
	bool is_waiting; /* for the word to go on: Expect: 100-continue */
	int64_t length;  /* of the body; INT64_MAX where the number is beyond reason */
};

void gateway_guard_header(struct gateway_guard *g, const char *name, const char *value);

/*
 * Is that all that was sent as headers? `lines` are their bytes as the library leaves
 * them in its buffer, from the version of HTTP to the empty line: with a NUL for the
 * colon of each header and two for its CR LF. So a NUL that was sent, an LF without CR
 * and a value folded over lines, which the library reads over, are seen.
 */
bool gateway_guard_are_lines(const struct gateway_guard *g, struct bytes lines);

#define GATEWAY_TOO_LARGE "The request is larger than 64 KiB.\n"

/* 0, or the status the request is turned away with, and a sentence that says why. */
struct gateway_guard_no {
	unsigned status;
	const char *sentence;
};
struct gateway_guard_no gateway_guard_says(
    const struct gateway_guard *g, bool is_http_1_0);

/* Does it begin with "/", and is it visible ASCII without "#"? */
bool gateway_guard_is_path(const char *path_and_query);

/* The address a front speaks for: the last of X-Forwarded-For, which the front itself
 * wrote. False where that is none. */
bool gateway_guard_forwarded(const char *value, char *out, size_t size);

#endif
