#include <stdio.h>
#include <string.h>

#include "base/str.h"

#include "args.h"
#include "restore.h"

#define LINE_BYTES 256

static void
add(struct restore_heads *heads, struct restore_known known)
{
	if (heads->n < RESTORE_KNOWN_MAX)
		heads->list[heads->n++] = known;
}

/* What the stores that stay have seen of those that come back. */
static void
ask_stores(struct tool *t, const char *stores, const Backup__Manifest *restored,
    struct restore_heads *out)
{
	for (size_t i = 0; i < contracts_n; i++) {
		const char *service = contracts[i].service;
		const char *store = backup_path(t, stores, service);
		struct verify_known known[VERIFY_KNOWN_MAX];
		size_t n = 0;
		if (backup_part(restored, service) ||
		    !backup_is_file(backup_path(t, store, BACKUP_STORE)) ||
		    verify_what_is_known(store, known, &n) != ERR_NONE)
			continue;
		for (size_t k = 0; k < n; k++)
			add(out, (struct restore_known){service, false, known[k]});
	}
}

/* "foster 1204:HASH", and whatever else stands behind a space. */
static bool
read_line(char *line, struct verify_known *out)
{
	char *number = strchr(line, ' ');
	char *hash = number ? strchr(number, ':') : NULL;
	int64_t n;

	if (!hash)
		return false;
	*number++ = '\0';
	*hash++ = '\0';
	hash[strcspn(hash, " \t\n")] = '\0';
	if (!contract_of(line) || !str_to_i64(number, 1, INT64_MAX, &n) ||
	    !bytes_from_hex(hash, out->head.hash, sizeof(out->head.hash)))
		return false;
	(void)snprintf(out->service, sizeof(out->service), "%.23s", line);
	out->head.number = (uint64_t)n;
	return true;
}

static enum exit_code
read_file(const char *path, struct restore_heads *out)
{
	char line[LINE_BYTES];
	FILE *file = fopen(path, "re");
	enum exit_code code = EXIT_YES;

	if (!file) {
		complain("%s cannot be read", path);
		return EXIT_USAGE;
	}
	for (unsigned n = 1; code == EXIT_YES && fgets(line, sizeof(line), file); n++) {
		struct restore_known known = {path, true, {.service = ""}};
		if (line[0] == '#' || line[0] == '\n')
			continue;
		if (read_line(line, &known.known)) {
			add(out, known);
			continue;
		}
		complain("%s, line %u: an entry is said as: foster 1204:HASH", path, n);
		code = EXIT_USAGE;
	}
	(void)fclose(file);
	return code;
}

enum exit_code
restore_read_heads(struct tool *t, const char *stores, const Backup__Manifest *restored,
    struct restore_heads *out)
{
	const char *path = args_value(t, "--heads");

	ask_stores(t, stores, restored, out);
	return path ? read_file(path, out) : EXIT_YES;
}
