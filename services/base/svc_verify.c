#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "base/svc_inside.h"

/* The two copies, and the table that is being compared. */
struct beside {
	struct svc *svc; /* of the rebuilt one */
	struct kv_txn kept, rebuilt;
	unsigned table;
};

/* The next row that belongs to the dump. */
static bool
next_row(const struct beside *b, struct kv_walk *w)
{
	while (kv_next(w))
		if (b->table != SVC_INBOX || !svc_is_expired_row(b->svc, w->key))
			return true;
	return false;
}

static int
order(struct bytes a, struct bytes b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int by_bytes = n > 0 ? memcmp(a.data, b.data, n) : 0;

	return by_bytes != 0 ? by_bytes : (a.len > b.len) - (a.len < b.len);
}

static void
differs(const struct beside *b, struct arena *a, struct bytes key, const char *what,
    Journal__TablesVerified *out)
{
	SET(out, same, 0);
	out->table = str_copy(a, b->svc->tables[b->table]);
	SET_BYTES(out, key, bytes_copy(a, key));
	out->what = str_copy(a, what);
}

/* Row beside row, as far as they are the same. */
static void
compare(const struct beside *b, struct arena *a, struct kv_walk *kept,
    struct kv_walk *rebuilt, Journal__TablesVerified *out)
{
	for (;; out->rows++) {
		bool is_kept = next_row(b, kept), is_rebuilt = next_row(b, rebuilt);
		int o = is_kept && is_rebuilt ? order(kept->key, rebuilt->key)
		                              : is_rebuilt - is_kept;

		if (!is_kept && !is_rebuilt)
			return;
		if (o < 0)
			differs(b, a, kept->key,
			    "a row is kept that the journal does not make", out);
		else if (o > 0)
			differs(b, a, rebuilt->key,
			    "a row is missing that the journal makes", out);
		else if (!bytes_equal(kept->value, rebuilt->value))
			differs(b, a, kept->key,
			    "a row has other contents than the journal makes", out);
		if (!out->same)
			return;
	}
}

static enum err
compare_tables(
    struct svc *svc, struct kv *kept, struct arena *a, Journal__TablesVerified *out)
{
	struct beside b = {.svc = svc};
	uint32_t layout;

	kv_begin(kept, &b.kept, false);
	kv_begin(svc->kv, &b.rebuilt, false);
	layout = svc_read_layout(&b.kept);
	if (layout != svc->service->layout) {
		SET(out, same, 0);
		out->what = str_format(a,
		    "its tables are of layout %u and this release's of %u: it will "
		    "rebuild them when it starts",
		    layout, svc->service->layout);
	}
	for (; out->same && b.table < svc->tables_n; b.table++) {
		struct kv_walk w, v;

		if (!svc_is_own_table(svc, b.table))
			continue;
		kv_walk(&b.kept, &w, b.table, BYTES_NONE, BYTES_NONE);
		kv_walk(&b.rebuilt, &v, b.table, BYTES_NONE, BYTES_NONE);
		compare(&b, a, &w, &v, out);
		kv_walk_end(&w);
		kv_walk_end(&v);
	}
	svc_latch(&b.kept, kv_end(&b.rebuilt));
	return kv_end(&b.kept);
}

enum err
svc_verify_tables(const struct service *service, const struct svc_copies *copies,
    struct arena *a, Journal__TablesVerified **out, char *problem, size_t problem_size)
{
	static const struct conf_peers nobody;
	const struct svc_options options = {
	    .service = service,
	    .path = copies->rebuilt,
	    .peers = &nobody,
	    .no_sync = true,
	    .is_bare = true,
	    .incarnation = 1,
	};
	Journal__TablesVerified *said = MESSAGE_NEW(a, journal__tables_verified);
	struct kv_options kept = {.path = copies->kept, .no_sync = true};
	struct svc *svc = NULL;
	struct kv *kv = NULL;
	enum err e = said != NULL ? ERR_NONE : ERR_MEMORY;

	if (e == ERR_NONE)
		e = svc_open(&svc, &options, problem, problem_size);
	if (e == ERR_NONE)
		e = svc_rebuild(svc, problem, problem_size);
	if (e == ERR_NONE) {
		kept.tables = svc->tables;
		kept.tables_n = svc->tables_n;
		e = kv_open(&kv, &kept, problem, problem_size);
	}
	if (e == ERR_NONE) {
		SET(said, same, 1);
		SET(said, rows, 0);
		e = compare_tables(svc, kv, a, said);
	}
	kv_close(kv);
	svc_close(svc);
	if (e == ERR_NONE)
		*out = said;
	return e;
}
