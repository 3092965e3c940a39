#include "base/conf.h"

#include "base/bytes.h"
#include "base/str.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <inttypes.h>
#include <limits.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINES_MAX 2000
#define KEYS_MAX 64
#define KEY_BYTES 32
#define HEX_BYTES (2 * KEY_BYTES + 1)

/*
 * One file being read. libinih does not say on which line it is, but asks for the
 * lines one by one: the line last handed to it is the one its handler is called for.
 */
struct reading {
	const char *path;
	FILE *file;
	int line;
	bool is_bad;
	bool is_closed; /* to groups and others: the file holds a secret */
	char *problem;
	size_t problem_size;
	const struct conf_key *keys; /* conf_read */
	size_t keys_n;
	uint64_t seen;                 /* bit i: keys[i] was there */
	struct conf_peers *peers;      /* conf_read_peers */
	uint8_t given[CONF_PEERS_MAX]; /* by peer: enum part, bits */
};

/* The first problem of a file is the one that is told; always false. */
__attribute__((format(printf, 2, 3))) static bool
wrong(struct reading *r, const char *format, ...)
{
	va_list arguments;
	int n = 0;

	if (r->is_bad)
		return false;
	r->is_bad = true;
	if (r->line > 0)
		n = snprintf(r->problem, r->problem_size, "%s:%d: ", r->path, r->line);
	if (n < 0 || (size_t)n >= r->problem_size)
		return false;
	va_start(arguments, format);
	vsnprintf(r->problem + n, r->problem_size - (size_t)n, format, arguments);
	va_end(arguments);
	return false;
}

/* ---- the lines of a file ---- */

#define NO_LINE "neither [section], nor key = value, nor a comment"

/* libinih reads on behind a line it cannot read; the first such is to be told. */
static bool
is_sound(const char *line)
{
	if (strncmp(line, "\xef\xbb\xbf", 3) == 0) /* what some editors begin with */
		line += 3;
	if (line[0] == '[')
		return strchr(line, ']') != NULL;
	return strchr("\r\n;#", line[0]) != NULL || strpbrk(line, "=:") != NULL;
}

/* Blanks before a line are left out: libinih would take it for more of the last. */
static char *
next_line(char *out, int size, void *context)
{
	struct reading *r = context;
	int n = 0, c = 0;

	if (r->is_bad)
		return NULL;
	while (n < size - 1 && c != '\n' && (c = getc(r->file)) != EOF) {
		if (c == '\0') {
			r->line++;
			wrong(r, "this is not a text file");
			return NULL;
		}
		if (n > 0 || (c != ' ' && c != '\t'))
			out[n++] = (char)c;
	}
	out[n] = '\0';
	if (n == 0)
		return NULL;
	if (++r->line > LINES_MAX) {
		wrong(r, "the file is longer than %d lines", LINES_MAX);
		return NULL;
	}
	if (n == size - 1 && c != '\n') {
		wrong(r, "the line is longer than %d characters", size - 2);
		return NULL;
	}
	if (!is_sound(out)) {
		wrong(r, NO_LINE);
		return NULL;
	}
	return out;
}

