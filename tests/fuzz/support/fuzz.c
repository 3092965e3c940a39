#include "fuzz/support/fuzz.h"

#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/message.h"

#define HEARD_BYTES 65536

struct arena fuzz_arena;

static int own_stderr = STDERR_FILENO;
static char heard[HEARD_BYTES];
static bool is_listening;
static char file_path[64];
static int file_fd = -1;

void
fuzz_broken(const char *file, int line, const char *claim, const char *format, ...)
{
	va_list list;

	dprintf(own_stderr, "%s:%d: not so: %s: ", file, line, claim);
	va_start(list, format);
	vdprintf(own_stderr, format, list);
	va_end(list);
	dprintf(own_stderr, "\n");
	abort();
}

void
fuzz_begin(void)
{
	own_stderr = dup(STDERR_FILENO);
	(void)setenv("CMOCKA_TEST_ABORT", "1", 1);
	if (access("/dev/shm", W_OK) == 0) /* a store is made for every input */
		(void)setenv("TMPDIR", "/dev/shm", 0);
	(void)signal(SIGPIPE, SIG_IGN);
	FUZZ_CHECK(
	    own_stderr >= 0 && arena_open(&fuzz_arena, FUZZ_ARENA_BYTES) == ERR_NONE,
	    "no room to begin");
	if (fuzz_target.open != NULL)
		fuzz_target.open();
}

void
fuzz_take(const uint8_t *data, size_t size)
{
	arena_reset(&fuzz_arena);
	if (is_listening) {
		rewind(stderr);
		heard[0] = '\0';
	}
	fuzz_target.one((struct bytes){data, size});
}

void
fuzz_end(void)
{
	if (fuzz_target.close != NULL)
		fuzz_target.close();
	arena_close(&fuzz_arena);
}

char *
fuzz_text(struct bytes input)
{
	char *text = arena_take(&fuzz_arena, input.len + 1);

	FUZZ_CHECK(text != NULL, "no room for a text of %zu bytes", input.len);
	if (input.len > 0)
		memcpy(text, input.data, input.len);
	return text;
}

struct bytes
fuzz_cut(struct bytes *rest, uint8_t at)
{
	struct bytes part = *rest;
	const uint8_t *end = part.len == 0 ? NULL : memchr(part.data, at, part.len);

	if (end == NULL) {
		*rest = BYTES_NONE;
		return part;
	}
	part.len = (size_t)(end - part.data);
	rest->data = end + 1;
	rest->len -= part.len + 1;
	return part;
}

struct bytes
fuzz_pack(const ProtobufCMessage *m)
{
	struct bytes out = BYTES_NONE;

	FUZZ_CHECK(message_pack(&fuzz_arena, m, &out) == ERR_NONE,
	    "%s: what was unpacked does not pack", m->descriptor->name);
	return out;
}

void *
fuzz_unpack(const ProtobufCMessageDescriptor *type, struct bytes packed)
{
	ProtobufCMessage *m = NULL;

	FUZZ_CHECK(message_unpack(&fuzz_arena, type, packed, &m) == ERR_NONE,
	    "%s: what must unpack does not", type->name);
	return m;
}

const char *
fuzz_file(struct bytes content)
{
	if (file_fd < 0) {
		file_fd = memfd_create("fuzz", MFD_CLOEXEC);
		FUZZ_CHECK(file_fd >= 0 && fchmod(file_fd, 0600) == 0, "no file");
		snprintf(file_path, sizeof file_path, "/proc/self/fd/%d", file_fd);
	}
	FUZZ_CHECK(
	    ftruncate(file_fd, 0) == 0 &&
		pwrite(file_fd, content.data, content.len, 0) == (ssize_t)content.len,
	    "the file is not written");
	return file_path;
}

void
fuzz_listen(void)
{
	FILE *ear = fmemopen(heard, sizeof heard, "w");

	FUZZ_CHECK(ear != NULL, "no ear");
	stderr = ear;
	is_listening = true;
}

const char *
fuzz_heard(void)
{
	FUZZ_CHECK(fflush(stderr) == 0, "more was said than can be heard");
	return heard;
}

bool
fuzz_is_plain(const char *text, unsigned most)
{
	unsigned lines = 0;
	size_t len = strlen(text);

	for (const char *c = text; *c != '\0'; c++) {
		lines += *c == '\n';
		if (((unsigned char)*c < ' ' && *c != '\n') || *c == 0x7f)
			return false;
	}
	return lines <= most && (len == 0 || most == 0 || text[len - 1] == '\n');
}
