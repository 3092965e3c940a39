/*
 * Every page, every form and every operation for programs, made of whatever the
 * services may answer: any message that their contract allows, a refusal, a fault, or
 * silence. Each request gets one answer; a page is whole, and nothing that a service
 * said stands in it as markup or in a header; what a program gets is JSON. (A yes that
 * leaves out what every real one has may be answered as a fault of ours: tests/sim,
 * whose services are real, allows none.)
 *
 * The site is the real one, with its calls, forms and templates; the bus, the clock and
 * the door are this file's (--wrap).
 */
#include "fuzz/support/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/bus.h"
#include "base/check.h"
#include "base/field.h"
#include "base/json.h"
#include "base/message.h"
#include "base/run_options.h"
#include "base/str.h"
#include "fuzz/support/speak.h"
#include "gateway/api_table.h"
#include "gateway/backbone.h"
#include "gateway/posted.h"
#include "gateway/routes.h"
#include "gateway/site.h"
#include "support/still_bus.h"

#define BEGAN_MS INT64_C(1795262400000)
#define STEP_MS 200
#define STEPS_MAX 400
#define ANSWERS_MAX 512
#define CALL_SESSION MEMBERS__MEMBERS_CALL__CALL_SESSION
#define CALL_API_KEY MEMBERS__MEMBERS_CALL__CALL_API_KEY
#define CALL_PEOPLE MEMBERS__MEMBERS_CALL__CALL_PEOPLE
#define TOKEN "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define PERSON "01jd5r0000aaaaaaaaaaaaaaaa"
#define PROVIDER "01jd5r0000bbbbbbbbbbbbbbbb"
#define COUNCIL "E08000003"
/* Stands in whatever text is made up; nothing on a page may be that tag. */
#define MARKUP "<x-said a=\"'"

static struct site site;
static struct run_options options;
static struct speak_words words;
static struct speaker speaker;
static int64_t now_ms;
static struct {
	const char *service;
	struct bytes envelope;
} answers[ANSWERS_MAX];
static size_t answers_n, answers_at;
static unsigned role;
static struct gateway_exchange exchange;
static struct gateway_request request;
static const char *cookie, *accept;
static const char *key, *command_id; /* of a program; NULL */
static unsigned answered_n;
static struct gateway_reply reply;

/* ---- the clock and the bus ---- */

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): the names that
 * the linker puts in the place of ours. */
int64_t __wrap_clock_now_ms(void);
int64_t __wrap_clock_ticks_us(void);
enum err __wrap_bus_send(struct bus *bus, const char *service, struct bytes envelope);
enum err __wrap_bus_receive(struct bus *bus, struct bus_message *out);
const char *__wrap_gateway_http_header(
    const struct gateway_request *r, const char *name);
void __wrap_gateway_http_answer(
    struct gateway_exchange *x, const struct gateway_reply *said);
void __wrap_gateway_http_stream(struct gateway_exchange *x);
enum err __wrap_gateway_http_push(struct gateway_exchange *x, struct bytes event);
void __wrap_gateway_http_end(struct gateway_exchange *x);
enum err __wrap_page_worker_send(struct page *p, size_t i);

int64_t
__wrap_clock_now_ms(void)
{
	return now_ms;
}

int64_t
__wrap_clock_ticks_us(void)
{
	return now_ms * 1000;
}

enum err
__wrap_bus_receive(struct bus *bus, struct bus_message *out)
{
	(void)bus;
	*out = (struct bus_message){.what = BUS_NOTHING};
	if (answers_at < answers_n)
		*out = (struct bus_message){.what = BUS_ANSWER,
		    .service = answers[answers_at].service,
		    .bytes = answers[answers_at].envelope};
	answers_at += answers_at < answers_n;
	return ERR_NONE;
}

/* Passwords are another target's. */
enum err
__wrap_page_worker_send(struct page *p, size_t i)
{
	(void)p;
	(void)i;
	return ERR_FULL;
}

/* ---- what a service says ---- */

/* For whom somebody acts with the role that is tried. */
static const char *
the_organisation(void)
{
	return role <= MEMBERS__ROLE__ROLE_DIRECTOR            ? COUNCIL
	       : role == MEMBERS__ROLE__ROLE_PLACEMENT_OFFICER ? PROVIDER
	                                                       : "co-operative";
}

