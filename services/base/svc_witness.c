#include "base/svc_inside.h"

/*
 * Whoever follows a journal has proved its chain entry by entry. Where it had come to
 * is written into the follower's own journal, once an hour or per thousand entries, so
 * that a chain rewritten afterwards is contradicted by every service that had followed
 * it (rccctl journal verify compares them). A witness is an event of base's own, which
 * changes no table and is sent to nobody.
 *
 * Entries that are witnesses themselves are no reason to write one: two services that
 * follow each other fall silent. What nobody follows, nobody witnesses.
 */

void
svc_note_news(struct svc_following *f, const Journal__EventsPage *page)
{
	for (size_t i = 0; i < page->n_entries && f->news_ms == 0; i++)
		if (page->entries[i]->header->type != JOURNAL_TYPE_WITNESSED)
			f->news_ms = page->entries[i]->header->time;
}

int64_t
svc_witness_due_ms(const struct svc_following *f)
{
	if (f->news_ms == 0)
		return INT64_MAX;
	return f->number - f->witnessed_number >= SVC_WITNESS_EVERY_ENTRIES
	           ? f->news_ms
	           : f->news_ms + SVC_WITNESS_EVERY_MS;
}

enum err
svc_witness(struct svc *svc, struct kv_txn *txn, struct svc_following *f)
{
	Common__Witnessed event = COMMON__WITNESSED__INIT;
	struct id id;
	struct svc_ask ask;

	f->is_witnessed = svc_witness_due_ms(f) <= svc->now_ms;
	if (!f->is_witnessed)
		return ERR_NONE;
	id = svc_draw_id(svc);
	ask = svc_ask_new(svc, txn, id.text);
	event.service = (char *)(uintptr_t)f->source->service;
	SET(&event, incarnation, f->incarnation);
	SET(&event, number, f->number);
	SET_BYTES(&event, hash, ((struct bytes){f->hash, sizeof f->hash}));
	svc_decide(&ask, JOURNAL_TYPE_WITNESSED, &event.base);
	return svc_journal(&ask, NULL);
}
