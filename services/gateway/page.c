#include "gateway/page.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "base/check.h"
#include "base/log.h"
#include "base/message.h"
#include "base/refusal.h"
#include "base/str.h"
#include "gateway/backbone.h"
#include "gateway/page_worker.h"
#include "gateway/posted.h"

#define LOCATION_MAX 1024

static void
break_page(struct page *p)
{
	p->end = PAGE_BROKEN;
}

static void
tell_down(struct page *p, const char *service)
{
	p->end = PAGE_SERVICE_DOWN;
	p->down_service = service;
}

/* ---- asks ---- */

/* What a question or command is, before it is known whether it was asked already. */
struct asking {
	const char *service;
	uint32_t method;
	const ProtobufCMessage *body;
	bool is_own;
	bool is_command;
	unsigned nth;
};

/* The id of the nth command of a form: the form's own time, and chance made from both.
 */
static struct id
id_of_command(const struct page *p, unsigned nth)
{
	uint8_t chance[ID_RANDOM_BYTES];
	char text[ID_LEN + 16];

	if (nth == 0)
		return p->form_id;
	snprintf(text, sizeof text, "%s/%u", p->form_id.text, nth);
	crypto_generichash(
	    chance, sizeof chance, (const unsigned char *)text, strlen(text), NULL, 0);
	return id_make(id_time_ms(p->form_id.text), chance);
}

static struct page_asked *
find_asked(struct page *p, const struct asking *asking, struct bytes body)
{
	for (size_t i = 0; i < p->asked_n; i++) {
		struct page_asked *asked = &p->asked[i];

		if (asked->method == asking->method &&
		    asked->is_own == asking->is_own &&
		    str_equal(asked->service, asking->service) &&
		    bytes_equal(asked->body, body))
			return asked;
	}
	return NULL;
}

/* The place of a question among those asked; a new one is sent when this run ends.
 * NULL: the page is broken. */
static struct page_asked *
asked_of(struct page *p, const struct asking *asking)
{
	size_t mark = p->arena->used;
	struct page_asked *asked;
	struct bytes body;

	if (message_pack(p->arena, asking->body, &body) != ERR_NONE) {
		break_page(p);
		return NULL;
	}
	asked = find_asked(p, asking, body);
	if (asked != NULL) {
		arena_release(p->arena, mark);
		return asked;
	}
	if (p->asked_n == PAGE_ASKS_MAX) {
		log_line(LOG_LEVEL_ERROR, "page.asks_too_much", "path", p->path, NULL);
		break_page(p);
		return NULL;
	}
	asked = &p->asked[p->asked_n++];
	*asked = (struct page_asked){
	    .service = asking->service,
	    .method = asking->method,
	    .body = body,
	    .is_own = asking->is_own,
	    .id = asking->is_command ? id_of_command(p, asking->nth)
	                             : calls_new_id(p->calls),
	};
	p->waiting_n++;
	return asked;
}

static enum page_state
state_of(struct page *p, const struct page_asked *asked)
{
	p->no = NULL;
	p->detail = NULL;
	p->last = asked;
	if (asked == NULL || !asked->is_answered)
		return PAGE_WAITS;
	if (asked->answer != NULL)
		return PAGE_YES;
	p->no = asked->no;
	p->detail = asked->detail;
	return asked->no != NULL ? PAGE_NO : PAGE_DOWN;
}

static const ProtobufCMessage *
try_to(struct page *p, const struct asking *asking, enum page_state *state)
{
	const struct page_asked *asked = asked_of(p, asking);
	enum page_state found = state_of(p, asked);

	if (state != NULL)
		*state = found;
	return found == PAGE_YES ? asked->answer : NULL;
}

const void *
page_ask(
    struct page *p, const char *service, uint32_t method, const ProtobufCMessage *body)
{
	const struct asking asking = {
	    .service = service, .method = method, .body = body};
	const struct page_asked *asked = asked_of(p, &asking);
	enum page_state state = state_of(p, asked);

