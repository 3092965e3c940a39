#include "gateway/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define NOW_MS INT64_C(1795262400000)
#define HOUR_MS INT64_C(3600000)
#define OWNER "owner@a.example"

static const uint8_t key[16] = "a key of a test";
static struct limits limits;
static const struct limits_who home = {"192.0.2.1", OWNER, NULL};
static const struct limits_who known = {"192.0.2.1", OWNER, "a device"};

static int
open_limits(void **state)
{
	(void)state;
	limits_open(&limits, key);
	return 0;
}

static bool
may(const struct limits_who *who, int64_t now_ms)
{
	int64_t wait_ms = -1;
	bool is_so = limits_take(&limits, who, now_ms, &wait_ms);

	assert_true(is_so ? wait_ms == 0 : wait_ms > 0);
	return is_so;
}

/* How often in a row. */
static unsigned
tries(const struct limits_who *who, int64_t now_ms)
{
	unsigned n = 0;

	while (n < 10000 && may(who, now_ms))
		n++;
	return n;
}

static void
each_count_has_its_own_measure(void **state)
{
	(void)state;
	static const struct {
		struct limits_who who;
		unsigned tries;
		int64_t each_ms;
	} cases[] = {
	    {{"192.0.2.1", NULL, NULL}, LIMITS_ADDRESS_TRIES, LIMITS_ADDRESS_EACH_MS},
	    {{"192.0.2.2", "ann", NULL}, LIMITS_ACCOUNT_AT_ADDRESS_TRIES,
		LIMITS_ACCOUNT_AT_ADDRESS_EACH_MS},
	    {{"192.0.2.1", OWNER, "a device"}, LIMITS_DEVICE_TRIES,
		LIMITS_DEVICE_EACH_MS},
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct limits_who *who = &cases[i].who;
		int64_t wait_ms;

		assert_int_equal(tries(who, NOW_MS), cases[i].tries);
		assert_false(limits_take(&limits, who, NOW_MS, &wait_ms));
		assert_int_equal(wait_ms, cases[i].each_ms);
		assert_false(may(who, NOW_MS + wait_ms - 1));
		assert_true(may(who, NOW_MS + wait_ms));
		assert_false(may(who, NOW_MS + wait_ms));
		assert_int_equal(tries(who, NOW_MS + 100 * HOUR_MS), cases[i].tries);
	}
}

static void
a_try_that_goes_well_is_not_counted(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 1000; i++) {
		assert_true(may(&home, NOW_MS));
		limits_give_back(&limits, &home, NOW_MS);
		assert_true(may(&known, NOW_MS));
		limits_give_back(&limits, &known, NOW_MS);
	}
	assert_int_equal(tries(&home, NOW_MS), LIMITS_ACCOUNT_AT_ADDRESS_TRIES);
	/* And what was not taken cannot be given back. */
	limits_open(&limits, key);
	limits_give_back(&limits, &home, NOW_MS);
	assert_int_equal(tries(&home, NOW_MS), LIMITS_ACCOUNT_AT_ADDRESS_TRIES);
}

static void
a_refused_try_costs_nothing(void **state)
{
	(void)state;
	assert_int_equal(tries(&home, NOW_MS), LIMITS_ACCOUNT_AT_ADDRESS_TRIES);
	for (unsigned i = 0; i < 1000; i++)
		assert_false(may(&home, NOW_MS));
	assert_true(may(&home, NOW_MS + LIMITS_ACCOUNT_AT_ADDRESS_EACH_MS));
	/* The address itself has only lost what was tried. */
	struct limits_who address = {home.address, NULL, NULL};
	limits_open(&limits, key);
	(void)tries(&home, NOW_MS);
	assert_int_equal(tries(&address, NOW_MS),
	    LIMITS_ADDRESS_TRIES - LIMITS_ACCOUNT_AT_ADDRESS_TRIES);
}

static void
a_clock_that_is_set_back_locks_nobody_out(void **state)
{
	(void)state;
	assert_int_equal(tries(&home, NOW_MS), LIMITS_ACCOUNT_AT_ADDRESS_TRIES);
	assert_false(may(&home, NOW_MS - 100 * HOUR_MS));
	assert_false(
	    may(&home, NOW_MS - 100 * HOUR_MS + LIMITS_ACCOUNT_AT_ADDRESS_EACH_MS - 1));
	/* One that went well in between is given back at the new time. */
	limits_give_back(&limits, &home, NOW_MS - 100 * HOUR_MS);
	assert_true(may(&home, NOW_MS - 100 * HOUR_MS));
	assert_false(may(&home, NOW_MS - 100 * HOUR_MS));
}

