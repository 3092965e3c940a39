#include "base/kv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/row.h"
#include "support/folder.h"

enum { CATS, DOGS };
static const char *const tables[] = {"cats", "dogs"};

struct here {
	char folder[FOLDER_PATH_MAX], path[FOLDER_PATH_MAX];
	struct kv_options options;
	char problem[256];
	struct kv *kv;
};

static int
make(void **state)
{
	struct here *h = calloc(1, sizeof *h);

	assert_non_null(h);
	folder_make(h->folder);
	folder_file(h->path, h->folder, "store");
	h->options = (struct kv_options){
	    .path = h->path, .tables = tables, .tables_n = 2, .no_sync = true};
	assert_int_equal(
	    kv_open(&h->kv, &h->options, h->problem, sizeof h->problem), ERR_NONE);
	*state = h;
	return 0;
}

static int
clear(void **state)
{
	struct here *h = *state;

	kv_close(h->kv);
	folder_remove(h->folder);
	free(h);
	return 0;
}

static void
open_again(struct here *h)
{
	kv_close(h->kv);
	h->kv = NULL;
	assert_int_equal(
	    kv_open(&h->kv, &h->options, h->problem, sizeof h->problem), ERR_NONE);
}

static void
put_text(struct kv_txn *txn, unsigned table, const char *key, const char *value)
{
	kv_put(txn, table, bytes_of_text(key), bytes_of_text(value));
}

static void
write_text(struct kv *kv, unsigned table, const char *key, const char *value)
{
	struct kv_txn txn;

	kv_begin(kv, &txn, true);
	put_text(&txn, table, key, value);
	assert_int_equal(kv_end(&txn), ERR_NONE);
}

static void
assert_row(struct kv_txn *txn, unsigned table, const char *key, const char *expected)
{
	struct bytes value;
	bool is_there = kv_get(txn, table, bytes_of_text(key), &value);

	assert_int_equal(is_there, expected != NULL);
	if (expected != NULL)
		assert_true(bytes_equal(value, bytes_of_text(expected)));
}

static void
what_was_committed_is_there_after_reopening(void **state)
{
	struct here *h = *state;
	struct bytes key, value;
	struct kv_txn txn;

	kv_begin(h->kv, &txn, true);
	put_text(&txn, CATS, "tom", "grey");
	put_text(&txn, CATS, "kit", "black");
	put_text(&txn, CATS, "kit", "white");
	put_text(&txn, DOGS, "rex", "");
	kv_delete(&txn, CATS, bytes_of_text("nobody"));
	assert_int_equal(kv_end(&txn), ERR_NONE);
	open_again(h);
	kv_begin(h->kv, &txn, false);
	assert_row(&txn, CATS, "tom", "grey");
	assert_row(&txn, CATS, "kit", "white");
	assert_row(&txn, DOGS, "rex", "");
	assert_row(&txn, DOGS, "tom", NULL);
	assert_true(kv_has(&txn, CATS, bytes_of_text("tom")));
	assert_false(kv_has(&txn, CATS, bytes_of_text("to")));
	assert_int_equal(kv_count(&txn, CATS), 2);
	assert_true(kv_last(&txn, CATS, &key, &value));
	assert_true(bytes_equal(key, bytes_of_text("tom")));
	assert_true(bytes_equal(value, bytes_of_text("grey")));
	assert_true(kv_is_latest(&txn));
	assert_int_equal(kv_end(&txn), ERR_NONE);
	assert_string_equal(kv_table_name(h->kv, DOGS), "dogs");
}

static void
deleted_and_cleared_rows_are_gone(void **state)
{
	struct here *h = *state;
	struct bytes key, value;
	struct kv_txn txn;

	write_text(h->kv, CATS, "tom", "grey");
	write_text(h->kv, DOGS, "rex", "brown");
	kv_begin(h->kv, &txn, true);
	kv_delete(&txn, CATS, bytes_of_text("tom"));
	kv_clear(&txn, DOGS);
	assert_int_equal(kv_end(&txn), ERR_NONE);
	kv_begin(h->kv, &txn, false);
	assert_int_equal(kv_count(&txn, CATS), 0);
	assert_int_equal(kv_count(&txn, DOGS), 0);
	assert_false(kv_last(&txn, DOGS, &key, &value));
	assert_int_equal(kv_end(&txn), ERR_NONE);
}

