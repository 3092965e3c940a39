#include "args.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/id.h"
#include "base/str.h"

#define WAIT_SECONDS_MAX 3600
#define NAME_MAX_LEN 40

const struct flag args_global[] = {
    {"--peers", "FILE", "the services' keys and endpoints (or RCC_PEERS)", NULL, NULL},
    {"--key", "FILE", "your key pair (or RCC_KEY)", NULL, NULL},
    {"--organisation", "ID",
	"whom you act for, where you may act for several (or RCC_ORGANISATION)", NULL,
	NULL},
    {"--wait", "SECONDS", "how long to keep trying; 30 unless told", NULL, NULL},
    {"--json", NULL, "the answer as JSON, for programs", NULL, NULL},
    {"--field", "PATH",
	"only what stands there in the answer: request_id, candidates[].vacancy_id",
	NULL, NULL},
    {"--id", "ID", "the id of this command; sent again it hears the first answer", NULL,
	NULL},
    {"--yes", NULL, "do not ask before what cannot be undone", NULL, NULL},
    {"--help", NULL, "what the verb does, with an example", NULL, NULL},
};
const size_t args_global_n = sizeof(args_global) / sizeof(args_global[0]);

static const struct flag *
find(const struct flag *flags, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++) {
		if (str_equal(flags[i].name, name))
			return &flags[i];
	}
	return NULL;
}

/* A verb of one or two words; `first` alone may be the beginning of several. */
static const struct verb *
find_verb(
    const struct verb *const *verbs, size_t n, const char *first, const char *second)
{
	char name[NAME_MAX_LEN + 1] = "";
	size_t len = strlen(first) + (second ? 1 + strlen(second) : 0);

	if (len > NAME_MAX_LEN)
		return NULL;
	(void)stpcpy(name, first);
	if (second)
		(void)stpcpy(stpcpy(name + strlen(first), " "), second);
	for (size_t i = 0; i < n; i++) {
		if (str_equal(verbs[i]->name, name))
			return verbs[i];
	}
	return NULL;
}

static enum exit_code
read_option(struct tool *t, char ***argv, bool *help)
{
	const char *text = **argv;
	const char *equals = strchr(text, '=');
	size_t len = equals ? (size_t)(equals - text) : strlen(text);
	char name[NAME_MAX_LEN + 1] = "";
	const struct flag *flag;
	const char *value = NULL;

	if (len <= NAME_MAX_LEN)
		(void)snprintf(name, sizeof(name), "%.*s", (int)len, text);
	if (str_equal(name, "-h"))
		(void)stpcpy(name, "--help");
	flag = find(args_global, args_global_n, name);
	if (!flag && t->verb)
		flag = find(t->verb->flags, t->verb->flags_n, name);
	if (!flag)
		return complain_usage(t, "there is no option %.*s%s", (int)len, text,
		    t->verb ? " here" : " before the verb");
	if (!flag->value && equals)
		return complain_usage(t, "%s stands alone", name);
	if (flag->value) {
		value = equals ? equals + 1 : (*argv)[1];
		if (!value || (!equals && str_starts(value, "--")))
			return complain_usage(
			    t, "%s needs %s behind it", name, flag->value);
		if (!equals)
			(*argv)++;
	}
	if (str_equal(name, "--help"))
		*help = true;
	if (t->args.n == ARGS_MAX)
		return complain_usage(t, "more than %d options", ARGS_MAX);
	t->args.list[t->args.n++] = (struct arg){flag, value};
	return EXIT_YES;
}

const char *
args_value(const struct tool *t, const char *name)
{
	for (size_t i = 0; i < t->args.n; i++) {
		if (str_equal(t->args.list[i].flag->name, name))
			return t->args.list[i].value ? t->args.list[i].value : "";
	}
	return NULL;
}

const char *
args_store(const struct tool *t)
{
	const char *named = args_value(t, "--store");

	if (t->args.words_n == 0)
		return named;
	return named ? NULL : t->args.words[0];
}

