#include "gateway/posted.h"

#include <string.h>

#include "base/field.h"
#include "base/message.h"
#include "base/str.h"
#include "gateway/backbone.h"
#include "gateway/routes.h"
#include "gateway/site.h"

#include "common.pb-c.h"

/* ---- is it genuine? ---- */

static const uint8_t *
session_of(const struct page *p)
{
	return p->who == NULL ? NULL : p->who->digest;
}

const char *
posted_bound(struct arena *a, const struct session *who, const char *path)
{
	const char *both;

	if (who == NULL || str_starts(path, "/account") ||
	    str_starts(path, "/sign-out"))
		return path;
	both = str_format(a, "%s %s", who->organisation_id, path);
	return both == NULL ? path : both; /* no room: it holds for nothing */
}

/* Does the browser say the form stood on a page of this site? One that says nothing at
 * all is no browser of this decade: its token speaks for it. */
static bool
is_of_this_site(const struct page *p)
{
	const char *site = gateway_http_header(p->request, "Sec-Fetch-Site");
	const char *origin = gateway_http_header(p->request, "Origin");
	const char *host = gateway_http_header(p->request, "Host"), *scheme;

	if (site != NULL)
		return str_equal(site, "same-origin");
	if (origin == NULL || host == NULL)
		return origin == NULL;
	scheme = p->request->is_from_front ? "https://" : "http://";
	return str_starts(origin, scheme) && str_equal(origin + strlen(scheme), host);
}

static bool
refuse(struct page *p, const char *sentence)
{
	p->end = PAGE_BAD_FORM;
	p->sentence = sentence;
	return false;
}

static bool
check_token(struct page *p)
{
	const char *token = form_first(p->form, "token");

	switch (secrets_form_check(&p->site->secrets, token, session_of(p),
	    posted_bound(p->arena, p->who, p->path), p->now_ms)) {
	case SECRETS_FORM_GENUINE: p->form_id = secrets_form_id(token); return true;
	case SECRETS_FORM_OLD:
		return refuse(p,
		    "This form was opened more than a day ago. Nothing was "
		    "changed. Open the page again.");
	case SECRETS_FORM_FORGED: break;
	}
	return refuse(p, "This form was not opened here by the person who is signed in "
			 "now, for the organisation they act for. Nothing was changed. "
			 "Open the page again.");
}

bool
posted_read(struct page *p)
{
	struct form *form = arena_take(p->arena, sizeof *form);
	struct bytes text = p->is_post ? p->request->body : bytes_of_text(p->query);
	const char *why = NULL;

	if (form == NULL) {
		p->end = PAGE_BROKEN;
		return false;
	}
	if (p->is_post &&
	    !form_is_type(gateway_http_header(p->request, "Content-Type")))
		return refuse(
		    p, "A form is sent as application/x-www-form-urlencoded.");
	if (form_decode(p->arena, text, form, &why) != ERR_NONE)
		return refuse(p, str_format(p->arena, "What was sent %s.", why));
	p->form = form;
	if (!p->is_post)
		return true;
	if (!is_of_this_site(p))
		return refuse(p, "This form was sent from another site. Nothing was "
				 "changed.");
	if (p->who == NULL && p->route != NULL && p->route->roles != ROUTE_ANYONE) {
		p->end = PAGE_SIGN_IN;
		return false;
	}
	return check_token(p);
}

const char *
posted_token(struct page *p, const char *path)
{
	bool is_same = p->is_post && !p->is_form_spent && str_equal(path, p->path);
	struct id id = is_same ? p->form_id : secrets_new_id(p->now_ms);
	struct secrets_mark mark = secrets_form_token(&p->site->secrets, &id,
	    session_of(p), posted_bound(p->arena, p->who, path));

	return str_format(
	    p->arena, "<input type=\"hidden\" name=\"token\" value=\"%s\">", mark.text);
}

/* ---- what it asks for ---- */

/* The field of the message that the path says: "request_id" is ":id". */
static bool
set_subject(struct page *p, ProtobufCMessage *m)
{
	const ProtobufCFieldDescriptor *f;
	char **text;

	if (p->route->subject == NULL)
		return true;
	f = protobuf_c_message_descriptor_get_field_by_name(
	    m->descriptor, p->route->subject);
	text = f == NULL || f->type != PROTOBUF_C_TYPE_STRING
	           ? NULL
	           : field_make(p->arena, m, f, 1);
	if (text != NULL)
		*text = str_copy(p->arena, page_param(p, "id"));
	return text != NULL && *text != NULL;
}

static const char *
id_in(const struct route *route, const void *answer)
{
	const Common__Done *done = answer;

	return backbone_answer(route->service, route->method) ==
	               &common__done__descriptor
	           ? done->id
	           : NULL;
}

ProtobufCMessage *
posted_message(struct page *p, const ProtobufCMessageDescriptor *type)
{
	struct form_problems problems = {.n = 0};
	ProtobufCMessage *m;

	if (form_to_message(p->arena, type, p->form, &m, &problems) == ERR_NONE)
		return m;
	for (size_t i = 0; i < problems.n; i++)
		page_error(p, problems.list[i].name, "%s", problems.list[i].sentence);
	if (problems.n == 0)
		p->end = PAGE_BROKEN;
	return NULL;
}

/* The row says all: form, message, call, and on. */
static void
act(struct page *p)
{
	const struct route *route = p->route;
	const ProtobufCMessageDescriptor *type =
	    backbone_call(route->service, route->method);
	ProtobufCMessage *m;
	const void *answer;

	if (type == NULL) {
		p->end = PAGE_BROKEN;
		return;
	}
	m = posted_message(p, type);
	if (m == NULL)
		return;
	if (!set_subject(p, m)) {
		p->end = PAGE_BROKEN;
		return;
	}
	if (page_do(p, 0, route->service, route->method, m, &answer) == PAGE_YES)
		page_go(p, "%s", route_fill(p, route->after, id_in(route, answer)));
}

void
posted_answer(struct page *p)
{
	if (p->route->act == NULL && p->route->service == NULL) {
		p->end = PAGE_NO_FORM;
		return;
	}
	/* What was entered before signing in again is looked at first. */
	if (p->route->view != NULL && str_equal(page_query(p, "button"), "again")) {
		p->route->view(p);
		return;
	}
	p->is_changing = true;
	if (p->route->act != NULL)
		p->route->act(p);
	else
		act(p);
	p->is_changing = false;
	if (p->end != PAGE_MADE || p->is_answered || page_waits(p))
		return;
	if (p->route->view == NULL || !page_has_errors(p)) {
		p->end = PAGE_BROKEN; /* a form that neither did nor refused anything */
		return;
	}
	p->route->view(p);
}