/* Who asks, with that role. */
static struct bytes
the_session(void)
{
	Members__SessionShown shown = MEMBERS__SESSION_SHOWN__INIT;
	Members__Person person = MEMBERS__PERSON__INIT;
	Members__Grant grant = MEMBERS__GRANT__INIT, *grants = &grant;
	Members__Session session = MEMBERS__SESSION__INIT;
	static char person_id[] = PERSON, name[] = MARKUP "Invented Person",
		    organisation[ID_LEN + 1];

	snprintf(organisation, sizeof organisation, "%s", the_organisation());
	SET(&grant, role, (Members__Role)role);
	grant.organisation_id = organisation;
	SET(&grant, from_day, 1);
	person.person_id = person_id;
	person.name = name;
	person.n_grants = 1;
	person.grants = &grants;
	SET(&session, opened_time, now_ms);
	SET(&session, expires_time, now_ms + 3600000);
	shown.person = &person;
	shown.session = &session;
	return fuzz_pack(&shown.base);
}

/* Whatever begins with its own id has it, as every real row does. */
static void
name_it(ProtobufCMessage *m) /* NOLINT(misc-no-recursion): proto/ forbids recursion */
{
	for (unsigned i = 0; i < m->descriptor->n_fields; i++) {
		const ProtobufCFieldDescriptor *f = &m->descriptor->fields[i];

		if (f->id == 1 && f->type == PROTOBUF_C_TYPE_STRING &&
		    f->label != PROTOBUF_C_LABEL_REPEATED && field_count(m, f) == 0) {
			char **text = field_make(&fuzz_arena, m, f, 1);

			FUZZ_CHECK(text != NULL, "no room");
			*text = str_copy(&fuzz_arena, PROVIDER);
		}
		for (size_t k = 0;
		     f->type == PROTOBUF_C_TYPE_MESSAGE && k < field_count(m, f); k++) {
			union {
				const ProtobufCMessage *in;
				ProtobufCMessage *out;
			} inner = {.in = field_message(field_at(m, f, k))};

			if (inner.out != NULL)
				name_it(inner.out);
		}
	}
}

/* Anything that the contract allows; silence where what was made up is not that. */
static bool
made_up(const char *service, uint32_t method, struct bytes *out)
{
	const ProtobufCMessageDescriptor *type = backbone_answer(service, method);
	ProtobufCMessage *m;
	struct check_problem why;

	FUZZ_CHECK(type != NULL, "%s has no method %u", service, method);
	m = speak_message(&speaker, type);
	name_it(m);
	*out = fuzz_pack(m);
	return check_message(m, *out, &why);
}

static bool
answer_body(const char *service, const Envelope__Envelope *call,
    Envelope__Envelope *answer, Envelope__Refusal *no)
{
	static char sentence[] = MARKUP "A rule says no.", field[] = "request_id";
	uint32_t how = dice_below(&speaker.dice, 16);
	struct bytes body;

	if (str_equal(service, "members") &&
	    (call->method == CALL_SESSION || call->method == CALL_API_KEY))
		body = the_session();
	else if (how < 12 || call->method == CALL_PEOPLE) {
		if (!made_up(service, call->method, &body))
			return false;
	} else if (how == 12) {
		SET(no, number, 100);
		no->sentence = sentence;
		no->field = field;
		answer->refusal = no;
		return true;
	} else if (how == 13) {
		SET(answer, fault,
		    (Envelope__Fault)(1 + dice_below(&speaker.dice,
					      ENVELOPE__FAULT__FAULT_INTERNAL)));
		return true;
	} else {
		return false; /* silence */
	}
	SET_BYTES(answer, body, body);
	return true;
}

enum err
__wrap_bus_send(struct bus *bus, const char *service, struct bytes envelope)
{
	const Envelope__Envelope *call =
	    fuzz_unpack(&envelope__envelope__descriptor, envelope);
	Envelope__Envelope answer = ENVELOPE__ENVELOPE__INIT;
	Envelope__Refusal no = ENVELOPE__REFUSAL__INIT;

	(void)bus;
	if (call->user_id != NULL)
		FUZZ_CHECK(
		    str_equal(call->user_id, PERSON), "asked as %s", call->user_id);
	answer.correlation_id = call->message_id;
	SET(&answer, method, call->method);
	if (!answer_body(service, call, &answer, &no) || answers_n == ANSWERS_MAX)
		return ERR_NONE;
	answers[answers_n].service = backbone_service(service)->name;
	answers[answers_n++].envelope = fuzz_pack(&answer.base);
	return ERR_NONE;
}

/* ---- the door ---- */

const char *
__wrap_gateway_http_header(const struct gateway_request *r, const char *name)
{
	(void)r;
	if (str_equal(name, "Cookie"))
		return cookie;
	if (str_equal(name, "Accept"))
		return accept;
	if (str_equal(name, "Authorization"))
		return key;
	if (str_equal(name, "Idempotency-Key"))
		return command_id;
	if (str_equal(name, "Content-Type"))
		return key != NULL ? "application/json"
		                   : "application/x-www-form-urlencoded";
	return str_equal(name, "Sec-Fetch-Site") ? "same-origin" : NULL;
}

