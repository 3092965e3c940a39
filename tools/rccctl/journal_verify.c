#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/json.h"
#include "base/message.h"
#include "base/str.h"
#include "base/verify.h"

#include "args.h"
#include "method.h"
#include "remake.h"
#include "verbs.h"
#include "witness.h"
#include "words.h"

#define NUMBER_DIGITS_MAX 19

static const struct flag flags[] = {
    {"--store", "DIR", "the service's store, or a copy of it; or just DIR", NULL, NULL},
    {"--head", "N:HASH",
	"an entry as somebody else wrote it down (number, and its hash in "
	"hexadecimal): the "
	"journal must have that very entry",
	NULL, NULL},
    {"--tables", NULL,
	"have the service make its tables anew from the journal, and compare", NULL,
	NULL},
    {"--witnesses", "DIR",
	"the services' stores, whose journals are asked what they saw of this one; "
	"the folder it is in where not said",
	NULL, NULL},
    {"--service", "NAME", "whose it is, where the folder has another name", NULL, NULL},
    {"--bin", "DIR", "where the services' programs are, if not beside this one", NULL,
	NULL},
};

static enum exit_code
read_head(struct tool *t, struct verify_head *out, const struct verify_head **expected)
{
	const char *text = args_value(t, "--head");
	const char *colon = text ? strchr(text, ':') : NULL;
	char digits[NUMBER_DIGITS_MAX + 1];
	int64_t number = 0;

	*expected = NULL;
	if (!text)
		return EXIT_YES;
	if (!colon || (size_t)(colon - text) >= sizeof(digits))
		return complain_usage(t, "--head is a number, a colon and a hash");
	(void)snprintf(digits, sizeof(digits), "%.*s", (int)(colon - text), text);
	if (!str_to_i64(digits, 1, INT64_MAX, &number) ||
	    !bytes_from_hex(colon + 1, out->hash, sizeof(out->hash)))
		return complain_usage(
		    t, "--head is a number, a colon and 64 hexadecimal digits");
	out->number = (uint64_t)number;
	*expected = out;
	return EXIT_YES;
}

static const char *
verdict_word(enum verify_verdict v)
{
	switch (v) {
	case VERIFY_UNREADABLE: return "unreadable";
	case VERIFY_HOLDS: return "holds";
	case VERIFY_BAD_ENTRY: return "bad_entry";
	case VERIFY_OTHER_HEAD: return "other_head";
	}
	return "?";
}

static void
print_json(struct tool *t, const struct verify_report *r, const char *hash,
    const struct witnesses *witnesses, const Journal__TablesVerified *tables)
{
	const char *json = NULL;

	(void)printf("{\"verdict\": \"%s\", \"entries\": %" PRIu64
		     ", \"head_number\": %" PRIu64 ", \"head_hash\": \"%s\"",
	    verdict_word(r->verdict), r->entries, r->head_number, hash);
	if (r->verdict == VERIFY_BAD_ENTRY)
		(void)printf(", \"bad_number\": %" PRIu64, r->bad_number);
	if (r->what[0])
		(void)printf(", \"what\": \"%s\"", words_json(&t->arena, r->what));
	(void)printf(", \"witnesses\": [");
	witness_print_json(t, witnesses);
	(void)printf("]");
	if (tables && json_from_message(&t->arena, &tables->base, 0, &json) == ERR_NONE)
		(void)printf(", \"tables\": %s", json);
	(void)puts("}");
}

/* An id or a code as people know it, anything else in hexadecimal. */
static const char *
say_key(struct tool *t, struct bytes key)
{
	char *text = arena_take(&t->arena, 2 * key.len + 1);
	bool is_text = key.len > 0;

	if (!text)
		return "?";
	for (size_t i = 0; i < key.len; i++)
		is_text = is_text && key.data[i] > ' ' && key.data[i] <= '~';
	if (!is_text)
		bytes_to_hex(key, text);
	else
		memcpy(text, key.data, key.len);
	return text;
}

static void
print_tables(struct tool *t, const Journal__TablesVerified *v)
{
	if (v->same)
		(void)printf("Its tables are what it makes: %s rows.\n",
		    words_number(&t->arena, v->rows));
	else if (v->table)
		(void)printf("Its tables are not what it makes: in %s, at the key %s, "
			     "%s.\n",
		    words_safe(&t->arena, v->table), say_key(t, BYTES_OF(v->key)),
		    words_safe(&t->arena, v->what));
	else
		(void)printf("Its tables cannot be compared: %s.\n",
		    words_safe(&t->arena, v->what));
}

