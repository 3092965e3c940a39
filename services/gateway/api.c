#include "gateway/api.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/json.h"
#include "base/message.h"
#include "base/refusal.h"
#include "base/str.h"
#include "gateway/api_table.h"
#include "gateway/openapi.h"
#include "gateway/site.h"

#define JSON "application/json"
#define PROBLEM "application/problem+json"
#define SPARE_BYTES 4096 /* what an arena keeps beside its blocks */

/* ---- the document ---- */

enum err
api_open(struct api *api)
{
	enum err e = ERR_MEMORY;
	char *text;
	size_t len;

	*api = (struct api){.document = openapi_document()};
	text = json_dumps(api->document, JSON_COMPACT);
	len = text == NULL ? 0 : strlen(text);
	if (len > 0)
		e = arena_open(&api->memory, len + SPARE_BYTES);
	if (e == ERR_NONE)
		api->text =
		    bytes_copy(&api->memory, (struct bytes){(uint8_t *)text, len});
	free(text); /* allowed: jansson gives it so */
	return e;
}

void
api_close(struct api *api)
{
	json_decref(api->document);
	if (api->memory.base != NULL)
		arena_close(&api->memory);
	*api = (struct api){.document = NULL};
}

bool
api_has(const char *path)
{
	return str_equal(path, API_ROOT) || str_starts(path, API_ROOT "/");
}

/* ---- no ---- */

struct problem {
	unsigned status;
	const char *detail;
	const char *field, *reason; /* which part of the request, and what is wrong */
	unsigned number;            /* of a rule; 0: none said no */
	const char *clause;
};

static const struct {
	unsigned status;
	const char *type, *title;
} kinds[] = {
    {400, "malformed", "The request is not what its schema says"},
    {401, "key", "There is no key, or it is not honoured"},
    {403, "role", "This key's role may not do that"},
    {404, "missing", "There is no such operation"},
    {405, "method", "Operations are asked for with POST"},
    {409, "same-id", "This id was used for another command"},
    {415, "type", "The request is not said to be application/json"},
    {422, "refused", "A rule says no"},
    {429, "too-many", "Too many keys that nobody knows came from this address"},
    {500, "fault", "The fault is ours"},
    {503, "not-now", "A part of the system does not answer: send it again"},
};

static void
refuse(struct page *p, const struct problem *no)
{
	const char *type = "about:blank", *title = "";
	json_t *view;

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		if (kinds[i].status == no->status) {
			type = str_format(p->arena, "/api#%s", kinds[i].type);
			title = kinds[i].title;
		}
	}
	view = json_pack("{s:s*, s:s, s:i, s:s*, s:s*, s:s*, s:s*}", "type", type,
	    "title", title, "status", (int)no->status, "detail", no->detail, "field",
	    no->field, "reason", no->reason, "clause", no->clause);
	if (view != NULL && no->number != 0)
		(void)json_object_set_new(view, "number", json_integer(no->number));
	json_decref(p->view);
	p->view = view;
	p->status = no->status;
	p->end = PAGE_MADE; /* api_finish writes it out */
}

static void
refuse_field(struct page *p, const struct check_problem *why)
{
	refuse(p, &(struct problem){.status = 400,
		      .detail = str_format(p->arena, "%s %s", why->field, why->reason),
		      .field = str_copy(p->arena, why->field),
		      .reason = str_copy(p->arena, why->reason)});
}

/* What a service said instead of yes. */
static void
tell_no(struct page *p, const struct page_asked *asked)
{
	const Envelope__Refusal *no = asked->no;
	struct problem problem = {.status = 503, .detail = asked->detail};

	if (no != NULL) {
		problem = (struct problem){.status = 422,
		    .detail = no->sentence,
		    .field = no->field,
		    .number = no->number,
		    .clause = no->clause};
		if (no->number == REFUSAL_ID_OTHER_BODY)
			problem.status = 409;
		else if (no->number == REFUSAL_FIELD || no->number == REFUSAL_ID_TIME)
			problem.status = 400;
	} else if (asked->fault == ENVELOPE__FAULT__FAULT_DENIED) {
		problem.status = 403;
	} else if (asked->fault == ENVELOPE__FAULT__FAULT_MALFORMED) {
		problem.status = 400;
	}
	refuse(p, &problem);
}