static bool
is_closed_to_others(struct reading *r)
{
	struct stat stat;

	if (fstat(fileno(r->file), &stat) != 0 || !S_ISREG(stat.st_mode))
		return wrong(r, "%s is not a file.", r->path);
	if ((stat.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return wrong(r,
		    "%s holds a secret key and others may read or change it; "
		    "chmod 600 it, or make a new key if others had access.",
		    r->path);
	return true;
}

/* Reads the whole file with the handler; ERR_MALFORMED with the problem told. */
static enum err
read_file(struct reading *r, ini_handler handler)
{
	int first_bad;

	r->file = fopen(r->path, "re");
	if (r->file == NULL) {
		wrong(r, "%s cannot be read: %s.", r->path, strerror(errno));
		return ERR_STORAGE;
	}
	if (r->is_closed && !is_closed_to_others(r)) {
		(void)fclose(r->file);
		return ERR_DENIED;
	}
	first_bad = ini_parse_stream(next_line, r, handler, r);
	if (ferror(r->file))
		wrong(r, "%s cannot be read: it is a folder, or the disk failed.",
		    r->path);
	(void)fclose(r->file);
	if (!r->is_bad && first_bad != 0) {
		r->line = first_bad;
		wrong(r, NO_LINE);
	}
	return r->is_bad ? ERR_MALFORMED : ERR_NONE;
}

/* ---- a table of keys ---- */

static bool
take_value(struct reading *r, const struct conf_key *key, const char *value)
{
	switch (key->kind) {
	case CONF_NUMBER:
		if (str_to_i64(value, key->min, key->max, key->number))
			return true;
		return wrong(r,
		    "%s must be a whole number from %" PRId64 " to %" PRId64, key->name,
		    key->min, key->max);
	case CONF_TEXT:
		if (strlen(value) >= key->text_size)
			return wrong(r, "%s is longer than %zu characters", key->name,
			    key->text_size - 1);
		snprintf(key->text, key->text_size, "%s", value);
		return true;
	}
	return wrong(r, "%s is of no kind", key->name);
}

static int
on_key(void *context, const char *section, const char *name, const char *value)
{
	struct reading *r = context;
	bool is_section = false;

	if (r->is_bad)
		return 0;
	for (size_t i = 0; i < r->keys_n; i++) {
		if (!str_equal(r->keys[i].section, section))
			continue;
		is_section = true;
		if (!str_equal(r->keys[i].name, name))
			continue;
		if ((r->seen >> i & 1) != 0)
			return wrong(r, "%s is there a second time", name);
		r->seen |= UINT64_C(1) << i;
		return take_value(r, &r->keys[i], value);
	}
	if (section[0] == '\0')
		return wrong(r, "unknown key %s outside a section", name);
	if (!is_section)
		return wrong(r, "unknown section [%s]", section);
	return wrong(r, "unknown key %s in [%s]", name, section);
}

enum err
conf_read(const char *path, const struct conf_key *keys, size_t n, char *problem,
    size_t problem_size)
{
	struct reading r = {
	    .path = path,
	    .problem = problem,
	    .problem_size = problem_size,
	    .keys = keys,
	    .keys_n = n,
	};

	assert(n <= KEYS_MAX);
	return read_file(&r, on_key);
}

/* ---- peers ---- */

enum part { PART_KEY = 1, PART_ENDPOINT = 2, PART_HINTS = 4 };

static bool
is_peer_name(const char *name)
{
	size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz-");

	return len > 0 && name[len] == '\0' && name[0] != '-' &&
	       len < sizeof((struct conf_peer *)NULL)->name;
}

/* The peer of this section, made where it is new; its index, or -1. */
static int
peer_index(struct reading *r, const char *section)
{
	struct conf_peers *peers = r->peers;

	for (size_t i = 0; i < peers->n; i++)
		if (str_equal(peers->list[i].name, section))
			return (int)i;
	if (!is_peer_name(section)) {
		wrong(r, "[%s] is not the name of a service", section);
		return -1;
	}
	if (peers->n == CONF_PEERS_MAX) {
		wrong(r, "there are more than %d services", CONF_PEERS_MAX);
		return -1;
	}
	snprintf(peers->list[peers->n].name, sizeof peers->list[0].name, "%s", section);
	return (int)peers->n++;
}

static bool
take_endpoint(struct reading *r, const char *name, const char *value, char *out)
{
	if (!str_starts(value, "ipc://") && !str_starts(value, "tcp://"))
		return wrong(r, "%s must begin with ipc:// or tcp://", name);
	if (strlen(value) >= CONF_ENDPOINT_MAX)
		return wrong(
		    r, "%s is longer than %d characters", name, CONF_ENDPOINT_MAX - 1);
	snprintf(out, CONF_ENDPOINT_MAX, "%s", value);
	return true;
}

static int
on_peer(void *context, const char *section, const char *name, const char *value)
{
	static const char *const names[] = {"key", "endpoint", "hints"};
	struct reading *r = context;
	struct conf_peer *peer;
	size_t part = 0;
	int i;

	if (r->is_bad)
		return 0;
	i = peer_index(r, section);
	if (i < 0)
		return 0;
	peer = &r->peers->list[i];
	while (part < 3 && !str_equal(names[part], name))
		part++;
	if (part == 3)
		return wrong(r, "unknown key %s in [%s]", name, section);
	if ((r->given[i] >> part & 1) != 0)
		return wrong(r, "%s is there a second time for [%s]", name, section);
	r->given[i] |= (uint8_t)(1u << part);
	if (1u << part == PART_ENDPOINT)
		return take_endpoint(r, name, value, peer->endpoint);
	if (1u << part == PART_HINTS)
		return take_endpoint(r, name, value, peer->hints);
	if (!bytes_from_hex(value, peer->key, sizeof peer->key))
		return wrong(r, "key must be %d hexadecimal digits", 2 * KEY_BYTES);
	return 1;
}

/* Two services with one key could not be told apart. */
static bool
is_unlike(struct reading *r, const struct conf_peer *a, const struct conf_peer *b)
{
	if (memcmp(a->key, b->key, sizeof a->key) == 0)
		return wrong(r, "%s: [%s] and [%s] have the same key.", r->path,
		    a->name, b->name);
	if (a->endpoint[0] != '\0' &&
	    (str_equal(a->endpoint, b->endpoint) || str_equal(a->hints, b->hints)))
		return wrong(r, "%s: [%s] and [%s] share an endpoint.", r->path,
		    a->name, b->name);
	return true;
}

static bool
are_whole(struct reading *r)
{
	const struct conf_peers *peers = r->peers;

	r->line = 0; /* what is missing stands on no line */
	for (size_t i = 0; i < peers->n; i++) {
		const struct conf_peer *p = &peers->list[i];

		if ((r->given[i] & PART_KEY) == 0)
			return wrong(r, "%s: [%s] has no key.", r->path, p->name);
		if ((p->endpoint[0] == '\0') != (p->hints[0] == '\0'))
			return wrong(r,
			    "%s: [%s] needs both endpoint and hints, or neither.",
			    r->path, p->name);
		for (size_t j = 0; j < i; j++)
			if (!is_unlike(r, p, &peers->list[j]))
				return false;
	}
	if (peers->n == 0)
		return wrong(r, "%s names no service.", r->path);
	return true;
}

enum err
conf_read_peers(
    const char *path, struct conf_peers *out, char *problem, size_t problem_size)
{
	struct conf_peers peers = {.n = 0};
	struct reading r = {
	    .path = path,
	    .problem = problem,
	    .problem_size = problem_size,
	    .peers = &peers,
	};
	enum err e = read_file(&r, on_peer);

	if (e != ERR_NONE)
		return e;
	if (!are_whole(&r))
		return ERR_MALFORMED;
	*out = peers;
	return ERR_NONE;
}

const struct conf_peer *
conf_peer(const struct conf_peers *peers, const char *name)
{
	for (size_t i = 0; i < peers->n; i++)
		if (str_equal(peers->list[i].name, name))
			return &peers->list[i];
	return NULL;
}

/* ---- key files ---- */

static enum err
take_pair(struct reading *r, const char *public_hex, const char *secret_hex,
    uint8_t public_key[KEY_BYTES], uint8_t secret_key[KEY_BYTES])
{
	uint8_t of_secret[KEY_BYTES];

	r->line = 0;
	if (!bytes_from_hex(public_hex, public_key, KEY_BYTES) ||
	    !bytes_from_hex(secret_hex, secret_key, KEY_BYTES))
		wrong(r,
		    "%s must hold public = and secret =, %d hexadecimal digits each.",
		    r->path, 2 * KEY_BYTES);
	else if (crypto_scalarmult_base(of_secret, secret_key) != 0 ||
		 memcmp(of_secret, public_key, KEY_BYTES) != 0)
		wrong(r, "%s holds two keys that are not a pair.", r->path);
	return r->is_bad ? ERR_MALFORMED : ERR_NONE;
}

enum err
conf_read_key(const char *path, uint8_t public_key[32], uint8_t secret_key[32],
    char *problem, size_t problem_size)
{
	char public_hex[HEX_BYTES] = "", secret_hex[HEX_BYTES] = "";
	uint8_t public_read[KEY_BYTES], secret_read[KEY_BYTES];
	const struct conf_key keys[] = {
	    {"", "public", CONF_TEXT, 0, 0, public_hex, sizeof public_hex, NULL},
	    {"", "secret", CONF_TEXT, 0, 0, secret_hex, sizeof secret_hex, NULL},
	};
	struct reading r = {
	    .path = path,
	    .is_closed = true,
	    .problem = problem,
	    .problem_size = problem_size,
	    .keys = keys,
	    .keys_n = sizeof keys / sizeof keys[0],
	};
	enum err e = read_file(&r, on_key);

	if (e == ERR_NONE)
		e = take_pair(&r, public_hex, secret_hex, public_read, secret_read);
	if (e == ERR_NONE) {
		memcpy(public_key, public_read, KEY_BYTES);
		memcpy(secret_key, secret_read, KEY_BYTES);
	}
	sodium_memzero(secret_hex, sizeof secret_hex);
	sodium_memzero(secret_read, sizeof secret_read);
	return e;
}

static bool
write_all(int fd, const char *text, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0) {
			text += n;
			len -= (size_t)n;
		}
	}
	return true;
}