void
__wrap_gateway_http_answer(struct gateway_exchange *x, const struct gateway_reply *said)
{
	FUZZ_CHECK(x == &exchange, "somebody else was answered");
	answered_n++;
	reply = *said;
	reply.body = bytes_copy(&fuzz_arena, said->body);
	for (size_t i = 0; i < said->headers_n; i++) {
		const char *value = said->headers[i].value;

		FUZZ_CHECK(value[strcspn(value, "\r\n")] == '\0', "%s is two lines",
		    said->headers[i].name);
	}
}

void
__wrap_gateway_http_stream(struct gateway_exchange *x)
{
	(void)x;
	answered_n++;
	reply = (struct gateway_reply){.status = 200, .type = "text/event-stream"};
}

enum err
__wrap_gateway_http_push(struct gateway_exchange *x, struct bytes event)
{
	(void)x;
	(void)event;
	return ERR_NONE;
}

void
__wrap_gateway_http_end(struct gateway_exchange *x)
{
	x->of = NULL;
}
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

/* ---- what comes out ---- */

static bool
contains(struct bytes text, const char *part)
{
	return memmem(text.data, text.len, part, strlen(part)) != NULL;
}

static void
check_reply(const char *path)
{
	const char *type = reply.type == NULL ? "" : reply.type;

	FUZZ_CHECK(answered_n == 1, "%s was answered %u times", path, answered_n);
	if (str_starts(type, "text/html")) {
		FUZZ_CHECK(contains(reply.body, "<!DOCTYPE html>") &&
			       contains(reply.body, "</html>"),
		    "%s is no whole page", path);
		FUZZ_CHECK(!contains(reply.body, "<x-said"),
		    "%s: what was said is markup", path);
	} else if (contains(
		       (struct bytes){(const uint8_t *)type, strlen(type)}, "json")) {
		json_t *value =
		    json_loadb((const char *)reply.body.data, reply.body.len, 0, NULL);

		FUZZ_CHECK(value != NULL, "%s is no JSON", path);
		json_decref(value);
	}
}

/* ---- a request ---- */

/* The row's path, with what may be an id for each ":id". */
static const char *
path_of(const struct route *route)
{
	char path[400];
	size_t n = 0;

	for (const char *at = route->path; *at != '\0'; at++) {
		path[n++] = *at;
		if (at[0] != '/' || at[1] != ':')
			continue;
		n += (size_t)snprintf(path + n, sizeof path - n, "%s",
		    str_equal(at, "/:token")            ? TOKEN
		    : dice_below(&speaker.dice, 8) == 0 ? "nonsense"
							: PROVIDER);
		at += strcspn(at + 1, "/");
	}
	path[n] = '\0';
	return str_copy(&fuzz_arena, path);
}

/* The row's own message as a form, or pairs that mean nothing, under a genuine token.
 */
static struct bytes
form_of(const struct route *route, const char *path)
{
	struct form form = {.n = 0};
	struct id id = id_make(now_ms, (const uint8_t *)"0123456789");
	struct session who = {.acting = 0};
	const char *text;

	secrets_digest(TOKEN, who.digest);
	snprintf(
	    who.organisation_id, sizeof who.organisation_id, "%s", the_organisation());
	text = str_format(&fuzz_arena, "token=%s",
	    secrets_form_token(&site.secrets, &id, cookie == NULL ? NULL : who.digest,
		posted_bound(&fuzz_arena, cookie == NULL ? NULL : &who, path))
		.text);
	if (route->service != NULL &&
	    form_from_message(&fuzz_arena,
		speak_message(&speaker, backbone_call(route->service, route->method)),
		&form) != ERR_NONE)
		form.n = 0;
	for (size_t i = 0; i < form.n && i < 60; i++) {
		const char *value = form.pairs[i].value;
		char *escaped = arena_take(&fuzz_arena, 3 * strlen(value) + 1);

		FUZZ_CHECK(escaped != NULL, "no room");
		for (size_t k = 0; value[k] != '\0'; k++)
			snprintf(escaped + 3 * k, 4, "%%%02X",
			    (unsigned)(unsigned char)value[k]);
		text = str_format(
		    &fuzz_arena, "%s&%s=%s", text, form.pairs[i].name, escaped);
	}
	if (route->service == NULL) {
		struct bytes rest = dice_take(&speaker.dice, 120);

		text = str_format(&fuzz_arena, "%s&%.*s", text, (int)rest.len,
		    (const char *)rest.data);
	}
	return bytes_of_text(text);
}

