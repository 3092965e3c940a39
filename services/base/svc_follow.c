#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/row.h"
#include "base/svc_inside.h"

static void
read_cursor(struct svc_following *f, struct kv_txn *txn, struct arena *a)
{
	Journal__Cursor *row = row_get(txn, a, SVC_CURSORS, row_key(f->source->service),
	    &journal__cursor__descriptor);

	if (row == NULL)
		return;
	f->number = row->number;
	f->ahead_number = row->number;
	f->done_number = row->number;
	if (row->hash.len == JOURNAL_HASH_BYTES)
		memcpy(f->hash, row->hash.data, JOURNAL_HASH_BYTES);
	f->incarnation = row->incarnation;
	f->head_number = row->head_number;
	f->fresh_ms = row->fresh_time;
	f->fresh_written_ms = row->fresh_time;
	f->witnessed_number = row->witnessed_number;
	f->news_ms = row->news_time;
}

static void
clear_followed(struct svc *svc, struct kv_txn *txn, const char *source)
{
	for (unsigned t = 0; t < svc->service->tables_n; t++) {
		const char *of = svc->service->tables[t].source;

		if (of != NULL && strcmp(of, source) == 0)
			kv_clear(txn, SVC_TABLES + t);
	}
	if (strcmp(source, "members") == 0)
		for (unsigned t = SVC_ACCESS_COUNCILS; t <= SVC_ACCESS_KEYS; t++)
			kv_clear(txn, t);
}

static bool
fills_tables(const struct service *s, const char *source)
{
	for (size_t i = 0; i < s->tables_n; i++)
		if (s->tables[i].source != NULL &&
		    strcmp(s->tables[i].source, source) == 0)
			return true;
	return false;
}

void
svc_follow_again(struct svc *svc, struct kv_txn *txn)
{
	for (size_t i = 0; i < svc->service->sources_n; i++) {
		const char *source = svc->service->sources[i].service;

		if (!fills_tables(svc->service, source))
			continue;
		clear_followed(svc, txn, source);
		kv_delete(txn, SVC_CURSORS, row_key(source));
	}
}

enum err
svc_follow_open(struct svc *svc, struct kv_txn *txn)
{
	for (size_t i = 0; i < svc->service->sources_n; i++)
		read_cursor(&svc->following[i], txn, &svc->scratch);
	return txn->err;
}

struct svc_following *
svc_following(struct svc *svc, const char *service)
{
	for (size_t i = 0; i < svc->service->sources_n; i++)
		if (strcmp(svc->following[i].source->service, service) == 0)
			return &svc->following[i];
	return NULL;
}

bool
svc_has_copy(const struct svc_ask *ask, const char *service)
{
	const struct svc_following *f = svc_following(ask->svc, service);

	return f != NULL && f->fresh_ms > 0;
}

bool
svc_knows_members(struct svc *svc, struct kv_txn *txn)
{
	const struct svc_following *f = svc_following(svc, "members");

	return !access_is_empty(txn) && (f == NULL || f->fresh_ms > 0);
}

int64_t
svc_copy_age_ms(const struct svc *svc)
{
	for (size_t i = 0; i < svc->service->sources_n; i++) {
		const struct svc_following *f = &svc->following[i];

		if (strcmp(f->source->service, "members") == 0)
			return svc->now_ms > f->fresh_ms ? svc->now_ms - f->fresh_ms
			                                 : 0;
	}
	return 0;
}

static void
drop_pages(struct svc_following *f)
{
	f->pages_len = 0;
	f->unchecked_len = 0;
	f->pages_events = 0;
}

void
svc_stop_following(struct svc_following *f, const char *why)
{
	char text[sizeof f->stopped]; /* for `why` may be what is overwritten */

	snprintf(text, sizeof text, "%s", why);
	memcpy(f->stopped, text, sizeof text);
	drop_pages(f);
	log_line(LOG_LEVEL_ERROR, "follow.stopped", "source", f->source->service, "why",
	    why, "after", log_number((int64_t)f->done_number), NULL);
}

