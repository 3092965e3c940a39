/*
 * The files that a service is told with: its configuration, its peers, its key pair.
 * The first byte says which this is.
 */
#include "fuzz/support/fuzz.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "base/conf.h"
#include "base/str.h"

#define TEXT_BYTES 40
#define PEERS_BYTES ((size_t)CONF_PEERS_MAX * 512)
#define UNTOUCHED 0x5a

/* The first no is one sentence, within its room. */
static void
is_told(enum err e, const char *problem, size_t size)
{
	size_t len = strnlen(problem, size);

	FUZZ_CHECK(len < size, "the problem has no end");
	FUZZ_CHECK((e == ERR_NONE) == (len == 0), "%s: '%s'", err_name(e), problem);
	FUZZ_CHECK(e == ERR_NONE || e == ERR_MALFORMED, "%s", err_name(e));
}

static void
service_file(const char *path)
{
	char peers[TEXT_BYTES] = "", option[TEXT_BYTES] = "", problem[300] = "";
	int64_t room = 64;
	const struct conf_key keys[] = {
	    {"service", "peers", CONF_TEXT, .text = peers, .text_size = sizeof peers},
	    {"service", "option", CONF_TEXT, .text = option,
		.text_size = sizeof option},
	    {"service", "room_mib", CONF_NUMBER, .max = 65536, .number = &room},
	    {"", "alone", CONF_NUMBER, .min = -5, .max = 5, .number = &room},
	};

	is_told(conf_read(
		    path, keys, sizeof keys / sizeof keys[0], problem, sizeof problem),
	    problem, sizeof problem);
	FUZZ_CHECK(memchr(peers, 0, sizeof peers) && memchr(option, 0, sizeof option),
	    "a text without an end");
	FUZZ_CHECK(room >= -5 && room <= 65536, "%" PRId64, room);
}

/* The same peers as a file. */
static struct bytes
write_peers(const struct conf_peers *peers)
{
	char *text = arena_take(&fuzz_arena, PEERS_BYTES);
	size_t len = 0;

	for (size_t i = 0; i < peers->n; i++) {
		const struct conf_peer *p = &peers->list[i];
		char hex[65];

		bytes_to_hex((struct bytes){p->key, sizeof p->key}, hex);
		len += (size_t)snprintf(
		    text + len, PEERS_BYTES - len, "[%s]\nkey=%s\n", p->name, hex);
		if (p->endpoint[0] != '\0')
			len += (size_t)snprintf(text + len, PEERS_BYTES - len,
			    "endpoint=%s\nhints=%s\n", p->endpoint, p->hints);
	}
	return (struct bytes){(const uint8_t *)text, len};
}

static void
peers_file(const char *path)
{
	struct conf_peers peers, again;
	char problem[300] = "";
	enum err e;

	memset(&peers, UNTOUCHED, sizeof peers);
	again = peers;
	e = conf_read_peers(path, &peers, problem, sizeof problem);
	is_told(e, problem, sizeof problem);
	if (e != ERR_NONE) {
		FUZZ_CHECK(memcmp(&peers, &again, sizeof peers) == 0,
		    "refused, and yet something was written");
		return;
	}
	FUZZ_CHECK(peers.n > 0 && peers.n <= CONF_PEERS_MAX, "%zu peers", peers.n);
	e = conf_read_peers(
	    fuzz_file(write_peers(&peers)), &again, problem, sizeof problem);
	FUZZ_CHECK(e == ERR_NONE, "written again: %s", problem);
	FUZZ_CHECK(again.n == peers.n, "%zu became %zu", peers.n, again.n);
	for (size_t i = 0; i < peers.n; i++)
		FUZZ_CHECK(
		    memcmp(&peers.list[i], &again.list[i], sizeof again.list[i]) == 0,
		    "[%s] is another", peers.list[i].name);
}

static void
key_file(const char *path)
{
	uint8_t public_key[32] = {UNTOUCHED}, secret_key[32] = {UNTOUCHED};
	uint8_t of_secret[32];
	char problem[300] = "";
	enum err e =
	    conf_read_key(path, public_key, secret_key, problem, sizeof problem);

	is_told(e, problem, sizeof problem);
	if (e != ERR_NONE)
		FUZZ_CHECK(public_key[0] == UNTOUCHED && secret_key[0] == UNTOUCHED,
		    "refused, and yet a key was written");
	else
		FUZZ_CHECK(crypto_scalarmult_base(of_secret, secret_key) == 0 &&
			       memcmp(of_secret, public_key, 32) == 0,
		    "no pair");
}

static void
one(struct bytes input)
{
	const char *path;

	if (input.len < 1)
		return;
	path = fuzz_file((struct bytes){input.data + 1, input.len - 1});
	switch (input.data[0] % 3) {
	case 0: service_file(path); break;
	case 1: peers_file(path); break;
	case 2: key_file(path); break;
	}
}

const struct fuzz_target fuzz_target = {.rounds = 8000, .bytes_max = 4096, .one = one};
