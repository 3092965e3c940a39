/* Tables that were kept, beside the same made again. */
#include "load/check/check.h"

#include <inttypes.h>
#include <string.h>

#include "base/journal.h"
#include "base/str.h"

#define NAME_BYTES 64

/* Names of the tables of a store: each is a row of the one that LMDB keeps them in. */
struct names {
	char list[KV_TABLES_MAX][NAME_BYTES];
	const char *pointers[KV_TABLES_MAX];
	size_t n;
};

/* What a journal writes for itself, and how far others were followed, and when: not the
 * same twice. The last four stand in that table and are none. */
static bool
is_own(const char *name)
{
	static const char *const own[] = {
	    "journal", "inbox", "cursors", "head", "layout", "restored", "kv.commit"};

	for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
		if (str_equal(name, own[i]))
			return true;
	return false;
}

static struct kv *
open_store(const char *store, const char *const *tables, size_t n, bool read_only)
{
	const struct kv_options o = {
	    .path = store, .tables = tables, .tables_n = n, .read_only = read_only};
	char problem[200] = "";
	struct kv *kv = NULL;

	if (kv_open(&kv, &o, problem, sizeof problem) != ERR_NONE)
		(void)fprintf(stderr, "rcc-history: %s\n", problem);
	return kv;
}

static bool
read_names(const char *store, struct names *out)
{
	static const char *const root[] = {KV_ROOT_TABLE};
	struct kv *kv = open_store(store, root, 1, true);
	struct kv_txn txn;
	struct kv_walk w;

	out->n = 0;
	if (kv == NULL)
		return false;
	kv_begin(kv, &txn, false);
	for (kv_walk(&txn, &w, 0, BYTES_NONE, BYTES_NONE); kv_next(&w);) {
		char *name = out->list[out->n];

		if (w.key.len >= NAME_BYTES || out->n == KV_TABLES_MAX - 1)
			continue;
		memcpy(name, w.key.data, w.key.len);
		name[w.key.len] = '\0';
		if (is_own(name))
			continue;
		out->pointers[out->n++] = name;
	}
	kv_abort(&txn);
	kv_close(kv);
	return out->n > 0;
}

bool
check_empty(const char *store, char *const *tables, size_t n)
{
	const char *names[KV_TABLES_MAX] = {NULL};
	struct kv_txn txn;
	struct kv *kv;
	enum err e;

	for (size_t i = 0; i < n && i < KV_TABLES_MAX; i++)
		names[i] = tables[i];
	kv = open_store(store, names, n, false);
	if (kv == NULL)
		return false;
	kv_begin(kv, &txn, true);
	for (unsigned i = 0; i < n; i++)
		kv_clear(&txn, i);
	e = kv_end(&txn);
	kv_close(kv);
	if (e != ERR_NONE)
		(void)fprintf(stderr, "rcc-history: %s: %s\n", store, err_name(e));
	return e == ERR_NONE;
}

struct both {
	struct kv_txn kept, fresh;
	const char *store;
};

static uint64_t
compare_table(struct check *c, struct both *b, unsigned table, const char *name)
{
	struct kv_walk w;
	struct bytes value;
	uint64_t n = 0;

	for (kv_walk(&b->kept, &w, table, BYTES_NONE, BYTES_NONE); kv_next(&w); n++)
		if (!kv_get(&b->fresh, table, w.key, &value))
			check_wrong(c, "%s: %s has a row that is in no journal: %.*s",
			    b->store, name, (int)w.key.len, (const char *)w.key.data);
		else if (!bytes_equal(value, w.value))
			check_wrong(c,
			    "%s: %s has another row than the journals make: %.*s",
			    b->store, name, (int)w.key.len, (const char *)w.key.data);
	if (kv_count(&b->fresh, table) > n)
		check_wrong(c,
		    "%s: %s has %" PRIu64 " rows, the journals make %" PRIu64, b->store,
		    name, n, kv_count(&b->fresh, table));
	return n;
}

static uint64_t
compare(struct check *c, const char *store, struct kv *kept, struct kv *fresh,
    const struct names *names)
{
	struct both b = {.store = store};
	uint64_t n = 0;

	kv_begin(kept, &b.kept, false);
	kv_begin(fresh, &b.fresh, false);
	for (unsigned i = 0; i < names->n; i++)
		n += compare_table(c, &b, i, names->list[i]);
	if (b.kept.err != ERR_NONE || b.fresh.err != ERR_NONE)
		check_wrong(c, "%s: its tables cannot be read", store);
	kv_abort(&b.fresh);
	kv_abort(&b.kept);
	return n;
}

uint64_t
check_same(struct check *c, const char *kept, const char *fresh)
{
	static struct names names;
	struct kv *k, *f = NULL;
	uint64_t n = 0;

	if (!read_names(kept, &names)) {
		check_wrong(c, "%s has no tables", kept);
		return 0;
	}
	k = open_store(kept, names.pointers, names.n, true);
	if (k != NULL)
		f = open_store(fresh, names.pointers, names.n, true);
	if (f == NULL)
		check_wrong(c, "%s and %s cannot be compared", kept, fresh);
	else
		n = compare(c, kept, k, f, &names);
	kv_close(f);
	kv_close(k);
	return n;
}
