#include "gateway/listen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* Ports of 0: any that is free. */
static const struct {
	const char *address, *problem;
} cases[] = {
    {"127.0.0.1:0", NULL},
    {"127.8.8.8:0", NULL},
    {"0.0.0.0:0", "without encryption"},
    {"[::]:0", "without encryption"},
    {"192.0.2.1:0", "without encryption"},
    {"[2001:db8::1]:0", "without encryption"},
    {"[::ffff:192.0.2.1]:0", "without encryption"},
    {"localhost:0", "no address and port"},
    {"::1:0", "no address and port"},
    {"127.0.0.1", "no address and port"},
    {"127.0.0.1:", "no address and port"},
    {":8080", "no address and port"},
    {"", "no address and port"},
};

static void
only_this_machine_is_served_without_encryption(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char problem[300] = "";
		int fd = -1;
		enum err e =
		    gateway_listen(cases[i].address, &fd, problem, sizeof problem);

		assert_int_equal(e == ERR_NONE, cases[i].problem == NULL);
		assert_int_equal(fd >= 0, cases[i].problem == NULL);
		if (cases[i].problem != NULL)
			assert_non_null(strstr(problem, cases[i].problem));
		if (fd >= 0)
			assert_int_equal(close(fd), 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(only_this_machine_is_served_without_encryption),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
