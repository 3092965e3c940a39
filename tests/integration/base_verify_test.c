/* A journal read where the disk, or somebody, has changed it. */
#include "base/verify.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "support/chain.h"

#define ENTRIES 60
#define EVENT_BYTES 200
#define FILE_BYTES_MAX (1u << 20)
#define SILENT_MS 3000
#define FLIPS 300
#define ROOT_BYTES 152 /* of each root page: its head and what LMDB keeps in it */
#define ROOT_TRANSACTION 144

/* A store, and a copy of it to be damaged. */
struct here {
	struct chain chain;
	struct journal_head head;
	char copy[FOLDER_PATH_MAX], file[FOLDER_PATH_MAX];
	uint8_t bytes[FILE_BYTES_MAX];
	size_t len;
};

static void
copy_store(struct here *h)
{
	char file[FOLDER_PATH_MAX];

	kv_close(h->chain.kv);
	h->chain.kv = NULL;
	folder_file(file, h->chain.path, "data.mdb");
	h->len = folder_read(file, h->bytes, sizeof h->bytes);
	assert_in_range(h->len, 8192, sizeof h->bytes - 1);
	folder_file(h->copy, h->chain.folder, "copy");
	assert_int_equal(mkdir(h->copy, 0700), 0);
	folder_file(h->file, h->copy, "data.mdb");
	folder_write(h->file, h->bytes, h->len);
}

static int
make(void **state)
{
	struct here *h = calloc(1, sizeof *h);

	assert_non_null(h);
	chain_open(&h->chain);
	chain_append(&h->chain, ENTRIES, 7, EVENT_BYTES);
	h->head = chain_head(&h->chain);
	copy_store(h);
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

static struct verify_report
verified(const char *path, const struct verify_head *expected)
{
	struct verify_report report;

	assert_int_equal(verify_store_watched(path, expected,
			     &(struct verify_watch){SILENT_MS, NULL, NULL}, &report),
	    ERR_NONE);
	return report;
}

static struct verify_head
head_of(const struct here *h)
{
	struct verify_head head = {.number = h->head.number};

	memcpy(head.hash, h->head.hash, sizeof head.hash);
	return head;
}

static void
a_whole_journal_holds(void **state)
{
	struct here *h = *state;
	struct verify_head expected = head_of(h);
	struct verify_report r;

	assert_int_equal(verify_store(h->copy, &expected, &r), ERR_NONE);
	assert_int_equal(r.verdict, VERIFY_HOLDS);
	assert_string_equal(r.what, "");
	assert_int_equal(r.entries, ENTRIES);
	assert_int_equal(r.head_number, ENTRIES);
	assert_memory_equal(r.head_hash, h->head.hash, sizeof r.head_hash);
	assert_int_equal(verified(h->copy, NULL).verdict, VERIFY_HOLDS);
	assert_int_equal(verified(h->chain.path, NULL).verdict, VERIFY_HOLDS);
}

static void
another_chain_than_the_one_witnessed_is_told(void **state)
{
	struct here *h = *state;
	struct verify_head expected = head_of(h);
	struct verify_report r;

	expected.hash[5] ^= 1;
	r = verified(h->copy, &expected);
	assert_int_equal(r.verdict, VERIFY_OTHER_HEAD);
	assert_non_null(strstr(r.what, "rewritten"));
	assert_int_equal(r.entries, ENTRIES);
	expected.hash[5] ^= 1;
	expected.number = 20; /* an older witness, with another hash */
	assert_int_equal(verified(h->copy, &expected).verdict, VERIFY_OTHER_HEAD);
	expected.number = ENTRIES + 1;
	r = verified(h->copy, &expected);
	assert_int_equal(r.verdict, VERIFY_OTHER_HEAD);
	assert_non_null(strstr(r.what, "ends before"));
}

static void
what_is_no_store_is_unreadable(void **state)
{
	struct here *h = *state;
	char nowhere[FOLDER_PATH_MAX];
	struct verify_report r;

	folder_file(nowhere, h->chain.folder, "nowhere");
	r = verified(nowhere, NULL);
	assert_int_equal(r.verdict, VERIFY_UNREADABLE);
	assert_non_null(strstr(r.what, "no such folder"));
	folder_write(h->file, h->bytes, 8192); /* cut off behind the root pages */
	r = verified(h->copy, NULL);
	assert_int_equal(r.verdict, VERIFY_UNREADABLE);
	assert_non_null(strstr(r.what, "crashed"));
	folder_write(h->file, "text", 4);
	assert_int_equal(verified(h->copy, NULL).verdict, VERIFY_UNREADABLE);
}

/* LMDB waits for its lock file as long as somebody else holds it. */
static void
a_reader_that_hangs_is_ended(void **state)
{
	struct here *h = *state;
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	char file[FOLDER_PATH_MAX];
	struct verify_report r;
	int fd;

	folder_file(file, h->copy, "lock.mdb");
	fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(fcntl(fd, F_SETLK, &lock), 0);
	assert_int_equal(verify_store_watched(h->copy, NULL,
			     &(struct verify_watch){100, NULL, NULL}, &r),
	    ERR_NONE);
	assert_int_equal(close(fd), 0);
	assert_int_equal(r.verdict, VERIFY_UNREADABLE);
	assert_string_equal(r.what, "reading came to a halt after entry 0");
	assert_int_equal(verified(h->copy, NULL).verdict, VERIFY_HOLDS);
}

/* The copy with one byte changed, and what is said of it. */
static struct verify_report
flipped(struct here *h, size_t offset, uint8_t bits)
{
	uint8_t byte = h->bytes[offset] ^ bits;
	int fd = open(h->file, O_WRONLY | O_CLOEXEC);
	struct verify_report r;

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, &byte, 1, (off_t)offset), 1);
	r = verified(h->copy, NULL);
	assert_int_equal(pwrite(fd, &h->bytes[offset], 1, (off_t)offset), 1);
	assert_int_equal(close(fd), 0);
	return r;
}