/* ---- who asks ---- */

/* The key in "Authorization: Bearer KEY"; NULL where there is none. */
static const char *
key_of(const struct page *p)
{
	static const char scheme[] = "bearer ";
	const char *said = gateway_http_header(p->request, "Authorization");

	if (said == NULL || strncasecmp(said, scheme, strlen(scheme)) != 0)
		return NULL;
	said += strlen(scheme);
	return said + strspn(said, " ");
}

/*
 * A key that is not known here costs members a question: an address may ask for so many
 * that turn out to be nobody's. Counted when members has said so, for a program begins
 * with many requests at once.
 */
static bool
may_try(struct page *p)
{
	const struct limits_who who = {.address = p->request->address};

	if (p->trial.is_made ||
	    sessions_find(&p->site->sessions, p->session.digest) != NULL)
		return true;
	p->trial.is_made = true;
	p->trial.is_allowed =
	    limits_take(&p->site->limits, &who, p->now_ms, &p->trial.wait_ms);
	if (p->trial.is_allowed)
		limits_give_back(&p->site->limits, &who, p->now_ms);
	return p->trial.is_allowed;
}

static void
was_wrong(struct page *p)
{
	const struct limits_who who = {.address = p->request->address};

	if (p->trial.is_made)
		(void)limits_take(&p->site->limits, &who, p->now_ms, &p->trial.wait_ms);
}

/* False: it is not known yet, or it is told why not. */
static bool
is_known(struct page *p)
{
	const char *key = key_of(p);

	if (key != NULL && secrets_is_token(key, SECRETS_API_KEY)) {
		secrets_digest(key, p->session.digest);
		if (!may_try(p)) {
			refuse(p, &(struct problem){.status = 429});
			return false;
		}
		if (!site_identify_key(p)) {
			if (p->end != PAGE_MADE)
				refuse(p, &(struct problem){.status = 503});
			return false;
		}
	}
	if (p->who != NULL)
		return true;
	was_wrong(p);
	refuse(p, &(struct problem){.status = 401});
	return false;
}

/* ---- what is asked ---- */

/* The command's own id, as the request has it, or one made once. */
static bool
take_id(struct page *p)
{
	const char *said = gateway_http_header(p->request, "Idempotency-Key");
	char id[ID_LEN + 1] = "";

	if (said == NULL) {
		if (p->form_id.text[0] == '\0')
			p->form_id = secrets_new_id(p->now_ms);
		return true;
	}
	for (size_t i = 0; i < ID_LEN && said[i] != '\0'; i++)
		id[i] = said[i] >= 'A' && said[i] <= 'Z' ? (char)(said[i] - 'A' + 'a')
		                                         : said[i];
	if (strlen(said) != ID_LEN || !id_is_well_formed(id)) {
		refuse(p, &(struct problem){.status = 400,
			      .detail = "Idempotency-Key is not an id: 26 characters, "
					"with its time in it (a ULID)",
			      .field = "Idempotency-Key",
			      .reason = "is not an id"});
		return false;
	}
	memcpy(p->form_id.text, id, sizeof id);
	return true;
}

static bool
is_json(const struct page *p)
{
	const char *type = gateway_http_header(p->request, "Content-Type");
	size_t len = strlen(JSON);

	return p->request->body.len == 0 ||
	       (type != NULL && strncasecmp(type, JSON, len) == 0 &&
		   strchr("; \t", type[len]) != NULL);
}

/* The message that the body is, checked; NULL where it is told why it is none. */
static ProtobufCMessage *
read_body(struct page *p, const struct api_operation *o)
{
	struct bytes body = p->request->body, packed;
	struct check_problem why = {.field = ""};
	const char *text = body.len == 0 ? "{}"
	                                 : str_format(p->arena, "%.*s", (int)body.len,
					       (const char *)body.data);
	ProtobufCMessage *m = NULL;
	enum err e;

	if (!is_json(p)) {
		refuse(p, &(struct problem){.status = 415});
		return NULL;
	}
	e = text == NULL ? ERR_MEMORY
	                 : json_to_message(p->arena, api_input(o), text, &m, &why);
	if (e == ERR_NONE)
		e = message_pack(p->arena, m, &packed);
	if (e == ERR_NONE && check_message(m, packed, &why))
		return m;
	if (e == ERR_NONE || e == ERR_MALFORMED)
		refuse_field(p, &why);
	else
		refuse(p, &(struct problem){.status = 500});
	return NULL;
}

