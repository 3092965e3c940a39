#include "base/message.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "support/memory.h"

#include "foster.pb-c.h"
#include "journal.pb-c.h"

static Foster__HoldRow *
example(void)
{
	Foster__HoldRow *row = MESSAGE_NEW(&arena, foster__hold_row);
	Common__Child *child = MESSAGE_NEW(&arena, common__child);
	static char hold_id[] = "hold", child_id[] = "";

	row->hold_id = hold_id;
	row->children = LIST_NEW(&arena, 1, Common__Child *);
	row->n_children = 1;
	row->children[0] = child;
	child->child_id = child_id;
	SET(child, age_years, 0);
	SET(child, sex, COMMON__SEX__SEX_FEMALE);
	SET(row, state, PLACE__HOLD_STATE__HOLD_STATE_HELD);
	SET(row, fencing_number, UINT64_MAX);
	SET(row, expires_time, -1);
	return row;
}

static void
what_is_packed_comes_back(void **state)
{
	(void)state;
	struct bytes packed;
	ProtobufCMessage *m;
	assert_int_equal(message_pack(&arena, &example()->base, &packed), ERR_NONE);
	assert_int_equal(
	    message_unpack(&arena, &foster__hold_row__descriptor, packed, &m),
	    ERR_NONE);
	const Foster__HoldRow *row = (const Foster__HoldRow *)m;
	assert_string_equal(row->hold_id, "hold");
	assert_null(row->vacancy_id);
	assert_int_equal(row->n_children, 1);
	assert_string_equal(row->children[0]->child_id, "");
	assert_true(row->children[0]->has_age_years);
	assert_false(row->children[0]->has_age_day);
	assert_int_equal(row->children[0]->sex, COMMON__SEX__SEX_FEMALE);
	assert_true(row->fencing_number == UINT64_MAX && row->expires_time == -1);
	assert_false(row->has_latest_start_time);
}

static void
malformed_is_told_from_memory(void **state)
{
	(void)state;
	struct bytes packed;
	ProtobufCMessage *m = NULL;
	const ProtobufCMessageDescriptor *type = &foster__hold_row__descriptor;
	Foster__HoldRow *row = example();
	char long_id[1001];
	memset(long_id, 'x', 1000);
	long_id[1000] = '\0';
	row->hold_id = long_id;
	assert_int_equal(message_pack(&arena, &row->base, &packed), ERR_NONE);
	struct bytes cut = {packed.data, packed.len - 1};
	assert_int_equal(message_unpack(&arena, type, cut, &m), ERR_MALFORMED);
	assert_false(arena.is_full);
	struct arena small;
	assert_int_equal(arena_open(&small, 800), ERR_NONE);
	assert_int_equal(message_unpack(&small, type, packed, &m), ERR_MEMORY);
	assert_true(small.is_full);
	/* An earlier shortage does not make bad bytes look like one. */
	arena_release(&small, 0);
	struct bytes bad = bytes_of_text("\xff");
	assert_int_equal(message_unpack(&small, type, bad, &m), ERR_MALFORMED);
	assert_true(small.is_full);
	arena_reset(&small);
	assert_int_equal(message_pack(&small, &row->base, &packed), ERR_MEMORY);
	while (arena_take(&small, 1) != NULL)
		continue;
	assert_null(message_new(&small, type));
	assert_null(m);
	arena_close(&small);
}

/* protobuf-c takes it where the tag is longer than need be, and could not read again
 * what it would pack of it. */
static void
a_field_of_number_0_is_malformed(void **state)
{
	(void)state;
	static const uint8_t short_tag[] = {0x00, 0x20},
			     long_tag[] = {0x80, 0x00, 0x20},
			     inside[] = {0x1a, 0x04, 0x85, 0x80, 0x80, 0x00},
			     zeros[] = {0x0a, 0x02, 0x80, 0x00};
	const ProtobufCMessageDescriptor *type = &journal__record__descriptor;
	ProtobufCMessage *m;
	assert_int_equal(message_unpack(&arena, type,
			     (struct bytes){short_tag, sizeof short_tag}, &m),
	    ERR_MALFORMED);
	assert_int_equal(
	    message_unpack(&arena, type, (struct bytes){long_tag, sizeof long_tag}, &m),
	    ERR_MALFORMED);
	static const uint8_t deep[] = {0x0a, 0x03, 0x80, 0x00, 0x01};
	assert_int_equal(
	    message_unpack(&arena, type, (struct bytes){deep, sizeof deep}, &m),
	    ERR_MALFORMED);
	/* Bytes that only look so, in a field of bytes, are its own affair. */
	assert_int_equal(message_unpack(&arena, &journal__body__descriptor,
			     (struct bytes){zeros, sizeof zeros}, &m),
	    ERR_NONE);
	assert_int_equal(
	    message_unpack(&arena, type, (struct bytes){inside, sizeof inside}, &m),
	    ERR_NONE);
}

