#include "base/copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sodium.h>

#include "base/apart.h"
#include "base/kv.h"

#define STEP_BYTES (1u << 20)

/* The first sentence stays: what follows from it is not what to look at. */
static enum err
fail(struct copy *c, enum err e, const char *doing, const char *path, const char *why)
{
	if (c->problem[0] == '\0')
		snprintf(c->problem, sizeof c->problem, "%s %s: %s", path, doing, why);
	return e;
}

static enum err
fail_to_write(struct copy *c, int code)
{
	return fail(c, code == ENOSPC || code == EDQUOT ? ERR_FULL : ERR_STORAGE,
	    "cannot be written", c->to, strerror(code));
}

static enum err
write_all(struct copy *c, int fd, const uint8_t *data, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail_to_write(c, errno);
		data += n;
		len -= (size_t)n;
	}
	return ERR_NONE;
}

/* From one to the other (-1: nowhere) until the end; *is_ended where it came. */
static enum err
pour(struct copy *c, int from, int to, crypto_generichash_state *hash, bool *is_ended)
{
	static uint8_t step[STEP_BYTES];
	ssize_t n;

	do {
		n = read(from, step, sizeof step);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return fail(c, ERR_STORAGE, "cannot be read", c->from, strerror(errno));
	*is_ended = n == 0;
	crypto_generichash_update(hash, step, (unsigned long long)n);
	c->bytes += (uint64_t)n;
	if (c->more != NULL)
		c->more(c->context, c->bytes);
	return to < 0 ? ERR_NONE : write_all(c, to, step, (size_t)n);
}

static enum err
open_to(struct copy *c, int *to)
{
	*to = -1;
	c->bytes = 0;
	c->problem[0] = '\0';
	if (sodium_init() < 0)
		return ERR_INTERNAL;
	if (c->to == NULL)
		return ERR_NONE;
	*to = open(c->to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	return *to < 0 ? fail_to_write(c, errno) : ERR_NONE;
}

static enum err
close_to(struct copy *c, int to, enum err e)
{
	if (to < 0)
		return e;
	if (e == ERR_NONE && fsync(to) != 0)
		e = fail_to_write(c, errno);
	if (close(to) != 0 && e == ERR_NONE)
		e = fail_to_write(c, errno);
	if (e != ERR_NONE)
		(void)unlink(c->to);
	return e;
}

/* ---- a store ---- */

static int
copy_apart(const void *context, int pipe)
{
	static const char *const tables[] = {KV_ROOT_TABLE};
	const struct kv_options options = {
	    .path = context, .tables = tables, .tables_n = 1, .read_only = true};
	char problem[256];
	struct kv *kv;
	enum err e = kv_open(&kv, &options, problem, sizeof problem);

	if (e != ERR_NONE)
		return (int)e;
	/* Larger steps through the pipe where the machine allows it. */
	(void)fcntl(pipe, F_SETPIPE_SZ, STEP_BYTES);
	e = kv_copy(kv, pipe);
	kv_close(kv);
	return (int)e;
}

static enum err
judge(struct copy *c, int status)
{
	if (WIFSIGNALED(status))
		return fail(c, ERR_CORRUPT, "cannot be read", c->from,
		    "reading it crashed: its pages are damaged");
	if (WEXITSTATUS(status) != 0)
		return fail(c, ERR_CORRUPT, "cannot be read", c->from,
		    "it is damaged, or not a store");
	return ERR_NONE;
}

enum err
copy_store(struct copy *c)
{
	crypto_generichash_state hash;
	bool is_ended = false;
	struct apart a;
	int to, status;
	enum err e = open_to(c, &to);

	if (e != ERR_NONE)
		return e;
	crypto_generichash_init(&hash, NULL, 0, sizeof c->hash);
	e = apart_begin(&a, copy_apart, c->from);
	if (e != ERR_NONE)
		return close_to(c, to,
		    fail(c, e, "cannot be read", c->from, "no process to do it"));
	while (e == ERR_NONE && !is_ended) {
		if (apart_wait(&a, APART_SILENT_MS) != 1)
			e = fail(c, ERR_CORRUPT, "cannot be read", c->from,
			    "reading it came to a halt");
		else
			e = pour(c, a.pipe, to, &hash, &is_ended);
	}
	status = apart_end(&a, !is_ended);
	if (e == ERR_NONE)
		e = judge(c, status);
	crypto_generichash_final(&hash, c->hash, sizeof c->hash);
	return close_to(c, to, e);
}

/* ---- a file ---- */

enum err
copy_file(struct copy *c)
{
	crypto_generichash_state hash;
	bool is_ended = false;
	int to, from;
	enum err e = open_to(c, &to);

	if (e != ERR_NONE)
		return e;
	crypto_generichash_init(&hash, NULL, 0, sizeof c->hash);
	from = open(c->from, O_RDONLY | O_CLOEXEC);
	if (from < 0)
		e = fail(c, ERR_STORAGE, "cannot be read", c->from, strerror(errno));
	while (e == ERR_NONE && !is_ended)
		e = pour(c, from, to, &hash, &is_ended);
	if (from >= 0)
		close(from);
	crypto_generichash_final(&hash, c->hash, sizeof c->hash);
	return close_to(c, to, e);
}

enum err
copy_sync_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool is_synced = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return is_synced ? ERR_NONE : ERR_STORAGE;
}
