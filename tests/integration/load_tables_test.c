/* Does the checker of histories find it when tables that were kept are not those which
 * the journals make? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "load/check/check.h"
#include "support/folder.h"

/* A store of two tables: its own cursors, which differ, and one that is followed. */
static void
write_store(const char *path, const char *cursor, const char *row, size_t rows)
{
	static const char *const tables[] = {"cursors", "followed"};
	struct kv_options o = {.path = path, .tables = tables, .tables_n = 2};
	char problem[200], key[] = "a";
	struct kv_txn txn;
	struct kv *kv;

	assert_int_equal(kv_open(&kv, &o, problem, sizeof problem), ERR_NONE);
	kv_begin(kv, &txn, true);
	kv_put(&txn, 0, bytes_of_text("foster"), bytes_of_text(cursor));
	for (size_t i = 0; i < rows; i++, key[0]++)
		kv_put(&txn, 1, bytes_of_text(key), bytes_of_text(row));
	assert_int_equal(kv_end(&txn), ERR_NONE);
	kv_close(kv);
}

/* How many things are wrong of a kept store of two rows beside this one. */
static uint64_t
compared_with(const char *row, size_t rows)
{
	char folder[FOLDER_PATH_MAX], kept[FOLDER_PATH_MAX], fresh[FOLDER_PATH_MAX];
	char *said = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&said, &len);
	uint64_t wrong;
	struct check c;

	folder_make(folder);
	folder_file(kept, folder, "kept");
	folder_file(fresh, folder, "fresh");
	write_store(kept, "7", "row", 2);
	write_store(fresh, "8", row, rows);
	check_open(&c, out);
	assert_int_equal(check_same(&c, kept, fresh), 2);
	wrong = c.wrong;
	check_close(&c);
	(void)fclose(out);
	free(said);
	folder_remove(folder);
	return wrong;
}

static void
tables_followed_again_are_compared(void **state)
{
	(void)state;
	assert_int_equal(compared_with("row", 2), 0);
	assert_int_equal(compared_with("other", 2), 2);
	assert_int_equal(compared_with("row", 1), 1); /* kept, and in no journal */
	assert_int_equal(compared_with("row", 3), 1); /* followed, and not kept */
}

static void
a_table_is_emptied(void **state)
{
	char folder[FOLDER_PATH_MAX], kept[FOLDER_PATH_MAX], *tables[] = {NULL};
	char name[] = "followed";
	struct check c;

	(void)state;
	tables[0] = name;
	folder_make(folder);
	folder_file(kept, folder, "kept");
	write_store(kept, "7", "row", 2);
	check_open(&c, stderr);
	assert_int_equal(check_same(&c, kept, kept), 2);
	assert_true(check_empty(kept, tables, 1));
	assert_int_equal(check_same(&c, kept, kept), 0);
	assert_int_equal(c.wrong, 0);
	check_close(&c);
	folder_remove(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(tables_followed_again_are_compared),
	    cmocka_unit_test(a_table_is_emptied),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
