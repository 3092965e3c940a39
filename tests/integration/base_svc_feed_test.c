#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/message.h"
#include "base/str.h"
#include "support/toy.h"

#define EVENTS 1

/* Being followed: who gets what, and that the chain holds whatever is kept back. */

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

static const Envelope__Envelope *
ask_events(struct toy *t, const char *peer, uint64_t after)
{
	Journal__EventsAsked asked = JOURNAL__EVENTS_ASKED__INIT;

	SET(&asked, after_number, after);
	return toy_ask(t, &(struct toy_call){.peer = peer,
			      .key = TOY_OFFICER,
			      .method = EVENTS,
			      .body = &asked.base});
}

static const Journal__EventsPage *
page(struct toy *t)
{
	return toy_body(
	    t, ask_events(t, "requests", 0), &journal__events_page__descriptor);
}

/* A household with something in every field that a follower may not have. */
static void
write_full(struct toy *t, uint32_t method)
{
	Foster__RegisterHousehold call = FOSTER__REGISTER_HOUSEHOLD__INIT;
	Foster__Household household = FOSTER__HOUSEHOLD__INIT;
	Foster__Approval approval = FOSTER__APPROVAL__INIT;
	char name[] = "Invented Name", language[] = "pl";
	char *languages[] = {language};

	SET(&approval, children_max, 3);
	SET(&approval, age_max_years, 17);
	SET(&household, bedrooms, TOY_PLAIN);
	household.carer_name = name;
	household.approval = &approval;
	household.languages = languages;
	household.n_languages = 1;
	call.household = &household;
	assert_false(toy_ask(t,
	    &(struct toy_call){
		.key = TOY_OFFICER, .method = method, .body = &call.base})
			 ->has_fault);
}

static const Foster__Household *
household_in(struct toy *t, const Journal__Entry *entry)
{
	ProtobufCMessage *m;

	assert_true(entry->has_event);
	assert_int_equal(
	    message_unpack(&t->m.arena, &foster__household_registered__descriptor,
		BYTES_OF(entry->event), &m),
	    ERR_NONE);
	return ((Foster__HouseholdRegistered *)(void *)m)->household;
}

static void
check_chain(struct toy *t, const Journal__EventsPage *p)
{
	uint8_t hash[JOURNAL_HASH_BYTES] = {0};
	uint64_t number = 0;
	const Common__Health *h;
	Common__HealthAsked body = COMMON__HEALTH_ASKED__INIT;

	assert_int_equal(journal_check_page(p, &number, hash), ERR_NONE);
	assert_int_equal(number, p->head_number);
	h = toy_body(t,
	    toy_ask(t,
		&(struct toy_call){.peer = "gateway", .method = 2, .body = &body.base}),
	    &common__health__descriptor);
	assert_memory_equal(hash, h->head_hash.data, sizeof hash);
}

static void
withheld_fields_are_gone_and_the_chain_holds(void **state)
{
	struct toy *t = *state;
	const Journal__EventsPage *p;
	const Foster__Household *household;

	write_full(t, TOY_METHOD(REGISTER_HOUSEHOLD));
	write_full(t, TOY_METHOD(AMEND_HOUSEHOLD));
	p = page(t);
	assert_int_equal(p->n_entries, 2);
	household = household_in(t, p->entries[0]);
	assert_null(household->carer_name);
	assert_false(household->approval->has_children_max);
	assert_int_equal(household->approval->age_max_years, 17);
	assert_int_equal(household->n_languages, 0);
	assert_int_equal(household->bedrooms, TOY_PLAIN);
	/* From the other type nothing is withheld. */
	household = household_in(t, p->entries[1]);
	assert_string_equal(household->carer_name, "Invented Name");
	assert_int_equal(household->approval->children_max, 3);
	assert_string_equal(household->languages[0], "pl");
	check_chain(t, p);
}

static void
a_path_that_is_not_there_takes_nothing_out(void **state)
{
	struct toy *t = *state;
	const Journal__EventsPage *p;

	toy_write(t); /* a household without approval */
	p = page(t);
	assert_null(household_in(t, p->entries[0])->approval);
	check_chain(t, p);
}