/* A program calls an operation, with what its contract allows or with anything. */
static void
call_interface(void)
{
	const struct api_operation *o =
	    &api_operations[dice_below(&speaker.dice, (uint32_t)api_operations_n)];
	char name[API_NAME_MAX];
	const char *json = "";

	api_path_name(o, name);
	key =
	    dice_below(&speaker.dice, 16) == 0 ? "Bearer rcck_" : "Bearer rcck_" TOKEN;
	command_id = dice_below(&speaker.dice, 2) == 0 ? PROVIDER : NULL;
	cookie = NULL;
	request.method = "POST";
	request.path = str_format(&fuzz_arena, API_ROOT "/%s/%s", o->service, name);
	request.body = dice_take(&speaker.dice, 200);
	if (dice_below(&speaker.dice, 4) > 0 &&
	    json_from_message(&fuzz_arena, speak_message(&speaker, api_input(o)), 0,
		&json) == ERR_NONE)
		request.body = bytes_of_text(json);
}

static void
go(void)
{
	int64_t wait_us;

	site_asked(&site, &request);
	for (unsigned i = 0; i < STEPS_MAX && answered_n == 0; i++) {
		FUZZ_CHECK(calls_wait(&site.calls, 0, -1) == ERR_NONE, "no bus");
		site_go_on(&site, &wait_us);
		now_ms += STEP_MS;
	}
}

static void
one(struct bytes input)
{
	const struct route *route;
	bool is_program;

	speaker = (struct speaker){dice_of(input), &fuzz_arena, &words, BEGAN_MS};
	now_ms += 60000; /* nobody is remembered, and forms differ */
	answers_n = answers_at = 0;
	answered_n = 0;
	role = dice_below(&speaker.dice, 9);
	is_program = role > 6;
	role = is_program ? 1 + dice_below(&speaker.dice, 6) : role;
	route = &routes[dice_below(&speaker.dice, (uint32_t)routes_n)];
	cookie = role == 0 ? NULL : "session=" TOKEN;
	accept = dice_below(&speaker.dice, 4) == 0 ? "application/json" : "text/html";
	exchange = (struct gateway_exchange){.of = NULL};
	request = (struct gateway_request){.exchange = &exchange,
	    .method = dice_below(&speaker.dice, 3) == 0 ? "POST" : "GET",
	    .path = path_of(route),
	    .query = dice_below(&speaker.dice, 3) == 0
	                 ? "done=x&council=E08000003&page=2&sort=name&all=yes"
	                 : "",
	    .address = "192.0.2.1"};
	key = command_id = NULL;
	if (is_program)
		call_interface();
	else if (str_equal(request.method, "POST"))
		request.body = form_of(route, request.path);
	go();
	check_reply(request.path);
	if (exchange.of != NULL)
		site_gone(&site, &exchange);
	calls_forget(&site.calls, &site.directory.page);
	if (site.directory.page.is_taken)
		page_end(&site.directory.page);
	sessions_doubt(&site.sessions);
}

/* ---- beginning and end ---- */

/* Words that mean something, and some that would be markup. */
static void
learn(void)
{
	static char request_id[] = PROVIDER, said[] = MARKUP, council[] = COUNCIL;
	Members__Provider provider = MEMBERS__PROVIDER__INIT;

	FUZZ_CHECK(
	    arena_open(&words.arena, (size_t)1024 * 1024) == ERR_NONE, "no room");
	provider.provider_id = request_id;
	provider.name = said;
	provider.council_id = council;
	provider.owner_name = said;
	speak_learn(&words, &provider.base);
}

static void
open_site(void)
{
	char problem[300] = "";

	now_ms = BEGAN_MS;
	for (size_t i = 0; i < backbone_services_n; i++) {
		struct conf_peer *peer = &options.peers.list[options.peers.n++];

		snprintf(
		    peer->name, sizeof peer->name, "%s", backbone_services[i].name);
		snprintf(peer->endpoint, sizeof peer->endpoint, "fuzz");
	}
	FUZZ_CHECK(site_open(&site, &options, problem, sizeof problem) == ERR_NONE,
	    "the site does not open: %s", problem);
	site.directory.next_ms = INT64_MAX;
	learn();
}

static void
close_site(void)
{
	site_close(&site);
	arena_close(&words.arena);
}

const struct fuzz_target fuzz_target = {.rounds = 1500,
    .bytes_max = 4096,
    .open = open_site,
    .one = one,
    .close = close_site};
