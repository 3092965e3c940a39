#include "gateway/answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/log.h"
#include "base/str.h"
#include "gateway/backbone.h"
#include "gateway/fields.h"
#include "gateway/live.h"
#include "gateway/pages.h"
#include "gateway/posted.h"
#include "gateway/routes.h"
#include "gateway/site.h"

#define HTML "text/html; charset=utf-8"
#define JSON "application/json"
#define PROBLEM "application/problem+json"

/* ---- what an end comes to ---- */

static const struct outcome {
	unsigned status;
	const char *heading, *sentence;
} outcomes[] = {
    [PAGE_MADE] = {200, NULL, NULL},
    [PAGE_GOES] = {303, NULL, NULL},
    [PAGE_MISSING] = {404, "Page not found",
	"There is no such page, or it is not yours to see. If you typed the address, "
	"check it."},
    [PAGE_FORBIDDEN] = {403, "This page is not for your role",
	"You are signed in, but this page is for people with another role. Whoever "
	"administers the co\u2011operative can say who does what."},
    [PAGE_REFUSED] = {404, "This cannot be shown", NULL},
    [PAGE_SERVICE_DOWN] = {503, "Part of the system is not answering",
	"Nothing is lost. Try again in a minute."},
    [PAGE_SIGN_IN] = {401, "Sign in first",
	"Nobody is signed in here, or the session has ended."},
    [PAGE_BAD_FORM] = {400, "This form was not taken", NULL},
    [PAGE_NO_FORM] = {405, "Nothing can be sent to this page", "It can only be read."},
    [PAGE_BROKEN] = {500, "Something went wrong here",
	"The fault is ours, and it is written down. Nothing you entered was half "
	"done. Try again."},
    [PAGE_WRITTEN] = {200, NULL, NULL},
};

static unsigned
status_of(const struct page *p)
{
	if (p->end != PAGE_MADE)
		return outcomes[p->end].status;
	if (p->status != 0)
		return p->status;
	return page_has_errors(p) ? 422 : 200;
}

/* A program that reads JSON and does not say that it reads pages. */
static bool
wants_json(const struct page *p)
{
	const char *accept = gateway_http_header(p->request, "Accept");

	return accept != NULL && strstr(accept, JSON) != NULL &&
	       strstr(accept, "text/html") == NULL;
}

/* ---- headers ---- */

static void
add(struct gateway_reply *r, const char *name, const char *value)
{
	if (r->headers_n < GATEWAY_HEADERS_MAX && value != NULL)
		r->headers[r->headers_n++] = (struct gateway_header){name, value};
}

static void
add_cookies(struct page *p, struct gateway_reply *r)
{
	bool is_secure = p->request->is_from_front;

	for (size_t i = 0; i < p->cookies_n; i++) {
		const char *value = p->cookies[i].value;

		add(r, "Set-Cookie",
		    str_format(p->arena, "%s=%s; Path=/; HttpOnly; SameSite=Strict%s%s",
			p->cookies[i].name, value == NULL ? "" : value,
			is_secure ? "; Secure" : "",
			value == NULL || value[0] == '\0' ? "; Max-Age=0"
			: p->cookies[i].max_age_s > 0
			    ? str_format(
				  p->arena, "; Max-Age=%d", p->cookies[i].max_age_s)
			    : ""));
	}
}

/* ---- a page, as HTML ---- */

/* What still works while a service is down. */
static json_t *
works_of(const struct page *p)
{
	json_t *list = json_array();

	for (size_t i = 0; i < backbone_services_n; i++)
		json_array_append_new(list,
		    json_pack("{s:s, s:b}", "what", backbone_services[i].works, "is_up",
			!str_equal(backbone_services[i].name, p->down_service)));
	return list;
}

/* The view of an end that has no template of its own. */
static void
view_end(struct page *p)
{
	const struct outcome *outcome = &outcomes[p->end];

	json_decref(p->view);
	p->view = json_object();
	p->route = NULL;
	site_begin_view(p);
	page_put(p, "status", json_integer((json_int_t)outcome->status));
	page_put(p, "heading", json_string(outcome->heading));
	page_put(p, "sentence",
	    json_string(p->sentence != NULL         ? p->sentence
			: outcome->sentence != NULL ? outcome->sentence
						    : ""));
	page_put(p, "page",
	    json_pack("{s:s, s:s}", "path", p->path, "title", outcome->heading));
	if (p->down_service != NULL)
		page_put(p, "works", works_of(p));
}

/* Its stream, and the link by which a reader stops it or begins it again. */
static void
put_live(struct page *p)
{
	bool is_still = str_equal(page_query(p, "live"), "0");
	const char *address = p->end == PAGE_MADE ? live_address(p) : NULL;

	if (address == NULL)
		return;
	if (!is_still)
		page_put(p, "live", json_string(address));
	page_put(p, "live_switch", json_string(live_switch(p, is_still)));
}

