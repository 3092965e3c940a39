/*
 * The rows of a store: bytes where a row of some type should stand. Two bytes choose
 * the type; what stands there is read as one or is said to be corrupt, and what is read
 * and written again is the same row.
 */
#include "fuzz/support/fuzz.h"

#include <sodium.h>

#include "base/kv.h"
#include "base/row.h"
#include "fuzz/support/types.h"
#include "support/folder.h"

static const char *const tables[] = {"rows"};
static char folder[FOLDER_PATH_MAX];
static struct kv *kv;

static void
begin(void)
{
	char path[FOLDER_PATH_MAX], problem[300] = "";
	struct kv_options o = {.path = path,
	    .tables = tables,
	    .tables_n = 1,
	    .map_bytes = 16u << 20,
	    .no_sync = true};

	FUZZ_CHECK(sodium_init() >= 0, "no sodium");
	folder_make(folder);
	folder_file(path, folder, "store");
	FUZZ_CHECK(
	    kv_open(&kv, &o, problem, sizeof problem) == ERR_NONE, "%s", problem);
}

static void
end(void)
{
	kv_close(kv);
	folder_remove(folder);
}

/* Where there is an id in front, keys made of it sort and end as they should. */
static void
keys(struct kv_txn *txn, const char *text)
{
	struct bytes one = row_key2(&fuzz_arena, "a", text);
	struct bytes part = row_part_key(txn, &fuzz_arena, "a", 'x', text);
	struct bytes after = row_key_after(txn, &fuzz_arena, row_key("a"), text);

	FUZZ_CHECK(one.len == part.len && after.len == one.len, "keys of '%s'", text);
	FUZZ_CHECK(row_text(txn, &fuzz_arena, one) != NULL, "no text of a key");
}

static void
one(struct bytes input)
{
	const ProtobufCMessageDescriptor *type;
	const struct bytes key = row_key("01jd5r0000aaaaaaaaaaaaaaaa");
	const ProtobufCMessage *row, *again;
	struct kv_txn txn;

	if (input.len < 2)
		return;
	type = message_type_at((uint16_t)(input.data[0] << 8 | input.data[1]));
	kv_begin(kv, &txn, true);
	kv_put(&txn, 0, key, (struct bytes){input.data + 2, input.len - 2});
	row = row_get(&txn, &fuzz_arena, 0, key, type);
	FUZZ_CHECK(txn.err == (row == NULL ? ERR_CORRUPT : ERR_NONE), "%s: %s",
	    type->name, err_name(txn.err));
	if (row != NULL) {
		row_put(&txn, &fuzz_arena, 0, key, row);
		FUZZ_CHECK(row_is(&txn, &fuzz_arena, 0, key, row),
		    "%s: not the row that was put", type->name);
		again = row_get(&txn, &fuzz_arena, 0, key, type);
		FUZZ_CHECK(again != NULL && row_is(&txn, &fuzz_arena, 0, key, again),
		    "%s: not the row that was got", type->name);
		keys(&txn, fuzz_text((struct bytes){input.data + 2, input.len - 2}));
		FUZZ_CHECK(txn.err == ERR_NONE, "%s", err_name(txn.err));
	}
	kv_abort(&txn);
}

const struct fuzz_target fuzz_target = {
    .rounds = 4000, .bytes_max = 2048, .open = begin, .one = one, .close = end};
