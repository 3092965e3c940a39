#ifndef RCC_GATEWAY_SITE_H
#define RCC_GATEWAY_SITE_H

#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "gateway/api.h"
#include "gateway/calls.h"
#include "gateway/directory.h"
#include "gateway/http.h"
#include "gateway/limits.h"
#include "gateway/live.h"
#include "gateway/page.h"
#include "gateway/secrets.h"
#include "gateway/sessions.h"
#include "gateway/worker.h"

struct run_options;
struct template_set;

#define SITE_PAGES_MAX 512 /* being made at once; more are told to come again */

/*
 * One request from the door to its answer: which page, who asks, is the form genuine,
 * the page, and how it is told (HTML for people, the same as JSON for programs).
 */
struct site {
	struct calls calls;
	struct directory directory;
	struct sessions sessions;
	struct secrets secrets;
	struct limits limits;
	struct worker worker;
	struct live live;
	struct api api;
	struct template_set *templates;
	struct arena memory;
	struct page *pages; /* SITE_PAGES_MAX of them */
	const char *region; /* its name, for every page */
};

enum err site_open(struct site *s, const struct run_options *o, char *problem,
    size_t problem_size) MUST_CHECK;
void site_close(struct site *s);

/* For the door. */
void site_asked(struct site *s, const struct gateway_request *request);
void site_gone(struct site *s, struct gateway_exchange *x);

/* What passing time makes it do. *wait_us: how long there is no more of that. */
void site_go_on(struct site *s, int64_t *wait_us);
/* A service's journal grew. */
void site_hinted(void *site, const char *service);

/* ---- for what else makes pages (live.c, api.c) ---- */

/* A page to make, empty; NULL: too many are being made. */
struct page *site_take_page(struct site *s);
/*
 * Who asks, by the session's cookie; p->who stays NULL for nobody. False: not known
 * yet, or p->end says why not.
 */
bool site_identify(struct page *p);
/* The same by a key of the programming interface; p->session.digest says which. */
bool site_identify_key(struct page *p);
/* A cookie's value, NULL where it is not there; and which one holds the session. */
const char *site_cookie(struct page *p, const char *name);
const char *site_session_cookie(const struct page *p);
/* May they see p->route? Else p->end says so. */
bool site_admits(struct page *p);
/* What every page's view begins with. */
void site_begin_view(struct page *p);
/* The page's own template, or a part of it, as HTML; false breaks the page. */
bool site_render(struct page *p, const char *template, struct bytes *out);

#endif
