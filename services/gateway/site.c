#include "gateway/site.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/message.h"
#include "base/run_options.h"
#include "base/str.h"
#include "gateway/answer.h"
#include "gateway/assets.h"
#include "gateway/page_worker.h"
#include "gateway/posted.h"
#include "gateway/routes.h"
#include "gateway/say.h"
#include "gateway/template.h"

#define SPARE_BYTES 4096 /* what an arena keeps beside its blocks */
#define WARNED_MS                                                                      \
	(INT64_C(2) * 60 * 1000) /* before somebody who does nothing is signed out */
#define CALL(name) MEMBERS__MEMBERS_CALL__CALL_##name

/* ---- pages ---- */

struct page *
site_take_page(struct site *s)
{
	for (size_t i = 0; i < SITE_PAGES_MAX; i++) {
		struct page *p = &s->pages[i];

		if (p->is_taken)
			continue;
		if (p->memory.base == NULL &&
		    arena_open(&p->memory, PAGE_ARENA_BYTES) != ERR_NONE)
			return NULL;
		p->calls = &s->calls;
		page_begin(p);
		p->is_taken = true;
		p->site = s;
		p->directory = &s->directory;
		return p;
	}
	return NULL;
}

/* ---- who asks ---- */

/* The value of a cookie; NULL where it is not there. */
const char *
site_cookie(struct page *p, const char *name)
{
	const char *at =
	    p->request == NULL ? NULL : gateway_http_header(p->request, "Cookie");
	size_t len = strlen(name);

	while (at != NULL && *at != '\0') {
		size_t part = strcspn(at, ";");

		if (part > len && strncmp(at, name, len) == 0 && at[len] == '=')
			return str_format(
			    p->arena, "%.*s", (int)(part - len - 1), at + len + 1);
		at += part;
		at += strspn(at, "; ");
	}
	return NULL;
}

const char *
site_session_cookie(const struct page *p)
{
	return p->request != NULL && p->request->is_from_front ? "__Host-session"
	                                                       : "session";
}

static void
know(struct page *p, const struct session *session)
{
	p->session = *session;
	p->who = &p->session;
}

/* A page that looks for news by itself is nobody who does something. */
static bool
is_watching(const struct page *p)
{
	return p->request == NULL || str_equal(p->path, "/live");
}

/* What members says of a session's token, or a key's. */
static const Members__SessionShown *
ask_shown(struct page *p, bool is_key, struct bytes digest, enum page_state *state)
{
	Members__UseSession session = MEMBERS__USE_SESSION__INIT;
	Members__UseApiKey key = MEMBERS__USE_API_KEY__INIT;

	SET_BYTES(&session, digest, digest);
	SET(&session, is_watching, is_watching(p));
	SET_BYTES(&key, digest, digest);
	return page_ask_own(p, "members", is_key ? CALL(API_KEY) : CALL(SESSION),
	    is_key ? &key.base : &session.base, state);
}

/* Asks members, and remembers what it said. False: no answer yet, or it is down. */
static bool
ask_members(struct page *p, bool is_key, const struct session *known)
{
	const Members__SessionShown *shown;
	uint8_t digest[SESSION_DIGEST_BYTES];
	struct session session;
	enum page_state state;

	memcpy(digest, p->session.digest, sizeof digest);
	shown = ask_shown(p, is_key, (struct bytes){digest, sizeof digest}, &state);
	if (state == PAGE_WAITS)
		return false;
	if (state == PAGE_DOWN) {
		if (known == NULL ||
		    (known->ends_ms != 0 && p->now_ms >= known->ends_ms) ||
		    p->now_ms - known->checked_ms > SESSIONS_WITHOUT_MEMBERS_MS) {
			p->end = PAGE_SERVICE_DOWN;
			p->down_service = "members";
			return false;
		}
		know(p, known);
		return true;
	}
	if (shown != NULL && session_from(shown, digest, p->now_ms, &session)) {
		if (!is_watching(p))
			session.used_ms = p->now_ms;
		else if (known != NULL)
			session.used_ms = known->used_ms;
		sessions_keep(&p->site->sessions, &session);
		know(p, &session);
		return true;
	}
	sessions_drop(&p->site->sessions, digest);
	if (shown != NULL)
		p->over = shown->over;
	p->is_session_over = true;
	return true;
}

/* p->session.digest says which. */
static bool
identify_digest(struct page *p, bool is_key)
{
	const struct session *known =
	    sessions_find(&p->site->sessions, p->session.digest);

	p->who = NULL;
	if (known != NULL && session_is_fresh(known, is_watching(p), p->now_ms)) {
		know(p, known);
		return true;
	}
	return ask_members(p, is_key, known);
}