static void
an_aborted_write_leaves_nothing(void **state)
{
	struct here *h = *state;
	struct kv_txn txn;

	kv_begin(h->kv, &txn, true);
	put_text(&txn, CATS, "tom", "grey");
	assert_row(&txn, CATS, "tom", "grey");
	kv_abort(&txn);
	kv_abort(&txn);
	kv_begin(h->kv, &txn, false);
	assert_row(&txn, CATS, "tom", NULL);
	assert_int_equal(kv_end(&txn), ERR_NONE);
}

static void
the_first_fault_sticks(void **state)
{
	struct here *h = *state;
	struct bytes value;
	struct kv_txn txn;

	write_text(h->kv, CATS, "kit", "black");
	kv_begin(h->kv, &txn, true);
	put_text(&txn, CATS, "tom", "grey");
	put_text(&txn, CATS, "", "no row has an empty key");
	assert_int_equal(txn.err, ERR_INTERNAL);
	kv_fail(&txn, ERR_CORRUPT);
	assert_false(kv_get(&txn, CATS, bytes_of_text("kit"), &value));
	put_text(&txn, CATS, "tim", "red");
	assert_int_equal(kv_end(&txn), ERR_INTERNAL);
	kv_begin(h->kv, &txn, false);
	assert_row(&txn, CATS, "tom", NULL);
	assert_row(&txn, CATS, "tim", NULL);
	assert_row(&txn, CATS, "kit", "black");
	kv_fail(&txn, ERR_CORRUPT);
	assert_int_equal(kv_end(&txn), ERR_CORRUPT);
	kv_begin(h->kv, &txn, false);
	assert_row(&txn, CATS, "kit", "black");
	assert_int_equal(kv_end(&txn), ERR_NONE);
}

static void
no_row_has_an_impossible_key(void **state)
{
	struct here *h = *state;
	char longest[KV_KEY_MAX + 2];
	struct bytes value;
	struct kv_txn txn;

	memset(longest, 'x', sizeof longest);
	longest[KV_KEY_MAX] = '\0';
	write_text(h->kv, CATS, longest, "fits");
	longest[KV_KEY_MAX] = 'x';
	longest[KV_KEY_MAX + 1] = '\0';
	kv_begin(h->kv, &txn, true);
	assert_false(kv_get(&txn, CATS, BYTES_NONE, &value));
	assert_false(kv_get(&txn, CATS, bytes_of_text(longest), &value));
	kv_delete(&txn, CATS, BYTES_NONE);
	assert_int_equal(txn.err, ERR_NONE);
	put_text(&txn, CATS, longest, "does not");
	assert_int_equal(kv_end(&txn), ERR_INTERNAL);
}

static void
appended_keys_must_come_last(void **state)
{
	struct here *h = *state;
	struct kv_txn txn;

	kv_begin(h->kv, &txn, true);
	kv_append(&txn, CATS, bytes_of_text("b"), bytes_of_text("1"));
	kv_append(&txn, CATS, bytes_of_text("c"), bytes_of_text("2"));
	assert_int_equal(kv_end(&txn), ERR_NONE);
	kv_begin(h->kv, &txn, true);
	kv_append(&txn, CATS, bytes_of_text("a"), bytes_of_text("3"));
	assert_int_equal(kv_end(&txn), ERR_INTERNAL);
	kv_begin(h->kv, &txn, true);
	kv_append(&txn, CATS, bytes_of_text("c"), bytes_of_text("3"));
	assert_int_equal(kv_end(&txn), ERR_INTERNAL);
	kv_begin(h->kv, &txn, false);
	assert_row(&txn, CATS, "c", "2");
	assert_int_equal(kv_count(&txn, CATS), 2);
	assert_int_equal(kv_end(&txn), ERR_NONE);
}

