#include "base/journal.h"

#include "base/message.h"
#include "base/record.h"

#include <string.h>

/* The most that an entry's tags, lengths, numbers and body hash take on the wire. */
#define ENTRY_BYTES 96

/* An entry with all it points at but what is borrowed: one taking of memory. */
struct page_entry {
	Journal__Entry entry;
	Journal__Header header;
	char command_id[RECORD_COMMAND_ID_MAX + 1];
};

/* ---- the owner's side ---- */

/* Is this follower's cursor a place in our chain? */
static bool
is_our_cursor(struct kv_txn *txn, const Journal__EventsAsked *asked,
    const struct journal_head *head)
{
	uint8_t key[8];
	struct bytes packed;
	struct record r;

	uint64_t known =
	    asked->has_known_number ? asked->known_number : asked->after_number;

	if (asked->incarnation != 0 && asked->incarnation != head->incarnation)
		return false;
	if (asked->after_number > head->number || known > asked->after_number)
		return false;
	if (known == 0)
		return true;
	if (asked->after_hash.len != JOURNAL_HASH_BYTES)
		return false;
	bytes_put_u64(key, known);
	if (!kv_get(txn, JOURNAL_TABLE, (struct bytes){key, sizeof key}, &packed) ||
	    !record_read(packed, &r)) {
		kv_fail(txn, ERR_CORRUPT);
		return false;
	}
	return memcmp(r.entry_hash, asked->after_hash.data, JOURNAL_HASH_BYTES) == 0;
}

static struct page_entry *
new_entry(struct arena *a, const struct record *r)
{
	struct page_entry *e = arena_take(a, sizeof *e);
	struct bytes id = r->header.command_id;

	if (e == NULL)
		return NULL;
	e->header = (Journal__Header)JOURNAL__HEADER__INIT;
	SET(&e->header, number, r->header.number);
	SET(&e->header, time, r->header.time_ms);
	SET(&e->header, type, r->header.type);
	SET(&e->header, incarnation, r->header.incarnation);
	if (id.len > 0)
		memcpy(e->command_id, id.data, id.len);
	e->header.command_id = e->command_id;
	e->entry = (Journal__Entry)JOURNAL__ENTRY__INIT;
	e->entry.header = &e->header;
	SET_BYTES(
	    &e->entry, body_hash, ((struct bytes){r->body_hash, JOURNAL_HASH_BYTES}));
	return e;
}

/* The event as the follower may have it. */
static enum err
add_event(struct arena *a, const struct journal_filter *filter, const struct record *r,
    struct page_entry *e)
{
	struct bytes event = r->event;
	bool is_sent = true;

	if (filter != NULL) {
		enum err fault = filter->pass(
		    filter->context, a, r->header.type, r->event, &event, &is_sent);

		if (fault != ERR_NONE)
			return fault;
	}
	if (is_sent)
		SET_BYTES(&e->entry, event, event);
	return ERR_NONE;
}

/* Entries from `number` on while there is room; the walk is left where it is full. */
static enum err
fill(struct kv_walk *w, struct arena *a, const struct journal_filter *filter,
    uint64_t number, size_t room, Journal__EventsPage *page)
{
	size_t used = 0, most = room / ENTRY_BYTES + 1;
	struct page_entry *e;
	struct record r;

	page->entries = LIST_NEW(a, most, Journal__Entry *);
	if (page->entries == NULL)
		return ERR_MEMORY;
	for (; page->n_entries < most && kv_next(w); number++) {
		if (w->key.len != 8 || bytes_get_u64(w->key.data) != number ||
		    !record_read(w->value, &r) || r.header.number != number)
			return ERR_CORRUPT;
		e = new_entry(a, &r);
		if (e == NULL)
			return ERR_MEMORY;
		enum err fault = add_event(a, filter, &r, e);
		if (fault != ERR_NONE)
			return fault;
		used += ENTRY_BYTES + r.header.command_id.len + e->entry.event.len;
		if (used > room && page->n_entries > 0)
			break;
		page->entries[page->n_entries++] = &e->entry;
	}
	return page->n_entries > 0 ? ERR_NONE : ERR_CORRUPT;
}

static size_t
page_bytes(const Journal__EventsAsked *asked)
{
	if (!asked->has_page_bytes || asked->page_bytes > JOURNAL_PAGE_BYTES_MAX)
		return JOURNAL_PAGE_BYTES_MAX;
	if (asked->page_bytes < JOURNAL_PAGE_BYTES_MIN)
		return JOURNAL_PAGE_BYTES_MIN;
	return asked->page_bytes;
}

enum err
journal_page(struct kv_txn *txn, struct arena *a, const Journal__EventsAsked *asked,
    const struct journal_filter *filter, Journal__EventsPage **out)
{
	Journal__EventsPage *page = MESSAGE_NEW(a, journal__events_page);
	uint64_t first = asked->after_number + 1;
	struct journal_head head;
	struct kv_walk w;
	uint8_t from[8];

	if (page == NULL)
		return ERR_MEMORY;
	journal_read_head(txn, &head);
	SET(page, incarnation, head.incarnation);
	SET(page, head_number, head.number);
	if (!is_our_cursor(txn, asked, &head)) {
		SET(page, cursor_unknown, 1);
	} else if (first <= head.number) {
		bytes_put_u64(from, first);
		kv_walk(txn, &w, JOURNAL_TABLE, BYTES_NONE,
		    (struct bytes){from, sizeof from});
		kv_fail(txn, fill(&w, a, filter, first, page_bytes(asked), page));
		kv_walk_end(&w);
	}
	if (txn->err == ERR_NONE)
		*out = page;
	return txn->err;
}

/* ---- the follower's side ---- */

static bool
is_entry(const Journal__Entry *e)
{
	const Journal__Header *h = e->header;

	return h != NULL && h->has_number && h->has_time && h->has_type &&
	       h->has_incarnation && h->command_id != NULL &&
	       strlen(h->command_id) <= RECORD_COMMAND_ID_MAX &&
	       e->body_hash.len == JOURNAL_HASH_BYTES;
}

void
journal_entry_hash(const Journal__Entry *entry, uint8_t hash[JOURNAL_HASH_BYTES])
{
	const Journal__Header *h = entry->header;
	struct record_header header = {
	    h->number, h->time, h->type, h->incarnation, bytes_of_text(h->command_id)};

	record_entry_hash(hash, &header, entry->body_hash.data, hash);
}

enum err
journal_check_page(
    const Journal__EventsPage *page, uint64_t *number, uint8_t hash[JOURNAL_HASH_BYTES])
{
	for (size_t i = 0; i < page->n_entries; i++) {
		const Journal__Entry *e = page->entries[i];

		if (!is_entry(e) || e->header->number != *number + 1)
			return ERR_CORRUPT;
		journal_entry_hash(e, hash);
		*number = e->header->number;
	}
	return ERR_NONE;
}
