#include "base/conf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>
#include <sodium.h>

#include "support/folder.h"

#define K1 "1111111111111111111111111111111111111111111111111111111111111111"
#define K2 "22222222222222222222222222222222222222222222222222222222222222aB"
#define A100                                                                           \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
	"aaaaaaa"                                                                      \
	"aaaaaaaaaaaaaaaaaa"

struct here {
	char folder[FOLDER_PATH_MAX], file[FOLDER_PATH_MAX];
	char problem[600];
};

static int
make(void **state)
{
	struct here *h = calloc(1, sizeof *h);

	assert_non_null(h);
	folder_make(h->folder);
	folder_file(h->file, h->folder, "conf");
	*state = h;
	return 0;
}

static int
clear(void **state)
{
	struct here *h = *state;

	folder_remove(h->folder);
	free(h);
	return 0;
}

static void
write_text(const struct here *h, const char *text)
{
	folder_write(h->file, text, strlen(text));
}

/* What is told must begin with file and line (0: file alone) and say this. */
static void
assert_told(const struct here *h, int line, const char *what)
{
	char start[FOLDER_PATH_MAX + 20];

	snprintf(start, sizeof start, line > 0 ? "%s:%d: " : "%s", h->file, line);
	if (strncmp(h->problem, start, strlen(start)) != 0 ||
	    strstr(h->problem, what) == NULL)
		fail_msg("expected %s ... %s, was told: %s", start, what, h->problem);
}

/* ---- a service's configuration ---- */

struct values {
	char store[20], peers[20];
	int64_t room;
};

static enum err
read_values(struct here *h, struct values *v)
{
	const struct conf_key keys[] = {
	    {"service", "store", CONF_TEXT, 0, 0, v->store, sizeof v->store, NULL},
	    {"service", "room_mib", CONF_NUMBER, 1, 1024, NULL, 0, &v->room},
	    {"other", "peers", CONF_TEXT, 0, 0, v->peers, sizeof v->peers, NULL},
	};

	h->problem[0] = '\0';
	return conf_read(h->file, keys, 3, h->problem, sizeof h->problem);
}

static void
values_are_read_and_absent_ones_left(void **state)
{
	struct here *h = *state;
	struct values v = {.peers = "as before", .room = 64};

	write_text(h, "\xef\xbb\xbf; where things are\n"
		      "[service]\n"
		      "\tstore = a b=c  ; behind it\r\n"
		      "   room_mib: 1024\n"
		      "# the end");
	assert_int_equal(read_values(h, &v), ERR_NONE);
	assert_string_equal(v.store, "a b=c");
	assert_int_equal(v.room, 1024);
	assert_string_equal(v.peers, "as before");
	assert_string_equal(h->problem, "");
	write_text(h, "");
	assert_int_equal(read_values(h, &v), ERR_NONE);
	write_text(
	    h, "[service]\nstore=\n[other]\npeers=1234567890123456789\n[service]\n");
	assert_int_equal(read_values(h, &v), ERR_NONE);
	assert_string_equal(v.store, "");
	assert_string_equal(v.peers, "1234567890123456789");
}

static void
wrong_lines_are_named(void **state)
{
	static const struct {
		const char *text;
		int line;
		const char *told;
	} cases[] = {
	    {"[service]\nstor = x\n", 2, "unknown key stor in [service]"},
	    {"\n\n[servce]\nstore = x\n", 4, "unknown section [servce]"},
	    {"store = x\n", 1, "unknown key store outside a section"},
	    {"[other]\nstore = x\n", 2, "unknown key store in [other]"},
	    {"[service]\nstore = x\n# more\nstore = x\n", 4, "store is there a second"},
	    {"[service]\nstore = x\n more\n", 3, "neither"},
	    {"[service]\nstore\n", 2, "neither"},
	    {"[service\nstore = x\n", 1, "neither"},
	    {"[service]\nroom_mib = 0\n", 2, "whole number from 1 to 1024"},
	    {"[service]\nroom_mib = 1025\n", 2, "whole number from 1 to 1024"},
	    {"[service]\nroom_mib = 7x\n", 2, "whole number from 1 to 1024"},
	    {"[service]\nroom_mib =\n", 2, "whole number from 1 to 1024"},
	    {"[service]\nstore = 12345678901234567890\n", 2, "longer than 19 char"},
	    {"[service]\n; " A100 A100 "\n", 2, "line is longer than"},
	    {"[service]\nstore = " A100 A100 "\n", 2, "line is longer than"},
	    /* The first is told, not the last. */
	    {"[service]\nstor = x\nroom_mib = 0\n", 2, "unknown key stor"},
	};
	struct here *h = *state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct values v = {.room = 64};

		write_text(h, cases[i].text);
		assert_int_equal(read_values(h, &v), ERR_MALFORMED);
		assert_told(h, cases[i].line, cases[i].told);
	}
}

