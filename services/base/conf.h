#ifndef RCC_CONF_H
#define RCC_CONF_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * Configuration: an ini file whose every key is in the reader's table; an unknown
 * section or key, a key twice and a value of the wrong kind are errors that name
 * file, line and key.
 */
enum conf_kind { CONF_TEXT, CONF_NUMBER };

struct conf_key {
	const char *section;
	const char *name;
	enum conf_kind kind;
	int64_t min, max; /* numbers */
	char *text;       /* out, texts */
	size_t text_size;
	int64_t *number; /* out, numbers; holds the default before */
};

/* `problem` gets one sentence for a person when the answer is not ERR_NONE. */
enum err conf_read(const char *path, const struct conf_key *keys, size_t n,
    char *problem, size_t problem_size) MUST_CHECK;

/*
 * The local peers file: one section a service,
 *   [foster]
 *   key = <64 hex digits>
 *   endpoint = ipc:///...   (or tcp://...)
 *   hints = ipc:///...
 * A service without endpoints (the gateway) only has a key.
 */
#define CONF_PEERS_MAX 16
#define CONF_ENDPOINT_MAX 160

struct conf_peer {
	char name[24];
	uint8_t key[32];
	char endpoint[CONF_ENDPOINT_MAX];
	char hints[CONF_ENDPOINT_MAX];
};

struct conf_peers {
	struct conf_peer list[CONF_PEERS_MAX];
	size_t n;
};

enum err conf_read_peers(const char *path, struct conf_peers *out, char *problem,
    size_t problem_size) MUST_CHECK;
const struct conf_peer *conf_peer(const struct conf_peers *peers, const char *name);

/*
 * A key pair file, mode 0600: two lines, `public = <64 hex>` and `secret = <64 hex>`.
 * Writing refuses to overwrite. Reading refuses a file that others may read.
 */
enum err conf_read_key(const char *path, uint8_t public_key[32], uint8_t secret_key[32],
    char *problem, size_t problem_size) MUST_CHECK;
enum err conf_write_key(const char *path, const uint8_t public_key[32],
    const uint8_t secret_key[32], char *problem, size_t problem_size) MUST_CHECK;

#endif
