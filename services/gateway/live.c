#include "gateway/live.h"

#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "base/message.h"
#include "base/str.h"
#include "gateway/routes.h"
#include "gateway/site.h"

#define SPARE_BYTES 4096 /* what an arena keeps beside its blocks */
#define GATHER_MS 100    /* after a hint: more may follow it */
#define LATE_MS 1000     /* by so much may a follower be behind a hint */
#define SOON_MS 400      /* until it is asked again */
#define AGAIN_MS 30000   /* without one: words about time change too */
#define DOWN_MS 2000     /* until a page whose service was down is tried again */
#define BEAT_MS 15000
#define MAKING_MAX 32 /* pages made for streams at once: readers come first */
#define NAME_MAX_LEN 48

enum err
live_open(struct live *l)
{
	enum err e;

	*l = (struct live){.next_ms = INT64_MAX};
	e = arena_open(&l->memory, LIVE_STREAMS_MAX * sizeof *l->list + SPARE_BYTES);
	if (e != ERR_NONE)
		return e;
	l->list = LIST_NEW(&l->memory, LIVE_STREAMS_MAX, struct live_stream);
	return l->list == NULL ? ERR_MEMORY : ERR_NONE;
}

void
live_close(struct live *l)
{
	if (l->memory.base != NULL)
		arena_close(&l->memory);
	l->list = NULL;
}

/* ---- the parts of a page ---- */

/* The next name of the list in *names; false at its end. */
static bool
next_name(const char **names, char out[NAME_MAX_LEN])
{
	size_t len;

	if (*names == NULL)
		return false;
	*names += strspn(*names, " ");
	len = strcspn(*names, " ");
	if (len == 0 || len >= NAME_MAX_LEN)
		return false;
	memcpy(out, *names, len);
	out[len] = '\0';
	*names += len;
	return true;
}

static struct live_tag
tag_of(struct bytes html)
{
	uint8_t hash[LIVE_TAG_LEN / 2];
	uint8_t whole[16];
	struct live_tag tag = {.text = ""};

	crypto_generichash(whole, sizeof whole, html.data, html.len, NULL, 0);
	memcpy(hash, whole, sizeof hash);
	bytes_to_hex((struct bytes){hash, sizeof hash}, tag.text);
	return tag;
}

/* "0c1f...-77ab..." */
static const char *
join_tags(struct arena *a, const struct live_tag *tags, size_t n)
{
	char text[LIVE_TAGS_LEN + 1] = "";
	size_t len = 0;

	for (size_t i = 0; i < n; i++)
		len += (size_t)snprintf(text + len, sizeof text - len, "%s%s",
		    i > 0 ? "-" : "", tags[i].text);
	return str_copy(a, text);
}

/* Whatever is not of this form is as if the reader had nothing. */
static void
split_tags(const char *text, struct live_tag tags[LIVE_FRAGMENTS_MAX])
{
	if (text == NULL)
		return;
	for (size_t i = 0; i < LIVE_FRAGMENTS_MAX; i++) {
		if (strnlen(text, LIVE_TAG_LEN) < LIVE_TAG_LEN)
			return;
		memcpy(tags[i].text, text, LIVE_TAG_LEN);
		tags[i].text[LIVE_TAG_LEN] = '\0';
		text += LIVE_TAG_LEN;
		if (*text++ != '-')
			return;
	}
}

const char *
live_address(struct page *p)
{
	struct live_tag tags[LIVE_FRAGMENTS_MAX];
	const char *names = p->route == NULL ? NULL : p->route->live, *target;
	char name[NAME_MAX_LEN];
	struct bytes html;
	size_t n = 0;

	while (n < LIVE_FRAGMENTS_MAX && next_name(&names, name)) {
		if (!site_render(p, name, &html))
			return NULL;
		tags[n++] = tag_of(html);
	}
	target = p->query[0] == '\0' ? p->path
	                             : str_format(p->arena, "%s?%s", p->path, p->query);
	if (n == 0 || target == NULL || strlen(target) >= LIVE_TARGET_MAX)
		return NULL;
	return str_format(p->arena, "/live?page=%s&have=%s",
	    form_escape(p->arena, target), join_tags(p->arena, tags, n));
}

const char *
live_switch(struct page *p, bool is_still)
{
	const char *target = p->path;
	char mark = '?';

	for (size_t i = 0; !p->is_post && i < p->form->n; i++) {
		const struct form_pair *pair = &p->form->pairs[i];

		if (str_equal(pair->name, "live") || str_equal(pair->name, "done"))
			continue;
		target = str_format(p->arena, "%s%c%s=%s", target, mark,
		    form_escape(p->arena, pair->name),
		    form_escape(p->arena, pair->value));
		mark = '&';
	}
	return is_still ? target : str_format(p->arena, "%s%clive=0", target, mark);
}