/* The name is on the disk only when its folder is. */
static bool
sync_folder_of(const char *path)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(path, '/');
	int len = slash == NULL ? 1 : slash == path ? 1 : (int)(slash - path);
	int fd;
	bool is_done;

	if (snprintf(folder, sizeof folder, "%.*s", len, slash == NULL ? "." : path) >=
	    (int)sizeof folder)
		return false;
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return false;
	is_done = fsync(fd) == 0;
	close(fd);
	return is_done;
}

enum err
conf_write_key(const char *path, const uint8_t public_key[32],
    const uint8_t secret_key[32], char *problem, size_t problem_size)
{
	char public_hex[HEX_BYTES], secret_hex[HEX_BYTES], text[200];
	bool is_written;
	int fd, len;

	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0) {
		snprintf(problem, problem_size, "%s cannot be made: %s.", path,
		    errno == EEXIST
			? "it is there already, and a key is never overwritten"
			: strerror(errno));
		return ERR_STORAGE;
	}
	bytes_to_hex((struct bytes){public_key, KEY_BYTES}, public_hex);
	bytes_to_hex((struct bytes){secret_key, KEY_BYTES}, secret_hex);
	len = snprintf(
	    text, sizeof text, "public = %s\nsecret = %s\n", public_hex, secret_hex);
	is_written = write_all(fd, text, (size_t)len) && fsync(fd) == 0;
	sodium_memzero(text, sizeof text);
	sodium_memzero(secret_hex, sizeof secret_hex);
	if (close(fd) == 0 && is_written && sync_folder_of(path))
		return ERR_NONE;
	snprintf(
	    problem, problem_size, "%s cannot be written: %s.", path, strerror(errno));
	(void)unlink(path);
	return ERR_STORAGE;
}
