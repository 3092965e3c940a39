/* Tables kept beside the same made anew: the first row that differs is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/copy.h"
#include "base/message.h"
#include "base/row.h"
#include "base/verify.h"
#include "support/toy.h"

struct here {
	struct toy toy;
	char kept[FOLDER_PATH_MAX], rebuilt[FOLDER_PATH_MAX];
};

static struct here here;

static int
make(void **state)
{
	toy_open(&here.toy);
	folder_file(here.kept, here.toy.m.folder, "kept");
	folder_file(here.rebuilt, here.toy.m.folder, "rebuilt");
	*state = &here;
	return 0;
}

static int
clear(void **state)
{
	struct here *h = *state;

	toy_close(&h->toy);
	return 0;
}

static void
copy_to(const char *from, const char *folder)
{
	char file[FOLDER_PATH_MAX];
	struct copy copy = {.from = from, .to = file};

	folder_file(file, folder, "data.mdb");
	assert_int_equal(mkdir(folder, 0700), 0);
	if (copy_store(&copy) != ERR_NONE)
		fail_msg("%s", copy.problem);
}

/* Of a service's store, as it is now. */
static const Journal__TablesVerified *
verified(struct here *h, const struct service *service)
{
	const struct svc_copies copies = {h->kept, h->rebuilt};
	Journal__TablesVerified *said = NULL;
	char path[FOLDER_PATH_MAX], problem[300] = "";

	if (access(h->kept, F_OK) == 0) {
		folder_remove(h->kept);
		folder_remove(h->rebuilt);
	}
	folder_file(path, h->toy.m.folder, service->name);
	copy_to(path, h->kept);
	copy_to(path, h->rebuilt);
	if (svc_verify_tables(service, &copies, &h->toy.m.arena, &said, problem,
		sizeof problem) != ERR_NONE)
		fail_msg("%s", problem);
	return said;
}

static void
populate(struct toy *t)
{
	Place__Hold hold = PLACE__HOLD__INIT;

	for (unsigned i = 0; i < 5; i++)
		toy_write(t);
	SET(&hold, hold_minutes, 5);
	toy_ask(
	    t, &(struct toy_call){
		   .peer = "requests", .method = TOY_METHOD(HOLD), .body = &hold.base});
	machines_settle(&t->m);
}

static void
tables_are_what_the_journal_makes(void **state)
{
	struct here *h = *state;
	const Journal__TablesVerified *said;

	populate(&h->toy);
	said = verified(h, &toy_service);
	assert_true(said->same);
	assert_int_equal(said->rows, 5 + 1 + 1 + 6); /* notes, hold, timer, inbox */
	assert_null(said->what);
	said = verified(h, &toy_follower_service);
	assert_true(said->same);
	assert_int_equal(said->rows, 5 + 5); /* its own events, and what caused them */
	assert_true(verified(h, &toy_members_service)->same);
}

/* The first note's key, to be damaged. */
static struct bytes
first_note(struct toy *t)
{
	struct kv_txn txn;
	struct kv_walk w;
	struct bytes key = BYTES_NONE;

	kv_begin(svc_kv(toy_svc(t)), &txn, false);
	kv_walk(&txn, &w, TOY_NOTES, BYTES_NONE, BYTES_NONE);
	if (kv_next(&w))
		key = bytes_copy(&t->m.arena, w.key);
	kv_walk_end(&w);
	kv_abort(&txn);
	assert_int_equal(key.len, ID_LEN);
	return key;
}

static void
damage(struct toy *t, unsigned table, struct bytes key, struct bytes value)
{
	struct kv_txn txn;

	kv_begin(svc_kv(toy_svc(t)), &txn, true);
	if (value.data != NULL)
		kv_put(&txn, table, key, value);
	else
		kv_delete(&txn, table, key);
	assert_int_equal(kv_end(&txn), ERR_NONE);
}

static void
assert_named(const Journal__TablesVerified *said, const char *table, struct bytes key,
    const char *what)
{
	assert_false(said->same);
	assert_string_equal(said->table, table);
	assert_true(bytes_equal(BYTES_OF(said->key), key));
	assert_non_null(strstr(said->what, what));
}