static void
a_write_of_nothing_does_not_touch_the_disk(void **state)
{
	struct here *h = *state;
	char file[FOLDER_PATH_MAX];
	static char before[64 << 10], after[64 << 10];
	struct kv_txn txn;
	size_t n;

	folder_file(file, h->path, "data.mdb");
	write_text(h->kv, CATS, "tom", "grey");
	n = folder_read(file, before, sizeof before);
	kv_begin(h->kv, &txn, true);
	assert_row(&txn, CATS, "tom", "grey");
	assert_int_equal(kv_end(&txn), ERR_NONE);
	open_again(h);
	assert_int_equal(folder_read(file, after, sizeof after), n);
	assert_memory_equal(before, after, n);
}

static void
a_reader_sees_one_moment(void **state)
{
	struct here *h = *state;
	struct kv_txn old, new;

	write_text(h->kv, CATS, "tom", "grey");
	kv_begin(h->kv, &old, false);
	write_text(h->kv, CATS, "tom", "red");
	kv_begin(h->kv, &new, false);
	assert_row(&old, CATS, "tom", "grey");
	assert_row(&new, CATS, "tom", "red");
	assert_int_equal(kv_end(&old), ERR_NONE);
	assert_int_equal(kv_end(&new), ERR_NONE);
	kv_begin(h->kv, &old, false);
	assert_row(&old, CATS, "tom", "red");
	assert_int_equal(kv_end(&old), ERR_NONE);
}

/* The keys walked, with a space after each. */
static const char *
walked(struct kv_txn *txn, const char *prefix, const char *from)
{
	static char text[200];
	struct kv_walk w;
	int n = 0;

	text[0] = '\0';
	for (kv_walk(txn, &w, CATS, bytes_of_text(prefix),
		 from != NULL ? bytes_of_text(from) : BYTES_NONE);
	     kv_next(&w);)
		n += snprintf(text + n, sizeof text - (size_t)n, "%.*s ",
		    (int)w.key.len, (const char *)w.key.data);
	assert_null(w.cursor);
	assert_false(kv_next(&w));
	return text;
}

static void
walks_go_in_order_within_a_prefix(void **state)
{
	struct here *h = *state;
	struct kv_txn txn;
	struct kv_walk w;

	kv_begin(h->kv, &txn, true);
	assert_string_equal(walked(&txn, "", NULL), "");
	put_text(&txn, CATS, "ba", "");
	put_text(&txn, CATS, "a", "");
	put_text(&txn, CATS, "b", "");
	put_text(&txn, CATS, "bb", "");
	put_text(&txn, CATS, "c", "");
	assert_string_equal(walked(&txn, "", NULL), "a b ba bb c ");
	assert_string_equal(walked(&txn, "b", NULL), "b ba bb ");
	assert_string_equal(walked(&txn, "b", "ba"), "ba bb ");
	assert_string_equal(walked(&txn, "b", "bab"), "bb ");
	assert_string_equal(walked(&txn, "b", "a"), "b ba bb ");
	assert_string_equal(walked(&txn, "b", "c"), "");
	assert_string_equal(walked(&txn, "", "bb"), "bb c ");
	assert_string_equal(walked(&txn, "bbb", NULL), "");
	assert_string_equal(walked(&txn, "d", NULL), "");
	assert_int_equal(kv_end(&txn), ERR_NONE);
	kv_begin(h->kv, &txn, false);
	kv_walk(&txn, &w, CATS, BYTES_NONE, BYTES_NONE);
	assert_true(kv_next(&w));
	kv_walk_end(&w);
	kv_walk_end(&w);
	assert_false(kv_next(&w));
	kv_walk(&txn, &w, CATS, BYTES_NONE, BYTES_NONE);
	kv_fail(&txn, ERR_CORRUPT);
	assert_false(kv_next(&w));
	assert_string_equal(walked(&txn, "", NULL), "");
	assert_int_equal(kv_end(&txn), ERR_CORRUPT);
}