bool
site_identify(struct page *p)
{
	const char *token;

	if (p->is_identified)
		return true;
	if (p->request == NULL)
		return identify_digest(p, false);
	token = site_cookie(p, site_session_cookie(p));
	p->who = NULL;
	p->is_identified = token == NULL || !secrets_is_token(token, "");
	if (p->is_identified)
		return true;
	secrets_digest(token, p->session.digest);
	if (!identify_digest(p, false))
		return false;
	p->is_identified = true;
	if (p->who != NULL)
		session_act_for(&p->session, site_cookie(p, "organisation"));
	return true;
}

bool
site_identify_key(struct page *p)
{
	return identify_digest(p, true);
}

bool
site_admits(struct page *p)
{
	uint32_t roles = p->route->roles;

	if (roles == ROUTE_ANYONE)
		return true;
	if (p->who == NULL)
		p->end = PAGE_SIGN_IN;
	else if (roles != ROUTE_SIGNED_IN && !page_may(p, roles))
		p->end = PAGE_FORBIDDEN;
	return p->end == PAGE_MADE;
}

/* ---- what every page says ---- */

static json_t *
menu_of(const struct page *p)
{
	json_t *list = json_array();

	for (size_t i = 0; i < route_menu_n; i++) {
		const struct route_item *item = &route_menu[i];

		if (!page_may(p, item->roles))
			continue;
		json_array_append_new(
		    list, json_pack("{s:s, s:s, s:b}", "href", item->href, "text",
			      item->text, "current",
			      p->route != NULL &&
				  str_equal(p->route->navigation, item->name)));
	}
	return list;
}

static json_t *
who_of(const struct page *p)
{
	if (p->who == NULL)
		return json_null();
	return json_pack("{s:s, s:s, s:s, s:b, s:b, s:b, s:b, s:b, s:b, s:b}", "name",
	    p->who->person_name, "organisation",
	    directory_organisation_name(p->directory, p->who->organisation_id),
	    "organisation_id", p->who->organisation_id, "is_commissioner",
	    page_may(p, ROLE_COMMISSIONER), "is_approver",
	    page_may(p, ROLE_NOMINATED | ROLE_DIRECTOR), "is_council",
	    page_may(p, ROLE_COUNCIL), "is_provider", page_may(p, ROLE_PROVIDER),
	    "is_officer", page_may(p, ROLE_OFFICER), "is_administrator",
	    page_may(p, ROLE_ADMINISTRATOR), "has_choice", p->who->organisations_n > 1);
}

/* Until when it lasts if nothing more is done, and when that is to be said. */
static json_t *
session_of(const struct page *p)
{
	int64_t left_ms = p->who->due_ms - p->now_ms;

	return json_pack("{s:o, s:I, s:b, s:b}", "until",
	    say_when_within(p->arena, p->who->due_ms, p->now_ms), "warn_ms",
	    (json_int_t)(left_ms - WARNED_MS), "is_last",
	    p->who->due_ms >= p->who->ends_ms, "is_near", left_ms <= WARNED_MS);
}

void
site_begin_view(struct page *p)
{
	page_put(p, "page",
	    json_pack("{s:s, s:s}", "path", p->path, "title",
		p->route == NULL ? "Care placements" : p->route->title));
	page_put(p, "region", json_string(p->site->region));
	page_put(p, "notice", json_string("Invented children only"));
	page_put(p, "who", who_of(p));
	page_put(p, "navigation", menu_of(p));
	page_put(p, "assets_tag", json_string(gateway_assets_tag));
	if (p->request != NULL && p->who != NULL)
		page_form(p, "sign_out_token", "/sign-out");
	if (p->request != NULL && p->who != NULL && p->who->due_ms != 0)
		page_put(p, "session", session_of(p));
	if (p->request != NULL && !p->is_post) {
		const char *done = route_done(page_query(p, "done"));

		if (done != NULL)
			page_put(p, "done", json_string(done));
	}
}

bool
site_render(struct page *p, const char *template, struct bytes *out)
{
	enum err e =
	    template_render(p->site->templates, template, p->view, p->arena, out);

	if (e == ERR_NONE)
		return true;
	log_line(LOG_LEVEL_ERROR, "page.not_rendered", "template", template, "why",
	    err_name(e), NULL);
	p->end = PAGE_BROKEN;
	return false;
}

/* ---- a page for a reader ---- */

static void
run(struct page *p)
{
	if (!site_identify(p))
		return;
	p->params_n = 0;
	p->route = route_find(p, p->path);
	if (p->route == NULL && !str_equal(p->path, "/live")) {
		p->end = PAGE_MISSING;
		return;
	}
	if (!p->is_post && !str_equal(p->request->method, "GET")) {
		p->end = PAGE_NO_FORM;
		return;
	}
	if (!posted_read(p) || (p->route != NULL && !site_admits(p)))
		return;
	if (p->route == NULL) {
		live_view(p);
		return;
	}
	site_begin_view(p);
	if (p->is_post)
		posted_answer(p);
	else
		p->route->view(p);
}

static void
finish(struct page *p)
{
	struct gateway_exchange *x = p->request->exchange;

	x->of = NULL;
	if (p->end == PAGE_MADE && str_equal(p->path, "/live"))
		live_begin(p->site, p);
	else
		answer_page(p);
	page_end(p);
}