/* Correct, named, or unreadable; never whole and different. */
static void
assert_not_deceived(const struct here *h, const struct verify_report *r, size_t offset)
{
	if (r->verdict == VERIFY_HOLDS &&
	    (r->head_number != ENTRIES || r->entries != ENTRIES ||
		memcmp(r->head_hash, h->head.hash, sizeof r->head_hash) != 0))
		fail_msg("byte %zu: another journal was said to hold", offset);
	if (r->verdict == VERIFY_OTHER_HEAD)
		fail_msg("byte %zu: nothing was expected", offset);
	if (r->verdict == VERIFY_BAD_ENTRY &&
	    (r->bad_number < 1 || r->bad_number > ENTRIES + 1 || r->what[0] == '\0'))
		fail_msg("byte %zu: no entry was named", offset);
	if (r->verdict == VERIFY_UNREADABLE && r->what[0] == '\0')
		fail_msg("byte %zu: no reason was given", offset);
}

static void
no_flipped_byte_deceives(void **state)
{
	struct here *h = *state;
	uint64_t seed = 20261122;
	unsigned verdicts[VERIFY_OTHER_HEAD + 1] = {0};

	for (unsigned i = 0; i < FLIPS; i++) {
		seed = seed * UINT64_C(6364136223846793005) +
		       UINT64_C(1442695040888963407);
		size_t offset = (size_t)(seed >> 20) % h->len;
		uint8_t bits = (uint8_t)(1u << (seed >> 17) % 8);
		struct verify_report r = flipped(h, offset, bits);

		assert_not_deceived(h, &r, offset);
		verdicts[r.verdict]++;
	}
	assert_in_range(
	    verdicts[VERIFY_HOLDS], 10, FLIPS); /* bytes that mean nothing */
	assert_in_range(verdicts[VERIFY_BAD_ENTRY], 10, FLIPS);
	assert_in_range(verdicts[VERIFY_UNREADABLE], 1, FLIPS);
}

/*
 * The root pages are where one byte can bring back an older state that is whole: one
 * bit of every byte of what they hold, and every bit of the number of the commit.
 * With one more commit it is the other page that counts.
 */
static void
assert_roots_do_not_deceive(struct here *h)
{
	unsigned held = 0;

	for (size_t page = 0; page < 2; page++) {
		for (size_t i = 0; i < ROOT_BYTES; i++) {
			size_t offset = page * 4096 + i;
			struct verify_report r = flipped(h, offset, i % 2 == 0 ? 1 : 2);

			assert_not_deceived(h, &r, offset);
			held += r.verdict == VERIFY_HOLDS;
		}
		for (size_t bit = 0; bit < 64; bit++) {
			size_t offset = page * 4096 + ROOT_TRANSACTION + bit / 8;
			struct verify_report r =
			    flipped(h, offset, (uint8_t)(1u << bit % 8));

			assert_int_equal(r.verdict, VERIFY_UNREADABLE);
		}
	}
	assert_in_range(
	    held, 1, ROOT_BYTES); /* of the page that counts, not the other */
}

static void
no_root_brings_back_an_older_state(void **state)
{
	struct here *h = *state;

	for (unsigned commits = 0; commits < 4; commits++) {
		struct chain *c = &h->chain;
		char problem[200];
		struct kv_txn txn;

		assert_roots_do_not_deceive(h);
		assert_int_equal(
		    kv_open(&c->kv, &c->options, problem, sizeof problem), ERR_NONE);
		kv_begin(c->kv, &txn, true); /* a commit that journals nothing */
		kv_put(&txn, JOURNAL_META_TABLE, bytes_of_text("layout"),
		    (struct bytes){(const uint8_t *)&commits, sizeof commits});
		assert_int_equal(kv_end(&txn), ERR_NONE);
		folder_remove(h->copy);
		copy_store(h);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, clear)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_whole_journal_holds),
	    TEST(another_chain_than_the_one_witnessed_is_told),
	    TEST(what_is_no_store_is_unreadable),
	    TEST(a_reader_that_hangs_is_ended),
	    TEST(no_flipped_byte_deceives),
	    TEST(no_root_brings_back_an_older_state),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
