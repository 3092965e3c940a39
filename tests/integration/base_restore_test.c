/* Another life of a journal: a store that was brought back, and those who followed it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/journal.h"
#include "base/message.h"
#include "base/str.h"
#include "base/verify.h"
#include "support/chain.h"
#include "support/toy.h"

#define ANOTHER UINT64_C(0x0f0e0d0c0b0a0908)
#define LATER_MS (CHAIN_TIME_MS + 100000)

static struct chain chain;
static struct toy toy;

static int
make_chain(void **state)
{
	chain_open(&chain);
	*state = &chain;
	return 0;
}

static int
clear_chain(void **state)
{
	chain_close(*state);
	return 0;
}

static int
make_toy(void **state)
{
	toy_open(&toy);
	*state = &toy;
	return 0;
}

static int
clear_toy(void **state)
{
	toy_close(*state);
	return 0;
}

/* ---- the journal ---- */

static enum err
restore(struct kv *kv, uint64_t incarnation)
{
	struct kv_txn txn;

	kv_begin(kv, &txn, true);
	kv_fail(&txn, journal_restore(&txn, incarnation, LATER_MS));
	return kv_end(&txn);
}

static uint64_t
incarnation_of(struct chain *c, uint64_t number)
{
	uint64_t found = 0;
	struct journal_walk w;
	struct kv_txn txn;

	kv_begin(c->kv, &txn, false);
	journal_walk(&txn, &w, number);
	if (journal_next(&w, &c->arena))
		found = w.record->header->incarnation;
	kv_walk_end(&w.rows);
	kv_abort(&txn);
	return found;
}

/* Old entries keep the life they were written in; the chain goes on across the two. */
static void
entries_before_and_after_are_one_chain(void **state)
{
	struct chain *c = *state;
	struct journal_restored restored;
	struct verify_report r;
	struct kv_txn txn;
	char problem[200];

	chain_append(c, 20, 3, 100);
	assert_int_equal(restore(c->kv, ANOTHER), ERR_NONE);
	assert_int_equal(chain_head(c).incarnation, ANOTHER);
	chain_append(c, 20, 3, 100);
	assert_int_equal(incarnation_of(c, 20), CHAIN_INCARNATION);
	assert_int_equal(incarnation_of(c, 21), ANOTHER);
	kv_close(c->kv);
	c->kv = NULL;
	assert_int_equal(verify_store(c->path, NULL, &r), ERR_NONE);
	assert_int_equal(r.verdict, VERIFY_HOLDS);
	assert_int_equal(r.entries, 40);
	assert_int_equal(r.incarnation, ANOTHER);
	assert_int_equal(
	    kv_open(&c->kv, &c->options, problem, sizeof problem), ERR_NONE);
	kv_begin(c->kv, &txn, true);
	assert_int_equal(journal_open(&txn, 3), ERR_NONE);
	assert_true(journal_is_restored(&txn, &restored));
	assert_int_equal(restored.number, 20);
	assert_int_equal(restored.time_ms, LATER_MS);
	journal_clear_restored(&txn);
	assert_false(journal_is_restored(&txn, &restored));
	assert_int_equal(kv_end(&txn), ERR_NONE);
	assert_int_equal(chain_head(c).incarnation, ANOTHER);
}

static void
it_must_be_another_life(void **state)
{
	struct chain *c = *state;
	struct journal_restored restored;
	struct kv_txn txn;

	assert_int_equal(restore(c->kv, CHAIN_INCARNATION), ERR_INTERNAL);
	assert_int_equal(restore(c->kv, 0), ERR_INTERNAL);
	assert_int_equal(restore(c->kv, UINT64_C(1) << 63), ERR_INTERNAL);
	assert_int_equal(chain_head(c).incarnation, CHAIN_INCARNATION);
	kv_begin(c->kv, &txn, false);
	assert_false(journal_is_restored(&txn, &restored));
	assert_int_equal(kv_end(&txn), ERR_NONE);
}

