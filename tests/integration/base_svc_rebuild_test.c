#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/message.h"
#include "base/row.h"
#include "base/str.h"
#include "support/toy.h"

/* Tables are what the journal says, whatever became of them. */

static struct toy toy;

static int
make(void **state)
{
	toy_open(&toy);
	*state = &toy;
	return 0;
}

static int
clear(void **state)
{
	toy_close(*state);
	return 0;
}

/* The toy as a later release has it, with another layout and its own apply. */
static struct service
release(const struct service *of, uint32_t layout, svc_apply *apply)
{
	struct service s = *of;

	s.layout = layout;
	if (apply != NULL)
		s.apply = apply;
	return s;
}

static void
populate(struct toy *t)
{
	Foster__EndOccupant end = FOSTER__END_OCCUPANT__INIT;
	Place__Hold hold = PLACE__HOLD__INIT;

	for (unsigned i = 0; i < 5; i++)
		toy_write(t);
	toy_ask(t, &(struct toy_call){.key = TOY_OFFICER,
		       .method = TOY_METHOD(REGISTER_HOUSEHOLD),
		       .body = toy_note(t, TOY_REFUSED)});
	SET(&hold, hold_minutes, 5);
	toy_ask(
	    t, &(struct toy_call){
		   .peer = "requests", .method = TOY_METHOD(HOLD), .body = &hold.base});
	end.occupant_id = machines_id(&t->m);
	toy_ask(t, &(struct toy_call){.key = TOY_OFFICER,
		       .method = TOY_METHOD(END_OCCUPANT),
		       .body = &end.base});
}

static void
everything_own_comes_back(void **state)
{
	struct toy *t = *state;

	populate(t);
	machines_settle(&t->m);
	assert_int_equal(toy_rows(t, "foster", TOY_NOTES), 5);
	assert_int_equal(toy_rows(t, "foster", SVC_TIMERS), 1);
	assert_int_equal(toy_rows(t, "requests", SVC_CAUSED), 5);
	assert_int_equal(toy_rows(t, "requests", TOY_REACTIONS), 5);
	machines_check_rebuild(&t->m, "foster");
	machines_check_rebuild(&t->m, "requests");
	assert_int_equal(toy_rows(t, "requests", SVC_CAUSED), 5);
	assert_int_equal(toy_rows(t, "requests", TOY_REACTIONS), 5);
	assert_int_equal(toy_rows(t, "requests", TOY_COPIES), 5);
}

/* Rows were lost: they come back, and what they do with them. */
static void
what_was_damaged_is_put_right(void **state)
{
	struct toy *t = *state;
	char problem[200];
	struct svc_sends sends;
	struct kv_txn txn;
	int64_t wake;
	uint64_t head;

	populate(t);
	head = toy_head(t);
	kv_begin(svc_kv(toy_svc(t)), &txn, true);
	kv_clear(&txn, SVC_TIMERS);
	kv_clear(&txn, SVC_OWED);
	kv_clear(&txn, TOY_NOTES);
	assert_int_equal(kv_end(&txn), ERR_NONE);
	machines_restart(&t->m, "foster");
	toy_due(t, &sends, &wake);
	assert_null(toy_sent(t, &sends, "requests", TOY_METHOD(END), 0));
	assert_int_equal(svc_rebuild(toy_svc(t), problem, sizeof problem), ERR_NONE);
	assert_int_equal(toy_rows(t, "foster", TOY_NOTES), 5);
	toy_due(t, &sends, &wake);
	assert_non_null(toy_sent(t, &sends, "requests", TOY_METHOD(END), 0));
	t->m.now_ms += INT64_C(5) * 60000;
	assert_int_equal(toy_turn(t, NULL, 0, &sends), ERR_NONE);
	assert_int_equal(toy_head(t), head + 1); /* the hold expired */
}

static void
rebuilt_with_nothing_in_it_it_is_not_rebuilt_again(void **state)
{
	struct toy *t = *state;
	char problem[200];
	struct service doubling = release(&toy_service, 1, NULL);

	assert_int_equal(svc_rebuild(toy_svc(t), problem, sizeof problem), ERR_NONE);
	toy_write(t);
	/* An apply that would fault shows that it is not called. */
	doubling.apply = NULL;
	toy_reopen_as(t, "foster", &doubling);
	assert_int_equal(toy_rows(t, "foster", TOY_NOTES), 1);
	toy_reopen_as(t, "foster", &toy_service);
}

/* Two rows for each note, where there was one. */
static enum err
apply_two(struct kv_txn *txn, struct arena *a, const struct svc_event *e)
{
	const Foster__Household *household;

	if (e->type != TOY_EVENT(HOUSEHOLD_REGISTERED))
		return ERR_NONE;
	household =
	    ((const Foster__HouseholdRegistered *)(const void *)e->message)->household;
	row_put(txn, a, TOY_NOTES, row_key2(a, household->household_id, "1"),
	    &household->base);
	row_put(txn, a, TOY_NOTES, row_key2(a, household->household_id, "2"),
	    &household->base);
	return txn->err;
}

static void
another_layout_is_rebuilt_before_serving(void **state)
{
	struct toy *t = *state;
	struct service two = release(&toy_service, 2, apply_two);

	populate(t);
	toy_reopen_as(t, "foster", &two);
	assert_int_equal(toy_rows(t, "foster", TOY_NOTES), 10);
	assert_int_equal(toy_rows(t, "foster", SVC_OWED), 0);
	toy_reopen_as(t, "foster", &two);
	assert_int_equal(toy_rows(t, "foster", TOY_NOTES), 10);
	toy_reopen_as(t, "foster", &toy_service);
	assert_int_equal(toy_rows(t, "foster", TOY_NOTES), 5);
	assert_int_equal(toy_rows(t, "foster", SVC_OWED), 1);
}