	if (state == PAGE_YES)
		return asked->answer;
	if (state == PAGE_WAITS || p->end != PAGE_MADE)
		return NULL;
	if (state == PAGE_NO) {
		p->end = PAGE_REFUSED;
		p->sentence = asked->no->sentence;
	} else if (asked->fault == ENVELOPE__FAULT__FAULT_DENIED) {
		p->end = PAGE_FORBIDDEN;
	} else if (asked->fault == ENVELOPE__FAULT__FAULT_MALFORMED) {
		p->end = PAGE_MISSING; /* an id in the path that is none */
	} else {
		tell_down(p, asked->service);
	}
	return NULL;
}

const void *
page_try(struct page *p, const char *service, uint32_t method,
    const ProtobufCMessage *body, enum page_state *state)
{
	const struct asking asking = {
	    .service = service, .method = method, .body = body};

	return try_to(p, &asking, state);
}

const void *
page_ask_own(struct page *p, const char *service, uint32_t method,
    const ProtobufCMessage *body, enum page_state *state)
{
	const struct asking asking = {
	    .service = service, .method = method, .body = body, .is_own = true};

	return try_to(p, &asking, state);
}

const Envelope__Refusal *
page_no(const struct page *p)
{
	return p->no;
}

const struct page_asked *
page_last(const struct page *p)
{
	return p->last;
}

/* ---- commands ---- */

static void
tell_no(struct page *p, const struct page_asked *asked)
{
	if (asked->no != NULL && asked->no->number == REFUSAL_ID_OTHER_BODY) {
		page_error(p, NULL,
		    "This form was sent before, with other answers. What stands here "
		    "now was not sent. See what came of it first; if this is still "
		    "needed, send it again.");
		return;
	}
	if (asked->no != NULL) {
		page_error(p, asked->no->field, "%s", asked->no->sentence);
		return;
	}
	if (asked->fault == ENVELOPE__FAULT__FAULT_DENIED)
		p->end = PAGE_FORBIDDEN;
	else
		page_error(p, NULL,
		    "It is not known whether this was recorded, because a part of the "
		    "system does not answer. Nothing you entered is lost. Send it "
		    "again: it will not be done twice.");
}

static enum page_state
command(struct page *p, const struct asking *asking, const void **answer)
{
	const struct page_asked *asked = asked_of(p, asking);
	enum page_state state = state_of(p, asked);

	if (answer != NULL)
		*answer = state == PAGE_YES ? asked->answer : NULL;
	if (state == PAGE_NO || state == PAGE_DOWN) {
		tell_no(p, asked);
		p->is_form_spent = p->is_form_spent || state == PAGE_NO;
	}
	return state;
}

enum page_state
page_do(struct page *p, unsigned nth, const char *service, uint32_t method,
    const ProtobufCMessage *body, const void **answer)
{
	const struct asking asking = {.service = service,
	    .method = method,
	    .body = body,
	    .is_command = true,
	    .nth = nth};

	return command(p, &asking, answer);
}

enum page_state
page_do_own(struct page *p, unsigned nth, const char *service, uint32_t method,
    const ProtobufCMessage *body, const void **answer)
{
	const struct asking asking = {.service = service,
	    .method = method,
	    .body = body,
	    .is_own = true,
	    .is_command = true,
	    .nth = nth};

	return command(p, &asking, answer);
}

/* ---- answers ---- */

/* Is what came what the service's contract says? */
static const ProtobufCMessage *
read_answer(struct page *p, const struct page_asked *asked, struct bytes body)
{
	const ProtobufCMessageDescriptor *type =
	    backbone_answer(asked->service, asked->method);
	struct check_problem why = {.field = ""};
	ProtobufCMessage *answer;
	struct bytes kept = bytes_copy(p->arena, body);

	if (type != NULL && (kept.data != NULL || body.len == 0) &&
	    message_unpack(p->arena, type, kept, &answer) == ERR_NONE &&
	    check_message(answer, kept, &why))
		return answer;
	log_line(LOG_LEVEL_ERROR, "answer.unreadable", "service", asked->service,
	    "method", log_number(asked->method), "field", why.field, NULL);
	return NULL;
}