static bool
is_empty(const struct chain *c, struct journal_head before)
{
	struct journal_head now = chain_head((struct chain *)(uintptr_t)c);

	return now.number == before.number &&
	       memcmp(now.hash, before.hash, sizeof now.hash) == 0;
}

/* From its parts the same entry is made again, and from others none. */
static void
an_entry_is_taken_as_it_was_or_not_at_all(void **state)
{
	struct chain *c = *state, other;
	struct journal_head none;
	struct journal_walk w;
	struct kv_txn txn, into;

	chain_append(c, 5, 2, 100);
	chain_open(&other);
	none = chain_head(&other);
	kv_begin(c->kv, &txn, false);
	journal_walk(&txn, &w, 1);
	while (journal_next(&w, &c->arena)) {
		Journal__Record *record = message_copy(&c->arena, &w.record->base);
		kv_begin(other.kv, &into, true);
		record->salt.data[3] ^= 1;
		assert_int_equal(
		    journal_take(&into, &c->arena, record, w.body), ERR_MALFORMED);
		record->salt.data[3] ^= 1;
		record->header->time++;
		assert_int_equal(
		    journal_take(&into, &c->arena, record, w.body), ERR_MALFORMED);
		record->header->time--;
		record->header->number++;
		assert_int_equal(
		    journal_take(&into, &c->arena, record, w.body), ERR_MALFORMED);
		record->header->number--;
		record->salt.len--;
		assert_int_equal(
		    journal_take(&into, &c->arena, record, w.body), ERR_MALFORMED);
		record->salt.len++;
		assert_true(w.number > 1 || is_empty(&other, none));
		assert_int_equal(
		    journal_take(&into, &c->arena, record, w.body), ERR_NONE);
		assert_int_equal(kv_end(&into), ERR_NONE);
	}
	assert_null(w.bad);
	kv_abort(&txn);
	assert_memory_equal(
	    chain_head(&other).hash, chain_head(c).hash, JOURNAL_HASH_BYTES);
	assert_int_equal(chain_head(&other).time_ms, chain_head(c).time_ms);
	chain_close(&other);
}

/* ---- those who follow ---- */

static void
restore_foster(struct toy *t)
{
	assert_int_equal(restore(svc_kv(toy_svc(t)), ANOTHER), ERR_NONE);
	machines_restart(&t->m, "foster");
}

static void
followers_follow_from_one_and_react_to_nothing_twice(void **state)
{
	struct toy *t = *state;
	Journal__EventsPage *page;
	struct svc_input in;

	for (unsigned i = 0; i < 5; i++)
		toy_write(t);
	machines_settle(&t->m);
	assert_int_equal(toy_seen.reactions, 5);
	restore_foster(t);
	t->m.now_ms += 5000;
	in = toy_page(t, "requests", "foster", &page);
	assert_true(page->cursor_unknown);
	assert_int_equal(page->incarnation, ANOTHER);
	toy_give(t, "requests", &in);
	machines_settle(&t->m);
	assert_int_equal(toy_rows(t, "requests", TOY_COPIES), 5);
	assert_int_equal(toy_seen.reactions, 5);
	toy_write(t);
	machines_settle(&t->m);
	assert_int_equal(toy_rows(t, "requests", TOY_COPIES), 6);
	assert_int_equal(toy_seen.reactions, 6);
	assert_null(toy_follow_health(t, "requests", "foster")->stopped);
	assert_int_equal(
	    toy_follow_health(t, "requests", "foster")->number, toy_head(t));
}

/* ---- the mark ---- */

static const Common__Health *
health(struct toy *t)
{
	Common__HealthAsked asked = COMMON__HEALTH_ASKED__INIT;

	return toy_body(t,
	    toy_ask(t,
		&(struct toy_call){
		    .key = TOY_OFFICER, .method = 2, .body = &asked.base}),
	    &common__health__descriptor);
}