/* The owner does not know our cursor: forget the copy and begin again. */
static void
restart_following(struct svc_following *f, uint64_t incarnation)
{
	log_line(
	    LOG_LEVEL_WARN, "follow.restarted", "source", f->source->service, NULL);
	f->is_restarted = true;
	f->number = 0;
	f->ahead_number = 0;
	memset(f->hash, 0, sizeof f->hash);
	f->incarnation = incarnation;
	drop_pages(f);
	/* Until it has all come again the copy is no copy. */
	f->reached_head = false;
	f->reached_ms = 0;
	f->fresh_ms = 0;
	f->witnessed_number = 0;
	f->news_ms = 0;
}

/* Keeps a page until it is checked. */
static void
keep_page(struct svc_following *f, struct bytes body)
{
	uint8_t *at = f->pages + f->pages_len;

	assert(f->unchecked_len == 0);
	assert(f->pages_len + 4 + body.len <= SVC_PAGES_BYTES);
	bytes_put_u32(at, (uint32_t)body.len);
	memcpy(at + 4, body.data, body.len);
	f->unchecked_len = 4 + body.len;
}

/* Is it the next one, and worth going on from? Its chain is checked later. */
static bool
follows_on(const struct svc_following *f, const Journal__EventsPage *page)
{
	const Journal__Entry *last =
	    page->n_entries > 0 ? page->entries[page->n_entries - 1] : NULL;

	return last == NULL ||
	       (last->header != NULL &&
		   last->header->number == f->ahead_number + page->n_entries);
}

/* The page that is kept: it goes to those that a turn applies, if its chain holds. */
static void
check_page(struct svc *svc, struct svc_following *f)
{
	struct bytes body = {f->pages + f->pages_len + 4, f->unchecked_len - 4};
	const Journal__EventsPage *page;
	ProtobufCMessage *m;

	arena_reset(&svc->scratch);
	if (message_unpack(&svc->scratch, &journal__events_page__descriptor, body,
		&m) != ERR_NONE) {
		svc_stop_following(f, "its page cannot be read");
		return;
	}
	page = (const Journal__EventsPage *)m;
	if (journal_check_page(page, &f->number, f->hash) != ERR_NONE) {
		svc_stop_following(f, "the chain of its journal does not hold");
		return;
	}
	svc_note_news(f, page);
	f->pages_len += f->unchecked_len;
	f->pages_events += (unsigned)page->n_entries;
	f->unchecked_len = 0;
}

void
svc_check_pages(struct svc *svc)
{
	for (size_t i = 0; i < svc->service->sources_n; i++)
		if (svc->following[i].unchecked_len > 0)
			check_page(svc, &svc->following[i]);
}

/* Fresh as of when it was asked for: it may have been long on its way. */
static void
take_page(struct svc *svc, struct svc_following *f, const Journal__EventsPage *page,
    struct bytes body, int64_t asked_ms)
{
	if (page->cursor_unknown) {
		/* One who does not know even the beginning is not asked at once. */
		if (f->ahead_number == 0)
			f->next_pull_ms = svc->now_ms + SVC_PULL_EVERY_MS;
		restart_following(f, page->incarnation);
		return;
	}
	if (!follows_on(f, page)) {
		svc_stop_following(f, "the chain of its journal does not hold");
		return;
	}
	if (f->incarnation == 0)
		f->incarnation = page->incarnation;
	if (page->n_entries > 0)
		keep_page(f, body);
	f->ahead_number += page->n_entries;
	f->head_number = page->head_number;
	f->reached_head = f->ahead_number >= page->head_number;
	if (f->reached_head) {
		f->reached_ms = asked_ms;
		if (f->pages_len == 0 && !f->is_restarted)
			f->fresh_ms = f->reached_ms; /* nothing is left to be applied */
	}
	/* At once again only where there is more, and not of one who says so in vain.
	 */
	if (f->reached_head ? f->hinted <= f->ahead_number : page->n_entries == 0)
		f->next_pull_ms = svc->now_ms + SVC_PULL_EVERY_MS;
}

bool
svc_take_page(
    struct svc *svc, const struct svc_input *in, const Envelope__Envelope *envelope)
{
	struct svc_following *f = svc_following(svc, in->service);
	struct bytes body = BYTES_OF(envelope->body);
	int64_t asked_ms = f == NULL ? 0 : f->pull_sent_ms;
	ProtobufCMessage *page;