static void
tell(struct page *p, const struct api_operation *o, const ProtobufCMessage *answer)
{
	const char *text = "{}";

	if (api_output(o) != NULL &&
	    json_from_message(p->arena, answer, 0, &text) != ERR_NONE) {
		refuse(p, &(struct problem){.status = 500});
		return;
	}
	p->status = 200;
	page_text(p, JSON, NULL, bytes_of_text(text));
}

/* What was asked of the service, once it is answered: the page is run again for nothing
 * else. */
static const struct page_asked *
answered(const struct page *p, const struct api_operation *o)
{
	for (size_t i = 0; i < p->asked_n; i++) {
		const struct page_asked *asked = &p->asked[i];

		if (asked->is_answered && !asked->is_own &&
		    asked->method == o->method && str_equal(asked->service, o->service))
			return asked;
	}
	return NULL;
}

static void
ask(struct page *p, const struct api_operation *o)
{
	const ProtobufCMessage *m;

	if (o->is_command && !take_id(p))
		return;
	m = read_body(p, o);
	if (m == NULL)
		return;
	if (o->is_command)
		(void)page_do(p, 0, o->service, o->method, m, NULL);
	else
		(void)page_try(p, o->service, o->method, m, NULL);
}

/* A POST to an operation. */
static void
run(struct page *p, const struct api_operation *o)
{
	const struct page_asked *asked = answered(p, o);

	if (asked == NULL) {
		if (is_known(p))
			ask(p, o);
	} else if (asked->answer != NULL) {
		tell(p, o, asked->answer);
	} else {
		tell_no(p, asked);
	}
}

void
api_run(struct page *p)
{
	const struct api_operation *o = api_find(p->path);

	if (str_equal(p->path, API_ROOT "/openapi.json")) {
		if (str_equal(p->request->method, "GET")) {
			p->status = 200;
			page_text(p, JSON, NULL, p->site->api.text);
		} else {
			refuse(p, &(struct problem){.status = 405});
		}
	} else if (o == NULL) {
		refuse(p, &(struct problem){.status = 404,
			      .detail = "See " API_ROOT "/openapi.json, or /api"});
	} else if (!p->is_post) {
		refuse(p, &(struct problem){.status = 405});
	} else {
		run(p, o);
	}
}

/* ---- the answer ---- */

static void
add(struct gateway_reply *r, const char *name, const char *value)
{
	r->headers[r->headers_n++] = (struct gateway_header){name, value};
}

static void
write_problem(struct page *p, struct gateway_reply *r)
{
	char *text = json_dumps(p->view, JSON_COMPACT);

	r->type = PROBLEM;
	if (text != NULL)
		r->body = bytes_copy(p->arena, bytes_of_text(text));
	free(text); /* allowed: jansson gives it so */
}

void
api_finish(struct page *p)
{
	struct gateway_reply reply = {.type = p->text_type, .body = p->text};

	if (p->end != PAGE_WRITTEN && p->end != PAGE_MADE)
		refuse(p, &(struct problem){
			      .status = p->end == PAGE_SERVICE_DOWN ? 503 : 500});
	reply.status = p->status;
	if (p->end == PAGE_MADE)
		write_problem(p, &reply);
	if (reply.status == 401)
		add(&reply, "WWW-Authenticate",
		    key_of(p) == NULL ? "Bearer" : "Bearer error=\"invalid_token\"");
	if (reply.status == 405)
		add(&reply, "Allow", api_find(p->path) == NULL ? "GET, HEAD" : "POST");
	if (reply.status == 503)
		add(&reply, "Retry-After", "1");
	if (reply.status == 429)
		add(&reply, "Retry-After",
		    str_format(p->arena, "%d", (int)(p->trial.wait_ms / 1000 + 1)));
	if (p->form_id.text[0] != '\0')
		add(&reply, "Idempotency-Key", p->form_id.text);
	p->request->exchange->of = NULL;
	gateway_http_answer(p->request->exchange, &reply);
	page_end(p);
}
