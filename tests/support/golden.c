#include "support/golden.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <sodium.h>

#include "base/log.h"
#include "base/record.h"
#include "support/folder.h"

#define JOURNAL_BYTES_MAX (4u << 20)
#define EPOCH 1
#define HEAD_BYTES 64 /* and a check of 16: see base/journal.h */

static uint8_t file_bytes[JOURNAL_BYTES_MAX];

const char *
golden_folder(void)
{
	return getenv("GOLDEN_WRITE");
}

uint32_t
golden_draw(uint64_t *state, uint32_t n)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*state >> 33) % n;
}

/* ---- the dump ---- */

static void
add_row(void *context, const char *table, struct bytes key, struct bytes value)
{
	uint8_t lengths[8];

	bytes_put_u32(lengths, (uint32_t)key.len);
	bytes_put_u32(lengths + 4, (uint32_t)value.len);
	crypto_generichash_update(context, (const uint8_t *)table, strlen(table) + 1);
	crypto_generichash_update(context, lengths, sizeof lengths);
	crypto_generichash_update(context, key.data, key.len);
	if (value.len > 0)
		crypto_generichash_update(context, value.data, value.len);
}

static void
dump_line(
    struct svc *svc, const struct service *service, uint64_t entries, char out[128])
{
	crypto_generichash_state state;
	uint8_t hash[32];
	char hex[65];

	crypto_generichash_init(&state, NULL, 0, sizeof hash);
	assert_int_equal(svc_dump(svc, add_row, &state), ERR_NONE);
	crypto_generichash_final(&state, hash, sizeof hash);
	bytes_to_hex((struct bytes){hash, sizeof hash}, hex);
	snprintf(out, 128, "%u %llu %s\n", service->layout, (unsigned long long)entries,
	    hex);
}

/* ---- a store made of a journal's bytes ---- */

static struct svc *
open_store(const struct service *service, const char *path)
{
	static const struct conf_peers nobody;
	struct svc *svc = NULL;
	char problem[300];
	struct svc_options o = {
	    .service = service,
	    .path = path,
	    .peers = &nobody,
	    .no_sync = true,
	    .option = "",
	    .incarnation = 1,
	};

	if (svc_open(&svc, &o, problem, sizeof problem) != ERR_NONE)
		fail_msg("%s: %s", service->name, problem);
	return svc;
}

/* The row that names the last entry, as base/journal.h lays it out. */
static void
put_head(struct kv_txn *txn, const struct record *last)
{
	uint8_t row[HEAD_BYTES + 16];

	bytes_put_u64(row, last->header.number);
	memcpy(row + 8, last->entry_hash, JOURNAL_HASH_BYTES);
	bytes_put_u64(row + 40, (uint64_t)last->header.time_ms);
	bytes_put_u64(row + 48, last->header.incarnation);
	bytes_put_u64(row + 56, EPOCH);
	crypto_generichash(row + HEAD_BYTES, 16, row, HEAD_BYTES, NULL, 0);
	kv_put(txn, SVC_META, bytes_of_text("head"), (struct bytes){row, sizeof row});
}

/* Puts the entries in, and nothing else: no table, and no layout of any. */
static uint64_t
fill_store(struct svc *svc, struct bytes file)
{
	struct kv_txn txn;
	struct record r = {.header = {.number = 0}};

	kv_begin(svc_kv(svc), &txn, true);
	while (file.len >= 4) {
		struct bytes packed = {file.data + 4, bytes_get_u32(file.data)};
		uint8_t key[8];

		assert_true(packed.len <= file.len - 4);
		assert_true(record_read(packed, &r));
		bytes_put_u64(key, r.header.number);
		kv_append(&txn, SVC_JOURNAL, (struct bytes){key, sizeof key}, packed);
		file.data += 4 + packed.len;
		file.len -= 4 + packed.len;
	}
	assert_int_equal(file.len, 0);
	if (r.entry_hash == NULL)
		fail_msg("the journal is empty");
	else
		put_head(&txn, &r);
	kv_delete(&txn, SVC_META, bytes_of_text("layout"));
	assert_int_equal(kv_end(&txn), ERR_NONE);
	return r.header.number;
}

uint64_t
golden_fill(struct svc *svc, const char *journal)
{
	return fill_store(
	    svc, (struct bytes){
		     file_bytes, folder_read(journal, file_bytes, sizeof file_bytes)});
}

/* ---- checking ---- */