static void
take_answer(struct page *p, struct page_asked *asked, const Envelope__Envelope *answer)
{
	if (answer == NULL)
		return;
	if (answer->refusal != NULL) {
		asked->no = message_copy(p->arena, &answer->refusal->base);
		return;
	}
	if (answer->has_fault) {
		asked->fault = answer->fault;
		asked->detail = str_copy(p->arena, answer->detail);
		return;
	}
	asked->answer = read_answer(
	    p, asked, answer->has_body ? BYTES_OF(answer->body) : BYTES_NONE);
	if (asked->answer == NULL)
		asked->fault = ENVELOPE__FAULT__FAULT_INTERNAL;
}

static void
on_answer(void *of, size_t index, const Envelope__Envelope *answer, bool is_down)
{
	struct page *p = of;
	struct page_asked *asked = &p->asked[index];

	asked->is_down = is_down;
	take_answer(p, asked, answer);
	page_settle(p, index);
}

static enum err
send_one(struct page *p, size_t i)
{
	struct page_asked *asked = &p->asked[i];
	Envelope__Envelope call = ENVELOPE__ENVELOPE__INIT;
	struct call_options o = {.service = asked->service,
	    .id = asked->id,
	    .wait_ms = CALLS_WAIT_MS,
	    .answered = on_answer,
	    .of = p,
	    .index = i};
	enum err e;

	if (asked->question != NULL)
		return page_worker_send(p, i);
	call.message_id = asked->id.text;
	SET(&call, method, asked->method);
	SET(&call, wait_ms, CALLS_WAIT_MS);
	SET_BYTES(&call, body, asked->body);
	if (!asked->is_own && p->who != NULL) {
		call.user_id = p->session.person_id;
		call.organisation_id = p->session.organisation_id;
	}
	e = message_pack(p->arena, &call.base, &o.packed);
	return e == ERR_NONE ? calls_send(p->calls, &o) : e;
}

/* One that cannot even be sent has come to nothing. */
static void
send_asked(struct page *p)
{
	for (size_t i = 0; i < p->asked_n; i++) {
		struct page_asked *asked = &p->asked[i];

		if (asked->is_sent)
			continue;
		asked->is_sent = true;
		if (send_one(p, i) == ERR_NONE)
			continue;
		asked->is_answered = asked->is_down = true;
		p->waiting_n--;
	}
}

/* ---- what a view may say ---- */

bool
page_waits(const struct page *p)
{
	return p->waiting_n > 0;
}

const char *
page_param(const struct page *p, const char *name)
{
	for (size_t i = 0; i < p->params_n; i++) {
		if (str_equal(p->params[i].name, name))
			return p->params[i].value;
	}
	return NULL;
}

const char *
page_query(const struct page *p, const char *name)
{
	const char *value = p->form == NULL ? NULL : form_first(p->form, name);

	return value == NULL || value[0] == '\0' ? NULL : value;
}

bool
page_may(const struct page *p, uint32_t roles)
{
	return p->who != NULL && (p->who->roles & roles) != 0;
}

bool
page_is_path(const char *text)
{
	static const char odd[] = "\\\"<>^`{|}";

	if (text == NULL || text[0] != '/' || text[1] == '/')
		return false;
	for (; *text != '\0'; text++) {
		if (*text <= ' ' || *text > '~' || strchr(odd, *text) != NULL)
			return false;
	}
	return true;
}

void
page_go(struct page *p, const char *format, ...)
{
	char location[LOCATION_MAX];
	va_list values;
	int n;

	va_start(values, format);
	n = vsnprintf(location, sizeof location, format, values);
	va_end(values);
	if (n < 0 || (size_t)n >= sizeof location || !page_is_path(location)) {
		break_page(p);
		return;
	}
	p->end = PAGE_GOES;
	p->location = str_copy(p->arena, location);
}