	if (f == NULL || f->pull_sent_ms == 0 || envelope->correlation_id == NULL ||
	    strcmp(envelope->correlation_id, f->pull_id.text) != 0)
		return false;
	f->pull_sent_ms = 0;
	f->next_pull_ms = svc->now_ms;
	if (f->stopped[0] != '\0')
		return true; /* it was asked for before that was known */
	if ((envelope->has_fault && envelope->fault != 0) ||
	    envelope->refusal != NULL) {
		log_line(LOG_LEVEL_WARN, "follow.refused", "source", f->source->service,
		    "why",
		    envelope->refusal != NULL ? envelope->refusal->sentence
					      : err_name((enum err)envelope->fault),
		    NULL);
		f->next_pull_ms = svc->now_ms + SVC_PULL_EVERY_MS;
		return true;
	}
	if (body.len > SVC_MESSAGE_BYTES_MAX ||
	    message_unpack(&svc->scratch, &journal__events_page__descriptor, body,
		&page) != ERR_NONE)
		svc_stop_following(f, "its page cannot be read");
	else
		take_page(svc, f, (const Journal__EventsPage *)page, body, asked_ms);
	/* Where there is more it is checked while that is on its way. */
	if (f->reached_head && f->unchecked_len > 0)
		check_page(svc, f);
	return true;
}

/* Is enough buffered to be worth a commit? A page at the head always is. */
static bool
is_worth_applying(const struct svc_following *f)
{
	if (f->stopped[0] != '\0')
		return false;
	return f->is_restarted ||
	       (f->pages_len > 0 &&
		   (f->reached_head || f->pages_events >= SVC_EVENTS_A_TURN ||
		       f->pages_len + 4 + SVC_MESSAGE_BYTES_MAX > SVC_PAGES_BYTES));
}

/* With nothing to be applied: the time the copy was fresh is worth a write of its own
 * once a minute, and what there is to witness waits for no page. */
static bool
is_worth_noting(const struct svc *svc, const struct svc_following *f)
{
	if (f->stopped[0] != '\0' || f->pages_len > 0)
		return false;
	return (f->reached_head &&
		   f->fresh_ms - f->fresh_written_ms >= SVC_FRESH_WRITTEN_EVERY_MS) ||
	       svc_witness_due_ms(f) <= svc->now_ms;
}

bool
svc_has_pages(const struct svc *svc)
{
	for (size_t i = 0; i < svc->service->sources_n; i++)
		if (is_worth_applying(&svc->following[i]) ||
		    is_worth_noting(svc, &svc->following[i]))
			return true;
	return false;
}

/* Decides what the entry makes us do, once, whatever is followed again. */
static enum err
react_once(struct svc *svc, struct kv_txn *txn, struct svc_following *f,
    const struct svc_event *event, const uint8_t hash[JOURNAL_HASH_BYTES])
{
	struct bytes cause = {hash, JOURNAL_HASH_BYTES};
	Journal__CommandRecord record = JOURNAL__COMMAND_RECORD__INIT;
	struct svc_ask ask = svc_ask_new(svc, txn, event->command_id);
	enum err e;

	if (kv_has(txn, SVC_CAUSED, cause))
		return txn->err;
	e = f->source->react(&ask, event);
	if (e != ERR_NONE || svc->pending.n == 0)
		return e;
	SET_BYTES(&record, cause_hash, cause);
	kv_put(txn, SVC_CAUSED, cause, BYTES_NONE);
	return svc_journal(&ask, &record);
}

static enum err
apply_entry(struct svc *svc, struct kv_txn *txn, struct svc_following *f,
    const Journal__Entry *entry, const uint8_t hash[JOURNAL_HASH_BYTES])
{
	const Journal__Header *h = entry->header;
	const ProtobufCMessageDescriptor *type;
	struct svc_event event = {h->number, h->time, h->type, h->command_id, NULL};
	ProtobufCMessage *message;
	enum err e;

	if (!entry->has_event)
		return ERR_NONE; /* withheld: it keeps its number and says nothing */
	type = svc_type_of(f->source->event, h->type);
	if (type == NULL) {
		snprintf(f->fault, sizeof f->fault,
		    "event %u is of a type this build does not know", h->type);
		return ERR_CORRUPT;
	}
	e = message_unpack(&svc->scratch, type, BYTES_OF(entry->event), &message);
	if (e != ERR_NONE)
		return e == ERR_MALFORMED ? ERR_CORRUPT : e;
	event.message = message;
	e = f->source->apply(txn, &svc->scratch, &event);
	if (e != ERR_NONE || txn->err != ERR_NONE)
		return e != ERR_NONE ? e : txn->err;
	return f->source->react == NULL ? ERR_NONE
	                                : react_once(svc, txn, f, &event, hash);
}

