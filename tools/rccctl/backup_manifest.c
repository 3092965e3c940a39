#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "base/copy.h"
#include "base/json.h"
#include "base/message.h"
#include "base/run_options.h"
#include "base/str.h"

#include "backup.h"

#define MANIFEST_BYTES_MAX (256u << 10)
#define MEANING                                                                        \
	"The services were copied one after the other while they went on, in the "     \
	"order "                                                                       \
	"of the parts: each before those that it follows. What a service had "         \
	"acknowledged before its begun_time is in its copy; what it acknowledged "     \
	"after may not be. No copy knows of an entry of another that is not in that "  \
	"one's copy. Invented children only."

static enum exit_code
broken(const char *path, const char *why)
{
	complain("%s is no backup that can be used: %s", path, why);
	return EXIT_BROKEN;
}

/* The digest of all but the digest. */
static bool
digest(struct tool *t, const Backup__Manifest *m, uint8_t out[COPY_HASH_BYTES])
{
	Backup__Manifest rest = *m;
	struct bytes packed;

	rest.has_check = 0;
	rest.check = (ProtobufCBinaryData){0};
	if (sodium_init() < 0 ||
	    message_pack(&t->arena, &rest.base, &packed) != ERR_NONE)
		return false;
	(void)crypto_generichash(
	    out, COPY_HASH_BYTES, packed.data, packed.len, NULL, 0);
	return true;
}

static bool
write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "wxe");
	bool is_written;

	if (!file)
		return false;
	is_written = fputs(text, file) >= 0 && fputc('\n', file) == '\n' &&
	             fflush(file) == 0 && fsync(fileno(file)) == 0;
	return fclose(file) == 0 && is_written;
}

enum exit_code
backup_write_manifest(struct tool *t, const char *folder, Backup__Manifest *m)
{
	const char *path = backup_path(t, folder, BACKUP_MANIFEST), *json = NULL;
	uint8_t check[COPY_HASH_BYTES];

	SET(m, layout, BACKUP_LAYOUT);
	m->version = str_copy(&t->arena, RUN_VERSION);
	m->meaning = str_copy(&t->arena, MEANING);
	if (!digest(t, m, check))
		return complain_memory();
	SET_BYTES(
	    m, check, bytes_copy(&t->arena, ((struct bytes){check, sizeof(check)})));
	if (json_from_message(&t->arena, &m->base, 2, &json) != ERR_NONE)
		return complain_memory();
	if (!write_text(path, json) || copy_sync_folder(folder) != ERR_NONE) {
		complain("%s cannot be written: %s", path, strerror(errno));
		return EXIT_FAULT;
	}
	return EXIT_YES;
}

/* NULL where it cannot be read, or is longer than any manifest. */
static const char *
read_text(struct tool *t, const char *path)
{
	char *text = arena_take(&t->arena, MANIFEST_BYTES_MAX + 1);
	FILE *file = text ? fopen(path, "re") : NULL;
	size_t len;

	if (!file)
		return NULL;
	len = fread(text, 1, MANIFEST_BYTES_MAX + 1, file);
	(void)fclose(file);
	if (len > MANIFEST_BYTES_MAX)
		return NULL;
	text[len] = '\0';
	return text;
}

/* A file may be named only below the folder, and a service only by its name. */
static bool
is_part(const Backup__Part *p)
{
	return p->service && contract_of(p->service) && p->file && p->file[0] != '/' &&
	       !strstr(p->file, "..") &&
	       (p->form == BACKUP__FORM__FORM_STORE ||
		   p->form == BACKUP__FORM__FORM_LINES) &&
	       p->file_hash.len == COPY_HASH_BYTES &&
	       p->head_hash.len == JOURNAL_HASH_BYTES;
}

const Backup__Part *
backup_part(const Backup__Manifest *m, const char *service)
{
	for (size_t i = 0; i < m->n_parts; i++)
		if (str_equal(m->parts[i]->service, service))
			return m->parts[i];
	return NULL;
}

static enum exit_code
check_manifest(struct tool *t, const char *path, const Backup__Manifest *m)
{
	uint8_t check[COPY_HASH_BYTES];

	if (m->layout > BACKUP_LAYOUT)
		return broken(path, "it is of a later release than this one");
	if (!digest(t, m, check))
		return complain_memory();
	if (m->layout != BACKUP_LAYOUT || m->check.len != sizeof(check) ||
	    memcmp(m->check.data, check, sizeof(check)) != 0)
		return broken(path, "it is not what was written");
	for (size_t i = 0; i < m->n_parts; i++) {
		if (!is_part(m->parts[i]) ||
		    backup_part(m, m->parts[i]->service) != m->parts[i])
			return broken(path, "it names a part that cannot be one");
	}
	return m->n_parts > 0 ? EXIT_YES : broken(path, "it names no service");
}

enum exit_code
backup_read_manifest(struct tool *t, const char *folder, Backup__Manifest **out)
{
	const char *path = backup_path(t, folder, BACKUP_MANIFEST);
	const char *text = read_text(t, path);
	struct check_problem why;
	ProtobufCMessage *m = NULL;
	enum exit_code code;

	if (!text)
		return broken(folder, "it has no " BACKUP_MANIFEST
				      ", which is written last: it is not whole");
	if (json_to_message(&t->arena, &backup__manifest__descriptor, text, &m, &why) !=
	    ERR_NONE)
		return broken(
		    path, "it is not whole, or of a later release than this one");
	code = check_manifest(t, path, (const Backup__Manifest *)m);
	if (code == EXIT_YES)
		*out = (Backup__Manifest *)m;
	return code;
}