void
page_error(struct page *p, const char *field, const char *format, ...)
{
	char text[LOCATION_MAX];
	va_list values;
	json_t *error;

	va_start(values, format);
	vsnprintf(text, sizeof text, format, values);
	va_end(values);
	error = json_pack("{s:s*, s:s}", "field", field, "text", text);
	if (error == NULL || json_array_append_new(p->errors, error) != 0)
		break_page(p);
}

bool
page_has_errors(const struct page *p)
{
	return json_array_size(p->errors) > 0;
}

void
page_missing(struct page *p)
{
	if (p->end == PAGE_MADE)
		p->end = PAGE_MISSING;
}

void
page_cookie(struct page *p, const char *name, const char *value, int max_age_s)
{
	if (p->cookies_n == sizeof p->cookies / sizeof p->cookies[0]) {
		break_page(p);
		return;
	}
	p->cookies[p->cookies_n].name = name;
	p->cookies[p->cookies_n].max_age_s = max_age_s;
	p->cookies[p->cookies_n++].value = str_copy(p->arena, value);
}

void
page_form(struct page *p, const char *name, const char *path)
{
	page_put(p, name, json_string(posted_token(p, path)));
}

void
page_text(struct page *p, const char *type, const char *name, struct bytes text)
{
	static const char plain[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789._-";
	char *copy = str_copy(p->arena, name);

	/* It stands in a header. */
	for (char *at = copy; at != NULL && *at != '\0'; at++) {
		if (strchr(plain, *at) == NULL)
			*at = '_';
	}
	p->end = PAGE_WRITTEN;
	p->text = text;
	p->text_type = type;
	p->text_name = copy;
}

void
page_put(struct page *p, const char *name, json_t *value)
{
	if (value == NULL || json_object_set_new(p->view, name, value) != 0)
		break_page(p);
}

/* ---- from its beginning to its end ---- */

void
page_begin(struct page *p)
{
	struct arena memory = p->memory;
	struct calls *calls = p->calls;
	void (*run)(struct page *) = p->run, (*finish)(struct page *) = p->finish;

	memset(p, 0, offsetof(struct page, asked));
	p->memory = memory;
	p->calls = calls;
	p->run = run;
	p->finish = finish;
	p->arena = &p->memory;
	arena_reset(p->arena);
	p->now_ms = calls_now_ms(p->calls);
}

/* What the last run said is forgotten; what was asked is not. */
static bool
reset(struct page *p)
{
	if (p->view == NULL)
		p->view = json_object();
	if (p->errors == NULL)
		p->errors = json_array();
	(void)json_object_clear(p->view);
	(void)json_array_clear(p->errors);
	p->end = PAGE_MADE;
	p->cookies_n = 0;
	p->is_form_spent = p->is_answered = false;
	p->status = 0;
	p->form = NULL;
	return p->view != NULL && p->errors != NULL && p->runs++ < PAGE_RUNS_MAX;
}

void
page_run(struct page *p)
{
	for (;;) {
		if (reset(p))
			p->run(p);
		else
			break_page(p);
		if (p->end == PAGE_BROKEN || p->waiting_n == 0)
			break;
		send_asked(p);
		if (p->waiting_n > 0)
			return; /* until the answers come */
	}
	p->finish(p);
}

void
page_settle(struct page *p, size_t i)
{
	p->asked[i].is_answered = true;
	if (--p->waiting_n == 0)
		page_run(p);
}

void
page_end(struct page *p)
{
	if (p->waiting_n > 0)
		calls_forget(p->calls, p);
	page_worker_forget(p);
	arena_reset(p->arena); /* what was large is given back at once */
	json_decref(p->view);
	json_decref(p->errors);
	p->view = p->errors = NULL;
	p->is_taken = false;
}