static void
print_journal(struct tool *t, const struct verify_report *r, const char *hash)
{
	struct arena *a = &t->arena;
	const char *entries = words_number(a, r->entries);

	/* The clause may come as a sentence of its own: one full stop is enough. */
	const char *what = words_safe(a, r->what);
	const char *stop = str_ends(what, ".") ? "" : ".";

	switch (r->verdict) {
	case VERIFY_HOLDS:
		(void)printf("The journal holds: %s entries, each as it was written.\n",
		    entries);
		break;
	case VERIFY_UNREADABLE:
		(void)printf("The journal is unreadable: %s%s\n", what, stop);
		return;
	case VERIFY_BAD_ENTRY:
		(void)printf(
		    "Entry %s is not as it was written: %s%s The %s before it hold.\n",
		    words_number(a, r->bad_number), what, stop, entries);
		return;
	case VERIFY_OTHER_HEAD:
		(void)printf(
		    "The %s entries hold together, but this is not the chain expected: "
		    "%s%s\n",
		    entries, what, stop);
		break;
	}
	if (r->entries > 0)
		(void)printf(
		    "Its head, for --head: %" PRIu64 ":%s\n", r->head_number, hash);
}

static void
print_people(struct tool *t, const struct verify_report *r, const char *hash,
    const struct witnesses *witnesses, const Journal__TablesVerified *tables)
{
	print_journal(t, r, hash);
	witness_print(t, witnesses);
	if (tables)
		print_tables(t, tables);
}

/* Whose store is it? The folder's name says, unless --service does; NULL: nobody's. */
static const char *
service_of(struct tool *t, const char *store)
{
	const char *service = args_value(t, "--service");
	char real[PATH_MAX];

	if (!service && realpath(store, real))
		service = strrchr(real, '/') + 1;
	return service && contract_of(service) ? contract_of(service)->service : NULL;
}

/* What others say of it, where it is known whose it is; asked for, that must be. */
static enum exit_code
ask_witnesses(struct tool *t, const char *store, struct witnesses *out)
{
	const char *folder = args_value(t, "--witnesses");
	char real[PATH_MAX];

	if (!out->service)
		return EXIT_YES;
	if (!folder && realpath(store, real)) {
		*strrchr(real, '/') = '\0';
		folder = real;
	}
	return folder ? witness_ask_all(t, folder, store, out) : EXIT_YES;
}

static enum exit_code
run(struct tool *t)
{
	const char *store = args_store(t);
	const Journal__TablesVerified *tables = NULL;
	char hash[2 * JOURNAL_HASH_BYTES + 1];
	const struct verify_head *expected;
	struct verify_head head;
	struct verify_report report = {0};
	struct witnesses witnesses = {0};
	enum exit_code code;

	if (!store)
		return complain_usage(t, "say which store: --store DIR");
	witnesses.service = service_of(t, store);
	if (!witnesses.service &&
	    (args_value(t, "--tables") || args_value(t, "--witnesses")))
		return complain_usage(t,
		    "the folder's name is no service's: say with --service whose "
		    "store this is");
	code = read_head(t, &head, &expected);
	if (code != EXIT_YES)
		return code;
	(void)fflush(stdout); /* nothing is left in it for the child to write again */
	if (verify_store(store, expected, &report) != ERR_NONE) {
		complain("no process could be started to read the journal in");
		return EXIT_FAULT;
	}
	bytes_to_hex((struct bytes){report.head_hash, sizeof(report.head_hash)}, hash);
	if (report.verdict == VERIFY_HOLDS)
		code = ask_witnesses(t, store, &witnesses);
	if (code == EXIT_YES && report.verdict == VERIFY_HOLDS &&
	    args_value(t, "--tables"))
		code = remake_tables(t, store, witnesses.service, &tables);
	if (t->is_json)
		print_json(t, &report, hash, &witnesses, tables);
	else
		print_people(t, &report, hash, &witnesses, tables);
	if (code != EXIT_YES)
		return code;
	return report.verdict == VERIFY_HOLDS && !witness_contradicts(&witnesses) &&
	               (!tables || tables->same)
	           ? EXIT_YES
	           : EXIT_BROKEN;
}

const struct verb verb_journal_verify = {
    .name = "journal verify",
    .takes = "[DIR]",
    .summary = "is a journal what was written? Names the first entry that is not",
    .text =
	"Reads every entry of the store in a process of its own, so that damage "
	"can do no harm. Better on a copy. Leaves with 4 where the journal is "
	"unreadable, an entry does not hold, or it is not the chain that --head "
	"expects, or that another service's journal says it had followed (a "
	"restored one is told as such). With --tables two scratch copies are made (in "
	"TMPDIR, or "
	"/var/tmp), the service's own program makes the tables of one anew, and the "
	"first row that differs is named; --wait says how long that may take.",
    .example = "rccctl journal verify --store /var/lib/rcc/foster",
    FLAGS(flags),
    .words_max = 1,
    .run = run,
};