/* ---- a reader comes and goes ---- */

void
live_view(struct page *p)
{
	const char *target = page_query(p, "page");
	char path[LIVE_TARGET_MAX];
	size_t len;

	if (target == NULL || strlen(target) >= sizeof path) {
		page_missing(p);
		return;
	}
	len = strcspn(target, "?");
	memcpy(path, target, len);
	path[len] = '\0';
	p->route = route_find(p, path);
	if (p->route == NULL || p->route->live == NULL)
		page_missing(p);
	else
		(void)site_admits(p);
}

static struct live_stream *
free_stream(struct live *l)
{
	for (size_t i = 0; i < LIVE_STREAMS_MAX; i++) {
		if (l->list[i].exchange == NULL && l->list[i].page == NULL)
			return &l->list[i];
	}
	return NULL;
}

static void
set_due(struct live *l, struct live_stream *stream, int64_t due_ms)
{
	if (due_ms < stream->due_ms)
		stream->due_ms = due_ms;
	if (stream->due_ms < l->next_ms)
		l->next_ms = stream->due_ms;
}

void
live_begin(struct site *s, struct page *p)
{
	const char *last = gateway_http_header(p->request, "Last-Event-ID");
	struct live_stream *stream = free_stream(&s->live);
	struct gateway_exchange *x = p->request->exchange;
	struct gateway_reply busy = {.status = 503};

	if (stream == NULL) {
		gateway_http_answer(x, &busy);
		return;
	}
	*stream = (struct live_stream){
	    .exchange = x,
	    .due_ms = INT64_MAX,
	    .beat_ms = p->now_ms + BEAT_MS,
	};
	memcpy(stream->session, p->who->digest, sizeof stream->session);
	memcpy(stream->organisation_id, p->who->organisation_id,
	    sizeof stream->organisation_id);
	memcpy(
	    stream->target, page_query(p, "page"), strlen(page_query(p, "page")) + 1);
	split_tags(last != NULL ? last : page_query(p, "have"), stream->tags);
	s->live.streams_n++;
	x->of = stream;
	set_due(&s->live, stream, p->now_ms);
	gateway_http_stream(x);
}

/* The page that is being made for it finds nobody. */
static void
leave(struct live *l, struct live_stream *stream)
{
	stream->exchange = NULL;
	l->streams_n--;
}

bool
live_gone(struct site *s, const void *of)
{
	const struct live *l = &s->live;
	const struct live_stream *at = of;

	if (at < l->list || at >= l->list + LIVE_STREAMS_MAX)
		return false;
	leave(&s->live, &s->live.list[at - l->list]);
	return true;
}

/* ---- the page again ---- */

static void
run(struct page *p)
{
	const struct live_stream *stream = p->of;
	struct form *query;

	if (!site_identify(p))
		return;
	if (p->who == NULL) {
		p->end = PAGE_SIGN_IN;
		return;
	}
	session_act_for(&p->session, stream->organisation_id);
	p->route = route_find(p, p->path);
	query = arena_take(p->arena, sizeof *query);
	if (p->route == NULL || query == NULL || !site_admits(p) ||
	    form_decode(p->arena, bytes_of_text(p->query), query, &p->sentence) !=
		ERR_NONE)
		return;
	p->form = query;
	site_begin_view(p);
	p->route->view(p);
}

/* What is sent: one event a part that changed, each with the id of all. */
static bool
push_part(struct page *p, struct live_stream *stream, const char *name,
    struct bytes html, const char *id)
{
	const json_t *say = json_object_get(json_object_get(p->view, "say"), name);
	json_t *data = json_pack("{s:s, s:s%, s:s*}", "id", name, "html", html.data,
	    html.len, "say", json_string_value(say));
	char *text = data == NULL ? NULL : json_dumps(data, JSON_COMPACT);
	const char *event =
	    text == NULL ? NULL
			 : str_format(p->arena, "event: fragment\nid: %s\ndata: %s\n\n",
			       id, text);
	bool is_sent = event != NULL && gateway_http_push(stream->exchange,
					    bytes_of_text(event)) == ERR_NONE;

	json_decref(data);
	free(text); /* allowed: jansson gives it so */
	return is_sent;
}