/* What others' events wrote is followed again, and makes us do nothing twice. */
static void
another_layout_follows_again(void **state)
{
	struct toy *t = *state;
	struct service later = release(&toy_follower_service, 2, NULL);

	populate(t);
	machines_settle(&t->m);
	toy_reopen_as(t, "requests", &later);
	assert_int_equal(toy_rows(t, "requests", TOY_COPIES), 0);
	assert_int_equal(toy_rows(t, "requests", TOY_REACTIONS), 5);
	machines_settle(&t->m);
	assert_int_equal(toy_rows(t, "requests", TOY_COPIES), 5);
	assert_int_equal(toy_rows(t, "requests", TOY_REACTIONS), 5);
	assert_int_equal(toy_seen.reactions, 5);
	toy_reopen_as(t, "requests", &later);
	assert_int_equal(toy_rows(t, "requests", TOY_COPIES), 5);
	toy_reopen_as(t, "requests", &toy_follower_service);
	machines_settle(&t->m);
}

/* ---- a crash in the middle ---- */

static unsigned applied;

static enum err
apply_until_the_power_fails(
    struct kv_txn *txn, struct arena *a, const struct svc_event *e)
{
	if (++applied > 10500)
		_exit(9); /* after the first commit of the rebuild, before the last */
	return toy_service.apply(txn, a, e);
}

static enum err
decide_notes(struct svc_ask *ask, void *context)
{
	Foster__HouseholdRegistered event = FOSTER__HOUSEHOLD_REGISTERED__INIT;
	Foster__Household household = FOSTER__HOUSEHOLD__INIT;

	(void)context;
	event.household = &household;
	for (unsigned i = 0; i < 60; i++) {
		household.household_id = str_copy(ask->arena, svc_new_id(ask));
		svc_decide(ask, TOY_EVENT(HOUSEHOLD_REGISTERED), &event.base);
	}
	return ask->txn->err;
}

/* In a process of its own, which dies: the store may be open in one at a time. */
static void
crash_while_rebuilding(struct toy *t)
{
	struct service dying = release(&toy_service, 2, apply_until_the_power_fails);
	struct machine *one = &t->m.list[1];
	char problem[300];
	struct svc_options o = {
	    .service = &dying,
	    .path = one->path,
	    .peers = &t->m.peers,
	    .no_sync = true,
	    .incarnation = 1,
	    .now_ms = t->m.now_ms,
	};
	int status;
	pid_t child;

	svc_close(one->svc);
	one->svc = NULL;
	child = fork();
	if (child == 0) {
		(void)!svc_open(&one->svc, &o, problem, sizeof problem);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(WEXITSTATUS(status), 9);
}

static void
a_crash_in_the_middle_starts_it_again(void **state)
{
	struct toy *t = *state;
	struct service later = release(&toy_service, 2, NULL);
	uint8_t seed[32] = {5};
	unsigned notes = 0;

	for (; notes < 12000; notes += 60) {
		bytes_put_u64(seed + 8, notes);
		assert_int_equal(
		    svc_first(toy_svc(t), t->m.now_ms, seed, decide_notes, NULL),
		    ERR_NONE);
	}
	crash_while_rebuilding(t);
	/* It is of the new layout, and yet half rebuilt. */
	toy_reopen_as(t, "foster", &later);
	assert_int_equal(toy_rows(t, "foster", TOY_NOTES), notes);
	machines_check_rebuild(&t->m, "foster");
	toy_reopen_as(t, "foster", &toy_service);
}

static enum err
apply_nothing(struct kv_txn *txn, struct arena *a, const struct svc_event *e)
{
	(void)txn;
	(void)a;
	return e->number == 3 ? ERR_CORRUPT : ERR_NONE;
}

static void
what_cannot_be_applied_is_named(void **state)
{
	struct toy *t = *state;
	struct service broken = release(&toy_service, 2, apply_nothing);
	struct machine *one = &t->m.list[1];
	struct svc *svc = NULL;
	char problem[300];
	struct svc_options o = {
	    .service = &broken,
	    .path = one->path,
	    .peers = &t->m.peers,
	    .no_sync = true,
	    .incarnation = 1,
	    .now_ms = t->m.now_ms,
	};

	populate(t);
	svc_close(one->svc);
	assert_int_equal(svc_open(&svc, &o, problem, sizeof problem), ERR_CORRUPT);
	assert_string_equal(
	    problem, "entry 3 of the journal cannot be applied: corrupt");
	assert_null(svc);
	one->svc = NULL;
	toy_reopen_as(t, "foster", &toy_service);
	assert_int_equal(toy_rows(t, "foster", TOY_NOTES), 5);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make, clear)
	const struct CMUnitTest tests[] = {
	    TEST(everything_own_comes_back),
	    TEST(what_was_damaged_is_put_right),
	    TEST(rebuilt_with_nothing_in_it_it_is_not_rebuilt_again),
	    TEST(another_layout_is_rebuilt_before_serving),
	    TEST(another_layout_follows_again),
	    TEST(a_crash_in_the_middle_starts_it_again),
	    TEST(what_cannot_be_applied_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