static void
withheld_events_keep_their_number(void **state)
{
	struct toy *t = *state;
	Foster__EndOccupant end = FOSTER__END_OCCUPANT__INIT;
	const Journal__EventsPage *p;

	toy_write(t);
	toy_ask(t, &(struct toy_call){.key = TOY_OFFICER,
		       .method = TOY_METHOD(REGISTER_HOUSEHOLD),
		       .body = toy_note(t, TOY_REFUSED)});
	end.occupant_id = machines_id(&t->m);
	toy_ask(t, &(struct toy_call){.key = TOY_OFFICER,
		       .method = TOY_METHOD(END_OCCUPANT),
		       .body = &end.base});
	toy_write(t);
	p = page(t);
	assert_int_equal(p->n_entries, 4);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(p->entries[i]->header->number, i + 1);
		assert_int_equal(p->entries[i]->has_event, i == 0 || i == 3);
	}
	assert_int_equal(p->entries[1]->header->type, 1);
	check_chain(t, p);
}

static void
who_is_not_in_the_table_is_denied(void **state)
{
	static const char *const others[] = {
	    "matching", "gateway", "members", "foster", NULL};
	struct toy *t = *state;

	toy_write(t);
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
		const Envelope__Envelope *reply = ask_events(t, others[i], 0);
		assert_int_equal(reply->fault, ENVELOPE__FAULT__FAULT_DENIED);
		assert_int_equal(reply->body.len, 0);
	}
	assert_int_equal(page(t)->n_entries, 1);
}

static void
a_cursor_we_do_not_know_is_said_to_be_so(void **state)
{
	struct toy *t = *state;
	const Journal__EventsPage *p;

	toy_write(t);
	p = toy_body(
	    t, ask_events(t, "requests", 5), &journal__events_page__descriptor);
	assert_true(p->cursor_unknown);
	assert_int_equal(p->n_entries, 0);
	/* The right number without its hash is not known either. */
	p = toy_body(
	    t, ask_events(t, "requests", 1), &journal__events_page__descriptor);
	assert_true(p->cursor_unknown);
}

static void
what_no_page_could_carry_is_never_an_event(void **state)
{
	struct toy *t = *state;
	Foster__RegisterHousehold call = FOSTER__REGISTER_HOUSEHOLD__INIT;
	Foster__Household household = FOSTER__HOUSEHOLD__INIT;
	static char text[200];
	static char *languages[1000];

	memset(text, 'x', sizeof text - 1);
	for (size_t i = 0; i < 1000; i++)
		languages[i] = text;
	SET(&household, bedrooms, TOY_PLAIN);
	household.languages = languages;
	household.n_languages = 1000;
	call.household = &household;
	assert_int_equal(toy_ask(t, &(struct toy_call){.key = TOY_OFFICER,
					.method = TOY_METHOD(REGISTER_HOUSEHOLD),
					.body = &call.base})
			     ->fault,
	    ENVELOPE__FAULT__FAULT_MEMORY);
	assert_int_equal(toy_head(t), 0);
	household.n_languages = 600;
	assert_false(toy_ask(t, &(struct toy_call){.key = TOY_OFFICER,
				    .method = TOY_METHOD(AMEND_HOUSEHOLD),
				    .body = &call.base})
			 ->has_fault);
	toy_write(t);
	machines_settle(&t->m);
	assert_int_equal(toy_rows(t, "requests", TOY_COPIES), 2);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make, clear)
	const struct CMUnitTest tests[] = {
	    TEST(withheld_fields_are_gone_and_the_chain_holds),
	    TEST(a_path_that_is_not_there_takes_nothing_out),
	    TEST(withheld_events_keep_their_number),
	    TEST(who_is_not_in_the_table_is_denied),
	    TEST(a_cursor_we_do_not_know_is_said_to_be_so),
	    TEST(what_no_page_could_carry_is_never_an_event),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
