#ifndef RCC_GATEWAY_PAGE_H
#define RCC_GATEWAY_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>
#include <protobuf-c/protobuf-c.h>

#include "base/access.h"
#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/id.h"
#include "gateway/calls.h"
#include "gateway/form.h"
#include "gateway/http.h"
#include "gateway/sessions.h"

struct directory;
struct page;
struct route;
struct worker_question;

/*
 * A page while it is being made. Its view is a function without state that asks the
 * services and fills in p->view; whatever is not answered yet comes back as NULL, the
 * view returns, and when the answers are there it is run again from its beginning: the
 * same question (service, method, body) is then answered from memory. So it reads as a
 * straight line, and nothing waits.
 */
typedef void page_view(struct page *p);

#define PAGE_ASKS_MAX 64
#define PAGE_RUNS_MAX 24
#define PAGE_PARAMS_MAX 4
#define PAGE_ARENA_BYTES ((size_t)16 * 1024 * 1024) /* of address space */

/* Why a page is not what its view makes. */
enum page_end {
	PAGE_MADE,         /* the view, or the form it posted, says it all */
	PAGE_GOES,         /* 303 to p->location */
	PAGE_MISSING,      /* 404 */
	PAGE_FORBIDDEN,    /* 403: this person has no business here */
	PAGE_REFUSED,      /* a service's no to a question: p->sentence */
	PAGE_SERVICE_DOWN, /* p->sentence names it */
	PAGE_SIGN_IN,      /* nobody is signed in, or not any more */
	PAGE_BAD_FORM, /* forged, of another page or session, or no form: p->sentence */
	PAGE_NO_FORM,  /* 405: nothing is posted here */
	PAGE_BROKEN,   /* 500 */
	PAGE_WRITTEN,  /* p->text stands for itself, as p->text_type */
};

/* A question or a command, and where it stands. */
struct page_asked {
	const char *service;
	uint32_t method;
	struct bytes body;
	struct id id;
	bool is_own; /* asked in the gateway's own name */
	bool is_sent, is_answered, is_down;
	const ProtobufCMessage *answer; /* a yes */
	const Envelope__Refusal *no;
	Envelope__Fault fault;
	const char *detail; /* of a fault */
	/* Of the worker, which is asked beside the services (page_worker.h): */
	const struct worker_question *question;
	uint64_t ticket;
	const uint8_t *key;
};

struct page {
	struct arena *arena; /* of this request */
	const struct gateway_request
	    *request; /* NULL: of no reader's (directory, stream) */
	const char *path, *query;
	const struct route *route;
	const struct session *who; /* NULL: not signed in */
	int64_t now_ms;
	json_t *view; /* an object: what the template and the reader of JSON get */
	const struct form *form; /* what was posted, or the query of a GET */
	const struct directory *directory;
	bool is_post;
	bool is_session_over; /* there was one, and members does not know it any more */
	Members__Over over;   /* why it is not */
	bool is_changing; /* the form is being answered now; false while a page is shown
	                   */

	/* Below: of page.c, site.c and live.c. */
	struct calls *calls;
	struct site *site;
	struct arena memory;
	struct {
		const char *name, *value;
	} params[PAGE_PARAMS_MAX];
	size_t params_n;
	size_t asked_n, waiting_n;
	unsigned runs;
	enum page_end end;
	unsigned status; /* of a page that is made; 0: 200, or 422 with errors */
	const char *location, *sentence, *down_service;
	struct bytes text;
	const char *text_type, *text_name; /* a file is offered under this name */
	json_t *errors;                    /* of the form: {field, text} */
	const Envelope__Refusal *no;       /* of what was looked at last */
	const char *detail;                /* or its fault's */
	const struct page_asked *last;     /* what was looked at last */
	struct id form_id;  /* of the posted form: its commands are named by it */
	bool is_answered;   /* the answer to the form is a page of its own */
	bool is_form_spent; /* a command under that id has its answer: shown again, the
	                     * form gets another */
	struct page_cookie {
		const char *name, *value;
		int max_age_s; /* 0: as long as the browser is open */
	} cookies[4];          /* to be set */
	size_t cookies_n;
	bool is_identified; /* who asks is settled, for all runs of this page */
	struct {
		bool is_made, is_allowed, is_given_back;
		bool is_known; /* has signed in here before */
		int64_t wait_ms;
	} trial; /* of signing in: counted once, however often the page is run */
	struct session session;         /* where `who` points to */
	void (*run)(struct page *p);    /* again, when all that was asked is answered */
	void (*finish)(struct page *p); /* nothing more is waited for */
	void *of; /* whom it is made for: live.c's stream, directory.c */
	bool is_taken;
	struct page_asked asked[PAGE_ASKS_MAX]; /* the first asked_n; last, for they are
	                                         * many, and not cleared */
};

