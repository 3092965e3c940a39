#ifndef RCC_GATEWAY_LIVE_H
#define RCC_GATEWAY_LIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "gateway/http.h"
#include "gateway/page.h"

struct site;

#define LIVE_STREAMS_MAX GATEWAY_STREAMS_MAX
#define LIVE_FRAGMENTS_MAX 8
#define LIVE_TARGET_MAX 400 /* of the page looked at, path and query */
#define LIVE_TAG_LEN 16
#define LIVE_TAGS_LEN (LIVE_FRAGMENTS_MAX * (LIVE_TAG_LEN + 1))

/* What a fragment was when it was last sent: a hash of its text, in hex. */
struct live_tag {
	char text[LIVE_TAG_LEN + 1];
};

/* A reader who keeps a page open. */
struct live_stream {
	struct gateway_exchange *exchange; /* NULL: this place is free */
	struct page *page;                 /* being made for it, or NULL */
	uint8_t session[SESSION_DIGEST_BYTES];
	char organisation_id[ID_LEN + 1];
	char target[LIVE_TARGET_MAX];
	struct live_tag tags[LIVE_FRAGMENTS_MAX];
	int64_t due_ms;    /* when the page is to be made again */
	int64_t hinted_ms; /* when something last changed somewhere */
	int64_t beat_ms;   /* when something must be sent, or proxies hang up */
};

/*
 * Event streams. Whoever looks at a page with live parts gets those parts again, as
 * HTML, when they changed: on a service's hint the page's view is run again as that
 * person, so every service says again what they may see, and what reads otherwise than
 * before is sent. An event's id says what the reader now has of every part: after a
 * lost connection only what differs is sent.
 *
 *   event: fragment
 *   id: 0c1f...-77ab...            (a hash of each part)
 *   data: {"id": "need_offers", "html": "...", "say": "3 offers"}
 *
 *   event: over                    the session has ended, or the page is no more
 */
struct live {
	struct arena memory;
	struct live_stream *list; /* LIVE_STREAMS_MAX of them */
	size_t streams_n;
	size_t making_n;
	int64_t next_ms; /* when one is next to be looked at */
};

enum err live_open(struct live *l) MUST_CHECK;
void live_close(struct live *l);

/* The stream that `p` (of GET /live?page=) asks for; p->end says where it is none. */
void live_view(struct page *p);
/* The exchange becomes the stream that live_view found good. */
void live_begin(struct site *s, struct page *p);
/* Is this what an exchange is of? Then its reader is gone. */
bool live_gone(struct site *s, const void *of);
/* Something changed somewhere. */
void live_hinted(struct live *l, int64_t now_ms);
/* Makes the pages that are due. */
void live_go_on(struct site *s, int64_t now_ms);

/* The address of the stream of the page, which says what the page as it is now has of
 * each part; NULL where it has none. Its view is done. */
const char *live_address(struct page *p);
/* The address of the same page without its stream ("live=0"), or with it again. */
const char *live_switch(struct page *p, bool is_still);

#endif