static void
joined_keys_do_not_run_into_each_other(void **state)
{
	struct here *h = *state;
	struct bytes one, other;
	struct kv_txn txn;
	struct kv_walk w;
	struct arena a;
	size_t n = 0;

	assert_int_equal(arena_open(&a, 64 << 10), ERR_NONE);
	one = row_key2(&a, "E0600001", "x");
	other = row_key2(&a, "E06000011", "x");
	kv_begin(h->kv, &txn, true);
	kv_put(&txn, CATS, one, BYTES_NONE);
	kv_put(&txn, CATS, other, BYTES_NONE);
	for (kv_walk(&txn, &w, CATS, row_key2(&a, "E0600001", ""), BYTES_NONE);
	     kv_next(&w); n++)
		assert_true(bytes_equal(w.key, one));
	assert_int_equal(n, 1);
	assert_false(kv_has(&txn, CATS, row_key(NULL)));
	assert_int_equal(kv_end(&txn), ERR_NONE);
	arena_close(&a);
}

static void
what_is_one_things_lies_side_by_side(void **state)
{
	struct here *h = *state;
	struct kv_txn txn;
	struct kv_walk w;
	struct arena a;
	char text[3] = "";
	size_t n = 0;

	assert_int_equal(arena_open(&a, 64 << 10), ERR_NONE);
	kv_begin(h->kv, &txn, true);
	kv_put(&txn, CATS, row_part_key(&txn, &a, "one", 'A', NULL), BYTES_NONE);
	kv_put(&txn, CATS, row_part_key(&txn, &a, "one", 'B', "x"), BYTES_NONE);
	kv_put(&txn, CATS, row_part_key(&txn, &a, "one", 'B', "y"), BYTES_NONE);
	kv_put(&txn, CATS, row_part_key(&txn, &a, "two", 'B', "z"), BYTES_NONE);
	for (kv_walk(&txn, &w, CATS, row_key("one"), BYTES_NONE); kv_next(&w); n++)
		;
	assert_int_equal(n, 3);
	struct bytes prefix = row_part_key(&txn, &a, "one", 'B', NULL);
	struct bytes from = row_key_after(&txn, &a, prefix, "x");
	for (kv_walk(&txn, &w, CATS, prefix, from); kv_next(&w);) {
		struct bytes id = {w.key.data + prefix.len, w.key.len - prefix.len};
		snprintf(text, sizeof text, "%s", row_text(&txn, &a, id));
	}
	assert_string_equal(text, "y");
	assert_int_equal(row_key_after(&txn, &a, prefix, NULL).len, 0);
	assert_int_equal(txn.err, ERR_NONE);
	row_part_key(&txn, &a, NULL, 'A', NULL);
	assert_int_equal(kv_end(&txn), ERR_CORRUPT);
	arena_close(&a);
}

static void
a_full_map_is_a_fault_and_no_loss(void **state)
{
	struct here *h = *state;
	static uint8_t block[8192];
	uint8_t key[4];
	uint32_t written = 0;
	struct kv_txn txn;
	enum err e;

	h->options.map_bytes = 1 << 20;
	open_again(h);
	assert_in_range(kv_used_percent(h->kv), 0, 20);
	do {
		bytes_put_u32(key, written);
		kv_begin(h->kv, &txn, true);
		kv_put(&txn, CATS, (struct bytes){key, sizeof key},
		    (struct bytes){block, sizeof block});
		e = kv_end(&txn);
		written += e == ERR_NONE;
	} while (e == ERR_NONE);
	assert_int_equal(e, ERR_FULL);
	assert_in_range(written, 50, 128);
	assert_in_range(kv_used_percent(h->kv), 90, 100);
	kv_begin(h->kv, &txn, false);
	assert_int_equal(kv_count(&txn, CATS), written);
	assert_int_equal(kv_end(&txn), ERR_NONE);
	h->options.map_bytes = 0;
	open_again(h);
	write_text(h->kv, DOGS, "rex", "there is room again");
}