static void
send_changes(struct page *p, struct live_stream *stream)
{
	const char *names = p->route->live, *id;
	char list[LIVE_FRAGMENTS_MAX][NAME_MAX_LEN];
	struct bytes html[LIVE_FRAGMENTS_MAX];
	bool is_news[LIVE_FRAGMENTS_MAX];
	size_t n = 0;

	while (n < LIVE_FRAGMENTS_MAX && next_name(&names, list[n])) {
		struct live_tag tag;

		if (!site_render(p, list[n], &html[n]))
			return;
		tag = tag_of(html[n]);
		is_news[n] = strcmp(tag.text, stream->tags[n].text) != 0;
		stream->tags[n++] = tag;
	}
	id = join_tags(p->arena, stream->tags, n);
	for (size_t i = 0; i < n && stream->exchange != NULL; i++) {
		if (is_news[i] && !push_part(p, stream, list[i], html[i], id))
			return; /* the door closes it, and says so */
		if (is_news[i])
			stream->beat_ms = p->now_ms + BEAT_MS;
	}
}

static void
end_stream(struct live *l, struct live_stream *stream)
{
	struct gateway_exchange *x = stream->exchange;

	if (gateway_http_push(x, bytes_of_text("event: over\ndata: {}\n\n")) !=
	    ERR_NONE)
		return;
	leave(l, stream);
	gateway_http_end(x);
}

/* Is any of it told by a service that follows others, and so may be behind a hint? */
static bool
is_told_late(const struct page *p)
{
	for (size_t i = 0; i < p->asked_n; i++) {
		if (str_equal(p->asked[i].service, "observatory") ||
		    str_equal(p->asked[i].service, "matching"))
			return true;
	}
	return false;
}

static int64_t
again_in(const struct page *p, const struct live_stream *stream)
{
	if (p->end != PAGE_MADE)
		return DOWN_MS;
	return is_told_late(p) && p->now_ms - stream->hinted_ms < LATE_MS ? SOON_MS
	                                                                  : AGAIN_MS;
}

static void
finish(struct page *p)
{
	struct live_stream *stream = p->of;
	struct live *l = &p->site->live;

	stream->page = NULL;
	l->making_n--;
	if (stream->exchange != NULL) {
		if (p->end == PAGE_MADE)
			send_changes(p, stream);
		else if (p->end != PAGE_SERVICE_DOWN && p->end != PAGE_BROKEN)
			end_stream(l, stream);
		set_due(l, stream, p->now_ms + again_in(p, stream));
	}
	page_end(p);
}

static void
make(struct site *s, struct live_stream *stream)
{
	struct page *p = site_take_page(s);
	size_t len = strcspn(stream->target, "?");

	if (p == NULL)
		return; /* readers first: it stays due */
	stream->due_ms = INT64_MAX;
	stream->page = p;
	s->live.making_n++;
	p->of = stream;
	p->run = run;
	p->finish = finish;
	p->path = str_format(p->arena, "%.*s", (int)len, stream->target);
	p->query = stream->target + len + (stream->target[len] == '?');
	memcpy(p->session.digest, stream->session, sizeof p->session.digest);
	page_run(p);
}

void
live_hinted(struct live *l, int64_t now_ms)
{
	for (size_t i = 0; i < LIVE_STREAMS_MAX && l->streams_n > 0; i++) {
		if (l->list[i].exchange == NULL)
			continue;
		l->list[i].hinted_ms = now_ms;
		set_due(l, &l->list[i], now_ms + GATHER_MS);
	}
}

static void
beat(struct live_stream *stream, int64_t now_ms)
{
	if (now_ms < stream->beat_ms)
		return;
	stream->beat_ms = now_ms + BEAT_MS;
	if (gateway_http_push(stream->exchange, bytes_of_text(": still here\n\n")) !=
	    ERR_NONE)
		return; /* `gone` follows */
}

void
live_go_on(struct site *s, int64_t now_ms)
{
	struct live *l = &s->live;

	if (now_ms < l->next_ms)
		return;
	l->next_ms = now_ms + BEAT_MS;
	for (size_t i = 0; i < LIVE_STREAMS_MAX && l->streams_n > 0; i++) {
		struct live_stream *stream = &l->list[i];

		if (stream->exchange == NULL)
			continue;
		beat(stream, now_ms);
		if (stream->exchange == NULL)
			continue;
		if (stream->due_ms <= now_ms && stream->page == NULL) {
			if (l->making_n < MAKING_MAX)
				make(s, stream);
			else
				l->next_ms = now_ms + 1;
		}
		if (stream->exchange != NULL && stream->page == NULL)
			set_due(l, stream, stream->due_ms);
	}
}
