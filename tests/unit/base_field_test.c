#include "base/field.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/message.h"

#include "foster.pb-c.h"

static struct arena arena;

static int
open_arena(void **state)
{
	(void)state;
	return arena_open(&arena, (size_t)64 * 1024) == ERR_NONE ? 0 : -1;
}

static int
close_arena(void **state)
{
	(void)state;
	arena_close(&arena);
	return 0;
}

static const ProtobufCFieldDescriptor *
named(const ProtobufCMessageDescriptor *type, const char *name)
{
	const ProtobufCFieldDescriptor *f =
	    protobuf_c_message_descriptor_get_field_by_name(type, name);

	assert_non_null(f);
	return f;
}

static void
set_and_unset_are_told_apart(void **state)
{
	(void)state;
	Foster__HoldRow *row = MESSAGE_NEW(&arena, foster__hold_row);
	for (unsigned i = 0; i < row->base.descriptor->n_fields; i++)
		assert_int_equal(
		    field_count(&row->base, &row->base.descriptor->fields[i]), 0);
	static char empty[] = "";
	row->hold_id = empty;
	SET(row, are_siblings, 0);
	row->children = LIST_NEW(&arena, 3, Common__Child *);
	row->n_children = 3;
	const ProtobufCMessageDescriptor *type = row->base.descriptor;
	assert_int_equal(field_count(&row->base, named(type, "hold_id")), 1);
	assert_int_equal(field_count(&row->base, named(type, "are_siblings")), 1);
	assert_int_equal(field_count(&row->base, named(type, "children")), 3);
	assert_int_equal(field_count(&row->base, named(type, "vacancy_id")), 0);
	assert_ptr_equal(
	    field_at(&row->base, named(type, "children"), 2), &row->children[2]);
	assert_ptr_equal(
	    field_at(&row->base, named(type, "are_siblings"), 0), &row->are_siblings);
	assert_string_equal(
	    field_text(field_at(&row->base, named(type, "hold_id"), 0)), "");
}

/* The members of a oneof share their room: only the one its case names is set. */
static void
of_a_oneof_one_is_set(void **state)
{
	(void)state;
	Foster__FosterEvent *event = MESSAGE_NEW(&arena, foster__foster_event);
	const ProtobufCMessageDescriptor *type = event->base.descriptor;
	Foster__HoldExpired *expired = MESSAGE_NEW(&arena, foster__hold_expired);
	event->event_case = FOSTER__FOSTER_EVENT__EVENT_HOLD_EXPIRED;
	event->hold_expired = expired;
	for (unsigned i = 0; i < type->n_fields; i++)
		assert_int_equal(field_count(&event->base, &type->fields[i]),
		    type->fields[i].id == FOSTER__FOSTER_EVENT__EVENT_HOLD_EXPIRED);
	const void *element = field_at(&event->base, named(type, "hold_expired"), 0);
	assert_ptr_equal(field_message(element), &expired->base);
}

static void
what_is_made_is_set(void **state)
{
	(void)state;
	Foster__HoldRow *row = MESSAGE_NEW(&arena, foster__hold_row);
	const ProtobufCMessageDescriptor *type = row->base.descriptor;
	uint64_t *number =
	    field_make(&arena, &row->base, named(type, "fencing_number"), 1);
	*number = 7;
	assert_true(row->has_fencing_number && row->fencing_number == 7);
	assert_non_null(field_make(&arena, &row->base, named(type, "children"), 2));
	assert_true(row->n_children == 2 && row->children[1] == NULL);
	Foster__FosterEvent *event = MESSAGE_NEW(&arena, foster__foster_event);
	const ProtobufCFieldDescriptor *granted =
	    named(event->base.descriptor, "hold_granted");
	assert_ptr_equal(
	    field_make(&arena, &event->base, granted, 1), &event->hold_granted);
	assert_int_equal(event->event_case, FOSTER__FOSTER_EVENT__EVENT_HOLD_GRANTED);
	assert_null(field_make(&arena, &row->base, named(type, "children"), 100000));
	assert_int_equal(row->n_children, 2);
}

static void
paths_grow_and_shrink_and_are_cut(void **state)
{
	(void)state;
	struct field_path path = {.len = 0};
	const ProtobufCFieldDescriptor *list =
	    named(&foster__household__descriptor, "will_not_take_with");
	size_t top = field_path_enter(&path, list, 0);
	size_t inner = field_path_add(&path, "sex");
	assert_string_equal(path.text, "will_not_take_with[0].sex");
	field_path_leave(&path, inner);
	assert_string_equal(path.text, "will_not_take_with[0]");
	field_path_leave(&path, top);
	assert_string_equal(path.text, "");
	for (size_t i = 0; i < 20; i++)
		field_path_enter(&path, list, i);
	assert_int_equal(path.len, sizeof path.text - 1);
	assert_int_equal(strlen(path.text), path.len);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(set_and_unset_are_told_apart),
	    cmocka_unit_test(of_a_oneof_one_is_set),
	    cmocka_unit_test(what_is_made_is_set),
	    cmocka_unit_test(paths_grow_and_shrink_and_are_cut),
	};
	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