/* A thousand addresses, each as often as it may, for a day. */
static void
a_thousand_addresses_lock_nobody_out(void **state)
{
	(void)state;
	unsigned guesses = 0;
	char address[40];

	for (int64_t at = 0; at < 24 * HOUR_MS; at += HOUR_MS / 4) {
		for (unsigned i = 0; i < 1000; i++) {
			struct limits_who attacker = {address, OWNER, NULL};

			snprintf(
			    address, sizeof address, "198.51.%u.%u", i / 256, i % 256);
			guesses += tries(&attacker, NOW_MS + at);
		}
		/* The owner mistypes once, then signs in, on the usual machine, and
		 * it does not matter that the attacker has the same address. */
		struct limits_who owner = {address, OWNER, "a device"};

		assert_true(may(&owner, NOW_MS + at));
		assert_true(may(&owner, NOW_MS + at));
		limits_give_back(&limits, &owner, NOW_MS + at);
	}
	assert_in_range(
	    guesses, 1, LIMITS_ACCOUNT_TRIES + 24 * HOUR_MS / LIMITS_ACCOUNT_EACH_MS);
	/* Somebody else's account is none of it. */
	struct limits_who other = {"203.0.113.9", "ann", NULL};
	assert_true(may(&other, NOW_MS));
}

static void
many_logins_from_one_address_are_counted_together(void **state)
{
	(void)state;
	unsigned n = 0;
	char login[40];

	for (unsigned i = 0; i < 1000; i++) {
		struct limits_who who = {"192.0.2.1", login, NULL};

		snprintf(login, sizeof login, "person-%u", i);
		n += may(&who, NOW_MS) ? 1 : 0;
	}
	assert_int_equal(n, LIMITS_ADDRESS_TRIES);
}

static void
of_ipv6_the_network_is_counted(void **state)
{
	(void)state;
	unsigned n = 0;
	char address[60];

	for (unsigned i = 0; i < 1000; i++) {
		struct limits_who who = {address, NULL, NULL};

		snprintf(address, sizeof address, "2001:db8:0:1::%x", i);
		n += may(&who, NOW_MS) ? 1 : 0;
	}
	assert_int_equal(n, LIMITS_ADDRESS_TRIES);
	struct limits_who next = {"2001:db8:0:2::1", NULL, NULL};
	assert_true(may(&next, NOW_MS));
	/* IPv4 in the guise of IPv6 is not one network. */
	struct limits_who a = {"::ffff:192.0.2.1", NULL, NULL};
	struct limits_who b = {"::ffff:192.0.2.2", NULL, NULL};
	(void)tries(&a, NOW_MS);
	assert_true(may(&b, NOW_MS));
}

/* More names than there is room for do not wash out the one that is attacked. */
static void
a_flood_of_names_does_not_make_it_forget(void **state)
{
	(void)state;
	struct limits_who attacker = {"192.0.2.77", OWNER, NULL};
	char address[40], login[40];

	assert_int_equal(tries(&attacker, NOW_MS), LIMITS_ACCOUNT_AT_ADDRESS_TRIES);
	for (unsigned i = 0; i < 100000; i++) {
		struct limits_who who = {address, login, NULL};

		snprintf(address, sizeof address, "10.%u.%u.%u", i >> 16 & 255,
		    i >> 8 & 255, i & 255);
		snprintf(login, sizeof login, "flood-%u", i);
		(void)may(&who, NOW_MS + i / 100);
	}
	assert_false(may(&attacker, NOW_MS + 1000));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(each_count_has_its_own_measure, open_limits),
	    cmocka_unit_test_setup(a_try_that_goes_well_is_not_counted, open_limits),
	    cmocka_unit_test_setup(a_refused_try_costs_nothing, open_limits),
	    cmocka_unit_test_setup(
		a_clock_that_is_set_back_locks_nobody_out, open_limits),
	    cmocka_unit_test_setup(a_thousand_addresses_lock_nobody_out, open_limits),
	    cmocka_unit_test_setup(
		many_logins_from_one_address_are_counted_together, open_limits),
	    cmocka_unit_test_setup(of_ipv6_the_network_is_counted, open_limits),
	    cmocka_unit_test_setup(
		a_flood_of_names_does_not_make_it_forget, open_limits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
