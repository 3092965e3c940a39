#ifndef RCC_GATEWAY_TURNED_H
#define RCC_GATEWAY_TURNED_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"

struct template_set;

#define TURNED_PAGES_MAX 4

/*
 * What a person is shown whose request the door does not let through: what happened,
 * and what to do. No service is asked and nothing of the request is looked at: the page
 * of a status is the same for everybody, made when it is wanted first, and kept.
 */
struct turned {
	struct template_set *templates; /* the site's */
	const char *region;
	struct arena memory;
	struct bytes pages[TURNED_PAGES_MAX];
};

enum err turned_open(
    struct turned *t, struct template_set *templates, const char *region) MUST_CHECK;
void turned_close(struct turned *t);

/* As HTML; BYTES_NONE where there is none for this status, or it cannot be made. */
struct bytes turned_page(struct turned *t, unsigned status);

#endif
