#include "base/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "envelope.pb-c.h"

/* Every fault has a name of its own, the same as on the wire. */
static void
names_are_those_of_the_wire(void **state)
{
	(void)state;
	for (int e = ERR_MALFORMED; e <= ERR_INTERNAL; e++) {
		const ProtobufCEnumValue *fault = protobuf_c_enum_descriptor_get_value(
		    &envelope__fault__descriptor, e);
		assert_non_null(fault);
		const char *name = err_name((enum err)e);
		const char *wire = fault->name + strlen("FAULT_");
		assert_int_equal(strlen(name), strlen(wire));
		assert_int_equal(strcasecmp(name, wire), 0);
	}
	assert_int_equal(envelope__fault__descriptor.n_values, ERR_INTERNAL + 1);
	assert_string_equal(err_name(ERR_BUSY), "busy");
	assert_string_equal(err_name(ERR_NONE), "none");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names_are_those_of_the_wire),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
