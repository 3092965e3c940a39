#include "gateway/page_worker.h"

#include <string.h>

#include <sodium.h>

#include "base/str.h"
#include "gateway/site.h"
#include "gateway/worker.h"

/* ---- asking ---- */

static bool
is_same(const struct worker_question *a, const struct worker_question *b)
{
	return bytes_equal(a->password, b->password) &&
	       a->memory_kib == b->memory_kib && a->passes == b->passes &&
	       memcmp(a->salt, b->salt, sizeof a->salt) == 0;
}

/* The place of this question among those asked; NULL: the page is broken. */
static const struct page_asked *
asked_of(struct page *p, const struct worker_question *question)
{
	struct worker_question *kept;
	struct page_asked *asked;

	for (size_t i = 0; i < p->asked_n; i++) {
		if (p->asked[i].question != NULL &&
		    is_same(p->asked[i].question, question))
			return &p->asked[i];
	}
	kept = arena_take(p->arena, sizeof *kept);
	if (kept == NULL || p->asked_n == PAGE_ASKS_MAX) {
		p->end = PAGE_BROKEN;
		return NULL;
	}
	*kept = *question;
	asked = &p->asked[p->asked_n++];
	*asked = (struct page_asked){.service = PAGE_WORKER, .question = kept};
	p->waiting_n++;
	return asked;
}

const uint8_t *
page_password_key(struct page *p, const char *password,
    const Members__Derivation *derivation, enum page_state *state)
{
	struct worker_question question = {
	    .password = bytes_of_text(password),
	    .memory_kib = derivation->memory_kib,
	    .passes = derivation->passes,
	    .is_known = p->who != NULL || p->trial.is_known,
	};
	const struct page_asked *asked;

	*state = PAGE_DOWN;
	if (derivation->salt.len != sizeof question.salt)
		return NULL;
	memcpy(question.salt, derivation->salt.data, sizeof question.salt);
	asked = asked_of(p, &question);
	if (asked == NULL || !asked->is_answered)
		*state = PAGE_WAITS;
	else if (asked->key != NULL)
		*state = PAGE_YES;
	return *state == PAGE_YES ? asked->key : NULL;
}

/* ---- the worker ---- */

enum err
page_worker_send(struct page *p, size_t i)
{
	return worker_ask(&p->site->worker, p->asked[i].question, &p->asked[i].ticket);
}

/* The password may lie in what was posted, and in copies of that: all goes. */
void
page_worker_forget(struct page *p)
{
	for (size_t i = 0; i < p->asked_n; i++) {
		struct page_asked *asked = &p->asked[i];

		if (asked->question != NULL && !asked->is_answered)
			worker_forget(&p->site->worker, asked->ticket);
	}
	if (p->is_post)
		sodium_memzero(p->memory.base, p->memory.touched);
}

static bool
answer(struct page *p, uint64_t ticket, const uint8_t *key)
{
	for (size_t i = 0; i < p->asked_n; i++) {
		struct page_asked *asked = &p->asked[i];
		uint8_t *kept;

		if (asked->question == NULL || asked->is_answered ||
		    asked->ticket != ticket)
			continue;
		kept = key == NULL ? NULL : arena_take(p->arena, WORKER_KEY_BYTES);
		if (kept != NULL)
			memcpy(kept, key, WORKER_KEY_BYTES);
		asked->key = kept;
		page_settle(p, i);
		return true;
	}
	return false;
}

void
page_worker_answered(void *site, uint64_t ticket, const uint8_t *key)
{
	struct site *s = site;

	for (size_t i = 0; i < SITE_PAGES_MAX; i++) {
		if (s->pages[i].is_taken && answer(&s->pages[i], ticket, key))
			return;
	}
}
