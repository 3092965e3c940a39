/* A followed table in memory is the table, however it came there. */
#include "base/mirror.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/message.h"
#include "base/row.h"
#include "support/folder.h"

#include "common.pb-c.h"

#define ROWS_MAX 300

enum { ROWS, CHANGES, CHANGED, TABLES };

struct boiled {
	struct id id;
	uint64_t number;
};

static void
boil(const ProtobufCMessage *row, void *out)
{
	((struct boiled *)out)->number =
	    ((const Common__Done *)(const void *)row)->number;
}

static const struct mirror_spec spec = {ROWS, CHANGES, CHANGED,
    &common__done__descriptor, sizeof(struct boiled), ROWS_MAX, boil};

struct world {
	char folder[FOLDER_PATH_MAX];
	struct kv *kv;
	struct arena arena;
	struct mirror mirror;
	uint64_t number; /* of the journal that is followed */
};

static struct world world;

static int
make(void **state)
{
	static const char *const tables[TABLES] = {"rows", "changes", "changed"};
	struct world *w = &world;
	struct kv_options o = {.tables = tables, .tables_n = TABLES, .no_sync = true};
	char problem[300] = "";

	memset(w, 0, sizeof *w);
	*state = w;
	folder_make(w->folder);
	o.path = w->folder;
	if (kv_open(&w->kv, &o, problem, sizeof problem) != ERR_NONE)
		fail_msg("%s", problem);
	assert_int_equal(
	    arena_open(&w->arena, 2 * mirror_room(&spec) + (1u << 20)), ERR_NONE);
	assert_int_equal(mirror_open(&w->mirror, &spec, &w->arena), ERR_NONE);
	return 0;
}

static int
clear(void **state)
{
	struct world *w = *state;

	kv_close(w->kv);
	arena_close(&w->arena);
	folder_remove(w->folder);
	return 0;
}

static struct id
name(unsigned i)
{
	uint8_t random[ID_RANDOM_BYTES] = {(uint8_t)i, (uint8_t)(i >> 8)};

	return id_make(1000 + i % 7, random);
}

/* The event of the next number writes this row. */
static void
change(struct world *w, unsigned i)
{
	Common__Done row = COMMON__DONE__INIT;
	struct id id = name(i);
	struct kv_txn txn;

	SET(&row, number, ++w->number);
	kv_begin(w->kv, &txn, true);
	row_put(&txn, &w->arena, ROWS, row_key(id.text), &row.base);
	mirror_note(&txn, &spec, id.text, w->number);
	assert_int_equal(kv_end(&txn), ERR_NONE);
}

static enum err
catch_up(struct world *w, struct mirror *m, uint64_t incarnation)
{
	struct kv_txn txn;

	kv_begin(w->kv, &txn, false);
	enum err e = mirror_catch_up(m, &txn, &w->arena, w->number, incarnation);
	kv_abort(&txn);
	return e;
}

static uint64_t
number_of(const struct mirror *m, unsigned i)
{
	struct id id = name(i);
	size_t at = mirror_find(m, &id);

	return at == SIZE_MAX ? 0 : ((const struct boiled *)mirror_at(m, at))->number;
}

static void
it_follows_every_change(void **state)
{
	struct world *w = *state;
	struct mirror anew;

	assert_int_equal(catch_up(w, &w->mirror, 1), ERR_NONE);
	assert_int_equal(w->mirror.n, 0);
	for (unsigned round = 0; round < 20; round++) {
		for (unsigned i = 0; i < 30; i++)
			change(w, (round * 13 + i * 7) % 200);
		assert_int_equal(catch_up(w, &w->mirror, 1), ERR_NONE);
		/* The same as one that read the whole table. */
		size_t mark = w->arena.used;
		assert_int_equal(mirror_open(&anew, &spec, &w->arena), ERR_NONE);
		assert_int_equal(catch_up(w, &anew, 1), ERR_NONE);
		assert_int_equal(w->mirror.n, anew.n);
		for (unsigned i = 0; i < 200; i++)
			assert_int_equal(number_of(&w->mirror, i), number_of(&anew, i));
		arena_release(&w->arena, mark);
	}
	assert_int_equal(w->mirror.n, 200);
	assert_int_equal(number_of(&w->mirror, 201), 0);
}

/* Only what changed since is read; another incarnation is read whole. */
static void
it_knows_when_to_begin_again(void **state)
{
	struct world *w = *state;
	struct kv_txn txn;
	struct id id = name(1);

	change(w, 1);
	change(w, 2);
	assert_int_equal(catch_up(w, &w->mirror, 1), ERR_NONE);
	kv_begin(w->kv, &txn, true);
	kv_clear(&txn, ROWS);
	kv_clear(&txn, CHANGES);
	kv_clear(&txn, CHANGED);
	assert_int_equal(kv_end(&txn), ERR_NONE);
	w->number = 0;
	change(w, 3);
	assert_int_equal(catch_up(w, &w->mirror, 2), ERR_NONE);
	assert_int_equal(w->mirror.n, 1);
	assert_int_equal(mirror_find(&w->mirror, &id), SIZE_MAX);
	assert_int_equal(number_of(&w->mirror, 3), 1);
	/* A store that is behind what is in memory is read whole as well. */
	change(w, 3);
	assert_int_equal(catch_up(w, &w->mirror, 2), ERR_NONE);
	w->number = 1;
	assert_int_equal(catch_up(w, &w->mirror, 2), ERR_NONE);
	assert_int_equal(w->mirror.number, 1);
}

static void
it_has_its_limit(void **state)
{
	struct world *w = *state;

	for (unsigned i = 0; i < ROWS_MAX; i++)
		change(w, i);
	assert_int_equal(catch_up(w, &w->mirror, 1), ERR_NONE);
	assert_int_equal(w->mirror.n, ROWS_MAX);
	change(w, ROWS_MAX);
	assert_int_equal(catch_up(w, &w->mirror, 1), ERR_MEMORY);
	/* A change that has lost its row is no table of ours. */
	struct kv_txn txn;
	kv_begin(w->kv, &txn, true);
	struct id id = name(ROWS_MAX);
	kv_delete(&txn, ROWS, row_key(id.text));
	assert_int_equal(kv_end(&txn), ERR_NONE);
	assert_int_equal(catch_up(w, &w->mirror, 1), ERR_NONE);
	change(w, 5);
	kv_begin(w->kv, &txn, true);
	id = name(5);
	kv_delete(&txn, ROWS, row_key(id.text));
	assert_int_equal(kv_end(&txn), ERR_NONE);
	assert_int_equal(catch_up(w, &w->mirror, 1), ERR_CORRUPT);
	assert_int_equal(w->mirror.number, 0);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make, clear)
	const struct CMUnitTest tests[] = {
	    TEST(it_follows_every_change),
	    TEST(it_knows_when_to_begin_again),
	    TEST(it_has_its_limit),
	};

	return cmocka_run_group_tests_name("base_mirror", tests, NULL, NULL);
}