static void
what_is_not_a_text_file_is_told(void **state)
{
	struct here *h = *state;
	static char many[40000];
	struct values v;

	assert_int_equal(read_values(h, &v), ERR_STORAGE);
	assert_told(h, 0, "cannot be read: No such file");
	folder_write(h->file, "[service]\nsto\0re = x\n", 21);
	assert_int_equal(read_values(h, &v), ERR_MALFORMED);
	assert_told(h, 2, "not a text file");
	memset(many, '\n', sizeof many);
	folder_write(h->file, many, sizeof many);
	assert_int_equal(read_values(h, &v), ERR_MALFORMED);
	assert_told(h, 2001, "longer than 2000 lines");
	folder_file(h->file, h->folder, "");
	assert_int_equal(read_values(h, &v), ERR_MALFORMED);
	assert_told(h, 0, "it is a folder");
}

/* ---- peers ---- */

static enum err
read_peers(struct here *h, struct conf_peers *peers)
{
	h->problem[0] = '\0';
	return conf_read_peers(h->file, peers, h->problem, sizeof h->problem);
}

static void
peers_are_read(void **state)
{
	struct here *h = *state;
	struct conf_peers peers;
	const struct conf_peer *p;

	write_text(h, "[gateway]\nkey = " K1 "\n"
		      "[foster]\nkey = " K2 "\n"
		      "endpoint = ipc:///run/foster\nhints = tcp://127.0.0.1:7001\n");
	assert_int_equal(read_peers(h, &peers), ERR_NONE);
	assert_int_equal(peers.n, 2);
	p = conf_peer(&peers, "foster");
	assert_non_null(p);
	assert_string_equal(p->name, "foster");
	assert_int_equal(p->key[0], 0x22);
	assert_int_equal(p->key[31], 0xab);
	assert_string_equal(p->endpoint, "ipc:///run/foster");
	assert_string_equal(p->hints, "tcp://127.0.0.1:7001");
	p = conf_peer(&peers, "gateway");
	assert_non_null(p);
	assert_string_equal(p->endpoint, "");
	assert_null(conf_peer(&peers, "fost"));
}

static void
wrong_peers_are_named(void **state)
{
	static const struct {
		const char *text;
		int line;
		const char *told;
	} cases[] = {
	    {"", 0, "names no service"},
	    {"key = " K1 "\n", 1, "[] is not the name of a service"},
	    {"[Foster]\nkey = " K1 "\n", 2, "[Foster] is not the name"},
	    {"[aaaaaaaaaaaaaaaaaaaaaaaa]\nkey = " K1 "\n", 2, "is not the name"},
	    {"[foster]\nky = " K1 "\n", 2, "unknown key ky in [foster]"},
	    {"[foster]\nkey = " K1 "0\n", 2, "key must be 64 hexadecimal"},
	    {"[foster]\nkey = 1234\n", 2, "key must be 64 hexadecimal"},
	    {"[foster]\nkey = " K1 "\nkey = " K1 "\n", 3, "key is there a second"},
	    {"[foster]\nkey = " K1 "\n[foster]\nkey = " K1 "\n", 4, "second"},
	    {"[foster]\nkey = " K1 "\nendpoint = udp://a\n", 3, "must begin with ipc"},
	    {"[foster]\nkey = " K1 "\nhints = ipc://" A100 A100 "\n", 3, "longer"},
	    {"[foster]\nkey = " K1 "\nhints = ipc://" A100 A100 "\n", 3, "longer"},
	    {"[foster]\nendpoint = ipc://a\nhints = ipc://b\n", 0, "has no key"},
	    {"[foster]\nkey = " K1 "\nendpoint = ipc://a\n", 0, "both endpoint and"},
	    {"[foster]\nkey = " K1 "\nhints = ipc://a\n", 0, "both endpoint and"},
	    {"[a]\nkey = " K1 "\n[b]\nkey = " K1 "\n", 0, "have the same key"},
	    {"[a]\nkey = " K1 "\nendpoint = ipc://a\nhints = ipc://b\n"
	     "[b]\nkey = " K2 "\nendpoint = ipc://a\nhints = ipc://c\n",
		0, "share an endpoint"},
	};
	struct here *h = *state;
	struct conf_peers peers = {.n = 99};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		write_text(h, cases[i].text);
		assert_int_equal(read_peers(h, &peers), ERR_MALFORMED);
		assert_told(h, cases[i].line, cases[i].told);
		assert_int_equal(peers.n, 99); /* nothing half read comes out */
	}
}

static void
there_is_an_end_to_peers(void **state)
{
	struct here *h = *state;
	struct conf_peers peers;
	char text[2000];
	int n = 0;

	for (int i = 0; i <= CONF_PEERS_MAX; i++) {
		n += snprintf(text + n, sizeof text - (size_t)n,
		    "[p%c]\nkey = %02d%.62s\n", 'a' + i, i, K1);
		write_text(h, text);
		assert_int_equal(read_peers(h, &peers),
		    i < CONF_PEERS_MAX ? ERR_NONE : ERR_MALFORMED);
	}
	assert_told(h, 2 * CONF_PEERS_MAX + 2, "more than 16 services");
}