/* ---- for views ---- */

/*
 * Asks in the name of the person signed in. NULL: not there yet, or it came to nothing
 * and the page is over: a refusal becomes a page with its sentence, a service that is
 * down the page that says what still works. Ask all that does not hang on another
 * answer first, then look: what is asked together goes out together.
 */
const void *page_ask(
    struct page *p, const char *service, uint32_t method, const ProtobufCMessage *body);

enum page_state { PAGE_WAITS, PAGE_YES, PAGE_NO, PAGE_DOWN };
/* The same where the page can do without; *state (may be NULL) says why it is NULL. */
const void *page_try(struct page *p, const char *service, uint32_t method,
    const ProtobufCMessage *body, enum page_state *state);
/* As page_try, in the gateway's own name: for accounts, sessions and names. */
const void *page_ask_own(struct page *p, const char *service, uint32_t method,
    const ProtobufCMessage *body, enum page_state *state);
/* Why the last of page_try, page_ask_own or page_do said PAGE_NO; else NULL. */
const Envelope__Refusal *page_no(const struct page *p);

/* The question or command that was looked at last: never NULL behind one of these. */
const struct page_asked *page_last(const struct page *p);

/*
 * A command, while a form is being answered. `nth` tells several of one form apart:
 * their ids are made from the form's own, so a double click, or the back button, is the
 * same command again. PAGE_NO puts the refusal among the page's errors, PAGE_DOWN a
 * sentence that says it may be sent again; *answer (may be NULL) is there with
 * PAGE_YES.
 */
enum page_state page_do(struct page *p, unsigned nth, const char *service,
    uint32_t method, const ProtobufCMessage *body, const void **answer);
/* The same in the gateway's own name. */
enum page_state page_do_own(struct page *p, unsigned nth, const char *service,
    uint32_t method, const ProtobufCMessage *body, const void **answer);

/* Is anything asked and not answered? Then this run's view is thrown away. */
bool page_waits(const struct page *p);
/* ":id" of the path; a value of the query, or of the posted form ("" is NULL). */
const char *page_param(const struct page *p, const char *name);
const char *page_query(const struct page *p, const char *name);
/* Has the person one of these roles, as bits, in the organisation acted for? */
bool page_may(const struct page *p, uint32_t roles);

/* Is it a path of this site (perhaps with a query), and no address of another one in
 * the guise of a path? NULL is none. */
bool page_is_path(const char *text);
/* After a form: where the reader goes next, as a path of this site. */
void page_go(struct page *p, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* An error of the form: stands in the summary and, where `field` (may be NULL) is one
 * of the page's, beside it. */
void page_error(struct page *p, const char *field, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
bool page_has_errors(const struct page *p);
void page_missing(struct page *p);
/* A cookie for this answer, for so many seconds, or (0) as long as the browser is open;
 * an empty value takes it away. */
void page_cookie(struct page *p, const char *name, const char *value, int max_age_s);
/* The answer is this text and no page: CSV, SVG. `name` (may be NULL) makes it a file.
 */
void page_text(struct page *p, const char *type, const char *name, struct bytes text);

/* The hidden field for a form posted to another path than this page's, under this
 * name in the view; this page's own is there as form_token. */
void page_form(struct page *p, const char *name, const char *path);

/* Puts a value into the view, taking it over; NULL (no memory) breaks the page. */
void page_put(struct page *p, const char *name, json_t *value);

/* ---- for site.c and live.c ---- */

/* Begins a page anew: its memory is empty, nothing is asked. */
void page_begin(struct page *p);
/* Runs it, sends what it asked, and finishes it once it waits for nothing. */
void page_run(struct page *p);
/* The i-th of what it asked is answered: another run, if it was the last. */
void page_settle(struct page *p, size_t i);
/* Gives back what it holds; what it asked is forgotten. */
void page_end(struct page *p);

#endif