static void
write_cursor(struct svc *svc, struct kv_txn *txn, struct svc_following *f)
{
	Journal__Cursor row = JOURNAL__CURSOR__INIT;

	row.service = (char *)(uintptr_t)f->source->service;
	SET(&row, number, f->number);
	SET_BYTES(&row, hash, ((struct bytes){f->hash, sizeof f->hash}));
	SET(&row, incarnation, f->incarnation);
	SET(&row, fresh_time, f->reached_head ? f->reached_ms : f->fresh_ms);
	SET(&row, head_number, f->head_number);
	SET(&row, witnessed_number, f->is_witnessed ? f->number : f->witnessed_number);
	if (f->news_ms > 0 && !f->is_witnessed)
		SET(&row, news_time, f->news_ms);
	row_put(
	    txn, &svc->scratch, SVC_CURSORS, row_key(f->source->service), &row.base);
}

static enum err
apply_page(struct svc *svc, struct kv_txn *txn, struct svc_following *f,
    struct bytes packed, uint8_t hash[JOURNAL_HASH_BYTES])
{
	ProtobufCMessage *message;
	const Journal__EventsPage *page;
	size_t mark;
	enum err e;

	arena_reset(&svc->scratch);
	e = message_unpack(
	    &svc->scratch, &journal__events_page__descriptor, packed, &message);
	if (e != ERR_NONE)
		return e;
	page = (const Journal__EventsPage *)message;
	mark = svc->scratch.used;
	for (size_t i = 0; i < page->n_entries && e == ERR_NONE; i++) {
		journal_entry_hash(page->entries[i], hash);
		e = apply_entry(svc, txn, f, page->entries[i], hash);
		arena_release(&svc->scratch, mark);
	}
	return e;
}

enum err
svc_apply_pages(struct svc *svc, struct kv_txn *txn, struct svc_following *f)
{
	uint8_t hash[JOURNAL_HASH_BYTES] = {0};
	size_t at = 0;
	enum err e = ERR_NONE;

	if (!is_worth_applying(f) && !is_worth_noting(svc, f))
		return ERR_NONE;
	f->was_applied = true;
	f->fault[0] = '\0';
	if (f->is_restarted) {
		clear_followed(svc, txn, f->source->service);
	} else {
		Journal__Cursor *row = row_get(txn, &svc->scratch, SVC_CURSORS,
		    row_key(f->source->service), &journal__cursor__descriptor);

		if (row != NULL && row->hash.len == sizeof hash)
			memcpy(hash, row->hash.data, sizeof hash);
	}
	while (e == ERR_NONE && at < f->pages_len) {
		struct bytes page = {f->pages + at + 4, bytes_get_u32(f->pages + at)};

		e = apply_page(svc, txn, f, page, hash);
		at += 4 + page.len;
	}
	assert(e != ERR_NONE || at == 0 || memcmp(hash, f->hash, sizeof hash) == 0);
	arena_reset(&svc->scratch);
	if (e == ERR_NONE)
		e = svc_witness(svc, txn, f);
	if (e == ERR_NONE)
		write_cursor(svc, txn, f);
	return e != ERR_NONE ? e : txn->err;
}

void
svc_pages_committed(struct svc *svc)
{
	for (size_t i = 0; i < svc->service->sources_n; i++) {
		struct svc_following *f = &svc->following[i];

		if (!f->was_applied)
			continue;
		f->was_applied = false;
		f->is_restarted = false;
		memmove(f->pages, f->pages + f->pages_len, f->unchecked_len);
		f->pages_len = 0;
		f->pages_events = 0;
		f->done_number = f->number;
		if (f->is_witnessed) {
			f->witnessed_number = f->number;
			f->news_ms = 0;
		}
		if (f->reached_head)
			f->fresh_ms = f->reached_ms;
		f->fresh_written_ms = f->fresh_ms;
	}
}

void
svc_pages_aborted(struct svc *svc)
{
	for (size_t i = 0; i < svc->service->sources_n; i++)
		svc->following[i].was_applied = false;
}