static struct bytes
render(struct page *p, const char *template)
{
	struct bytes body = BYTES_NONE, whole = BYTES_NONE;

	put_live(p);
	if (!site_render(p, template, &body))
		return BYTES_NONE;
	page_put(p, "body", json_stringn((const char *)body.data, body.len));
	if (!site_render(p, "layout", &whole))
		return BYTES_NONE;
	return whole;
}

static void
add_errors(struct page *p)
{
	size_t i;
	json_t *error, *list = json_array();

	json_array_foreach(p->errors, i, error)
	{
		const char *field = json_string_value(json_object_get(error, "field"));
		json_array_append_new(list,
		    json_pack("{s:o, s:s*}", "text",
			json_incref(json_object_get(error, "text")), "href",
			field == NULL
			    ? NULL
			    : str_format(p->arena, "#%s", fields_id(p->arena, field))));
	}
	page_put(p, "has_errors", json_boolean(page_has_errors(p)));
	page_put(p, "errors", list);
}

static void
tell_html(struct page *p, struct gateway_reply *r)
{
	const char *token = posted_token(p, p->path);

	r->type = HTML;
	if (p->end == PAGE_MADE) {
		add_errors(p);
		page_put(p, "form_token", json_string(token));
		r->body = render(p, p->route->template);
	} else {
		view_end(p);
		r->body = render(p, "error");
	}
	if (r->body.data == NULL) {
		r->status = 500;
		r->type = "text/plain; charset=utf-8";
		r->body = bytes_of_text("Something went wrong here. Try again.\n");
	}
}

/* ---- the same for a program ---- */

static void
tell_problem(struct page *p, struct gateway_reply *r)
{
	const struct outcome *outcome = &outcomes[p->end];

	json_decref(p->view);
	p->view = json_pack("{s:s, s:i, s:s*, s:O}", "title",
	    outcome->heading != NULL ? outcome->heading : "The form has errors",
	    "status", (int)r->status, "detail",
	    p->sentence != NULL ? p->sentence : outcome->sentence, "errors", p->errors);
	r->type = PROBLEM;
}

static void
tell_json(struct page *p, struct gateway_reply *r)
{
	char *text;

	r->type = JSON;
	if (r->status >= 400)
		tell_problem(p, r);
	text = p->view == NULL ? NULL : json_dumps(p->view, JSON_INDENT(2));
	if (text != NULL)
		r->body = bytes_copy(p->arena, bytes_of_text(text));
	free(text); /* allowed: jansson gives it so */
}

/* ---- */

/* Nobody is signed in who would have to be. */
static void
lead_to_sign_in(struct page *p)
{
	const char *over = page_sign_in_over(p->over);

	if (p->is_post && p->form != NULL) {
		page_sign_in_instead(p);
		return;
	}
	p->end = PAGE_GOES;
	p->location = str_format(p->arena, "/sign-in?next=%s%s%s",
	    p->is_post || str_equal(p->path, "/live") ? "/" : p->path,
	    over == NULL ? "" : "&over=", over == NULL ? "" : over);
}

void
answer_page(struct page *p)
{
	struct gateway_reply reply = {.status = 200};

	if (p->end == PAGE_SIGN_IN && !wants_json(p))
		lead_to_sign_in(p);
	if (p->is_session_over && p->who == NULL)
		page_cookie(p, site_session_cookie(p), "", 0);
	reply.status = status_of(p);
	add_cookies(p, &reply);
	if (p->end == PAGE_NO_FORM)
		add(&reply, "Allow", p->is_post ? "GET, HEAD" : "GET, HEAD, POST");
	if (reply.status == 303) {
		add(&reply, "Location", p->location);
	} else if (p->end == PAGE_WRITTEN) {
		reply.type = p->text_type;
		reply.body = p->text;
		if (p->text_name != NULL)
			add(&reply, "Content-Disposition",
			    str_format(
				p->arena, "attachment; filename=\"%s\"", p->text_name));
	} else if (wants_json(p)) {
		tell_json(p, &reply);
	} else {
		tell_html(p, &reply);
	}
	gateway_http_answer(p->request->exchange, &reply);
}

void
answer_asset(const struct gateway_request *request, const struct gateway_asset *asset,
    struct gateway_reply *out)
{
	const char *known = gateway_http_header(request, "If-None-Match");
	const char *takes = gateway_http_header(request, "Accept-Encoding");

	*out = (struct gateway_reply){.status = 200, .type = asset->type};
	add(out, "ETag", asset->tag);
	add(out, "Vary", "Accept-Encoding");
	add(out, "Cache-Control",
	    str_starts(request->query, "v=") ? "public, max-age=31536000, immutable"
					     : "no-cache");
	if (known != NULL && strstr(known, asset->tag) != NULL) {
		out->status = 304;
		return;
	}
	out->body = asset->body;
	if (takes != NULL && strstr(takes, "gzip") != NULL && asset->packed.len > 0) {
		out->body = asset->packed;
		add(out, "Content-Encoding", "gzip");
	}
}
