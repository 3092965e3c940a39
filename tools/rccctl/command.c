#include "command.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/field.h"
#include "base/json.h"
#include "base/message.h"
#include "base/str.h"

#include "client.h"
#include "method.h"
#include "path.h"
#include "resolve.h"
#include "words.h"

#include "common.pb-c.h"

/* Puts one text where it belongs, or says why it does not. `shown` is what the
 * person typed it behind. */
static enum exit_code
put(struct tool *t, ProtobufCMessage *m, const char *path, const char *shown,
    const char *text)
{
	const ProtobufCFieldDescriptor *f =
	    protobuf_c_message_descriptor_get_field_by_name(m->descriptor, path);
	struct check_problem why;

	if (f && f->label != PROTOBUF_C_LABEL_REPEATED && field_count(m, f) > 0)
		return complain_usage(t, "%s says again what was said already", shown);
	if (path_set(&t->arena, m, path, text, t->today, &why))
		return EXIT_YES;
	if (!*why.reason)
		return complain_memory();
	return complain_usage(t, "%s: %s", shown, why.reason);
}

static bool
is_list(const ProtobufCMessageDescriptor *type, const char *field)
{
	const ProtobufCFieldDescriptor *f =
	    protobuf_c_message_descriptor_get_field_by_name(type, field);

	return f && f->label == PROTOBUF_C_LABEL_REPEATED;
}

static enum exit_code
put_words(struct tool *t, ProtobufCMessage *m)
{
	const char *const *field = t->verb->fields;

	for (size_t i = 0; field && *field && i < t->args.words_n; i++) {
		enum exit_code code = put(t, m, *field, *field, t->args.words[i]);
		if (code != EXIT_YES)
			return code;
		if (!is_list(m->descriptor, *field))
			field++;
	}
	return EXIT_YES;
}

/* What an option says; a list may be said at once, with commas. */
static enum exit_code
put_flag(struct tool *t, ProtobufCMessage *m, const struct arg *arg)
{
	const struct flag *flag = arg->flag;
	char *rest = str_copy(&t->arena, flag->value ? arg->value : flag->fixed);
	enum exit_code code = EXIT_YES;

	if (!rest)
		return complain_memory();
	while (code == EXIT_YES && rest) {
		char *comma =
		    is_list(m->descriptor, flag->field) ? strchr(rest, ',') : NULL;
		if (comma)
			*comma = '\0';
		code = put(t, m, flag->field, flag->name, rest);
		rest = comma ? comma + 1 : NULL;
	}
	return code;
}

enum exit_code
command_build(struct tool *t, ProtobufCMessage **out)
{
	struct method m = {0};
	ProtobufCMessage *message;
	enum exit_code code;

	bool is_known = method_find(t->verb->call, &m);
	assert(is_known);
	(void)is_known;
	message = message_new(&t->arena, m.input);
	if (!message)
		return complain_memory();
	code = put_words(t, message);
	for (size_t i = 0; code == EXIT_YES && i < t->args.n; i++)
		if (t->args.list[i].flag->field)
			code = put_flag(t, message, &t->args.list[i]);
	*out = message;
	return code;
}

enum exit_code
command_read(struct tool *t, const char *call, const char *json, ProtobufCMessage **out)
{
	struct check_problem why = {0};
	struct method m = {0};
	enum err e;

	bool is_known = method_find(call, &m);
	assert(is_known);
	(void)is_known;
	e = json_to_message(&t->arena, m.input, json, out, &why);
	if (e == ERR_NONE)
		return EXIT_YES;
	return e == ERR_MALFORMED ? complain_field(&why) : complain_memory();
}

enum exit_code
command_check(struct tool *t, const ProtobufCMessage *message)
{
	struct check_problem why = {0};
	struct bytes packed;

	if (message_pack(&t->arena, message, &packed) != ERR_NONE)
		return complain_memory();
	return check_message(message, packed, &why) ? EXIT_YES : complain_field(&why);
}

enum exit_code
command_confirm(struct tool *t, const char *subject)
{
	char line[16] = "";

	if (!t->verb->destroys || t->is_yes || !isatty(STDIN_FILENO) ||
	    !isatty(STDERR_FILENO))
		return EXIT_YES;
	(void)fprintf(
	    stderr, "%s %s? This cannot be undone. [y/N] ", t->verb->destroys, subject);
	if (fgets(line, sizeof(line), stdin) &&
	    (str_starts(line, "y") || str_starts(line, "Y")))
		return EXIT_YES;
	complain("left as it is");
	return EXIT_USAGE;
}

enum exit_code
command_send(struct tool *t, const ProtobufCMessage *message, void **answer)
{
	struct ask ask = {.method = t->verb->call, .body = message, .is_command = true};

	return client_ask(t, &ask, answer);
}

/* ---- answers ---- */

static enum exit_code
show_json(struct tool *t, const ProtobufCMessage *answer)
{
	const char *json;

	if (!answer) {
		(void)puts("{}");
		return EXIT_YES;
	}
	if (json_from_message(&t->arena, answer, 2, &json) != ERR_NONE)
		return complain_memory();
	(void)puts(json);
	return EXIT_YES;
}

static enum exit_code
show_field(struct tool *t, const ProtobufCMessage *answer)
{
	struct path_texts texts = {0};

	if (!answer || !path_texts(&t->arena, answer, t->field, &texts))
		return complain_usage(t,
		    "--field: the answer%s%s has nothing called %s",
		    answer ? ", a " : "", answer ? answer->descriptor->name : "",
		    t->field);
	for (size_t i = 0; i < texts.n; i++)
		(void)puts(texts.list[i]);
	return EXIT_YES;
}

bool
command_is_shown(struct tool *t, const ProtobufCMessage *answer, enum exit_code *code)
{
	*code = EXIT_YES;
	if (t->is_json)
		*code = show_json(t, answer);
	else if (t->field)
		*code = show_field(t, answer);
	else
		return false;
	return true;
}

/* Is this the id that the command was given? Then it is no news. */
static bool
was_typed(const struct tool *t, const char *id)
{
	for (size_t i = 0; i < t->args.words_n; i++) {
		if (str_ends(id, t->args.words[i]))
			return true;
	}
	return false;
}

static void
say_done(struct tool *t, const ProtobufCMessage *answer)
{
	assert(t->verb->done != NULL);
	(void)printf("%s\n", t->verb->done);
	if (!answer || answer->descriptor != &common__done__descriptor)
		return;
	const Common__Done *done = (const void *)answer;
	if (done->id && !was_typed(t, done->id))
		(void)printf("Its id: %s\n", words_safe(&t->arena, done->id));
	if (done->has_number)
		(void)printf("Recorded as entry %s of the journal.\n",
		    words_number(&t->arena, done->number));
}

enum exit_code
command_show(struct tool *t, const ProtobufCMessage *answer)
{
	enum exit_code code;

	if (command_is_shown(t, answer, &code))
		return code;
	if (t->verb->print && answer)
		t->verb->print(t, answer);
	else
		say_done(t, answer);
	return EXIT_YES;
}

enum exit_code
command_run(struct tool *t)
{
	ProtobufCMessage *message = NULL;
	void *answer = NULL;
	enum exit_code code = command_build(t, &message);

	if (code == EXIT_YES)
		code = resolve_ids(t, message);
	if (code == EXIT_YES)
		code = command_check(t, message);
	if (code == EXIT_YES)
		code =
		    command_confirm(t, t->args.words_n > 0 ? t->args.words[0] : "it");
	if (code == EXIT_YES)
		code = command_send(t, message, &answer);
	return code == EXIT_YES ? command_show(t, answer) : code;
}
