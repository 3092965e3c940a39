#include "help.h"

#include <string.h>

#include "base/str.h"

#include "args.h"
#include "words.h"

#define INDENT 2
#define FLAG_WIDTH 24
#define NAME_WIDTH 20

static void
print_flags(FILE *out, const struct flag *flags, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *value = flags[i].value ? flags[i].value : "";
		int width = fprintf(out, "  %s %s", flags[i].name, value);
		if (width < 0)
			return;
		if (width > FLAG_WIDTH) {
			(void)fputc('\n', out);
			width = 0;
		}
		(void)fprintf(out, "%*s", FLAG_WIDTH + INDENT - width, "");
		words_wrap(
		    out, flags[i].help, FLAG_WIDTH + INDENT, FLAG_WIDTH + INDENT);
	}
}

/* Text of several paragraphs, one a line. */
static void
print_text(FILE *out, const char *text)
{
	while (*text) {
		char line[512];
		size_t len = strcspn(text, "\n");
		(void)snprintf(line, sizeof(line), "%.*s", (int)len, text);
		words_wrap(out, line, 0, 0);
		text += len;
		text += *text == '\n';
	}
}

static void
print_exits(FILE *out)
{
	(void)fputs(
	    "Leaves with\n"
	    "  0  yes\n"
	    "  1  trouble: a service was unreachable, late or denied it\n"
	    "  2  a wrong command line, or a file or value that is not as it should "
	    "be\n"
	    "  3  a rule refused; the reason and the clause behind it are said\n"
	    "  4  a journal, or a backup, is not as it should be\n",
	    out);
}

void
help_verb(FILE *out, const struct verb *v)
{
	(void)fprintf(out, "rccctl %s%s%s%s\n", v->name, v->takes ? " " : "",
	    v->takes ? v->takes : "", v->flags_n > 0 ? " [options]" : "");
	(void)fprintf(out, "  %s\n", v->summary);
	if (v->text) {
		(void)fputc('\n', out);
		print_text(out, v->text);
	}
	(void)fprintf(out, "\nExample\n  %s\n", v->example);
	if (v->flags_n > 0) {
		(void)fputs("\nOptions\n", out);
		print_flags(out, v->flags, v->flags_n);
	}
	(void)fputs("\nOptions of every verb, before or after it\n", out);
	print_flags(out, args_global, args_global_n);
	(void)fputc('\n', out);
	print_exits(out);
}

static void
print_row(FILE *out, const struct verb *v)
{
	(void)fprintf(out, "  %-*s", NAME_WIDTH, v->name);
	words_wrap(out, v->summary, NAME_WIDTH + INDENT, NAME_WIDTH + INDENT);
}

static void
print_all(FILE *out, const struct verb *const *verbs, size_t n)
{
	(void)fputs(
	    "rccctl VERB [options]: the co-operative from the command line\n\n", out);
	for (size_t i = 0; i < n; i++)
		print_row(out, verbs[i]);
	(void)fputs("\nOptions of every verb, before or after it\n", out);
	print_flags(out, args_global, args_global_n);
	(void)fputc('\n', out);
	print_exits(out);
	(void)fputs(
	    "\nAn id may be shortened to its last 6 characters or more, where a list "
	    "exists to\nfind it in. More about one verb: rccctl help request "
	    "submit\nWhich version this is: rccctl --version\n" NOTICE "\n",
	    out);
}

enum exit_code
help_about(
    const struct verb *const *verbs, size_t n, const char *const *words, size_t words_n)
{
	char name[64] = "";
	bool is_found = false;

	if (words_n == 0) {
		print_all(stdout, verbs, n);
		return EXIT_YES;
	}
	(void)snprintf(name, sizeof(name), "%s%s%s", words[0], words_n > 1 ? " " : "",
	    words_n > 1 ? words[1] : "");
	for (size_t i = 0; i < n; i++) {
		if (str_equal(verbs[i]->name, name)) {
			help_verb(stdout, verbs[i]);
			return EXIT_YES;
		}
	}
	for (size_t i = 0; i < n; i++) {
		size_t len = strlen(name);
		if (!str_starts(verbs[i]->name, name) || verbs[i]->name[len] != ' ')
			continue;
		print_row(stdout, verbs[i]);
		is_found = true;
	}
	if (is_found)
		return EXIT_YES;
	complain("there is no verb %s; all of them: rccctl help", name);
	return EXIT_USAGE;
}