static void
compare(const struct service *service, const char *path, const char *line)
{
	char lines[4096] = "\n", layout[16];
	const char *at;

	lines[1 + folder_read(path, lines + 1, sizeof lines - 2)] = '\0';
	snprintf(layout, sizeof layout, "\n%u ", service->layout);
	at = strstr(lines, layout);
	if (at == NULL)
		fail_msg("%s has no line for this layout; it would be: %s", path, line);
	else if (strncmp(at + 1, line, strlen(line)) != 0)
		fail_msg("the journal is replayed to something else than %s says.\n"
			 "It says now: %s",
		    path, line);
}

static void
check_release(const struct service *service, const char *release)
{
	char folder[FOLDER_PATH_MAX], path[FOLDER_PATH_MAX], name[FOLDER_PATH_MAX];
	char line[128], again[128], problem[300];
	struct svc *svc;
	uint64_t entries;

	folder_make(folder);
	folder_file(path, folder, "store");
	svc = open_store(service, path);
	snprintf(name, sizeof name, "%s/%s.journal", release, service->name);
	entries = golden_fill(svc, name);
	svc_close(svc);
	svc = open_store(service, path); /* which rebuilds it */
	dump_line(svc, service, entries, line);
	assert_int_equal(svc_rebuild(svc, problem, sizeof problem), ERR_NONE);
	dump_line(svc, service, entries, again);
	assert_string_equal(line, again);
	svc_close(svc);
	folder_remove(folder);
	snprintf(name, sizeof name, "%s/%s.dump", release, service->name);
	compare(service, name, line);
}

void
golden_check(const struct service *service)
{
	unsigned found = 0;

	log_open("golden", LOG_LEVEL_ERROR);
	assert_true(sodium_init() >= 0);
	for (unsigned release = 1; release < 1000; release++) {
		char folder[64], name[128];

		snprintf(folder, sizeof folder, "tests/golden/%u", release);
		if (access(folder, F_OK) != 0)
			break;
		snprintf(name, sizeof name, "%s/%s.journal", folder, service->name);
		if (access(name, F_OK) != 0)
			continue; /* the service came with a later release */
		check_release(service, folder);
		found++;
	}
	assert_true(found > 0);
}

/* ---- writing ---- */

static void
check_types(const struct service *service, const bool *seen, size_t n)
{
	for (unsigned i = 0; i < service->event->n_fields; i++) {
		const ProtobufCFieldDescriptor *type = &service->event->fields[i];

		assert_true(type->id < n);
		if (!seen[type->id])
			fail_msg(
			    "no %s in the journal of %s", type->name, service->name);
	}
}

static struct bytes
pack_journal(struct svc *svc, const struct service *service, uint64_t *entries)
{
	bool seen[64] = {false};
	struct kv_walk w;
	struct kv_txn txn;
	size_t len = 0;

	*entries = 0;
	kv_begin(svc_kv(svc), &txn, false);
	for (kv_walk(&txn, &w, SVC_JOURNAL, BYTES_NONE, BYTES_NONE); kv_next(&w);) {
		struct record r;

		assert_true(record_read(w.value, &r) && r.header.type < 64);
		assert_true(len + 4 + w.value.len <= sizeof file_bytes);
		seen[r.header.type] = true;
		bytes_put_u32(file_bytes + len, (uint32_t)w.value.len);
		memcpy(file_bytes + len + 4, w.value.data, w.value.len);
		len += 4 + w.value.len;
		++*entries;
	}
	assert_int_equal(kv_end(&txn), ERR_NONE);
	check_types(service, seen, sizeof seen / sizeof seen[0]);
	return (struct bytes){file_bytes, len};
}

void
golden_write(struct svc *svc, const struct service *service, const char *folder)
{
	char name[FOLDER_PATH_MAX], path[FOLDER_PATH_MAX], line[128];
	uint64_t entries;
	struct bytes journal = pack_journal(svc, service, &entries);

	(void)mkdir(folder, 0777); /* the other services' may stand there already */
	snprintf(name, sizeof name, "%s.journal", service->name);
	folder_file(path, folder, name);
	if (access(path, F_OK) == 0)
		fail_msg("%s is there already, and is never written again", path);
	folder_write(path, journal.data, journal.len);
	dump_line(svc, service, entries, line);
	snprintf(name, sizeof name, "%s.dump", service->name);
	folder_file(path, folder, name);
	folder_write(path, line, strlen(line));
	print_message("%s: %llu entries\n", service->name, (unsigned long long)entries);
}