static void
the_first_row_that_differs_is_named(void **state)
{
	struct here *h = *state;
	struct bytes key, beyond = bytes_of_text("zzz");

	populate(&h->toy);
	key = first_note(&h->toy);
	damage(&h->toy, TOY_NOTES, beyond, bytes_of_text("x"));
	assert_named(verified(h, &toy_service), "notes", beyond, "does not make");
	damage(&h->toy, TOY_NOTES, key, bytes_of_text("x"));
	assert_named(verified(h, &toy_service), "notes", key, "other contents");
	damage(&h->toy, TOY_NOTES, key, BYTES_NONE);
	assert_named(verified(h, &toy_service), "notes", key, "missing");
	assert_int_equal(toy_rows(&h->toy, "foster", TOY_NOTES), 5); /* still damaged */
}

static void
what_others_wrote_is_not_looked_at(void **state)
{
	struct here *h = *state;

	populate(&h->toy);
	h->toy.at = "requests";
	damage(&h->toy, TOY_COPIES, bytes_of_text("zzz"), bytes_of_text("x"));
	h->toy.at = "foster";
	assert_true(verified(h, &toy_follower_service)->same);
}

/* How far it followed whom stands beside the tables, for who compares journals. */
static void
a_store_says_whom_it_followed_how_far(void **state)
{
	struct here *h = *state;
	struct verify_known known[VERIFY_KNOWN_MAX];
	struct verify_report owner;
	char path[FOLDER_PATH_MAX];
	size_t n = 0;

	populate(&h->toy);
	folder_file(path, h->toy.m.folder, "requests");
	assert_int_equal(verify_what_is_known(path, known, &n), ERR_NONE);
	assert_int_equal(n, 2);
	assert_string_equal(known[0].service, "foster");
	assert_string_equal(known[1].service, "members");
	folder_file(path, h->toy.m.folder, "foster");
	assert_int_equal(verify_store(path, &known[0].head, &owner), ERR_NONE);
	assert_int_equal(owner.verdict, VERIFY_HOLDS);
	assert_int_equal(owner.head_number, known[0].head.number);
	folder_file(path, h->toy.m.folder, "nowhere");
	assert_int_equal(verify_what_is_known(path, known, &n), ERR_NONE);
	assert_int_equal(n, 0);
}

static void
another_layout_is_said(void **state)
{
	struct here *h = *state;
	struct service later = toy_service;
	const Journal__TablesVerified *said;

	populate(&h->toy);
	later.layout = toy_service.layout + 1;
	said = verified(h, &later);
	assert_false(said->same);
	assert_null(said->table);
	assert_non_null(strstr(said->what, "of layout"));
}

static enum err
apply_no_more(struct kv_txn *txn, struct arena *a, const struct svc_event *e)
{
	return e->number == 3 ? ERR_CORRUPT : toy_service.apply(txn, a, e);
}

static void
a_journal_that_cannot_be_applied_is_named(void **state)
{
	struct here *h = *state;
	const struct svc_copies copies = {h->kept, h->rebuilt};
	struct service broken = toy_service;
	Journal__TablesVerified *said = NULL;
	char problem[300] = "";

	populate(&h->toy);
	assert_true(verified(h, &toy_service)->same);
	broken.apply = apply_no_more;
	assert_int_equal(svc_verify_tables(&broken, &copies, &h->toy.m.arena, &said,
			     problem, sizeof problem),
	    ERR_CORRUPT);
	assert_non_null(strstr(problem, "entry 3 of the journal cannot be applied"));
	assert_null(said);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, clear)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(tables_are_what_the_journal_makes),
	    TEST(the_first_row_that_differs_is_named),
	    TEST(what_others_wrote_is_not_looked_at),
	    TEST(a_store_says_whom_it_followed_how_far),
	    TEST(another_layout_is_said),
	    TEST(a_journal_that_cannot_be_applied_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
