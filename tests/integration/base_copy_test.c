/* A store copied while it is written, and what is found when it cannot be. */
#include "base/copy.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/verify.h"
#include "support/chain.h"

#define EVENT_BYTES 200
#define COPIES 12
#define PAUSE_US 50
#define ROOM_BYTES (8u << 20)

struct here {
	struct chain chain;
	char to[FOLDER_PATH_MAX], file[FOLDER_PATH_MAX];
};

static int
make(void **state)
{
	struct here *h = calloc(1, sizeof *h);

	assert_non_null(h);
	chain_open(&h->chain);
	folder_file(h->to, h->chain.folder, "copy");
	assert_int_equal(mkdir(h->to, 0700), 0);
	folder_file(h->file, h->to, "data.mdb");
	*state = h;
	return 0;
}

static int
clear(void **state)
{
	struct here *h = *state;

	chain_close(&h->chain);
	free(h);
	return 0;
}

static void
close_store(struct here *h)
{
	kv_close(h->chain.kv);
	h->chain.kv = NULL;
}

static struct verify_report
verified(const char *path, const struct verify_head *expected)
{
	struct verify_report report;

	assert_int_equal(verify_store(path, expected, &report), ERR_NONE);
	return report;
}

/* ---- under load ---- */

/* Commits one entry after another until it is killed. */
static _Noreturn void
write_on(struct chain *c)
{
	char problem[200];

	if (kv_open(&c->kv, &c->options, problem, sizeof problem) != ERR_NONE)
		_exit(1);
	for (;;) { /* not so fast that the journal outgrows who reads it */
		chain_append(c, 1, 1, EVENT_BYTES);
		usleep(PAUSE_US);
	}
}

/* Each is one commit's state, later than the one before, and holds to the last entry.
 */
static void
a_store_is_copied_while_it_is_written(void **state)
{
	struct here *h = *state;
	struct verify_head last = {.number = 40};
	struct journal_head head;
	pid_t writer;

	chain_append(&h->chain, 40, 4, EVENT_BYTES);
	head = chain_head(&h->chain);
	memcpy(last.hash, head.hash, sizeof last.hash);
	close_store(h);
	writer = fork();
	if (writer == 0)
		write_on(&h->chain);
	for (unsigned i = 0; i < COPIES; i++) {
		struct copy copy = {.from = h->chain.path, .to = h->file};
		struct verify_report r;

		assert_int_equal(copy_store(&copy), ERR_NONE);
		r = verified(h->to, &last);
		assert_string_equal(r.what, "");
		assert_int_equal(r.verdict, VERIFY_HOLDS);
		assert_true(r.head_number >= last.number);
		assert_int_equal(r.incarnation, CHAIN_INCARNATION);
		assert_int_equal(
		    r.head_time_ms, CHAIN_TIME_MS + (int64_t)r.head_number);
		last.number = r.head_number;
		memcpy(last.hash, r.head_hash, sizeof last.hash);
		assert_int_equal(unlink(h->file), 0);
	}
	assert_int_equal(kill(writer, SIGKILL), 0);
	assert_int_equal(waitpid(writer, NULL, 0), writer);
	assert_true(last.number > 40);
	assert_int_equal(verified(h->chain.path, &last).verdict, VERIFY_HOLDS);
}

static void
the_room_kept_ahead_is_not_copied(void **state)
{
	struct here *h = *state;
	struct copy copy = {.from = h->chain.path, .to = h->file}, again;
	char problem[200];

	close_store(h);
	h->chain.options.room_bytes = ROOM_BYTES;
	assert_int_equal(
	    kv_open(&h->chain.kv, &h->chain.options, problem, sizeof problem),
	    ERR_NONE);
	chain_append(&h->chain, 40, 4, EVENT_BYTES);
	assert_int_equal(kv_keep_room(h->chain.kv), ERR_NONE);
	close_store(h);
	assert_int_equal(copy_store(&copy), ERR_NONE);
	assert_in_range(copy.bytes, 8192, ROOM_BYTES / 8);
	again = (struct copy){.from = h->file};
	assert_int_equal(copy_file(&again), ERR_NONE);
	assert_int_equal(again.bytes, copy.bytes);
	assert_memory_equal(again.hash, copy.hash, sizeof copy.hash);
	assert_int_equal(verified(h->to, NULL).verdict, VERIFY_HOLDS);
}

/* ---- what cannot be ---- */

static void
nothing_is_written_over(void **state)
{
	struct here *h = *state;
	struct copy copy = {.from = h->chain.path, .to = h->file};
	char text[8] = "";

	close_store(h);
	folder_write(h->file, "before", 6);
	assert_int_equal(copy_store(&copy), ERR_STORAGE);
	assert_non_null(strstr(copy.problem, "data.mdb cannot be written"));
	assert_int_equal(copy_file(&copy), ERR_STORAGE);
	assert_int_equal(folder_read(h->file, text, sizeof text), 6);
	assert_memory_equal(text, "before", 6);
}

static void
what_is_no_store_leaves_nothing(void **state)
{
	struct here *h = *state;
	struct copy copy = {.from = h->chain.path, .to = h->file};
	char data[FOLDER_PATH_MAX];

	chain_append(&h->chain, 40, 4, EVENT_BYTES);
	close_store(h);
	folder_file(data, h->chain.path, "data.mdb");
	folder_write(data, "text", 4);
	assert_int_equal(copy_store(&copy), ERR_CORRUPT);
	assert_non_null(strstr(copy.problem, "not a store"));
	assert_int_equal(access(h->file, F_OK), -1);
	copy.from = "nowhere";
	assert_int_equal(copy_store(&copy), ERR_CORRUPT);
	assert_int_equal(copy_file(&copy), ERR_STORAGE);
	assert_non_null(strstr(copy.problem, "nowhere cannot be read"));
	assert_int_equal(access(h->file, F_OK), -1);
}

/* LMDB has no checksums: what is wrong with the bytes, reading the copy finds out. */
static void
a_damaged_store_is_copied_as_it_is_and_found_out(void **state)
{
	struct here *h = *state;
	struct copy copy = {.from = h->chain.path, .to = h->file};
	char data[FOLDER_PATH_MAX];

	chain_append(&h->chain, 40, 4, EVENT_BYTES);
	close_store(h);
	folder_file(data, h->chain.path, "data.mdb");
	assert_int_equal(truncate(data, 8192), 0);
	assert_int_equal(copy_store(&copy), ERR_NONE);
	assert_int_equal(copy.bytes, 8192);
	assert_int_equal(verified(h->to, NULL).verdict, VERIFY_UNREADABLE);
}

static void
count(void *context, uint64_t bytes)
{
	*(uint64_t *)context = bytes;
}

static void
how_far_it_is_can_be_heard(void **state)
{
	struct here *h = *state;
	uint64_t heard = 0;
	struct copy copy = {
	    .from = h->chain.path, .to = h->file, .more = count, .context = &heard};

	chain_append(&h->chain, 40, 4, EVENT_BYTES);
	close_store(h);
	assert_int_equal(copy_store(&copy), ERR_NONE);
	assert_true(heard > 0);
	assert_int_equal(heard, copy.bytes);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, clear)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_store_is_copied_while_it_is_written),
	    TEST(the_room_kept_ahead_is_not_copied),
	    TEST(nothing_is_written_over),
	    TEST(what_is_no_store_leaves_nothing),
	    TEST(a_damaged_store_is_copied_as_it_is_and_found_out),
	    TEST(how_far_it_is_can_be_heard),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