/* ---- keys ---- */

static void
make_pair(uint8_t public_key[32], uint8_t secret_key[32])
{
	assert_true(sodium_init() >= 0);
	assert_int_equal(crypto_box_keypair(public_key, secret_key), 0);
}

static enum err
read_key(struct here *h, uint8_t public_key[32], uint8_t secret_key[32])
{
	h->problem[0] = '\0';
	return conf_read_key(
	    h->file, public_key, secret_key, h->problem, sizeof h->problem);
}

static void
a_key_comes_back_and_is_never_overwritten(void **state)
{
	struct here *h = *state;
	uint8_t public_key[32], secret_key[32], public_read[32], secret_read[32];
	struct stat stat_;

	make_pair(public_key, secret_key);
	assert_int_equal(conf_write_key(h->file, public_key, secret_key, h->problem,
			     sizeof h->problem),
	    ERR_NONE);
	assert_int_equal(stat(h->file, &stat_), 0);
	assert_int_equal(stat_.st_mode & 07777, 0600);
	assert_int_equal(read_key(h, public_read, secret_read), ERR_NONE);
	assert_memory_equal(public_key, public_read, 32);
	assert_memory_equal(secret_key, secret_read, 32);
	make_pair(public_key, secret_key);
	assert_int_equal(conf_write_key(h->file, public_key, secret_key, h->problem,
			     sizeof h->problem),
	    ERR_STORAGE);
	assert_told(h, 0, "never overwritten");
	assert_int_equal(read_key(h, public_key, secret_key), ERR_NONE);
	assert_memory_equal(secret_key, secret_read, 32);
	folder_file(h->file, h->folder, "no/such/place");
	assert_int_equal(conf_write_key(h->file, public_key, secret_key, h->problem,
			     sizeof h->problem),
	    ERR_STORAGE);
	assert_told(h, 0, "cannot be made");
}

static void
a_key_that_others_may_read_is_refused(void **state)
{
	static const mode_t open_modes[] = {0640, 0604, 0620, 0602, 0610, 0601};
	struct here *h = *state;
	uint8_t public_key[32], secret_key[32];

	make_pair(public_key, secret_key);
	assert_int_equal(conf_write_key(h->file, public_key, secret_key, h->problem,
			     sizeof h->problem),
	    ERR_NONE);
	for (size_t i = 0; i < sizeof open_modes / sizeof open_modes[0]; i++) {
		assert_int_equal(chmod(h->file, open_modes[i]), 0);
		assert_int_equal(read_key(h, public_key, secret_key), ERR_DENIED);
		assert_told(h, 0, "others may read or change it");
	}
	assert_int_equal(chmod(h->file, 0400), 0);
	assert_int_equal(read_key(h, public_key, secret_key), ERR_NONE);
}

static void
what_is_not_a_pair_of_keys_is_told_without_the_keys(void **state)
{
	static const struct {
		const char *text;
		int line;
		const char *told;
	} cases[] = {
	    {"", 0, "must hold public"},
	    {"public = " K1 "\n", 0, "must hold public"},
	    {"public = " K1 "\nsecret = 12\n", 0, "must hold public"},
	    {"public = " K1 "\nsecret = " K2 "0\n", 2, "longer than 64"},
	    {"public = " K1 "\nsecret = " K2 "\n", 0, "not a pair"},
	    {"public = " K1 "\nprivate = " K2 "\n", 2, "unknown key private"},
	    {"[keys]\nsecret = " K2 "\n", 2, "unknown section [keys]"},
	};
	struct here *h = *state;
	uint8_t public_key[32] = {7}, secret_key[32] = {7};

	write_text(h, "");
	assert_int_equal(chmod(h->file, 0600), 0);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		write_text(h, cases[i].text);
		assert_int_equal(read_key(h, public_key, secret_key), ERR_MALFORMED);
		assert_told(h, cases[i].line, cases[i].told);
		assert_null(strstr(h->problem, "2222"));
		assert_int_equal(public_key[0], 7);
		assert_int_equal(secret_key[0], 7);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, clear)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(values_are_read_and_absent_ones_left),
	    TEST(wrong_lines_are_named),
	    TEST(what_is_not_a_text_file_is_told),
	    TEST(peers_are_read),
	    TEST(wrong_peers_are_named),
	    TEST(there_is_an_end_to_peers),
	    TEST(a_key_comes_back_and_is_never_overwritten),
	    TEST(a_key_that_others_may_read_is_refused),
	    TEST(what_is_not_a_pair_of_keys_is_told_without_the_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
