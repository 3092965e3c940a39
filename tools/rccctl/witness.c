#include "witness.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "base/str.h"

#include "backup.h"
#include "method.h"
#include "words.h"

struct hex {
	char text[2 * JOURNAL_HASH_BYTES + 1];
};

static struct hex
hex_of(const uint8_t hash[JOURNAL_HASH_BYTES])
{
	struct hex out = {{0}};

	bytes_to_hex((struct bytes){hash, JOURNAL_HASH_BYTES}, out.text);
	return out;
}

static bool
is_same_folder(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev &&
	       x.st_ino == y.st_ino;
}

enum exit_code
witness_ask_all(
    struct tool *t, const char *folder, const char *store, struct witnesses *out)
{
	for (size_t i = 0; i < contracts_n && out->n < WITNESSES_MAX; i++) {
		const char *service = contracts[i].service;
		const char *path = backup_path(t, folder, service);

		/* Nobody is a witness of their own. */
		if (str_equal(service, out->service) ||
		    !backup_is_file(backup_path(t, path, BACKUP_STORE)) ||
		    is_same_folder(path, store))
			continue;
		if (verify_witnessed(store, out->service, path,
			&out->list[out->n].report) != ERR_NONE) {
			complain("no process could be started to read %s in", path);
			return EXIT_FAULT;
		}
		out->list[out->n++].service = service;
	}
	return EXIT_YES;
}

bool
witness_contradicts(const struct witnesses *w)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->list[i].report.said == VERIFY_SAID_OTHERWISE)
			return true;
	return false;
}

static const char *
said_word(enum verify_said said)
{
	switch (said) {
	case VERIFY_SAID_UNREADABLE: return "unreadable";
	case VERIFY_SAID_NOTHING: return "nothing";
	case VERIFY_SAID_THE_SAME: return "the_same";
	case VERIFY_SAID_RESTORED: return "restored";
	case VERIFY_SAID_OTHERWISE: return "otherwise";
	}
	return "?";
}

static void
print_otherwise(
    struct tool *t, const char *witness, const char *of, const struct verify_witness *r)
{
	const char *number = words_number(&t->arena, r->number);

	(void)printf(
	    "%s contradicts it: it had followed %s to entry %s, with the hash\n"
	    "  %s\n",
	    witness, of, number, hex_of(r->witnessed_hash).text);
	if (r->is_missing)
		(void)printf("and this journal ends before that entry.\n");
	else
		(void)printf("and here that entry has the hash\n  %s\n"
			     "This journal was rewritten, at entry %s or before.\n",
		    hex_of(r->found_hash).text, number);
}

static void
print_one(
    struct tool *t, const char *witness, const char *of, const struct verify_witness *r)
{
	struct arena *a = &t->arena;

	switch (r->said) {
	case VERIFY_SAID_UNREADABLE:
		(void)printf("%s cannot be asked: its own journal does not hold: %s.\n",
		    witness, words_safe(a, r->what));
		break;
	case VERIFY_SAID_NOTHING: break;
	case VERIFY_SAID_THE_SAME:
		(void)printf("%s had followed the same, last seen at entry %s.\n",
		    witness, words_number(a, r->last_number));
		break;
	case VERIFY_SAID_RESTORED:
		(void)printf("%s had followed it to entry %s before it was restored; "
			     "lost with that, from entry %s on.\n",
		    witness, words_number(a, r->lost_to),
		    words_number(a, r->lost_from));
		break;
	case VERIFY_SAID_OTHERWISE: print_otherwise(t, witness, of, r); break;
	}
}

void
witness_print(struct tool *t, const struct witnesses *w)
{
	uint64_t times = 0;

	for (size_t i = 0; i < w->n; i++) {
		times += w->list[i].report.times;
		print_one(t, w->list[i].service, w->service, &w->list[i].report);
	}
	if (w->n > 0 && times == 0)
		(void)printf(
		    "None of the journals beside it has witnessed %s.\n", w->service);
}

void
witness_print_json(struct tool *t, const struct witnesses *w)
{
	for (size_t i = 0; i < w->n; i++) {
		const struct verify_witness *r = &w->list[i].report;

		(void)printf(
		    "%s{\"service\": \"%s\", \"said\": \"%s\", \"times\": %" PRIu64
		    ", \"last_number\": %" PRIu64,
		    i > 0 ? ", " : "", w->list[i].service, said_word(r->said), r->times,
		    r->last_number);
		if (r->lost_from > 0)
			(void)printf(", \"lost_from\": %" PRIu64
				     ", \"lost_to\": %" PRIu64,
			    r->lost_from, r->lost_to);
		if (r->said == VERIFY_SAID_OTHERWISE)
			(void)printf(
			    ", \"number\": %" PRIu64
			    ", \"witnessed_hash\": \"%s\", \"found_hash\": \"%s\"",
			    r->number, hex_of(r->witnessed_hash).text,
			    r->is_missing ? "" : hex_of(r->found_hash).text);
		if (r->what[0])
			(void)printf(
			    ", \"what\": \"%s\"", words_json(&t->arena, r->what));
		(void)printf("}");
	}
}