static void
room_is_kept_ahead_of_need(void **state)
{
	struct here *h = *state;
	char file[FOLDER_PATH_MAX];
	static uint8_t block[64 << 10];
	struct kv_txn txn;
	struct stat stat_;

	folder_file(file, h->path, "data.mdb");
	write_text(h->kv, CATS, "tom", "grey");
	h->options.room_bytes = 4 << 20;
	open_again(h);
	assert_int_equal(kv_keep_room(h->kv), ERR_NONE);
	assert_int_equal(stat(file, &stat_), 0);
	assert_true(stat_.st_size > 4 << 20 && stat_.st_size < 5 << 20);
	assert_true(stat_.st_blocks * 512 >= stat_.st_size); /* there, not promised */
	for (uint32_t i = 0; i < 64; i++) {
		uint8_t key[4];

		bytes_put_u32(key, i);
		memset(block, (int)i + 1, sizeof block);
		kv_begin(h->kv, &txn, true);
		kv_put(&txn, DOGS, (struct bytes){key, 4},
		    (struct bytes){block, sizeof block});
		assert_int_equal(kv_end(&txn), ERR_NONE);
		assert_int_equal(kv_keep_room(h->kv), ERR_NONE);
	}
	assert_int_equal(stat(file, &stat_), 0);
	assert_true(stat_.st_size > 7 << 20 && stat_.st_size < 10 << 20);
	open_again(h);
	kv_begin(h->kv, &txn, false);
	assert_row(&txn, CATS, "tom", "grey");
	for (uint32_t i = 0; i < 64; i++) {
		struct bytes value;
		uint8_t key[4];

		bytes_put_u32(key, i);
		memset(block, (int)i + 1, sizeof block);
		assert_true(kv_get(&txn, DOGS, (struct bytes){key, 4}, &value));
		assert_true(bytes_equal(value, (struct bytes){block, sizeof block}));
	}
	assert_true(kv_is_latest(&txn));
	assert_int_equal(kv_end(&txn), ERR_NONE);
}

static void
what_cannot_be_opened_is_explained(void **state)
{
	struct here *h = *state;
	static const char *const others[] = {"cats", "birds"};
	char file[FOLDER_PATH_MAX], noise[9000];
	struct kv_options o = h->options;
	struct kv *kv = NULL;

	write_text(h->kv, CATS, "tom", "grey");
	kv_close(h->kv);
	h->kv = NULL;
	kv_close(NULL);
	folder_file(file, h->folder, "no/such");
	o.path = file;
	assert_int_equal(kv_open(&kv, &o, h->problem, sizeof h->problem), ERR_STORAGE);
	assert_non_null(strstr(h->problem, "no such folder"));
	o.path = h->path;
	o.read_only = true;
	o.tables = others;
	assert_int_equal(kv_open(&kv, &o, h->problem, sizeof h->problem), ERR_CORRUPT);
	assert_non_null(strstr(h->problem, "a table is missing"));
	memset(noise, 'n', sizeof noise);
	folder_file(file, h->path, "data.mdb");
	folder_write(file, noise, sizeof noise);
	assert_int_equal(
	    kv_open(&kv, &h->options, h->problem, sizeof h->problem), ERR_CORRUPT);
	assert_non_null(strstr(h->problem, "damaged, or not a store"));
	assert_null(kv);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, clear)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(what_was_committed_is_there_after_reopening),
	    TEST(deleted_and_cleared_rows_are_gone),
	    TEST(an_aborted_write_leaves_nothing),
	    TEST(the_first_fault_sticks),
	    TEST(no_row_has_an_impossible_key),
	    TEST(what_is_one_things_lies_side_by_side),
	    TEST(appended_keys_must_come_last),
	    TEST(a_write_of_nothing_does_not_touch_the_disk),
	    TEST(a_reader_sees_one_moment),
	    TEST(walks_go_in_order_within_a_prefix),
	    TEST(joined_keys_do_not_run_into_each_other),
	    TEST(a_full_map_is_a_fault_and_no_loss),
	    TEST(room_is_kept_ahead_of_need),
	    TEST(what_cannot_be_opened_is_explained),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
