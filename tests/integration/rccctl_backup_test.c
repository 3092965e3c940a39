/* The verbs of backup as people type them, on stores of the toy services: what is
 * refused, and that the open form says every entry to the byte. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/copied.h"
#include "base/copy.h"
#include "base/message.h"
#include "base/str.h"
#include "base/verify.h"
#include "rccctl/args.h"
#include "rccctl/backup.h"
#include "rccctl/restore.h"
#include "rccctl/verbs.h"
#include "support/toy.h"

#define TEXT_BYTES_MAX (64u << 10)

static const struct verb *const verbs[] = {
    &verb_backup_make, &verb_restore, &verb_export};

struct here {
	struct toy toy;
	struct tool tool;
	char root[FOLDER_PATH_MAX], stores[FOLDER_PATH_MAX];
};

static struct here here;

static const char *
in_root(struct here *h, const char *name)
{
	return str_format(&h->toy.m.arena, "%s/%s", h->root, name);
}

/* Stores of members and foster with something in them, closed. */
static int
make(void **state)
{
	struct here *h = &here;

	toy_open(&h->toy);
	folder_make(h->root);
	memcpy(h->stores, h->toy.m.folder, sizeof h->stores);
	for (unsigned i = 0; i < 5; i++)
		toy_write(&h->toy);
	toy_ask(&h->toy, &(struct toy_call){.key = TOY_OFFICER,
			     .method = TOY_METHOD(REGISTER_HOUSEHOLD),
			     .body = toy_note(&h->toy, TOY_REFUSED)});
	machines_settle(&h->toy.m);
	for (size_t i = 0; i < h->toy.m.n; i++) {
		svc_close(h->toy.m.list[i].svc);
		h->toy.m.list[i].svc = NULL;
	}
	/* The follower borrows the events of another service than its name says. */
	folder_remove(h->toy.m.list[2].path);
	*state = h;
	return 0;
}

static int
clear(void **state)
{
	struct here *h = *state;

	folder_remove(h->root);
	toy_close(&h->toy);
	return 0;
}