enum exit_code
args_number(
    const struct tool *t, const char *name, int64_t min, int64_t max, int64_t *out)
{
	const char *text = args_value(t, name);

	if (!text || str_to_i64(text, min, max, out))
		return EXIT_YES;
	return complain_usage(t, "%s is a whole number from %lld to %lld", name,
	    (long long)min, (long long)max);
}

/* Twice the same option is a slip, unless it is one that is made to be repeated. */
static enum exit_code
check_once(const struct tool *t)
{
	for (size_t i = 0; i < t->args.n; i++) {
		const struct flag *flag = t->args.list[i].flag;
		for (size_t j = i + 1; j < t->args.n; j++) {
			if (t->args.list[j].flag == flag && flag->value &&
			    !str_ends(flag->value, "..."))
				return complain_usage(
				    t, "%s is there twice", flag->name);
		}
	}
	return EXIT_YES;
}

static enum exit_code
take_globals(struct tool *t)
{
	int64_t seconds = WAIT_DEFAULT_MS / 1000;
	enum exit_code code = check_once(t);

	if (code == EXIT_YES)
		code = args_number(t, "--wait", 0, WAIT_SECONDS_MAX, &seconds);
	if (code != EXIT_YES)
		return code;
	t->wait_ms = seconds * 1000;
	t->is_wait_given = args_value(t, "--wait");
	t->is_json = args_value(t, "--json");
	t->is_yes = args_value(t, "--yes");
	t->field = args_value(t, "--field");
	t->message_id = args_value(t, "--id");
	t->organisation_id = args_value(t, "--organisation");
	if (!t->organisation_id)
		t->organisation_id = getenv("RCC_ORGANISATION");
	if (t->message_id && !id_is_well_formed(t->message_id))
		return complain_usage(
		    t, "--id is not an id (make one with: rccctl id new)");
	if (t->is_json && t->field)
		return complain_usage(
		    t, "--json and --field are two ways of printing: give one");
	return EXIT_YES;
}

static enum exit_code
count_words(const struct tool *t)
{
	const struct verb *v = t->verb;

	if (t->args.words_n < v->words_min)
		return complain_usage(t, "%s needs %s behind it", v->name, v->takes);
	if (t->args.words_n > v->words_max)
		return complain_usage(
		    t, "there is one word too many: %s", t->args.words[v->words_max]);
	return EXIT_YES;
}

static bool
is_group(const struct verb *const *verbs, size_t n, const char *word)
{
	for (size_t i = 0; i < n; i++) {
		size_t len = strlen(word);
		if (str_starts(verbs[i]->name, word) && verbs[i]->name[len] == ' ')
			return true;
	}
	return false;
}

enum exit_code
args_read(struct tool *t, const struct verb *const *verbs, size_t verbs_n, char **argv,
    bool *help)
{
	const char *group = NULL;
	bool only_words = false;

	for (argv++; *argv; argv++) {
		enum exit_code code = EXIT_YES;
		if (!only_words && str_equal(*argv, "--")) {
			only_words = true;
		} else if (!only_words && (*argv)[0] == '-' && (*argv)[1] != '\0') {
			code = read_option(t, &argv, help);
		} else if (t->verb && t->args.words_n < ARGS_MAX) {
			t->args.words[t->args.words_n++] = *argv;
		} else if (t->verb) {
			code = complain_usage(t, "more than %d words", ARGS_MAX);
		} else if (group) {
			t->verb = find_verb(verbs, verbs_n, group, *argv);
			if (!t->verb)
				code = complain_usage(
				    t, "there is no %s %s", group, *argv);
		} else {
			t->verb = find_verb(verbs, verbs_n, *argv, NULL);
			group = *argv;
			if (!t->verb && !is_group(verbs, verbs_n, group))
				code = complain_usage(t, "there is no verb %s", group);
		}
		if (code != EXIT_YES)
			return code;
	}
	if (*help && !t->verb && group)
		t->args.words[t->args.words_n++] = group;
	if (*help)
		return EXIT_YES;
	if (!t->verb && group)
		return complain_usage(t, "%s what? A word is missing", group);
	if (!t->verb) {
		*help = true;
		return EXIT_USAGE;
	}
	enum exit_code code = take_globals(t);
	return code == EXIT_YES ? count_words(t) : code;
}