/* The toy as an owner of places: what it waits for is that a note is amended. */
static enum err
apply_showing(struct kv_txn *txn, struct arena *a, const struct svc_event *e)
{
	if (e->type == TOY_EVENT(HOUSEHOLD_AMENDED))
		svc_restored_clear(txn, e);
	return toy_service.apply(txn, a, e);
}

static bool asked_is_restored;
static unsigned said_restored;

static enum err
decide_showing(struct svc_ask *ask, void *context)
{
	Foster__HouseholdAmended event = FOSTER__HOUSEHOLD_AMENDED__INIT;
	Foster__Household household = FOSTER__HOUSEHOLD__INIT;
	struct journal_restored restored;

	(void)context;
	asked_is_restored = journal_is_restored(ask->txn, &restored);
	household.household_id = str_copy(ask->arena, svc_new_id(ask));
	event.household = &household;
	svc_decide(ask, TOY_EVENT(HOUSEHOLD_AMENDED), &event.base);
	return ask->txn->err;
}

static enum err
say_restored(struct svc_ask *ask, const struct journal_head *head)
{
	Foster__HouseholdRegistered event = FOSTER__HOUSEHOLD_REGISTERED__INIT;
	Foster__Household household = FOSTER__HOUSEHOLD__INIT;

	assert_int_equal(head->incarnation, ANOTHER);
	assert_int_equal(svc_incarnation(ask), ANOTHER);
	said_restored++;
	household.household_id = str_copy(ask->arena, svc_new_id(ask));
	event.household = &household;
	svc_decide(ask, TOY_EVENT(HOUSEHOLD_REGISTERED), &event.base);
	return ask->txn->err;
}

static bool
show(struct toy *t)
{
	static uint8_t seed[32];

	seed[0]++;
	assert_int_equal(
	    svc_first(toy_svc(t), t->m.now_ms, seed, decide_showing, NULL), ERR_NONE);
	return asked_is_restored;
}

static void
it_waits_until_it_was_shown(void **state)
{
	struct toy *t = *state;
	struct service owner = toy_service;
	char problem[200];

	owner.apply = apply_showing;
	owner.restored_waits_for = "requests";
	owner.restored = say_restored;
	said_restored = 0;
	toy_reopen_as(t, "foster", &owner);
	toy_write(t);
	assert_false(show(t)); /* of an earlier life: it says nothing of this one */
	assert_null(health(t)->restored_waits_for);
	restore_foster(t);
	assert_string_equal(health(t)->restored_waits_for, "requests");
	machines_restart(&t->m, "foster");
	assert_int_equal(svc_rebuild(toy_svc(t), problem, sizeof problem), ERR_NONE);
	assert_string_equal(health(t)->restored_waits_for, "requests");
	toy_write(t);
	assert_string_equal(health(t)->restored_waits_for, "requests");
	toy_write(t);
	machines_restart(&t->m, "foster");
	toy_write(t);
	assert_int_equal(said_restored, 1); /* before all else, and once */
	assert_true(show(t));
	assert_null(health(t)->restored_waits_for);
	assert_false(show(t));
	toy_reopen_as(t, "foster", &toy_service);
}

static void
who_waits_for_nobody_is_as_any_other_once_open(void **state)
{
	struct toy *t = *state;

	toy_write(t);
	restore_foster(t);
	assert_null(health(t)->restored_waits_for);
	assert_int_equal(health(t)->incarnation, ANOTHER);
	assert_false(show(t));
}

#define CHAIN_TEST(f) cmocka_unit_test_setup_teardown(f, make_chain, clear_chain)
#define TOY_TEST(f) cmocka_unit_test_setup_teardown(f, make_toy, clear_toy)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CHAIN_TEST(entries_before_and_after_are_one_chain),
	    CHAIN_TEST(it_must_be_another_life),
	    CHAIN_TEST(an_entry_is_taken_as_it_was_or_not_at_all),
	    TOY_TEST(followers_follow_from_one_and_react_to_nothing_twice),
	    TOY_TEST(it_waits_until_it_was_shown),
	    TOY_TEST(who_waits_for_nobody_is_as_any_other_once_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