static enum exit_code typed(struct here *h, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A command line of words without blanks; what the verb leaves with. */
static enum exit_code
typed(struct here *h, const char *format, ...)
{
	static char text[4096], *argv[32];
	bool help = false;
	size_t n = 0;
	va_list values;
	enum exit_code code;

	va_start(values, format);
	assert_true(vsnprintf(text, sizeof text, format, values) < (int)sizeof text);
	va_end(values);
	for (char *c = text; *c && n < 31; n++) {
		argv[n] = c;
		c += strcspn(c, " ");
		if (*c)
			*c++ = '\0';
	}
	argv[n] = NULL;
	h->tool = (struct tool){.now_ms = clock_now_ms()};
	assert_int_equal(arena_open(&h->tool.arena, 64u << 20), ERR_NONE);
	code = args_read(&h->tool, verbs, sizeof verbs / sizeof verbs[0], argv, &help);
	if (code == EXIT_YES) {
		assert_non_null(h->tool.verb);
		code = h->tool.verb->run(&h->tool);
	}
	arena_close(&h->tool.arena);
	return code;
}

static bool
is_there(struct here *h, const char *name)
{
	return access(in_root(h, name), F_OK) == 0;
}

static struct verify_report
verified(const char *path)
{
	struct verify_report report;

	assert_int_equal(verify_store(path, NULL, &report), ERR_NONE);
	return report;
}

static void
assert_same_chain(struct here *h, const char *from, const char *service)
{
	struct verify_report was =
	    verified(str_format(&h->toy.m.arena, "%s/%s", h->stores, service));
	struct verify_report is =
	    verified(in_root(h, str_format(&h->toy.m.arena, "%s/%s", from, service)));

	assert_int_equal(is.verdict, VERIFY_HOLDS);
	assert_true(is.entries > 0);
	assert_int_equal(is.entries, was.entries);
	assert_memory_equal(is.head_hash, was.head_hash, sizeof is.head_hash);
	assert_int_not_equal(is.incarnation, was.incarnation);
}

static void
what_was_copied_comes_back(void **state)
{
	struct here *h = *state;

	assert_int_equal(
	    typed(h, "rccctl backup make %s --to %s", h->stores, in_root(h, "backup")),
	    EXIT_YES);
	assert_int_equal(typed(h, "rccctl restore --from %s --to %s",
			     in_root(h, "backup"), in_root(h, "new")),
	    EXIT_YES);
	assert_same_chain(h, "new", "foster");
	assert_same_chain(h, "new", "members");
	assert_false(is_there(h, "new/foster/.restoring"));
	assert_false(is_there(h, "new/requests"));
	assert_int_equal(typed(h, "rccctl restore --from %s --to %s --service members",
			     in_root(h, "backup"), in_root(h, "other")),
	    EXIT_YES);
	assert_true(is_there(h, "other/members/data.mdb"));
	assert_false(is_there(h, "other/foster"));
}

static Common__Copied *
word_of(struct here *h, const char *folder, const char *service)
{
	struct verify_report is =
	    verified(str_format(&h->toy.m.arena, "%s/%s", folder, service));
	struct journal_head head = {
	    .number = is.head_number, .incarnation = is.incarnation};

	return copied_read(&h->toy.m.arena,
	    str_format(&h->toy.m.arena, "%s/%s", folder, service), &head);
}

/* Its service tells when it was copied last; of what came back nothing is copied yet.
 */
static void
word_of_a_copy_stands_beside_the_store(void **state)
{
	struct here *h = *state;
	const char *to = in_root(h, "backup");
	int64_t before_ms = clock_now_ms();

	assert_int_equal(
	    typed(h, "rccctl export %s --to %s", h->stores, in_root(h, "open")),
	    EXIT_YES);
	assert_null(word_of(h, h->stores, "foster"));
	assert_int_equal(
	    typed(h, "rccctl backup make %s --to %s/none", h->stores, to), EXIT_FAULT);
	assert_null(word_of(h, h->stores, "foster"));
	assert_int_equal(
	    typed(h, "rccctl backup make %s --to %s", h->stores, to), EXIT_YES);
	for (unsigned i = 0; i < 2; i++) {
		const char *service = i == 0 ? "foster" : "members";
		const Common__Copied *c = word_of(h, h->stores, service);

		assert_non_null(c);
		assert_int_equal(c->number,
		    verified(str_format(&h->toy.m.arena, "%s/%s", to, service))
			.head_number);
		assert_in_range(c->begun_time, before_ms, clock_now_ms());
		assert_null(word_of(h, to, service));
	}
	assert_int_equal(
	    typed(h, "rccctl restore --from %s --to %s", to, in_root(h, "new")),
	    EXIT_YES);
	assert_null(word_of(h, in_root(h, "new"), "foster"));
}

static void
assert_mode(struct here *h, const char *name, mode_t mode)
{
	struct stat is;

	assert_int_equal(lstat(in_root(h, name), &is), 0);
	assert_int_equal(is.st_mode & 07777, mode);
}

/* They hold all that the stores hold: for their owner's eyes alone. */
static void
copies_are_kept_from_others(void **state)
{
	struct here *h = *state;
	mode_t was = umask(0);

	assert_int_equal(
	    typed(h, "rccctl backup make %s --to %s", h->stores, in_root(h, "backup")),
	    EXIT_YES);
	(void)umask(0);
	assert_int_equal(
	    typed(h, "rccctl export --from %s --to %s", h->stores, in_root(h, "open")),
	    EXIT_YES);
	(void)umask(0);
	assert_int_equal(typed(h, "rccctl restore --from %s --to %s",
			     in_root(h, "open"), in_root(h, "new")),
	    EXIT_YES);
	(void)umask(was);
	assert_mode(h, "backup", 0700);
	assert_mode(h, "backup/foster", 0700);
	assert_mode(h, "backup/foster/data.mdb", 0600);
	assert_mode(h, "backup/manifest.json", 0600);
	assert_mode(h, "open", 0700);
	assert_mode(h, "open/foster.jsonl", 0600);
	assert_mode(h, "new", 0700);
	assert_mode(h, "new/foster", 0700);
	assert_mode(h, "new/foster/data.mdb", 0600);
}

/* Refusals are among the entries, and rows of the inbox come of them. */
static void
the_open_form_says_every_entry_to_the_byte(void **state)
{
	struct here *h = *state;

	assert_int_equal(
	    typed(h, "rccctl export --from %s --to %s", h->stores, in_root(h, "open")),
	    EXIT_YES);
	assert_true(is_there(h, "open/foster.jsonl"));
	assert_false(is_there(h, "open/foster"));
	assert_int_equal(typed(h, "rccctl restore --from %s --to %s",
			     in_root(h, "open"), in_root(h, "new")),
	    EXIT_YES);
	assert_same_chain(h, "new", "foster");
	assert_same_chain(h, "new", "members");
	/* And what is told of what came back is the same again. */
	assert_int_equal(typed(h, "rccctl export %s --to %s", in_root(h, "new"),
			     in_root(h, "again")),
	    EXIT_YES);
	static char one[TEXT_BYTES_MAX], two[TEXT_BYTES_MAX];
	size_t len = folder_read(in_root(h, "open/foster.jsonl"), one, sizeof one);
	assert_in_range(len, 1000, sizeof one - 1);
	assert_int_equal(
	    folder_read(in_root(h, "again/foster.jsonl"), two, sizeof two), len);
	assert_memory_equal(one, two, len);
}

/* A service that is added has a line of its own, or nothing of it could be said. */
static void
every_service_has_an_open_form(void **state)
{
	(void)state;
	for (size_t i = 0; i < contracts_n; i++) {
		const ProtobufCFieldDescriptor *f =
		    protobuf_c_message_descriptor_get_field_by_name(
			&backup__line__descriptor, contracts[i].service);

		if (f == NULL || f->descriptor != contracts[i].event)
			fail_msg("%s is not in backup.Line", contracts[i].service);
	}
}

/* Tables are made of the journal by the service that opens it. */
static void
a_service_opens_what_came_back_from_the_open_form(void **state)
{
	struct here *h = *state;
	char problem[300] = "";
	struct svc *svc = NULL;

	assert_int_equal(
	    typed(h, "rccctl export --from %s --to %s", h->stores, in_root(h, "open")),
	    EXIT_YES);
	assert_int_equal(typed(h, "rccctl restore --from %s --to %s",
			     in_root(h, "open"), in_root(h, "new")),
	    EXIT_YES);
	struct svc_options o = {
	    .service = &toy_service,
	    .path = in_root(h, "new/foster"),
	    .peers = &h->toy.m.peers,
	    .no_sync = true,
	    .incarnation = 1,
	    .now_ms = h->toy.m.now_ms,
	};
	if (svc_open(&svc, &o, problem, sizeof problem) != ERR_NONE)
		fail_msg("%s", problem);
	struct kv_txn txn;
	kv_begin(svc_kv(svc), &txn, false);
	assert_int_equal(kv_count(&txn, TOY_NOTES), 5);
	assert_int_equal(kv_count(&txn, SVC_INBOX), 6);
	assert_int_equal(kv_end(&txn), ERR_NONE);
	svc_close(svc);
}

/* ---- what is refused ---- */

static void
nothing_is_made_over_anything(void **state)
{
	struct here *h = *state;
	const char *backup = in_root(h, "backup");

	assert_int_equal(
	    typed(h, "rccctl backup make %s --to %s", h->stores, backup), EXIT_YES);
	assert_int_equal(
	    typed(h, "rccctl backup make %s --to %s", h->stores, backup), EXIT_REFUSED);
	assert_int_equal(
	    typed(h, "rccctl export %s --to %s", h->stores, backup), EXIT_REFUSED);
	assert_int_equal(
	    typed(h, "rccctl restore --from %s --to %s", backup, h->stores),
	    EXIT_REFUSED);
	assert_int_equal(
	    typed(h, "rccctl backup make %s --to %s", h->root, in_root(h, "other")),
	    EXIT_USAGE); /* no stores there */
	assert_int_equal(
	    typed(h, "rccctl backup make --to %s", in_root(h, "other")), EXIT_USAGE);
	assert_int_equal(typed(h, "rccctl backup make %s %s/foster --to %s", h->stores,
			     h->stores, in_root(h, "other")),
	    EXIT_USAGE); /* foster twice */
	assert_false(is_there(h, "other"));
	assert_false(is_there(h, "other.unfinished"));
}

/* Whoever serves a store has its folder locked; one that is being brought back too. */
static void
a_folder_in_use_is_left_alone(void **state)
{
	struct here *h = *state;
	const char *backup = in_root(h, "backup"), *folder = in_root(h, "new/foster");
	int fd;

	assert_int_equal(
	    typed(h, "rccctl backup make %s --to %s", h->stores, backup), EXIT_YES);
	assert_int_equal(mkdir(in_root(h, "new"), 0700), 0);
	assert_int_equal(mkdir(folder, 0700), 0);
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
	assert_int_equal(
	    typed(h, "rccctl restore --from %s --to %s", backup, in_root(h, "new")),
	    EXIT_REFUSED);
	assert_false(is_there(h, "new/members"));
	close(fd);
	/* What a restore that was cut short left is no hindrance. */
	assert_int_equal(mkdir(in_root(h, "new/foster/.restoring"), 0700), 0);
	folder_write(in_root(h, "new/foster/.restoring/data.mdb"), "half", 4);
	assert_int_equal(
	    typed(h, "rccctl restore --from %s --to %s", backup, in_root(h, "new")),
	    EXIT_YES);
	assert_same_chain(h, "new", "foster");
}

/* What stands under the name of a restore that was cut short may be a way elsewhere. */
static void
nothing_beyond_the_folder_is_removed(void **state)
{
	struct here *h = *state;
	const char *backup = in_root(h, "backup"), *mine = in_root(h, "mine");

	assert_int_equal(
	    typed(h, "rccctl backup make %s --to %s", h->stores, backup), EXIT_YES);
	assert_int_equal(mkdir(in_root(h, "new"), 0700), 0);
	assert_int_equal(mkdir(in_root(h, "new/foster"), 0700), 0);
	assert_int_equal(mkdir(mine, 0700), 0);
	folder_write(in_root(h, "mine/diary"), "mine", 4);
	assert_int_equal(symlink(mine, in_root(h, "new/foster/.restoring")), 0);
	assert_int_equal(
	    typed(h, "rccctl restore --from %s --to %s", backup, in_root(h, "new")),
	    EXIT_FAULT);
	assert_true(is_there(h, "mine/diary"));
	assert_false(is_there(h, "mine/data.mdb"));
	assert_false(is_there(h, "new/members"));
}

/* A byte of any file changed, a file cut short or gone: nothing comes of it. */
static void
refuse_damaged(struct here *h, const char *file)
{
	static uint8_t whole[1u << 20], bytes[1u << 20];
	const char *path = in_root(h, str_format(&h->toy.m.arena, "backup/%s", file));
	size_t len = folder_read(path, whole, sizeof whole);

	assert_in_range(len, 100, sizeof whole - 1);
	for (unsigned i = 0; i < 12; i++) {
		memcpy(bytes, whole, len);
		bytes[len * i / 12] ^= 1;
		folder_write(path, bytes, i < 10 ? len : len - i);
		assert_int_equal(typed(h, "rccctl restore --from %s --to %s",
				     in_root(h, "backup"), in_root(h, "new")),
		    EXIT_BROKEN);
		assert_false(is_there(h, "new"));
	}
	assert_int_equal(unlink(path), 0);
	assert_int_equal(typed(h, "rccctl restore --from %s --to %s",
			     in_root(h, "backup"), in_root(h, "new")),
	    EXIT_BROKEN);
	assert_false(is_there(h, "new"));
	folder_write(path, whole, len);
}

static void
a_damaged_backup_changes_nothing(void **state)
{
	struct here *h = *state;

	assert_int_equal(
	    typed(h, "rccctl backup make %s --to %s", h->stores, in_root(h, "backup")),
	    EXIT_YES);
	refuse_damaged(h, "foster/data.mdb");
	refuse_damaged(h, "manifest.json");
	assert_int_equal(typed(h, "rccctl restore --from %s --to %s",
			     in_root(h, "backup"), in_root(h, "new")),
	    EXIT_YES);
}

static void
a_damaged_open_form_changes_nothing(void **state)
{
	struct here *h = *state;

	assert_int_equal(
	    typed(h, "rccctl export %s --to %s", h->stores, in_root(h, "backup")),
	    EXIT_YES);
	refuse_damaged(h, "foster.jsonl");
}

/* A manifest that fits the files, but not what stands in them. */
static void
forge(struct here *h, void (*change)(Backup__Manifest *m))
{
	struct tool *t = &h->tool;
	Backup__Manifest *m = NULL;
	const char *folder = in_root(h, "backup");

	*t = (struct tool){.now_ms = clock_now_ms()};
	assert_int_equal(arena_open(&t->arena, 1u << 20), ERR_NONE);
	assert_int_equal(backup_read_manifest(t, folder, &m), EXIT_YES);
	change(m);
	assert_int_equal(unlink(in_root(h, "backup/manifest.json")), 0);
	assert_int_equal(backup_write_manifest(t, folder, m), EXIT_YES);
	arena_close(&t->arena);
	assert_int_equal(
	    typed(h, "rccctl restore --from %s --to %s", folder, in_root(h, "new")),
	    EXIT_BROKEN);
	assert_false(is_there(h, "new"));
}

static void
end_elsewhere(Backup__Manifest *m)
{
	m->parts[0]->head_number++;
}

static void
leave_the_folder(Backup__Manifest *m)
{
	static char outside[] = "../outside";

	m->parts[0]->head_number--;
	m->parts[0]->file = outside;
}

/* The file is what the manifest says, and one of its entries is not what was written.
 */
static void
change_an_entry(Backup__Manifest *m)
{
	static char text[TEXT_BYTES_MAX];
	const char *path = in_root(&here, "backup/foster.jsonl");
	struct copy copy = {.from = path};
	size_t len = folder_read(path, text, sizeof text - 1);
	char *at;

	text[len] = '\0';
	at = strstr(text, "\"bedrooms\":1");
	assert_non_null(at);
	at[strlen("\"bedrooms\":")] = '2';
	folder_write(path, text, len);
	assert_int_equal(copy_file(&copy), ERR_NONE);
	assert_string_equal(m->parts[0]->service, "foster");
	memcpy(m->parts[0]->file_hash.data, copy.hash, sizeof copy.hash);
}

static void
leave_one_out(Backup__Manifest *m)
{
	static char text[TEXT_BYTES_MAX];
	const char *path = in_root(&here, "backup/members.jsonl");
	struct copy copy = {.from = path};
	size_t len = folder_read(path, text, sizeof text - 1), first;

	text[len] = '\0';
	first = strcspn(text, "\n") + 1;
	folder_write(path, text + first, len - first);
	assert_int_equal(copy_file(&copy), ERR_NONE);
	assert_string_equal(m->parts[1]->service, "members");
	memcpy(m->parts[1]->file_hash.data, copy.hash, sizeof copy.hash);
	SET(m->parts[1], file_bytes, copy.bytes);
}

static void
an_open_form_is_believed_only_where_its_chain_holds(void **state)
{
	struct here *h = *state;

	assert_int_equal(
	    typed(h, "rccctl export %s --to %s", h->stores, in_root(h, "backup")),
	    EXIT_YES);
	forge(h, change_an_entry);
	folder_remove(in_root(h, "backup"));
	assert_int_equal(
	    typed(h, "rccctl export %s --to %s", h->stores, in_root(h, "backup")),
	    EXIT_YES);
	forge(h, leave_one_out);
}

static void
a_manifest_is_believed_only_where_the_journal_agrees(void **state)
{
	struct here *h = *state;

	assert_int_equal(
	    typed(h, "rccctl backup make %s --to %s", h->stores, in_root(h, "backup")),
	    EXIT_YES);
	forge(h, end_elsewhere);
	forge(h, leave_the_folder);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, clear)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(what_was_copied_comes_back),
	    TEST(word_of_a_copy_stands_beside_the_store),
	    TEST(copies_are_kept_from_others),
	    TEST(the_open_form_says_every_entry_to_the_byte),
	    TEST(every_service_has_an_open_form),
	    TEST(a_service_opens_what_came_back_from_the_open_form),
	    TEST(nothing_is_made_over_anything),
	    TEST(a_folder_in_use_is_left_alone),
	    TEST(nothing_beyond_the_folder_is_removed),
	    TEST(a_damaged_backup_changes_nothing),
	    TEST(a_damaged_open_form_changes_nothing),
	    TEST(an_open_form_is_believed_only_where_its_chain_holds),
	    TEST(a_manifest_is_believed_only_where_the_journal_agrees),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