static bool
serve_asset(const struct gateway_request *request)
{
	const struct gateway_asset *asset;
	struct gateway_reply reply;

	if (!str_starts(request->path, "/assets/") &&
	    !str_equal(request->path, "/favicon.ico"))
		return false;
	asset = gateway_asset_find(
	    request->path[1] == 'f' ? "assets/favicon.svg" : request->path + 1);
	if (asset == NULL)
		return false;
	answer_asset(request, asset, &reply);
	gateway_http_answer(request->exchange, &reply);
	return true;
}

void
site_asked(struct site *s, const struct gateway_request *request)
{
	static const struct gateway_reply busy = {.status = 503,
	    .type = "text/plain; charset=utf-8",
	    .headers = {{"Retry-After", "2"}},
	    .headers_n = 1};
	struct gateway_reply full = busy;
	struct page *p;

	if (serve_asset(request))
		return;
	p = site_take_page(s);
	if (p == NULL) {
		full.body = bytes_of_text("Too many are asking just now. Try again in "
					  "a few seconds.\n");
		gateway_http_answer(request->exchange, &full);
		return;
	}
	request->exchange->of = p;
	p->request = request;
	p->path = request->path;
	p->query = request->query;
	p->is_post = str_equal(request->method, "POST");
	p->run = api_has(p->path) ? api_run : run;
	p->finish = api_has(p->path) ? api_finish : finish;
	page_run(p);
}

void
site_gone(struct site *s, struct gateway_exchange *x)
{
	if (x->of != NULL && !live_gone(s, x->of))
		page_end(x->of);
}

/* ---- time, and hints ---- */

void
site_hinted(void *site, const char *service)
{
	struct site *s = site;
	int64_t now_ms = calls_now_ms(&s->calls);

	if (str_equal(service, "members")) {
		sessions_doubt(&s->sessions);
		directory_doubt(&s->directory, now_ms);
	}
	live_hinted(&s->live, now_ms);
}

void
site_go_on(struct site *s, int64_t *wait_us)
{
	int64_t now_ms = calls_now_ms(&s->calls), soonest_ms, rest_us;

	directory_go_on(&s->directory, now_ms);
	live_go_on(s, now_ms);
	calls_go_on(&s->calls, wait_us);
	soonest_ms = s->directory.next_ms < s->live.next_ms ? s->directory.next_ms
	                                                    : s->live.next_ms;
	/* Where there is nothing to come, soonest is as late as can be. */
	if (soonest_ms - now_ms >= *wait_us / 1000)
		return;
	rest_us = (soonest_ms - now_ms) * 1000;
	*wait_us = rest_us > 0 ? rest_us : 0;
}

/* ---- start and stop ---- */

enum err
site_open(
    struct site *s, const struct run_options *o, char *problem, size_t problem_size)
{
	const struct worker_options worker = {
	    "/proc/self/exe", page_worker_answered, s};
	uint8_t chance[SECRETS_MADE_BYTES];
	enum err e;

	*s = (struct site){.region = "A region"};
	s->calls.hinted = site_hinted;
	s->calls.context = s;
	secrets_open(&s->secrets, o->secret_key);
	secrets_make(&s->secrets, "limits", "", chance);
	limits_open(&s->limits, chance);
	e = worker_open(&s->worker, &worker);
	if (e != ERR_NONE)
		return e;
	e = calls_open(&s->calls, o, problem, problem_size);
	if (e == ERR_NONE)
		e = template_open(&s->templates, gateway_assets, gateway_assets_n,
		    problem, problem_size);
	if (e == ERR_NONE)
		e = arena_open(
		    &s->memory, SITE_PAGES_MAX * sizeof *s->pages + SPARE_BYTES);
	if (e == ERR_NONE)
		e = sessions_open(&s->sessions);
	if (e == ERR_NONE)
		e = live_open(&s->live);
	if (e == ERR_NONE)
		e = api_open(&s->api);
	if (e == ERR_NONE)
		e = directory_open(&s->directory, &s->calls);
	if (e != ERR_NONE)
		return e;
	s->pages = LIST_NEW(&s->memory, SITE_PAGES_MAX, struct page);
	return s->pages == NULL ? ERR_MEMORY : ERR_NONE;
}

void
site_close(struct site *s)
{
	for (size_t i = 0; s->pages != NULL && i < SITE_PAGES_MAX; i++) {
		if (s->pages[i].is_taken)
			page_end(&s->pages[i]);
		if (s->pages[i].memory.base != NULL)
			arena_close(&s->pages[i].memory);
	}
	directory_close(&s->directory);
	live_close(&s->live);
	api_close(&s->api);
	sessions_close(&s->sessions);
	if (s->memory.base != NULL)
		arena_close(&s->memory);
	template_close(s->templates);
	calls_close(&s->calls);
	worker_close(&s->worker);
	secrets_close(&s->secrets);
}