static void
nothing_unpacks_to_an_empty_message(void **state)
{
	(void)state;
	ProtobufCMessage *m;
	struct bytes packed;
	assert_int_equal(
	    message_unpack(&arena, &foster__places__descriptor, BYTES_NONE, &m),
	    ERR_NONE);
	assert_false(((const Foster__Places *)m)->has_free);
	assert_int_equal(message_pack(&arena, m, &packed), ERR_NONE);
	assert_int_equal(packed.len, 0);
}

static void
a_copy_shares_nothing(void **state)
{
	(void)state;
	Foster__HoldRow *row = example();
	Foster__HoldRow *copy = message_copy(&arena, &row->base);
	assert_non_null(copy);
	assert_ptr_not_equal(copy->hold_id, row->hold_id);
	assert_ptr_not_equal(copy->children[0], row->children[0]);
	assert_string_equal(copy->hold_id, "hold");
	assert_int_equal(copy->children[0]->sex, COMMON__SEX__SEX_FEMALE);
	struct arena small;
	assert_int_equal(arena_open(&small, 128), ERR_NONE);
	assert_null(message_copy(&small, &row->base));
	arena_close(&small);
}

static void
scalars_are_copied_set_or_not(void **state)
{
	(void)state;
	Foster__Places *from = MESSAGE_NEW(&arena, foster__places);
	Foster__Places *to = MESSAGE_NEW(&arena, foster__places);
	SET(from, free, 2);
	SET_FROM(to, free, from, free);
	SET_FROM(to, held, from, held);
	assert_true(to->has_free && to->free == 2);
	assert_false(to->has_held);
	Journal__EventsAsked *asked = MESSAGE_NEW(&arena, journal__events_asked);
	SET_BYTES(asked, after_hash, bytes_of_text("hash"));
	assert_true(asked->has_after_hash);
	assert_true(bytes_equal(BYTES_OF(asked->after_hash), bytes_of_text("hash")));
}

/* Does packing this end the process, as a programming fault must? */
static bool
pack_aborts(const ProtobufCMessage *m)
{
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		struct bytes packed;
		close(STDERR_FILENO);
		signal(SIGABRT, SIG_DFL);
		_exit(message_pack(&arena, m, &packed) == ERR_NONE ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void
a_value_without_its_has_is_a_programming_fault(void **state)
{
	(void)state;
	Foster__HoldRow *row = example();
	assert_false(pack_aborts(&row->base));
	row->children[0]->age_day = 1; /* one level down */
	assert_true(pack_aborts(&row->base));
	row->children[0]->age_day = 0;
	row->are_siblings = 1;
	assert_true(pack_aborts(&row->base));
	row->are_siblings = 0;
	row->has_state = 0;
	assert_true(pack_aborts(&row->base));
	Journal__Entry *entry = MESSAGE_NEW(&arena, journal__entry);
	entry->event.len = 1;
	entry->event.data = message_data(bytes_of_text("x"));
	assert_true(pack_aborts(&entry->base));
	entry->has_event = 1;
	assert_false(pack_aborts(&entry->base));
}

static void
a_oneof_packs_its_case_alone(void **state)
{
	(void)state;
	Foster__FosterEvent *event = MESSAGE_NEW(&arena, foster__foster_event);
	Foster__PlacesRestored *restored = MESSAGE_NEW(&arena, foster__places_restored);
	event->event_case = FOSTER__FOSTER_EVENT__EVENT_PLACES_RESTORED;
	event->places_restored = restored;
	struct bytes packed;
	ProtobufCMessage *m;
	assert_int_equal(message_pack(&arena, &event->base, &packed), ERR_NONE);
	assert_int_equal(
	    message_unpack(&arena, &foster__foster_event__descriptor, packed, &m),
	    ERR_NONE);
	assert_int_equal(((const Foster__FosterEvent *)m)->event_case, 15);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_packed_comes_back),
	    cmocka_unit_test(malformed_is_told_from_memory),
	    cmocka_unit_test(a_field_of_number_0_is_malformed),
	    cmocka_unit_test(nothing_unpacks_to_an_empty_message),
	    cmocka_unit_test(a_copy_shares_nothing),
	    cmocka_unit_test(scalars_are_copied_set_or_not),
	    cmocka_unit_test(a_value_without_its_has_is_a_programming_fault),
	    cmocka_unit_test(a_oneof_packs_its_case_alone),
	};
	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
