#include "base/message.h"
#include "base/row.h"
#include "base/str.h"
#include "requests/store_change.h"

#define CLOCK_DRAFT REQUESTS__CLOCK_KIND__CLOCK_KIND_DRAFT

/* The row with its place in its council's list and its timer, which the row's own time
 * names: before it is written anew, and when it goes. */
static void
forget_timer(struct kv_txn *txn, const Requests__DraftKept *row)
{
	if (row != NULL)
		svc_timer_clear(
		    txn, row->drops_time, CLOCK_DRAFT, row->circulation->request_id);
}

static struct bytes
council_key(struct kv_txn *txn, struct arena *a, const Requests__DraftKept *row)
{
	const char *key = str_format(
	    a, "%s%s", row->circulation->council_id, row->circulation->request_id);

	if (key == NULL)
		kv_fail(txn, ERR_MEMORY);
	return key == NULL ? BYTES_NONE : row_key(key);
}

enum err
requests_change_draft_kept(
    struct kv_txn *txn, struct arena *a, const Requests__DraftKept *kept)
{
	const char *id = kept->circulation->request_id;

	forget_timer(txn, requests_store_draft(txn, a, id));
	svc_timer_set(txn, a, kept->drops_time, CLOCK_DRAFT, id);
	row_put(txn, a, REQUESTS_DRAFTS, row_key(id), &kept->base);
	kv_put(txn, REQUESTS_DRAFTS_BY_COUNCIL, council_key(txn, a, kept), BYTES_NONE);
	return txn->err;
}

enum err
requests_change_draft_dropped(
    struct kv_txn *txn, struct arena *a, const Requests__DraftDropped *dropped)
{
	const Requests__DraftKept *row =
	    requests_store_draft(txn, a, dropped->draft_id);

	if (row == NULL)
		return txn->err != ERR_NONE ? txn->err : ERR_CORRUPT;
	forget_timer(txn, row);
	kv_delete(txn, REQUESTS_DRAFTS, row_key(dropped->draft_id));
	kv_delete(txn, REQUESTS_DRAFTS_BY_COUNCIL, council_key(txn, a, row));
	return txn->err;
}
