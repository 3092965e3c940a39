#include "base/copied.h"
#include "base/svc_inside.h"

static Common__FollowHealth *
follow_health(struct svc *svc, const struct svc_following *f)
{
	Common__FollowHealth *h = MESSAGE_NEW(&svc->scratch, common__follow_health);

	if (h == NULL)
		return NULL;
	h->service = (char *)(uintptr_t)f->source->service;
	SET(h, number, f->done_number);
	SET(h, head_number, f->head_number);
	SET(h, fresh_time, f->fresh_ms);
	if (f->stopped[0] != '\0')
		h->stopped = (char *)(uintptr_t)f->stopped;
	return h;
}

enum err
svc_build_health(struct svc *svc, struct kv_txn *txn, Common__Health **out)
{
	Common__Health *h = MESSAGE_NEW(&svc->scratch, common__health);
	size_t n = svc->service->sources_n;
	struct journal_restored restored;

	if (h == NULL)
		return ERR_MEMORY;
	h->service = (char *)(uintptr_t)svc->service->name;
	h->notice = (char *)(uintptr_t) "invented children only";
	SET(h, ready, svc->service->owns_access || svc_knows_members(svc, txn));
	SET(h, head_number, svc->committed.number);
	SET_BYTES(h, head_hash,
	    ((struct bytes){svc->committed.hash, sizeof svc->committed.hash}));
	SET(h, incarnation, svc->head.incarnation);
	SET(h, owed_calls, svc->owed_total);
	if (svc->owed_total > 0)
		SET(h, oldest_owed_time, svc->owed_oldest_ms);
	SET(h, store_used_percent, kv_used_percent(svc->kv));
	SET(h, started_time, svc->started_ms);
	h->copied = copied_read(&svc->scratch, kv_path(svc->kv), &svc->committed);
	if (journal_is_restored(txn, &restored))
		h->restored_waits_for =
		    (char *)(uintptr_t)svc->service->restored_waits_for;
	h->follows = LIST_NEW(&svc->scratch, n + 1, Common__FollowHealth *);
	if (h->follows == NULL)
		return ERR_MEMORY;
	for (; h->n_follows < n; h->n_follows++) {
		h->follows[h->n_follows] =
		    follow_health(svc, &svc->following[h->n_follows]);
		if (h->follows[h->n_follows] == NULL)
			return ERR_MEMORY;
	}
	*out = h;
	return ERR_NONE;
}
